"""What is proposed for the metavariables of a rule where matching would have to guess.

Each choice gives substitutions for one rule at one term, the likeliest first. They are proposals: the kernel
instantiates the rule and compares.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sympy import Add, Basic, Mul, Pow, S, Symbol, log

from derive.grounds.context import Context
from derive.models.facts import matches
from derive.rulebook import Abstraction
from derive.search.runs import first_apart, joint, taken_apart, telescoping, telescoping_part, telescoping_sum
from derive.terms import (
    Application,
    Density,
    Expectation,
    Gradient,
    Hadamard,
    Inner,
    Integral,
    MatrixProduct,
    Norm,
    Normal,
    Transpose,
    is_scalar,
    mentions,
    sort_of,
    split_scalar,
    substitute,
    walk,
)

Choice = Callable[[Any, Context], Iterator[dict[str, Any]]]


def against(measure: Any) -> dict[str, Any]:
    """p, A and C for a measure p(A | C); a Gaussian stands for the density of p."""
    if isinstance(measure, Normal):
        return {"p": Abstraction((measure.point,), measure), "A": (measure.point,)}
    return {"p": measure.law, "A": tuple(map(tuple, measure.targets)), "C": tuple(map(tuple, measure.givens))}


def free_of(term: Basic, points: tuple[Basic, ...], where: Context) -> bool:
    """Whether a term certainly mentions none of some points."""
    return all(mentions(term, point, where.facts) is False for point in points)


def split(body: Any, points: tuple[Basic, ...], where: Context) -> tuple[Any, Any]:
    """constant · rest: the scalar factors of a body that mention none of the points, and the others."""
    constant: list[Any] = []
    rest: list[Any] = []
    for factor in Mul.make_args(body):
        (constant if is_scalar(factor) and free_of(factor, points, where) else rest).append(factor)
    return Mul(*constant), Mul(*rest)


def _constant(node: Expectation, where: Context) -> Iterator[dict[str, Any]]:
    if free_of(node.body, node.bound, where):
        yield {**against(node.measure), "c": node.body}


def _last_term(node: Expectation, where: Context) -> Iterator[dict[str, Any]]:
    terms = Add.make_args(node.body)
    if len(terms) > 1:
        f, g = Abstraction(node.bound, Add(*terms[:-1])), Abstraction(node.bound, terms[-1])
        yield {**against(node.measure), "f": f, "g": g}


def _constant_factor(node: Expectation, where: Context) -> Iterator[dict[str, Any]]:
    constant, rest = split(node.body, node.bound, where)
    if constant != 1:
        yield {**against(node.measure), "a": constant, "f": Abstraction(node.bound, rest)}


def _constant_matrix(node: Expectation, where: Context) -> Iterator[dict[str, Any]]:
    if sort_of(node.body).kind == "matrix" and free_of(node.body, node.bound, where):
        yield {**against(node.measure), "M": node.body}


def _inner_factor(node: Expectation, where: Context) -> Iterator[dict[str, Any]]:
    if isinstance(node.body, Inner):
        for c, f in (node.body.args, reversed(node.body.args)):
            if free_of(c, node.bound, where):
                yield {**against(node.measure), "c": c, "f": Abstraction(node.bound, f)}


def _entrywise(node: Expectation, where: Context) -> Iterator[dict[str, Any]]:
    if isinstance(node.body, Hadamard):
        fixed = [factor for factor in node.body.args if free_of(factor, node.bound, where)]
        rest = [factor for factor in node.body.args if factor not in fixed]
        if fixed and rest:
            yield {**against(node.measure), "c": Hadamard(*fixed), "f": Abstraction(node.bound, Hadamard(*rest))}


def _fixed(node: Expectation, where: Context, *, last: bool) -> tuple[list[Any], list[Any]]:
    """The factors of a matrix product that do not vary, from one end, and the others."""
    factors = list(node.body.args) if isinstance(node.body, MatrixProduct) else []
    free = [free_of(factor, node.bound, where) for factor in factors]
    if all(free):
        return [], factors
    if last:
        count = next(place for place, fixed in enumerate(reversed(free)) if not fixed)
        return factors[len(factors) - count :], factors[: len(factors) - count]
    count = next(place for place, fixed in enumerate(free) if not fixed)
    return factors[:count], factors[count:]


def _kind(factors: list[Any]) -> tuple[str, bool]:
    """The sort of a product, and whether it is a row or a column."""
    sort = sort_of(MatrixProduct(*factors))
    return str(sort.kind), sort.kind == "matrix" and S.One in sort.shape


def _matrix_left(node: Expectation, where: Context) -> Iterator[dict[str, Any]]:
    fixed, rest = _fixed(node, where, last=False)
    if fixed and _kind(fixed) == ("matrix", False):
        body = Abstraction(node.bound, MatrixProduct(*rest))
        yield {**against(node.measure), "M": MatrixProduct(*fixed), "f": body}


def _matrix_right(node: Expectation, where: Context) -> Iterator[dict[str, Any]]:
    fixed, rest = _fixed(node, where, last=True)
    if fixed and _kind(fixed) == ("matrix", False) and _kind(rest)[0] == "matrix":
        body = Abstraction(node.bound, MatrixProduct(*rest))
        yield {**against(node.measure), "M": MatrixProduct(*fixed), "f": body}


def _column(node: Expectation, where: Context) -> Iterator[dict[str, Any]]:
    fixed, rest = _fixed(node, where, last=True)
    if fixed and _kind(fixed) == ("matrix", True) and _kind(rest)[0] == "vector":
        c = Transpose(MatrixProduct(*fixed))
        yield {**against(node.measure), "c": c, "f": Abstraction(node.bound, MatrixProduct(*rest))}


def _row(node: Expectation, where: Context) -> Iterator[dict[str, Any]]:
    fixed, rest = _fixed(node, where, last=False)
    if fixed and _kind(fixed)[0] == "vector" and _kind(rest) == ("matrix", True):
        f = Abstraction(node.bound, Transpose(MatrixProduct(*rest)))
        yield {**against(node.measure), "c": MatrixProduct(*fixed), "f": f}


def _log_parts(node: Expectation, where: Context) -> tuple[list[Any], list[Any]]:
    """The factors of a logarithm's argument: those of the numerator and those of the denominator."""
    above: list[Any] = []
    below: list[Any] = []
    for factor in Mul.make_args(node.body.args[0]) if isinstance(node.body, log) else ():
        base, exponent = factor.as_base_exp() if isinstance(factor, Pow) else (factor, 1)
        negative = bool(getattr(exponent, "is_number", True)) and exponent < 0
        (below if negative else above).append(Pow(base, -exponent) if negative else factor)
    return above, below


