"""Whether a condition holds where a step needs it: true, false or unknown, and on what ground.

Unknown is never taken for true: the kernel carries it as an obligation.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from sympy import Add, Basic, Mul, Pow, Product, Sum, Symbol

from derive import algebra
from derive.grounds.analysis import differentiable, exchangeable, integrable
from derive.grounds.averages import averages, defined, differentiates_inside, plainest
from derive.grounds.context import Context, Discharge, Given, definite_matrices
from derive.grounds.definite import definite
from derive.models import Factorization, separated
from derive.models.facts import law_range, matches
from derive.models.model import renamed_onto
from derive.models.normalised import of_a_normaliser
from derive.terms import (
    KL,
    SCALAR,
    AlmostSurely,
    Application,
    BlockMatrix,
    Complement,
    Definition,
    Density,
    Disjoint,
    Divergence,
    Equal,
    Exchanges,
    Exists,
    Expectation,
    ForEvery,
    Gradient,
    Independent,
    IndexFacts,
    Integral,
    Intersection,
    Law,
    LebesgueMeasure,
    Member,
    Normal,
    PositiveDefinite,
    Probability,
    Run,
    Statement,
    Variable,
    alpha_equal,
    binding,
    contained,
    free_variables,
    is_scalar,
    mentions,
    overlap,
    split_scalar,
    substitute,
    walk,
)
from derive.terms.indices import whole
from derive.terms.linear import Identity
from derive.terms.statements import Greater, GreaterEqual, Less, LessEqual, Unequal

# ---- deciding -----------------------------------------------------------------------------------------------------


def decide(condition: Basic, where: Context) -> Discharge:
    """Whether a condition holds at a place, with the ground of the answer."""
    for given in where.given:
        if alpha_equal(given.statement, condition):
            return Discharge(condition, True, "given")
        found = _universally(given, condition)
        if found:
            return Discharge(condition, True, "given")
    match condition:
        case Independent():
            return _independent(condition, where)
        case PositiveDefinite():
            return _positive_definite(condition, where)
        case Greater() if condition.rhs == 0:
            return _positive(condition, condition.lhs, where)
        case Unequal() if condition.rhs == 0 and _has_density(condition.lhs):
            return replace(_positive(condition, condition.lhs, where), condition=condition)
        case Less() | LessEqual() | Greater() | GreaterEqual() | Unequal() | Equal():
            return _compare(condition, where)
        case Disjoint():
            answer = disjoint((condition.left, condition.right), where)
            return Discharge(condition, answer, "assumed" if answer is None else "distinct indices")
        case ForEvery():
            inside = decide(condition.statement, where.below(condition.bound, ()))
            return Discharge(condition, inside.answer, inside.how)
        case AlmostSurely():
            inside = decide(condition.statement, in_support(condition, where.below(condition.bound, ())))
            return Discharge(condition, True if inside.answer else None, inside.how if inside.answer else "assumed")
        case LebesgueMeasure():
            continuous = all(_in_real_space(variable, where) for variable in condition.variables)
            return Discharge(condition, True if continuous else None, "a point of R^d" if continuous else "assumed")
        case Exists():
            return _exists(condition, where)
        case Exchanges() if isinstance(condition.term, Divergence) and exchangeable(
            Gradient(*condition.term.args), where, holds  # a sum of derivatives, each of which goes inside
        ):
            return Discharge(condition, True, "a Gaussian bounds the derivative")
        case Exchanges() if isinstance(condition.term, Gradient) and (
            exchangeable(condition.term, where, holds) or differentiates_inside(condition.term, where, holds)
        ):
            return Discharge(condition, True, "a Gaussian bounds the derivative")
    return Discharge(condition, None, "assumed")


def is_regularity(condition: Basic) -> bool:
    """Whether a condition is one that *proved* may leave open: that an integral exists, or that limits exchange."""
    if isinstance(condition, ForEvery):
        return is_regularity(condition.statement)
    return isinstance(condition, (Exists, Exchanges))


def _exists(condition: Exists, where: Context) -> Discharge:
    """Whether an integral converges, a derivative exists or a density is defined, by the form of the term."""
    term = condition.term
    if isinstance(term, (Expectation, Integral, KL)):
        plain = term if isinstance(term, KL) else plainest(term, where, holds)
        for form in dict.fromkeys((term, plain)):
            ground = integrable(form, where, holds) or averages(form, where, holds)
            if ground:
                return Discharge(condition, True, ground)
        condition = Exists(plain)
    elif isinstance(term, Density):
        answer = positive_density(term, where) or (defined(term, where, holds) or None)
        return Discharge(condition, answer, "assumed" if answer is None else "what is given has positive density")
    elif isinstance(term, Gradient) and differentiable(term, where, holds):
        return Discharge(condition, True, "smooth at its point")
    elif isinstance(term, Pow):
        return _power(condition, term, where)
    return Discharge(condition, None, "assumed")


def _power(condition: Exists, term: Pow, where: Context) -> Discharge:
    """a^b is a number where a > 0; where b is whole and a ≠ 0, or b ≥ 0 too."""
    if whole(term.exp, where.indices):
        rising = where.facts.nonnegative(term.exp) is True
        return replace(decide(Unequal(term.base, 0), where), condition=condition) if not rising else Discharge(
            condition, True, "a whole power"
        )
    return replace(decide(Greater(term.base, 0), where), condition=condition)


def holds(condition: Statement, where: Context) -> bool:
    """Whether a condition is known to hold at a place."""
    return decide(condition, where).answer is True


def _in_real_space(variable: Basic, where: Context) -> bool:
    """Whether a variable ranges over R^d: a vector, the unnamed point of a Gaussian, real, or of a Gaussian law."""
    if isinstance(variable, (Variable, Run)):
        sort = variable.element_sort if isinstance(variable, Run) else variable.sort
        return sort.kind == "vector"
    if str(getattr(variable, "name", "")) == DUMMY or Member(variable, SCALAR) in where.model.statements:
        return True
    laws = (law.lhs for law in where.model.laws if isinstance(law.rhs, Normal) and law not in where.model.claims)
    drawn = (item.variable for item in where.model.distributed if isinstance(item.density, Normal))
    return variable in {*drawn, *(name for law in laws if isinstance(law, Density) for name in law.variables)}


def in_support(condition: AlmostSurely, below: Context) -> Context:
    """The context with the bounds that are given of the random variables of a law: X > 0 is said of all its values.

    Of a Gaussian no such thing can be said: there a bound is one of the point that the text speaks of.
    """
    measure = condition.measure
    if not isinstance(measure, Density) or any(variable != point for variable, point in measure.targets):
        return below
    made = {part.lhs for part in (*below.model.equations, *below.model.definitions)}
    if any(variable in made or _gaussian(variable, below) for variable in condition.bound):
        return below
    kinds = (Less, LessEqual, Greater, GreaterEqual, Unequal)
    bounds = (part for part in below.model.bounds if isinstance(part, kinds))
    kept = (part for part in bounds if (spoken := free_variables(part)) and spoken <= set(condition.bound))
    return below.assuming(*(Given(part, frozenset(condition.bound)) for part in kept))


def _gaussian(variable: Basic, where: Context) -> bool:
    """Whether some law of the model makes a variable Gaussian, or a mixture of such."""
    laws = (law.lhs for law in where.model.laws if any(isinstance(node, Normal) for _, node in walk(law.rhs)))
    drawn = (item.variable for item in where.model.distributed if isinstance(item.density, Normal))
    return variable in {*drawn, *(name for law in laws if isinstance(law, Density) for name in law.variables)}


def _universally(given: Given, condition: Basic) -> bool:
    """A hypothesis for every value of some variables, at the values that the condition names."""
    if not given.universal or type(given.statement) is not type(condition):
        return False
    return alpha_equal(given.statement, condition)


def _compare(condition: Any, where: Context) -> Discharge:
    if isinstance(condition, (Greater, Unequal)) and condition.rhs == 0 and _a_variance(condition.lhs, where):
        return Discharge(condition, True, "the variance of a density that is given")
    if isinstance(condition, (Greater, Unequal)) and condition.rhs == 0 and isinstance(condition.lhs, Sum):
        counted = replace(where, indices=where.indices | {limit[0] for limit in condition.lhs.limits})
        part = decide(Greater(condition.lhs.function, 0), counted.at(condition.lhs, (0,)))
        if part.answer and _has_terms(condition.lhs, where):
            return Discharge(condition, True, "a sum of positive terms")
    difference = condition.rhs - condition.lhs
    ranged = _by_indices(condition, difference, where.facts)
    if ranged is not None:
        return Discharge(condition, ranged, "index range")
    facts = where.algebra_facts(condition.lhs, condition.rhs)
    if isinstance(condition, Equal):
        answer = algebra.decide(condition.lhs, condition.rhs, facts)
        if answer.status == "equal" and answer.exact and all(decide(need, where).answer for need in answer.provided):
            return Discharge(condition, True, "algebra")
        return Discharge(condition, None, "assumed")
    if not (is_scalar(condition.lhs) and is_scalar(condition.rhs)):
        return Discharge(condition, None, "assumed")
    wanted: dict[type, tuple[tuple[str, ...], tuple[str, ...]]] = {
        Less: (("+",), ("-", "0", "-0")),
        LessEqual: (("+", "0", "+0"), ("-",)),
        Greater: (("-",), ("+", "0", "+0")),
        GreaterEqual: (("-", "0", "-0"), ("+",)),
        Unequal: (("+", "-"), ("0",)),
    }
    true, false = wanted[type(condition)]
    answered = None
    for used in (facts, tuple(fact for fact in facts if not isinstance(fact, Equal))):
        if answered is None:  # what a name is equal to may hide that it is given as positive
            sign = algebra.sign(difference, used)
            answered = True if sign in true else False if sign in false else None
    if answered is None and isinstance(condition, Unequal) and algebra.sign(difference**2, facts) == "+":
        answered = True
    return Discharge(condition, answered, "assumed" if answered is None else "sign")


def _by_indices(condition: Any, difference: Any, facts: IndexFacts) -> bool | None:
    if difference.is_Rational:
        return bool(_NUMBERS[type(condition)](difference, 0))
    match condition:
        case LessEqual():
            return facts.nonnegative(difference)
        case GreaterEqual():
            return facts.nonnegative(-difference)
        case Less():
            return facts.nonnegative(difference - 1)
        case Greater():
            return facts.nonnegative(-difference - 1)
        case Unequal():
            equal = facts.equal(condition.lhs, condition.rhs)
            return None if equal is None else not equal
        case Equal():
            return facts.equal(condition.lhs, condition.rhs)
    return None


def _positive_definite(condition: PositiveDefinite, where: Context) -> Discharge:
    """v I ≻ 0 for v > 0, and what the model states of a symbol."""
    for bound in where.model.bounds:
        if isinstance(bound, PositiveDefinite) and _same_family(bound.args[0], condition.args[0]):
            return Discharge(condition, True, "given")
    if all(mentions(condition.args[0], point) is False for point in where.hidden) and any(
        isinstance(law.rhs, Normal) and _same_blocks(law.rhs.covariance, condition.args[0], where)
        for law in (*where.model.laws, *where.model.namings)
    ):
        return Discharge(condition, True, "the covariance of a density that is given")
    if is_scalar(condition.args[0]):
        return replace(decide(Greater(condition.args[0], 0), where), condition=condition)
    variance = _isotropic(condition.args[0])
    if variance is not None:
        return replace(decide(Greater(variance, 0), where), condition=condition)
    known = definite_matrices(where)
    if definite(condition.args[0], known, lambda number: decide(Greater(number, 0), where).answer is True):
        return Discharge(condition, True, "made of positive definite matrices")
    return Discharge(condition, None, "assumed")


def _a_variance(term: Basic, where: Context) -> bool:
    """Whether a name, or a multiple of it, is the variance that a law gives its variable: such a law has a density."""
    names = [factor for factor in Mul.make_args(term) if not factor.is_positive]
    if len(names) != 1 or not isinstance(names[0], (Symbol, Variable)):
        return False
    laws = (*where.model.laws, *where.model.namings)
    known = any(isinstance(law.rhs, Normal) and law.rhs.variance == names[0] for law in laws)
    return known and all(mentions(term, point) is False for point in where.hidden)


def _same_blocks(known: Basic, wanted: Basic, where: Context) -> bool:
    """Whether two matrices are the same term, or are put together of blocks that are equal by algebra."""
    if known == wanted:
        return True
    if not (isinstance(known, BlockMatrix) and isinstance(wanted, BlockMatrix)):
        return False
    pairs = [pair for rows in zip(known.rows, wanted.rows, strict=False) for pair in zip(*rows, strict=False)]
    return known.sort == wanted.sort and all(decide(Equal(*pair), where).answer is True for pair in pairs)


def _same_family(pattern: Basic, matrix: Basic) -> bool:
    """Whether a matrix is the one that is given, or one of the family: Σ_k ≻ 0 is said of Σ_j too."""
    families = isinstance(pattern, Variable) and isinstance(matrix, Variable)
    return pattern == matrix or (families and matches(pattern, matrix) is not None)


def _isotropic(covariance: Basic) -> Basic | None:
    parts = []
    for term in Add.make_args(covariance):
        scalar, matrix = split_scalar(term)
        if not isinstance(matrix, Identity):
            return None
        parts.append(scalar)
    return Add(*parts)


def _has_density(term: Basic) -> bool:
    return isinstance(term, (Density, Normal, Probability)) or any(_has_density(arg) for arg in term.args)


STARTED = "what the law starts from is positive, and so is all that follows"
"""The ground of q(A, B) > 0 from q(A | B) > 0 and q(B) > 0."""

DUMMY = "\\cdot"
"""The name of the point of a Gaussian that is written without one."""

_NUMBERS: dict[type, Any] = {
    LessEqual: operator.ge, GreaterEqual: operator.le, Less: operator.gt, Greater: operator.lt,
    Unequal: operator.ne, Equal: operator.eq,
}  # fmt: skip


# ---- positivity of densities --------------------------------------------------------------------------------------


def _positive(condition: Basic, term: Basic, where: Context) -> Discharge:
    if isinstance(term, Normal):
        definite = decide(PositiveDefinite(term.covariance), where)
        return Discharge(condition, True if definite.answer else None, definite.how)
    if isinstance(term, Density):
        here = not any(mentions(term, point) is not False for point in where.hidden)
        if here and Greater(term, 0) in where.model.bounds:
            return Discharge(condition, True, "given")
        if any(alpha_equal(given.statement, Greater(term, 0)) for given in where.given):
            return Discharge(condition, True, "given")
        for bound in where.model.bounds:
            if _says_positive(bound, where) and _instance_of(bound.lhs, term):
                return Discharge(condition, True, "given")
        answer = positive_density(term, where)
        if answer is None and any(
            _begun(bound.lhs, term, where) for bound in where.model.bounds if _says_positive(bound, where)
        ):
            return Discharge(condition, True, STARTED)
        return Discharge(condition, answer, "assumed" if answer is None else "every factor of the law is positive")
    if isinstance(term, Probability):
        return _probable(condition, term, where)
    complement = _complement(term, type(condition) is Unequal)
    if complement is not None:
        return replace(_probable(condition, complement, where), condition=condition)
    if isinstance(term, Mul) and _has_density(term):
        parts = [_positive(type(condition)(factor, 0), factor, where) for factor in term.args]
        whole = all(part.answer for part in parts)
        return Discharge(condition, True if whole else None, parts[0].how if whole else "assumed")
    if isinstance(term, Pow) and _has_density(term.base):
        return _positive(condition, term.base, where)
    if isinstance(term, Expectation) and is_scalar(term):
        inside = _positive(condition, term.body, where.at(term, (0,)))
        if inside.answer is not True:
            inside = decide(AlmostSurely(Greater(term.body, 0), term.measure), where)
        how = "the mean of what is positive" if inside.answer else "assumed"
        return Discharge(condition, True if inside.answer else None, how)
    if isinstance(term, (Product, Sum)) and _has_density(term):
        inside = _positive(Greater(term.function, 0), term.function, where.at(term, (0,)))
        filled = isinstance(term, Product) or _has_terms(term, where)
        return replace(inside, condition=condition, answer=True if inside.answer and filled else None)
    return _compare(condition, where)


def _has_terms(term: Sum, where: Context) -> bool:
    """Whether a sum is of one term at least: of none it is zero."""
    ends = [limit[1:] for limit in term.limits]
    return len(ends) == 1 and len(ends[0]) == 2 and where.facts.nonnegative(ends[0][1] - ends[0][0]) is True


def _probable(condition: Basic, term: Probability, where: Context) -> Discharge:
    """P(A) > 0 where P(A ∩ B) > 0 is given."""
    wanted = set(_parts_of(term.event))
    for bound in where.model.bounds:
        known = bound.args[0] if isinstance(bound, Greater) and bound.args[1] == 0 else None
        if not isinstance(known, Probability) or known.law != term.law or known.given != term.given:
            continue
        if wanted <= set(_parts_of(known.event)):
            return Discharge(condition, True, "a part of it is probable")
    if any(isinstance(equation, Equal) and equation.lhs == term for equation in where.model.laws):
        return _compare(condition, where)  # P(A) = 1/2
    return Discharge(condition, None, "assumed")


def _complement(term: Basic, either: bool) -> Probability | None:
    """P(Aᶜ) for 1 − P(A); for P(A) − 1 too where only being zero matters."""
    for sign in (1, -1) if either else (1,):
        rest = Add(1, Mul(-sign, term))
        if isinstance(rest, Probability):
            return Probability(Complement(rest.event), rest.given, rest.law)
    return None


def _parts_of(event: Basic) -> tuple[Basic, ...]:
    return event.args if isinstance(event, Intersection) else (event,)


def _instance_of(pattern: Density, target: Density) -> bool:

    return renamed_onto(pattern, target) is not None


def positive_density(density: Density, where: Context) -> bool | None:
    """Whether a conditional density is positive at every point.

    It is where all factors of the law are Gaussians with positive variance, the variables left of the bar are among
    those the factors generate and distinct from those right of it: it is then a quotient of integrals of a positive
    function.
    """
    if any(_part_of(bound.lhs, density, where) for bound in where.model.bounds if _says_positive(bound, where)):
        return True
    if any(isinstance(law.rhs, Normal) and _part_of(law.lhs, density, where) for law in where.model.laws):
        return True
    factorization = where.model.factorization(density.law)
    if factorization is None:
        return _law_positive(density, where)
    if _factor_of_positive(factorization, density, where):
        return True
    generated = factorization.joint.variables
    targets = tuple(pair[0] for pair in density.targets)
    givens = tuple(pair[0] for pair in density.givens)
    roots = tuple(pair[0] for pair in factorization.joint.givens)
    if not all(any(contained(target, made, where.facts) for made in generated) for target in targets):
        return None
    sources = (*generated, *roots, *_joined(generated, roots))
    if not all(any(contained(item, known, where.facts) for known in sources) for item in givens):
        return None
    if any(overlap(target, item, where.facts) is not False for target in targets for item in givens):
        return None
    return True if _factors_positive(factorization, where) else _law_positive(density, where) or None


def _factor_of_positive(factorization: Factorization, density: Density, where: Context) -> bool:
    """Whether a density is a factor of a joint that is positive everywhere: no factor of it is zero then."""
    if not any(bound.lhs == factorization.joint for bound in where.model.bounds if _says_positive(bound, where)):
        return False
    plain = any(factor.index is None and factor.density == density for factor in factorization.factors)
    ranges = law_range(where.model, density, {})
    return plain or (bool(ranges) and all(decide(bound, where).answer is True for bound in ranges))


def _says_positive(bound: Statement, where: Context) -> bool:
    """Whether a bound says that a density is positive, at every point: nothing else is said of its points."""
    if not (isinstance(bound, Greater) and bound.rhs == 0 and isinstance(bound.lhs, Density)):
        return False
    points = [pair[1] for pair in (*bound.lhs.targets, *bound.lhs.givens)]
    others = [part for part in (*where.model.bounds, *where.model.equations, *where.model.definitions) if part != bound]
    others = [part for part in others if not (isinstance(part, Greater) and isinstance(part.lhs, Density))]
    others = [part for part in others if not (of_a_normaliser(part) or _of_no_concern(part) or _moves_a_law(part))]
    return all(isinstance(point, (Symbol, Variable, Run)) for point in points) and not any(
        _singled_out(point, part) for part in others for point in points
    )


def _of_no_concern(part: Statement) -> bool:
    """Whether a statement says nothing of points: that something does not depend on a name that it does not speak of,
    ∇_φ f(z) = 0, or what a function is, L(x) = ….
    """
    slope = part.args[0]
    if isinstance(part, (Equal, Definition)) and isinstance(slope, Application):
        return all(isinstance(place, (Symbol, Variable, Run)) for place in slope.arguments)
    constant = isinstance(part, Equal) and part.args[1] == 0 and isinstance(slope, Gradient)
    return constant and mentions(slope.body, slope.variable) is False


def _moves_a_law(part: Statement) -> bool:
    """Whether a statement says how a law moves in time, ∂p_t(x)/∂t = …: it is said of every x."""
    return any(
        isinstance(node, Gradient) and isinstance(node.body, Density) and node.variable in node.body.law.indices
        for _, node in walk(part)
    )


def _singled_out(point: Basic, part: Basic) -> bool:
    """Whether a statement says something of a point itself, and not only of densities there."""
    if isinstance(part, Density) or mentions(part, point) is False:
        return False
    held = binding(part)
    inside = part.args if held is None else held.inside
    return part == point or not part.args or any(_singled_out(point, arg) for arg in inside)


def _part_of(joint: Density, density: Density, where: Context) -> bool:
    """Whether a density is a conditional of variables of a joint that is positive everywhere, given what that is given.

    It is then the quotient of two integrals of a positive function.
    """
    if joint.law != density.law:
        return False
    targets, givens = ([pair[0] for pair in side] for side in (density.targets, density.givens))
    roots, made = ([pair[0] for pair in side] for side in (joint.givens, joint.targets))
    pieces = list(Density(density.law, givens, ()).variables) if givens else []
    known = [
        item for item in pieces
        if _within((item,), made, where.facts) or _within((item,), (*roots, *_joined(made, roots)), where.facts)
    ]  # fmt: skip
    return (
        _within(targets, made, where.facts)
        and len(known) == len(pieces)
        and all(any(contained(root, item, where.facts) for item in pieces) for root in roots)
        and disjoint((targets, givens), where) is True
    )


def _begun(joint: Density, density: Density, where: Context) -> bool:
    """Whether a density is of variables of a factorization q(A | B) > 0 and of B, where those of B that it has have
    q > 0.

    q(A, B) = q(A | B) q(B), and the mean of what is positive is positive whatever q(B) is.
    """
    generated = where.model.factorization(density.law)
    if generated is None or generated.joint != joint or not joint.givens:
        return False
    if any(variable != point for variable, point in (*density.targets, *density.givens)):
        return False
    roots, made = ([pair[0] for pair in side] for side in (joint.givens, joint.targets))
    items = list(density.variables)
    given = [pair[0] for pair in density.givens]
    whole = (*made, *roots, *_joined(made, roots))
    if _within(items, roots, where.facts) or not _within((*items, *given), whole, where.facts):
        return False
    if any(overlap(root, item, where.facts) is None for root in roots for item in (*items, *given)):
        return False
    begun = [root for root in roots if any(overlap(root, item, where.facts) for item in (*items, *given))]
    known = not begun or decide(Greater(Density(density.law, begun), 0), where).answer is True
    return known and disjoint((items, given), where) is True


def _joined(made: Sequence[Basic], roots: Sequence[Basic]) -> tuple[Basic, ...]:
    """Variables of a joint with what it is given, joined to runs."""
    return Density(Law("joint"), [*made, *roots]).variables


def _law_positive(density: Density, where: Context) -> bool | None:
    """Whether a law gives the density, with as much or more right of the bar, as a Gaussian of positive variance.

    With less right of the bar it is a mean of such Gaussians; what it is independent of may stand there too.
    """
    for law in where.model.laws:
        if not isinstance(law.rhs, Normal) or law.lhs.law != density.law:
            continue
        names = {**(renamed_onto(law.lhs, density) or {})}
        if not names and len(law.lhs.targets) == len(density.targets) == 1:
            names = matches(law.lhs.variables[0], density.variables[0]) or {}
        moved = substitute(law.lhs, names) if names else law.lhs
        known = {pair[0] for pair in moved.givens}
        indices = [index for item in known for index in getattr(item, "indices", ())]
        if any(where.facts.at_most(0, index) is False for index in indices):
            continue  # x_0 is generated by nothing
        beyond = [pair[0] for pair in density.givens if pair[0] not in known]
        if moved.variables != density.variables:
            continue
        if not beyond or decide(Independent(moved.variables, beyond, known, density.law), where).answer is True:
            return decide(PositiveDefinite(substitute(law.rhs.covariance, names)), replace(where, given=())).answer
    return None


def _factors_positive(factorization: Factorization, where: Context) -> bool:
    """Whether every factor is given as a Gaussian of positive variance, at every index of its range."""

    for factor in factorization.factors:
        law = next((law for law in where.model.laws if renamed_onto(law.lhs, factor.density) is not None), None)
        if law is None or not isinstance(law.rhs, Normal):
            return False
        mapping = renamed_onto(law.lhs, factor.density) or {}
        normal = substitute(law.rhs, mapping)
        facts = where.model.facts
        if factor.index is not None:
            facts = facts.without(factor.index).between(factor.index, factor.lower, factor.upper)
        inside = Context(where.model, (), facts, where.indices)
        if decide(PositiveDefinite(normal.covariance), inside).answer is not True:
            return False
    return True


# ---- independence -------------------------------------------------------------------------------------------------


def _independent(condition: Independent, where: Context) -> Discharge:
    """By a stated independence, or by the graph of a declared factorization; of no variables it always holds."""
    if not condition.left or not condition.right:
        return Discharge(condition, True, "nothing is independent of anything")
    stated = (*where.model.independences, *(g.statement for g in where.given if isinstance(g.statement, Independent)))
    for known in stated:
        if known.law not in (None, condition.law):
            continue
        if any(_weaker(condition, instance, where.facts) for instance in _at_indices(known, condition)):
            return Discharge(condition, True, "given")
    laws = {entry.law for entry in where.model.factorizations}
    for factorization in where.model.factorizations:
        if (condition.law is None and len(laws) > 1) or condition.law not in (None, factorization.law):
            continue
        answer = separated(factorization, condition.left, condition.right, condition.given, where.facts)
        if answer:
            return Discharge(condition, True, "d-separation")
    return Discharge(condition, None, "assumed")


def _at_indices(known: Independent, wanted: Independent) -> list[Independent]:
    """A stated independence at the indices at which its variables are those of the one that is wanted.

    X_i ⊥ X_j is said of any two that differ: that they do is for those to see who speak of both.
    """
    found = [known]
    pairs = [
        mapping for mine in (*known.left, *known.right) for other in (*wanted.left, *wanted.right)
        if isinstance(mine, Variable) and isinstance(other, Variable) and (mapping := matches(mine, other))
    ]  # fmt: skip
    for place, mapping in enumerate(pairs):
        found.append(substitute(known, mapping))
        for other in pairs[place + 1 :]:
            if not set(mapping) & set(other):
                found.append(substitute(known, {**mapping, **other}))
    return found


def _weaker(wanted: Independent, known: Independent, facts: IndexFacts) -> bool:
    """Decomposition and weak union: from A ⊥ B ∪ D | C follow A ⊥ B | C and A ⊥ B | C ∪ D (Pearl 1988, ch. 3)."""
    for left, right in ((known.left, known.right), (known.right, known.left)):
        for a, b in ((wanted.left, wanted.right), (wanted.right, wanted.left)):
            if not (_within(a, left, facts) and _within(b, right, facts) and _within(known.given, wanted.given, facts)):
                continue
            extra = [item for item in wanted.given if not _within((item,), known.given, facts)]
            if all(_within((item,), (*left, *right), facts) for item in extra):
                return True
    return False


def _within(items: Iterable[Basic], container: Iterable[Basic], facts: IndexFacts) -> bool:
    container = tuple(container)
    return all(any(contained(item, other, facts) is True for other in container) for item in items)


def disjoint(groups: Iterable[Iterable[Basic]], where: Context) -> bool | None:
    """Whether sets of variables share no variable, whatever the indices are."""
    parts = [tuple(group) for group in groups]
    answers = [
        overlap(left, right, where.facts)
        for place, group in enumerate(parts)
        for other in parts[place + 1 :]
        for left in group
        for right in other
    ]
    if True in answers:
        return False
    return None if None in answers else True
