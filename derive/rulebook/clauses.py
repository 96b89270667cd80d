"""The list under a rule's formula: a closed vocabulary of keys, each with a form of its own. No formula is read here.

    let      $`x, \\mu`$ vector, $`B`$ chosen variables      the sorts of metavariables
    when     $`v > 0`$                                      a condition, in one of the forms of `CONDITIONS`
    called   $`p(A \\mid B)`$ the posterior, …              what the parts are called
    source   a textbook or a paper
    fallacy  why people believe it, although it is false
    world    the law that breaks it, and both sides' values there
    zh       name：sentence
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from derive.errors import RuleError
from derive.markdown import formulas

__all__ = ["CONDITIONS", "KEYS", "KINDS", "Called", "ConditionText", "Metavariable", "Translation", "World", "called",
           "condition", "fraction", "metavariables", "translation", "world"]  # fmt: skip

KEYS = ("let", "when", "called", "source", "fallacy", "world", "zh")

CONDITIONS = {
    "_": "holds",
    "_ for every _": "for every",
    "_ exists": "exists",
    "_ exchanges": "exchanges",
    "_ almost surely under _": "almost surely",
    "_ convex in _": "convex",
    "_ concave in _": "concave",
    "counting measure on _": "counting",
    "Lebesgue measure on _": "Lebesgue",
    "almost everywhere in _": "almost everywhere",
}
"""The forms a condition may take, with `_` for a formula."""

KINDS = {
    "variables": ("variables", "variables"),
    "variable": ("variable", "vector"),
    "scalar variable": ("variable", "scalar"),
    "expression": ("expression", "scalar"),
    "vector expression": ("expression", "vector"),
    "matrix expression": ("expression", "matrix"),
    "vector": ("term", "vector"),
    "scalar": ("term", "scalar"),
    "matrix": ("term", "matrix"),
    "matrix variable": ("variable", "matrix"),
    "index": ("index", "index"),
    "event": ("event", "event"),
    "law": ("law", "law"),
}
"""What a metavariable may be declared as: its kind, and the sort of its values."""


@dataclass(frozen=True, slots=True)
class Metavariable:
    """A name of a rule that stands for something of a kind: a law, a set of variables, a vector, an expression, …

    `family` is the index of a declaration like x_t: the name then stands for a name with an index. `chosen` says that
    the direction in which it is new leaves it to the caller.
    """

    name: str
    kind: str
    sort: str
    shape: tuple[str, ...] = ()
    chosen: bool = False
    family: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class ConditionText:
    """A condition as it is written: its form (a value of `CONDITIONS`) and its formulas."""

    form: str
    formulas: tuple[str, ...]
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Called:
    """What a part of the formula is called; without a formula, what the whole is called."""

    latex: str
    name: str


@dataclass(frozen=True, slots=True)
class Translation:
    """A rule's name and one sentence about it, in Chinese."""

    name: str
    sentence: str


@dataclass(frozen=True, slots=True)
class World:
    """A law that breaks a fallacy, and both sides' values in it.

    `tables` gives the probabilities of each law: `p(A=0, B=1) = 1/4`, those not named being zero. `laws` are
    distributions `X \\sim …`, independent of each other; `values` are equations `v = 1`, `Y = X`, `g(r) = r^2`; `point`
    is where the two sides are compared. Right sides that are no fractions stay LaTeX.
    """

    tables: dict[str, dict[tuple[tuple[str, Fraction], ...], Fraction]]
    laws: tuple[tuple[str, str], ...]
    values: tuple[tuple[str, str], ...]
    point: tuple[tuple[str, Fraction], ...]
    left: str
    right: str
    text: str
    line: int


_NAME = re.compile(r"(\\?[A-Za-z]+'*|\\[A-Za-z]+\s*\{?\\?[A-Za-z]+\}?)(?:_\{?([a-z])\}?)?$")


def metavariables(text: str, line: int, file: str | None = None) -> list[Metavariable]:
    """The metavariables that a `let` line declares."""
    found = formulas(text)
    result: list[Metavariable] = []
    place = 0
    while place < len(found):
        formula = found[place]
        stop = found[place + 1].start if place + 1 < len(found) else len(text)
        words = text[formula.end : stop].strip().rstrip(",").strip()
        shape: tuple[str, ...] = ()
        if words.endswith(" of") and place + 1 < len(found):
            shape = tuple(part.strip() for part in re.split(r"\\times", found[place + 1].latex))
            words = words[: -len(" of")]
            place += 1
        place += 1
        chosen = words.startswith("chosen ")
        words = words.removeprefix("chosen ").strip()
        if words not in KINDS:
            raise RuleError(f"`let` does not know the sort {words!r}", file=file, line=line, source=text,
                            expected="one of " + ", ".join(KINDS))  # fmt: skip
        kind, sort = KINDS[words]
        size = {"vector": 1, "matrix": 2}.get(sort, 0)
        if not shape:
            shape = ("d",) * size
        elif len(shape) != size:
            raise RuleError(f"{words} has {size} sizes, not {len(shape)}", file=file, line=line, source=text)
        for written in formula.latex.split(","):
            match = _NAME.match(written.strip())
            if match is None or (match[2] and kind != "variable"):
                raise RuleError(f"{written.strip()!r} is not the name of a {words}", file=file, line=line, source=text,
                                expected=r"names such as x, \mu, A, or x_t for variables with an index")  # fmt: skip
            result.append(Metavariable(match[1], kind, sort, shape, chosen, match[2] or "", line))
    if not found or text[: found[0].start].strip():
        raise RuleError("`let` declares nothing that is understood", file=file, line=line, source=text,
                        expected="formulas, each with a sort: $`x, y`$ vector, $`C`$ chosen variables")  # fmt: skip
    return result


