r"""What a module of code offers: the ```` ```functions ```` fence of a file of derivations.

    alpha_bar(beta, t) is \bar\alpha_t
    posterior_mean(x_t, x_0, beta, t) is mean of ddpm.posterior
    sigma starts at 0

    step(x_t, epsilon, noise, beta, eta, t, s) is argument of ddim.jump with epsilon for epsilon_theta, noise for z

A function is a quantity of the model, or a part of a result: its `mean`, `variance`, `left` or `right` side, the
`weight` before its squared norm, the `argument` at which it evaluates a function, or what its hypothesis says of a
variable (`given x_t of …`). Arguments are names in Python's spelling: `x_t`, `alpha_bar`, `epsilon`; `with` gives them
others. An array's first element belongs to index 1, unless `starts at` says otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from derive.errors import InputError
from derive.folders import read_text
from derive.markdown import Fence, blocks

__all__ = ["PARTS", "Declared", "Offer", "read_offer"]

PARTS = ("mean", "variance", "left", "right", "weight", "argument")

_FUNCTION = re.compile(r"([a-z]\w*)\s*\(([^()]*)\)\s+is\s+(.+)$")
_PART = re.compile(r"(?:(?P<part>[a-z]+)|given\s+(?P<given>\S+))\s+of\s+(?P<name>[a-z][a-z0-9\-]*\.[a-z0-9\-]+)$")
_RENAMED = re.compile(r"([A-Za-z]\w*)\s+for\s+([A-Za-z]\w*)$")
_START = re.compile(r"([A-Za-z]\w*)\s+starts\s+at\s+(\d)$")


@dataclass(frozen=True)
class Declared:
    """One function: its name, its arguments in order, and what it computes.

    `part` of the derivation `result`; or `latex`, a quantity of the model, where `result` is empty. `given` is the
    variable, in LaTeX, of which a hypothesis speaks. `renamed` pairs the name of an argument with the one it has here.
    """

    name: str
    arguments: tuple[str, ...]
    part: str = ""
    result: str = ""
    given: str = ""
    latex: str = ""
    line: int = 0
    renamed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Offer:
    """All that one file offers; `model` is the model whose quantities are meant, `starts` the first index of arrays."""

    name: str
    model: str
    functions: tuple[Declared, ...] = ()
    starts: dict[str, int] = field(default_factory=dict)
    file: str = ""


def read_offer(path: Path) -> Offer:
    """The functions that a file of models and derivations offers; none where it has no such fence.

    Raises `InputError` with the line that is not understood.
    """
    functions: list[Declared] = []
    starts: dict[str, int] = {}
    model = path.stem
    for block in blocks(read_text(path)):
        if not isinstance(block, Fence) or block.word != "functions":
            continue
        for number, row in enumerate(block.text.split("\n"), block.first):
            text = row.strip()
            if not text or text.startswith("#"):
                continue
            if text.startswith("model "):
                model = text.removeprefix("model ").strip()
            elif found := _START.match(text):
                starts[found[1]] = int(found[2])
            elif found := _FUNCTION.match(text):
                functions.append(_declared(found, functions, number, text, path))
            else:
                raise _not_understood(text, number, path)
    return Offer(path.stem, model, tuple(functions), starts, str(path))


def _declared(found: re.Match[str], before: Iterable[Declared], line: int, text: str, path: Path) -> Declared:
    name, arguments = found[1], tuple(part.strip() for part in found[2].split(",") if part.strip())
    if any(entry.name == name for entry in before):
        raise InputError(f"the function {name} is there already", file=path, line=line, source=text)
    if not all(argument.isidentifier() for argument in arguments) or len(set(arguments)) < len(arguments):
        raise InputError("arguments are names, each of them once", file=path, line=line, source=text)
    meant, _, clause = found[3].strip().partition(" with ")
    part = _PART.match(meant.strip())
    if part is None:
        return Declared(name, arguments, latex=found[3].strip(), line=line)
    renamed = [_RENAMED.match(piece.strip()) for piece in clause.split(",")] if clause else []
    if any(piece is None for piece in renamed):
        raise _not_understood(text, line, path)
    if part["part"] is not None and part["part"] not in PARTS:
        raise _not_understood(text, line, path)
    return Declared(name, arguments, part["part"] or "given", part["name"], part["given"] or "", line=line,
                    renamed=tuple((piece[2], piece[1]) for piece in renamed if piece is not None))  # fmt: skip


def _not_understood(text: str, line: int, path: Path) -> InputError:
    parts = ", ".join(PARTS)
    return InputError(
        "a line that is not understood",
        file=path,
        line=line,
        source=text,
        expected=f"name(arguments) is LATEX, or is {parts} or given … of a derivation",
    )
