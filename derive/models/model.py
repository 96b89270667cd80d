"""A model: the statements a paper opens with, compiled into what the engine asks of them.

The statements are kept as written; compiling only sorts them: definitions of scalars, recursions, bounds, laws given
as Gaussians, factorizations, independences, couplings of random variables, claims. A free index of a statement stands
for every value for which the line makes sense.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from sympy import Basic, Pow, Product, S, Symbol

from derive.errors import ModelError
from derive.models.arguments import in_plain_arguments
from derive.models.factorization import Factorization, generated_once, index_symbols, is_size, read_factorization
from derive.models.normalised import normalised
from derive.terms import (
    INDEX,
    Application,
    Chain,
    Definition,
    Density,
    Distributed,
    Equal,
    Independent,
    IndexFacts,
    Label,
    Law,
    Member,
    Normal,
    PositiveDefinite,
    PositiveSemidefinite,
    Proportional,
    Relation,
    Restricted,
    Run,
    Statement,
    Variable,
    alpha_equal,
    facts_of,
    free_variables,
    is_scalar,
    orders,
    substitute,
)
from derive.terms.binding import NO_FACTS
from derive.terms.rewriting import mapped
from derive.terms.statements import Greater, GreaterEqual, Less, LessEqual, Unequal
from derive.terms.times import times_in


@dataclass(frozen=True)
class Line:
    """A statement of a model as it was written, with its place."""

    statement: Statement
    text: str = ""
    line: int | None = None


@dataclass(frozen=True)
class Recursion:
    """f_t = step for every t with t ≥ first, and f_{first−1} = base where a base is given.

    A product ∏_{s=a}^{t} g_s is the recursion f_t = g_t f_{t−1} with base 1 at a − 1.
    """

    head: Variable
    index: Symbol
    step: Basic
    first: Any
    base: Basic | None

    def previous(self) -> Variable:
        """f_{t−1}."""
        return substitute(self.head, {self.index: self.index - 1})  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Model:
    """The compiled model; every part is a tuple of statements, in the order of the text.

    laws: densities given as Gaussians or as other terms, universal in indices and points. functions: vector-valued
    functions defined for every value of their arguments. restricted: bounds on the members of a
    family whose index lies within a range. claims: statements about quantities that the rest of the
    model already determines; they are proved before they are used.
    """

    name: str = ""
    lines: tuple[Line, ...] = ()
    file: str | None = None
    declarations: Any = field(default=None, compare=False)
    title: str = ""
    indices: frozenset[Symbol] = frozenset()
    times: frozenset[Symbol] = frozenset()
    facts: IndexFacts = NO_FACTS
    definitions: tuple[Equal, ...] = ()
    functions: tuple[Equal, ...] = ()
    recursions: tuple[Recursion, ...] = ()
    bounds: tuple[Statement, ...] = ()
    restricted: tuple[Restricted, ...] = ()
    equations: tuple[Equal, ...] = ()
    laws: tuple[Equal, ...] = ()
    factorizations: tuple[Factorization, ...] = ()
    independences: tuple[Independent, ...] = ()
    distributed: tuple[Distributed, ...] = ()
    claims: tuple[Equal, ...] = ()
    goals: tuple[tuple[str, Statement], ...] = ()

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash((self.lines, self.indices, self.definitions, self.laws, self.bounds, self.restricted))

    def __getstate__(self) -> dict[str, Any]:
        """What is carried to another process: not the hash, which is another one there."""
        return {name: value for name, value in self.__dict__.items() if name != "_hash"}

    @cached_property
    def quantities(self) -> frozenset[str]:
        """The names of what the model speaks of as particular quantities (β, σ, θ), points of densities left out."""
        spoken: set[Any] = set()
        for part in (*self.definitions, *self.bounds, *self.restricted, *self.equations, *self.distributed):
            spoken |= free_variables(part)
        for function in self.functions:
            spoken |= free_variables(function.rhs) - set(function.lhs.arguments)
        for recursion in self.recursions:
            spoken |= free_variables(recursion.head) | free_variables(recursion.step)
        for law in self.laws:
            points = {pair[1] for pair in (*law.lhs.targets, *law.lhs.givens)}
            spoken |= free_variables(law.rhs) - points
            spoken |= free_variables(law.lhs.law)
        return frozenset(str(item.name) for item in spoken if hasattr(item, "name") and item not in self.indices)

    def includes(self, other: Model) -> bool:
        """Whether all that the other model assumes is assumed here: what is a law there may be a claim here."""
        return set(other.lines) <= set(self.lines) and set(other.given_densities) <= set(self.given_densities)

    @cached_property
    def sizes(self) -> frozenset[Symbol]:
        """The indices that are one number each: T, N, and the ends of what a factorization generates."""
        ends = (index_symbols((entry.joint,)) for entry in self.factorizations)
        return frozenset({index for index in self.indices if is_size(index)}.union(*ends))

    @cached_property
    def given_densities(self) -> tuple[Equal, ...]:
        """What the model gives for densities and functions, as equations: laws, factorizations, definitions, x ~ N."""
        joints = {entry.joint: entry.law for entry in self.factorizations}
        stated = [
            Equal(part.lhs, _in_one_law(part.rhs, joints[part.lhs]))
            for line in self.lines
            for part in links_of(line.statement)
            if isinstance(part, Equal) and part.lhs in joints
        ]
        drawn = [
            Equal(Density(Law(""), [part.variable]), part.density) for part in self.distributed
            if isinstance(part.variable, (Symbol, Variable)) and isinstance(part.density, Normal)
            and part.density.point == part.variable
        ]  # fmt: skip
        return (*self.laws, *dict.fromkeys(stated), *self.functions, *dict.fromkeys(drawn), *self.namings)

    @cached_property
    def namings(self) -> tuple[Equal, ...]:
        """The Gaussians beside the kernels that determine them whose mean and spread are names that stand nowhere else.

        q(x_{t−1} | x_t, x_0) = N(x_{t−1}; μ̃_t, β̃_t I) names what the chain determines: it is no claim about it.
        """
        return tuple(claim for claim in self.claims if isinstance(claim.rhs, Normal) and self._fresh(claim))

    def _fresh(self, claim: Equal) -> bool:
        """Whether a Gaussian's mean and spread are bare names, of no variable, that nothing else gives a value.

        Bounds may speak of them, so may what other names and other laws are made of: σ_t² = β̃_t says what σ_t is.
        """
        spread = claim.rhs.covariance if claim.rhs.variance is None else claim.rhs.variance
        names = {str(getattr(part, "name", "")) for part in (claim.rhs.mean, spread) if isinstance(part, _NAMES)}
        others: tuple[Basic, ...] = (
            *(part for part in (*self.laws, *self.claims) if part != claim and part.lhs.law == claim.lhs.law),
            *(part.lhs for part in (*self.definitions, *self.functions)), *map(self._tie, self.equations),
            *self.distributed, *(entry.head for entry in self.recursions),
            *(entry.step for entry in self.recursions), *(entry.joint for entry in self.factorizations), claim.lhs,
        )  # fmt: skip
        return len(names) == 2 and not any(names & _applied(other) for other in others)

    def _tie(self, equation: Equal) -> Basic:
        """What an equation says something of: its left side, where that is a name or its square and free elsewhere."""
        root = equation.lhs.base if isinstance(equation.lhs, Pow) and equation.lhs.exp == 2 else equation.lhs
        if not isinstance(root, (Symbol, Variable)) or str(root.name) in _applied(equation.rhs):
            return equation
        given = (*self.definitions, *self.functions, *(part for part in self.equations if part != equation))
        heads = (*(part.lhs for part in (*given, *self.laws)), *(entry.head for entry in self.recursions))
        return equation if any(str(root.name) in _applied(head) for head in heads) else equation.lhs

    @property
    def assumptions(self) -> tuple[Statement, ...]:
        """What the model restricts its quantities and laws by: everything but declarations and index ranges."""
        recursions = [
            part for line in self.lines for part in links_of(line.statement)
            if isinstance(part, Equal) and any(
                getattr(part.lhs, "name", None) == recursion.head.name for recursion in self.recursions
            )
        ]  # fmt: skip
        return (
            *self.bounds, *self.restricted, *self.equations, *self.definitions, *self.functions, *recursions,
            *self.laws, *self.claims, *self.independences, *self.distributed,
        )  # fmt: skip

    @property
    def statements(self) -> tuple[Statement, ...]:
        return tuple(line.statement for line in self.lines)

    def factorization(self, law: Law) -> Factorization | None:
        """The declared factorization of a law."""
        return next((entry for entry in self.factorizations if entry.law == law), None)

    def with_lines(self, lines: Sequence[Line]) -> Model:
        """The model with further statements, compiled again."""
        return compile_model(
            (*self.lines, *lines), name=self.name, file=self.file, declarations=self.declarations,
            title=self.title, goals=self.goals, times=self.times,
        )  # fmt: skip

    def without(self, *statements: Statement) -> Model | None:
        """The model without the lines that say just this; None where there is none."""
        lines = [line for line in self.lines if line.statement not in statements]
        if len(lines) == len(self.lines):
            return None
        try:
            return compile_model(lines, name=self.name, declarations=self.declarations, times=self.times)
        except ModelError:
            return None

    def goal(self, name: str) -> Statement | None:
        """The published result that a derivation of this name is compared with, where the model states one."""
        return dict(self.goals).get(name)


def compile_model(
    lines: Iterable[Line],
    *,
    name: str = "",
    file: str | None = None,
    declarations: Any = None,
    title: str = "",
    goals: Iterable[tuple[str, Statement]] = (),
    times: frozenset[Symbol] = frozenset(),
) -> Model:
    """Sort the statements of a model. Raises `ModelError` where two of them contradict each other on their face.

    `times` are symbols that are known to be continuous from elsewhere: a claim differentiates in them.
    """
    lines = tuple(replace(line, statement=as_equation(line.statement)) for line in lines)
    lines = tuple(line for line in lines if not _says_nothing(line.statement))
    flat = [(part, line) for line in lines for part in links_of(line.statement)]
    continuous = times | times_in(line.statement for line in lines)
    indices = indices_in(statement for statement, _ in flat) - continuous
    model = Model(
        name=name, lines=lines, file=file, declarations=declarations, title=title, goals=tuple(goals),
        indices=indices, times=continuous,
    )  # fmt: skip
    factorizations = [
        found for part, _ in flat if isinstance(part, Equal)
        if (found := read_factorization(part.lhs, part.rhs)) is not None
    ]  # fmt: skip
    for found in factorizations:
        _check_factorization(found, file)
    model = replace(model, factorizations=tuple(factorizations))
    for part, line in flat:
        model = _place(model, part, line)
    model = replace(model, facts=facts_of(model.bounds, indices).known(*_sizes(model)))
    return replace(model, bounds=tuple(b for b in model.bounds if not orders(b, indices)))


def _says_nothing(statement: Any) -> bool:
    r"""Whether a line is a = a, as `\dot\alpha_t = \frac{d\alpha_t}{dt}` is where dots are read as derivatives."""
    return isinstance(statement, Equal) and bool(statement.lhs == statement.rhs)


def as_equation(statement: Any) -> Any:
    """`l := r` as the equation l = r, alone and in a chain: what a name means is as true of it as anything else."""
    if isinstance(statement, Definition):
        return Equal(statement.lhs, statement.rhs)
    return Chain(*map(as_equation, statement.links)) if isinstance(statement, Chain) else statement


_NAMES = (Symbol, Variable, Application)


def _in_one_law(term: Basic, law: Law) -> Any:
    """A product of densities with p(x_T), in p_θ's factorization, written as p_θ(x_T)."""
    if isinstance(term, Density):
        bare = term.law != law and term.law.name == law.name and not term.law.indices
        return Density(law, term.targets, term.givens) if bare else term
    return mapped(term, lambda part: _in_one_law(part, law))


