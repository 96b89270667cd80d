"""Rule files: from Markdown to a rulebook. Headings, prose and lists are taken apart; formulas are not read here.

A rule file is a title, a sentence or two about its topic, and for each rule a heading `## name`, prose, one formula in
a `math` fence, and a list whose keys are those of `clauses.KEYS`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from derive import markdown
from derive.errors import NotFound, RuleError
from derive.folders import read_text, rules_folder
from derive.rulebook import clauses
from derive.rulebook.rule import Rule

__all__ = ["Rulebook", "Topic", "load_rulebook", "read_rules"]

_NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*$")


@dataclass(frozen=True)
class Topic:
    """One file of rules: its name, title and introduction, and the names of its rules in order.

    `zh` is the title in Chinese, where its author gave one: a bullet `- zh: 标题`.
    """

    name: str
    title: str
    introduction: str
    file: str
    rules: tuple[str, ...]
    zh: str = ""


@dataclass(frozen=True)
class Rulebook:
    """Rules by name, in the order of their files: a value that is passed, never changed."""

    topics: tuple[Topic, ...]
    _rules: Mapping[str, Rule] = field(repr=False)

    def __getitem__(self, name: str) -> Rule:
        """The rule of this name; `NotFound` with the nearest names where there is none."""
        try:
            return self._rules[name]
        except KeyError:
            from difflib import get_close_matches

            near = get_close_matches(name, self._rules, n=3)
            hint = "did you mean " + " or ".join(near) + "?" if near else "`derive rules` lists them"
            raise NotFound(f"there is no rule {name!r}", hint=hint) from None

    def __contains__(self, name: object) -> bool:
        return name in self._rules

    def __iter__(self) -> Iterator[Rule]:
        return iter(self._rules.values())

    def __len__(self) -> int:
        return len(self._rules)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._rules)

    @property
    def identities(self) -> tuple[Rule, ...]:
        """The rules that hold."""
        return tuple(rule for rule in self if not rule.fallacy)

    @property
    def fallacies(self) -> tuple[Rule, ...]:
        """The rules that people believe and that do not hold; a derivation may not use them."""
        return tuple(rule for rule in self if rule.fallacy)

    def topic(self, name: str) -> tuple[Rule, ...]:
        """The rules of one topic, in the order of its file."""
        for topic in self.topics:
            if topic.name == name:
                return tuple(self._rules[rule] for rule in topic.rules)
        raise NotFound(f"there is no topic {name!r}", hint="the topics are " + ", ".join(t.name for t in self.topics))

    def check(self) -> Rulebook:
        """Read every formula and condition now, so that what cannot be read is refused; returns itself."""
        for rule in self:
            rule.check()
        return self

    def extended(self, *paths: str | os.PathLike[str]) -> Rulebook:
        """This rulebook and the rules of further files, each formula of which is read at once."""
        if not paths:
            return self
        added = [read_rules(read_text(Path(path)), os.fspath(path)) for path in paths]
        book = _collect([*((topic, list(self.topic(topic.name))) for topic in self.topics), *added])
        for topic, _ in added:
            for rule in book.topic(topic.name):
                rule.check()
        return book


def load_rulebook(paths: Iterable[str | os.PathLike[str]] | None = None) -> Rulebook:
    """The rulebook of these files, or the library's own.

    A stranger's formulas are read and checked at once; the library's, which its tests hold, when a rule is used.
    Raises `RuleError` with file and line for what is no rulebook.
    """
    if paths is None:
        return _library()
    return _collect([read_rules(read_text(Path(path)), os.fspath(path)) for path in paths]).check()


@cache
def _library() -> Rulebook:
    files = sorted(rules_folder().glob("*.md"))
    return _collect([read_rules(read_text(file), str(file)) for file in files])


def _collect(read: Iterable[tuple[Topic, list[Rule]]]) -> Rulebook:
    topics: list[Topic] = []
    rules: dict[str, Rule] = {}
    for topic, found in read:
        topics.append(topic)
        for rule in found:
            if rule.name in rules:
                first = rules[rule.name]
                raise RuleError(f"a second rule is called {rule.name!r}", file=rule.file, line=rule.line,
                                hint=f"the first stands in {first.file}, line {first.line}")  # fmt: skip
            rules[rule.name] = rule
    names = [topic.name for topic in topics]
    for topic in topics:
        if names.count(topic.name) > 1:
            raise RuleError(f"a second file has the topic {topic.name!r}", file=topic.file, line=1)
    return Rulebook(tuple(topics), rules)


def read_rules(text: str, file: str) -> tuple[Topic, list[Rule]]:
    """The topic and the rules of a rule file's text."""
    document = markdown.blocks(text)
    name = Path(file).stem
    before, found = markdown.sections(document, 2)
    if not before or not isinstance(before[0], markdown.Heading) or before[0].level != 1:
        raise RuleError("a rule file begins with its title", file=file, line=1, expected="# Title")
    introduction = _prose(before[1:])
    named = [block for block in before[1:] if isinstance(block, markdown.Bullets) and _zh_title(block)]
    strays = [block for block in before[1:] if not isinstance(block, markdown.Paragraph) and block not in named]
    if strays:
        raise RuleError("before the first rule there is only prose", file=file, line=strays[0].line)
    if not found:
        raise RuleError("a rule file without a rule", file=file, line=1, expected="## name-of-a-rule")
    rules = [_rule(section, name, file) for section in found]
    zh = _zh_title(named[0]) if named else ""
    return Topic(name, before[0].text, introduction, file, tuple(rule.name for rule in rules), zh), rules


