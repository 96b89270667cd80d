r"""What GitHub shows of our Markdown as mathematics: the rulebook, the derivations, and what `--to md` writes.

The nearest thing to GitHub that can be run here: CommonMark as `markdown-it` reads it, and what is known of GitHub's
mathematics. A formula is code between dollars, `` $`…`$ ``, not after a letter, or a fence `math`: within `$$` Markdown
takes backslashes away. MathJax sets it without the macros that could override others or hide text (github/markup issues
1688 and 1742; its extensions `newcommand`, `html`, `action` and `require` are not loaded).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

import derive
from derive.cli import main
from derive.latex.lines import rows
from derive.render.derivations import view_of
from derive.render.markdown import markdown
from derive.render.prose import Kind, segments

ROOT = Path(__file__).parents[2]
OURS = [
    *sorted(ROOT.glob("*.md")), *sorted((ROOT / "rules").glob("*.md")), *sorted((ROOT / "derivations").rglob("*.md"))
]  # fmt: skip

REFUSED = frozenset(
    "operatorname DeclareMathOperator DeclarePairedDelimiter def let newcommand renewcommand providecommand "
    "newenvironment require href class cssId style bbox mbox hbox phantom hphantom vphantom colorbox "
    "fcolorbox definecolor texttip tooltip mathtip toggle mmlToken data unicode".split()
)
UNKNOWN = frozenset("bm mathds nicefrac ensuremath textsc emph mathbbm argmax argmin qty dv pdv abs norm".split())
"""Macros of packages that GitHub's MathJax does not load."""

ENVIRONMENTS = frozenset("aligned gathered cases matrix pmatrix bmatrix array align align* equation equation*".split())


def formulas(text: str) -> Iterator[tuple[str, bool]]:
    """Each formula as GitHub finds it, and whether it is a display; fails where a dollar is none of a formula."""
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        if token.type == "fence" and token.info == "math":
            yield token.content, True
        elif token.type == "inline":
            yield from ((latex, False) for latex in _inline(token.children or []))


def _inline(children: list[Token]) -> Iterator[str]:
    """The formulas of a paragraph: code that stands between two dollars."""
    for place, token in enumerate(children):
        before = children[place - 1].content if place and children[place - 1].type == "text" else ""
        after = children[place + 1].content if place + 1 < len(children) else ""
        if token.type == "code_inline" and before.endswith("$") and after.startswith("$"):
            assert not before[-2:-1].isalnum(), f"{before!r}: no formula for GitHub, it follows a letter"
            assert not after[1:2].isalnum(), f"{after!r}: a letter follows"
            yield token.content
        elif token.type == "text":
            follows = place > 0 and children[place - 1].type == "code_inline"
            inside = (token.content.removeprefix("$") if follows else token.content).removesuffix("$")
            assert "$" not in inside, f"{inside!r}: a dollar that is no bracket of a formula"


def refused(latex: str) -> list[str]:
    """What GitHub would not set."""
    macros = re.findall(r"\\([A-Za-z]+)", latex)
    wrong = [f"\\{name}" for name in macros if name in REFUSED | UNKNOWN]
    wrong += [name for name in re.findall(r"\\begin\{([^}]*)\}", latex) if name not in ENVIRONMENTS]
    bare = re.sub(r"\\[{}\\]", "", latex)
    return wrong + ["braces"] * (bare.count("{") != bare.count("}")) + ["$"] * ("$" in latex) + ["%"] * ("%" in latex)




@pytest.mark.parametrize("path", OURS, ids=lambda path: str(path.relative_to(ROOT)))
def test_github_sets_every_formula_that_we_keep(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    found = list(formulas(text))
    assert [(latex, wrong) for latex, _ in found if (wrong := refused(latex))] == []
    if path.parent.name == "rules":
        assert sum(display for _, display in found) >= text.count("\n## "), "a rule without its formula"


@pytest.mark.parametrize("name", ["ddpm.marginal", "ddpm.loss", "conditioning.covariance", "gaussian.kl-general"])
@pytest.mark.parametrize("detail", ["brief", "normal", "full"])
def test_github_sets_what_is_exported(name: str, detail) -> None:
    """An induction, long lines, a model with many statements, traces."""
    view = view_of(derive.load(name))
    text = markdown(view, detail)
    found = list(formulas(text))
    assert len(found) > 5 and [(latex, wrong) for latex, _ in found if (wrong := refused(latex))] == []
    written = [latex for latex, display in found if not display]
    read = [latex for kind, latex in segments(re.sub(r"```.*?```", "", text, flags=re.DOTALL)) if kind is Kind.MATH]
    assert written == read, "GitHub and our own reader of prose find other formulas"


def test_macros_that_github_refuses_are_written_otherwise(tmp_path: Path) -> None:
    path = tmp_path / "own.md"
    path.write_text(
        "# Own\n\n## it\n\nHere $`\\operatorname{tr} \\mbox{and} \\bm{x}`$ stands.\n\n```derive\nstart \\log(a b)\n"
        "given a > 0\ngiven b > 0\nby log-product\n```\n", encoding="utf-8",
    )  # fmt: skip
    out = tmp_path / "own.out.md"
    assert main(["export", str(path), "--to", "md", "-o", str(out)]) == 0
    found = [latex for latex, _ in formulas(out.read_text(encoding="utf-8"))]
    assert r"\mathop{\mathrm{tr}} \text{and} \boldsymbol{x}" in found


# ---- rows ---------------------------------------------------------------------------------------------------------


def test_a_formula_that_fits_is_one_row() -> None:
    assert rows(r"\left(a + b\right)", 40) == [r"\left(a + b\right)"]


def test_a_long_sum_is_broken_before_signs_and_evenly_enough() -> None:
    terms = [rf"\frac{{a_{{{n}}}}}{{b_{{{n}}}}} x_{{{n}}}" for n in range(20)]
    found = rows("y = " + " + ".join(terms), 40)
    assert 2 <= len(found) <= 5 and all(row.startswith("+") for row in found[1:])
    assert "".join(found).replace(" ", "") == ("y=" + "+".join(terms)).replace(" ", "")


def test_brackets_around_a_break_have_the_size_of_what_is_inside() -> None:
    terms = " - ".join(rf"\sum_{{t=2}}^{{T}} \log q(x_t \mid x_{{{n}}})" for n in range(8))
    found = rows(rf"\mathbb{{E}}_{{q}}\left[{terms}\right]", 60)
    assert len(found) > 1 and r"\biggl[" in found[0] and r"\biggr]" in found[-1] and r"\left[" not in "".join(found)
    assert not any(row.endswith(r"\mid") or row.startswith(r"\mid") for row in found)
