"""A page in Chinese beside English: every fixed word has its Chinese, every derivation and rule its title."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from derive.cli import main
from derive.cli.contents import derivations, models, rules
from derive.library import Session, all_names, run_in
from derive.render.chinese import chinese_name, formula_in_chinese, in_chinese
from derive.render.derivations import view_of
from derive.render.view import DerivationView, StepView
from derive.rulebook import load_rulebook

CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def views() -> list[DerivationView]:
    session = Session(load_rulebook())
    return [view_of(run_in(session, name), whole=False) for name in all_names()]


def steps_of(steps: tuple[StepView, ...]) -> Iterator[StepView]:
    for step in steps:
        yield step
        yield from steps_of(step.parts)


def test_whatever_has_a_name_has_one_in_chinese() -> None:
    assert [entry.name for entry in (*derivations(), *models(), *rules()) if not CHINESE.search(entry.zh)] == []
    assert all(CHINESE.search(topic.zh) for topic in load_rulebook().topics)


def test_every_derivation_has_a_title(views) -> None:
    titles = [view.title for view in views]
    assert all(titles) and len(set(titles)) == len(titles)


def test_how_conditions_were_met_and_what_lines_are_called_is_said_in_chinese(views) -> None:
    names = {entry.name for entry in derivations()}
    for view in views:
        for step in steps_of(view.steps):
            assert (step.grounds is not None and step.grounds.zh) or chinese_name(step.by), step.by
            for condition in step.conditions:
                said = in_chinese(condition.how)
                assert CHINESE.search(said) or said in names, condition.how
        for name in view.rests_on:
            assert CHINESE.search(in_chinese(name)) or name in names or re.fullmatch(r"[a-z0-9-]+", name), name


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("E[x] exists", "E[x] 存在"), ("E[x] exists for every t", "E[x] 对每个 t 存在"),
        ("x ⊥ y under q", "x ⊥ y 关于 q"),
        ("Lebesgue measure on x", "x 上的勒贝格测度"), ("p(x) > 0", "p(x) > 0"),
    ],
)
def test_the_words_of_a_condition(text: str, said: str) -> None:
    assert formula_in_chinese(text) == said


def test_a_page_in_chinese_keeps_the_english_prose_and_no_english_label(capsys) -> None:
    assert main(["show", "ddpm.marginal", "--lang", "zh"]) == 0
    page = capsys.readouterr().out
    assert "边缘分布" in page and "Many steps at once" in page
    labels = ("needs ", "result", "goal", "reached", "rests on", "worlds", "base", "step, given", "assumed", " exists")
    assert not any(line.strip().startswith(labels) for line in page.splitlines())
