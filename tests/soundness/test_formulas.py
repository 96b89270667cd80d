"""Roots and logarithms, sums, vectors and matrices, means, events: what is often written and false."""

from __future__ import annotations

import pytest

from derive.errors import ReadError
from tests.soundness.claims import status

SPACE = [rf"{name} \in \mathbb{{R}}^d" for name in "xyz"]
SQUARE = [rf"{name} \in \mathbb{{R}}^{{d \times d}}" for name in "ABC"]


def never(*claims, given=()):
    """Each claim, with the givens it is made under."""
    return [pytest.param(claim, [*given], id=claim) for claim in claims]


FALSE = [
    # a root of a square is an absolute value; logarithms and powers split for positive numbers only
    *never(
        r"\sqrt{(a - b)^2} = a - b", r"|a + b| = |a| + |b|", r"|a b + c| = |a| |b| + |c|", r"\sqrt{a^2 + b^2} = a + b",
        r"\frac{\sqrt{a^2}}{a} = 1", r"\sqrt{x^2 - 2 x + 1} = x - 1", r"\log a^2 = 2 \log a", r"(a^2)^{1/2} = a",
    ),
    *never(r"\sqrt{a b} = \sqrt{a} \sqrt{b}", r"\log(a b) = \log a + \log b", given=[r"a < 0", r"b < 0"]),
    *never(r"\log(a + b) = \log a + \log b", r"\sqrt{a + b} = \sqrt{a} + \sqrt{b}", given=[r"a > 0", r"b > 0"]),
    # sums and products over ranges that may be empty, whose index is bound, whose factors do not part
    *never(
        r"\sum_{t=3}^{T} 1 = T - 2", r"\sum_{k=2}^{0} 1 = -1", r"\sum_{k=3}^{1} a_k = -a_2",
        r"\sum_{k=2}^{n} a_k = a_2 + \sum_{k=3}^{n} a_k", r"\sum_{t=1}^{T} (a_t - a_{t-1}) = a_T",
        r"\sum_{t=1}^{T} a_t b_t = \sum_{t=1}^{T} a_t \sum_{t=1}^{T} b_t",
        r"\left(\sum_{i=1}^{n} a_i\right)^2 = \sum_{i=1}^{n} a_i^2",
        r"\sum_{i=1}^{n} \sum_{j=1}^{i} b_j = \sum_{j=1}^{n} \sum_{i=1}^{n} b_j",
    ),
    *never(r"\bar\alpha_t = \prod_{s=1}^{t-1} \alpha_s",
        r"\bar\alpha_0 = 0", given=[r"\bar\alpha_t = \prod_{s=1}^{t} \alpha_s"]),
    # vectors and matrices in the order they stand in
    *never(
        r"(x^\top y) z = (x^\top z) y", r"\|x\|^2 \|y\|^2 = (x^\top y)^2", r"\|x - y\|^2 = \|x\|^2 - \|y\|^2",
        r"\|x\| \|y\| = x^\top y", r"\|x + y\|^2 \le \|x\|^2 + \|y\|^2", given=SPACE,
    ),
    *never(
        r"A B = B A", r"(A B)^\top = A^\top B^\top", r"(A + B)^{-1} = A^{-1} + B^{-1}",
        r"\det(A + B) = \det A + \det B",
        r"\operatorname{tr}(A B) = \operatorname{tr} A \operatorname{tr} B",
        r"\operatorname{tr}(A B C) = \operatorname{tr}(A C B)",
        r"\det(2 A) = 2 \det A", r"\det(-A) = \det A", r"(A + B)^2 = A^2 + 2 A B + B^2", r"A A^\top = A^\top A",
        given=SQUARE,
    ),
    *never(r"x^\top A y = y^\top A x", r"\|A x\| = \|x\|", r"x^\top A x > 0", given=[*SPACE, *SQUARE]),
    # expectations, divergences, entropies
    *never(
        r"\mathbb{E}[x^2] = \mathbb{E}[x]^2", r"\mathbb{E}[x y] = \mathbb{E}[x]\, \mathbb{E}[y]",
        r"\mathrm{Var}[2 x] = 2 \mathrm{Var}[x]",
        r"\mathbb{E}[|x|] = |\mathbb{E}[x]|", r"\mathbb{E}_{q(x \mid y)}[f(y)] = \mathbb{E}_{q(y)}[f(y)]",
        r"\mathbb{E}_{q(x)}[f(x, y)] = \mathbb{E}_{q(x, y)}[f(x, y)]",
        r"D_{KL}(q(x \mid y) \,\|\, p(x)) = D_{KL}(q(x) \,\|\, p(x))", r"D_{KL}(q(x) \,\|\, p(x)) > 0",
        r"D_{KL}(q(x, y) \,\|\, p(x, y)) = D_{KL}(q(x) \,\|\, p(x)) + D_{KL}(q(y) \,\|\, p(y))",
        r"H(q(x, y)) = H(q(x)) + H(q(y))", r"H(q(x)) = -\mathbb{E}_{p(x)}[\log q(x)]", r"H(q(x, y)) \ge H(q(x))",
        r"\mathbb{E}_{q(y)}[\mathrm{Var}_{q(x \mid y)}[x]] = \mathrm{Var}_{q(x)}[x]",
        r"\log p(x) = \mathbb{E}_{q(z \mid x)}\left[\log \frac{p(x, z)}{q(z \mid x)}\right]",
        r"\log p(x) \le \mathbb{E}_{q(z \mid x)}\left[\log \frac{p(x, z)}{q(z \mid x)}\right]",
        r"\nabla_\theta \mathbb{E}_{q_\theta(x)}[f(x)] = \mathbb{E}_{q_\theta(x)}[\nabla_\theta f(x)]",
        r"\mathbb{E}_{q(x)}[x^4] = 3 \mathbb{E}_{q(x)}[x^2]^2",
    ),
    # proportionalities keep what depends on their variable
    *never(
        r"p(x \mid y) \propto p(y)", r"p(x \mid y) \propto p(x)", r"e^{a x} \propto_{x} e^{x}",
        r"\int p(x, y) \,dy \propto_{x} \int p(y \mid x) \,dy", r"\log p(x \mid y) \propto_{x} \log p(x, y)",
    ),
    # events
    *never(
        r"P(A \cup B) = P(A) + P(B)", r"P(A \mid B) = P(B \mid A)", r"P(A \mid B) + P(A \mid B^c) = 1",
        r"P(A \mid B) \ge P(A)",
        r"P(A \cap B \mid C) = P(A \mid C)\, P(B \mid C)",
    ),
    *never(r"P(A \cap B \mid C) = P(A \mid C)\, P(B \mid C)", given=[r"A \perp B"]),
    *never(r"P(A \cap B) = P(A)\, P(B)", given=[r"A \perp B \mid C"]),
    # conventions: the base of a logarithm, a deviation for a variance, two products of one name
    *never(
        r"\log_2 x = \log x", r"\mathcal{N}(x; \mu, \sigma) = \mathcal{N}(x; \mu, \sigma^2)",
        r"\mathcal{N}(x; \mu, \sigma) = \frac{1}{\sqrt{2 \pi}\, \sigma} e^{-\frac{(x - \mu)^2}{2 \sigma^2}}",
    ),
    *never(r"\alpha_t = 1 - \beta_t", given=[r"\alpha_t = \prod_{s=1}^{t} (1 - \beta_s)"]),
    # nothing over zero
    *never(r"\frac{0}{0} = 1", r"\frac{x}{0} = 1", r"\log 0 = 1"),
]  # fmt: skip


