"""Divergences: the product rule, Laplacians, the drift of the probability flow."""

from __future__ import annotations

import pytest

import derive

FIELD = (r"x \in \mathbb{R}^d", r"u(x) \in \mathbb{R}^d", r"p(x) > 0", r"g \in \mathbb{R}")
CASES = [
    (r"\nabla \cdot (p(x) u(x)) = \nabla p(x) \cdot u(x) + p(x) \nabla \cdot u(x)", "proved"),
    (r"\nabla \cdot (p(x) u(x)) = \nabla p(x) \cdot u(x) - p(x) \nabla \cdot u(x)", "refuted"),
    (r"\nabla \cdot (p(x) u(x)) = p(x) \left(\nabla \log p(x) \cdot u(x) + \nabla \cdot u(x)\right)", "proved"),
    (r"\nabla \cdot (p(x) \nabla \log p(x)) = \Delta p(x)", "proved"),
    (r"\nabla \cdot (p(x) \nabla \log p(x)) = 2 \Delta p(x)", "refuted"),
    (r"\Delta p(x) = p(x) \left(\Delta \log p(x) + \|\nabla \log p(x)\|^2\right)", "proved"),
    (r"-\nabla \cdot (u(x) p(x)) + \frac{g^2}{2} \Delta p(x)"
     r" = -\nabla \cdot \left( \left(u(x) - \frac{g^2}{2} \nabla \log p(x)\right) p(x) \right)", "proved"),
    (r"-\nabla \cdot (u(x) p(x)) + \frac{g^2}{2} \Delta p(x)"
     r" = -\nabla \cdot \left( \left(u(x) - g^2 \nabla \log p(x)\right) p(x) \right)", "refuted"),
    (r"\nabla \cdot (3 x - u(x)) = 3 d - \nabla \cdot u(x)", "proved"),
    (r"\nabla \cdot (3 x - u(x)) = 3 - \nabla \cdot u(x)", "not proved"),
]  # fmt: skip


@pytest.mark.parametrize(("statement", "status"), CASES)
def test_what_holds_is_proved_and_a_slip_refuted(statement, status):
    found = derive.check(statement, given=list(FIELD), timeout=6).status
    assert found != "proved" if status == "not proved" else found == status
