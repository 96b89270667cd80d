r"""Declarations: what names mean. The model's lines say it; where they are silent, the defaults of this page hold.

Defaults. `p`, `q`, `P`, `\pi` (also with accents and subscripts) before a list of arguments are laws; so are `f`, `g`,
`h`, `r`, `\rho`, `\phi` where their arguments have a bar. Other applied names are unknown functions, but a name that
occurs without arguments too, or a lower-case Greek letter before a compound bracket, is a factor. `\mathcal{N}` (and
`N` with several arguments) is the Gaussian, its last slot a covariance. `I` is the identity where a matrix is expected,
`d` the dimension. In subscripts `i j k l m n r s t u`, `T N K M L J` and bound letters are indices, Greek letters
parameters, other names labels. `x^{(i)}` is a name of its own with an index, not a power.
Names in bold are vectors of dimension d, `\Sigma` is a d × d matrix, the argument of a norm a vector; all other
undeclared names are scalars unless the formula says otherwise. `P` of the letters A … G is the probability of events.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from sympy import Expr, Symbol

from derive.terms import EVENT, INDEX, LAW, SCALAR, VARIABLES, Application, Density, Sort

LAW_LETTERS = frozenset(("p", "q", "P", r"\pi", r"\mathcal U"))
BARRED_LAWS = LAW_LETTERS | frozenset(("f", "g", "h", "r", r"\rho", r"\phi", r"\varphi"))
INDEX_LETTERS = frozenset("ijklmnrstuTNKMLJ")
WORD_INDICES = frozenset("ijklmnst")
"""Letters of which several in a row in a subscript are several indices, not a word."""
COEFFICIENTS = frozenset((*"abcw", *(f"\\{name}" for name in "alpha beta gamma eta lambda sigma omega kappa".split())))
"""Letters that are numbers where they stand before what is differentiated."""
RANDOM_NAMES = frozenset(("x", "y", "z", "w", "X", "Y", "Z", "W", r"\epsilon", r"\varepsilon", r"\xi", r"\varepsilon'"))
DIMENSION = Symbol("d")
_RAISED_MARK = re.compile(r"(?:\^\*|\^\+|\^-|\^\{\\mathrm\{[^{}]*\}\}|\^\{-1\})+$")
EVENT_LETTERS = frozenset("ABCDEFG")
FACTOR_LETTERS = frozenset("abcdkmnijtTNMK")


@dataclass(frozen=True)
class Declarations:
    """What is declared of names; a value: every method returns another one.

    `sorts` are those of variables and constants, `functions` those of the values of unknown functions; `joints` the
    densities that a model states of its laws, a law's factorization first; `random` the names known to be random,
    `defined` those that an equation says what they are.
    """

    sorts: Mapping[str, Sort] = field(default_factory=dict)
    functions: Mapping[str, Sort] = field(default_factory=dict)
    laws: frozenset[str] = frozenset()
    joints: tuple[Density, ...] = ()
    values: tuple[Application, ...] = ()
    random: frozenset[str] = frozenset()
    indices: frozenset[str] = frozenset()
    defined: frozenset[str] = frozenset()
    dimension: Expr = DIMENSION

    def declare(self, name: str, sort: Sort) -> Declarations:
        """With `name` of this sort: a law for `LAW`, a set of variables for `VARIABLES`, else a variable."""
        if sort == LAW:
            return self.law(name)
        indices = self.indices | {name} if sort == INDEX else self.indices
        return replace(self, sorts=MappingProxyType({**self.sorts, name: sort}), indices=indices)

    def law(self, *names: str) -> Declarations:
        """With these names as laws."""
        sorts = MappingProxyType({name: sort for name, sort in self.sorts.items() if name not in names})
        return replace(self, laws=self.laws | set(names), sorts=sorts)

    def function(self, name: str, sort: Sort = SCALAR) -> Declarations:
        """With `name` as an unknown function with values of this sort."""
        return replace(self, functions=MappingProxyType({**self.functions, name: sort}))

    def event(self, *names: str) -> Declarations:
        """With these names as events."""
        return replace(self, sorts=MappingProxyType({**self.sorts, **dict.fromkeys(names, EVENT)}))

    def variables(self, *names: str) -> Declarations:
        """With these names as sets of variables."""
        return replace(self, sorts=MappingProxyType({**self.sorts, **dict.fromkeys(names, VARIABLES)}))

    def index(self, *names: str) -> Declarations:
        """With these names as indices, in subscripts too."""
        sorts = {**self.sorts, **dict.fromkeys(names, INDEX)}
        return replace(self, sorts=MappingProxyType(sorts), indices=self.indices | set(names))

    def random_name(self, *names: str) -> Declarations:
        """With these names known to be random."""
        return replace(self, random=self.random | set(names))

    def equal_to_something(self, *names: str) -> Declarations:
        """With these names as those that an equation says what they are."""
        return replace(self, defined=self.defined | set(names))

    def joint(self, *densities: Density) -> Declarations:
        """With these densities stated of their laws; the first of a law is what its expectations bind."""
        known = list(self.joints)
        known += [density for density in densities if density not in known]
        return replace(self, joints=tuple(known), laws=self.laws | {density.law.name for density in densities})

    def value(self, *applications: Application) -> Declarations:
        """With these as the way an unknown function is written where its arguments are left out."""
        known = [*self.values, *(item for item in applications if item not in self.values)]
        return replace(self, values=tuple(known))

    def is_random(self, name: str) -> bool:
        """Whether the name is random: declared so, or by default."""
        return name in self.random or (name in RANDOM_NAMES and self.sorts.get(name) != INDEX)


def base_letter(name: str) -> str:
    r"""The letter under accents and marks: `p` of `\tilde p`, `\pi` of `\hat\pi`."""
    name = _RAISED_MARK.sub("", name.rstrip("'")).removesuffix(r"^{(\cdot)}")
    for accent in (r"\bar", r"\tilde", r"\hat", r"\dot", r"\ddot", r"\check", r"\breve", r"\acute"):
        if name.startswith(accent) and len(name) > len(accent):
            rest = name[len(accent) :]
            if rest.startswith((" ", "\\")):
                return base_letter(rest.strip())
    return name


def merged(first: Iterable[str], second: Iterable[str]) -> frozenset[str]:
    """The names of both."""
    return frozenset(first) | frozenset(second)
