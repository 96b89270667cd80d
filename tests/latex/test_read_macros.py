r"""An author's macros: `\newcommand`, `\def`, `\DeclareMathOperator` are written out."""

import pytest

from derive.errors import LimitExceeded, ReadError
from derive.latex import Macros, read, read_display, read_model_lines, unicode_text
from derive.latex.macros import definitions

SAME = [
    (r"\newcommand{\vx}{\mathbf{x}}", r"\vx_t = \vx_0", r"\mathbf{x}_t = \mathbf{x}_0"),
    (r"\newcommand\kl[2]{D_{KL}(#1 \,\|\, #2)}", r"\kl{q(x)}{p(x)} \ge 0", r"D_{KL}(q(x) \| p(x)) \ge 0"),
    (r"\renewcommand{\E}[2][q(x)]{\mathbb{E}_{#1}[#2]}", r"\E{x}", r"\mathbb{E}_{q(x)}[x]"),
    (r"\renewcommand{\E}[2][q(x)]{\mathbb{E}_{#1}[#2]}", r"\E[p(x)]{x^2}", r"\mathbb{E}_{p(x)}[x^2]"),
    (r"\def\half{\frac{1}{2}}", r"\half x", r"\frac{1}{2} x"),
    (r"\def\gauss#1#2{\mathcal{N}(#1, #2)}", r"x \sim \gauss{0}{1}", r"x \sim \mathcal{N}(0, 1)"),
    (r"\DeclareMathOperator{\trace}{tr}", r"\trace(A B)", r"\operatorname{tr}(A B)"),
    (r"\DeclareMathOperator*{\var}{Var}", r"\var(x)", r"\mathrm{Var}(x)"),
    (r"\DeclarePairedDelimiter{\norm}{\lVert}{\rVert}", r"\norm*{x - y}^2", r"\lVert x - y \rVert^2"),
    (r"\newcommand{\abar}{\bar\alpha}", r"\sqrt\abar_t \frac\abar 2", r"\sqrt{\bar\alpha_t} \frac{\bar\alpha}{2}"),
    (r"\newcommand{\inv}{-1}", r"a^\inv", r"a^{-1}"),
    (r"\newcommand{\data}{\text{data}}", r"p_\data(x)", r"p_{\text{data}}(x)"),
    (r"\newcommand{\a}{\b}\newcommand{\b}{\gamma}", r"\a\a", r"\gamma\gamma"),
    (r"\let\old\epsilon\renewcommand{\epsilon}{\varepsilon}", r"\old + \epsilon", r"\epsilon + \varepsilon"),
    (r"\newcommand{\be}{\begin{equation}}\newcommand{\ee}{\end{equation}}", r"\be x = y \ee", "x = y"),
    (r"\newcommand{\given}{\mid}% \newcommand{\given}{,}", r"p(x \given y)", r"p(x \mid y)"),
    (r"\newcommand{\remark}[1]{}", r"x \remark{important} = y", "x = y"),
    (r"\global\long\def\d{\mathrm{d}}", r"\int f(x) \d x", r"\int f(x)\, dx"),
]  # fmt: skip


@pytest.mark.parametrize(("defined", "written", "meant"), SAME, ids=[row[1] for row in SAME])
def test_what_a_macro_stands_for_is_read(defined, written, meant):
    macros = Macros.collected(defined)
    expected = read(meant).term
    assert read(written, macros=macros).term == expected
    assert read(defined + "\n" + written).term == expected, "a definition may stand in the formula itself"


def test_a_later_definition_of_a_name_counts():
    macros = Macros.collected(r"\newcommand{\z}{x} text \renewcommand{\z}{y}")
    assert read(r"\z", macros=macros).term == read("y").term
    assert read(r"\z", macros=Macros.collected(r"\def\z{w}", macros)).term == read("w").term


def test_where_definitions_stand_is_known():
    text = "Let \\newcommand{\\vx}{\\mathbf x} and \\def\\k#1{#1} be."
    assert [(item.macro.name, text[item.start : item.end]) for item in definitions(text)] == [
        (r"\vx", r"\newcommand{\vx}{\mathbf x}"), (r"\k", r"\def\k#1{#1}")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "column"),
    [
        (r"\sq{x} + \frac{1}{y + }", 23),
        (r"\sq{x + } + y", 1),
        (r"y + \sq", 5),
        (r"y + \bad + z", 5),
        ("y + \\sq{a \\unknown}", 11),
    ],
)
def test_an_error_stands_in_the_authors_text(text, column):
    macros = Macros.collected(r"\newcommand{\sq}[1]{\left(#1\right)^2} \newcommand{\bad}{\frac{1}{}}")
    with pytest.raises(ReadError) as caught:
        read(text, macros=macros)
    assert (caught.value.column, caught.value.source) == (column, text)


def test_the_spans_of_a_reading_lie_in_the_authors_text():
    macros = Macros.collected(r"\newcommand{\sq}[1]{#1^2}")
    reading = read(r"\sq{\alpha} = \beta", macros=macros)
    shown = {unicode_text(term): reading.text[start:end] for start, end, term in reading.spans}
    assert shown["α"] == r"\alpha"
    assert shown["β"] == r"\beta"
    assert r"\alpha" in shown["α²"]


@pytest.mark.parametrize("loop", [r"\def\a{\a}", r"\def\a{\b x}\def\b{\a}", r"\def\a#1{\b{#1}}\def\b#1{\a{#1}}"])
def test_a_macro_that_comes_back_to_itself_is_refused(loop):
    with pytest.raises(ReadError, match="comes back to itself"):
        read(r"x + \a{y}", macros=Macros.collected(loop))


def test_what_macros_expand_to_is_bounded():
    doubling = "".join(
        f"\\newcommand{{\\m{chr(97 + k)}}}{{\\m{chr(98 + k)}\\m{chr(98 + k)}}}" for k in range(25)
    )  # fmt: skip
    with pytest.raises(LimitExceeded, match="expand to more than"):
        read(r"\ma", macros=Macros.collected(doubling + r"\newcommand{\mz}{x}"))
    growing = r"\newcommand{\g}[1]{#1#1}"
    with pytest.raises(LimitExceeded, match="expand to more than"):
        read(r"\g{" * 30 + "x" + "}" * 30, macros=Macros.collected(growing))


@pytest.mark.parametrize("text", [r"\newcommand{\x}[1]{", r"\def\x", r"\let", r"\DeclareMathOperator", r"\newcommand",
                                  r"\def\N(#1){y}"])
def test_half_a_definition_defines_nothing(text):
    assert not Macros.collected(text)
    with pytest.raises(ReadError):
        read(text + " x")


def test_the_authors_definition_counts_before_the_usual_one():
    assert read(r"\E", macros=Macros.collected(r"\newcommand{\E}{\varepsilon}")).term == read(r"\varepsilon").term
    assert read(r"\I", macros=Macros.collected(r"\newcommand{\I}{\iota}")).term == read(r"\iota").term


def test_displays_and_model_lines_take_macros():
    macros = Macros.collected(r"\newcommand{\ab}{\bar\alpha}")
    assert read_display(r"\ab_t = 1, \quad \ab_0 = 1", macros=macros)[1].term == read(r"\bar\alpha_0 = 1").term
    assert read_model_lines([(r"\ab_t = 1", 1)], macros=macros)[1][0].term == read(r"\bar\alpha_t = 1").term
