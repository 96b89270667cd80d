"""The document compiles with nothing but a basic LaTeX, and nothing runs into the margin."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

import derive
from derive.cli import main
from derive.latex.lines import breakable, opened
from derive.render.derivations import view_of
from derive.render.tex import aligned, document, tex_text
from derive.render.view import DerivationView, Formula, Justification, StepView
from tests.render.sample import INDUCTION, POSTERIOR, SAMPLE

needs_tex = pytest.mark.skipif(shutil.which("pdflatex") is None, reason="no pdflatex on this machine")


def compiled(source: str, folder: Path) -> str:
    """The log of compiling the source; fails where pdflatex does."""
    (folder / "derivation.tex").write_text(source, encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "derivation.tex"]
    run = subprocess.run(command, cwd=folder, capture_output=True, timeout=60, stdin=subprocess.DEVNULL)
    log = run.stdout.decode("utf-8", "replace")
    assert run.returncode == 0, log[-3000:]
    assert (folder / "derivation.pdf").stat().st_size > 1000
    return log


def overfull(log: str) -> list[float]:
    """By how many points boxes are too wide."""
    return [float(points) for points in re.findall(r"Overfull \\hbox \(([\d.]+)pt", log)]


@needs_tex
@pytest.mark.parametrize("detail", ["brief", "normal", "full"])
def test_a_derivation_compiles_and_keeps_to_its_margins(tmp_path: Path, detail) -> None:
    assert all(points <= 5 for points in overfull(compiled(document(SAMPLE, detail), tmp_path)))


@needs_tex
def test_an_induction_and_a_missed_goal_compile(tmp_path: Path) -> None:
    compiled(document(INDUCTION), tmp_path)


@needs_tex
def test_a_long_formula_is_broken_inside_its_brackets(tmp_path: Path) -> None:
    terms = " + ".join(rf"\frac{{a_{{{n}}} (1 - \bar\alpha_{{{n}}})}}{{b_{{{n}}}}} x_{{{n}}}" for n in range(20))
    long = Formula("", rf"\mathcal{{N}}\left(x; {terms}, \beta_t I\right)")
    view = DerivationView(
        "long", "Long & <odd> title_with #signs", Formula("x", "x"),
        (StepView("≤", long, "rule_with_underscores", Justification.RULE),), Formula("", "x \\le " + long.latex),
    )
    assert all(points <= 5 for points in overfull(compiled(document(view), tmp_path)))


@needs_tex
def test_prose_in_any_script_compiles(tmp_path: Path) -> None:
    text = "ᾱ_t − β̃ ≥ ½, 后验 é ł \\input{x} ~^%$ \"q\" <a|b> 🙂 `code_x` **b** *e* $`x_t`$ and $y_t$ cost 5$"
    source = document(SAMPLE).replace(tex_text("*Bayes* turns it round."), tex_text(text))
    compiled(source, tmp_path)


@needs_tex
@pytest.mark.parametrize("name", ["ddpm.loss", "ddpm.noise", "gaussian.kl-general", "ddpm.marginal"])
def test_the_library_keeps_to_its_margins(tmp_path: Path, name: str) -> None:
    """The longest lines there are: sums of expectations, fractions wider than a page."""
    log = compiled(document(view_of(derive.load(name), whole=False)), tmp_path)
    assert all(points <= 5 for points in overfull(log)), overfull(log)


@needs_tex
def test_a_fragment_is_read_by_a_document_of_ones_own(tmp_path: Path) -> None:
    assert main(["export", "foundations.bayes", "--to", "tex", "--fragment", "-o", str(tmp_path / "bayes.tex")]) == 0
    assert main(["export", "--to", "sty", "-o", str(tmp_path / "derive.sty")]) == 0
    text = (tmp_path / "bayes.tex").read_text(encoding="utf-8")
    assert r"\documentclass" not in text and r"\usepackage{derive}" in text.splitlines()[0]
    source = r"\documentclass{article}\usepackage{derive}\begin{document}Before.\input{bayes}After.\end{document}"
    compiled(source, tmp_path)


@needs_tex
def test_authors_annotate_lines_of_their_own(tmp_path: Path) -> None:
    assert main(["export", "--to", "sty", "-o", str(tmp_path / "derive.sty")]) == 0
    lines = r"\begin{align*} a &= b \by{bayes} \\ &= c \by{algebra} \end{align*} \[ c = d \by{law} \] So \by{this}."
    compiled(rf"\documentclass{{article}}\usepackage{{derive}}\begin{{document}}{lines}\end{{document}}", tmp_path)


def test_only_latex_has_fragments(capsys) -> None:
    assert main(["export", "foundations.bayes", "--to", "md", "--fragment"]) == 2
    assert "--to tex" in capsys.readouterr().err


def test_a_fraction_wider_than_a_line_is_one_over_what_is_below() -> None:
    terms = " + ".join(f"a_{{{n}}}" for n in range(40))
    assert opened(rf"x = \frac{{{terms}}}{{2v}}") == rf"x = \frac{{1}}{{2v}} \left({terms}\right)"
    norm = rf"\left\|{terms}\right\|^2"
    assert opened(rf"\frac{{{norm}}}{{2v}}") == rf"\frac{{1}}{{2v}} {norm}"
    for kept in (r"\frac{a + b}{c}", rf"\log \frac{{{terms}}}{{2v}}", rf"x^{{\frac{{{terms}}}{{2}}}}"):
        assert opened(kept) == kept


def test_signs_after_an_operand_may_begin_a_line_and_bars_may_not_end_one() -> None:
    assert breakable("a + b") == r"a \penalty50 +\nobreak  b"
    assert breakable("-a") == "-a"
    assert breakable(r"q(x \mid y)") == r"q(x \mid\nobreak  y)"
    assert breakable(r"\frac{a + b}{c}") == r"\frac{a + b}{c}"


def test_stretching_brackets_become_fixed_ones_outside_braces_only() -> None:
    assert r"\Bigl(" in breakable(POSTERIOR.latex) and r"\left" not in breakable(POSTERIOR.latex)
    assert r"\left(" in breakable(r"\sqrt{\left(a\right)}")
    assert breakable(r"\leftarrow") == r"\leftarrow"


def test_prose_keeps_formulas_and_emphasis_and_escapes_the_rest() -> None:
    assert tex_text("*a* **b** `c_d` $`x_t`$ 5% & _e_") == r"\emph{a} \textbf{b} \texttt{c\_d} $x_t$ 5\% \& \emph{e}"


def test_the_aligned_block_has_one_row_for_each_line() -> None:
    rows = aligned(SAMPLE).split(" \\\\\n")
    assert len(rows) == 1 + len(SAMPLE.steps)
    assert rows[1].endswith(r"&& \text{bayes}")
