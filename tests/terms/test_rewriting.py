"""Terms rewritten node by node."""

from sympy import Add, Mul, Pow, Symbol

from derive.terms import Law, Variable
from derive.terms.rewriting import mapped, rewritten
from derive.terms.sorts import SCALAR

a, b, c = map(Symbol, "abc")


def test_the_outermost_node_is_replaced_and_nothing_below_it():
    seen = []

    def change(node):
        seen.append(node)
        return c if isinstance(node, Pow) else None

    assert rewritten(Add(a, Pow(Add(a, b), 2)), change) == a + c
    assert Add(a, b) not in seen


def test_a_node_given_back_is_left_alone_with_all_below_it():
    term = Mul(c, Pow(Add(a, b), 2))
    assert rewritten(term, lambda node: node if isinstance(node, Pow) else {a: b}.get(node)) is term


def test_an_unchanged_term_is_the_same_object():
    term = Add(a, Pow(b, 2))
    assert mapped(term, lambda part: part) is term


def test_names_stand_for_themselves_with_their_indices():
    x_a = Variable("x", SCALAR, a)
    for name in (x_a, Law("q", a)):
        assert rewritten(name, lambda node: b if node == a else None) is name
    assert rewritten(x_a + a, lambda node: b if node == a else None) == x_a + b
