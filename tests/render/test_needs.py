"""What was met alike is told together, in the page's language."""

from derive.render.chinese import in_chinese
from derive.render.needs import how_met, together
from derive.render.view import Condition, Formula, Settled


def test_what_was_met_alike_is_told_together() -> None:
    a, b, c = (Formula(name, name) for name in "abc")
    given = [Condition(formula, Settled.DISCHARGED, "given") for formula in (a, c)]
    told = together([given[0], Condition(b, Settled.ASSUMED), given[1]])
    assert told == [("given", [a, c]), ("assumed", [b])]
    assert how_met(Condition(a, Settled.ASSUMED, "no world")) == "assumed, no world"
    assert how_met(Condition(a, Settled.ASSUMED, "assumed"), in_chinese) == "假定"
