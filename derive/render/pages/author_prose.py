"""An author's own Markdown as HTML: paragraphs, lists, tables, quotations, links, and inline formulas as MathML.

CommonMark as `markdown-it` reads it. Comments go away, other HTML is shown as it was typed, and of an image its name is
shown: a page fetches nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from html import escape
from typing import Any

from derive.markdown import formula_at

__all__ = ["AuthorBlock", "author_blocks"]

AuthorBlock = tuple[str, int, int, str]
"""What a block is (`heading` or `html`), its line, the level of a heading, and its HTML; a heading as it was typed."""

_COMMENT = re.compile(r"\s*<!--.*?-->\s*", re.DOTALL)


def author_blocks(text: str, formula: Callable[[str], str]) -> Iterator[AuthorBlock]:
    """The blocks of a stretch of Markdown without displays, in order; lines count from 0."""
    parser = _parser()
    tokens = parser.parse(text)
    start = depth = 0
    for place, token in enumerate(tokens):
        depth += token.nesting
        if depth:
            continue
        block = tokens[start : place + 1]
        start = place + 1
        html = parser.renderer.render(block, parser.options, {"formula": formula}).strip()
        if not html or html == "<p></p>":
            continue
        first = block[0]
        line = first.map[0] if first.map else 0
        if first.type == "heading_open":
            yield "heading", line, int(first.tag[1]), block[1].content
        else:
            yield "html", line, 0, html


@lru_cache(maxsize=1)
def _parser() -> Any:
    from markdown_it import MarkdownIt

    made = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    made.inline.ruler.before("escape", "formula", _formula)
    for name in ("html_block", "html_inline"):
        made.add_render_rule(name, _html)
    made.add_render_rule("formula", _set)
    made.add_render_rule("image", _image)
    return made


def _formula(state: Any, silent: bool) -> bool:
    """An inline formula, as the articles' own scan finds it."""
    found = formula_at(state.src, state.pos)
    if found is None:
        return False
    if not silent:
        state.push("formula", "", 0).content = found.latex
    state.pos = found.end
    return True


def _set(renderer: Any, tokens: Sequence[Any], place: int, options: Any, env: Any) -> str:
    return str(env["formula"](tokens[place].content))


def _html(renderer: Any, tokens: Sequence[Any], place: int, options: Any, env: Any) -> str:
    left = _COMMENT.sub(" ", tokens[place].content).strip()
    shown = escape(left)
    return f"<p>{shown}</p>\n" if shown and tokens[place].type == "html_block" else shown


def _image(renderer: Any, tokens: Sequence[Any], place: int, options: Any, env: Any) -> str:
    return f'<span class="source">[{escape(tokens[place].content)}]</span>'
