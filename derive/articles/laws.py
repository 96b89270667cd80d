r"""Which equations say what a law is, where nothing has said it yet: a factorization, or one of its conditionals.

`q(x_{1:T} \mid x_0) = ∏ q(x_t \mid x_{t-1})` says how the joint is made, `q(x_t \mid x_{t-1}) = N(…)` what one of its
conditionals is. What the law already determines (a marginal, a posterior, a factor that has a density) is a claim.
"""

from __future__ import annotations

from typing import Any

from sympy import Product, Symbol

from derive.articles.heads import Head, head_of, heads_in, overlaps
from derive.models import Factorization, Model, read_factorization
from derive.models.model import is_factor, renamed_onto
from derive.models.normalised import normalised
from derive.terms import Application, Definition, Density, Law, Normal, Proportional, Variable, walk

__all__ = ["law_given", "law_up_to_a_factor", "named_parts"]


def law_given(link: Any, known: set[Head], model: Model) -> Head | None:
    """The head of an equation for a density that says what its law is; None where it is a claim about that law.

    A Gaussian with parts that are new *names* these parts, whatever the density is.
    """
    made = read_factorization(link.lhs, link.rhs)
    if made is not None:
        return Head(str(made.law.name), "law") if _makes(link, made, model) else None
    if not isinstance(link.rhs, Normal) and not _fresh_formula(link):
        return None
    if _undetermined(link.lhs, model):
        return Head(str(link.lhs.law.name), "law")
    return _naming(link, known)


def law_up_to_a_factor(link: Proportional, model: Model) -> Head | None:
    """The head of `p_w(x | y) ∝ p(x) p(y | x)^w`, of whose law nothing else is said."""
    density = link.lhs
    spoken = [node.law for part in (link.rhs, *model.statements) for _, node in walk(part) if isinstance(node, Density)]
    marked = density.law.indices and not any(law == density.law for law in spoken)
    return Head(str(density.law.name), "law") if marked and normalised(link, model.bounds) is not None else None


def _makes(link: Any, made: Factorization, model: Model) -> bool:
    """Whether a product says how a joint is made: with `:=`, or a chain; of a law that has none, its parts apart.

    So does `p_θ(x, z) = p_θ(x | z) p(z)`, which would be false of another p.
    """
    chain = any(isinstance(node, Product) for _, node in walk(link.rhs))
    factors = (node.law for _, node in walk(link.rhs) if isinstance(node, Density))
    bare = any(law != made.law and _one_law(law, made.law) for law in factors)
    if not (chain or bare or isinstance(link, Definition)):
        return False
    if any(_one_law(other.law, made.law) for other in _made(model)):
        return False
    laws = [law.lhs for law in model.laws if _one_law(law.lhs.law, made.law)]
    return all(is_factor(made, law) for law in laws)


def _made(model: Model) -> tuple[Factorization, ...]:
    return model.factorizations


def _fresh_formula(link: Any) -> bool:
    """A law may be given by any formula with `:=`, if it does not speak of itself."""
    return isinstance(link, Definition) and not any(
        _one_law(node.law, link.lhs.law) for _, node in walk(link.rhs) if isinstance(node, Density)
    )


def _undetermined(density: Density, model: Model) -> bool:
    """Whether a conditional may still be given: a factor without a density, or variables that nothing makes yet."""
    said = [law.lhs for law in model.laws if _one_law(law.lhs.law, density.law)]
    if any(_same_conditional(other, density) for other in said):
        return False
    for made in _made(model):
        if _one_law(made.law, density.law):
            return is_factor(made, Density(made.law, density.targets, density.givens))
    generated = heads_in(variable for other in said for variable in other.variables)
    return not any(overlaps(head, other) for head in heads_in(density.variables) for other in generated)


def _same_conditional(one: Density, other: Density) -> bool:
    law = one.law if one.law.indices else other.law
    left, right = (Density(law, item.targets, item.givens) for item in (one, other))
    return renamed_onto(left, right) is not None or renamed_onto(right, left) is not None


def _one_law(one: Law, other: Law) -> bool:
    """Whether two laws are one: the same, or p beside p_θ, whose marginals a text writes with the bare letter."""
    return one == other or (one.name == other.name and not (one.indices and other.indices))


def _naming(link: Any, known: set[Head]) -> Head | None:
    body = link.rhs
    if not isinstance(body, Normal):
        return None
    parts = named_parts(link)
    fresh = [head for head in parts if head is not None and not any(overlaps(head, other) for other in known)]
    return Head(str(link.lhs.law.name), "names") if len(fresh) == len(parts) else None


def named_parts(link: Any) -> list[Head | None]:
    """The names of a Gaussian's mean and scale, where they are names."""
    return [head_of(part) for part in (link.rhs.mean, _scale(link.rhs.covariance))]


def _scale(covariance: Any) -> Any:
    r"""`\tilde\beta_t` of `\tilde\beta_t I`."""
    named = [node for node in getattr(covariance, "args", ()) if isinstance(node, (Symbol, Variable, Application))]
    return named[0] if len(named) == 1 and not isinstance(covariance, (Symbol, Variable, Application)) else covariance
