r"""The reader's public face: LaTeX in, terms and statements out, with what they require and how they were mended.

    read(text)                -> Reading of one term or statement
    read_term, read_statement -> the same, where only one of the two will do
    read_display(text)        -> a Reading for each statement of a display
    read_model_lines(lines)   -> Declarations, and a Reading for each statement of lines that are read jointly
    declare_from(statement)   -> what a statement declares

Nothing here evaluates text. Input that is too large, too deep or out of the grammar is an error with its place; what
takes too long is one as well.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby
from typing import Any

from sympy import Add, Basic, Expr, Mul, Symbol

from derive.clock import OutOfTime, remaining, within
from derive.errors import DeriveError, InputError, LimitExceeded, ReadError
from derive.latex import syntax
from derive.latex.building import Building, Requirement
from derive.latex.declarations import Declarations
from derive.latex.dependence import dependences, with_derivatives
from derive.latex.energies import told
from derive.latex.grammar import Statements
from derive.latex.macros import Macros
from derive.latex.products import settled
from derive.latex.repairs import Repair, faced, repaired, unbold
from derive.latex.restricting import indices_of, restricted
from derive.latex.sorting import Sorting
from derive.latex.survey import Survey
from derive.latex.syntax import Node
from derive.latex.tokens import MOST_CHARACTERS, Scanner
from derive.latex.velocities import with_velocities
from derive.terms import (
    INDEX,
    SCALAR,
    Application,
    Chain,
    Definition,
    Density,
    Distributed,
    Equal,
    Expectation,
    Independent,
    Member,
    Normal,
    PositiveDefinite,
    PositiveSemidefinite,
    Relation,
    Run,
    Statement,
    Variable,
    Variance,
    matrix,
    walk,
)

MOST_SECONDS = 5.0
"""The processor's time that reading may take, of all texts that are read together."""
_FRAMES = 12_000
"""Python frames that the deepest formula within the bounds may take."""


@dataclass(frozen=True)
class Reading:
    """A formula as it was understood.

    `term` is a term or a statement, `requirements` what it needs to be defined, `notes` how its notation was mended or
    chosen, `spans` what each part of the text became, as (start, end, term) in `text`. `line` and `column` say where it
    begins; `leading` is the sign with which a line goes on from an earlier one, else empty.
    """

    term: Any
    requirements: tuple[Requirement, ...]
    notes: tuple[str, ...]
    text: str
    spans: tuple[tuple[int, int, Any], ...]
    line: int = 1
    column: int = 1
    leading: str = ""
    sides: tuple[tuple[int, int], ...] = ()

    @property
    def is_statement(self) -> bool:
        """Whether something is stated, rather than a term written."""
        return isinstance(self.term, Statement)


def read(
    text: str, declarations: Declarations | None = None, *, file: str | None = None, line: int = 1,
    macros: Macros | None = None,
) -> Reading:  # fmt: skip
    """One term or statement, the author's `macros` written out.

    Raises `ReadError`, `SortError` or `LimitExceeded` with line, column and a caret.
    """
    def finish(document: _Document) -> list[Reading]:
        if len(document.parsed) != 1:
            raise _not_one(document, text, file, line)
        return document.readings()

    with _room():
        return _mended([(text, line)], declarations, macros, file, finish, list, False)[0]


def _not_one(document: _Document, text: str, file: str | None, line: int) -> ReadError:
    if not document.parsed:
        return ReadError.at(text, 0, "there is no formula here", file=file, first_line=line, expected="a formula")
    second = document.parsed[1][1].start
    return ReadError.at(
        text, second, "a second statement begins here", file=file, first_line=line, expected="one statement"
    )


def read_term(
    text: str, declarations: Declarations | None = None, *, file: str | None = None, line: int = 1,
    macros: Macros | None = None,
) -> Reading:  # fmt: skip
    """One term. Raises as `read` does, and where the text states something."""
    reading = read(text, declarations, file=file, line=line, macros=macros)
    if reading.is_statement:
        raise ReadError.at(
            text, 0, "this states something", file=file, first_line=line, expected="a term without relation"
        )
    return reading