@pytest.mark.parametrize(("claim", "given"), FALSE)
def test_what_is_false_is_not_proved(claim, given):
    """The trap is in each formula; what a textbook warns of and a tired hand writes."""
    try:
        found = status(claim, *given)
    except ReadError:
        found = "refused"  # over zero, or in no variable that is named
    assert found != "proved"


TRUE = [
    *never(r"\sqrt{(a - b)^2} = |a - b|", r"\log a^2 = 2 \log |a|", r"\sqrt{x^2 - 2 x + 1} = |x - 1|"),
    *never(r"\log(a b) = \log a + \log b", given=[r"a > 0", r"b > 0"]),
    *never(r"\sum_{t=1}^{T} (a_t - a_{t-1}) = a_T - a_0",
        r"\sum_{t=1}^{T} a_t = a_1 + \sum_{t=2}^{T} a_t", given=[r"T \ge 1"]),
    *never(r"\sum_{t=1}^{0} a_t = 0", r"\prod_{t=1}^{0} a_t = 1"),
    *never(r"\operatorname{tr}(A B C) = \operatorname{tr}(B C A)", r"(A + B)^2 = A^2 + A B + B A + B^2", given=SQUARE),
    *never(r"\|x - y\|^2 = \|x\|^2 - 2 x^\top y + \|y\|^2", given=SPACE),
    *never(
        r"\mathbb{E}_{q(x \mid y)}[f(y)] = f(y)", r"D_{KL}(q(x) \,\|\, p(x)) \ge 0",
        r"H(q(x, y)) \le H(q(x)) + H(q(y))",
        r"D_{KL}(q(x, y) \,\|\, p(x, y)) = D_{KL}(q(x) \,\|\, p(x))"
        r" + \mathbb{E}_{q(x)}[D_{KL}(q(y \mid x) \,\|\, p(y \mid x))]",
        r"\mathbb{E}_{q(y)}[\mathrm{Var}_{q(x \mid y)}[x]] + \mathrm{Var}_{q(y)}[\mathbb{E}_{q(x \mid y)}[x]]"
        r" = \mathrm{Var}_{q(x)}[x]",
        r"\log p(x) \ge \mathbb{E}_{q(z \mid x)}\left[\log \frac{p(x, z)}{q(z \mid x)}\right]",
    ),
    *never(r"\mathbb{E}_{q(x)}[x^4] = 3", given=[r"q(x) = \mathcal{N}(x; 0, 1)"]),
    *never(r"P(A \cap B \mid C) = P(A \mid C)\, P(B \mid C)", given=[r"A \perp B \mid C"]),
]  # fmt: skip


@pytest.mark.parametrize(("claim", "given"), TRUE)
def test_what_is_true_is_not_refuted(claim, given):
    """The true neighbour of each trap."""
    assert status(claim, *given) != "refuted"
