r"""Functions whose names say what they are: used as such, unless the text says otherwise."""

from __future__ import annotations

import pytest

import derive

SHARED = (r"\sigma_t^2 = \mathrm{sigmoid}(g(t))", r"\alpha_t^2 + \sigma_t^2 = 1", r"g(t) \in \mathbb{R}")
CASES = [
    ((r"x \in \mathbb{R}",), r"\mathrm{sigmoid}(-x) = 1 - \mathrm{sigmoid}(x)", "proved"),
    ((r"x \in \mathbb{R}",), r"\mathrm{sigmoid}(-x) = \mathrm{sigmoid}(x)", "refuted"),
    ((r"x \in \mathbb{R}",), r"\frac{d}{dx} \mathrm{softplus}(x) = \mathrm{sigmoid}(x)", "proved"),
    (SHARED, r"\alpha_t^2 = \mathrm{sigmoid}(-g(t))", "proved"),
    (SHARED, r"\alpha_t^2 = \mathrm{sigmoid}(g(t))", "refuted"),
    (SHARED, r"\frac{\alpha_t^2}{\sigma_t^2} = e^{-g(t)}", "proved"),
    ((r"\mathrm{sigmoid}(x) = \frac{1}{1 + e^{x}}",), r"\mathrm{sigmoid}(x) = \frac{1}{1 + e^{-x}}", "not proved"),
    ((r"\log a_t = -t", r"t > 0"), r"a_t = e^{-t}", "proved"),
    ((r"\log a_t = -t", r"t > 0"), r"a_t = e^{t}", "refuted"),
]


@pytest.mark.parametrize(("given", "statement", "status"), CASES)
def test_a_name_means_what_it_usually_does(given: tuple[str, ...], statement: str, status: str) -> None:
    found = derive.check(statement, given=list(given)).status
    assert found != "proved" if status == "not proved" else found == status
