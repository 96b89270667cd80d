r"""Lines that write a variable with its noise, `x_t = a x_0 + b \epsilon`: claims in law; how the two go together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from derive.articles.claiming import Claims, Shown
from derive.articles.coupling import Drawn, claimed_densities, claimed_law, drawn, mended, noise_heads, standard
from derive.articles.heads import Head, head_of, heads_in, overlaps
from derive.articles.reading import Piece
from derive.articles.report import Claim, Kind
from derive.articles.scope import Defined, relevant, silent_on
from derive.clock import OutOfTime, within
from derive.deciding.statements import decide_statement
from derive.errors import DeriveError
from derive.latex import Macros, latex, unicode_text
from derive.models import Line
from derive.rulebook import Rulebook
from derive.terms import (
    Definition,
    Distributed,
    Equal,
    Statement,
    Variable,
)
from derive.verdict import Verdict

__all__ = ["Draws"]


class Draws(Claims):
    """The draws among what a document says, and the noises that it has spoken of."""

    def __init__(self, macros: Macros, rules: Rulebook, seed: int, timeout: float | None) -> None:
        super().__init__(macros, rules, seed, timeout)
        self.noises: set[Head] = set()  # those with which something was written, or that a remark gave their law
        self.points: set[Head] = set()  # the variables of densities: no noises

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

    def _drawn(self, shown: Shown, link: Any, opening: Any, known: set[Head]) -> Drawn | None:
        """The draw that a link is: of the variable that its chain begins with, written with its noise."""
        spoken = (known | self._before()) - self.noises
        fixed = self._settled(shown) | self.points
        placed = {head for head in spoken if any(overlaps(head, other) for other in fixed)}
        return drawn(link, opening, self._stated(shown), placed)

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

    def _repairs(self, draw: Drawn, by_density: Verdict) -> tuple[Statement, ...]:
        """The draws that are meant, where a law says that this one is wrong."""
        if by_density.status != "refuted":
            return ()
        return tuple(mended(draw, item) for item in self._looked_for(lambda: by_density.suggestions) or ())

    def _at_once(self, shown: Shown, piece: Piece, link: Any) -> bool:
        """Whether an equation holds of the noise as it was written before, by what needs no search."""
        model = relevant(self._without_draws(shown.model, link), link)
        try:
            with within(self.timeout):
                return decide_statement(link, model, self.rules, seed=self.seed, brief=True).status == "proved"
        except (OutOfTime, DeriveError):
            return False

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
