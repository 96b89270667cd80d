"""The page: which line carries which rule, what stays when it is narrow, what each detail shows."""

from dataclasses import replace

import pytest

from derive.render.layout import Page, Role, derivation_rows, holds, plain
from derive.render.lines import width_of
from derive.render.view import WorldsTried
from tests.render.sample import INDUCTION, MARKOV, POSTERIOR, SAMPLE

PIPED = Page()


def lines(view=SAMPLE, page=PIPED, detail="normal"):
    return [plain(row) for row in derivation_rows(view, page, detail)]


def test_every_line_carries_its_justification() -> None:
    page = lines()
    assert any(line.startswith("bayes ") and "= q(x_t | x_{t−1}, x_0)" in line for line in page)
    assert any(line.startswith("drop-given (backward) ") and line.endswith(MARKOV.text) for line in page)
    assert any(line.startswith("complete-square ") and line.endswith(POSTERIOR.text) for line in page)


def test_formulas_of_all_lines_start_in_one_column() -> None:
    columns = {line.index("= ") for line in lines() if line.startswith(("bayes", "drop-given", "complete-square"))}
    assert len(columns) == 1


def test_conditions_say_how_they_were_met_and_an_assumption_says_that_it_is_one() -> None:
    page = lines()
    assert "needs q(x_t | x_0) > 0: a Gaussian density" in [line.strip() for line in page]
    assert "needs β_t ≠ 0: assumed" in [line.strip() for line in page]


def test_what_stays_open_is_said_on_every_detail() -> None:
    for detail in ("brief", "normal", "full"):
        assert any(line.startswith("assumes") and "β_t ≠ 0" in line for line in lines(detail=detail))


def test_piped_lines_are_never_broken() -> None:
    assert sum(POSTERIOR.text in line for line in lines()) == 2


@pytest.mark.parametrize("width", [40, 50, 64, 80, 120, 200])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    page = lines(page=Page(width), detail="full")
    assert max(map(width_of, page)) <= width


def test_brief_is_formulas_and_rules_full_unfolds_the_parts() -> None:
    brief, normal, full = (lines(detail=detail) for detail in ("brief", "normal", "full"))
    assert not any("needs" in line for line in brief)
    assert any("Bayes turns it round." in line for line in normal) and not any("Bayes turns" in line for line in brief)
    assert any(line.strip().startswith("gaussian-density") for line in full)
    assert not any(line.strip().startswith("gaussian-density") for line in normal)


def test_lines_that_no_world_exercised_are_counted_and_named() -> None:
    summary = next(line for line in lines() if line.startswith("worlds"))
    assert "2 of 3 lines hold in 5 random worlds" in summary and "complete-square" in summary


def test_an_induction_shows_its_base_and_its_step_with_their_starts() -> None:
    page = [line.strip() for line in lines(INDUCTION)]
    assert "base: t = 0" in page and "m_0" in page
    assert "step: t − 1 to t" in page and "a m_{t−1}" in page


def test_a_goal_that_is_missed_is_shown() -> None:
    page = lines(INDUCTION)
    assert any("✗ not reached" in line for line in page) and any("m_t = a^{t+1}" in line for line in page)


def test_where_only_ascii_can_be_written_formulas_are_ascii() -> None:
    page = lines(page=Page(ascii=True))
    assert any("= q(x_t | x_{t-1}) q(x_{t-1} | x_0) / q(x_t | x_0)" in line for line in page)


def test_what_changed_has_a_role_of_its_own() -> None:
    rows = list(derivation_rows(SAMPLE, Page()))
    assert [text for row in rows for text, role in row if role is Role.CHANGED] == ["q(x_t | x_{t−1})"]


def test_a_line_that_a_world_refutes_is_said_so_wherever_one_looks() -> None:
    broken = replace(SAMPLE.steps[0], worlds=WorldsTried(2, ("finite",), refuted_by="at x = 0\nleft side: 1"))
    view = replace(SAMPLE, steps=(broken, *SAMPLE.steps[1:]))
    assert holds(SAMPLE) and not holds(view)
    for detail in ("brief", "normal", "full"):
        page = lines(view, detail=detail)
        assert any("does not hold in a world" in line for line in page) and any("left side: 1" in line for line in page)
        summary = next(line for line in page if line.startswith("worlds"))
        assert "1 of 3 lines hold" in summary and "refuted by a world: bayes" in summary
