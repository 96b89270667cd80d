"""A rule's formula, read: a statement between terms with metavariables, and what each of them is.

A metavariable is *free* where the formula mentions it as a value, and *bound* where a sum, an integral, an expectation
or a gradient of the formula binds it. A bound name that is no variable of a density may be called anything; one that is
(the B of ∫ p(A, B | C) dB) says which variable is meant, and counts as mentioned.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sympy import Basic, Integer, Product, Sum, Symbol, Tuple

from derive.errors import DeriveError, RuleError
from derive.latex.building import Requirement
from derive.latex.declarations import Declarations
from derive.latex.reader import read_statement, read_term
from derive.rulebook.clauses import ConditionText, Metavariable
from derive.rulebook.definedness import Known
from derive.rulebook.mentions import mentioned, mentions, nodes
from derive.terms import (
    EVENT,
    INDEX,
    SCALAR,
    VARIABLES,
    AlmostEverywhere,
    AlmostSurely,
    Concave,
    Convex,
    CountingMeasure,
    Density,
    Distributed,
    Exchanges,
    Exists,
    ForEvery,
    Independent,
    LebesgueMeasure,
    Relation,
    Sort,
    Statement,
    binding,
    matrix,
    vector,
)

if TYPE_CHECKING:
    from derive.rulebook.rule import Rule

__all__ = ["ConditionSchema", "Schema", "declared_sort", "read_schema"]


@dataclass(frozen=True)
class ConditionSchema:
    """A condition with metavariables; `stated` is false where the formula's text needs it to be defined at all."""

    statement: Statement
    text: str
    line: int
    stated: bool


@dataclass(frozen=True)
class Schema:
    """A rule as terms.

    `left` and `right` are the metavariables its two sides mention and `asked` those of its conditions, apart from bound
    names that may be called anything. `free` are those that the formula mentions as values. `scopes` gives for each
    bound name what is mentioned where it is bound, `ranges` the limits of each index, `densities` the (targets, givens)
    of each law, and `groups` the variables that stand together in a density or an independence.
    """

    statement: Statement
    metavariables: Mapping[str, Metavariable]
    conditions: tuple[ConditionSchema, ...]
    free: frozenset[str]
    scopes: Mapping[str, frozenset[str]]
    ranges: Mapping[str, tuple[tuple[Basic, Basic], ...]]
    densities: Mapping[str, frozenset[tuple[Tuple, Tuple]]]
    groups: tuple[tuple[tuple[Basic, ...], frozenset[str]], ...]
    renamable: frozenset[str]
    left: frozenset[str]
    right: frozenset[str]
    asked: frozenset[str]

    def unbound(self, *, backward: bool = False) -> tuple[str, ...]:
        """What rewriting in this direction introduces: metavariables that the side rewritten from does not mention."""
        source, target = (self.right, self.left) if backward else (self.left, self.right)
        return tuple(sorted((target | self.asked) - source))

    def together(self, first: str, second: str) -> bool:
        """Whether two names are variables of one density or independence, which must not overlap."""
        return any({first, second} <= {str(item.name) for item in group} for group, _ in self.groups)  # type: ignore[attr-defined]


# ---- reading ------------------------------------------------------------------------------------------------------

_WORD = re.compile(r"\\[A-Za-z]+|[A-Za-z]")
_LAWS = ("p", "q", "P")
_EXPRESSIONS = ("f", "g", "h")
_SETS = tuple("ABCDEFGH")


def read_schema(rule: Rule) -> Schema:
    """The formula and conditions of a rule, read with its declarations. Raises `RuleError` with file and line."""
    known = {metavariable.name: metavariable for metavariable in (*rule.declared, *_customary(rule))}
    declarations = _declarations(known.values())
    statement, requirements = _read(rule.latex, declarations, rule.file, rule.formula_line)
    if not isinstance(statement, (Relation, Distributed, Independent)):
        raise RuleError(f"the formula of {rule.name} is no single statement", file=rule.file, line=rule.formula_line,
                        expected="one equation, inequality, proportionality, distribution or independence")  # fmt: skip
    conditions = []
    for condition in rule.conditions:
        stated, needed = _condition(condition, declarations, rule.file)
        conditions.append(ConditionSchema(stated, condition.text, condition.line, True))
        requirements += needed
    conditions += _needed(requirements, conditions, known, rule)
    return _schema(rule, statement, conditions, known)


