"""Displays, directives and headings are found where they stand, in Markdown and in LaTeX, and nowhere else."""

import random

import pytest

from derive.articles.document import Assumptions, Directive, Display, Heading, Trouble
from derive.articles.scan import is_article, looks_like_an_article, scan
from derive.articles.source import Source


def markdown(text: str):
    return scan(Source(text, "notes.md"))


def latex(text: str):
    return scan(Source(text, "paper.tex"))


def shown(document) -> list[str]:
    return [" ".join(display.text.split()) for display in document.displays]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$$ a = b $$", ["a = b"]),
        ("text $$a = b$$ more $$c = d$$", ["a = b", "c = d"]),
        ("$$\na\n+ b\n= c\n$$", ["a + b = c"]),
        ("\\[ a = b \\]", ["a = b"]),
        ("```math\na = b\n```", ["a = b"]),
        ("~~~math\na = b\n~~~", ["a = b"]),
        ("\\begin{align*}\na &= b \\\\\n &= c\n\\end{align*}", [r"a &= b \\ &= c"]),
        ("> $$\n> a\n> = b\n> $$", ["a = b"]),
        ("- item\n\n    $$ a = b $$", ["a = b"]),
        ("# not $$ a display", []),
        ("`$$ a = b $$`", []),
        ("```\n$$ a = b $$\n```", []),
        ("text\n\n    $$ a = b $$\n", []),
        ("<!-- $$ a = b $$ -->", []),
        ("it costs $5 and $6", []),
        ("\\$$ no", []),
        ("---\ntitle: $$ a $$\n---\n\n$$ b = c $$", ["b = c"]),
    ],
)
def test_displays_of_markdown(text: str, expected: list[str]) -> None:
    assert shown(markdown(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"\begin{equation}a = b\end{equation}", ["a = b"]),
        (r"\begin{equation*}a = b\end{equation*}", ["a = b"]),
        (r"\begin{gather}a = b \\ c = d\end{gather}", [r"a = b \\ c = d"]),
        (r"\begin{alignat}{2}a &= b\end{alignat}", ["a &= b"]),
        (r"\[ a = b \] and $$ c = d $$", ["a = b", "c = d"]),
        (r"$x$$y$ \[ a = b \]", ["a = b"]),
        (r"\\[2pt] x \[ a = b \]", ["a = b"]),
        ("% \\[ a = b \\]\n\\[ c = d \\]", ["c = d"]),
        ("50\\% \\[ c = d \\]", ["c = d"]),
        ("\\[ a % = b\n = c \\]", ["a = c"]),
        (r"\begin{verbatim}\[ a = b \]\end{verbatim}\[ c = d \]", ["c = d"]),
        (r"\verb|\[ a \]| \[ c = d \]", ["c = d"]),
        (r"\iffalse \[ a = b \] \fi \[ c = d \]", ["c = d"]),
        (r"\begin{align}a &= b \\ \intertext{so that} &= c\end{align}", [r"a &= b \\ &= c"]),
        (r"\[ before \]\begin{document}\[ a = b \]\end{document}\[ after \]", ["a = b"]),
        (r"\begin{equation}\begin{split}a &= b\end{split}\end{equation}", [r"\begin{split}a &= b\end{split}"]),
    ],
)
def test_displays_of_latex(text: str, expected: list[str]) -> None:
    assert shown(latex(text)) == expected


@pytest.mark.parametrize("text", ["é\n$$ a = b $$", "x\r\n\r\n$$ a = b $$", "\tα $$\n  a = b$$ "])
def test_the_text_of_a_display_is_the_source_at_its_offsets(text: str) -> None:
    document = markdown(text.replace("\r\n", "\n"))
    for display in document.displays:
        end = display.start + len(display.text)
        assert document.source.text[display.start : end] == display.text


def test_places_count_lines_and_columns_from_one() -> None:
    (display,) = markdown("one\ntwo $$a = b$$").displays
    assert display.place[:3] == ("notes.md", 2, 5)
    assert display.source.position(display.start) == (2, 7)