def read_statement(
    text: str, declarations: Declarations | None = None, *, file: str | None = None, line: int = 1,
    macros: Macros | None = None,
) -> Reading:  # fmt: skip
    """One statement. Raises as `read` does, and where the text is a bare term."""
    reading = read(text, declarations, file=file, line=line, macros=macros)
    if not reading.is_statement:
        raise ReadError.at(
            text, 0, "this states nothing", file=file, first_line=line, expected="a relation such as =, or x \\sim …"
        )
    return reading


def read_display(
    text: str, declarations: Declarations | None = None, *, file: str | None = None, line: int = 1,
    macros: Macros | None = None, brackets: bool = True,
) -> list[Reading]:  # fmt: skip
    """Every statement of a display, in order; its rows and side remarks each become a reading of their own.

    A bracket too few or too many is mended where there is one way to do so, unless `brackets` is false.
    """
    with _room():
        return _mended([(text, line)], declarations, macros, file, _Document.readings, list, brackets)


def read_model_lines(
    lines: Iterable[tuple[str, int]], declarations: Declarations | None = None, *, file: str | None = None,
    macros: Macros | None = None, brackets: bool = False, assumed: int = 0, given: int = 0,
) -> tuple[Declarations, list[Reading]]:  # fmt: skip
    """Lines of (text, line number) read jointly, in any order: what they declare, and a reading of each statement.

    `brackets` says whether a bracket too few or too many is mended where there is one way to do so. In the first
    `assumed` lines a bound and the index ranges behind it, `v_t < 1, t \\ge 2`, are one reading. In the `given` ones
    behind these the bound holds in that range as well, and the range is said besides of the index that a claim shares.
    """
    rows = list(lines)
    with _room():
        return _mended(
            rows, declarations, macros, file, partial(_jointly, assumed=assumed, given=given), lambda result: result[1],
            brackets,
        )  # fmt: skip


def _jointly(document: _Document, assumed: int, given: int) -> tuple[Declarations, list[Reading]]:
    document.solve()
    for ranged in (True, False):
        for building, _, tree in document.trees:
            document.declarations = _declare_joint(building, tree, document.declarations, ranged)
    for building, _, _ in document.trees:
        building.declarations = document.declarations
    readings = _within_ranges(with_velocities(document.readings()), document, assumed, given)
    known = document.declarations
    for reading in readings:
        known = declare_from(reading.term, known)
    return known, readings


def _within_ranges(readings: list[Reading], document: _Document, assumed: int, given: int) -> list[Reading]:
    """The readings; of a line that is a bound on a family and the ranges of its index the bound as one within them."""
    found: list[Reading] = []
    for row, group in groupby(zip(document.rows, readings, strict=True), key=lambda pair: pair[0]):
        parts = [reading for _, reading in group]
        joined = restricted([reading.term for reading in parts]) if row < assumed + given else None
        if joined is not None and row >= assumed:
            indices = indices_of(joined.statement)
            alone = all(part.free_symbols <= indices for part in joined.ranges)  # t ≤ T says something of T as well
            joined = joined if alone else None
        found += parts if joined is None else [replace(parts[0], term=joined), *(parts[1:] if row >= assumed else ())]
    return found


# ---- reading together ---------------------------------------------------------------------------------------------


def _mended(
    rows: list[tuple[str, int]], declarations: Declarations | None, macros: Macros | None, file: str | None,
    finish: Callable[[_Document], Any], readings: Callable[[Any], list[Reading]], brackets: bool,
) -> Any:  # fmt: skip
    """What `finish` makes of the texts, their notation mended where there is one way to do so."""

    def attempt(repair: Repair | None) -> Any:
        document = _Document(declarations or Declarations(), macros, repair)
        for text, line in rows:
            document.add(text, file, line)
        return finish(document)

    def scanned() -> list[Any]:
        texts: list[Any] = []
        for text, line in rows:
            scanner = Scanner(text, file=file, line=line, macros=macros)
            tokens = list(scanner.tokens)
            trees: list[Node] | None = []
            try:
                trees = Statements(scanner).display()
            except ReadError:
                trees = None if brackets else []
            texts.append((tokens, text, trees))
        return texts

    return repaired(attempt, scanned, lambda result: tuple(reading.term for reading in readings(result)))


