"""The relations of one display, in the order in which they can be decided: definitions, claims, what narrows it down.

What came before in the document (assumptions, definitions, proved lines, conventions) is the state that is kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sympy import Basic

from derive.articles.claiming import Shown
from derive.articles.claims import decide_claim
from derive.articles.conventions import at_point, deviations, shown_short, with_variances
from derive.articles.coupling import noise_heads
from derive.articles.definitions import defines, loose, says
from derive.articles.drawing import Draws
from derive.articles.heads import Head, head_of, heads_in, overlaps
from derive.articles.laws import named_parts
from derive.articles.reading import Piece
from derive.articles.repairs import with_determinants
from derive.articles.report import Claim, Kind
from derive.articles.restricting import BARE, RESTRICTS, with_bare_restrictions
from derive.articles.scope import Defined
from derive.articles.source import Place
from derive.clock import OutOfTime, within
from derive.errors import DeriveError, ModelError, SortError
from derive.latex import Macros, latex, read_display, unicode_text
from derive.models import Line
from derive.rulebook import Rulebook
from derive.terms import (
    Application,
    Approximate,
    Chain,
    Definition,
    Density,
    Distributed,
    Equal,
    Member,
    Normal,
    Proportional,
    Relation,
    Scaled,
    Statement,
    walk,
)
from derive.terms.ranges import as_written

__all__ = ["Displays"]

SAYS = "says what its left side is: assumed from here on"
RANGE = "from here on where it stands free"


@dataclass
class _Naming:
    """A law's equation that names its parts, and those of them of which it is not said yet what they are."""

    defined: Defined
    shown: Shown
    piece: Piece
    waiting: list[Head | None]


