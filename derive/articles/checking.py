"""`check_article`: every relation of an article, in order, each a claim with its verdict or a definition.

A claim is decided from what is assumed where it stands, from the article's definitions before it (and those that its
own display gives after `where`), and from nothing else.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from derive.articles.claiming import Shown
from derive.articles.continuing import as_continued, continued, last_side
from derive.articles.conventions import gives_variance
from derive.articles.deciding import Displays
from derive.articles.document import Assumptions, Directive, Display, Document, Heading, Inline, Skipped, Trouble
from derive.articles.reading import Row
from derive.articles.report import Claim, Kind, Report
from derive.articles.restricting import is_bare, says_positive
from derive.articles.scan import is_article, scan, scan_file
from derive.articles.scope import Assumed, model_named
from derive.articles.source import Source
from derive.clock import OutOfTime, within
from derive.errors import DeriveError, InputError
from derive.latex import read_display
from derive.library import load_model
from derive.models import Line, Model, compile_model
from derive.rulebook import load_rulebook
from derive.terms import (
    Member,
    Statement,
)

__all__ = ["Checker", "check_article"]


def check_article(
    article: str | os.PathLike[str], *, model: str | os.PathLike[str] | Model | None = None, given: Sequence[str] = (),
    rules: Iterable[str | os.PathLike[str]] | None = None, seed: int = 0, follow: bool = False,
    timeout: float | None = None,
) -> Report:  # fmt: skip
    r"""Checks every relation of an article: a path (`paper.tex`, `notes.md`), or the text itself.

    `model` and `given` are assumed throughout, beside what the article says that it assumes; `rules` are files of
    further rules; `follow` takes in the files of `\input`; `timeout` is how many seconds one claim may take. Raises an
    `InputError` where there is no such file or it is no text, and for a model or a given that cannot be read.
    """
    named = isinstance(article, os.PathLike) or ("\n" not in article and is_article(article))
    document = scan_file(Path(article), follow=follow) if named else scan(Source(str(article)), follow=follow)
    checker = Checker(document, model=model, given=given, rules=rules, seed=seed, timeout=timeout)
    claims = tuple(checker.claims())
    return Report(document.source.file, claims, checker.title, tuple(checker.assumed), tuple(checker.faults))


class Checker(Displays):
    """One pass over a document; `claims` gives what it finds as it finds it."""

    def __init__(
        self, document: Document, *, model: Any = None, given: Sequence[str] = (), rules: Any = None, seed: int = 0,
        timeout: float | None = None,
    ) -> None:  # fmt: skip
        super().__init__(document.macros, load_rulebook().extended(*(rules or ())), seed, timeout)
        self.document = document
        self.title = ""
        self.assumed: list[str] = []
        self.skip = False
        self.last = ""  # what the display before ended with
        if model is not None:
            self.scope.use(model if isinstance(model, Model) else load_model(model))
            self.assumed.append(f"model {self.scope.model.name if self.scope.model else model}")
        for text in given:
            self.assumed.append(text)
            self.scope.always.append(Assumed(text, tuple(r.term for r in read_display(text)), None, -1))
        self._model_of([(item.text, item.place) for item in self.scope.always])
        for statement in self.scope.terms():
            self.ranges.take(statement)

    def claims(self) -> Iterator[Claim]:
        """The document's claims, definitions and troubles, in order."""
        number = 0
        for place, item in enumerate(self.document.items):
            match item:
                case Heading():
                    self.title = self.title or item.text
                    self.scope.enter(item)
                    self.last = ""
                case Directive():
                    yield from self._directive(item)
                case Assumptions():
                    for text, start in item.rows:
                        yield from self._assume(text, item.source, start)
                case Trouble():
                    yield Claim(
                        Kind.TROUBLE, item.place, "", reason=item.message, expected=item.expected,
                        source=item.source.line(item.place.line),
                    )  # fmt: skip
                case Skipped():
                    yield Claim(Kind.SKIPPED, item.place, "", reason=item.what)
                case Display():
                    number += 1
                    yield from self._display(item, number, self._beside(place))
                case Inline():
                    if self.scope.inline is not None:
                        yield from self._inline(item.display)

    # ---- what is assumed -------------------------------------------------------------------------------------------

    def _directive(self, item: Directive) -> Iterator[Claim]:
        if item.word == "skip":
            self.skip = True
        elif item.word == "inline":
            self.scope.inline = self.scope.level
        elif item.word == "given":
            yield from self._assume(item.text, item.source, item.start)
        else:
            try:
                self.scope.use(model_named(item.text, item.source.file))
                yield Claim(Kind.ASSUMPTION, item.place, item.text, reason=f"the model {item.text}")
                for statement in self.scope.terms():
                    yield from self._range(statement, item.place)
            except DeriveError as error:
                yield self._trouble(item.source, item.start, item.text, error)

    def _assume(self, text: str, source: Source, start: int) -> Iterator[Claim]:
        """Takes in an assumption, or says why it cannot be used."""
        place = source.place(start, start + len(text))
        try:
            plain = self.macros.expanded(text).text
            terms = tuple(reading.term for reading in read_display(plain))
            if not terms or not all(isinstance(term, Statement) for term in terms):
                raise InputError("this states nothing", expected="a statement, such as a > 0 or x \\sim …")
            self._model_of([*self.scope.rows(), (plain, place)])
        except DeriveError as error:
            yield self._trouble(source, start, text, error)
            return
        self.scope.assume(plain, terms, place)
        for term in terms:
            yield Claim(Kind.ASSUMPTION, place, plain, statement=term, reason="assumed")
            yield from self._range(term, place)
        for term in terms:
            found = gives_variance(term)
            if found is not None and self.conventions.variance is None:
                self.conventions.variance = (found, place)

    def _trouble(self, source: Source, start: int, text: str, error: DeriveError) -> Claim:
        offset = start + (error.column - 1 if error.column and error.file is None and (error.line or 1) == 1 else 0)
        place = source.place(min(offset, start + len(text)))
        return Claim(
            Kind.TROUBLE, place, text, reason=f"this assumption cannot be used: {error.message}",
            expected=error.expected or error.hint or "", source=source.line(place.line),
        )  # fmt: skip

    def _model_of(self, rows: Sequence[Row]) -> Model:
        """The model that some rows make, compiled; raises where they contradict each other on their face."""
        from derive.latex import read_model_lines

        modelled = sum(place is None for _, place in rows)
        texts = [(text, number + 1) for number, (text, _) in enumerate(rows)]
        declarations, readings = read_model_lines(texts, assumed=modelled)
        lines = [Line(reading.term, reading.text) for reading in readings if isinstance(reading.term, Statement)]
        return compile_model(lines, declarations=declarations)

    # ---- displays --------------------------------------------------------------------------------------------------

    def _beside(self, place: int) -> list[Display]:
        """The formulas in the prose around a display, to the next display or heading, where not all are read."""
        if self.scope.inline is not None:
            return []
        items, found = self.document.items, list[Display]()
        for step, places in ((-1, range(place - 1, -1, -1)), (1, range(place + 1, len(items)))):
            for other in places:
                near = items[other]
                if isinstance(near, (Display, Heading)):
                    break
                if isinstance(near, Inline) and "\\sim" in near.display.text:
                    found.insert(0 if step < 0 else len(found), near.display)
        return found

    def _display(self, display: Display, number: int, beside: Sequence[Display] = ()) -> Iterator[Claim]:
        if self.skip:
            self.skip = False
            yield Claim(Kind.SKIPPED, display.place, display.text.strip(), number, reason="skipped, as the text says")
            return
        try:
            with within(self.timeout):
                shown = self._going_on(display, number) or self._read(display, number)
        except OutOfTime:
            yield Claim(Kind.UNREAD, display.place, display.text.strip(), number, reason="reading it took too long")
            return
        if not shown.read.pieces:
            yield Claim(Kind.SKIPPED, display.place, display.text.strip(), number, reason="there is no formula in it")
            return
        for formula in beside:
            try:
                with within(self.timeout):
                    said = self._read(formula, 0)
                    if not self._gives_noise(said, shown):
                        continue
                    yield from self._decided(said)
                    shown = self._going_on(display, number) or self._read(display, number)
            except OutOfTime:
                continue
        self.last = last_side(shown.read.pieces)
        yield from self._decided(shown)

    def _going_on(self, display: Display, number: int) -> Shown | None:
        """The display that goes on with the last side of the one before it, as it is read; None where it does not."""
        whole = continued(display, self.last)
        shown = None if whole is None else self._read(whole, number)
        read = None if shown is None else as_continued(shown.read, display)
        return None if shown is None or read is None else replace(shown, read=read)

    def _inline(self, item: Display) -> Iterator[Claim]:
        """A formula within a line that states a relation: assumed if it only bounds or places names, else as a display.

        What is a term, or cannot be read, is prose.
        """
        try:
            with within(self.timeout):
                shown = self._read(item, 0)
        except OutOfTime:
            return
        pieces = shown.read.pieces
        if not pieces or not all(isinstance(piece.term, Statement) for piece in pieces):
            return
        settled = self._settled(shown)
        if all(isinstance(piece.term, Member) or is_bare(piece.term, settled) for piece in pieces):
            if not any(piece.term in self.scope.terms() for piece in pieces):
                yield from self._assume(item.text, item.source, item.start)
        elif all(says_positive(piece.term) for piece in pieces):
            for piece in pieces:
                yield self._say(shown, piece, Kind.SKIPPED, "of a law that is given: assumed only where given")
        else:
            yield from self._decided(shown)