def _log_of_laws(node: Any, where: Context) -> Iterator[dict[str, Any]]:
    """log(a/b) of densities: a is what stands above, b what stands below."""
    factors = Mul.make_args(node.args[0])
    turned = [factor for factor in factors if factor.as_base_exp()[1].could_extract_minus_sign()]
    if turned and any(isinstance(part, Density) for factor in factors for _, part in walk(factor)):
        yield {"a": Mul(*(factor for factor in factors if factor not in turned)), "b": 1 / Mul(*turned)}


def _log_of_two(node: Any, where: Context) -> Iterator[dict[str, Any]]:
    """log(a b) of densities: a is the first factor."""
    factors = Mul.make_args(node.args[0])
    if len(factors) > 1 and any(isinstance(part, Density) for factor in factors for _, part in walk(factor)):
        yield {"a": factors[0], "b": Mul(*factors[1:])}


def _log_quotient(node: Expectation, where: Context) -> Iterator[dict[str, Any]]:
    above, below = _log_parts(node, where)
    if below:
        f, g = Abstraction(node.bound, Mul(*above)), Abstraction(node.bound, Mul(*below))
        yield {**against(node.measure), "f": f, "g": g}


def _log_product(node: Expectation, where: Context) -> Iterator[dict[str, Any]]:
    above, below = _log_parts(node, where)
    if len(above) > 1 and not below:
        f, g = Abstraction(node.bound, above[0]), Abstraction(node.bound, Mul(*above[1:]))
        yield {**against(node.measure), "f": f, "g": g}


def _unused(node: Expectation, where: Context) -> Iterator[dict[str, Any]]:
    """The variables of a measure that the body mentions, and the others; a run is cut where it is used."""
    if not isinstance(node.measure, Density):
        return
    parts = taken_apart([(pair[0], pair[1]) for pair in node.measure.targets], node.body, where.facts)
    if parts is not None and all(parts):
        used, rest = parts
        body = Abstraction(tuple(pair[1] for pair in used), node.body)
        yield {**against(node.measure), "A": tuple(used), "B": tuple(rest), "f": body}


