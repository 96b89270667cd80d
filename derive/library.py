"""The library: models and derivations by name or path, found, read and run; a rulebook with a user's own rules added.

`## posterior` in `derivations/ddpm.md` is `ddpm.posterior`; the ```` ```model ```` fence of a file is the model of that
name; ```` ```goal posterior ```` states the published result that a derivation on this model is compared with.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from sympy import Basic, Symbol

from derive.claims import require_claims
from derive.derivation import Derivation
from derive.errors import DerivationError, DeriveError, InputError, ModelError, NotFound
from derive.folders import derivations_folder, read_text
from derive.grounds.context import Context
from derive.grounds.instances import closed
from derive.latex import Declarations, read_statement, read_term, unicode_text
from derive.markdown import Block, Fence, Heading, Section, blocks, sections
from derive.models import Line, Model, compile_model, read_lines
from derive.rulebook import Rulebook, load_rulebook
from derive.running import defines, run_script, with_definitions
from derive.scripts import Script, read_script
from derive.terms import Law, free_variables, walk

Given = Sequence[str]


# ---- models -------------------------------------------------------------------------------------------------------


def load_model(name: str | os.PathLike[str], given: Given = ()) -> Model:
    """A model of the library by name, or of a file by path, with further statements."""
    path = Path(name) if _is_path(name) else derivations_folder() / f"{name}.md"
    if not path.is_file():
        raise _missing("model", str(name)) if not _is_path(name) else NotFound("there is no such file", file=path)
    model = _read_model(path, os.stat(path).st_mtime_ns)
    return model_of(given, model) if given else model


@lru_cache(maxsize=64)
def _read_model(path: Path, _: int) -> Model:
    """The model of a file, read once for as long as the file does not change."""
    document = blocks(read_text(path))
    fences = [block for block in document if isinstance(block, Fence) and block.word == "model"]
    if not fences:
        raise ModelError("this file states no model", file=path, expected="a fence ```model with a statement a line")
    rows = [row for fence in fences for row in _rows(fence)]
    declarations, lines = read_lines(rows, file=str(path))
    title = next((block.text for block in document if isinstance(block, Heading)), path.stem)
    goals = [
        (_goal_name(block, path), read_statement(block.text.strip(), declarations, file=str(path), line=block.first))
        for block in document
        if isinstance(block, Fence) and block.word == "goal"
    ]
    return compile_model(
        lines, name=path.stem, file=str(path), declarations=declarations, title=title,
        goals=[(name, reading.term) for name, reading in goals],
    )  # fmt: skip


def _rows(fence: Fence) -> list[tuple[str, int]]:
    return [
        (text.strip(), fence.first + number)
        for number, text in enumerate(fence.text.split("\n"))
        if text.strip() and not text.strip().startswith("%")
    ]


def _goal_name(fence: Fence, path: Path) -> str:
    words = fence.info.split()
    if len(words) != 2:
        raise ModelError("a goal names the derivation it belongs to", file=path, line=fence.line,
                         expected="```goal ddpm.posterior")  # fmt: skip
    return words[1]


def model_of(given: Given, model: Model | None = None) -> Model:
    """A model of statements given as LaTeX, on top of another where there is one."""
    rows = [(text, 1) for text in given]
    before = [(line.text, line.line or 1) for line in model.lines] if model is not None else []
    declarations, lines = read_lines([*before, *rows])
    lines = [Line(entry.statement, entry.text) for entry in lines]
    name = model.name if model is not None else ""
    goals = model.goals if model is not None else ()
    return compile_model(lines, name=name, declarations=declarations, goals=goals)


# ---- derivations --------------------------------------------------------------------------------------------------


@dataclass
class Session:
    """What one call has loaded so far, so that a lemma that two lines cite is derived once."""

    rules: Rulebook
    done: dict[tuple[str, tuple[Line, ...]], Derivation] = field(default_factory=dict)
    running: list[str] = field(default_factory=list)

    def derivation(self, script: Script, model: Model) -> Derivation:
        """The derivation of a script on a model, with the lemmas it cites derived first."""
        key = (f"{script.file}:{script.name}", model.lines)
        if key not in self.done:
            unsettled = () if self.running else require_claims(model)
            if key[0] in self.running:
                raise InputError("a derivation rests on itself: " + " → ".join((*self.running, key[0])))
            self.running.append(key[0])
            try:
                found = run_script(script, model, self.rules, self._lemma(script))
                self.done[key] = replace(found, unsettled=unsettled)
            finally:
                self.running.pop()
        return self.done[key]

    def _lemma(self, citing: Script) -> Any:
        def lemma(name: str, model: Model) -> tuple[Derivation, Model]:
            file = Path(citing.file) if citing.file and Path(citing.file).stem == name.partition(".")[0] else None
            return self.earlier(_script(name, file), model)

        return lemma

    def earlier(self, script: Script, model: Model) -> tuple[Derivation, Model]:
        """An earlier result, and the model to go on with: this one, with what the result names besides.

        A result about names alone is derived on what it assumes itself, and cited at other values.
        """
        if script.model is None:
            own = _model_for(script, None)
            if closed(own, (_start_of(script, own),)):
                return self.derivation(script, own), model
        found = self.derivation(script, model)
        return found, found.model


def load(
    name: str | os.PathLike[str], *, model: str | os.PathLike[str] | Model | None = None,
    rules: Iterable[str | os.PathLike[str]] | None = None,
) -> Derivation:  # fmt: skip
    """The derivation of this name (`ddpm.posterior`), or the last one of a file, run anew.

    What the model claims of its own laws is settled first: a claim that a world refutes is a `KernelRefusal`.
    `model` is a library name or a path and replaces the model that the derivation names; `rules` are files of further
    rules. Raises `NotFound`, an `InputError` for a file that cannot be read, `KernelRefusal` for a line that does not
    hold.
    """
    script = _script_of_file(Path(name)) if _is_path(name) else _script(str(name))
    chosen = _model_for(script, model)
    return Session(load_rulebook().extended(*(rules or ()))).derivation(script, chosen)


def opening(start: Any, model: Any, given: Given, rules: Iterable[Any] | None) -> tuple[Basic, Context, Rulebook]:
    """What a derivation in a notebook begins with: its first term, its context, its rules."""
    chosen = model if isinstance(model, Model) else load_model(model) if model is not None else None
    if chosen is None:
        chosen, given = model_of(given), ()
    chosen = with_definitions(chosen, [(text, 1) for text in given])
    statements = [read_statement(text, chosen.declarations).term for text in given]
    flat = [part for statement in statements for part in getattr(statement, "links", (statement,))]
    flat = [part for part in flat if not defines(part)]
    term = read_term(start, chosen.declarations).term if isinstance(start, str) else start
    return term, Context.of(chosen, flat, (term,)).about(term), load_rulebook().extended(*(rules or ()))


def lemma(name: str, model: Model) -> tuple[Derivation, Model]:
    """An earlier result of the library for a derivation on a model, and that model with what the result names."""
    return Session(load_rulebook()).earlier(_script(name), model)


def _start_of(script: Script, model: Model) -> Basic:
    assert script.start is not None
    return read_term(script.start[0], model.declarations, file=script.file, line=script.start[1]).term  # type: ignore[no-any-return]


def _model_for(script: Script, model: str | os.PathLike[str] | Model | None) -> Model:
    """The model a script is run on: the one that is asked for, which must have what the script speaks of; its own."""
    if model is not None:
        chosen = model if isinstance(model, Model) else load_model(model)
        if script.model is not None:
            _require_names(script, load_model(script.model), chosen)
        return chosen
    if script.model is not None:
        return load_model(script.model)
    declarations, lines = read_lines(script.given, script.file)
    return compile_model([Line(entry.statement, entry.text) for entry in lines], declarations=declarations)


def _require_names(script: Script, own: Model, chosen: Model) -> None:
    """Raises `DerivationError` where a script speaks of quantities of its own model that another one does not have."""
    known = chosen.quantities | {str(name) for name in (*chosen.declarations.sorts, *chosen.declarations.functions)}
    laws = [node for statement in chosen.statements for _, node in walk(statement) if isinstance(node, Law)]
    known = known.union(*({str(symbol) for symbol in law.free_symbols} for law in laws))
    lacking = sorted((_spoken(script, own) & own.quantities) - known)
    if lacking:
        shown = ", ".join(unicode_text(Symbol(name)) for name in lacking)
        raise DerivationError(
            f"{script.name} speaks of {shown}, which the model {chosen.name or 'that is given'} does not have",
            file=script.file, line=script.line, hint=f"it is written for the model {script.model}",
        )  # fmt: skip


def _spoken(script: Script, own: Model) -> set[str]:
    """The names of the quantities in the formulas of a script."""
    texts = [text for text, _ in (*script.given, *filter(None, (script.start, script.goal)))]
    waiting = list(script.commands)
    while waiting:
        command = waiting.pop()
        waiting += [*command.base, *command.step]
        texts += [command.at, command.variable, *(value for _, value in command.chosen)]
        texts += [command.text] if command.kind in ("check", "call") else []
    found: set[str] = set()
    for text in filter(None, texts):
        try:
            term = read_any(text, own.declarations)
        except DeriveError:  # a list of variables, say; what it names stands in the other lines
            continue
        found |= {str(getattr(item, "name", "")) for item in free_variables(term)}
    return found


def _script(name: str, file: Path | None = None) -> Script:
    topic, _, title = name.partition(".")
    path = file or derivations_folder() / f"{topic}.md"
    if not title or not path.is_file():
        raise _missing("derivation", name)
    found = {section.heading.text: section for section in _derivations(path)}
    if title not in found:
        raise _missing("derivation", name)
    return _read(name, found[title], path)


def _script_of_file(path: Path) -> Script:
    if not path.is_file():
        raise NotFound("there is no such file", file=path)
    found = _derivations(path)
    if not found:
        raise InputError("this file states no derivation", file=path, expected="a heading with a fence ```derive")
    section = found[-1]
    return _read(f"{path.stem}.{section.heading.text}", section, path)


def _derivations(path: Path) -> list[Section]:
    _, found = sections(blocks(read_text(path)), 2)
    return [section for section in found if any(_is_script(block) for block in section.body)]


def _is_script(block: Block) -> bool:
    return isinstance(block, Fence) and block.word == "derive"


def _read(name: str, section: Section, path: Path) -> Script:
    return read_script(name, section.heading.text, section.body, str(path), section.heading.line)


def run_in(session: Session, name: str) -> Derivation:
    """A derivation of the library on its own model, lemmas that the session has run already not run again."""
    script = _script(name)
    return session.derivation(script, _model_for(script, None))


def script_of(name: str | os.PathLike[str]) -> Script:
    """The script of a derivation of the library, or of the last one of a file, as its author wrote it."""
    return _script_of_file(Path(name)) if _is_path(name) else _script(str(name))


def all_names() -> list[str]:
    """The names of every derivation of the library."""
    return [
        f"{path.stem}.{section.heading.text}"
        for path in sorted(derivations_folder().glob("*.md"))
        for section in _derivations(path)
    ]


def _is_path(name: str | os.PathLike[str]) -> bool:
    return not isinstance(name, str) or "/" in name or os.sep in name or name.endswith(".md")


def _missing(kind: str, name: str) -> NotFound:
    from difflib import get_close_matches

    known = all_names() if kind == "derivation" else [path.stem for path in derivations_folder().glob("*.md")]
    near = get_close_matches(name, known, n=3)
    hint = "did you mean " + " or ".join(near) + "?" if near else "`derive list` shows what there is"
    return NotFound(f"there is no {kind} {name!r} in the library", hint=hint)


# ---- reading ------------------------------------------------------------------------------------------------------


def read(latex: str, *, model: str | os.PathLike[str] | Model | None = None, given: Given = ()) -> Any:
    """The SymPy term (or the statement) that LaTeX stands for, under a model's declarations."""
    chosen = model if isinstance(model, Model) else load_model(model) if model is not None else None
    if given or chosen is None:
        chosen = model_of(given, chosen)
    return read_any(latex, chosen.declarations)


def read_any(latex: str, declarations: Declarations) -> Any:
    """A statement where the text has a relation, else a term."""
    from derive.latex import read as read_latex

    return read_latex(latex, declarations).term


__all__ = [
    "Derivation", "DeriveError", "Session", "all_names", "load", "load_model", "model_of", "read", "run_in",
    "script_of",
]  # fmt: skip