class _Document:
    """Texts that are read together: one survey of names, one inference of sorts."""

    def __init__(self, declarations: Declarations, macros: Macros | None, repair: Repair | None) -> None:
        self.declarations = declarations
        self.macros = macros
        self.repair = repair
        self.texts = 0
        self.parsed: list[tuple[Scanner, Node]] = []
        self.rows: list[int] = []
        self.trees: list[tuple[Building, Scanner, Node]] = []

    def add(self, text: str, file: str | None, line: int) -> None:
        if not isinstance(text, str):
            raise InputError("LaTeX is text")
        scanner = Scanner(text, file=file, line=line, macros=self.macros)
        repair = self.repair
        if repair is not None and repair.tokens is not None and repair.text == self.texts:
            scanner.tokens = repair.tokens(scanner.tokens)
            scanner.note(repair.note)
        trees = Statements(scanner).display()
        if repair is not None and repair.plain:
            for tree in trees:
                unbold(tree, repair.plain)
            scanner.note(repair.note)
        self.rows.extend(self.texts for _ in trees)
        self.texts += 1
        self.parsed.extend((scanner, tree) for tree in trees)

    def solve(self) -> None:
        self.parsed = told(self.parsed, self.declarations)
        survey = Survey([tree for _, tree in self.parsed], self.declarations)
        dependent = dependences(self.parsed, self.declarations)
        survey.depend(dependent)
        self.parsed = [(scanner, with_derivatives(tree, dependent)) for scanner, tree in self.parsed]
        sorting = Sorting(survey, self.declarations)
        for scanner, parsed in self.parsed:
            tree = settled(parsed, survey, scanner)
            building = Building(scanner, sorting, survey, self.declarations)
            self.trees.append((building, scanner, tree))
        for building, scanner, tree in _declaring_first(self.trees):
            sorting.add(scanner, tree, building.build)
        sorting.solve()
        for name in faced([tree for _, _, tree in self.trees]):
            cell = sorting.families.get(name)
            if cell is not None and cell.kind == "scalar" and name not in sorting.values:
                self.trees[0][1].note(f"{name} is set in bold and read as a number")
        if self.repair is not None and self.repair.tokens is not None:
            for name in faced([tree for _, _, tree in self.trees]):
                for cell in (sorting.families.get(name), sorting.values.get(name)):
                    if cell is not None and cell.kind == "scalar":
                        raise ReadError(f"{name} is set in bold and would be a number")

    def readings(self) -> list[Reading]:
        if not self.trees:
            self.solve()
        return [_reading(building, scanner, tree) for building, scanner, tree in self.trees]


def _declaring_first(trees: list[tuple[Building, Scanner, Node]]) -> Iterator[tuple[Building, Scanner, Node]]:
    """Lines that declare before those that use, so that an error shows where a declaration is violated."""
    declaring = (syntax.Belongs, syntax.Definite)
    yield from (item for item in trees if isinstance(item[2], declaring))
    yield from (item for item in trees if not isinstance(item[2], declaring))


def _reading(building: Building, scanner: Scanner, tree: Node) -> Reading:
    term = building.statement(tree)
    start = tree.start
    row = scanner.text.count("\n", 0, start)
    column = start - (scanner.text.rfind("\n", 0, start) + 1) + 1
    leading = ""
    sides: tuple[tuple[int, int], ...] = ()
    if isinstance(tree, syntax.Relations):
        leading = tree.signs[0].symbol if tree.sides[0] is None else ""
        sides = tuple((side.start, side.end) for side in tree.sides if side is not None)
    return Reading(
        term, tuple(building.requirements), tuple(scanner.notes), scanner.text,
        (*building.spans, (tree.start, tree.end, term)),
        scanner.line + row, column, leading, sides,
    )  # fmt: skip


@contextmanager
def _room() -> Iterator[None]:
    """Room for the recursion that the deepest formula within the bounds takes, and time for the longest.

    Where the time of the question that this reading is part of is over, that is what is raised.
    """
    kept = sys.getrecursionlimit()
    if kept < _FRAMES:
        sys.setrecursionlimit(_FRAMES)
    try:
        with within(MOST_SECONDS):
            yield
    except OutOfTime:
        if remaining() == 0:
            raise
        raise LimitExceeded(f"this takes more than {MOST_SECONDS:g} seconds to read") from None
    except RecursionError:
        raise LimitExceeded("the formula is nested too deeply to be read") from None
    except (AssertionError, LookupError) as error:
        raise ReadError(f"this formula is not read ({type(error).__name__}: {error})") from error
    finally:
        sys.setrecursionlimit(kept)