def _matrix_before(node: Any, where: Context) -> Iterator[dict[str, Any]]:
    """Σ M f(k) = M Σ f(k), where M does not have the index."""
    if len(node.limits) != 1 or not isinstance(node.function, MatrixProduct):
        return
    index, lower, upper = node.limits[0]
    factors = node.function.args
    count = next((k for k, factor in enumerate(factors) if index in factor.free_symbols), 0)
    if count and sort_of(node.function).kind == "vector":
        body = Abstraction((index,), MatrixProduct(*factors[count:]))
        yield {"M": MatrixProduct(*factors[:count]), "f": body, "m": lower, "n": upper, "k": index}


def _nested(node: Expectation, where: Context) -> Iterator[dict[str, Any]]:
    inner, outer = node.body, node.measure
    if not (isinstance(inner, Expectation) and isinstance(inner.measure, Density) and isinstance(outer, Density)):
        return
    known = {*outer.targets, *outer.givens}
    if inner.measure.law == outer.law and set(inner.measure.givens) == known:
        body = Abstraction((*inner.bound, *node.bound), inner.body)
        pairs = {"A": inner.measure.targets, "B": outer.targets, "C": outer.givens}
        yield {"p": outer.law, "f": body, **{name: tuple(map(tuple, value)) for name, value in pairs.items()}}


def _conditional(factor: Basic, measure: Any) -> bool:
    """Whether a factor is a mean of the same law, given what stands right of its bar."""
    return isinstance(factor, Expectation) and isinstance(factor.measure, Density) and factor.measure.law == measure.law


def _known_factor(node: Expectation, where: Context) -> Iterator[dict[str, Any]]:
    """E_B[g(B) E[f | B]]: one conditional mean beside what is known."""
    outer, factors = node.measure, Mul.make_args(node.body)
    means = [factor for factor in factors if isinstance(outer, Density) and _conditional(factor, outer)]
    if len(means) != 1 or len(factors) == 1 or any(part.has(Expectation) for part in factors if part != means[0]):
        return
    (inner,) = means
    known = {*outer.targets, *outer.givens}
    if set(inner.measure.givens) == known and not set(inner.bound) & set(node.bound):
        pairs = {"A": inner.measure.targets, "B": outer.targets, "C": outer.givens}
        yield {
            "p": outer.law, "f": Abstraction((*inner.bound, *node.bound), inner.body),
            "g": Abstraction(node.bound, Mul(*(factor for factor in factors if factor != inner))),
            **{name: tuple(map(tuple, value)) for name, value in pairs.items()},
        }  # fmt: skip


def _conditional_factor(node: Expectation, where: Context) -> Iterator[dict[str, Any]]:
    """E_{A,B}[f(A, B) E[h | B]]: what varies given B is averaged given B first."""
    outer, factors = node.measure, Mul.make_args(node.body)
    means = [factor for factor in factors if isinstance(outer, Density) and _conditional(factor, outer)]
    for inner in means[:1]:
        known = [pair for pair in outer.targets if pair in inner.measure.givens]
        varying = [pair for pair in outer.targets if pair not in known]
        if not known or not varying or set(inner.measure.givens) != {*known, *outer.givens}:
            return
        points = tuple(pair[1] for pair in varying)
        fixed, rest = split(node.body, points, where)
        if not is_scalar(rest) or rest == 1:
            return
        pairs = {"A": varying, "B": known, "C": outer.givens}
        bound = tuple(pair[1] for pair in known)
        yield {
            "p": outer.law, "f": Abstraction((*points, *bound), rest), "g": Abstraction(bound, fixed),
            **{name: tuple(map(tuple, value)) for name, value in pairs.items()},
        }  # fmt: skip


def _points(node: Integral) -> tuple[Basic, ...]:
    return node.bound if all(len(limit) == 1 for limit in node.limits) else ()


def _weighted(node: Integral, where: Context) -> Iterator[dict[str, Any]]:
    points = _points(node)
    for factor in Mul.make_args(node.body) if points else ():
        measured = isinstance(factor, Density) and set(factor.points) == set(points)
        if measured or (isinstance(factor, Normal) and (factor.point,) == points):
            rest = Mul(*(other for other in Mul.make_args(node.body) if other is not factor))
            yield {**against(factor), "f": Abstraction(factor.points if measured else points, rest)}


def _weighted_logarithm(node: Integral, where: Context) -> Iterator[dict[str, Any]]:
    """A density against a logarithm is a mean of it, before the density is taken apart."""
    if isinstance(node.body, Mul) and any(isinstance(factor, log) for factor in node.body.args):
        yield from _weighted(node, where)


def _last_integrand(node: Integral, where: Context) -> Iterator[dict[str, Any]]:
    terms, points = Add.make_args(node.body), _points(node)
    if points and len(terms) > 1:
        yield {"A": points, "f": Abstraction(points, Add(*terms[:-1])), "g": Abstraction(points, terms[-1])}


