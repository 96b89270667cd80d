"""Formulas as the field prints them: all are read, but for those that can be meant in two ways; all come back."""

from pathlib import Path

import pytest

from derive.errors import DeriveError
from derive.latex import latex, read, read_display
from derive.markdown import Fence, blocks, sections
from derive.terms import BlockMatrix, Variable, from_json, to_json, walk
from tests.latex.formulas import declarations_for

_, TOPICS = sections(blocks((Path(__file__).parent / "printed.md").read_text(encoding="utf-8")), 2)
PRINTED = {
    section.heading.text: [block.text for block in section.body if isinstance(block, Fence)] for section in TOPICS
}
READ = [text for topic, texts in PRINTED.items() if topic != "refused" for text in texts]


def test_there_are_enough_of_them():
    assert len(READ) > 300


@pytest.mark.parametrize("text", READ, ids=[f"{number}: {text[:40]}" for number, text in enumerate(READ)])
def test_a_printed_formula_is_read_and_comes_back(text):
    for reading in read_display(text):
        assert from_json(to_json(reading.term)) == reading.term
        if not _blocks_of_one_name(reading.term):
            assert read(latex(reading.term), declarations_for(reading.term)).term == reading.term


def _blocks_of_one_name(term):
    r"""Whether \\Sigma is made of \\Sigma_{11}, …, which a declaration by names cannot tell apart."""
    sorts = {}
    for _, node in walk(term):
        if isinstance(node, Variable):
            sorts.setdefault(node.name, set()).add(node.sort)
    return any(len(found) > 1 for found in sorts.values()) and term.has(BlockMatrix)


@pytest.mark.parametrize("text", PRINTED["refused"], ids=[text[:60] for text in PRINTED["refused"]])
def test_what_can_be_meant_in_two_ways_or_not_said_is_refused_with_a_reason(text):
    with pytest.raises(DeriveError) as caught:
        read_display(text)
    assert caught.value.message
    assert caught.value.column
