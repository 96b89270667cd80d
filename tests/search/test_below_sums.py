"""What is given of every member of a family is known of each term of a sum or product; products by their ranges."""

from __future__ import annotations

import pytest

import derive

SCHEDULE = (r"0 < b_t < 1", r"a_t = 1 - b_t", r"c_t = \prod_{i=1}^{t} a_i", r"t \ge 1")
TWO_TIMES = (*SCHEDULE, r"1 \le s < t")
NOISE = (r"0 < b_t < 1", r"n_t = 1 - \prod_{r=1}^{t} (1 - b_r)", r"t \ge 2")
CASES = [
    (TWO_TIMES, r"\frac{c_t}{c_s} = \prod_{r=s+1}^{t} a_r", "proved"),
    (TWO_TIMES, r"\frac{c_t}{c_s} = \prod_{r=s}^{t} a_r", "refuted"),
    (SCHEDULE, r"c_t = \exp\left(\sum_{r=1}^{t} \log(1 - b_r)\right)", "proved"),
    (SCHEDULE, r"c_t = \exp\left(\sum_{r=1}^{t} \log b_r\right)", "refuted"),
    (SCHEDULE, r"\sqrt{c_t} = \prod_{r=1}^{t} \sqrt{1 - b_r}", "proved"),
    (TWO_TIMES, r"\log c_t - \log c_s = \sum_{r=s+1}^{t} \log a_r", "proved"),
    (NOISE, r"n_t = n_{t-1} + b_t (1 - n_{t-1})", "proved"),
    (NOISE, r"n_t = n_{t-1} + b_t", "refuted"),
    ((r"a_t > 0", r"t \ge 1"), r"\sum_{k=1}^{t} \sqrt{a_k^2} = \sum_{k=1}^{t} a_k", "proved"),
    ((r"a_t \in \mathbb{R}", r"t \ge 1"), r"\sum_{k=1}^{t} \sqrt{a_k^2} = \sum_{k=1}^{t} a_k", "refuted"),
    ((r"a_1 > 0", r"a_t \in \mathbb{R}", r"t \ge 1"), r"\prod_{k=1}^{t} \sqrt{a_k^2} = \prod_{k=1}^{t} a_k", "refuted"),
    ((r"b_t > 1", r"t \ge 1"), r"\prod_{k=1}^{t} (1 - b_k) = \prod_{k=1}^{t} (b_k - 1)", "refuted"),
    ((r"b_t > 1", r"t \ge 1"), r"\prod_{k=1}^{t} (1 - b_k)^2 = \left(\prod_{k=1}^{t} (b_k - 1)\right)^2", "proved"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "statement", "status"), CASES)
def test_each_term_is_what_every_member_is(given: tuple[str, ...], statement: str, status: str) -> None:
    assert derive.check(statement, given=list(given)).status == status