def _constant_integrand(node: Integral, where: Context) -> Iterator[dict[str, Any]]:
    points = _points(node)
    constant, rest = split(node.body, points, where) if points else (1, 1)
    if constant != 1:
        yield {"A": points, "a": constant, "f": Abstraction(points, rest)}


def _at_itself(node: Gradient) -> bool:
    return bool(node.point == node.variable)


def _no_slope(node: Gradient, where: Context) -> Iterator[dict[str, Any]]:
    if _at_itself(node) and is_scalar(node.body) and free_of(node.body, (node.variable,), where):
        yield {"x": node.variable, "c": node.body}


def _fixed_vector(node: Gradient, where: Context) -> Iterator[dict[str, Any]]:
    fixed = sort_of(node.body).kind == "vector" and free_of(node.body, (node.variable,), where)
    if _at_itself(node) and is_scalar(node.variable) and fixed:
        yield {"t": node.variable, "c": node.body}


def _affine_square(node: Gradient, where: Context) -> Iterator[dict[str, Any]]:
    """‖M x + b‖², where x stands at the end of one product of matrices."""
    body, point = node.body, node.variable
    if not (_at_itself(node) and isinstance(body, Pow) and body.exp == 2 and isinstance(body.base, Norm)):
        return
    terms = Add.make_args(body.base.args[0])
    own = [term for term in terms if not free_of(term, (point,), where)]
    if len(own) == 1:
        scalar, product = split_scalar(own[0])
        if isinstance(product, MatrixProduct) and product.args[-1] == point and free_of(scalar, (point,), where):
            matrix = MatrixProduct(*product.args[:-1])
            if free_of(matrix, (point,), where):
                rest = Add(*(term for term in terms if term is not own[0]))
                yield {"x": point, "M": Mul(scalar, matrix), "b": rest}


def _multiple_of_a_square(node: Gradient, where: Context) -> Iterator[dict[str, Any]]:
    """c ‖M x + b‖², so that the square is met as it stands."""
    for found in _constant_slope(node, where):
        square = Gradient(found["f"].body, node.variable)
        if any(True for _ in _affine_square(square, where)):
            yield found


def _last_slope(node: Gradient, where: Context) -> Iterator[dict[str, Any]]:
    terms = Add.make_args(node.body)
    if _at_itself(node) and len(terms) > 1:
        f, g = (Abstraction(node.bound, part) for part in (Add(*terms[:-1]), terms[-1]))
        yield {"x": node.variable, "f": f, "g": g}


def _constant_slope(node: Gradient, where: Context) -> Iterator[dict[str, Any]]:
    constant, rest = split(node.body, node.bound, where)
    if _at_itself(node) and constant != 1:
        yield {"x": node.variable, "a": constant, "f": Abstraction(node.bound, rest)}


def _real_power(node: Gradient, where: Context) -> Iterator[dict[str, Any]]:
    """A power whose exponent does not vary and is no whole number."""
    body = node.body
    if _at_itself(node) and isinstance(body, Pow) and not body.exp.is_Integer and free_of(body.exp, node.bound, where):
        yield {"x": node.variable, "a": body.exp, "f": Abstraction(node.bound, body.base)}


def _first_factor(node: Gradient, where: Context) -> Iterator[dict[str, Any]]:
    factors = Mul.make_args(node.body)
    if _at_itself(node) and len(factors) > 1:
        f, g = (Abstraction(node.bound, part) for part in (factors[0], Mul(*factors[1:])))
        yield {"x": node.variable, "f": f, "g": g}


def _logarithm(node: Gradient, where: Context) -> Iterator[dict[str, Any]]:
    """A logarithm of what can be differentiated further; the score of a bare density or function of a point stays."""
    body = node.body
    score = (Density, Normal) if isinstance(node.variable, Symbol) else (Density, Normal, Application)
    bare = isinstance(body, log) and isinstance(body.args[0], score)
    if _at_itself(node) and isinstance(body, log) and not bare:
        yield {"x": node.variable, "f": Abstraction(node.bound, body.args[0])}


