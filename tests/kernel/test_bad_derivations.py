"""Every derivation in `bad/` is refused, for the reason it states: each makes one mistake."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from derive.errors import KernelRefusal
from derive.library import load

FOLDER = Path(__file__).parent / "bad"
FILES = sorted(FOLDER.glob("*.md"))


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_the_mistake_is_refused(path):
    text = path.read_text(encoding="utf-8")
    reason = re.search(r"^Refused: (.*)$", text, re.MULTILINE)
    assert reason is not None
    model = path if "```model" in text else None
    with pytest.raises(KernelRefusal) as refusal:
        load(path, model=model)
    assert re.search(reason[1], str(refusal.value)), str(refusal.value)
    assert refusal.value.line is not None


def test_there_are_a_dozen():
    assert len(FILES) >= 12
