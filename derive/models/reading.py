"""The lines of a model, read from their text: one statement each, or a bound with the ranges of its index."""

from __future__ import annotations

import os
from collections.abc import Sequence

from derive.errors import ModelError
from derive.latex import Declarations, read_model_lines
from derive.models.model import Line


def read_lines(
    rows: Sequence[tuple[str, int]], file: str | os.PathLike[str] | None = None
) -> tuple[Declarations, list[Line]]:
    """What lines of (text, line number) declare, and each as a line of a model, all read together.

    Raises `ModelError` where a line states several things.
    """
    name = None if file is None else str(file)
    declarations, readings = read_model_lines(rows, file=name, assumed=len(rows))
    if len(readings) != len(rows):
        for text, number in rows:
            if len(read_model_lines([(text, number)], assumed=1)[1]) != 1:
                raise ModelError("this line states several things", file=name, line=number, source=text,
                                 expected="one statement a line; behind a bound, the range of its index")  # fmt: skip
    return declarations, [Line(found.term, text, line) for found, (text, line) in zip(readings, rows, strict=True)]