def _zh_title(bullets: markdown.Bullets) -> str:
    """The title in Chinese, where that is all a list says."""
    (first, *more) = bullets.items
    return first.text.removeprefix("zh:").strip() if first.text.startswith("zh:") and not more else ""


def _rule(section: markdown.Section, topic: str, file: str) -> Rule:
    name, line = section.heading.text, section.heading.line
    if not _NAME.match(name):
        raise RuleError(f"{name!r} is not a rule's name", file=file, line=line, expected="a name such as product-rule")
    fences = [block for block in section.body if isinstance(block, markdown.Fence)]
    for fence in fences:
        if fence.word != "math":
            raise RuleError("a rule's fence holds its formula", file=file, line=fence.line, expected="```math")
        if not fence.closed:
            raise RuleError("the fence is never closed", file=file, line=fence.line, expected="``` on its own line")
    if not fences or not fences[0].text.strip():
        raise RuleError(f"the rule {name} has no formula", file=file, line=line, expected="one ```math fence")
    if len(fences) > 1:
        raise RuleError(f"the rule {name} has two formulas", file=file, line=fences[1].line,
                        hint="give the second a heading of its own")  # fmt: skip
    for block in section.body:
        if isinstance(block, markdown.Heading):
            raise RuleError("a heading within a rule", file=file, line=block.line, expected="## name-of-a-rule")
    items = [item for block in section.body if isinstance(block, markdown.Bullets) for item in block.items]
    return Rule(
        name=name, topic=topic, prose=_prose(section.body), latex=fences[0].text.strip("\n"), file=file, line=line,
        formula_line=fences[0].first, **_listed(items, name, line, file),
    )  # fmt: skip


def _listed(items: Iterable[markdown.Bullet], name: str, line: int, file: str) -> dict[str, Any]:
    declared: list[clauses.Metavariable] = []
    conditions: list[clauses.ConditionText] = []
    called: list[clauses.Called] = []
    sources: list[str] = []
    single: dict[str, Any] = {}
    for item in items:
        key, colon, text = item.text.partition(":")
        key, text = key.strip(), text.strip()
        if not colon or key not in clauses.KEYS:
            raise RuleError(f"{key if colon else item.text!r} is not a key", file=file, line=item.line,
                            source=item.text, expected="one of " + ", ".join(clauses.KEYS))  # fmt: skip
        if not text:
            raise RuleError(f"nothing stands after `{key}:`", file=file, line=item.line)
        if key in ("fallacy", "world", "zh") and key in single:
            raise RuleError(f"a second `{key}`", file=file, line=item.line)
        if key == "let":
            declared += clauses.metavariables(text, item.line, file)
        elif key == "when":
            conditions.append(clauses.condition(text, item.line, file))
        elif key == "called":
            called += clauses.called(text, item.line, file)
        elif key == "source":
            sources.append(text)
        elif key == "world":
            single[key] = clauses.world(text, item.line, file)
        elif key == "zh":
            single[key] = clauses.translation(text, item.line, file)
        else:
            single[key] = text
    names = [metavariable.name for metavariable in declared]
    for metavariable in declared:
        if names.count(metavariable.name) > 1:
            raise RuleError(f"{metavariable.name} is declared twice", file=file, line=metavariable.line)
    if ("fallacy" in single) != ("world" in single):
        raise RuleError(f"the rule {name}: a fallacy has a world that breaks it, and nothing else has one", file=file,
                        line=line)  # fmt: skip
    return {
        "declared": tuple(declared), "conditions": tuple(conditions), "called": tuple(called),
        "sources": tuple(sources), "fallacy": single.get("fallacy", ""), "world": single.get("world"),
        "zh": single.get("zh"),
    }  # fmt: skip


def _prose(parts: Iterable[markdown.Block]) -> str:
    return "\n\n".join(part.text for part in parts if isinstance(part, markdown.Paragraph))
