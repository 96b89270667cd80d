r"""`\by{bayes}` beside a line: what its author says that it rests on, read for what it names.

The macro is that of `derive.sty`. A name is that of a rule, in small letters or as a person writes it (`Bayes' rule`),
or a word for what is no rule (`algebra`, `definition`). A reference to another line is none of these and is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from derive.articles.blanking import blank
from derive.rulebook import Rule, Rulebook
from derive.verdict import Verdict

__all__ = ["Annotation", "annotations_in", "read_annotation", "said_of"]

_BY = re.compile(r"\\by\s*\{")
_REFERENCE = re.compile(
    r"\\(?:eqref|ref|autoref|cref|Cref|cite\w*)\s*\{[^{}]*\}|\(\d+[a-z]?\)|(?:eq|line)\.?~?\s*\(?\d+\)?"
)
_WORDS = re.compile(r"\b(?:by|the|rule|theorem|law of|lemma|identity|formula|inequality|property|and)\b|'s\b|’s\b|['’]")
WORDS = {
    "algebra": "algebra", "arithmetic": "algebra", "simplification": "algebra", "definition": "law", "model": "law",
    "law": "law", "assumption": "hypothesis", "given": "hypothesis", "hypothesis": "hypothesis",
}  # fmt: skip
"""Words for what is no rule, and how a verdict names it."""


@dataclass(frozen=True)
class Annotation:
    """What stands in a `\\by{…}`: the rules that it names, words for what is no rule, and names that are unknown."""

    rules: tuple[Rule, ...] = ()
    words: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def annotations_in(text: str) -> tuple[str, tuple[tuple[int, str], ...]]:
    r"""A display's text with each `\by{…}` blank, and where they stood with what they said."""
    found: list[tuple[int, str]] = []
    at = 0
    while (opening := _BY.search(text, at)) is not None:
        at, depth = opening.end(), 1
        while at < len(text) and depth:
            depth += {"{": 1, "}": -1}.get(text[at], 0)
            at += 1
        found.append((opening.start(), text[opening.end() : at - 1].strip()))
        text = text[: opening.start()] + blank(text[opening.start() : at]) + text[at:]
    return text, tuple(found)


def read_annotation(said: str, rules: Rulebook) -> Annotation:
    """What an annotation names."""
    found, words, unknown = list[Rule](), list[str](), list[str]()
    for name in re.split(r"[,;]|\\text\{\s*and\s*\}|\band\b", _REFERENCE.sub("", said)):
        spelled = [_plain(name, keep=True), _plain(name)]
        word = next((plain for plain in spelled if plain in WORDS), None)
        rule = next((rules[plain] for plain in spelled if plain in rules), None)
        if not spelled[1]:
            continue
        if word is not None:
            words.append(word)
        elif rule is not None:
            found.append(rule)
        else:
            unknown.append(" ".join(name.split()))
    return Annotation(tuple(dict.fromkeys(found)), tuple(words), tuple(unknown))


def _plain(name: str, *, keep: bool = False) -> str:
    """A name as the rulebook spells names; without the words that only say what it is, unless they are kept."""
    bare = re.sub(r"\\text\w*\s*\{([^{}]*)\}", r"\1", name).replace("~", " ").lower()
    return "-".join(re.sub(r"[^a-z0-9 -]", "", bare if keep else _WORDS.sub(" ", bare)).split())


def said_of(annotation: Annotation, verdict: Verdict, rules: Rulebook) -> str:
    """What a report says of an annotation; nothing where the line holds by what is named."""
    told = []
    for name in annotation.unknown:
        near = get_close_matches(_plain(name), rules.names, n=1) or [
            other for other in rules.names if set(_plain(name).split("-")) & set(other.split("-"))
        ]
        told.append(f"no rule is called {name}" + (f"; did you mean {near[0]}?" if near else ""))
    told += [f"{rule.name} is no rule but a fallacy" for rule in annotation.rules if rule.fallacy]
    if verdict.status == "proved":
        named = [(rule.name, rule.name) for rule in annotation.rules if not rule.fallacy]
        named += [(word, WORDS[word]) for word in annotation.words]
        missed = [name for name, told_as in named if not _used(told_as, verdict.because)]
        if missed:
            told.append(f"the line holds, but not by {_listed(missed)}")
    return "; ".join(told)


def _used(name: str, because: Sequence[str]) -> bool:
    return any(reason.split(" ")[0] == name for reason in because)


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
