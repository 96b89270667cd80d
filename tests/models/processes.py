"""Models of Gaussian processes, built by hand for the tests of what is made of them."""

from sympy import Product, Symbol, sqrt

from derive.models import Line, Model, compile_model
from derive.terms import SCALAR, Chain, Density, Equal, Identity, Law, Less, Member, Normal, Run, Variable, vector

t, s, T, d = (Symbol(name) for name in "tsTd")
q = Law("q")


def x(index):
    return Variable("x", vector(d), index)


def beta(index):
    return Variable("\\beta", SCALAR, index)


def alpha(index):
    return Variable("\\alpha", SCALAR, index)


def alpha_bar(index):
    return Variable("\\bar\\alpha", SCALAR, index)


FACTORIZATION = Equal(
    Density(q, [Run("x", vector(d), 1, T)], [x(0)]), Product(Density(q, [x(t)], [x(t - 1)]), (t, 1, T))
)
KERNEL = Equal(Density(q, [x(t)], [x(t - 1)]), Normal(x(t), sqrt(alpha(t)) * x(t - 1), beta(t) * Identity(d)))
MARGINAL = Equal(
    Density(q, [x(t)], [x(0)]), Normal(x(t), sqrt(alpha_bar(t)) * x(0), (1 - alpha_bar(t)) * Identity(d))
)
SCHEDULE = [
    Member(x(t), vector(d)),
    Chain(Less(0, beta(t)), Less(beta(t), 1)),
    Equal(alpha(t), 1 - beta(t)),
    Equal(alpha_bar(t), Product(alpha(s), (s, 1, t))),
]


def ddpm(*more) -> Model:
    """The forward process of Ho et al. (2020), with further statements."""
    return compile_model([Line(statement) for statement in (*SCHEDULE, FACTORIZATION, KERNEL, *more)], name="ddpm")
