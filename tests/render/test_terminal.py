"""Colours: readable on black and on white, formulas never read as markup, the text the same as without them."""

import io
import re

import pytest
from rich.color import Color
from rich.console import Console
from rich.style import Style

from derive.render.layout import Page, Role, derivation_rows, plain
from derive.render.terminal import STYLES, print_rows
from tests.render.sample import SAMPLE


def luminance(color: Color) -> float:
    """Relative luminance, WCAG 2.1."""
    parts = [value / 255 for value in color.get_truecolor()]
    linear = [v / 12.92 if v <= 0.03928 else ((v + 0.055) / 1.055) ** 2.4 for v in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("role", list(Role))
def test_every_colour_stands_out_from_black_and_from_white(role: Role) -> None:
    color = Style.parse(STYLES[role] or "none").color
    if color is None:
        return
    value = luminance(color)
    assert (value + 0.05) / 0.05 >= 3 and 1.05 / (value + 0.05) >= 3


def test_without_its_colours_the_page_is_the_plain_page() -> None:
    rows = list(derivation_rows(SAMPLE, Page(100)))
    stream = io.StringIO()
    print_rows(rows, Console(file=stream, force_terminal=True, color_system="256", width=100))
    assert "\x1b[" in stream.getvalue()
    bare = re.sub(r"\x1b\[[0-9;]*m", "", stream.getvalue())
    assert [line.rstrip() for line in bare.splitlines()] == [plain(row) for row in rows]


def test_brackets_are_not_read_as_markup() -> None:
    stream = io.StringIO()
    print_rows([(("E_q[log p(x)] [bold]", Role.FORMULA),)], Console(file=stream, width=80))
    assert stream.getvalue() == "E_q[log p(x)] [bold]\n"
