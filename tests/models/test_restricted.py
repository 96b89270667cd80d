"""Bounds with a range behind them, `v_t < 1, t ≥ 2`: used within the range, and nowhere else."""

from __future__ import annotations

import json

import pytest

import derive
from derive import certificates
from derive.errors import DeriveError, ModelError
from derive.library import load_model, model_of
from derive.models import read_lines
from derive.rulebook import load_rulebook
from derive.terms import Chain, Restricted, from_json, to_json
from derive.trials import setting_of
from derive.worlds import holds, worlds

V = [r"v_t > 0", r"v_t < 1, \quad t \ge 2"]
W = [r"w_t \ge 0, \quad 2 \le t \le 5"]


@pytest.mark.parametrize(
    ("claim", "given"),
    [
        (r"v_2 < 1", []),
        (r"v_t < 1", [r"t \ge 2"]),
        (r"v_t < 1", [r"t \ge 4"]),
        (r"v_{t+1} < 1", [r"t \ge 1"]),
        (r"v_s < 1", [r"s > t", r"t \ge 1"]),
        (r"1 - v_{t-1} > 0", [r"t \ge 3"]),
        (r"v_t v_{t+1} < 1", [r"t \ge 2"]),
        (r"\sqrt{(1 - v_t)^2} = 1 - v_t", [r"t \ge 2"]),
    ],
)
def test_it_is_used_within_its_range(tmp_path, claim, given):
    assert derive.check(claim, model=written(tmp_path, V), given=given).status == "proved"


@pytest.mark.parametrize(
    ("claim", "given"),
    [
        (r"v_1 < 1", []),
        (r"v_t < 1", []),
        (r"v_t < 1", [r"t \ge 1"]),
        (r"v_{t-1} < 1", [r"t \ge 2"]),
        (r"v_s < 1", [r"s \ge t - 1", r"t \ge 2"]),
        (r"\sqrt{(1 - v_t)^2} = 1 - v_t", [r"t \ge 1"]),
        (r"\sum_{t=1}^{2} (1 - v_t) > 0", []),
        (r"v_t < 1", [r"v_2 < 1", r"t \ge 1"]),
    ],
)
def test_it_is_not_used_beyond(tmp_path, claim, given):
    assert derive.check(claim, model=written(tmp_path, V), given=given).status != "proved"


def test_outside_of_the_range_a_world_refutes_it(tmp_path):
    assert derive.check(r"v_1 < 1", model=written(tmp_path, V)).status == "refuted"


@pytest.mark.parametrize(("index", "status"), [(1, False), (2, True), (5, True), (6, False)])
def test_both_ends_count(tmp_path, index, status):
    verdict = derive.check(rf"\sqrt{{w_{index}^2}} = w_{index}", model=written(tmp_path, W))
    assert (verdict.status == "proved") is status


def test_worlds_keep_to_the_range():
    """From t = 2 on a step's variance has its bound; σ_1 is as free as if nothing were said."""
    within, beyond = read_lines([(r"\sigma_2^2 \le 1 - \bar\alpha_1", 1), (r"\sigma_1^2 \le 1 - \bar\alpha_0", 2)])[1]
    claim = Chain(within.statement, beyond.statement)
    met = [
        (holds(world, within.statement), holds(world, beyond.statement))
        for world in worlds(setting_of(load_model("ddim")), claim, count=12, kinds=("gaussian",))
    ]
    assert len(met) == 12 and all(inside for inside, _ in met)
    assert not all(outside for _, outside in met)


# ---- reading -------------------------------------------------------------------------------------------------------


def test_a_line_is_read_as_one_statement():
    _, (line,) = read_lines([(r"0 < v_t \le 1 \quad (2 \le t \le T)", 1)])
    assert isinstance(line.statement, Restricted)
    assert len(line.statement.links) == 2 and len(line.statement.ranges) == 2
    assert from_json(to_json(line.statement)) == line.statement


@pytest.mark.parametrize("text", [r"v > 0, w > 0", r"v > 0, t \ge 2", r"v_t = 1, t \ge 2", r"v_t < 1, v_t \ge 0",
                                  r"v_t < 1, t \ge \sqrt{2}"])  # fmt: skip
def test_any_other_line_of_several_statements_is_an_error_with_its_place(text):
    with pytest.raises(ModelError, match="several things") as caught:
        read_lines([(r"a > 0", 3), (text, 4)], "model.md")
    assert caught.value.line == 4
    with pytest.raises(ModelError):
        model_of([text])


def test_a_certificate_keeps_the_range():
    theorem = derive.load("ddim.marginal").theorem
    data = json.loads(json.dumps(certificates.certificate(theorem)))
    assert certificates.check(data, load_rulebook()).statement == theorem.statement
    text = json.dumps(data)
    narrower = text.replace('["GreaterEqual", ["Symbol", "t"], 2]', '["GreaterEqual", ["Symbol", "t"], 9]')
    assert narrower != text
    with pytest.raises(DeriveError):
        certificates.check(json.loads(narrower), load_rulebook())


def written(tmp_path, lines):
    path = tmp_path / "model.md"
    path.write_text("# A model\n\n```model\n" + "\n".join(lines) + "\n```\n", encoding="utf-8")
    return path