def links_of(statement: Statement) -> tuple[Statement, ...]:
    """The relations of a chain, or the statement alone."""
    return statement.links if isinstance(statement, (Chain, Restricted)) else (statement,)


def _sizes(model: Model) -> list[Any]:
    """T ≥ 1: the runs of a factorization's joint are not empty."""
    return [
        variable.upper - variable.lower
        for entry in model.factorizations
        for variable in entry.joint.variables
        if isinstance(variable, Run)
    ]


def indices_in(statements: Iterable[Basic]) -> frozenset[Symbol]:
    """The symbols that statements and terms use as indices: subscripts, ends of runs, limits of sums and products."""
    found: set[Symbol] = set()
    for statement in statements:
        if isinstance(statement, Member) and statement.domain == INDEX and isinstance(statement.variable, Symbol):
            found.add(statement.variable)
        stack: list[Basic] = [statement]
        while stack:
            node = stack.pop()
            found |= index_symbols((node,))
            if isinstance(node, Product) or type(node).__name__ == "Sum":
                for index, lower, upper in node.limits:
                    found |= {index} | lower.free_symbols | upper.free_symbols
            if isinstance(node, (Law, Application)):
                continue_into = node.args[1:]
                stack.extend(continue_into)
                continue
            stack.extend(node.args)
    return frozenset(symbol for symbol in found if isinstance(symbol, Symbol) and not _is_parameter(symbol))


