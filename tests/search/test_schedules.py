r"""Schedules in continuous time: integrals of a rate, constraints at all times, and derivatives of both."""

from __future__ import annotations

import pytest

import derive

RATE = (r"b(t) > 0",)
DECAY = (r"b(t) > 0", r"a(t) = \exp\left(-\frac{1}{2} \int_0^t b(s) \,ds\right)")
CIRCLE = (r"a(t) > 0", r"s(t) > 0", r"a(t)^2 + s(t)^2 = 1")
FAMILY = (r"a_t > 0", r"s_t > 0", r"a_t^2 + s_t^2 = 1")
DRIFT = (*CIRCLE, r"\frac{d \log a(t)}{dt} = -\frac{1}{2} b(t)", r"b(t) > 0",
         r"g(t)^2 = \frac{d s(t)^2}{dt} - 2 \frac{d \log a(t)}{dt} s(t)^2")  # fmt: skip
TIMES = (r"0 < r < t < 1", r"a_t > 0", r"s_t > 0", r"k_{t|r} = a_t / a_r", r"s_{t|r}^2 = s_t^2 - k_{t|r}^2 s_r^2")
CASES = [
    (RATE, r"\frac{d}{dt} \int_0^t b(s) \,ds = b(t)", "proved"),
    (RATE, r"\frac{d}{dt} \int_0^t b(s) \,ds = 2 b(t)", "refuted"),
    (RATE, r"\frac{d}{dt} \int_t^1 b(s) \,ds = -b(t)", "proved"),
    (RATE, r"\frac{d}{dt} \int_t^1 b(s) \,ds = b(t)", "refuted"),
    (RATE, r"\frac{d}{dt} \int_0^t t b(s) \,ds = t b(t)", "not proved"),
    (DECAY, r"a'(t) = -\frac{1}{2} b(t) a(t)", "proved"),
    (DECAY, r"a'(t) = \frac{1}{2} b(t) a(t)", "refuted"),
    (DECAY, r"\frac{d \log a(t)}{dt} = -\frac{1}{2} b(t)", "proved"),
    (CIRCLE, r"s(t) s'(t) = -a(t) a'(t)", "proved"),
    (CIRCLE, r"s(t) s'(t) = a(t) a'(t)", "refuted"),
    (CIRCLE, r"a'(t) = 0", "refuted"),
    (CIRCLE, r"\frac{d s(t)^2}{dt} - 2 \frac{a'(t)}{a(t)} s(t)^2 = -2 \frac{a'(t)}{a(t)}", "proved"),
    (CIRCLE, r"\frac{d s(t)^2}{dt} - 2 \frac{a'(t)}{a(t)} s(t)^2 = -\frac{a'(t)}{a(t)}", "refuted"),
    (FAMILY, r"s_t \dot s_t = -a_t \dot a_t", "proved"),
    (DRIFT, r"g(t)^2 = b(t)", "proved"),
    (DRIFT, r"g(t)^2 = b(t)^2", "refuted"),
    ((*CIRCLE, r"t = \frac{1}{2}"), r"s(t) s'(t) = -a(t) a'(t)", "not proved"),  # said of one t
    ((r"a(t) > 0", r"a'(t) = 0"), r"\frac{d}{dt} a'(t) = 0", "not proved"),  # a slope may vanish at one t
    (TIMES, r"s_{t|r}^2 = s_t^2 \left(1 - \frac{a_t^2 / s_t^2}{a_r^2 / s_r^2}\right)", "proved"),
    (TIMES, r"s_{t|r}^2 = s_t^2 \left(1 - \frac{a_r^2 / s_r^2}{a_t^2 / s_t^2}\right)", "refuted"),
    ((r"x_{t-1} = \frac{1}{2} x_t", r"x_t \in \mathbb{R}^d"), r"x_{t-1} = x_t", "refuted"),
    ((r"x_{t-1} = \frac{1}{2} x_t", r"x_t \in \mathbb{R}^d"), r"x_t = 2 x_{t-1}", "proved"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "statement", "status"), CASES)
def test_rates_and_constraints(given: tuple[str, ...], statement: str, status: str) -> None:
    found = derive.check(statement, given=list(given)).status
    assert found != "proved" if status == "not proved" else found == status