@pytest.mark.parametrize(
    "text",
    ["$$ a = b\n\n## Next\n\n$$ c = d $$", r"\begin{align} a = b \section{x} \begin{equation}c = d\end{equation}"],
)
def test_a_display_that_is_never_closed_is_told_and_costs_only_itself(text: str) -> None:
    document = latex(text) if text[0] == "\\" else markdown(text)
    assert any(isinstance(item, Trouble) and "never closed" in item.message for item in document.items)
    assert shown(document) == ["c = d"]


def test_what_an_article_says_that_it_assumes() -> None:
    text = "model: ddpm\n\n<!-- derive: given $`a > 0`$\ngiven b > 0 -->\n\n```model\nx > 0\n\n% no\ny > 0\n```\n"
    found = markdown(text).items
    told = [(item.word, item.text) for item in found if isinstance(item, Directive)]
    assert told == [("model", "ddpm"), ("given", "a > 0"), ("given", "b > 0")]
    (block,) = [item for item in found if isinstance(item, Assumptions)]
    assert [row for row, _ in block.rows] == ["x > 0", "y > 0"]
    assert all(text[start : start + len(row)] == row for row, start in block.rows)


def test_directives_of_latex_stand_in_comments() -> None:
    document = latex("% derive: model ddpm\nx % derive: given a > 0\n\\% derive: given b > 0\n")
    found = [(item.word, item.text) for item in document.items if isinstance(item, Directive)]
    assert found == [("model", "ddpm"), ("given", "a > 0")]


@pytest.mark.parametrize("comment", ["derive: frobnicate x", "derive: given", "derive: model"])
def test_a_directive_that_is_not_known_is_told(comment: str) -> None:
    assert any(isinstance(item, Trouble) for item in markdown(f"<!-- {comment} -->").items)


def test_headings_have_their_level() -> None:
    text = "# One\n\n## Two ##\n"
    found = [(item.level, item.text) for item in markdown(text).items if isinstance(item, Heading)]
    assert found == [(1, "One"), (2, "Two")]
    items = latex(r"\section{One}\subsection*{Two}").items
    assert [(item.level, item.text) for item in items] == [(2, "One"), (3, "Two")]


def test_macros_of_the_whole_document_are_collected() -> None:
    defined = r"\newcommand{\N}{\mathcal{N}}\def\E{\mathbb{E}}\DeclareMathOperator{\KL}{KL}"
    document = latex(defined + r"\begin{document}x\end{document}")
    assert {r"\N", r"\E", r"\KL"} <= set(document.macros.table)


def test_files_are_followed_only_when_asked(tmp_path) -> None:
    (tmp_path / "main.tex").write_text(r"\[ a = b \]\input{part}\[ e = f \]")
    (tmp_path / "part.tex").write_text(r"\[ c = d \]\input{main}")
    from derive.articles.scan import scan_file

    assert shown(scan_file(tmp_path / "main.tex")) == ["a = b", "e = f"]
    followed = scan_file(tmp_path / "main.tex", follow=True)
    assert shown(followed) == ["a = b", "c = d", "e = f"]
    assert any(isinstance(item, Trouble) and "itself" in item.message for item in followed.items)


def test_what_is_an_article() -> None:
    assert is_article("notes.md") and is_article("paper.TEX") and not is_article("a = b")
    assert looks_like_an_article("# Head\n\n$$ a = b $$") and not looks_like_an_article(r"\frac{a}{b} = c")


def test_random_text_is_scanned_without_failing_and_with_true_offsets() -> None:
    pieces = ["$$", "$", "\\[", "\\]", "`", "```", "\n", "\n\n", "> ", "    ", "- ", "<!--", "-->", "derive: given ",
              "\\begin{align}", "\\end{align}", "%", "\\", "a = b", "# ", "math", "\\verb|", "é", "{", "}"]  # fmt: skip
    draw = random.Random(7)
    for _ in range(400):
        text = "".join(draw.choice(pieces) for _ in range(draw.randint(1, 30)))
        for document in (markdown(text), latex(text)):
            for item in document.items:
                assert 0 <= getattr(item, "start", 0) <= len(text)
                if isinstance(item, Display):
                    assert len(item.text) == len(text[item.start : item.start + len(item.text)])