def _customary(rule: Rule) -> Iterator[Metavariable]:
    """The metavariables that need no `let`: laws p, q, P, expressions f, g, h, sets of variables A … H."""
    declared = {metavariable.name for metavariable in rule.declared}
    text = " ".join([rule.latex, *(formula for condition in rule.conditions for formula in condition.formulas)])
    names = {match[0] for match in _WORD.finditer(text)} - declared
    for name in sorted(names & {*_LAWS, *_EXPRESSIONS, *_SETS}):
        if name in _LAWS:
            yield Metavariable(name, "law", "law")
        elif name in _EXPRESSIONS:
            yield Metavariable(name, "expression", "scalar")
        elif not re.search(rf"(?<![\\A-Za-z]){name}\s*(?:\\left)?\(", text):
            yield Metavariable(name, "variables", "variables")


def _declarations(metavariables: Iterable[Metavariable]) -> Declarations:
    declarations = Declarations()
    for metavariable in metavariables:
        match metavariable.kind:
            case "law":
                declarations = declarations.law(metavariable.name)
            case "expression":
                declarations = declarations.function(metavariable.name, declared_sort(metavariable))
            case _:
                declarations = declarations.declare(metavariable.name, declared_sort(metavariable))
        if metavariable.kind in ("variable", "variables"):
            declarations = declarations.random_name(metavariable.name)
    return declarations


def declared_sort(metavariable: Metavariable) -> Sort:
    """The sort that a metavariable's values have in the formula as it is read."""
    sizes = [Integer(int(size)) if size.isdigit() else Symbol(size) for size in metavariable.shape]
    if metavariable.sort == "vector":
        return vector(*sizes)
    if metavariable.sort == "matrix":
        return matrix(*sizes)
    return {"variables": VARIABLES, "scalar": SCALAR, "index": INDEX, "event": EVENT}[metavariable.sort]


def _read(
    text: str, declarations: Declarations, file: str, line: int, *, term: bool = False
) -> tuple[Any, tuple[Requirement, ...]]:
    try:
        reading = (read_term if term else read_statement)(text, declarations, file=file, line=line)
    except DeriveError as error:
        raise error.located(file, line) from None
    return reading.term, reading.requirements


def _condition(
    condition: ConditionText, declarations: Declarations, file: str
) -> tuple[Statement, tuple[Requirement, ...]]:
    """The statement of a condition, and what its text needs to be defined."""
    line, first, *rest = condition.line, *condition.formulas

    def term(text: str) -> Any:
        return _read(text, declarations, file, line, term=True)[0]

    def names(text: str) -> list[Basic]:
        return [term(part) for part in text.split(",")]

    if condition.form in ("holds", "for every", "almost surely"):
        statement, requirements = _read(first, declarations, file, line)
        match condition.form:
            case "for every":
                return ForEvery(statement, names(rest[0])), ()
            case "almost surely":
                return AlmostSurely(statement, term(rest[0])), ()
        return statement, requirements
    match condition.form:
        case "exists":
            return Exists(term(first)), ()
        case "exchanges":
            return Exchanges(term(first)), ()
        case "convex" | "concave":
            kind = Convex if condition.form == "convex" else Concave
            return kind(term(first), names(rest[0])[0]), ()
    kinds = {"counting": CountingMeasure, "Lebesgue": LebesgueMeasure, "almost everywhere": AlmostEverywhere}
    return kinds[condition.form](names(first)), ()


def _needed(
    requirements: Iterable[Requirement], stated: list[ConditionSchema], known: Mapping[str, Metavariable], rule: Rule
) -> list[ConditionSchema]:
    """What the formula's own text divides by or takes roots and logarithms of, as far as no condition says it.

    Below an expectation, an integral or a divergence it is needed only where the law can be: the condition that this
    exists says so, where the rule has one. That the integrals of its two sides exist at all a rule says itself, where
    the one does not follow from the other.
    """
    sizes = {size for metavariable in known.values() for size in metavariable.shape}
    said = Known((condition.statement for condition in stated), map(Symbol, sizes))
    existing = any(isinstance(condition.statement, (Exists, Exchanges)) for condition in stated)
    result: dict[Statement, ConditionSchema] = {}
    for requirement in requirements:
        averaged = any(len(limits) == 1 for limits in requirement.context)
        if requirement.kind == "exists" or said.implies(requirement.condition) or (averaged and existing):
            continue
        result[requirement.condition] = ConditionSchema(
            requirement.condition, "the formula is defined", rule.formula_line, False
        )
    return list(result.values())


