"""Claims about whole chains, T symbolic: the bound of a diffusion model, its terms, and what a slip makes of them."""

from __future__ import annotations

import pytest

from derive.checking import _read_claim
from derive.deciding.statements import decide_statement
from derive.rulebook import load_rulebook

CHAINS = (
    r"q(x_{1:T} \mid x_0) = \prod_{t=1}^{T} q(x_t \mid x_{t-1})",
    r"p_\theta(x_{0:T}) = p(x_T) \prod_{t=1}^{T} p_\theta(x_{t-1} \mid x_t)",
    r"T \ge 2", r"q(x_{1:T} \mid x_0) > 0", r"p_\theta(x_{0:T}) > 0",
)  # fmt: skip
BOUND = r"\mathbb{E}_{q(x_{1:T} \mid x_0)}\left[\log \frac{q(x_{1:T} \mid x_0)}{p_\theta(x_{0:T})}\right]"
STEP = r"D_{KL}(q(x_{t-1} \mid x_t, x_0) \,\|\, p_\theta(x_{t-1} \mid x_t))"
SUM = rf"\sum_{{t=2}}^{{T}} \mathbb{{E}}_{{q(x_t \mid x_0)}}[{STEP}]"
PRIOR = r"D_{KL}(q(x_T \mid x_0) \,\|\, p(x_T))"
LAST = r"\mathbb{E}_{q(x_1 \mid x_0)}[\log p_\theta(x_0 \mid x_1)]"
RATIO = r"\log \frac{q(x_t \mid x_{t-1})}{p_\theta(x_{t-1} \mid x_t)}"
TURNED = r"\log \frac{q(x_{t-1} \mid x_t, x_0)}{p_\theta(x_{t-1} \mid x_t)}"

TRUE = [  # Ho et al. 2020, appendix A, line by line
    rf"-\log p_\theta(x_0) \le {BOUND}",
    rf"{BOUND} = {PRIOR} + {SUM} - {LAST}",
    rf"-\log p_\theta(x_0) \le {PRIOR} + {SUM} - {LAST}",
    rf"\sum_{{t=2}}^{{T}} {RATIO} = \sum_{{t=2}}^{{T}} {TURNED} + \log \frac{{q(x_T \mid x_0)}}{{q(x_1 \mid x_0)}}",
    rf"\mathbb{{E}}_{{q(x_{{1:T}} \mid x_0)}}\left[\sum_{{t=2}}^{{T}} {TURNED}\right] = {SUM}",
    r"p_\theta(x_0) = \int p_\theta(x_{0:T}) \,dx_{1:T}",
    rf"\mathbb{{E}}_{{q(x_{{1:T}} \mid x_0)}}[\log p_\theta(x_0 \mid x_1)] = {LAST}",
    r"\prod_{t=2}^{T} \frac{q(x_t \mid x_0)}{q(x_{t-1} \mid x_0)} = \frac{q(x_T \mid x_0)}{q(x_1 \mid x_0)}",
]
FALSE = [
    rf"-\log p_\theta(x_0) \ge {BOUND}",
    rf"{BOUND} = {PRIOR} + {SUM} + {LAST}",
    rf"\sum_{{t=2}}^{{T}} {RATIO} = \sum_{{t=2}}^{{T}} {TURNED} + \log \frac{{q(x_1 \mid x_0)}}{{q(x_T \mid x_0)}}",
]


def decided(text):
    """The verdict alone, without a search for what was meant."""
    claim, model = _read_claim(text, None, CHAINS)
    return decide_statement(claim.term, model, load_rulebook())


@pytest.mark.parametrize("claim", TRUE)
def test_what_the_paper_says_of_the_whole_chain_is_proved(claim):
    """By normal forms: logarithms split, densities in the order of the chain, sums that telescope."""
    assert decided(claim).status == "proved"


@pytest.mark.parametrize("claim", FALSE)
def test_a_slip_in_it_is_not_proved(claim):
    """A sign, a range, a quotient upside down."""
    assert decided(claim).status != "proved"


def test_the_last_law_of_a_chain_is_read_as_its_own():
    """p(x_T) in a claim is p_θ(x_T), as in the factorization, and the verdict says so."""
    assert any("p_θ(x_T)" in line for line in decided(TRUE[1]).read_as)
