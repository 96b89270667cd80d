"""Random and damaged input: a term, a verdict or an error of ours, in time, and never a traceback."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

import derive
from derive.errors import InputError
from tests.soundness.garbage import READERS, OverBudget, budget, garbage, survived


def test_the_reader_survives():
    """Some hundred inputs, each of which is read or refused."""
    rng, seen = Random(3), Counter()
    for _ in range(400):
        text = garbage(rng)
        found = survived(READERS["read"], text, seconds=10)
        assert not found.wrong, (text, found)
        seen[found.what] += 1
    assert seen["term"] > 8 and seen["ReadError"] > 120, seen


def test_check_survives():
    """Some inputs that are decided or refused."""
    rng, seen = Random(4), Counter()
    for _ in range(40):
        text = garbage(rng)
        found = survived(READERS["check"], text, seconds=20)
        assert not found.wrong, (text, found)
        seen[found.what] += 1
    assert len(seen) > 2, seen


def test_what_the_watch_reports():
    """A loop without end and an error that is not ours are seen as what they are."""

    def loop(text):
        while True:
            pass

    def broken(text):
        raise ZeroDivisionError(text)

    assert survived(loop, "x", seconds=0.05).wrong
    assert "ZeroDivisionError" in survived(broken, "x").wrong
    with pytest.raises(OverBudget), budget(0.02):
        loop("")


def test_several_statements_in_one_line():
    """Among the givens each counts; a claim is one."""
    assert derive.check("a + b > 0", given=[r"a > 0, \quad b > 0"]).status == "proved"
    with pytest.raises(InputError, match="several statements"):
        derive.check(r"a = a, \quad 0 < \beta_t < 1")


def test_logarithms_in_logarithms():
    """The trap: SymPy takes ten seconds for log log log log log log log log log log ½."""
    for count in (4, 10, 40):
        with pytest.raises(InputError):
            derive.read(r"\log " * count + r"\frac{1}{2}")
    assert derive.read(r"\log \log x") is not None