def _is_parameter(symbol: Symbol) -> bool:
    return symbol.name.startswith("\\")


def _check_factorization(found: Factorization, file: str | None) -> None:
    """Each variable is generated once, in an order; tried at the sizes 1 to 4."""
    symbols = sorted(index_symbols((found.joint,)), key=str)
    for size in range(1, 5):
        if not generated_once(found, dict.fromkeys(symbols, size)):
            raise ModelError(
                f"the factorization of {found.law.name} does not generate each of its variables once",
                file=file,
                expected="a product of conditionals that makes every variable left of the bar, in an order",
            )


def _place(model: Model, part: Statement, line: Line) -> Model:
    match part:
        case Member() | PositiveDefinite() | PositiveSemidefinite():
            if isinstance(part, Member):
                return model
            return replace(model, bounds=(*model.bounds, part))
        case Less() | LessEqual() | Greater() | GreaterEqual() | Unequal():
            return replace(model, bounds=(*model.bounds, part))
        case Restricted():
            return replace(model, restricted=(*model.restricted, part))
        case Independent():
            return replace(model, independences=(*model.independences, part))
        case Distributed():
            return replace(model, distributed=(*model.distributed, part))
        case Equal():
            return _place_equation(model, part, line)
        case Proportional() if (found := normalised(part, (*model.laws, *model.bounds))) is not None:
            law, bound = found
            return _place_law(replace(model, bounds=(*model.bounds, bound)), law, line)
        case Relation():
            raise ModelError(
                "a model states equations, bounds, laws and independences, not this relation",
                file=model.file, line=line.line, source=line.text,
            )  # fmt: skip
    raise ModelError("this line is no statement of a model", file=model.file, line=line.line, source=line.text)


