"""What the texts that are read together show of their names: which are applied, which are bound, which are laws.

`p(x)` is a density, a function's value or a product; the whole of a text, read at once, says which.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from derive.latex import syntax
from derive.latex.declarations import (
    BARRED_LAWS,
    FACTOR_LETTERS,
    INDEX_LETTERS,
    LAW_LETTERS,
    RANDOM_NAMES,
    Declarations,
    base_letter,
)
from derive.latex.dependence import Dependence, moving
from derive.latex.entries import Entries
from derive.latex.syntax import Node
from derive.latex.trees import children, names_pi, spelled, walk
from derive.terms import EVENT, FAMILIES, INDEX, VARIABLES

GAUSSIAN = frozenset((r"\mathcal N", "Normal", "Gaussian"))


class Survey:
    """The names of several trees, and how each is used."""

    def __init__(self, trees: Iterable[Node], declarations: Declarations) -> None:
        self.declarations = declarations
        self.bound: set[str] = set(declarations.indices)
        self.bare: set[str] = set()
        self.timed = "T" in declarations.sorts or "T" in declarations.indices
        self._transposing: set[int] = set()
        self._argued: set[str] | None = None
        self._bare_names: list[syntax.Name] = []
        self._bare_spelled: set[str] | None = None
        self.calls: dict[str, list[syntax.Call]] = {}
        self.declared: set[str] = set()
        self.declared_values: list[syntax.Call] = []
        self.used: set[str] = set()
        self.named_pi = False
        self.ones: list[Node] = []
        self.shares: list[Node] = []
        self.followed: list[syntax.Follows] = []
        self.averaged: set[str] = set()
        self.indexed: set[str] = set()
        self.superscripted: set[str] = set()
        self.unsubscripted: set[str] = set()
        self.coordinates: set[str] = set()
        self.ranges: dict[str, dict[str, tuple[Node, Node]]] = {}
        self.measured: set[str] = set()
        self.sampled: set[str] = set()
        self.defined: set[str] = set()
        self.processes: set[str] = set()
        self.blocks: set[str] = set()
        self.parted: set[str] = set()
        self.sizes: set[str] = {"d"}
        self.differentiated: dict[str, syntax.Name] = {}
        self._between: set[int] = set()
        self._sizes: dict[str, dict[str, str]] = {}
        self._kinds: dict[int, str] = {}
        self._implied: dict[str, dict[str, dict[str, syntax.Call]]] = {}
        self._dependent: dict[str, syntax.Call] = {}
        self._ways: dict[str, tuple[bool, bool]] = {}
        trees = list(trees)
        self.velocities = frozenset(moving(trees))
        for tree in trees:
            nodes = list(walk(tree))
            self._look(nodes)
            self._look_for_processes(nodes)
        self.entries = Entries(trees)
        for index, size in self.entries.open.items():
            one = syntax.Number(size.start, size.start, "1")
            self.ranges.setdefault(index, {}).setdefault(spelled([one, size]), (one, size))

    def _parts(self, node: syntax.Belongs) -> None:
        r"""Names whose members are declared with different sizes: the parts x_1 and x_2 of a vector."""
        for item in node.variables:
            if isinstance(item, syntax.Name) and item.subscript is not None:
                sizes = self._sizes.setdefault(item.name, {})
                sizes[spelled(item.subscript)] = spelled(node.sizes)
                if len(set(sizes.values())) > 1:
                    self.parted.add(item.name)

    def _look_for_processes(self, nodes: list[Node]) -> None:
        """Names that are random points at a time, `x(t)` in `p(x(t) | x(0))`."""
        for node in nodes:
            items: list[Node] = []
            if isinstance(node, syntax.Call) and base_letter(node.head.name) in LAW_LETTERS:
                items = [item for group in node.slots.groups for item in group]
                for item in items:
                    if isinstance(item, syntax.Power) and isinstance(item.base, syntax.Name):
                        self.superscripted.update([item.base.name] if index_letter(item.exponent) else [])
            elif isinstance(node, syntax.Source):
                items = [*node.variables, *node.given]
            for item in items:
                if (
                    isinstance(item, syntax.Call)
                    and item.power is None
                    and item.head.subscript is None
                    and (item.head.bold or base_letter(item.head.name) in RANDOM_NAMES)
                    and item.head.name not in LAW_LETTERS
                    and item.slots.single is not None
                    and timelike(item.slots.single)
                ):
                    self.processes.add(item.head.name)

    def _look(self, nodes: list[Node]) -> None:
        heads: set[int] = set()
        dotted = any(isinstance(node, syntax.Dots) for node in nodes)
        for node in nodes:
            if dotted:
                self._dotted(children(node))
            if isinstance(node, syntax.Power) and node.mark == "T":
                self._transposing.add(id(node.exponent))
            match node:
                case syntax.Call():
                    heads.add(id(node.head))
                    self.calls.setdefault(node.head.name, []).append(node)
                case syntax.Name():
                    self.used.add(node.name)
                    self.timed = self.timed or (node.name == "T" and id(node) not in self._transposing)
                    if node.subscript is None:
                        self.unsubscripted.add(node.name)
                    if node.name == r"\pi" and (node.bold or node.subscript is not None):
                        self.named_pi = True
                    self._indices(node)
                    if id(node) not in heads:
                        self.bare.add(node.name)
                        self._bare_names.append(node)
                case syntax.Sum():
                    self._look_between(node)
                case syntax.Nabla():
                    for variable in (node.variable, *node.others):
                        if isinstance(variable, syntax.Name):
                            self.differentiated.setdefault(variable.name, variable)
                            if variable.subscript is not None:
                                self.differentiated[variable.name] = variable
                case syntax.FamilyOf():
                    self.bound.add(node.index.name)
                case syntax.Relative():
                    self._measure(node)
                case syntax.Source() if isinstance(node.law, syntax.Call):
                    self.sampled.add(node.law.head.name)
                case syntax.Relations():
                    self.named_pi = self.named_pi or names_pi(node)
                    self.defined.update(
                        side.name for side in node.sides if isinstance(side, syntax.Name) and side.subscript is None
                    )
                case syntax.OnesVector(size=syntax.Name() as size):
                    self.sizes.add(size.name)
                case syntax.Juxtaposition() | syntax.Fraction():
                    self.shares.extend(_shared_among(node))
                case syntax.Belongs(domain="R"):
                    if len(node.sizes) == 1 and any(isinstance(item, syntax.OnesVector) for item in node.variables):
                        self.ones.append(node.sizes[0])
                    self.sizes.update(size.name for size in node.sizes if isinstance(size, syntax.Name))
                    self._parts(node)
                case syntax.Power(base=syntax.Several()) if node.mark in ("top", "T"):
                    assert isinstance(node.base, syntax.Several)
                    self.blocks.update(
                        spelled(item) for item in node.base.items
                        if isinstance(item, syntax.Name) and item.subscript is not None
                    )  # fmt: skip
                case syntax.Blocks():
                    self.blocks.update(
                        spelled(item) for row in node.rows for item in row
                        if isinstance(item, syntax.Name) and item.subscript is not None
                    )  # fmt: skip
                case syntax.Big() if node.index is not None and node.index.subscript is None:
                    if node.lower is not None or node.index.name in INDEX_LETTERS:
                        self.bound.add(node.index.name)
                    if isinstance(node.upper, syntax.Name) and node.upper.name in ("d", "D", "J"):
                        self.coordinates.add(node.index.name)
                    if node.lower is not None and node.upper is not None and node.relation == "=":
                        key = spelled([node.lower, node.upper])
                        self.ranges.setdefault(node.index.name, {})[key] = (node.lower, node.upper)
                case syntax.Belongs():
                    for variable in node.variables:
                        if isinstance(variable, syntax.Name):
                            self.declared.add(variable.name)
                        elif isinstance(variable, syntax.Call):
                            self.declared_values.append(variable)
                case syntax.Definite() if isinstance(node.argument, syntax.Name):
                    self.declared.add(node.argument.name)
                case syntax.Follows():
                    self.followed.append(node)
                case syntax.Moment(sources=None):
                    self.averaged.update(
                        body.name for body in node.bodies if isinstance(body, syntax.Name) and body.subscript is None
                    )

    def _look_between(self, node: syntax.Sum) -> None:
        r"""The `s(b - a)` of `a + s(b - a)`, a factor and a difference: what stands before it stands in it as well."""
        terms = {spelled(term) for _, term in node.terms}
        for _, term in node.terms:
            single = term.slots.single if isinstance(term, syntax.Call) and term.power is None else None
            if isinstance(single, syntax.Sum) and terms & {spelled(part) for _, part in single.terms}:
                self._between.add(id(term))

    def _dotted(self, items: list[Node]) -> None:
        r"""The d of `x_1, \dots, x_d` is an index."""
        for place, item in enumerate(items[1:-1], 1):
            if isinstance(item, syntax.Dots):
                for name in walk(items[place + 1]):
                    if isinstance(name, syntax.Name) and name.subscript is not None and len(name.subscript) == 1:
                        end = name.subscript[0].lower
                        if isinstance(end, syntax.Name) and len(end.name) == 1 and not end.upright:
                            self.bound.add(end.name)

    def _measure(self, node: syntax.Relative) -> None:
        """What stands bare in a divergence is a law, whatever its letter."""
        for side in (node.left, node.right):
            if isinstance(side, syntax.Name):
                self.measured.add(side.name)
            elif isinstance(side, syntax.Call) and "|" in side.slots.separators:
                self.sampled.add(side.head.name)

    def _indices(self, name: syntax.Name) -> None:
        """Names inside subscripts of more than one letter (`t-1`, `1:T`) are indices wherever they stand alone."""
        for part in name.subscript or ():
            for end in (part.lower, part.upper):
                if end is not None:
                    self.indexed.update(node.name for node in walk(end) if isinstance(node, syntax.Name))
                    self.timed = self.timed or "T" in self.indexed
                if end is None or (isinstance(end, syntax.Name) and not part.ranged):
                    continue
                if isinstance(end, (syntax.Sum, syntax.Name)):
                    self.bound.update(
                        node.name for node in walk(end)
                        if isinstance(node, syntax.Name) and node.subscript is None and not node.upright
                    )  # fmt: skip

    def depend(self, dependences: Mapping[str, Dependence]) -> None:
        """Take in what the names depend on that are differentiated bare: each stands for one application throughout."""
        for key, (_, name, variables) in dependences.items():
            head = replace(name)
            slots = syntax.Slots(name.start, name.end, [[variables[item] for item in sorted(variables)]], [])
            call = self._dependent[key] = syntax.Call(name.start, name.end, head, slots)
            self._kinds[id(call)] = "function"

    def depends(self, name: syntax.Name) -> bool:
        """Whether a bare name stands for a function's value because it is differentiated."""
        return spelled(name) in self._dependent

    def implied(self, node: syntax.Name) -> syntax.Call | None:
        """The one application that a bare name stands for: of the same name and subscript, to names alone."""
        if self._dependent:
            dependent = self._dependent.get(spelled(node))
            if dependent is not None:
                return dependent
        known = self._implied.get(node.name)
        if known is None:
            known = self._implied[node.name] = {}
            for call in self.calls.get(node.name, ()):
                if self.kind(call) in ("function", "law") and self._of_plain_names(call):
                    known.setdefault(spelled(call.head), {}).setdefault(spelled(call.slots), call)
        forms = known.get(spelled(node), {}) if known else {}
        return next(iter(forms.values())) if len(forms) == 1 else None

    def _of_plain_names(self, call: syntax.Call) -> bool:
        """Whether a call is of names alone, none of which stands for an application itself."""
        items = [item for group in call.slots.groups for item in group]
        return all(
            isinstance(item, syntax.Name) and item.name not in self.calls and item.name != r"\cdot" for item in items
        )

    # ---- what a call is -------------------------------------------------------------------------------------------

    def kind(self, call: syntax.Call) -> str:
        """One of "normal", "law", "entropy", "function", "product"."""
        known = self._kinds.get(id(call))
        if known is None:
            known = self._kinds[id(call)] = self._decide(call)
        return known

    def _decide(self, call: syntax.Call) -> str:
        head, slots, known = call.head, call.slots, self.declarations
        name = head.name
        sort = known.sorts.get(name)
        if name in known.laws:
            return "law"
        if name in known.functions:
            return "function"
        if name in self.processes and head.subscript is None and slots.single is not None and timelike(slots.single):
            return "process"
        if sort is not None and sort not in (EVENT, VARIABLES) and (sort != INDEX or slots.single is not None):
            return "function" if self._value_declared(call) or slots.single is None else "product"
        if name in GAUSSIAN:
            return "normal"
        if name == "N" and name not in self.declared and (len(slots.groups) > 1 or len(slots.groups[0]) > 1):
            return "normal"
        if name == "H" and name not in self.declared and self._is_entropy(call):
            return "entropy"
        if self._value_declared(call):
            return "function"
        if name in self.sampled and len(base_letter(name)) == 1 and name not in FAMILIES and self._is_density(call):
            return "law"
        if "|" in slots.separators:
            return "law" if base_letter(name) in BARRED_LAWS else "function"
        if base_letter(name) in LAW_LETTERS and self._is_density(call):
            return "law"
        if base_letter(name) in BARRED_LAWS and self._barred(name) and self._is_density(call):
            return "law"
        if slots.single is None:
            return "function"
        return self._function_or_factor(call, slots.single)

    def _barred(self, name: str) -> bool:
        """Whether a name has a bar among its arguments somewhere, as a conditional density has."""
        return any("|" in call.slots.separators for call in self.calls.get(name, ()))

    def _applied(self, name: str) -> tuple[bool, bool]:
        """Whether a name is applied to several arguments somewhere, and whether to a name or number alone."""
        known = self._ways.get(name)
        if known is None:
            singles = [call.slots.single for call in self.calls.get(name, ())]
            plainly = any(isinstance(single, (syntax.Name, syntax.Number)) for single in singles)
            known = self._ways[name] = (None in singles, plainly)
        return known

    def _bare(self, head: syntax.Name) -> bool:
        """Whether the same name with the same subscript stands somewhere without arguments."""
        if head.name not in self.bare:
            return False
        if self._bare_spelled is None:
            self._bare_spelled = {spelled(name) for name in self._bare_names}
        return spelled(head) in self._bare_spelled

    def _value_declared(self, call: syntax.Call) -> bool:
        return any(other.head.name == call.head.name for other in self.declared_values)

    def _is_density(self, call: syntax.Call) -> bool:
        items = [item for group in call.slots.groups for item in group]
        if not items:
            return False
        plain = (syntax.Name, syntax.Dots, syntax.Assign, syntax.SetOperation, syntax.Happening)
        if all(isinstance(item, plain) for item in items):
            return True
        happening = any(isinstance(item, (syntax.Happening, syntax.Big)) for item in items)
        if happening and base_letter(call.head.name) == "P":
            return True
        if all(_eventual(item) for item in items):
            return True
        name = call.head.name
        if base_letter(name) in (r"\pi", "P") or name in self.declared:
            return False
        return any(
            other is not call
            and spelled(other.head) == spelled(call.head)
            and any(isinstance(item, syntax.Name) for item in other.slots.groups[0])
            for other in self.calls.get(name, ())
        ) or all(isinstance(item, (syntax.Name, syntax.Call)) for item in items)

    def _is_entropy(self, call: syntax.Call) -> bool:
        if call.head.subscript is not None:
            return len(call.slots.groups[0]) == 1 and "H" not in self.bare
        return all(self.is_law(item) for item in call.slots.groups[0]) and len(call.slots.groups) == 1

    def is_law(self, node: Node) -> bool:
        """Whether a node is a law's name, a density or a Gaussian."""
        match node:
            case syntax.Call():
                return self.kind(node) in ("law", "normal")
            case syntax.Name():
                if node.name in self.declarations.laws:
                    return True
                if node.name in self.declarations.sorts or node.name in self.declared:
                    return False
                if node.name in self.measured:
                    return True
                return base_letter(node.name) in LAW_LETTERS and node.name != r"\pi"
            case syntax.Group():
                return self.is_law(node.body)
        return False

    def argued(self, primed: str) -> bool:
        """Whether a name with its primes stands alone among several arguments, as a second point does: `k(x, x')`."""
        if self._argued is None:
            self._argued = {
                item.name + "'" * item.primes
                for calls in self.calls.values() for call in calls if call.slots.single is None
                for group in call.slots.groups for item in group
                if isinstance(item, syntax.Name) and item.primes
            }  # fmt: skip
        return primed in self._argued

    def law_letter(self) -> str:
        """The letter of the one law that these texts speak of, p where there is none or are several."""
        letters = {
            name for name, calls in self.calls.items()
            if name in LAW_LETTERS and len(name) == 1 and any(self.kind(call) == "law" for call in calls)
        }  # fmt: skip
        return letters.pop() if len(letters) == 1 else "p"

    def _function_or_factor(self, call: syntax.Call, argument: Node) -> str:
        head = call.head
        name = head.name
        if name in self.declared:
            return "product"
        if (head.upright and len(name) > 1) or "\\mathcal" in name:
            return "function"
        simple = isinstance(argument, (syntax.Name, syntax.Number))
        several, plainly = self._applied(name)
        if several:
            return "function"
        if id(call) in self._between and not plainly:
            return "product"
        bare = self._bare(head)
        if plainly:
            return "product" if name in self.bound or (bare and not simple) else "function"
        index = name in self.bound or (name in FACTOR_LETTERS and head.subscript is None)
        letter = base_letter(name)
        if not bare and (isinstance(argument, (syntax.Call, syntax.Bars)) or letter == r"\delta"):
            return "function"
        greek = letter.startswith("\\") and letter[1:2].islower()
        matrix = name == "I" or letter in (r"\Sigma", r"\Lambda")
        return "product" if bare or index or greek or matrix else "function"


