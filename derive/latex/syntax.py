"""The syntax tree of a formula: what is written, before anybody knows what is a law, a vector or a product.

Every node knows where it stands in the text (`start`, `end`); nothing here has a sort or a meaning yet.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True, eq=False)
class Node:
    """A piece of the text from `start` to `end`."""

    start: int
    end: int


@dataclass(slots=True, eq=False)
class Number(Node):
    """`12`, `0.5`: digits as written."""

    text: str


@dataclass(slots=True, eq=False)
class Infinity(Node):
    r"""`\infty`."""


@dataclass(slots=True, eq=False)
class Name(Node):
    r"""A name with its subscript: `\bar\alpha_{t-1}`, `SNR`. `subscript` is None where there is none."""

    name: str
    subscript: tuple[Subscript, ...] | None = None
    bold: bool = False
    primes: int = 0
    upright: bool = False


@dataclass(slots=True, eq=False)
class Subscript(Node):
    r"""One part of a subscript: `lower` alone, a range `lower:upper`, or the bar of `t \mid t-1` (both None)."""

    lower: Node | None
    upper: Node | None = None
    ranged: bool = False


@dataclass(slots=True, eq=False)
class Dots(Node):
    r"""`\dots` and its relatives."""


@dataclass(slots=True, eq=False)
class Slots(Node):
    """What stands in brackets: groups of items, and the separators `;`, `|`, `||` between the groups."""

    groups: list[list[Node]]
    separators: list[str]
    bracket: str = "("

    @property
    def single(self) -> Node | None:
        """The one item, where there is exactly one."""
        return self.groups[0][0] if len(self.groups) == 1 and len(self.groups[0]) == 1 else None


@dataclass(slots=True, eq=False)
class Call(Node):
    """A name directly before brackets: a density, a function's value or a product; `power` stands between them."""

    head: Name
    slots: Slots
    power: Node | None = None


@dataclass(slots=True, eq=False)
class Assign(Node):
    """`x = a` inside brackets."""

    variable: Node
    value: Node


@dataclass(slots=True, eq=False)
class Group(Node):
    """An expression in brackets or braces."""

    body: Node
    bracket: str


@dataclass(slots=True, eq=False)
class Power(Node):
    """base^exponent; `mark` is "T", "top", "c" or "*" where the exponent is a mark rather than a number."""

    base: Node
    exponent: Node | None
    mark: str = ""


@dataclass(slots=True, eq=False)
class Prime(Node):
    """The transpose written `'` after a bracket."""

    base: Node


@dataclass(slots=True, eq=False)
class Factorial(Node):
    """n!"""

    base: Node


@dataclass(slots=True, eq=False)
class Sum(Node):
    """Terms with their signs, +1 or −1."""

    terms: list[tuple[int, Node]]


@dataclass(slots=True, eq=False)
class Juxtaposition(Node):
    r"""Factors side by side; `dots[i]` tells that an explicit `\cdot` or `\times` stands before factor i."""

    factors: list[Node]
    dotted: list[bool]


@dataclass(slots=True, eq=False)
class Fraction(Node):
    r"""`\frac{a}{b}` and `a/b`."""

    numerator: Node
    denominator: Node


@dataclass(slots=True, eq=False)
class Root(Node):
    r"""`\sqrt[n]{x}`."""

    radicand: Node
    degree: Node | None = None


@dataclass(slots=True, eq=False)
class Function(Node):
    r"""`\log x`, `\operatorname{tr} A`: a named function of SymPy's or of linear algebra; base of the logarithm."""

    name: str
    arguments: list[Node]
    base: Node | None = None


@dataclass(slots=True, eq=False)
class Bars(Node):
    """|x| (`double` False) and ‖x‖."""

    body: Node
    double: bool


@dataclass(slots=True, eq=False)
class Angle(Node):
    r"""`\langle x, y \rangle`."""

    left: Node
    right: Node


@dataclass(slots=True, eq=False)
class Evaluated(Node):
    r"""`\left. \nabla_x f \right|_{x = a}`: a derivative at another point."""

    body: Node
    variables: list[Node]
    values: list[Node]


@dataclass(slots=True, eq=False)
class Big(Node):
    r"""`\sum` and `\prod` over an index from lower to upper, or over a variable (`lower` None)."""

    operator: str
    index: Name | None
    lower: Node | None
    upper: Node | None
    body: Node
    relation: str = "="


@dataclass(slots=True, eq=False)
class Integration(Node):
    r"""`\int_a^b f \, dx`."""

    body: Node
    variables: list[Name]
    lower: Node | None = None
    upper: Node | None = None


@dataclass(slots=True, eq=False)
class Source(Node):
    r"""A part of an expectation's subscript: variables, what they are given, and the law or density they follow."""

    variables: list[Node]
    given: list[Node] = field(default_factory=list)
    law: Node | None = None