def _place_equation(model: Model, equation: Equal, line: Line) -> Model:
    equation = in_plain_arguments(equation)
    lhs, rhs = equation.lhs, equation.rhs
    if isinstance(lhs, Density):
        return _place_law(model, equation, line)
    if isinstance(lhs, (Variable, Symbol, Application)) and is_scalar(lhs):
        if isinstance(lhs, Variable):
            recursion = _recursion(model, *_at_its_index(lhs, rhs))
            if recursion is not None:
                return replace(model, recursions=(*model.recursions, recursion))
        if _defines(model, lhs, rhs):
            return replace(model, definitions=(*model.definitions, equation))
    if isinstance(lhs, Application) and not is_scalar(lhs) and _defines_function(model, lhs, rhs):
        return replace(model, functions=(*model.functions, equation))
    return replace(model, equations=(*model.equations, equation))


def _at_its_index(head: Variable, body: Basic) -> tuple[Any, Any]:
    """`f_{k+1} = …` as `f_k = …`, for every k."""
    symbols = sorted(head.indices[0].free_symbols, key=str) if len(head.indices) == 1 else []
    shift = head.indices[0] - symbols[0] if len(symbols) == 1 else S.Zero
    if not shift.is_Integer or shift == 0:
        return head, body
    return tuple(substitute(term, {symbols[0]: symbols[0] - shift}) for term in (head, body))  # type: ignore[return-value]