class Displays(Draws):
    """The parts of a display: what they define, assume, claim, or why they cannot be read."""

    def __init__(self, macros: Macros, rules: Rulebook, seed: int, timeout: float | None) -> None:
        super().__init__(macros, rules, seed, timeout)
        self.naming: list[_Naming] = []

    def _decided(self, shown: Shown) -> Iterator[Claim]:
        """The parts of a display, those first that restrict it or say what its names mean."""
        equations = [piece.term for piece in shown.read.pieces if isinstance(piece.term, (Equal, Definition))]
        left = {head for term in equations if (head := head_of(term.lhs)) is not None}
        pieces = with_bare_restrictions(shown.read.pieces, self._settled(shown) | left)
        done: dict[int, list[Claim]] = {}
        known = set(self.known)
        early = {
            place for place, piece in enumerate(pieces)
            if piece.remark or self._names_noise(pieces, place)
            or (isinstance(piece.term, Proportional) and self._defines(piece.term, known, shown) is not None)
        }  # fmt: skip
        for place in sorted(range(len(pieces)), key=lambda place: (place not in early, place)):
            done[place] = list(self._piece(shown, pieces, place, known))
            if pieces[place].term is not None and not pieces[place].remark:
                known |= heads_in((pieces[place].term,))
                self.points |= heads_in(node for _, node in walk(pieces[place].term) if isinstance(node, Density))
        for piece in pieces:
            if piece.term is not None:
                self.known |= heads_in((piece.term,))
            elif piece.error is not None:
                self._unknown_heads(piece)
        for place in range(len(pieces)):
            yield from done[place]

    def _piece(self, shown: Shown, pieces: Sequence[Piece], number: int, known: set[Head]) -> Iterator[Claim]:
        piece = pieces[number]
        if piece.error is not None:
            yield self._unread(shown, piece)
            return
        opening = _opening(pieces, number)
        link = at_point(piece.term, opening)
        switched = self.conventions.switched(link, piece.place)
        if switched is not None:
            here, reason = switched
            yield Claim(Kind.CONVENTION, here, piece.said, shown.number, link, reason=reason)
        if not isinstance(link, Statement):
            yield self._say(shown, piece, Kind.SKIPPED, "a term that claims nothing")
        elif isinstance(link, Approximate):
            unsaid = "in which variables ∝ is meant is not said" if isinstance(link, Scaled) else "≈ is no exact claim"
            yield self._say(shown, piece, Kind.SKIPPED, unsaid)
        elif isinstance(link, Member) or (piece.remark and self._restricts(piece, link, known, shown)):
            shown.model = shown.model.with_lines([Line(link, piece.text)])
            if isinstance(link, Member):
                self.scope.assume(piece.text, (link,), piece.place)
            if isinstance(link, Distributed):
                self.noises |= noise_heads(link)
            word = f"{piece.remark} …: " * (piece.remark != BARE)
            reason = f"{word}assumed in this display" if piece.remark else ""
            yield self._say(shown, piece, Kind.ASSUMPTION, reason)
        else:
            named = piece.first or isinstance(getattr(link, "lhs", None), Application)
            head = self._defines(link, known, shown) if named else None
            if not piece.first and isinstance(opening, Density) and isinstance(getattr(link, "rhs", None), Normal):
                whole = Equal(opening, link.rhs)
                head = self._defines(whole, known, shown)
                if head is not None and head.kind == "names":
                    piece, link = replace(piece, left=latex(opening)), whole
                else:
                    head = None
            draw = self._drawn(shown, link, opening, known) if head is None else None
            said_of = says(link, self._settled(shown)) if piece.first and head is None and draw is None else None
            if said_of is not None and not self._circular(link, said_of, shown):
                shown.model = shown.model.with_lines([Line(link, piece.text)])
                self.scope.assume(f"{piece.left} = {piece.right}", (link,), piece.place)
                yield self._say(shown, piece, Kind.ASSUMPTION, SAYS)
            elif head is not None:
                yield self._define(shown, piece, link, opening, head)
                yield from self._range(link, piece.place, shown.number)
                said = self.ranges.for_terms([link], [*shown.model.statements, *(p.term for p in pieces if p.remark)])
                shown.model = shown.model.with_lines([Line(each, unicode_text(each)) for each in said])
                yield from self._named_by(shown, head)
            elif draw is not None:
                yield self._couple(shown, piece, link, opening, draw)
            else:
                yield self._claim(shown, piece, link, opening)

    def _defines(self, link: Any, known: set[Head], shown: Shown) -> Head | None:
        spoken = heads_in(item for item in self.scope.terms() if not isinstance(item, Member))
        head = defines(link, known | spoken, self._settled(shown), shown.model)
        return None if head is not None and self._circular(link, head, shown) else head

    def _circular(self, link: Any, head: Head, shown: Shown) -> bool:
        """Whether the right side comes back to the head by what is said already: σ = e^{s/2} after s := log σ²."""
        if not isinstance(link, (Equal, Definition)) or head.kind not in ("name", "function"):
            return False
        equations = [item for item in self._stated(shown) if isinstance(item, (Equal, Definition))]
        said = [(left, item.rhs) for item in equations if (left := head_of(item.lhs)) is not None]
        reached, waiting = set[Head](), heads_in((link.rhs,))
        while waiting:
            item = waiting.pop()
            reached.add(item)
            for left, right in said:
                if overlaps(item, left):
                    waiting |= heads_in((right,)) - reached
        return any(overlaps(head, item) for item in reached - heads_in((link.rhs,)))

    def _range(self, statement: Any, place: Place, display: int = 0) -> Iterator[Claim]:
        """The range that an index has from here on where it stands free."""
        for said in as_written(self.ranges.take(statement), whole=True):
            yield Claim(Kind.ASSUMPTION, place, unicode_text(said), display, said, reason=RANGE)

    def _restricts(self, piece: Piece, link: Statement, known: set[Head], shown: Shown) -> bool:
        """Whether a remark narrows the display down: `for t ≥ 2`, `where 0 < β < 1`. With a new head it defines."""
        if piece.remark in RESTRICTS:
            return True
        defining = self._defines(link, known, shown) is not None
        return not defining and type(link).__name__ not in ("Equal", "Definition", "Proportional")

    # ---- what cannot be read ---------------------------------------------------------------------------------------

    def _unread(self, shown: Shown, piece: Piece) -> Claim:
        error = piece.error
        assert error is not None
        kind = Kind.ILL_SORTED if isinstance(error, SortError) else Kind.UNREAD
        where = piece.place if error.line is None or error.column is None else piece.place._replace(
            line=error.line, column=error.column
        )  # fmt: skip
        return Claim(
            kind, where, piece.said, shown.number, reason=error.message, expected=error.expected or error.hint or "",
            source=shown.display.source.line(where.line),
            meant=self._meant(shown, piece) if kind == Kind.ILL_SORTED else (),
        )  # fmt: skip

    def _meant(self, shown: Shown, piece: Piece) -> tuple[Any, ...]:
        """The repairs of a statement that means nothing: those that are proved."""
        found: list[Any] = []
        for text in with_determinants(piece.text):
            try:
                with within(self.timeout):
                    other = self._read(replace(shown.display, text=text), shown.number)
                    pieces = other.read.pieces
                    if len(pieces) != 1 or not isinstance(pieces[0].term, Relation):
                        continue
                    if decide_claim(self._claimed(other, pieces[0], pieces[0].term)).status == "proved":
                        found.append(pieces[0].term)
            except (OutOfTime, DeriveError):
                continue
        return tuple(found)

    def _unknown_heads(self, piece: Piece) -> None:
        """What a line that cannot be read may have defined is not known from here on."""
        try:
            head = read_display(piece.text.split("=")[0].strip(" &:\\")) if "=" in piece.text else []
        except DeriveError:
            return
        for reading in head:
            for found in heads_in((reading.term,)) if isinstance(reading.term, Basic) else ():
                if not any(found.name == other.name for other in self.known):
                    self.tainted[found] = f"line {piece.place.line}, which could not be read, may say what it is"

    # ---- definitions -----------------------------------------------------------------------------------------------

    def _define(self, shown: Shown, piece: Piece, link: Any, opening: Any, head: Head) -> Claim:
        left_loose = loose(link) if isinstance(link, Relation) else frozenset()
        plain = piece.right and not isinstance(link, (Distributed, Proportional))
        text = f"{piece.left} = {piece.right}" if plain else piece.text
        defined = Defined(head, text, link, piece.place, opening, left_loose)
        reason = ""
        if left_loose:
            names = ", ".join(sorted(unicode_text(item) for item in left_loose))
            reason = f"written out where it is used: {names} on the right, not on the left"
            self.tainted[head] = f"its definition on line {piece.place.line} speaks of {names}, this claim does not"
        else:
            try:
                shown.model = shown.model.with_lines([Line(with_variances(link), text)])
            except ModelError as error:
                return self._say(shown, piece, Kind.TROUBLE, error.message)
        self.scope.define(defined)
        if head.kind == "names":
            self.naming.append(_Naming(self.scope.definitions[-1], shown, piece, named_parts(link)))
        notes = [reason] if reason else []
        notes += [f"{shown_short(item)} is read with a deviation" for item in deviations(link)[:1]]
        return self._say(shown, piece, Kind.DEFINITION, "; ".join(notes))

    def _named_by(self, shown: Shown, head: Head) -> Iterator[Claim]:
        """The claims that a law's named parts make once all of them are defined: that these are the law's."""
        for naming in list(self.naming):
            if head not in naming.waiting:
                continue
            naming.waiting.remove(head)
            if naming.waiting:
                continue
            self.naming.remove(naming)
            self.scope.definitions.remove(naming.defined)
            again = self._read(naming.shown.display, naming.shown.number)
            link = naming.defined.term
            found = self._claim(replace(again, number=shown.number), naming.piece, link, None)
            parts = [item for item in self.scope.definitions if item.head in named_parts(link)]
            said = [f"{unicode_text(item.term.lhs)} as on line {item.place.line}" for item in parts]  # type: ignore[attr-defined]
            if found.verdict is not None:
                verdict = replace(found.verdict, read_as=(*found.verdict.read_as, *dict.fromkeys(said)))
                found = replace(found, verdict=verdict)
            yield found


def _opening(pieces: Sequence[Piece], number: int) -> Any:
    """The first side of the chain that a piece belongs to; remarks beside its rows are no part of it."""
    while number > 0 and not pieces[number].first:
        number -= 1
        while number > 0 and (pieces[number].remark or isinstance(pieces[number].term, Distributed)):
            number -= 1
    term = pieces[number].term
    term = term.links[0] if isinstance(term, Chain) else term
    return getattr(term, "lhs", None)