def _latent(node: Gradient, where: Context) -> Iterator[dict[str, Any]]:
    """The variables that the model gives a density's law from: x_0 for q(x_t), by q(x_t | x_0)."""
    body = node.body
    if not (_at_itself(node) and isinstance(body, log) and isinstance(body.args[0], Density)):
        return
    density = body.args[0]
    if density.points != (node.variable,) or density.variables != (node.variable,):
        return
    for law in where.model.laws:
        lhs = law.lhs
        if lhs.law != density.law or len(lhs.targets) != 1:
            continue
        mapping = matches(lhs.variables[0], density.variables[0])
        if mapping is None:
            continue
        latent = [substitute(pair[0], mapping) for pair in lhs.givens]
        known = [pair[0] for pair in density.givens]
        chosen = [item for item in latent if item not in known]
        if chosen and node.variable not in chosen:
            givens = tuple(map(tuple, density.givens))
            yield {"p": density.law, "x": node.variable, "B": tuple((v, v) for v in chosen), "C": givens}


def _bare_density(node: Gradient, where: Context) -> Iterator[dict[str, Any]]:
    """∇q as q ∇ log q, for a density as it stands."""
    if _at_itself(node) and isinstance(node.body, (Density, Normal)):
        yield {"x": node.variable, "f": Abstraction(node.bound, node.body)}


@dataclass(frozen=True)
class Chain:
    """Rules that only lead somewhere together: each with its direction, and where it is used below the term."""

    fits: Callable[[Any, Context], bool]
    steps: tuple[tuple[str, bool, tuple[int, ...]], ...]


def _law_varies(node: Any, where: Context) -> bool:
    if not (isinstance(node, Gradient) and isinstance(node.body, Expectation) and _at_itself(node)):
        return False
    return mentions(node.body.measure, node.variable, where.facts) is not False


def _own_score(node: Any, where: Context) -> bool:
    body = node.body if isinstance(node, Expectation) else None
    if not (isinstance(body, Gradient) and isinstance(body.body, log) and body.body.args[0] == node.measure):
        return False
    return not free_of(node.measure, (body.variable,), where) and body.variable not in node.bound


def _bend_of_its_logarithm(node: Any, where: Context) -> bool:
    """E_p of the second derivative of log p, in a number that is no variable of p."""
    body: Any = node.body if isinstance(node, Expectation) else None
    inner = body.body if isinstance(body, Gradient) else None
    if not (isinstance(inner, Gradient) and isinstance(inner.body, log) and inner.body.args[0] == node.measure):
        return False
    return is_scalar(inner.variable) and body.variable == inner.variable and inner.variable not in node.bound


CHAINS: tuple[Chain, ...] = (
    # E_p ∂∂ log p = ∫ p ∂∂ log p = ∂∂ ∫ p − ∫ p (∂ log p)²
    Chain(_bend_of_its_logarithm, (("expectation-definition", False, ()), ("information-identity", False, ()))),
    # ∇ E_q f = ∇ ∫ q f = ∫ ∇ (q f)
    Chain(_law_varies, (("expectation-definition", False, (0,)), ("gradient-of-an-integral", False, ()))),
    # E_q ∇ log q = ∫ q ∇ log q = ∫ ∇ q = ∇ ∫ q = ∇ 1 = 0
    Chain(
        _own_score,
        (
            ("expectation-definition", False, ()), ("log-derivative", True, (0,)),
            ("gradient-of-an-integral", True, ()), ("normalization", False, (0,)),
            ("gradient-of-a-constant", False, ()),
        ),
    ),
)  # fmt: skip


CHOICES: Mapping[str, Choice] = {
    "constant": _constant,
    "last-term": _last_term,
    "constant-factor": _constant_factor,
    "constant-matrix": _constant_matrix,
    "inner-factor": _inner_factor,
    "entrywise": _entrywise,
    "matrix-left": _matrix_left,
    "matrix-right": _matrix_right,
    "column": _column,
    "row": _row,
    "log-quotient": _log_quotient,
    "log-product": _log_product,
    "unused": _unused,
    "matrix-before-the-sum": _matrix_before,
    "no-slope": _no_slope,
    "fixed-vector": _fixed_vector,
    "affine-square": _affine_square,
    "multiple-of-a-square": _multiple_of_a_square,
    "last-slope": _last_slope,
    "constant-slope": _constant_slope,
    "real-power": _real_power,
    "first-factor": _first_factor,
    "logarithm": _logarithm,
    "latent": _latent,
    "bare-density": _bare_density,
    "nested": _nested,
    "known-factor": _known_factor,
    "conditional-factor": _conditional_factor,
    "log-of-laws": _log_of_laws,
    "log-of-two": _log_of_two,
    "joint": joint,
    "telescoping": telescoping,
    "first-apart": first_apart,
    "telescoping-part": telescoping_part,
    "telescoping-sum": telescoping_sum,
    "weighted": _weighted,
    "weighted-logarithm": _weighted_logarithm,
    "last-integrand": _last_integrand,
    "constant-integrand": _constant_integrand,
}