def _recursion(model: Model, head: Variable, body: Basic) -> Recursion | None:
    if len(head.indices) != 1:
        return None
    index = head.indices[0]
    if isinstance(index, Symbol) and isinstance(body, Product):
        bound, lower, upper = body.limits[0]
        if upper == index and index not in lower.free_symbols and bound != head:
            previous = substitute(head, {index: index - 1})
            step = substitute(body.function, {bound: index}) * previous
            return Recursion(head, index, step, lower, S.One)
    if isinstance(index, Symbol):
        previous = substitute(head, {index: index - 1})
        family = [item for item in free_variables(body) if isinstance(item, Variable) and item.name == head.name]
        if family == [previous]:
            return Recursion(head, index, body, S.One, _base(model, head, index))
    return None


def _base(model: Model, head: Variable, index: Symbol) -> Basic | None:
    zero = substitute(head, {index: S.Zero})
    for part in (piece for line in model.lines for piece in links_of(line.statement)):
        if isinstance(part, Equal) and part.lhs == zero:
            return part.rhs  # type: ignore[no-any-return]
    return None


def _defines(model: Model, head: Basic, body: Basic) -> bool:
    """Whether head = body may be read as the definition of a fresh head: distinct arguments, no circle, given once."""
    if any(_same_family(known.lhs, head) for known in model.definitions):
        return False
    arguments = head.args[3:] if isinstance(head, Application) else getattr(head, "indices", ())
    if any(not isinstance(argument, (Symbol, Variable)) and argument.free_symbols for argument in arguments):
        return False
    spoken, seen = list(free_variables(body)), set[Basic]()
    while spoken:
        item = spoken.pop()
        if isinstance(item, (Variable, Symbol)) and item not in seen:
            seen.add(item)
            if _same_family(item, head):
                return False
            spoken += [new for known in model.definitions if _same_family(known.lhs, item)
                       for new in free_variables(known.rhs)]  # fmt: skip
    return True


def _defines_function(model: Model, head: Application, body: Basic) -> bool:
    """Whether f(x, t) = body defines a vector-valued function for every value of its arguments.

    The arguments are distinct; every point of the body is one of them and every index stands in the head; the body
    leads through no definition back to f, which is given once.
    """
    arguments = head.arguments
    if len(set(arguments)) != len(arguments) or not all(isinstance(item, (Symbol, Variable)) for item in arguments):
        return False
    points = {item for item in free_variables(body) if isinstance(item, (Variable, Run)) and not is_scalar(item)}
    if not points <= set(arguments):
        return False
    if not {symbol for symbol in indices_in((body,)) & body.free_symbols if not is_size(symbol)} <= head.free_symbols:
        return False
    if any(
        known.lhs.name == head.name and len(known.lhs.arguments) == len(head.arguments) for known in model.functions
    ):  # ε(x, t) and ε(x, t, y) are two functions
        return False
    known: dict[str, set[str]] = {}
    for part in (*model.functions, *model.definitions):
        known.setdefault(str(part.lhs.name), set()).update(_applied(part.rhs))
    waiting, seen = _applied(body), set[str]()
    while waiting:
        name = waiting.pop()
        if name == head.name:
            return False
        if name not in seen:
            waiting |= known.get(name, set())
        seen.add(name)
    return True


def _applied(term: Basic) -> set[str]:
    """The names of the functions that a term applies, and of its quantities."""
    found = {str(term.name)} if isinstance(term, (Application, Variable, Symbol)) else set()
    return found.union(*(_applied(arg) for arg in term.args)) if term.args else found


def _same_family(left: Basic, right: Basic) -> bool:
    if isinstance(left, Symbol) or isinstance(right, Symbol):
        return left == right
    if type(left) is not type(right) or left.name != right.name:  # type: ignore[attr-defined]
        return False
    if isinstance(left, Variable) and isinstance(right, Variable):
        concrete = [
            all(index.is_Integer or isinstance(index, Label) for index in item.indices) for item in (left, right)
        ]
        return left.indices == right.indices if any(concrete) else True
    return True


