r"""From names to terms: `x_{t-1}` is a variable with its index, `\mu_q` one with a label, `x_{1:T}` a run."""

from __future__ import annotations

from typing import Any

import sympy
from sympy import Basic, Expr, Integer, Rational, S, Symbol, Tuple

from derive.clock import tick
from derive.errors import ReadError, SortError
from derive.latex import syntax
from derive.latex.declarations import INDEX_LETTERS, WORD_INDICES, Declarations, base_letter
from derive.latex.dotted import Undecided, dotted_run
from derive.latex.requirements import Requirement
from derive.latex.sorting import Place, Sorting, sort_error
from derive.latex.survey import Survey
from derive.latex.syntax import Node
from derive.latex.tokens import GREEK, Scanner
from derive.latex.trees import METHODS
from derive.latex.vocabulary import SUPERSCRIPTS
from derive.terms import (
    INDEX,
    SCALAR,
    Entry,
    Equals,
    Identity,
    Indicator,
    Label,
    Run,
    Sort,
    Transpose,
    Unequal,
    Variable,
)


class Indexing:
    """Builds numbers and names of one text, whose names have the sorts of `sorting`; keeps what building yields."""

    def __init__(self, scanner: Scanner, sorting: Sorting, survey: Survey, declarations: Declarations) -> None:
        self.scanner = scanner
        self.sorting = sorting
        self.survey = survey
        self.declarations = declarations
        self.requirements: list[Requirement] = []
        self.spans: list[tuple[int, int, Any]] = []
        self.context: list[Tuple] = []
        self.chosen: set[str] = set()
        self.standing: dict[int, Any] = {}

    def build(self, node: Node) -> Any:
        """The term of a node. Raises `ReadError`, `SortError` or `LimitExceeded` with the place in the text."""
        tick()
        try:
            term = getattr(self, METHODS[type(node)])(node)
        except SortError as error:
            if error.line is not None:
                raise
            raise sort_error(self.place(node), error.message) from None
        except Undecided as error:
            raise self.error(node, str(error), error.expected) from None
        except (TypeError, ValueError, AttributeError) as error:
            raise self.error(node, f"this cannot be read as a term ({error})") from error
        self.spans.append((node.start, node.end, term))
        return term

    def place(self, node: Node) -> Place:
        return self.scanner, node

    def error(self, node: Node, message: str, expected: str | None = None, hint: str | None = None) -> ReadError:
        return self.scanner.error(node.start, message, expected, hint)

    def note(self, message: str) -> None:
        self.scanner.note(message)

    def shown(self, node: Node) -> str:
        """The text of a node, on one line."""
        return " ".join(self.scanner.text[node.start : node.end].split())

    def require(self, kind: str, condition: Basic, node: Node) -> None:
        self.requirements.append(Requirement(kind, condition, tuple(self.context), node.start, node.end))

    def nonzero(self, term: Expr, node: Node) -> None:
        """Record that a term must not vanish. Raises where it is the number zero."""
        if term == 0:
            raise self.error(node, "a division by zero")
        if not term.is_number or term.is_zero is None:
            self.require("nonzero", Unequal(term, S.Zero), node)

    # ---- numbers and names -----------------------------------------------------------------------------------------

    def _number(self, node: syntax.Number) -> Expr:
        if "." not in node.text:
            return Integer(int(node.text))
        whole, _, digits = node.text.partition(".")
        return Rational(int((whole or "0") + digits), 10 ** len(digits))

    def _infinity(self, node: syntax.Infinity) -> Expr:
        return S.Infinity

    def _dots(self, node: syntax.Dots) -> Expr:
        raise self.error(node, "dots are read only between two terms that show the pattern")

    def _name(self, node: syntax.Name) -> Any:
        if node.name == r"\cdot":
            return self._dummy(self.sorting.sort(self.sorting.cells[id(node)]))
        sized = self.sorting.identity_size(node)
        if sized is not None:
            return Identity(self.sorting.size_of(sized))
        if node.name == "I" and node.subscript is None and not self.sorting.declared("I"):
            cell = self.sorting.cells.get(id(node))
            if cell is not None and cell.kind == "matrix":
                sort = self.sorting.sort(cell)
                if sort.shape[0] != sort.shape[1]:
                    raise sort_error(self.place(node), f"the identity stands where a {sort} is needed")
                return Identity(sort.shape[0])
        pair = self.sorting.kronecker(node)
        if pair is not None:
            self.note(f"{self.shown(node)} is read as 1 where its indices agree, else 0")
            return Indicator(Equals(self.build(pair[0]), self.build(pair[1])))
        implied = self.sorting.implied(node)
        if implied is not None:
            value = self.build(implied)
            if self.survey.depends(node):
                self.note(f"{self.shown(node)}, which is differentiated, is read as {written(value)}")
            else:
                self.note(f"{self.shown(node)} is read as {written(value)}")
            return value
        name = self.sorting.name_of(node)
        if name == r"\pi" and node.subscript is None and not self._pi_named(name):
            return sympy.pi
        if self.sorting.component(node):
            whole = self.sorting.sort(self.sorting.family(name))
            if whole.kind == "vector":
                self.note(f"{self.shown(node)} is read as an entry of the vector {written(Variable(name, whole))}")
                return Entry(Variable(name, whole), *self.indices(node))
            return Variable(name, SCALAR, *self.indices(node))
        cell = self.sorting.family_of(node)
        sort = self.sorting.sort(cell)
        indices = self.indices(node)
        if len(indices) == 1 and isinstance(indices[0], tuple):
            lower, upper = indices[0]
            return Run(name, sort, lower, upper)
        if any(isinstance(index, tuple) for index in indices):
            raise self.error(node, "a range among several indices", "one range such as x_{1:T}")
        if sort == SCALAR and not indices:
            return Symbol(name)
        term: Any = Variable(name, sort, *indices)
        for _ in range(self.sorting.transposes(node)):
            term = Transpose(term)
        return term

    def _pi_named(self, name: str) -> bool:
        r"""Whether \pi is a name here, not the number: declared, or in bold or with an index somewhere."""
        return self.survey.named_pi or self.sorting.declared(name)

    def _dummy(self, sort: Sort) -> Any:
        return Symbol(r"\cdot") if sort == SCALAR else Variable(r"\cdot", sort)

    # ---- indices ---------------------------------------------------------------------------------------------------

    def indices(self, node: syntax.Name) -> list[Any]:
        """The indices of a name: expressions, labels, and pairs for ranges."""
        found: list[Any] = []
        for part in node.subscript or ():
            if part.lower is None:
                found.append(Label(r"\mid"))
            elif part.ranged:
                assert part.upper is not None
                found.append((self.index(part.lower), self.index(part.upper)))
            else:
                found.extend(self._index_items(part.lower))
        return found

    def _index_items(self, node: Node) -> list[Any]:
        """One index, or several letters in a row: indices where all are index letters, else a word."""
        while isinstance(node, syntax.Group) and isinstance(node.body, (syntax.Juxtaposition, syntax.Group)):
            node = node.body
        if isinstance(node, syntax.Juxtaposition) and all(_plain_letter(factor) for factor in node.factors):
            letters = [factor.name for factor in node.factors if isinstance(factor, syntax.Name)]
            if "".join(letters) in SUPERSCRIPTS:
                return [Label("".join(letters))]
            if all(letter in WORD_INDICES or letter in self.survey.bound for letter in letters):
                return [Symbol(letter) for letter in letters]
            if all(letter.isascii() and letter.isalpha() for letter in letters):
                return [Label("".join(letters))]
        if isinstance(node, syntax.Name) and node.subscript is None:
            return [self._single_index(node)]
        return [self.index(node)]

    def _single_index(self, node: syntax.Name) -> Any:
        name = node.name + "'" * node.primes
        if node.upright:
            return Label(name)
        if name in self.survey.bound or node.name in INDEX_LETTERS or self.declarations.sorts.get(name) == INDEX:
            return Symbol(name)
        if base_letter(node.name) in GREEK and base_letter(node.name)[1:2].islower():
            at = self.survey.differentiated.get(name)
            if at is not None and at.subscript is None:
                sort = self.sorting.sort(self.sorting.family(name))
                return Symbol(name) if sort == SCALAR else Variable(name, sort)
            return Symbol(name)
        return Label(name)

    def index(self, node: Node) -> Any:
        """An index expression: whole numbers, index letters, +, − and whole multiples."""
        match node:
            case syntax.Name() if node.subscript is None:
                return Symbol(node.name + "'" * node.primes)
            case syntax.Name():
                indices = self.indices(node)
                if not any(isinstance(index, tuple) for index in indices):
                    return Variable(node.name + "'" * node.primes, SCALAR, *indices)
            case syntax.Number():
                return self._number(node)
            case syntax.Infinity():
                return S.Infinity
            case syntax.Sum():
                return sympy.Add(*(sign * self.index(term) for sign, term in node.terms))
            case syntax.Group():
                return self.index(node.body)
            case syntax.Juxtaposition():
                return sympy.Mul(*(self.index(factor) for factor in node.factors))
            case syntax.Fraction():
                return self.index(node.numerator) / self.index(node.denominator)
            case syntax.Call(power=None) if node.slots.single is not None and node.head.name in INDEX_LETTERS:
                return self.index(node.head) * self.index(node.slots.single)
        raise self.error(node, "this is no index", "a letter, a number or a sum of such")

    # ---- lists -----------------------------------------------------------------------------------------------------

    def listed(self, items: list[Node]) -> list[Any]:
        r"""The terms of a list; `x_1, \dots, x_n` is the run."""
        built = [None if isinstance(item, syntax.Dots) else self.build(item) for item in items]
        while None in built:
            place = built.index(None)
            if not 0 < place < len(built) - 1 or built[place - 1] is None or built[place + 1] is None:
                raise self.error(items[min(place, len(items) - 1)], "dots without a first and a last one around them")
            built[place - 1 : place + 2] = [dotted_run(built[place - 1], built[place + 1])]
        return built

    def _group(self, node: syntax.Group) -> Any:
        return self.build(node.body)


def _plain_letter(node: Node) -> bool:
    return isinstance(node, syntax.Name) and node.subscript is None and not node.primes and len(node.name) == 1


def written(term: Any) -> str:
    """A term for a note."""
    from derive.latex import unicode_text

    try:
        return unicode_text(term)
    except ImportError:
        return str(term)
