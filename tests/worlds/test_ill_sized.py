"""A number where a vector belongs: a world says nothing of it, and does not break."""

from sympy import Symbol

from derive.terms import SCALAR, Application, Density, GreaterEqual, Law, Variable, vector
from derive.worlds import try_statement


def test_a_density_at_a_point_of_another_dimension_has_no_value() -> None:
    """q(z = T(w)) for a number T(w): where z is a number too it has a value, and a longer z has no such point."""
    z, w = Variable("z", vector(Symbol("d"))), Variable("w", SCALAR)
    statement = GreaterEqual(Density(Law("q"), [(z, Application("T", SCALAR, (), w))]), 0)
    trial = try_statement(statement, kinds=("gaussian",), count=10)
    assert trial.tried["gaussian"] and not trial.refuted
    assert trial.undefined["gaussian"]
