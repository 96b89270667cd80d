"""A verdict on the screen: the answer first, then what supports it."""

from types import SimpleNamespace

import pytest

from derive.render.layout import Page, plain
from derive.render.verdicts import verdict_rows, verdict_view

EMPTY = {
    "because": (), "provided": (), "read_as": (), "counterexample": None, "suggestion": None, "missing": (),
    "links": (), "statement": None,
}


def lines(statement: str = "a = b", **fields: object) -> list[str]:
    verdict = SimpleNamespace(**{**EMPTY, **fields})
    return [plain(row) for row in verdict_rows(verdict_view(verdict, statement), Page())]


@pytest.mark.parametrize(("status", "mark"), [("proved", "✓"), ("refuted", "✗"), ("unknown", "?")])
def test_the_answer_comes_first(status: str, mark: str) -> None:
    assert lines(status=status)[0].split() == [mark, status, "a", "=", "b"]


def test_reasons_and_conditions_are_listed() -> None:
    page = lines(status="proved", because=("bayes", "markov"), provided=("x > 0",), read_as=("x\\_t as x_t",))
    assert [line.split() for line in page[1:]] == [
        ["because", "bayes,", "markov"], ["provided", "x", ">", "0"], ["read", "as", "x\\_t", "as", "x_t"],
    ]


def test_a_point_and_a_world_are_shown_with_both_sides() -> None:
    point = lines(status="refuted", counterexample={"point": {"a": "1", "b": "2"}, "lhs": "1", "rhs": "3/2"})
    assert [line.split(None, 1)[-1].strip() for line in point[1:]] == ["at a = 1, b = 2", "side:  1", "side: 3/2"]
    world = lines(status="refuted", counterexample="x = 0: 1/2\nleft side: 1")
    assert world[1].split() == ["counterexample", "x", "=", "0:", "1/2"] and world[2].strip() == "left side: 1"


def test_each_link_of_a_chain_has_its_verdict() -> None:
    good, bad = (SimpleNamespace(**{**EMPTY, "status": s, "statement": s}) for s in ("proved", "refuted"))
    page = lines("a = b = c", status="refuted", links=(good, bad))
    assert [line.split()[0] for line in page] == ["✗", "✓", "✗"]
