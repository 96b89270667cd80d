r"""Laws that move by an equation that is given: the continuity equation, and that of Fokker and Planck."""

from __future__ import annotations

import pytest

import derive

CARRIED = (r"x \in \mathbb{R}^d", r"p_t(x) > 0", r"u_t(x) \in \mathbb{R}^d",
           r"\frac{\partial}{\partial t} p_t(x) + \nabla \cdot (p_t(x) u_t(x)) = 0")  # fmt: skip
SPREAD = (
    r"x \in \mathbb{R}^d", r"p_t(x) > 0", r"f(x, t) \in \mathbb{R}^d", r"g(t) > 0",
    r"\frac{\partial p_t(x)}{\partial t} = -\nabla \cdot (f(x, t) p_t(x)) + \frac{1}{2} g(t)^2 \Delta p_t(x)",
)  # fmt: skip
RATE = r"\frac{\partial}{\partial t} \log p_t(x) = "
FLOW = r"\frac{\partial p_t(x)}{\partial t} = -\nabla \cdot (p_t(x) v(x, t))"
VELOCITY = r"v(x, t) = f(x, t) - \frac{1}{2} g(t)^2 \nabla \log p_t(x)"
CASES = [
    (CARRIED, RATE + r"-\nabla \cdot u_t(x) - u_t(x) \cdot \nabla \log p_t(x)", "proved"),
    (CARRIED, RATE + r"-\nabla \cdot u_t(x) + u_t(x) \cdot \nabla \log p_t(x)", "refuted"),
    (CARRIED, RATE + r"-\nabla \cdot u_t(x)", "refuted"),
    ((*SPREAD, VELOCITY), FLOW, "proved"),
    ((*SPREAD, VELOCITY.replace("- ", "+ ")), FLOW, "refuted"),
    ((*SPREAD, VELOCITY.replace(r"\frac{1}{2} ", "")), FLOW, "refuted"),
    ((*CARRIED[:2], r"\frac{\partial}{\partial t} p_t(x) = p_t(x)"), RATE + "1", "not proved"),  # none has more mass
]  # fmt: skip


@pytest.mark.parametrize(("given", "statement", "status"), CASES)
def test_what_moves_a_law(given: tuple[str, ...], statement: str, status: str) -> None:
    found = derive.check(statement, given=list(given)).status
    assert found != "proved" if status == "not proved" else found == status
