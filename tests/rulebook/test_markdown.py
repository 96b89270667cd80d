"""The block scan of Markdown: kinds, texts and lines, by what CommonMark says of the constructs we use."""

from __future__ import annotations

import random

import pytest

from derive.markdown import Bullet, Bullets, Fence, Heading, Paragraph, blocks, formulas, sections

DOCUMENT = """\
# Title

Some prose
over two lines.

## first-rule ##

```math
a = b
  c
```

- when: one
- when: two,
  continued

- source: three
~~~text
- no bullet
~~~
<!-- left
out -->
$$
x = y
$$
$$ z = 1 $$
"""


def test_every_block_has_its_kind_text_and_line() -> None:
    assert blocks(DOCUMENT) == [
        Heading(1, "Title", 1),
        Paragraph("Some prose\nover two lines.", 3),
        Heading(2, "first-rule", 6),
        Fence("math", "a = b\n  c", 8, 9),
        Bullets((Bullet("when: one", 13), Bullet("when: two, continued", 14), Bullet("source: three", 17)), 13),
        Fence("text", "- no bullet", 18, 19),
        Fence("$$", "x = y", 23, 24),
        Fence("$$", " z = 1 ", 26, 26),
    ]


def test_a_fence_that_is_never_closed_says_so() -> None:
    (fence,) = blocks("````math\na\n```\nb")
    assert isinstance(fence, Fence)
    assert not fence.closed
    assert fence.text == "a\n```\nb"


def test_a_display_that_is_never_closed_says_so() -> None:
    (display,) = blocks("$$\na\nb")
    assert isinstance(display, Fence)
    assert not display.closed
    assert (display.text, display.first) == ("a\nb", 2)


def test_the_info_string_has_a_first_word() -> None:
    (fence,) = blocks("```derive model=ddpm\n```")
    assert isinstance(fence, Fence)
    assert (fence.word, fence.info, fence.text) == ("derive", "derive model=ddpm", "")


def test_sections_end_at_the_next_heading_of_their_level_or_above() -> None:
    before, found = sections(blocks("# a\nx\n## b\ny\n### c\nz\n## d\n# e\nw"), 2)
    assert [type(block) for block in before] == [Heading, Paragraph]
    assert [(section.heading.text, len(section.body)) for section in found] == [("b", 3), ("d", 0)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the law $`p(A \\mid B)`$ and $x_t$.", ["p(A \\mid B)", "x_t"]),
        ("it costs $5 and $6", []),
        ("`$`a`$` next", ["a"]),
        (r"a \$ sign, $a \$ b$", [r"a \$ b"]),
        ("no formula", []),
        ("$`a`$, $`b`$", ["a", "b"]),
    ],
)
def test_inline_formulas(text: str, expected: list[str]) -> None:
    assert [formula.latex for formula in formulas(text)] == expected


def test_a_formula_knows_where_it_stands() -> None:
    text = "so $`x`$ is"
    (formula,) = formulas(text)
    assert text[formula.start : formula.end] == "$`x`$"


def test_any_lines_are_scanned_without_loss_of_fenced_text() -> None:
    """Whatever lines are put together, every line of a closed fence is found again at the line it says."""
    pieces = ["# h", "- a", "  b", "```math", "```", "~~~", "$$", "x $y$", "", "<!-- c -->", "    code", "text"]
    chance = random.Random(7)
    for _ in range(300):
        lines = [chance.choice(pieces) for _ in range(chance.randrange(12))]
        for block in blocks("\n".join(lines)):
            assert 1 <= block.line <= len(lines)
            if isinstance(block, Fence) and block.closed and block.text and block.info != "$$":
                inside = block.text.split("\n")
                assert [line.strip() for line in lines[block.first - 1 : block.first - 1 + len(inside)]] == [
                    line.strip() for line in inside
                ]
