"""Formulas on a terminal as they stand on paper: what stands over what, where lines break, and that no cell is lost."""

from __future__ import annotations

import os
import pty
import re
import struct
import subprocess
import sys
import threading

import pytest

import derive
from derive.cli import main
from derive.render.boxes import Glyph, Kind, Row
from derive.render.lines import width_of
from derive.render.setting import boxes_of
from derive.render.tall import Block, block, tall_lines


def rows(found: Block) -> list[str]:
    return ["".join(text for text, _ in row).rstrip() for row in found.rows]


def shown(latex: str) -> list[str]:
    return rows(block(boxes_of(derive.read(latex))))


def test_a_fraction_stands_over_its_line() -> None:
    assert shown(r"\frac{a + b}{c}") == ["a + b", "─────", "  c"]


def test_what_stands_beside_a_fraction_stands_on_its_line() -> None:
    assert shown(r"x + \frac{1}{y}") == ["    1", "x + ─", "    y"]


def test_a_sum_carries_its_limits() -> None:
    assert shown(r"\sum_{k=1}^{n} a_k") == [" n", " ∑  aₖ", "k=1"]


def test_brackets_grow_and_stay_small() -> None:
    assert shown(r"\log(a b)") == ["log(a b)"]
    assert shown(r"f\left(\frac{a}{b}\right)") == [" ⎛a⎞", "f⎜─⎟", " ⎝b⎠"]


def test_a_root_is_drawn_over_what_it_covers() -> None:
    assert shown(r"\sqrt{x}") == ["√x"]
    assert shown(r"\sqrt{1 - x}") == [" _____", "√1 − x"]


def test_indices_are_letters_of_unicode_where_there_are_any() -> None:
    assert shown(r"x_{t-1}") == ["xₜ₋₁"] and shown(r"p_\theta(x)") == ["p_θ(x)"]
    assert shown(r"q(x_{1:T} \mid x_0)") == ["q(x_{1:T} | x₀)"]


def test_every_row_of_a_block_is_as_wide_as_the_block() -> None:
    for name in ("ddpm.posterior", "ddpm.loss", "elbo.vae"):
        for line in derive.load(name).lines:
            found = block(boxes_of(line.after))
            widths = {sum(width_of(text) for text, _ in row) for row in found.rows}
            assert widths == {found.width}


@pytest.mark.parametrize("width", [50, 70, 100])
def test_lines_keep_to_the_width_and_lose_nothing(width: int) -> None:
    """The letters of all lines together are those of the formula on one line of any length."""

    def letters(text: str) -> str:
        return "".join(sorted(re.sub(r"[\s()\[\]⎛⎜⎝⎞⎟⎠⎡⎢⎣⎤⎥⎦|‖_─]", "", text)))

    broken = 0
    for line in derive.load("ddpm.loss").lines:
        row = boxes_of(line.after)
        found = tall_lines(row, width)
        if found is None:
            continue
        assert all(part.width <= width for part in found)
        assert letters("".join("".join(rows(part)) for part in found)) == letters("".join(rows(block(row))))
        broken += len(found) > 1
    assert broken > 3 or width == 100


def test_a_minus_at_the_start_of_a_line_is_kept_apart_from_what_follows() -> None:
    terms = " - ".join(rf"\frac{{a_{{{n}}}}}{{b}}" for n in range(12))
    found = tall_lines(boxes_of(derive.read(terms)), 30)
    assert found is not None and len(found) > 1
    assert all(rows(part)[part.base].startswith("− ") for part in found[1:])


def test_what_is_new_stays_marked() -> None:
    found = block(Row((Glyph(Kind.NAME, "a"), Glyph(Kind.SIGN, "+"), Glyph(Kind.NAME, "b", changed=True))))
    assert [text for row in found.rows for text, new in row if new] == ["b"]


def test_a_formula_of_one_row_is_left_to_the_line() -> None:
    assert tall_lines(boxes_of(derive.read("a + b")), 80) is None


# ---- on a terminal ------------------------------------------------------------------------------------------------


