"""The relations of one display, in the order in which they can be decided: definitions, claims, what narrows it down.

What came before in the document (assumptions, definitions, proved lines, conventions) is the state that is kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sympy import Basic

from derive.articles.annotations import Annotation, read_annotation, said_of
from derive.articles.claims import Claimed, decide_claim
from derive.articles.conventions import Conventions, at_point, deviations, shown_short, with_variances
from derive.articles.coupling import Drawn, claimed_densities, claimed_law, drawn, mended, noise_heads, standard
from derive.articles.definitions import defines, loose, says
from derive.articles.document import Display
from derive.articles.heads import Head, determined, head_of, heads_in, overlaps
from derive.articles.laws import named_parts
from derive.articles.lemmas import Lemma, Lemmas
from derive.articles.ranges import Ranges
from derive.articles.reading import Piece, Read, read_together
from derive.articles.repairs import with_determinants
from derive.articles.report import Claim, Kind
from derive.articles.restricting import BARE, RESTRICTS, with_bare_restrictions
from derive.articles.scope import Defined, Scope, relevant, silent_on
from derive.articles.source import Place
from derive.articles.unfolding import fully_named, unfolded
from derive.articles.unsaid import unsaid
from derive.clock import OutOfTime, within
from derive.errors import DeriveError, InputError, ModelError, RuleError, SortError
from derive.latex import Macros, latex, read_display, unicode_text
from derive.models import Line, Model, compile_model
from derive.rulebook import Rulebook
from derive.terms import (
    Application,
    Approximate,
    Chain,
    Definition,
    Distributed,
    Equal,
    Independent,
    Member,
    Relation,
    Scaled,
    Statement,
    Variable,
)
from derive.terms.ranges import as_written
from derive.verdict import Verdict, decide_statement

__all__ = ["Displays", "Shown"]

OVER = "the time for one claim was over"
SAYS = "says what its left side is: assumed from here on"
RANGE = "from here on where it stands free"
MENDING = 10.0
"""Seconds at most for looking for what was meant, where the time for a claim is bounded at all."""


@dataclass
class Shown:
    """A display while it is checked: its number, how it was read, what its remarks restrict."""

    display: Display
    number: int
    read: Read
    model: Model
    conditions: list[Line] = field(default_factory=list)


@dataclass
class _Naming:
    """A law's equation that names its parts, and those of them of which it is not said yet what they are."""

    defined: Defined
    shown: Shown
    piece: Piece
    waiting: list[Head | None]


