"""JSON: what is written is read back to the same term, and nothing else is read at all."""

import json

import pytest
from hypothesis import given, settings
from sympy import Rational, Symbol, cos, exp, log, oo, pi, sqrt

from derive.errors import InputError
from derive.terms import Chain, Equal, Less, from_json, to_json
from tests.terms import drawn

pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")


@settings(max_examples=150)
@given(term=drawn.terms)
def test_a_term_comes_back(term):
    assert from_json(json.loads(json.dumps(to_json(term)))) == term


@pytest.mark.parametrize("term", [
    Rational(-2, 3), pi, oo, -oo, exp(1), sqrt(2) * log(Symbol("x")), cos(pi * Symbol("t")), 10**40 + Symbol("x"),
    Chain(Equal(Symbol("a"), 1), Less(1, Symbol("b"))),
])  # fmt: skip
def test_constants_and_statements_come_back(term):
    assert from_json(json.loads(json.dumps(to_json(term)))) == term


@pytest.mark.parametrize("value", [
    None, True, 1.5, [], ["eval", "1+1"], ["Symbol"], ["Symbol", 1], ["Rational", 1, 0], ["Variable"],
    ["os.system", "ls"],
    ["Expectation", ["Symbol", "x"], ["Symbol", "x"]], {"Symbol": "x"}, ["constant", "zoo"], [["Symbol", "x"]],
    ["Normal", ["Symbol", "x"]],
])  # fmt: skip
def test_anything_else_is_refused(value):
    with pytest.raises(InputError):
        from_json(value)


def test_deep_nesting_is_refused():
    value = ["Symbol", "x"]
    for _ in range(3000):
        value = ["cos", value]
    with pytest.raises(InputError):
        from_json(value)


@pytest.mark.parametrize(
    "value",
    [
        ["Variable", "x", 0], ["Variable", "x", ["Symbol", "d"]], ["Variable", "x"], ["Run", "x", 1, 1, 2],
        ["Application", "f", 1, ["Symbol", "x"]], ["Sort", "vectors", ["Symbol", "d"]], ["Sort"], ["Sort", 1],
    ],
)  # fmt: skip
def test_a_name_has_a_sort_and_a_sort_a_kind(value):
    with pytest.raises(InputError):
        from_json(value)