def on_terminal(*words: str, columns: int = 100, lines: int = 40, **environment: str) -> tuple[str, int]:
    """What a terminal of this size gets to see, and the exit status."""
    ours, theirs = pty.openpty()
    import fcntl
    import termios

    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
    inherited = {
        key: value for key, value in os.environ.items() if key not in ("PAGER", "NO_COLOR", "COLUMNS", "LINES")
    }
    chosen = {**inherited, "TERM": "xterm-256color", "PYTHONIOENCODING": "utf-8", "PAGER": "cat", **environment}
    process = subprocess.Popen(
        [sys.executable, "-m", "derive", *words], stdout=theirs, stderr=theirs, stdin=theirs, env=chosen
    )
    os.close(theirs)
    seen: list[bytes] = []

    def read() -> None:
        while True:
            try:
                data = os.read(ours, 65536)
            except OSError:
                return
            if not data:
                return
            seen.append(data)

    reader = threading.Thread(target=read)
    reader.start()
    status = process.wait(timeout=60)
    reader.join(timeout=10)
    os.close(ours)
    return b"".join(seen).decode("utf-8").replace("\r\n", "\n"), status


@pytest.mark.parametrize("columns", [40, 80, 120])
def test_show_keeps_to_the_width_of_the_terminal(columns: int) -> None:
    text, status = on_terminal("show", "ddpm.posterior", columns=columns, NO_COLOR="1")
    assert status == 0 and "─────" in text
    wide = [line for line in text.split("\n") if width_of(line) > columns]
    assert not wide, wide


def test_flat_is_flat_and_colour_is_only_where_it_is_wanted() -> None:
    flat, _ = on_terminal("show", "foundations.bayes", "--flat")
    assert "─────" not in flat and "\x1b[" in flat
    assert "\x1b[" not in on_terminal("show", "foundations.bayes", NO_COLOR="1")[0]


def test_what_is_longer_than_the_screen_is_paged_and_nothing_else() -> None:
    pager = f"{sys.executable} -c \"import sys; print('PAGED', len(sys.stdin.read()) > 0)\""
    assert "PAGED True" in on_terminal("show", "foundations.bayes", lines=5, PAGER=pager)[0]
    assert "PAGED" not in on_terminal("show", "foundations.bayes", lines=200, PAGER=pager)[0]
    text, status = on_terminal("show", "foundations.bayes", lines=5, PAGER="no-such-pager-anywhere")
    assert "foundations.bayes" in text and status == 0


def test_a_pipe_is_neither_paged_nor_tall(capsys) -> None:
    assert main(["show", "foundations.bayes"]) == 0
    assert "─────" not in capsys.readouterr().out


# ---- in Chinese ---------------------------------------------------------------------------------------------------


def test_rules_and_words_are_said_in_chinese_beside_english(capsys) -> None:
    assert main(["show", "ddpm.posterior", "--lang", "zh"]) == 0
    text = capsys.readouterr().out
    assert "bayes 贝叶斯公式" in text and "后验等于似然乘先验再除以证据" in text and "结果" in text
    assert "Where did" in text, "English stays"
    assert main(["rules", "bayes", "--lang", "zh", "--worlds", "1"]) == 0
    assert "贝叶斯公式" in capsys.readouterr().out
    assert main(["list", "--lang", "zh"]) == 0
    assert "推导" in capsys.readouterr().out


def test_english_has_no_chinese(capsys) -> None:
    assert main(["show", "ddpm.posterior"]) == 0
    assert not re.search(r"[\u4e00-\u9fff]", capsys.readouterr().out)


def test_a_title_of_ones_own_in_chinese(tmp_path, capsys) -> None:
    path = tmp_path / "own.md"
    path.write_text(
        "# Own\n\n## it\n\nWhat it is.\n\n- zh: 对数：积的对数是对数的和。\n\n"
        "```derive\ngiven a > 0\ngiven b > 0\nstart \\log(a b)\nby log-product\n```\n",
        encoding="utf-8",
    )
    assert main(["show", str(path), "--lang", "zh"]) == 0
    text = capsys.readouterr().out
    assert "对数\n" in text and "积的对数是对数的和。" in text and "zh:" not in text
    assert main(["show", str(path)]) == 0
    assert "zh" not in capsys.readouterr().out