@dataclass(slots=True, eq=False)
class Moment(Node):
    r"""`\mathbb{E}`, `\mathrm{Var}`, `\mathrm{Cov}` with their subscript, bodies and what is given.

    `slots` are the brackets of an `E(…)` that may be the value of a function named E, None for any other moment.
    """

    operator: str
    sources: list[Source] | None
    bodies: list[Node]
    given: list[Node]
    slots: Slots | None = None


@dataclass(slots=True, eq=False)
class Relative(Node):
    r"""`D_{KL}(q \| p)`."""

    left: Node
    right: Node


@dataclass(slots=True, eq=False)
class Nabla(Node):
    r"""`\nabla_x f`, `\partial_x f`, `\frac{\partial f}{\partial x}`; `divergence` for `\nabla \cdot f`.

    `across` where x^\top stands below: the derivative is a matrix then, with a column for each part of x.
    """

    variable: Node | None
    body: Node
    divergence: bool = False
    style: str = "nabla"
    order: int = 1
    others: list[Node] = field(default_factory=list)
    across: bool = False


@dataclass(slots=True, eq=False)
class SetOperation(Node):
    r"""`A \cap B` and `A \cup B`."""

    operator: str
    items: list[Node]


@dataclass(slots=True, eq=False)
class Braced(Node):
    r"""`\{A, B\}`: a set of names."""

    items: list[Node]


@dataclass(slots=True, eq=False)
class Happening(Node):
    r"""A relation where an event is expected: `X > a` in `P(X > a)`."""

    statement: Node


@dataclass(slots=True, eq=False)
class Inside(Node):
    r"""`X \in A` where an event is expected; the region is a name."""

    variable: Node
    region: Name


@dataclass(slots=True, eq=False)
class Indicated(Node):
    r"""`\mathbf{1}[…]`: the events, all of which are to happen."""

    items: list[Node]


@dataclass(slots=True, eq=False)
class OnesVector(Node):
    r"""`\mathbf{1}` alone, and `\mathbf{1}_n`."""

    size: Node | None = None


@dataclass(slots=True, eq=False)
class Optimum(Node):
    r"""`\max_x f`, `\arg\min_{x \in A} f`, with the set or the limits that x is restricted to."""

    operator: str
    variables: list[Node]
    body: Node
    region: Name | None = None
    lower: Node | None = None
    upper: Node | None = None


@dataclass(slots=True, eq=False)
class LimitOf(Node):
    r"""`\lim_{x \to a} f`."""

    variable: Node
    point: Node
    body: Node


@dataclass(slots=True, eq=False)
class CaseList(Node):
    r"""`\begin{cases} … \end{cases}`: values and the events that go with them, none for "otherwise"."""

    values: list[Node]
    conditions: list[list[Node]]


@dataclass(slots=True, eq=False)
class Blocks(Node):
    r"""`\begin{bmatrix} … \end{bmatrix}`."""

    rows: list[list[Node]]


@dataclass(slots=True, eq=False)
class EntryOf(Node):
    r"""`[A]_{ij}`."""

    base: Node
    indices: tuple[Subscript, ...]


@dataclass(slots=True, eq=False)
class Elementwise(Node):
    r"""`x \odot y`."""

    factors: list[Node]


@dataclass(slots=True, eq=False)
class Binomial(Node):
    r"""`\binom{n}{k}`."""

    over: Node
    under: Node


@dataclass(slots=True, eq=False)
class Several(Node):
    """`(a, b)` where nothing takes the list."""

    items: list[Node]


@dataclass(slots=True, eq=False)
class FamilyOf(Node):
    r"""`\{a_t\}_{t=1}^{T}`."""

    body: Node
    index: Name
    lower: Node
    upper: Node


@dataclass(slots=True, eq=False)
class DifferentialOf(Node):
    r"""`dx`, `\mathrm{d}w_t` in an equation between differentials."""

    body: Node


# ---- statements ---------------------------------------------------------------------------------------------------


@dataclass(slots=True, eq=False)
class Sign(Node):
    r"""A relation sign, with the variables of a `\propto_{x}`."""

    symbol: str
    variables: list[Node] | None = None


@dataclass(slots=True, eq=False)
class Relations(Node):
    """Sides and the signs between them; the first side is None where the line goes on from an earlier one."""

    sides: list[Node | None]
    signs: list[Sign]


@dataclass(slots=True, eq=False)
class Follows(Node):
    r"""`x \sim …`."""

    variables: list[Node]
    law: Node
    given: list[Node] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Perpendicular(Node):
    r"""`A \perp B \mid C`."""

    left: list[Node]
    right: list[Node]
    given: list[Node]


@dataclass(slots=True, eq=False)
class Belongs(Node):
    r"""`x \in …`: `domain` is "R", "N", "Z" with its sizes, or two brackets with its ends.

    The brackets are "{}" for a range, and for an interval each "[" or "(", as its end belongs to it or does not.
    """

    variables: list[Node]
    domain: str
    sizes: list[Node]


@dataclass(slots=True, eq=False)
class Definite(Node):
    r"""`\Sigma \succ 0` and `\Sigma \succeq 0` (`strict` False)."""

    argument: Node
    strict: bool