class Displays:
    """What a document has said so far, and the claims of a display under that."""

    def __init__(self, macros: Macros, rules: Rulebook, seed: int, timeout: float | None) -> None:
        self.macros, self.rules = macros, rules
        self.seed, self.timeout = seed, timeout
        self.scope = Scope()
        self.ranges = Ranges({})
        self.coupled: set[Head] = set()  # the noises with which something was written
        self.draws: set[Any] = set()  # the equations that write it
        self.noises: set[Head] = set()  # these, and those that a remark gave their law
        self.naming: list[_Naming] = []
        self.known: set[Head] = set()
        self.tainted: dict[Head, str] = {}
        self.conventions = Conventions()
        self.lemmas = Lemmas()
        self.faults: list[str] = []

    # ---- reading ---------------------------------------------------------------------------------------------------

    def _read(self, display: Display, number: int) -> Shown:
        """The display read under what is assumed; with the definitions that it turns out to need."""
        rows = self.scope.rows()
        macros = self.macros
        read = read_together(display, rows, macros)
        terms = [piece.term for piece in read.pieces if isinstance(piece.term, Basic)]
        needed = self.scope.definitions_for([*terms, *self.scope.terms()])
        usable = [item for item in needed if not item.loose]
        if usable:
            read = read_together(display, [*rows, *((item.text, item.place) for item in usable)], macros)
        mended = {item.text: item for item in usable}
        lines = [self._line(line, mended) for line in read.lines]
        stated = [*(line.statement for line in lines), *(p.term for p in read.pieces if p.remark and p.error is None)]
        lines += [Line(said, unicode_text(said)) for said in self.ranges.for_terms(terms, stated)]
        name = self.scope.model.name if self.scope.model is not None else ""
        return Shown(display, number, read, compile_model(lines, name=name, declarations=read.declarations))

    @staticmethod
    def _line(line: Line, mended: dict[str, Defined]) -> Line:
        defined = mended.get(line.text)
        if defined is None:
            return line
        statement: Any = line.statement
        return Line(with_variances(at_point(statement, getattr(statement, "lhs", None))), line.text)

    # ---- its parts -------------------------------------------------------------------------------------------------

    def _decided(self, shown: Shown) -> Iterator[Claim]:
        """The parts of a display, those first that restrict it or say what its names mean."""
        equations = [piece.term for piece in shown.read.pieces if isinstance(piece.term, (Equal, Definition))]
        left = {head for term in equations if (head := head_of(term.lhs)) is not None}
        pieces = with_bare_restrictions(shown.read.pieces, self._settled(shown) | left)
        done: dict[int, list[Claim]] = {}
        known = set(self.known)
        early = {place for place, piece in enumerate(pieces) if piece.remark or self._names_noise(pieces, place)}
        for place in sorted(range(len(pieces)), key=lambda place: (place not in early, place)):
            done[place] = list(self._piece(shown, pieces, place, known))
            if pieces[place].term is not None and not pieces[place].remark:
                known |= heads_in((pieces[place].term,))
        for piece in pieces:
            if piece.term is not None:
                self.known |= heads_in((piece.term,))
            elif piece.error is not None:
                self._unknown_heads(piece)
        for place in range(len(pieces)):
            yield from done[place]

    def _gives_noise(self, said: Shown, shown: Shown) -> bool:
        r"""Whether prose beside a display gives its law to a noise of it: `where $\epsilon \sim \mathcal{N}(0, I)$`."""
        laws = [piece.term for piece in said.read.pieces]
        if not laws or not all(isinstance(law, Distributed) and law in standard((law.variable,)) for law in laws):
            return False
        noise = {head for law in laws for head in noise_heads(law)}
        sides = [piece.term for piece in shown.read.pieces if isinstance(piece.term, (Equal, Definition))]
        made = self._settled(shown) | heads_in(side.lhs for side in sides if isinstance(side.lhs, Variable))
        there = heads_in(side.rhs for side in sides)
        return not any(overlaps(head, other) for head in noise for other in made) and noise <= there

    @staticmethod
    def _names_noise(pieces: Sequence[Piece], place: int) -> bool:
        r"""Whether a piece gives a law to what stands before it: `x = a + b \epsilon, \epsilon \sim …`."""
        law = pieces[place].term
        if not isinstance(law, Distributed):
            return False
        noise = noise_heads(law)
        sides = [piece.term for piece in pieces if isinstance(piece.term, (Equal, Definition))]
        made = heads_in(side.lhs for side in sides)
        before = [piece.term for piece in pieces[:place] if isinstance(piece.term, (Equal, Definition))]
        return not made & noise and bool(noise & heads_in(side.rhs for side in before))

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

    def _settled(self, shown: Shown) -> set[Head]:
        """The names that an assumption, the model or a definition determines."""
        return determined(self._stated(shown)) | {item.head for item in self.scope.definitions}

    def _stated(self, shown: Shown) -> list[Any]:
        """All that is assumed or defined so far, used in this display or not."""
        return [*shown.model.statements, *(item.term for item in self.scope.definitions if not item.loose)]

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

    def _say(self, shown: Shown, piece: Piece, kind: Kind, reason: str = "") -> Claim:
        return Claim(kind, piece.place, piece.said, shown.number, piece.term, reason=reason, continues=not piece.first)

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
                    known = frozenset(self._before())
                    claimed = Claimed(pieces[0], pieces[0].term, None, other.model, self.rules, self.seed, known)
                    if decide_claim(claimed).status == "proved":
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
        text = f"{piece.left} = {piece.right}" if piece.right and not isinstance(link, Distributed) else piece.text
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

    # ---- draws -----------------------------------------------------------------------------------------------------

    def _drawn(self, shown: Shown, link: Any, opening: Any, known: set[Head]) -> Drawn | None:
        """The draw that a link is: of the variable that its chain begins with, written with its noise."""
        return drawn(link, opening, self._stated(shown), (known | self._before()) - self.noises)

    def _couple(self, shown: Shown, piece: Piece, link: Any, opening: Any, draw: Drawn) -> Claim:
        """An equation that writes a variable with its noise: a claim in law, and then how the two go together.

        A noise with which something was written before may be the same: then the equation is one like any other. Where
        it is not, it is another noise of that name.
        """
        again = piece.first and any(overlaps(head, other) for head in draw.heads for other in self.coupled)
        if again and self._at_once(shown, piece, link):
            return self._claim(shown, piece, link, opening)
        by_density = self._as_density(shown, piece, draw)
        if (again or not draw.declared) and by_density.status != "proved":
            repaired = self._repairs(draw, by_density)
            found = self._claim(shown, piece, link if again else draw.equation, opening, suggest=not repaired)
            if found.verdict is not None and found.verdict.status == "refuted" and repaired:
                found = replace(found, verdict=replace(found.verdict, nearby=lambda: repaired))
            return replace(found, statement=link)
        in_law = self._in_law(shown, piece, draw)
        verdict = by_density if in_law is None else in_law
        names = ", ".join(unicode_text(item) for item in draw.noises)
        word = "noises" if len(draw.noises) > 1 else "noise, another" if again else "noise"
        said = f"{unicode_text(draw.written)} written with its {word} {names}: equal in law"
        repaired = self._repairs(draw, by_density)
        nearby = (lambda: repaired) if verdict.status == "refuted" else None
        verdict = replace(verdict, statement=link, read_as=(*verdict.read_as, said), nearby=nearby)
        if not again:
            self._goes_with(shown, piece, draw, verdict.status == "proved")
        if draw.declared:
            kind, number = Kind.CLAIM, shown.number
            return Claim(kind, piece.place, piece.said, number, link, verdict, continues=not piece.first)
        laws = ", ".join(unicode_text(item) for item in standard(draw.noises))
        return self._say(shown, piece, Kind.DEFINITION, f"its {word}: {laws}")

    def _at_once(self, shown: Shown, piece: Piece, link: Any) -> bool:
        """Whether an equation holds of the noise as it was written before, by what needs no search."""
        model = relevant(self._without_draws(shown.model, link), link)
        try:
            with within(self.timeout):
                return decide_statement(link, model, self.rules, seed=self.seed, brief=True).status == "proved"
        except (OutOfTime, DeriveError):
            return False

    def _repairs(self, draw: Drawn, by_density: Verdict) -> tuple[Statement, ...]:
        """The draws that are meant, where a law says that this one is wrong."""
        if by_density.status != "refuted":
            return ()
        return tuple(mended(draw, item) for item in self._with_suggestions(by_density).suggestions)

    def _goes_with(self, shown: Shown, piece: Piece, draw: Drawn, proved: bool) -> None:
        """From here on the noise is what the equation makes it; or it is not known how it goes with the variables."""
        heads = draw.heads
        self.coupled |= heads
        self.noises |= heads
        head = head_of(draw.noises[0])
        if proved and head is not None and len(draw.noises) == 1:
            text = f"{piece.left} = {piece.right}" if piece.first else latex(draw.equation)
            self.draws.add(draw.equation)
            self.scope.define(Defined(head, text, draw.equation, piece.place))
            shown.model = shown.model.with_lines([Line(draw.equation, text)])
        else:
            line = f"line {piece.place.line}"
            why = f"{line} writes another noise of its family" if proved else f"{line}, where it is used, is not proved"
            self.tainted |= dict.fromkeys(heads, why)

    def _in_law(self, shown: Shown, piece: Piece, draw: Drawn) -> Verdict | None:
        """The verdict where the law of the left side is stated or proved, and the noise declared."""
        if len(draw.noises) > 1 or not draw.declared:
            return None
        claimed = claimed_law(draw, [*self._stated(shown), *(lemma.statement for lemma in self.lemmas.proved)])
        if claimed is None:
            return None
        return self._verdict(self._claimed(shown, piece, claimed))

    def _as_density(self, shown: Shown, piece: Piece, draw: Drawn) -> Verdict:
        """The verdict on what a draw says of the density of its left side, under the law that suits it best."""
        worst = Verdict("unknown", statement=draw.equation, tried="the law that the left side has is not shown before")
        for density in claimed_densities(draw, self._stated(shown)):
            try:
                other = self._read(replace(shown.display, text=latex(density)), shown.number)
            except DeriveError:
                continue
            if len(other.read.pieces) != 1 or not isinstance(other.read.pieces[0].term, Equal):
                continue
            other.model = silent_on(other.model, draw.heads)
            claimed = self._claimed(other, other.read.pieces[0], other.read.pieces[0].term)
            verdict = self._verdict(claimed)
            if verdict.status == "proved":
                return verdict
            if worst.status == "unknown":
                worst = verdict
        return worst

    def _claimed(self, shown: Shown, piece: Piece, link: Any) -> Claimed:
        return Claimed(piece, link, None, shown.model, self.rules, self.seed, frozenset(self._before()))

    # ---- claims ----------------------------------------------------------------------------------------------------

    def _claim(self, shown: Shown, piece: Piece, link: Any, opening: Any, *, suggest: bool = True) -> Claim:
        if not isinstance(link, (Relation, Distributed, Independent)):
            return self._say(shown, piece, Kind.SKIPPED, "this says what something is: assumed only where it is given")
        model = relevant(self._without_draws(shown.model, link), link)
        beside = read_annotation(piece.by, self.rules) if piece.by else Annotation()
        named = tuple(rule for rule in beside.rules if not rule.fallacy)
        known = frozenset(self._before())
        claimed = Claimed(piece, link, opening, model, self.rules, self.seed, known, named=named)
        verdict = self._guarded(self._with_suggestions(self._verdict(claimed)), link, shown)
        used: tuple[Lemma, ...] = ()
        if verdict.status == "unknown" and (lemmas := tuple(self.lemmas.usable(link, model))):
            further = self._verdict(replace(claimed, lemmas=lemmas))
            if further.status == "proved":
                open_ = dict.fromkeys((*further.provided, *(need for lemma in lemmas for need in lemma.provided)))
                verdict, used = replace(further, provided=tuple(open_)), lemmas
        if verdict.status == "unknown":
            verdict = self._unfolded(claimed, verdict)
        if verdict.status != "unknown" and isinstance(verdict.statement, Relation) and deviations(link):
            link = verdict.statement  # as it was read
        if not self._tainted(link):
            self.lemmas.add(link, verdict, model, piece.place)
        return Claim(
            Kind.CLAIM, piece.place, piece.said, shown.number, link, verdict, continues=not piece.first,
            rests_on=tuple(lemma.place for lemma in used), reason=self._not_assumed(link, verdict),
            annotation=said_of(beside, verdict, self.rules),
        )  # fmt: skip

    def _without_draws(self, model: Model, link: Any) -> Model:
        """The model without how noises go with variables, for those noises that a claim does not come to speak of."""
        apart = self.coupled - heads_in((link,))
        for line in model.lines if apart else ():
            if not isinstance(line.statement, Distributed) and line.statement not in self.draws:
                apart -= heads_in((line.statement,))
        return silent_on(model, apart) if apart else model

    def _not_assumed(self, link: Any, verdict: Verdict) -> str:
        """Which assumptions about a claim's names ended with their section, where the claim is not proved."""
        if verdict.status == "proved":
            return ""
        ended = self.scope.ended_for((link,))
        lines = dict.fromkeys(str(item.place.line) for item in ended if item.place is not None)
        many = len(lines) > 1
        return f"line{'s' * many} {', '.join(lines)}, whose section is over" if lines else ""

    def _unfolded(self, claimed: Claimed, verdict: Verdict) -> Verdict:
        """The verdict where names that stand for more than they show are written out."""
        plain, used = unfolded(claimed.link, self.scope.definitions)
        if not used:
            return verdict
        found = self._verdict(replace(claimed, link=plain))
        if found.status == "unknown" or (found.status == "refuted" and not fully_named(claimed.link, used)):
            return verdict
        said = [f"{unicode_text(item.term.lhs)} as on line {item.place.line}" for item in used]  # type: ignore[attr-defined]
        return replace(found, read_as=(*found.read_as, *said), nearby=None)

    def _verdict(self, claimed: Claimed) -> Verdict:
        """The verdict in the time that a claim may take; what cannot be decided at all is unknown."""
        try:
            with within(self.timeout):
                return decide_claim(claimed)
        except OutOfTime:
            return Verdict("unknown", statement=claimed.link, tried=OVER)
        except RuleError:
            raise
        except InputError as error:
            return Verdict("unknown", statement=claimed.link, tried=error.message)
        except Exception as error:  # a mistake of derive's on one line costs that line, and is told
            self.faults.append(f"{claimed.piece.place}: {type(error).__name__}: {str(error)[:200]}")
            return Verdict("unknown", statement=claimed.link, tried=f"a mistake in derive: {type(error).__name__}")

    def _tainted(self, link: Any) -> bool:
        spoken = heads_in((link,))
        return any(overlaps(head, other) for head in self.tainted for other in spoken)

    def _with_suggestions(self, verdict: Verdict) -> Verdict:
        """The verdict with the nearest true statements looked for; without them where that takes too long."""
        try:
            with within(None if self.timeout is None else min(self.timeout, MENDING)):
                _ = verdict.suggestions
        except OutOfTime:
            return replace(verdict, nearby=None)
        except Exception as error:
            self.faults.append(f"suggestions: {type(error).__name__}: {str(error)[:200]}")
            return replace(verdict, nearby=None)
        return verdict

    def _before(self) -> set[Head]:
        return self.known | heads_in(self.scope.terms())

    def _guarded(self, verdict: Verdict, link: Any, shown: Shown) -> Verdict:
        """What rests on a name that the article defines in a way that cannot be used, or not at all, is not refuted."""
        silent = unsaid(link, self._stated(shown), shown.read.declarations) if verdict.status == "refuted" else ""
        if silent:
            return replace(verdict, status="unknown", counterexample=None, nearby=None, tried=silent)
        spoken = heads_in((link,))
        for head, reason in self.tainted.items():
            if verdict.status == "refuted" and any(overlaps(head, other) for other in spoken):
                return replace(verdict, status="unknown", counterexample=None, nearby=None, tried=f"{head}: {reason}")
        return verdict



def _opening(pieces: Sequence[Piece], number: int) -> Any:
    """The first side of the chain that a piece belongs to; remarks beside its rows are no part of it."""
    while number > 0 and not pieces[number].first:
        number -= 1
        while number > 0 and (pieces[number].remark or isinstance(pieces[number].term, Distributed)):
            number -= 1
    term = pieces[number].term
    term = term.links[0] if isinstance(term, Chain) else term
    return getattr(term, "lhs", None)
