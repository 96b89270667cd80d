"""What is outside the grammar is an error with line, column, caret and what was expected; never a guess."""

import time

import pytest

from derive.clock import OutOfTime, within
from derive.errors import DeriveError, LimitExceeded, ReadError
from derive.latex import read, read_display, reader

ERRORS = [
    (r"\foo x", 1),
    (r"a + \bar", 9),
    ("a +", 4),
    ("[a + b)", 7),
    (r"\left( a \right", 10),
    (r"\frac{a}", 9),
    ("(a + b", 1),
    ("a + b)", 6),
    (r"\sqrt{a", 8),
    ("{a", 3),
    ("a}", 2),
    ("a^2^3", 5),
    ("x_1_2", 5),
    ("a = = b", 5),
    ("|a", 3),
    (r"\int f(x)", 10),
    (r"\sum_{t=1} a", 1),
    (r"\mathcal{N}(x)", 12),
    (r"D_{KL}(q(x))", 7),
    (r"p(x, \mid y)", 6),
    ("f(a,)", 5),
    (r"\begin{align} a", 1),
    (r"a \end{align}", 3),
    (r"\frac{1}{x - x}", 10),
    (r"a \in \mathbb{Q}", 7),
    (r"\text{some words}", 1),
    ("a & b $", 7),
    (r"x_{f(x)+1}", 4),
    (r"\dots", 1),
    (r"x_t, \mathbb{R}^{ \in", 6),
    (r"a \,\mathrm{d}x", 5),
    ("😀", 1),
    ("a\x00b", 2),
]  # fmt: skip


@pytest.mark.parametrize(("text", "column"), ERRORS, ids=[repr(text) for text, _ in ERRORS])
def test_errors_tell_the_place(text, column):
    with pytest.raises(ReadError) as caught:
        read(text, file="notes.md", line=12)
    error = caught.value
    assert (error.file, error.line, error.column) == ("notes.md", 12, column)
    shown = str(error)
    assert "notes.md:12:" in shown
    assert "^" in shown


def test_lines_within_the_text_are_counted():
    with pytest.raises(ReadError) as caught:
        read("a = b\n + \\foo", line=5)
    assert (caught.value.line, caught.value.column) == (6, 4)
    assert caught.value.source == r" + \foo"


@pytest.mark.parametrize("text", ["", "   ", r"\,", "% a comment"])
def test_nothing_is_no_formula(text):
    with pytest.raises(ReadError):
        read(text)
    assert read_display(text) == []


LIMITS = {
    "ten megabytes": "x+" * 5_000_000,
    "nested braces": "{" * 10_000 + "x" + "}" * 10_000,
    "nested parentheses": "(" * 10_000 + "x" + ")" * 10_000,
    "nested fractions": r"\frac{1}{1+" * 190 + "x" + "}" * 190,
    "a tower of powers": "9^{9^{9^9}}",
    "a tower of names": "x^{" * 50 + "2" + "}" * 50,
    "a large power": "2^{100000}",
    "a large coefficient's power": "(3x)^{9999}",
    "a large exponential": "e^{10^{10}}",
    "a large factorial": "(999!)!",
    "a long number": "1" * 1000,
    "accents": r"\bar " * 5000 + "x",
    "roots": r"\sqrt " * 5000 + "x",
    "logarithms": r"\log " * 5000 + "x",
    "gradients": r"\nabla_x " * 5000 + "f(x)",
    "bars": "|" * 5000,
    "large factors": " ".join(["9" * 300] * 300),
    "delimiters": r"\left(" * 5000,
}


@pytest.mark.parametrize("text", LIMITS.values(), ids=LIMITS)
def test_bounds(text):
    start = time.perf_counter()
    with pytest.raises(LimitExceeded):
        read(text)
    assert time.perf_counter() - start < 2


def test_deep_but_within_the_bounds():
    assert read("(" * 150 + "x" + ")" * 150).term == read("x").term
    assert read("{" * 150 + "x" + "}" * 150).term == read("x").term


PYTHON = ["__import__('os').system('true')", "exec('1')", "lambda x: x", "x.__class__", "open('x')"]


@pytest.mark.parametrize("text", PYTHON)
def test_nothing_is_evaluated(text):
    try:
        term = read(text).term
    except DeriveError:
        return
    assert all(type(part).__module__.split(".")[0] in ("sympy", "derive") for part in term.args)


def test_reading_takes_no_longer_than_its_time(monkeypatch):
    text = r"\mathbf{A} " * 800 + r"\mathbf{x}"
    monkeypatch.setattr(reader, "MOST_SECONDS", 0.05)
    with pytest.raises(LimitExceeded, match="seconds to read"):
        read(text)
    with pytest.raises(OutOfTime), within(0.02):
        read(text)