def condition(text: str, line: int, file: str | None = None) -> ConditionText:
    """The condition that a `when` line states."""
    found = formulas(text)
    form = CONDITIONS.get(" ".join(_skeleton(text).split()))
    if form is None:
        raise RuleError("a condition that is not understood", file=file, line=line, source=text,
                        expected="one of: " + "; ".join(CONDITIONS) + " (with a formula for _)")  # fmt: skip
    return ConditionText(form, tuple(formula.latex for formula in found), text, line)


def called(text: str, line: int, file: str | None = None) -> list[Called]:
    """What the parts of a formula are called: formulas, each followed by a name; or a name for the whole."""
    found = formulas(text)
    if not found:
        return [Called("", text.strip())]
    result = []
    for place, formula in enumerate(found):
        stop = found[place + 1].start if place + 1 < len(found) else len(text)
        name = text[formula.end : stop].strip().rstrip(",").strip()
        if not name:
            raise RuleError("`called` gives a formula no name", file=file, line=line, source=text)
        result.append(Called(formula.latex, name))
    return result


def translation(text: str, line: int, file: str | None = None) -> Translation:
    """The Chinese name and sentence, parted by a colon."""
    name, colon, sentence = text.partition("：")
    if not (name.strip() and colon and sentence.strip()):
        raise RuleError("`zh` needs a name, a colon and a sentence", file=file, line=line, source=text,
                        expected="名称：一句话。")  # fmt: skip
    return Translation(name.strip(), sentence.strip())


_FRACTION = re.compile(r"(-?)\s*(?:(\d+)(?:\s*/\s*(\d+))?|\\[td]?frac\s*(?:\{(\d+)\}|(\d))\s*(?:\{(\d+)\}|(\d)))$")
_MASS = re.compile(r"([A-Za-z])\s*\((?P<at>[^()]*=[^()]*)\)\s*=\s*(?P<value>.+)$", re.DOTALL)
_SIDES = re.compile(r"(?:at _ )?the left side is _, the right side _$")


def fraction(text: str) -> Fraction | None:
    r"""The rational number written as 3, -1/2, \frac12 or \frac{1}{100}; None for anything else."""
    match = _FRACTION.match(text.strip())
    if match is None:
        return None
    top, bottom = match[2] or match[4] or match[5], match[3] or match[6] or match[7] or "1"
    return None if int(bottom) == 0 else Fraction(int(match[1] + top), int(bottom))


def world(text: str, line: int, file: str | None = None) -> World:
    """The world that a `world` line describes: entries, a semicolon, and the two sides' values."""
    def refuse(message: str, expected: str | None = None) -> RuleError:
        return RuleError(message, file=file, line=line, source=text, expected=expected)

    found = formulas(text)
    skeleton = _skeleton(text)
    entries_text, semicolon, sides_text = skeleton.partition(";")
    sides_text = " ".join(sides_text.split())
    if not semicolon or not _SIDES.match(sides_text) or entries_text.replace("_", "").replace(",", "").strip():
        raise refuse("a world that is not understood",
                     "entries, then `; at $`A=0`$ the left side is $`1/2`$, the right side $`1/4`$`")  # fmt: skip
    count = entries_text.count("_")
    entries, rest = [item.latex for item in found[:count]], [item.latex for item in found[count:]]
    tables: dict[str, dict[tuple[tuple[str, Fraction], ...], Fraction]] = {}
    laws: list[tuple[str, str]] = []
    values: list[tuple[str, str]] = []
    for entry in entries:
        mass = _MASS.match(entry)
        if mass is not None:
            value = fraction(mass["value"])
            where = _point(mass["at"])
            if value is None or value < 0 or where is None:
                raise refuse(f"{entry!r} gives no probability", "p(A=0, B=1) = 1/4")
            table = tables.setdefault(mass[1], {})
            if where in table:
                raise refuse(f"{entry!r} is given twice")
            if table and [name for name, _ in next(iter(table))] != [name for name, _ in where]:
                raise refuse(f"{entry!r} speaks of other variables than the entries before it")
            table[where] = value
        elif r"\sim" in entry:
            name, _, law = entry.partition(r"\sim")
            laws.append((name.strip(), law.strip()))
        elif "=" in entry:
            name, _, meaning = entry.partition("=")
            values.append((name.strip(), meaning.strip()))
        else:
            raise refuse(f"{entry!r} is no probability, no distribution and no value")
    for law, table in tables.items():
        if sum(table.values()) != 1:
            raise refuse(f"the probabilities of {law} add up to {sum(table.values())}, not to 1")
    point = _point(rest[0]) if sides_text.startswith("at") else ()
    if point is None:
        raise refuse(f"{rest[0]!r} is no point", "A=0, B=1")
    return World(tables, tuple(laws), tuple(values), point, rest[-2], rest[-1], text, line)


def _point(text: str) -> tuple[tuple[str, Fraction], ...] | None:
    pairs = []
    for part in text.split(","):
        name, _, value = part.partition("=")
        number = fraction(value)
        if number is None or not name.strip():
            return None
        pairs.append((name.strip(), number))
    return tuple(sorted(pairs))


def _skeleton(text: str) -> str:
    """The text with `_` for each formula."""
    parts, last = [], 0
    for formula in formulas(text):
        parts += [text[last : formula.start], "_"]
        last = formula.end
    return "".join((*parts, text[last:])).strip()