def _place_law(model: Model, equation: Equal, line: Line) -> Model:
    """A law, a factorization that is given twice, or a claim: what the rest of the model determines already.

    A density that is a law at particular indices only, such as q(x_t | x_0) where q(x_T | x_0) is a factor, is a claim;
    so is what is said again of a law at one of its indices.
    """
    density = equation.lhs
    found = read_factorization(density, equation.rhs)
    if found is not None and found in model.factorizations:
        return model
    factorization = model.factorization(density.law)
    own = factorization is None or is_factor(factorization, density)
    for known in model.laws:
        matched, back = renamed_onto(known.lhs, density), renamed_onto(density, known.lhs)
        if matched is None and (back is None or not own):
            continue
        if matched is not None and alpha_equal(substitute(known.rhs, matched), equation.rhs):
            return model
        if matched is not None and back is None:
            return replace(model, claims=(*model.claims, equation))
        if back is not None and matched is None:  # what was said of one index is now said of all
            if not alpha_equal(substitute(equation.rhs, back), known.rhs):
                rest = tuple(law for law in model.laws if law != known)
                model = replace(model, laws=rest, claims=(*model.claims, known))
            continue
        raise ModelError(
            f"two different densities are given for one law, {density.law.name}",
            file=model.file, line=line.line, source=line.text,
            expected="one conditional density for each factor of the law",
        )  # fmt: skip
    if not own:
        return replace(model, claims=(*model.claims, equation))
    return replace(model, laws=(*model.laws, equation))


def is_factor(factorization: Factorization, density: Density) -> bool:
    """Whether a density is a factor at every index for which it is about the factorization's variables."""
    if any(
        factor.density == density if factor.index is None else renamed_onto(factor.density, density) is not None
        for factor in factorization.factors
    ):
        return True
    joint = (*factorization.joint.variables, *(pair[0] for pair in factorization.joint.givens))
    numbers = [[index for index in getattr(item, "indices", ()) if index.is_Integer] for item in joint]
    if any(isinstance(item, Run) for item in joint) or not all(numbers):
        return False  # one of many: of a single variable's index a general density says more
    open_ = sorted((symbol for symbol in index_symbols((density,)) if not is_size(symbol)), key=str)
    if len(open_) != 1:
        return False
    own = set(joint)
    at = [substitute(density, {open_[0]: index}) for index in sorted({index for row in numbers for index in row})]
    inside = [each for each in at if {*each.variables, *(pair[0] for pair in each.givens)} <= own]
    stated = {factor.density for factor in factorization.factors}
    return bool(inside) and set(inside) <= stated


def renamed_onto(pattern: Any, target: Any) -> dict[Basic, Any] | None:
    """The index substitution that turns one density's variables into another's, or None."""
    if pattern.law != target.law or len(pattern.targets) != len(target.targets):
        return None
    if len(pattern.givens) != len(target.givens):
        return None
    for symbol in sorted((s for s in index_symbols((pattern,)) if not is_size(s)), key=str):
        for shift in _shifts(symbol, pattern, target):
            moved = substitute(pattern, {symbol: shift})
            if moved == target:
                return {symbol: shift}
    return {} if pattern == target else None


def _shifts(symbol: Symbol, pattern: Any, target: Any) -> list[Any]:
    """What the symbol must become for one variable of the pattern to match one of the target."""
    candidates: list[Any] = []
    for mine in (*pattern.variables, *(pair[0] for pair in pattern.givens)):
        for other in (*target.variables, *(pair[0] for pair in target.givens)):
            if not (isinstance(mine, Variable) and isinstance(other, Variable) and mine.name == other.name):
                continue
            if len(mine.indices) == len(other.indices) == 1:
                shift = mine.indices[0] - symbol
                if symbol not in shift.free_symbols:
                    candidates.append(other.indices[0] - shift)
    return candidates


def gaussian(law: Equal) -> Normal | None:
    """The Gaussian that a law's equation gives, or None."""
    return law.rhs if isinstance(law.rhs, Normal) else None
