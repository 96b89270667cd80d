"""A derivation as a Jupyter notebook that runs: each line a cell that makes the step again and checks what came out.

The cells are the author's own lines in Python. They are tried while the notebook is written; a derivation that cannot
be built line by line from outside (an induction) is loaded whole instead, and each cell tries its line in worlds.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from derive.derivation import Derivation
from derive.errors import DeriveError
from derive.latex import latex
from derive.library import script_of
from derive.render.view import DerivationView
from derive.scripts import Command, Script

__all__ = ["notebook"]

Cell = dict[str, Any]


def notebook(
    derivation: Derivation, view: DerivationView, name: str, model: str | None = None, rules: Iterable[str] = ()
) -> str:
    """The notebook's text. `name`, `model` and `rules` are what the derivation was loaded by."""
    script = script_of(name)
    cells = [_markdown(_title(view)), _code(["import derive"])]
    built = _built(script, derivation, model, list(rules))
    cells += built if built is not None else _loaded(derivation, name, model, list(rules))
    if view.closing is not None:
        cells.append(_markdown(_dollars(view.closing.markdown)))
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    found = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


def _title(view: DerivationView) -> str:
    parts = [f"# {view.title or view.name}"]
    if view.prose is not None:
        parts.append(_dollars(view.prose.markdown))
    return "\n\n".join(parts)


def _dollars(markdown: str) -> str:
    """Formulas between dollars, as notebooks know them."""
    return markdown.replace("$`", "$").replace("`$", "$")


# ---- line by line -------------------------------------------------------------------------------------------------


def _built(script: Script, derivation: Derivation, model: str | None, rules: list[str]) -> list[Cell] | None:
    """The lines as calls, each tried now; None where they do not give the derivation."""
    if script.start is None or script.surely or script.lemmas:
        return None
    if any(command.kind in ("induction", "together") for command in script.commands):
        return None
    given = [text for text, _ in script.given]
    chosen = model or script.model
    arguments = {"model": chosen, "given": given or None, "rules": rules or None}
    try:
        current = Derivation(script.start[0], model=chosen, given=given, rules=rules)
        cells = [_code([_call("d = derive.Derivation", [script.start[0]], arguments), "d"])]
        for command, line in zip(script.commands, derivation.lines, strict=True):
            if command.prose:
                cells.append(_markdown(_dollars(command.prose)))
            current = _made(current, command)
            if current.current != line.after:
                return None
            cells.append(_code([_text(command), *_checked(current), "d.steps[-1]"]))
    except (DeriveError, ValueError):
        return None
    if current.result != derivation.result:
        return None
    cells.append(_markdown("## Result"))
    cells.append(_code([*_compared(derivation, script, chosen), "d"]))
    return cells


def _made(current: Derivation, command: Command) -> Derivation:
    """The derivation with one more line, by the very call that the cell holds."""
    if command.kind == "check":
        return current.reaching(command.text)
    if command.kind == "call":
        return current.calling(command.text, command.variable, command.at)
    return current.by(
        command.text, backward=command.backward, at=command.at or None, variable=command.variable or None,
        chosen=dict(command.chosen),
    )  # fmt: skip


def _text(command: Command) -> str:
    if command.kind == "check":
        return _call("d = d.reaching", [command.text], {})
    if command.kind == "call":
        return _call("d = d.calling", [command.text, command.variable, command.at], {})
    named = {
        "backward": command.backward or None, "at": command.at or None, "variable": command.variable or None,
        "chosen": dict(command.chosen) or None,
    }  # fmt: skip
    return _call("d = d.by", [command.text], named)


def _checked(current: Derivation) -> list[str]:
    """What the cell asserts: the term that came out, as LaTeX where that reads back to it."""
    written = latex(current.current)
    try:
        if current.read(written) == current.current:
            return [f"assert d.current == d.read({_quoted(written)})"]
    except DeriveError:
        pass
    return [f"assert str(d.current) == {str(current.current)!r}"]


def _compared(derivation: Derivation, script: Script, model: str | None) -> Iterator[str]:
    """The published result, compared; and what the result is subject to."""
    text = script.goal[0] if script.goal is not None else None
    if derivation.goal_reached is True:
        goal = f"d.model.goal({script.name!r})" if text is None else f"derive.read({_quoted(text)}, model=d.model)"
        yield f"assert d.compared({goal}).goal_reached  # the published result"
    if derivation.obligations:
        yield f"assert len(d.obligations) == {len(derivation.obligations)}  # what the result assumes"
    else:
        yield "assert not d.obligations  # nothing is assumed besides the model and what is given"


# ---- loaded whole -------------------------------------------------------------------------------------------------


def _loaded(derivation: Derivation, name: str, model: str | None, rules: Sequence[str]) -> list[Cell]:
    """The derivation run anew by one call, and each of its lines tried in worlds."""
    call = _call("d = derive.load", [name], {"model": model, "rules": list(rules) or None})
    cells = [_code(["from derive.trials import try_line", "", call, "d"])]
    for number, line in enumerate(derivation.lines):
        if line.prose:
            cells.append(_markdown(_dollars(line.prose)))
        rows = [f"line = d.steps[{number}]", f"assert str(line.after) == {str(line.after)!r}"]
        if line.parts:
            for place, (label, part) in enumerate(line.parts):
                cells.append(_markdown(f"*{label}*"))
                cells += [
                    _code([
                        f"part = d.steps[{number}].parts[{place}][1]",
                        f"assert try_line(part.steps[{index}], part.context, count=5).refutation is None",
                        f"part.steps[{index}]",
                    ])
                    for index in range(len(part.lines))
                ]  # fmt: skip
        else:
            rows.append("assert try_line(line, d.context, count=5).refutation is None")
        cells.append(_code([*rows, "line"]))
    if derivation.goal_reached is True:
        cells.append(_code(["assert d.goal_reached", "d"]))
    return cells


# ---- cells --------------------------------------------------------------------------------------------------------


def _call(function: str, arguments: Sequence[str], named: dict[str, Any]) -> str:
    parts = [_quoted(argument) for argument in arguments]
    parts += [f"{key}={_literal(value)}" for key, value in named.items() if value is not None]
    return f"{function}({', '.join(parts)})"


def _literal(value: Any) -> str:
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_quoted(key)}: {_quoted(text)}" for key, text in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_quoted, value)) + "]"
    return repr(value)


def _quoted(text: str) -> str:
    """LaTeX as a raw text where that can be; else as Python writes it."""
    if "\\" not in text or '"' in text or text.endswith("\\") or "\n" in text:
        return json.dumps(text, ensure_ascii=False) if text.isprintable() else repr(text)
    return f'r"{text}"'


def _markdown(text: str) -> Cell:
    return {"cell_type": "markdown", "metadata": {}, "source": text}


def _code(rows: Sequence[str]) -> Cell:
    return {"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": [], "source": "\n".join(rows)}