def index_letter(node: Node | None) -> bool:
    """Whether an exponent is a letter that numbers things: the i of x_t^i where x is random."""
    return isinstance(node, syntax.Name) and node.name in "ijklmn" and node.subscript is None and not node.primes


def timelike(node: Node) -> bool:
    """Whether an argument is a time: an index letter, a number, or a sum of such."""
    match node:
        case syntax.Number():
            return True
        case syntax.Name():
            return node.subscript is None and (node.name in INDEX_LETTERS or node.name in (r"\tau", "0"))
        case syntax.Sum():
            return all(timelike(term) for _, term in node.terms)
        case syntax.Juxtaposition():
            return all(isinstance(factor, syntax.Name) and timelike(factor) for factor in node.factors)
    return False


def is_complement(node: syntax.Power) -> bool:
    """Whether a power is written as a complement: `A^c`."""
    return node.mark == "c" or (isinstance(node.exponent, syntax.Name) and node.exponent.name == "c")


def _eventual(item: Node) -> bool:
    """Whether an item of P(…) can only be an event: built of names by ∩, ∪ and complements."""
    match item:
        case syntax.Name():
            return True
        case syntax.SetOperation():
            return all(_eventual(part) or isinstance(part, syntax.Dots) for part in item.items)
        case syntax.Power():
            return is_complement(item)
        case syntax.Group():
            return _eventual(item.body)
    return False


def _shared_among(node: syntax.Juxtaposition | syntax.Fraction) -> list[Node]:
    r"""The K of `\frac{1}{K} \mathbf{1} \mathbf{1}^\top`: what ones are divided by is how many there are."""
    factors = node.factors if isinstance(node, syntax.Juxtaposition) else [node]
    below = [item.denominator for item in factors if isinstance(item, syntax.Fraction)]
    inside = [
        part for item in factors if isinstance(item, syntax.Fraction)
        for part in (item.numerator.factors if isinstance(item.numerator, syntax.Juxtaposition) else [item.numerator])
    ]  # fmt: skip
    bases = [item.base if isinstance(item, syntax.Power) else item for item in (*factors, *inside)]
    ones = sum(isinstance(item, syntax.OnesVector) and item.size is None for item in bases)
    return [item for item in below if isinstance(item, syntax.Name) and item.subscript is None] if ones == 2 else []