# ---- what statements declare --------------------------------------------------------------------------------------


def declare_from(statement: Any, declarations: Declarations | None = None) -> Declarations:
    """The declarations together with what a read statement says of its names."""
    known = declarations or Declarations()
    match statement:
        case Member():
            return _declare_member(statement, known)
        case PositiveDefinite() | PositiveSemidefinite():
            return _declare_names(statement, known)
        case Distributed():
            known = _declare_names(statement, known)
            name = str(getattr(statement.variable, "name", ""))
            return known.random_name(name) if name else known
        case Independent():
            known = _declare_names(statement, known)
            return known.random_name(*(str(item.name) for item in (*statement.left, *statement.right)))
        case Chain():
            for link in statement.links:
                known = declare_from(link, known)
            return known
        case Equal() | Definition():
            if isinstance(statement.lhs, Density):
                known = (
                    known.joint(statement.lhs)
                    if _names_of_joint(statement, known)
                    else known.law(statement.lhs.law.name)
                )
            elif isinstance(statement.lhs, (Symbol, Variable)):
                known = known.equal_to_something(str(statement.lhs.name))
            return _declare_names(statement, known)
    return _declare_names(statement, known) if isinstance(statement, (Statement, Basic)) else known


def _declare_member(statement: Member, known: Declarations) -> Declarations:
    variable = statement.variable
    if isinstance(variable, Application):
        return known.function(variable.name, statement.domain).value(variable)
    if isinstance(variable, (Symbol, Variable)):
        return known.declare(str(variable.name), statement.domain)
    return known


def _names_of_joint(statement: Relation, known: Declarations) -> bool:
    """Whether an equation states the joint of its law: a factorization, or a density without a condition."""
    density = statement.lhs
    return any(isinstance(item, Run) for item in density.variables) or not any(
        other.law == density.law for other in known.joints
    )


def _declare_names(statement: Basic, known: Declarations) -> Declarations:
    """Every variable, function and law of a statement, with the sort that reading found."""
    for _, node in walk(statement):
        if isinstance(node, Variable) and node.name not in known.sorts and node.name != r"\cdot":
            known = known.declare(node.name, node.sort)
        elif isinstance(node, Run) and node.name not in known.sorts:
            known = known.declare(node.name, node.element_sort)
        elif isinstance(node, Application) and node.name not in known.functions:
            known = known.function(node.name, node.sort)
        elif isinstance(node, Density) and node.law.name and node.law.name not in known.laws:
            known = known.law(node.law.name)
        elif isinstance(node, (Expectation, Variance)) and isinstance(node.body, (Symbol, Variable)):
            known = known.random_name(str(node.body.name)) if node.body in node.bound else known
    if isinstance(statement, Relation):
        for side in (statement.lhs, statement.rhs):
            if isinstance(side, Symbol) and str(side.name) not in known.sorts:
                known = known.declare(str(side.name), SCALAR)
    return known


def _declare_joint(building: Building, tree: Node, known: Declarations, ranged: bool) -> Declarations:
    """The joint that a line states of a law, known before any expectation is built; runs come before all else."""
    if not isinstance(tree, syntax.Relations) or not isinstance(tree.sides[0], syntax.Call):
        return known
    call = tree.sides[0]
    if building.survey.kind(call) != "law" or tree.signs[0].symbol not in ("=", ":="):
        return known
    density = building.build(call)
    building.requirements.clear()
    building.spans.clear()
    if not isinstance(density, Density):
        return known
    fits = ranged == any(isinstance(item, Run) for item in density.variables)
    first = ranged or not any(other.law == density.law for other in known.joints)
    return known.joint(density) if fits and first else known


__all__ = [
    "INDEX", "MOST_CHARACTERS", "Add", "DeriveError", "Expr", "Mul", "Normal", "Reading", "Sequence", "declare_from",
    "matrix", "read", "read_display", "read_model_lines", "read_statement", "read_term",
]  # fmt: skip
