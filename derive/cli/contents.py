"""What the library holds, read off the headings of its Markdown files: no engine, no SymPy, a few milliseconds.

`## posterior` in `derivations/ddpm.md`, with a ```` ```derive ```` fence under it, is the derivation `ddpm.posterior`;
a file with a ```` ```model ```` fence is a model; `## bayes` over a ```` ```math ```` fence in `rules/` is a rule.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from derive.folders import derivations_folder, read_text, rules_folder
from derive.markdown import Block, Bullets, Fence, Heading, Paragraph, blocks, sections

__all__ = ["Entry", "derivations", "entries", "models", "rules"]


@dataclass(frozen=True)
class Entry:
    """One thing that has a name: what it is, the first sentence of what is said about it, and where it stands."""

    kind: str
    name: str
    topic: str
    sentence: str
    file: str
    line: int
    zh: str = ""


def derivations() -> list[Entry]:
    """Every derivation of the library."""
    return [entry for path in _files(derivations_folder()) for entry in entries(path) if entry.kind == "derivation"]


def models() -> list[Entry]:
    """Every model of the library."""
    return [entry for path in _files(derivations_folder()) for entry in entries(path) if entry.kind == "model"]


def rules() -> list[Entry]:
    """Every rule and every fallacy of the rulebook."""
    return [entry for path in _files(rules_folder()) for entry in entries(path) if entry.kind in ("rule", "fallacy")]


def entries(path: Path) -> Iterator[Entry]:
    """What one Markdown file holds."""
    document = blocks(read_text(path))
    before, found = sections(document, 2)
    topic = path.stem
    opening = [*before, *(block for section in found for block in section.body)]
    if any(isinstance(block, Fence) and block.word == "model" for block in opening):
        title = next((block.text for block in before if isinstance(block, Heading)), "")
        yield Entry("model", topic, topic, _sentence(before) or title, str(path), 1, _zh(before))
    for section in found:
        kind = _kind(section.body)
        if kind is None:
            continue
        name = f"{topic}.{section.heading.text}" if kind == "derivation" else section.heading.text
        yield Entry(kind, name, topic, _sentence(section.body), str(path), section.heading.line, _zh(section.body))


def _kind(body: Sequence[Block]) -> str | None:
    words = {block.word for block in body if isinstance(block, Fence)}
    if "derive" in words:
        return "derivation"
    if "math" in words:
        items = [item.text for block in body if isinstance(block, Bullets) for item in block.items]
        return "fallacy" if any(item.startswith("fallacy:") for item in items) else "rule"
    return None


def _zh(body: Sequence[Block]) -> str:
    """Name and sentence in Chinese: a bullet `- zh: 名称：一句话。`"""
    items = (item.text for block in body if isinstance(block, Bullets) for item in block.items)
    return next((text.removeprefix("zh:").strip() for text in items if text.startswith("zh:")), "")


def _sentence(body: Sequence[Block]) -> str:
    """The first sentence of the first paragraph."""
    text = next((" ".join(block.text.split()) for block in body if isinstance(block, Paragraph)), "")
    end = text.find(". ")
    return text if end < 0 else text[: end + 1]


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.md"))