def _schema(
    rule: Rule, statement: Statement, conditions: list[ConditionSchema], known: Mapping[str, Metavariable]
) -> Schema:
    def refuse(message: str, line: int, **more: str) -> RuleError:
        return RuleError(message, file=rule.file, line=line, **more)  # type: ignore[arg-type]

    terms = [statement, *(condition.statement for condition in conditions)]
    everything = [item for term in terms for item in mentions(term)]
    sizes = {size for metavariable in known.values() for size in metavariable.shape}
    for name in sorted({item.name for item in everything} - set(known) - sizes):
        raise refuse(f"{name} is declared nowhere", rule.formula_line,
                     expected=f"a line such as - let: $`{name}`$ scalar")  # fmt: skip
    used = {item.name for item in everything}
    for metavariable in rule.declared:
        if metavariable.name not in used:
            raise refuse(f"{metavariable.name} is declared and never used", metavariable.line)
    metavariables = {name: known[name] for name in known if name in used}

    scopes: dict[str, set[str]] = {}
    ranges: dict[str, dict[tuple[Basic, Basic], None]] = {}
    densities: dict[str, set[tuple[Tuple, Tuple]]] = {}
    groups: dict[tuple[tuple[Basic, ...], frozenset[str]], None] = {}
    for term in terms:
        for node, above in nodes(term):
            found = binding(node)
            if found is not None:
                inside = {name for part in found.inside for name in mentioned(part)}
                for point in found.bound:
                    name = str(point.name)  # type: ignore[attr-defined]
                    if name in metavariables and metavariables[name].family:
                        raise refuse(f"the run {name} is bound", rule.formula_line, hint="bind a set of variables")
                    scopes.setdefault(name, set()).update(inside)
                if isinstance(node, (Sum, Product)) and term is statement:
                    lower, upper = found.outside
                    ranges.setdefault(found.bound[0].name, {})[lower, upper] = None  # type: ignore[attr-defined]
            if isinstance(node, Density):
                densities.setdefault(node.law.name, set()).add((node.targets, node.givens))
                together = tuple(pair[0] for pair in (*node.targets, *node.givens))
                groups[together, mentioned(node) & above] = None
            elif isinstance(node, Independent):
                groups[(*node.left, *node.right, *node.given), mentioned(node) & above] = None

    formula = list(mentions(statement))
    free = frozenset(item.name for item in formula if not item.bound)
    variables = {item.name for item in everything if item.variable}
    renamable = frozenset(
        name for name in scopes
        if metavariables[name].kind in ("index", "variable", "term") and name not in free and name not in variables
    )  # fmt: skip
    known_names = frozenset(metavariables) - renamable
    if isinstance(statement, Relation):
        left, right = mentioned(statement.lhs) & known_names, mentioned(statement.rhs) & known_names
    else:
        left = right = mentioned(statement) & known_names
    asked = frozenset(name for condition in conditions for name in mentioned(condition.statement)) & known_names
    schema = Schema(
        statement=statement, metavariables=metavariables, conditions=tuple(conditions), free=free,
        scopes={name: frozenset(scope & set(metavariables)) for name, scope in scopes.items()},
        ranges={name: tuple(limits) for name, limits in ranges.items()},
        densities={name: frozenset(patterns) for name, patterns in densities.items()},
        groups=tuple(groups), renamable=renamable, left=left, right=right, asked=asked,
    )  # fmt: skip
    _bound_or_chosen(rule, schema, refuse)
    return schema


def _bound_or_chosen(rule: Rule, schema: Schema, refuse: Any) -> None:
    """Whatever a direction introduces is declared as chosen: nothing is conjured up by a rewriting."""
    for backward in (False, True):
        for name in schema.unbound(backward=backward):
            if not schema.metavariables[name].chosen:
                side = "left" if backward else "right"
                where = f"the {side} side or a condition" if isinstance(schema.statement, Relation) else "a condition"
                kind = schema.metavariables[name].sort if schema.metavariables[name].kind == "term" else (
                    schema.metavariables[name].kind)  # fmt: skip
                raise refuse(
                    f"{name} is unbound: {where} mentions it and the side it is rewritten from does not",
                    schema.metavariables[name].line or rule.formula_line,
                    expected=f"- let: $`{name}`$ chosen {kind}, where the caller may choose it",
                )  # fmt: skip


