"""Scripts: the lines of a ```` ```derive ```` fence, taken apart. No formula is read here.

    model NAME
    given LATEX       (with := a definition that the model is given besides)
    given LATEX almost surely under LATEX
    lemma NAME        an earlier result whose statement is a condition of some line, which is then not open
    start LATEX
    by NAME [backward] [in LATEX] [at LATEX] [with A := LATEX, B := LATEX]
    call LATEX the variance of LATEX        (also: the terms without LATEX): a new name for what came out
    = LATEX            (also \\le, \\ge, \\propto): checked against what came out
    together WORDS     lines that are one thought, shown as one under these words
      by …
    induction t from 1
      base:
        by …
      step:
        by …
    goal LATEX
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from derive.errors import DerivationError
from derive.markdown import Block, Bullets, Fence, Paragraph

_WORDS = re.compile(r"\s+(backward|in|at|with)(?=\s|$)")
_RELATIONS = {"=": "=", r"\le": "<=", r"\leq": "<=", r"\ge": ">=", r"\geq": ">=", r"\propto": "propto"}
_CALL = re.compile(r"call\s+(\S.*?)\s+the\s+(variance|terms without)\s+(?:of\s+)?(\S.*)$")
_SURELY = " almost surely under "
_INDUCTION = re.compile(r"induction\s+([A-Za-z])\s+from\s+(\d+)\s*$")


@dataclass(frozen=True)
class Command:
    """One line: its kind, the name or LaTeX it carries, its clauses, and where it stands."""

    kind: str  # "by" | "call" | "check" | "together" | "induction"
    text: str
    line: int
    backward: bool = False
    variable: str = ""
    at: str = ""
    chosen: tuple[tuple[str, str], ...] = ()
    base: tuple[Command, ...] = ()
    step: tuple[Command, ...] = ()
    relation: str = ""
    prose: str = ""


@dataclass(frozen=True)
class Script:
    """A derivation as its file states it."""

    name: str
    title: str = ""
    file: str | None = None
    line: int = 1
    model: str | None = None
    given: tuple[tuple[str, int], ...] = ()
    surely: tuple[tuple[str, str, int], ...] = ()  # statement, measure, line
    lemmas: tuple[str, ...] = ()
    start: tuple[str, int] | None = None
    commands: tuple[Command, ...] = ()
    goal: tuple[str, int] | None = None
    prose: str = ""
    closing: str = ""
    zh: tuple[str, str] | None = None  # title and sentence in Chinese: a bullet `- zh: 标题：一句话。`


@dataclass
class _Open:
    """A script while it is read."""

    model: str | None = None
    given: list[tuple[str, int]] = field(default_factory=list)
    surely: list[tuple[str, str, int]] = field(default_factory=list)
    lemmas: list[str] = field(default_factory=list)
    start: tuple[str, int] | None = None
    commands: list[Command] = field(default_factory=list)
    goal: tuple[str, int] | None = None


_KEYS = ("title:", "zh:")
"""What a list says of a derivation beside its prose: its title, and title and sentence in Chinese."""


def read_script(name: str, title: str, body: Sequence[Block], file: str | None, line: int) -> Script:
    """The script of a section: its fences in order, and the prose before, between and after them."""
    found = _Open()
    opening, waiting = "", ""
    zh: tuple[str, str] | None = None
    started = False
    for block in body:
        if isinstance(block, Fence) and block.word == "derive":
            first = len(found.commands)
            _read_fence(found, block, file)
            if waiting and len(found.commands) > first:
                command = found.commands[first]
                found.commands[first] = Command(**{**command.__dict__, "prose": waiting})
                waiting = ""
            started = True
        elif isinstance(block, Paragraph) and not started:
            opening = f"{opening}\n\n{block.text}".strip()
        elif isinstance(block, Paragraph):
            waiting = f"{waiting}\n\n{block.text}".strip()
        elif isinstance(block, Bullets):
            for item in block.items:
                key, _, said = item.text.partition(":")
                if key == "title":
                    title = said.strip()
                elif key == "zh":
                    title_zh, _, sentence = said.strip().partition("：")
                    zh = (title_zh.strip(), sentence.strip())
            text = "\n".join(f"- {item.text}" for item in block.items if not item.text.startswith(_KEYS))
            if not text:
                continue
            if started:
                waiting = f"{waiting}\n\n{text}".strip()
            else:
                opening = f"{opening}\n\n{text}".strip()
    if found.start is None:
        raise DerivationError(f"the derivation {name} does not say what it starts from", file=file, line=line,
                              expected="a line `start LATEX`")  # fmt: skip
    return Script(
        name, title, file, line, found.model, tuple(found.given), tuple(found.surely), tuple(found.lemmas),
        found.start, tuple(found.commands), found.goal, opening, waiting, zh,
    )  # fmt: skip


def _read_fence(found: _Open, fence: Fence, file: str | None) -> None:
    rows = [
        (len(text) - len(text.lstrip()), text.strip(), fence.first + number)
        for number, text in enumerate(fence.text.split("\n"))
        if text.strip() and not text.strip().startswith("#")
    ]
    place = 0
    while place < len(rows):
        indent, text, line = rows[place]
        end = place + 1
        while end < len(rows) and rows[end][0] > indent:
            end += 1
        inner = rows[place + 1 : end]
        word, _, rest = text.partition(" ")
        rest = rest.strip()
        if inner and word not in ("induction", "together"):
            _, source, number = inner[0]
            raise DerivationError("this line is indented under nothing", file=file, line=number, source=source)
        if word == "model":
            found.model = rest
        elif word == "given" and _SURELY in rest:
            statement, _, measure = rest.partition(_SURELY)
            found.surely.append((statement.strip(), measure.strip(), line))
        elif word == "given":
            found.given.append((rest, line))
        elif word == "lemma":
            found.lemmas.append(rest)
        elif word == "start":
            found.start = (rest, line)
        elif word == "goal":
            found.goal = (rest, line)
        else:
            found.commands.append(command(text, line, file, inner))
        place = end


def command(text: str, line: int, file: str | None = None, inner: Sequence[tuple[int, str, int]] = ()) -> Command:
    """One line of a script. Raises `DerivationError` with its place where it is none."""
    word, _, rest = text.partition(" ")
    rest = rest.strip()
    if word == "by" and rest:
        return _by(rest, line, file, text)
    if word in _RELATIONS and rest:
        return Command("check", rest, line, relation=_RELATIONS[word])
    if word == "together" and rest:
        if not inner:
            raise DerivationError("no lines stand under `together`", file=file, line=line, source=text,
                                  expected="lines `by …`, indented")  # fmt: skip
        return Command("together", rest, line, base=tuple(command(row, number, file) for _, row, number in inner))
    called = _CALL.match(text)
    if called:
        return Command("call", called[1], line, variable=called[2], at=called[3])
    matched = _INDUCTION.match(text)
    if matched:
        parts = {"base:": [], "step:": []}  # type: dict[str, list[Command]]
        current: list[Command] | None = None
        for _, row, number in inner:
            if row in parts:
                current = parts[row]
            elif current is None:
                raise DerivationError("an induction needs `base:` and `step:`", file=file, line=number, source=row)
            else:
                current.append(command(row, number, file))
        if not parts["base:"] or not parts["step:"]:
            raise DerivationError("an induction needs lines under `base:` and under `step:`", file=file, line=line,
                                  source=text)  # fmt: skip
        return Command("induction", matched[2], line, variable=matched[1], base=tuple(parts["base:"]),
                       step=tuple(parts["step:"]))  # fmt: skip
    raise DerivationError("a line that is not understood", file=file, line=line, source=text,
                          expected="model, given, lemma, start, by, call, together, =, induction or goal")  # fmt: skip


def _by(rest: str, line: int, file: str | None, source: str) -> Command:
    pieces = _WORDS.split(" " + rest)
    name = pieces[0].strip()
    clauses = {pieces[place]: pieces[place + 1].strip() for place in range(1, len(pieces), 2)}
    if not name or not re.fullmatch(r"[a-z][a-z0-9.\-]*", name):
        raise DerivationError("a rule, a tactic or a result is named by its name", file=file, line=line, source=source)
    return Command(
        "by", name, line, "backward" in clauses, clauses.get("in", ""), clauses.get("at", ""),
        tuple(_assignments(clauses.get("with", ""), line, file, source)),
    )  # fmt: skip


def _assignments(text: str, line: int, file: str | None, source: str) -> Iterable[tuple[str, str]]:
    """`A := LATEX, B := LATEX`: a comma parts assignments only before a name and `:=`."""
    if not text:
        return
    for piece in re.split(r",\s*(?=\\?[A-Za-z]+\s*:=)", text):
        name, mark, value = piece.partition(":=")
        if not mark or not name.strip():
            raise DerivationError("`with` gives values to a rule's names", file=file, line=line, source=source,
                                  expected="with A := x_t, B := x_{t-1}")  # fmt: skip
        yield name.strip(), value.strip()
