# ruff: noqa: E501  (a formula is not broken where it does not end)
"""Statements as textbooks and papers print them, by topic, true and false; each with what is given."""

from __future__ import annotations

from typing import NamedTuple


class Claim(NamedTuple):
    """A statement, what is given, and whether it follows."""

    topic: str
    statement: str
    given: tuple[str, ...]
    holds: bool


def _claims(topic: str, given: tuple[str, ...], *rows: tuple[bool, str]) -> list[Claim]:
    return [Claim(topic, statement, given, holds) for holds, statement in rows]


CHAIN = (
    r"x_t \in \mathbb{R}^d",
    r"0 < \beta_t < 1",
    r"\alpha_t = 1 - \beta_t",
    r"\bar\alpha_t = \prod_{s=1}^{t} \alpha_s",
    r"q(x_{1:T} \mid x_0) = \prod_{t=1}^{T} q(x_t \mid x_{t-1})",
    r"q(x_t \mid x_{t-1}) = \mathcal{N}(x_t; \sqrt{1 - \beta_t}\, x_{t-1}, \beta_t I)",
    r"t \ge 2",
)
MARGINAL = (
    r"x_t \in \mathbb{R}^d",
    r"0 < \bar\alpha_t < 1",
    r"q(x_t \mid x_0) = \mathcal{N}(x_t; \sqrt{\bar\alpha_t}\, x_0, (1 - \bar\alpha_t) I)",
    r"t \ge 1",
)
NOISED = (
    r"x_t \in \mathbb{R}^d",
    r"\epsilon \in \mathbb{R}^d",
    r"0 < \bar\alpha_t < 1",
    r"x_t = \sqrt{\bar\alpha_t}\, x_0 + \sqrt{1 - \bar\alpha_t}\, \epsilon",
    r"t \ge 1",
)
LATENT = (r"q_\phi(z \mid x) > 0", r"p_\theta(x, z) > 0")
REVERSE = (
    r"q(x_{1:T} \mid x_0) = \prod_{t=1}^{T} q(x_t \mid x_{t-1})",
    r"p_\theta(x_{0:T}) = p_\theta(x_T) \prod_{t=1}^{T} p_\theta(x_{t-1} \mid x_t)",
    r"q(x_{1:T} \mid x_0) > 0",
    r"p_\theta(x_{0:T}) > 0",
    r"T \ge 2",
)
LINE = (r"x \in \mathbb{R}", r"\mu \in \mathbb{R}", r"\sigma > 0")
LAWS = (r"p(x, y, z) > 0",)

CLAIMS: list[Claim] = [
    # ---- events -------------------------------------------------------------------------------------------------
    *_claims(
        "events", (r"P(A) > 0", r"P(B) > 0", r"P(B^c) > 0", r"P(A \cap B) > 0", r"P(A \cap B^c) > 0"),
        (True, r"P(A \mid B) = \frac{P(B \mid A) P(A)}{P(B)}"),
        (True, r"P(A \cup B) = P(A) + P(B) - P(A \cap B)"),
        (True, r"P(A) = P(A \mid B) P(B) + P(A \mid B^c) P(B^c)"),
        (True, r"P(B \mid A) = \frac{P(A \mid B) P(B)}{P(A \mid B) P(B) + P(A \mid B^c) P(B^c)}"),
        (True, r"P(A^c \mid B) = 1 - P(A \mid B)"),
        (True, r"P(A \cap B^c) = P(A) - P(A \cap B)"),
        (True, r"P(A \cap B) \le P(A)"),
        (True, r"P(A \cup B) \le P(A) + P(B)"),
        (True, r"P(A \cap B) = P(A \mid B) P(B)"),
        (False, r"P(A \cup B) = P(A) + P(B)"),
        (False, r"P(A \mid B) = P(B \mid A)"),
        (False, r"P(A \mid B^c) = 1 - P(A \mid B)"),
        (False, r"P(A \cap B) = P(A) P(B)"),
    ),
    # ---- densities ----------------------------------------------------------------------------------------------
    *_claims(
        "basic-probability", LAWS,
        (True, r"p(x, y, z) = p(x \mid y, z)\, p(y \mid z)\, p(z)"),
        (True, r"p(x \mid y) = \frac{p(y \mid x)\, p(x)}{p(y)}"),
        (True, r"p(x \mid y, z) = \frac{p(y \mid x, z)\, p(x \mid z)}{p(y \mid z)}"),
        (True, r"p(x \mid z) = \int p(x \mid y, z)\, p(y \mid z) \,dy"),
        (True, r"p(x) = \int p(x \mid y)\, p(y) \,dy"),
        (True, r"p(x \mid y) = \frac{p(x, y)}{\int p(x, y) \,dx}"),
        (True, r"\log p(x, y) = \log p(x \mid y) + \log p(y)"),
        (True, r"\frac{p(x \mid y)}{p(x)} = \frac{p(y \mid x)}{p(y)}"),
        (True, r"\mathbb{E}_{p(x)}\left[\mathbb{E}_{p(y \mid x)}[y]\right] = \mathbb{E}_{p(y)}[y]"),
        (True, r"\int p(x \mid y) \,dx = 1"),
        (False, r"p(x \mid y, z) = p(x \mid y)"),
        (False, r"p(x, y) = p(x)\, p(y)"),
        (False, r"p(x \mid y) = \frac{p(y \mid x)\, p(y)}{p(x)}"),
        (False, r"p(x \mid z) = \int p(x \mid y)\, p(y \mid z) \,dy"),
    ),
    *_claims(
        "independence", (r"x \perp y \mid z", r"p(x, y, z) > 0"),
        (True, r"p(x, y \mid z) = p(x \mid z)\, p(y \mid z)"),
        (True, r"p(x \mid y, z) = p(x \mid z)"),
        (True, r"p(x, y, z) = \frac{p(x, z)\, p(y, z)}{p(z)}"),
        (True, r"p(x \mid y) = \int p(x \mid z)\, p(z \mid y) \,dz"),
        (True, r"p(z \mid x, y) = \frac{p(x \mid z)\, p(y \mid z)\, p(z)}{p(x, y)}"),
        (False, r"p(x, y) = p(x)\, p(y)"),
        (False, r"p(x \mid y) = p(x)"),
    ),
    # ---- moments ------------------------------------------------------------------------------------------------
    *_claims(
        "moments", (r"X \in \mathbb{R}", r"Y \in \mathbb{R}", r"a \in \mathbb{R}", r"b \in \mathbb{R}"),
        (True, r"\mathbb{E}[a X + b Y] = a\, \mathbb{E}[X] + b\, \mathbb{E}[Y]"),
        (True, r"\mathrm{Var}(X) = \mathbb{E}[X^2] - \mathbb{E}[X]^2"),
        (True, r"\mathrm{Var}(a X + b) = a^2\, \mathrm{Var}(X)"),
        (True, r"\mathrm{Var}(X + Y) = \mathrm{Var}(X) + \mathrm{Var}(Y) + 2\, \mathrm{Cov}(X, Y)"),
        (True, r"\mathrm{Var}(X - Y) = \mathrm{Var}(X) + \mathrm{Var}(Y) - 2\, \mathrm{Cov}(X, Y)"),
        (True, r"\mathrm{Cov}(X, Y) = \mathbb{E}[X Y] - \mathbb{E}[X]\, \mathbb{E}[Y]"),
        (True, r"\mathrm{Cov}(a X, b Y) = a b\, \mathrm{Cov}(X, Y)"),
        (True, r"\mathrm{Cov}(X, X) = \mathrm{Var}(X)"),
        (True, r"\mathrm{Var}(X) = \mathbb{E}[(X - \mathbb{E}[X])^2]"),
        (True, r"\mathrm{Cov}(X, Y) = \mathbb{E}[(X - \mathbb{E}[X])(Y - \mathbb{E}[Y])]"),
        (True, r"\mathbb{E}[(X - a)^2] = \mathrm{Var}(X) + (\mathbb{E}[X] - a)^2"),
        (True, r"\mathbb{E}[\mathbb{E}[X \mid Y]] = \mathbb{E}[X]"),
        (True, r"\mathrm{Var}(X) \ge 0"),
        (True, r"\mathbb{E}[X]^2 \le \mathbb{E}[X^2]"),
        (False, r"\mathrm{Var}(a X + b) = a\, \mathrm{Var}(X) + b"),
        (False, r"\mathrm{Var}(X + Y) = \mathrm{Var}(X) + \mathrm{Var}(Y)"),
        (False, r"\mathbb{E}[X Y] = \mathbb{E}[X]\, \mathbb{E}[Y]"),
        (False, r"\mathbb{E}[X^2] = \mathbb{E}[X]^2"),
        (False, r"\mathrm{Var}(X - Y) = \mathrm{Var}(X) - \mathrm{Var}(Y)"),
    ),
    *_claims(
        "moments", (r"X \in \mathbb{R}", r"Y \in \mathbb{R}", r"X \perp Y"),
        (True, r"\mathbb{E}[X Y] = \mathbb{E}[X]\, \mathbb{E}[Y]"),
        (True, r"\mathrm{Var}(X + Y) = \mathrm{Var}(X) + \mathrm{Var}(Y)"),
        (True, r"\mathrm{Var}(X - Y) = \mathrm{Var}(X) + \mathrm{Var}(Y)"),
        (True, r"\mathrm{Cov}(X, Y) = 0"),
        (False, r"\mathrm{Var}(X - Y) = \mathrm{Var}(X) - \mathrm{Var}(Y)"),
    ),
    *_claims(
        "moments", (r"X \sim \mathcal{N}(\mu, \sigma^2)", r"\sigma > 0"),
        (True, r"\mathbb{E}[X] = \mu"),
        (True, r"\mathbb{E}[X^2] = \mu^2 + \sigma^2"),
        (True, r"\mathrm{Var}(X) = \sigma^2"),
        (True, r"\mathbb{E}[(X - \mu)^2] = \sigma^2"),
        (False, r"\mathbb{E}[X^2] = \sigma^2"),
        (False, r"\mathrm{Var}(2 X) = 2 \sigma^2"),
    ),
    *_claims(
        "moments",
        (r"X \in \mathbb{R}^d", r"\mu \in \mathbb{R}^d", r"A \in \mathbb{R}^{m \times d}", r"b \in \mathbb{R}^m"),
        (True, r"\mathbb{E}[A X + b] = A\, \mathbb{E}[X] + b"),
        (True, r"\mathrm{Cov}(A X + b) = A\, \mathrm{Cov}(X)\, A^\top"),
        (True, r"\mathbb{E}[\|X - \mu\|^2] = \mathbb{E}[\|X\|^2] - 2 \mu^\top \mathbb{E}[X] + \|\mu\|^2"),
        (False, r"\mathbb{E}[\|X\|^2] = \|\mathbb{E}[X]\|^2"),
    ),
    # ---- maximum likelihood -------------------------------------------------------------------------------------
    *_claims(
        "mle", (r"x_i \in \mathbb{R}", r"\mu \in \mathbb{R}", r"\sigma > 0", r"n \ge 1"),
        (True, r"\log \prod_{i=1}^n \mathcal{N}(x_i; \mu, \sigma^2) = -\frac{n}{2} \log(2 \pi \sigma^2)"
               r" - \frac{1}{2 \sigma^2} \sum_{i=1}^n (x_i - \mu)^2"),
        (True, r"\frac{\partial}{\partial \mu} \sum_{i=1}^n \log \mathcal{N}(x_i; \mu, \sigma^2)"
               r" = \frac{1}{\sigma^2} \sum_{i=1}^n (x_i - \mu)"),
        (True, r"\frac{\partial}{\partial \sigma} \sum_{i=1}^n \log \mathcal{N}(x_i; \mu, \sigma^2)"
               r" = -\frac{n}{\sigma} + \frac{1}{\sigma^3} \sum_{i=1}^n (x_i - \mu)^2"),
        (True, r"\frac{\partial}{\partial \mu} \sum_{i=1}^n (x_i - \mu)^2 = -2 \sum_{i=1}^n (x_i - \mu)"),
        (True, r"\sum_{i=1}^n (x_i - \mu)^2 = \sum_{i=1}^n x_i^2 - 2 \mu \sum_{i=1}^n x_i + n \mu^2"),
        (True, r"\frac{\partial^2}{\partial \mu^2} \sum_{i=1}^n \log \mathcal{N}(x_i; \mu, \sigma^2)"
               r" = -\frac{n}{\sigma^2}"),
        (False, r"\frac{\partial}{\partial \mu} \sum_{i=1}^n \log \mathcal{N}(x_i; \mu, \sigma^2)"
                r" = \frac{1}{\sigma} \sum_{i=1}^n (x_i - \mu)"),
        (False, r"\frac{\partial}{\partial \sigma} \sum_{i=1}^n \log \mathcal{N}(x_i; \mu, \sigma^2)"
                r" = -\frac{n}{\sigma} + \frac{1}{\sigma^2} \sum_{i=1}^n (x_i - \mu)^2"),
        (False, r"\sum_{i=1}^n (x_i - \mu)^2 = \sum_{i=1}^n x_i^2 - n \mu^2"),
    ),
    *_claims(
        "mle", (r"0 < p < 1", r"k \in \mathbb{R}", r"n \in \mathbb{R}"),
        (True, r"\frac{\partial}{\partial p} \left(k \log p + (n - k) \log(1 - p)\right) = \frac{k}{p}"
               r" - \frac{n - k}{1 - p}"),
        (True, r"\frac{\partial}{\partial p} \left(k \log p + (n - k) \log(1 - p)\right) = \frac{k - n p}{p (1 - p)}"),
        (False, r"\frac{\partial}{\partial p} \left(k \log p + (n - k) \log(1 - p)\right) = \frac{k}{p}"
                r" + \frac{n - k}{1 - p}"),
    ),
    *_claims(
        "mle", (r"\lambda > 0", r"x_i > 0", r"n \ge 1"),
        (True, r"\frac{\partial}{\partial \lambda} \left(n \log \lambda - \lambda \sum_{i=1}^n x_i\right)"
               r" = \frac{n}{\lambda} - \sum_{i=1}^n x_i"),
        (False, r"\frac{\partial}{\partial \lambda} \left(n \log \lambda - \lambda \sum_{i=1}^n x_i\right)"
                r" = \frac{1}{\lambda} - \sum_{i=1}^n x_i"),
    ),
    # ---- scores -------------------------------------------------------------------------------------------------
    *_claims(
        "score", (r"x \in \mathbb{R}^d", r"\mu \in \mathbb{R}^d", r"\sigma > 0"),
        (True, r"\nabla_x \log \mathcal{N}(x; \mu, \sigma^2 I) = -\frac{x - \mu}{\sigma^2}"),
        (True, r"\nabla_\mu \log \mathcal{N}(x; \mu, \sigma^2 I) = \frac{x - \mu}{\sigma^2}"),
        (True, r"\nabla_x \mathcal{N}(x; \mu, \sigma^2 I) = -\frac{x - \mu}{\sigma^2}\, \mathcal{N}(x; \mu, \sigma^2 I)"),
        (True, r"\nabla_x \|x - \mu\|^2 = 2 (x - \mu)"),
        (False, r"\nabla_x \log \mathcal{N}(x; \mu, \sigma^2 I) = \frac{x - \mu}{\sigma^2}"),
        (False, r"\nabla_x \log \mathcal{N}(x; \mu, \sigma^2 I) = -\frac{x - \mu}{\sigma}"),
        (False, r"\nabla_x \|x - \mu\|^2 = x - \mu"),
    ),
    *_claims(
        "score", (r"x \in \mathbb{R}^d", r"\mu \in \mathbb{R}^d", r"\Sigma \succ 0"),
        (True, r"\nabla_x \log \mathcal{N}(x; \mu, \Sigma) = -\Sigma^{-1} (x - \mu)"),
        (True, r"\nabla_x \left(\frac12 (x - \mu)^\top \Sigma^{-1} (x - \mu)\right) = \Sigma^{-1} (x - \mu)"),
        (False, r"\nabla_x \log \mathcal{N}(x; \mu, \Sigma) = -\Sigma (x - \mu)"),
    ),
    *_claims(
        "score", (*MARGINAL, r"q(x_t) = \int q(x_t \mid x_0)\, q(x_0) \,dx_0"),
        (True, r"\nabla_{x_t} \log q(x_t \mid x_0) = -\frac{x_t - \sqrt{\bar\alpha_t}\, x_0}{1 - \bar\alpha_t}"),
        (True, r"\nabla_{x_t} \log q(x_t) = \mathbb{E}_{q(x_0 \mid x_t)}[\nabla_{x_t} \log q(x_t \mid x_0)]"),
        (True, r"\mathbb{E}_{q(x_0 \mid x_t)}[x_0] = \frac{1}{\sqrt{\bar\alpha_t}} \left(x_t + (1 - \bar\alpha_t)"
               r" \nabla_{x_t} \log q(x_t)\right)"),
        (False, r"\mathbb{E}_{q(x_0 \mid x_t)}[x_0] = \frac{1}{\sqrt{\bar\alpha_t}} \left(x_t - (1 - \bar\alpha_t)"
                r" \nabla_{x_t} \log q(x_t)\right)"),
        (False, r"\nabla_{x_t} \log q(x_t \mid x_0) = -\frac{x_t - \sqrt{\bar\alpha_t}\, x_0}{\sqrt{1 - \bar\alpha_t}}"),
    ),
    *_claims(
        "score", (r"p_\theta(x) > 0",),
        (True, r"\mathbb{E}_{p_\theta(x)}[\nabla_\theta \log p_\theta(x)] = 0"),
        (True, r"\nabla_\theta \mathbb{E}_{p_\theta(x)}[f(x)] = \mathbb{E}_{p_\theta(x)}[f(x)\, \nabla_\theta \log"
               r" p_\theta(x)]"),
        (True, r"\nabla_\theta p_\theta(x) = p_\theta(x)\, \nabla_\theta \log p_\theta(x)"),
        (False, r"\nabla_\theta \mathbb{E}_{p_\theta(x)}[f(x)] = \mathbb{E}_{p_\theta(x)}[\nabla_\theta \log p_\theta(x)]"),
    ),
    *_claims(
        "score", NOISED,
        (True, r"-\frac{x_t - \sqrt{\bar\alpha_t}\, x_0}{1 - \bar\alpha_t} = -\frac{\epsilon}{\sqrt{1 - \bar\alpha_t}}"),
        (False, r"-\frac{x_t - \sqrt{\bar\alpha_t}\, x_0}{1 - \bar\alpha_t} = -\frac{\epsilon}{1 - \bar\alpha_t}"),
    ),
    # ---- evidence lower bound -----------------------------------------------------------------------------------
    *_claims(
        "vae-elbo", LATENT,
        (True, r"\log p_\theta(x) = \mathbb{E}_{q_\phi(z \mid x)}\left[\log \frac{p_\theta(x, z)}{q_\phi(z \mid x)}\right]"
               r" + D_{KL}(q_\phi(z \mid x) \| p_\theta(z \mid x))"),
        (True, r"\log p_\theta(x) \ge \mathbb{E}_{q_\phi(z \mid x)}\left[\log \frac{p_\theta(x, z)}{q_\phi(z \mid x)}\right]"),
        (True, r"\mathbb{E}_{q_\phi(z \mid x)}\left[\log \frac{p_\theta(x, z)}{q_\phi(z \mid x)}\right] ="
               r" \mathbb{E}_{q_\phi(z \mid x)}[\log p_\theta(x \mid z)] - D_{KL}(q_\phi(z \mid x) \| p_\theta(z))"),
        (True, r"\log p_\theta(x) \ge \mathbb{E}_{q_\phi(z \mid x)}[\log p_\theta(x \mid z)] -"
               r" D_{KL}(q_\phi(z \mid x) \| p_\theta(z))"),
        (True, r"\log p_\theta(x) = \mathbb{E}_{q_\phi(z \mid x)}[\log p_\theta(x)]"),
        (True, r"D_{KL}(q_\phi(z \mid x) \| p_\theta(z \mid x)) = \mathbb{E}_{q_\phi(z \mid x)}[\log q_\phi(z \mid x) -"
               r" \log p_\theta(x, z)] + \log p_\theta(x)"),
        (True, r"p_\theta(x) = \mathbb{E}_{q_\phi(z \mid x)}\left[\frac{p_\theta(x, z)}{q_\phi(z \mid x)}\right]"),
        (True, r"D_{KL}(q_\phi(z \mid x) \| p_\theta(z \mid x)) \ge 0"),
        (False, r"\log p_\theta(x) = \mathbb{E}_{q_\phi(z \mid x)}\left[\log \frac{p_\theta(x, z)}{q_\phi(z \mid x)}\right]"
                r" - D_{KL}(q_\phi(z \mid x) \| p_\theta(z \mid x))"),
        (False, r"\log p_\theta(x) \le \mathbb{E}_{q_\phi(z \mid x)}[\log p_\theta(x \mid z)] -"
                r" D_{KL}(q_\phi(z \mid x) \| p_\theta(z))"),
        (False, r"\mathbb{E}_{q_\phi(z \mid x)}\left[\log \frac{p_\theta(x, z)}{q_\phi(z \mid x)}\right] ="
                r" \mathbb{E}_{q_\phi(z \mid x)}[\log p_\theta(x \mid z)] + D_{KL}(q_\phi(z \mid x) \| p_\theta(z))"),
    ),
    *_claims(
        "em", (r"q(z) > 0", r"p_\theta(x, z) > 0"),
        (True, r"\log p_\theta(x) = \mathbb{E}_{q(z)}[\log p_\theta(x, z)] - \mathbb{E}_{q(z)}[\log q(z)] +"
               r" D_{KL}(q(z) \| p_\theta(z \mid x))"),
        (True, r"\log p_\theta(x) \ge \mathbb{E}_{q(z)}\left[\log \frac{p_\theta(x, z)}{q(z)}\right]"),
        (True, r"\mathbb{E}_{q(z)}\left[\log \frac{p_\theta(x, z)}{q(z)}\right] = \mathbb{E}_{q(z)}[\log p_\theta(x, z)]"
               r" + H(q(z))"),
        (True, r"\mathbb{E}_{q(z)}\left[\log \frac{p_\theta(x, z)}{q(z)}\right] = -D_{KL}(q(z) \| p_\theta(z \mid x)) +"
               r" \log p_\theta(x)"),
        (False, r"\mathbb{E}_{q(z)}\left[\log \frac{p_\theta(x, z)}{q(z)}\right] = \mathbb{E}_{q(z)}[\log p_\theta(x, z)]"
                r" - H(q(z))"),
    ),
    # ---- diffusion: the bound -----------------------------------------------------------------------------------
    *_claims(
        "elbo-diffusion", REVERSE,
        (True, r"\log p_\theta(x_0) \ge \mathbb{E}_{q(x_{1:T} \mid x_0)}\left[\log \frac{p_\theta(x_{0:T})}"
               r"{q(x_{1:T} \mid x_0)}\right]"),
        (True, r"\log p_\theta(x_0) = \mathbb{E}_{q(x_{1:T} \mid x_0)}\left[\log \frac{p_\theta(x_{0:T})}"
               r"{q(x_{1:T} \mid x_0)}\right] + D_{KL}(q(x_{1:T} \mid x_0) \| p_\theta(x_{1:T} \mid x_0))"),
        (True, r"\mathbb{E}_{q(x_{1:T} \mid x_0)}\left[\log \frac{p_\theta(x_{0:T})}{q(x_{1:T} \mid x_0)}\right] ="
               r" \mathbb{E}_{q(x_{1:T} \mid x_0)}\left[\log p_\theta(x_T) + \sum_{t=1}^{T} \log"
               r" \frac{p_\theta(x_{t-1} \mid x_t)}{q(x_t \mid x_{t-1})}\right]"),
        (False, r"\mathbb{E}_{q(x_{1:T} \mid x_0)}\left[\log \frac{p_\theta(x_{0:T})}{q(x_{1:T} \mid x_0)}\right] ="
                r" \mathbb{E}_{q(x_{1:T} \mid x_0)}\left[\sum_{t=1}^{T} \log"
                r" \frac{p_\theta(x_{t-1} \mid x_t)}{q(x_t \mid x_{t-1})}\right]"),
        (False, r"\log p_\theta(x_0) \le \mathbb{E}_{q(x_{1:T} \mid x_0)}\left[\log \frac{p_\theta(x_{0:T})}"
                r"{q(x_{1:T} \mid x_0)}\right]"),
    ),
    *_claims(
        "elbo-diffusion", (*REVERSE, r"t \ge 2", r"t \le T"),
        (True, r"q(x_t \mid x_{t-1}, x_0) = q(x_t \mid x_{t-1})"),
        (True, r"q(x_t \mid x_{t-1}) = \frac{q(x_{t-1} \mid x_t, x_0)\, q(x_t \mid x_0)}{q(x_{t-1} \mid x_0)}"),
        (True, r"\log \frac{p_\theta(x_{t-1} \mid x_t)}{q(x_t \mid x_{t-1})} = \log \frac{p_\theta(x_{t-1} \mid x_t)}"
               r"{q(x_{t-1} \mid x_t, x_0)} + \log \frac{q(x_{t-1} \mid x_0)}{q(x_t \mid x_0)}"),
        (False, r"q(x_t \mid x_{t-1}) = \frac{q(x_{t-1} \mid x_t, x_0)\, q(x_{t-1} \mid x_0)}{q(x_t \mid x_0)}"),
    ),
    # ---- diffusion: forward process and posterior -------------------------------------------------------------
    *_claims(
        "ddpm-forward", CHAIN,
        (True, r"q(x_t \mid x_0) = \mathcal{N}(x_t; \sqrt{\bar\alpha_t}\, x_0, (1 - \bar\alpha_t) I)"),
        (True, r"q(x_t \mid x_{t-1}) = \mathcal{N}(x_t; \sqrt{\alpha_t}\, x_{t-1}, (1 - \alpha_t) I)"),
        (True, r"q(x_t \mid x_0) = \int q(x_t \mid x_{t-1})\, q(x_{t-1} \mid x_0) \,dx_{t-1}"),
        (True, r"\mathbb{E}_{q(x_t \mid x_{t-1})}[x_t] = \sqrt{\alpha_t}\, x_{t-1}"),
        (True, r"\mathbb{E}_{q(x_t \mid x_0)}[x_t] = \sqrt{\bar\alpha_t}\, x_0"),
        (True, r"\bar\alpha_t = \alpha_t\, \bar\alpha_{t-1}"),
        (True, r"1 - \bar\alpha_t = \beta_t + \alpha_t (1 - \bar\alpha_{t-1})"),
        (False, r"q(x_t \mid x_0) = \mathcal{N}(x_t; \bar\alpha_t\, x_0, (1 - \bar\alpha_t) I)"),
        (False, r"q(x_t \mid x_0) = \mathcal{N}(x_t; \sqrt{\bar\alpha_t}\, x_0, \beta_t I)"),
        (False, r"\mathbb{E}_{q(x_t \mid x_0)}[x_t] = \sqrt{\alpha_t}\, x_0"),
    ),
    *_claims(
        "ddpm-posterior", CHAIN,
        (True, r"q(x_{t-1} \mid x_t, x_0) = \frac{q(x_t \mid x_{t-1})\, q(x_{t-1} \mid x_0)}{q(x_t \mid x_0)}"),
        (True, r"q(x_{t-1} \mid x_t, x_0) = \mathcal{N}\left(x_{t-1}; \frac{\sqrt{\bar\alpha_{t-1}}\, \beta_t}"
               r"{1 - \bar\alpha_t} x_0 + \frac{\sqrt{\alpha_t} (1 - \bar\alpha_{t-1})}{1 - \bar\alpha_t} x_t,"
               r" \frac{1 - \bar\alpha_{t-1}}{1 - \bar\alpha_t} \beta_t I\right)"),
        (False, r"q(x_{t-1} \mid x_t, x_0) = \mathcal{N}\left(x_{t-1}; \frac{\sqrt{\bar\alpha_{t-1}}\, \beta_t}"
                r"{1 - \bar\alpha_t} x_0 + \frac{\sqrt{\alpha_t} (1 - \bar\alpha_{t-1})}{1 - \bar\alpha_t} x_t,"
                r" \frac{1 - \bar\alpha_t}{1 - \bar\alpha_{t-1}} \beta_t I\right)"),
        (False, r"q(x_{t-1} \mid x_t, x_0) = q(x_{t-1} \mid x_t)"),
    ),
    # ---- other parameterizations --------------------------------------------------------------------------------
    *_claims(
        "v-prediction", (*NOISED, r"v = \sqrt{\bar\alpha_t}\, \epsilon - \sqrt{1 - \bar\alpha_t}\, x_0",
                         r"v \in \mathbb{R}^d"),
        (True, r"x_0 = \sqrt{\bar\alpha_t}\, x_t - \sqrt{1 - \bar\alpha_t}\, v"),
        (True, r"\epsilon = \sqrt{1 - \bar\alpha_t}\, x_t + \sqrt{\bar\alpha_t}\, v"),
        (True, r"\|x_t\|^2 + \|v\|^2 = \|x_0\|^2 + \|\epsilon\|^2"),
        (False, r"x_0 = \sqrt{\bar\alpha_t}\, x_t + \sqrt{1 - \bar\alpha_t}\, v"),
    ),
    *_claims(
        "vdm-snr", (r"0 < \alpha_t < 1", r"\sigma_t^2 = 1 - \alpha_t^2", r"\sigma_t > 0",
                    r"\mathrm{SNR}(t) = \frac{\alpha_t^2}{\sigma_t^2}"),
        (True, r"\mathrm{SNR}(t) = \frac{\alpha_t^2}{1 - \alpha_t^2}"),
        (True, r"\alpha_t^2 = \frac{\mathrm{SNR}(t)}{1 + \mathrm{SNR}(t)}"),
        (True, r"\sigma_t^2 = \frac{1}{1 + \mathrm{SNR}(t)}"),
        (False, r"\alpha_t = \frac{\mathrm{SNR}(t)}{1 + \mathrm{SNR}(t)}"),
    ),
    *_claims(
        "guidance", (r"x \in \mathbb{R}^d", r"p(x, y) > 0", r"w \in \mathbb{R}"),
        (True, r"\nabla_x \log p(x \mid y) = \nabla_x \log p(y \mid x) + \nabla_x \log p(x)"),
        (True, r"\nabla_x \log p(x) + w \nabla_x \log p(y \mid x) = (1 - w) \nabla_x \log p(x) + w \nabla_x \log p(x \mid y)"),
        (False, r"\nabla_x \log p(x \mid y) = \nabla_x \log p(y \mid x) - \nabla_x \log p(x)"),
    ),
    *_claims(
        "flow-matching", (r"x_0 \in \mathbb{R}^d", r"x_1 \in \mathbb{R}^d", r"0 < t < 1",
                          r"x_t = (1 - t) x_0 + t x_1"),
        (True, r"x_1 - x_0 = \frac{x_1 - x_t}{1 - t}"),
        (True, r"x_1 = x_t + (1 - t) (x_1 - x_0)"),
        (False, r"x_1 - x_0 = \frac{x_t - x_1}{1 - t}"),
    ),
    # ---- Gaussians ----------------------------------------------------------------------------------------------
    *_claims(
        "kl-gaussian", (r"\sigma_1 > 0", r"\sigma_2 > 0", r"\mu_1 \in \mathbb{R}", r"\mu_2 \in \mathbb{R}"),
        (True, r"D_{KL}(\mathcal{N}(\mu_1, \sigma_1^2) \| \mathcal{N}(\mu_2, \sigma_1^2)) ="
               r" \frac{(\mu_1 - \mu_2)^2}{2 \sigma_1^2}"),
        (True, r"D_{KL}(\mathcal{N}(\mu_1, \sigma_1^2) \| \mathcal{N}(\mu_2, \sigma_2^2)) \ge 0"),
        (True, r"D_{KL}(\mathcal{N}(0, \sigma_1^2) \| \mathcal{N}(0, \sigma_2^2)) = \frac12 \left(\frac{\sigma_1^2}"
               r"{\sigma_2^2} - 1 - \log \frac{\sigma_1^2}{\sigma_2^2}\right)"),
        (False, r"D_{KL}(\mathcal{N}(\mu_1, \sigma_1^2) \| \mathcal{N}(\mu_2, \sigma_1^2)) ="
                r" \frac{(\mu_1 - \mu_2)^2}{\sigma_1^2}"),
    ),
    *_claims(
        "kl-gaussian", (r"x \in \mathbb{R}^d", r"\mu \in \mathbb{R}^d", r"\Sigma \succ 0",
                        r"q(x) = \mathcal{N}(x; \mu, \Sigma)", r"p(x) = \mathcal{N}(x; 0, I)"),
        (True, r"D_{KL}(q(x) \| p(x)) = \frac12 \left(\operatorname{tr}(\Sigma) + \mu^\top \mu - d -"
               r" \log \det(\Sigma)\right)"),
        (True, r"H(q(x)) = \frac{d}{2} (1 + \log(2 \pi)) + \frac12 \log \det(\Sigma)"),
        (True, r"\mathbb{E}_{q(x)}[x^\top x] = \operatorname{tr}(\Sigma) + \mu^\top \mu"),
        (False, r"D_{KL}(q(x) \| p(x)) = \frac12 \left(\operatorname{tr}(\Sigma) + \mu^\top \mu - d +"
                r" \log \det(\Sigma)\right)"),
    ),
    *_claims(
        "gaussian-product-conditioning",
        (r"x \in \mathbb{R}^d", r"a \in \mathbb{R}^d", r"b \in \mathbb{R}^d", r"v > 0", r"w > 0"),
        (True, r"\mathcal{N}(x; a, v I)\, \mathcal{N}(x; b, w I) = \mathcal{N}(a; b, (v + w) I)\,"
               r" \mathcal{N}\left(x; \frac{w a + v b}{v + w}, \frac{v w}{v + w} I\right)"),
        (True, r"\int \mathcal{N}(x; a, v I)\, \mathcal{N}(x; b, w I) \,dx = \mathcal{N}(a; b, (v + w) I)"),
        (True, r"\mathcal{N}(x; a, v I) = \mathcal{N}(a; x, v I)"),
        (True, r"\mathcal{N}(x; a, v I)\, \mathcal{N}(x; b, w I) \propto_{x}"
               r" \mathcal{N}\left(x; \frac{w a + v b}{v + w}, \frac{v w}{v + w} I\right)"),
        (False, r"\mathcal{N}(x; a, v I)\, \mathcal{N}(x; b, w I) \propto_{x}"
                r" \mathcal{N}\left(x; \frac{v a + w b}{v + w}, \frac{v w}{v + w} I\right)"),
        (False, r"\int \mathcal{N}(x; a, v I)\, \mathcal{N}(x; b, w I) \,dx = \mathcal{N}(a; b, v w I)"),
    ),
    *_claims(
        "gaussian-product-conditioning",
        (r"x \in \mathbb{R}^d", r"z \in \mathbb{R}^d", r"a \in \mathbb{R}", r"v > 0",
         r"p(z) = \mathcal{N}(z; 0, I)", r"p(x \mid z) = \mathcal{N}(x; a z, v I)"),
        (True, r"p(x) = \mathcal{N}(x; 0, (a^2 + v) I)"),
        (True, r"p(z \mid x) = \mathcal{N}\left(z; \frac{a}{a^2 + v} x, \frac{v}{a^2 + v} I\right)"),
        (False, r"p(x) = \mathcal{N}(x; 0, (a + v) I)"),
        (False, r"p(z \mid x) = \mathcal{N}\left(z; \frac{a}{a^2 + v} x, \frac{a^2}{a^2 + v} I\right)"),
    ),
    *_claims(
        "kalman", (r"P \in \mathbb{R}^{d \times d}", r"P \succ 0", r"R \in \mathbb{R}^{m \times m}", r"R \succ 0",
                   r"H \in \mathbb{R}^{m \times d}", r"S = H P H^\top + R", r"K = P H^\top S^{-1}"),
        (True, r"(I - K H) P = P - K S K^\top"),
        (True, r"K S K^\top = K H P"),
        (True, r"(I - K H) P (I - K H)^\top + K R K^\top = (I - K H) P"),
        (False, r"(I - K H) P = P + K S K^\top"),
    ),
    *_claims(
        "reparameterization", (r"z \in \mathbb{R}^d", r"\mu \in \mathbb{R}^d", r"\sigma > 0"),
        (True, r"\mathbb{E}_{z \sim \mathcal{N}(\mu, \sigma^2 I)}[f(z)] = \mathbb{E}_{\epsilon \sim \mathcal{N}(0, I)}"
               r"[f(\mu + \sigma \epsilon)]"),
        (True, r"\mathbb{E}_{z \sim \mathcal{N}(\mu, \sigma^2 I)}[\|z\|^2] = \|\mu\|^2 + d \sigma^2"),
        (True, r"\nabla_\mu \mathbb{E}_{z \sim \mathcal{N}(\mu, \sigma^2 I)}[f(z)] ="
               r" \mathbb{E}_{z \sim \mathcal{N}(\mu, \sigma^2 I)}[\nabla_z f(z)]"),
        (False, r"\mathbb{E}_{z \sim \mathcal{N}(\mu, \sigma^2 I)}[f(z)] = \mathbb{E}_{\epsilon \sim \mathcal{N}(0, I)}"
                r"[f(\mu + \sigma^2 \epsilon)]"),
        (False, r"\mathbb{E}_{z \sim \mathcal{N}(\mu, \sigma^2 I)}[f(z)] = f(\mu)"),
    ),
    # ---- the simplified loss ------------------------------------------------------------------------------------
    *_claims(
        "ddpm-loss", (r"x_t \in \mathbb{R}^d", r"a \in \mathbb{R}^d", r"b \in \mathbb{R}^d", r"\sigma > 0"),
        (True, r"D_{KL}(\mathcal{N}(a, \sigma^2 I) \| \mathcal{N}(b, \sigma^2 I)) = \frac{1}{2 \sigma^2} \|a - b\|^2"),
        (True, r"\mathbb{E}_{\epsilon \sim \mathcal{N}(0, I)}[\|a - b + \sigma \epsilon\|^2] = \|a - b\|^2 + d \sigma^2"),
        (False, r"D_{KL}(\mathcal{N}(a, \sigma^2 I) \| \mathcal{N}(b, \sigma^2 I)) = \frac{1}{2 \sigma} \|a - b\|^2"),
        (False, r"D_{KL}(\mathcal{N}(a, \sigma^2 I) \| \mathcal{N}(b, \sigma^2 I)) = \frac{1}{2 \sigma^2} \|a + b\|^2"),
    ),
    *_claims(
        "ddim", (*NOISED, r"0 < \bar\alpha_{t-1} < 1", r"t \ge 2", r"0 \le \sigma_t^2 < 1 - \bar\alpha_{t-1}"),
        (True, r"\sqrt{\bar\alpha_{t-1}}\, \frac{x_t - \sqrt{1 - \bar\alpha_t}\, \epsilon}{\sqrt{\bar\alpha_t}} ="
               r" \sqrt{\bar\alpha_{t-1}}\, x_0"),
        (True, r"\epsilon = \frac{x_t - \sqrt{\bar\alpha_t}\, x_0}{\sqrt{1 - \bar\alpha_t}}"),
        (False, r"\epsilon = \frac{x_t - \sqrt{\bar\alpha_t}\, x_0}{1 - \bar\alpha_t}"),
    ),
    # ---- the same topics, other forms --------------------------------------------------------------------------
    *_claims(
        "score",
        (r"x \in \mathbb{R}^d", r"\sigma > 0", r"p(\tilde x \mid x) = \mathcal{N}(\tilde x; x, \sigma^2 I)",
         r"\tilde x \in \mathbb{R}^d"),
        (True, r"\nabla_{\tilde x} \log p(\tilde x \mid x) = \frac{x - \tilde x}{\sigma^2}"),
        (True, r"\mathbb{E}_{p(\tilde x \mid x)}[\nabla_{\tilde x} \log p(\tilde x \mid x)] = 0"),
        (True, r"\mathbb{E}_{p(\tilde x \mid x)}\left[\|\nabla_{\tilde x} \log p(\tilde x \mid x)\|^2\right] = "
               r"\frac{d}{\sigma^2}"),
        (False, r"\nabla_{\tilde x} \log p(\tilde x \mid x) = \frac{\tilde x - x}{\sigma^2}"),
        (False, r"\mathbb{E}_{p(\tilde x \mid x)}\left[\|\nabla_{\tilde x} \log p(\tilde x \mid x)\|^2\right] = "
                r"\frac{1}{\sigma^2}"),
    ),
    *_claims(
        "score",
        (r"x \in \mathbb{R}^d", r"p_\theta(x) = \frac{\exp(-U_\theta(x))}{Z_\theta}", r"Z_\theta > 0",
         r"\nabla_x Z_\theta = 0"),
        (True, r"\nabla_x \log p_\theta(x) = -\nabla_x U_\theta(x)"),
        (True, r"\log p_\theta(x) = -U_\theta(x) - \log Z_\theta"),
        (False, r"\nabla_x \log p_\theta(x) = \nabla_x U_\theta(x)"),
    ),
    *_claims(
        "score",
        (r"x_t \in \mathbb{R}^d", r"0 < \bar\alpha_t < 1",
         r"s_\theta(x_t, t) = -\frac{\epsilon_\theta(x_t, t)}{\sqrt{1 - \bar\alpha_t}}",
         r"\epsilon_\theta(x_t, t) \in \mathbb{R}^d"),
        (True, r"\epsilon_\theta(x_t, t) = -\sqrt{1 - \bar\alpha_t}\, s_\theta(x_t, t)"),
        (True, r"\|s_\theta(x_t, t)\|^2 = \frac{\|\epsilon_\theta(x_t, t)\|^2}{1 - \bar\alpha_t}"),
        (False, r"\epsilon_\theta(x_t, t) = \sqrt{1 - \bar\alpha_t}\, s_\theta(x_t, t)"),
    ),
    *_claims("guidance", (r"x \in \mathbb{R}^d", r"p(x, y) > 0", r"\gamma \in \mathbb{R}"),
        (True, r"\nabla_x \log p(y \mid x) = \nabla_x \log p(x \mid y) - \nabla_x \log p(x)"),
        (True, r"\nabla_x \log \left(p(x)\, p(y \mid x)^\gamma\right) = \nabla_x \log p(x) + \gamma \nabla_x \log "
               r"p(y \mid x)"),
        (True, r"\nabla_x \log p(x, y) = \nabla_x \log p(x \mid y)"),
        (True, r"\nabla_x \log p(x \mid y) = \nabla_x \log p(x) + \nabla_x \log p(y \mid x)"),
    ),
    *_claims(
        "guidance",
        (r"x_t \in \mathbb{R}^d", r"\epsilon_\theta(x_t, t) \in \mathbb{R}^d",
         r"\epsilon_\theta(x_t, t, y) \in \mathbb{R}^d",
         r"\tilde\epsilon = (1 + w) \epsilon_\theta(x_t, t, y) - w \epsilon_\theta(x_t, t)",
         r"\tilde\epsilon \in \mathbb{R}^d"),
        (True, r"\tilde\epsilon = \epsilon_\theta(x_t, t, y) + w (\epsilon_\theta(x_t, t, y) - "
               r"\epsilon_\theta(x_t, t))"),
        (False, r"\tilde\epsilon = \epsilon_\theta(x_t, t) + w (\epsilon_\theta(x_t, t, y) - \epsilon_\theta(x_t, "
                r"t))"),
    ),
    *_claims("vae-elbo", (r"q_\phi(z \mid x) > 0", r"p_\theta(x, z) > 0"),
        (True, r"\mathbb{E}_{q_\phi(z \mid x)}[\log p_\theta(x, z) - \log q_\phi(z \mid x)] = \log p_\theta(x) - "
               r"D_{KL}(q_\phi(z \mid x) \| p_\theta(z \mid x))"),
        (True, r"\mathbb{E}_{q_\phi(z \mid x)}\left[\log \frac{p_\theta(x \mid z)\, p_\theta(z)}{q_\phi(z \mid "
               r"x)}\right] = \mathbb{E}_{q_\phi(z \mid x)}[\log p_\theta(x \mid z)] - D_{KL}(q_\phi(z \mid x) \| "
               r"p_\theta(z))"),
        (True, r"\log p_\theta(x) = \log \int p_\theta(x, z) \,dz"),
        (True, r"\log p_\theta(x) = \log \mathbb{E}_{q_\phi(z \mid x)}\left[\frac{p_\theta(x, z)}{q_\phi(z \mid "
               r"x)}\right]"),
        (True, r"\log \mathbb{E}_{q_\phi(z \mid x)}\left[\frac{p_\theta(x, z)}{q_\phi(z \mid x)}\right] \ge "
               r"\mathbb{E}_{q_\phi(z \mid x)}\left[\log \frac{p_\theta(x, z)}{q_\phi(z \mid x)}\right]"),
        (True, r"\int q_\phi(z \mid x) \log p_\theta(x) \,dz = \log p_\theta(x)"),
        (True, r"\mathbb{E}_{q_\phi(z \mid x)}\left[\log \frac{q_\phi(z \mid x)}{p_\theta(z)}\right] = "
               r"D_{KL}(q_\phi(z \mid x) \| p_\theta(z))"),
        (False, r"\mathbb{E}_{q_\phi(z \mid x)}[\log p_\theta(x, z) - \log q_\phi(z \mid x)] = \log p_\theta(x) + "
                r"D_{KL}(q_\phi(z \mid x) \| p_\theta(z \mid x))"),
        (False, r"\log \mathbb{E}_{q_\phi(z \mid x)}\left[\frac{p_\theta(x, z)}{q_\phi(z \mid x)}\right] \le "
                r"\mathbb{E}_{q_\phi(z \mid x)}\left[\log \frac{p_\theta(x, z)}{q_\phi(z \mid x)}\right]"),
    ),
    *_claims(
        "vae-elbo",
        (r"z \in \mathbb{R}^d", r"\mu \in \mathbb{R}^d", r"\sigma > 0",
         r"q(z \mid x) = \mathcal{N}(z; \mu, \sigma^2 I)", r"p(z) = \mathcal{N}(z; 0, I)"),
        (True, r"D_{KL}(q(z \mid x) \| p(z)) = \frac12 \left(\|\mu\|^2 + d \sigma^2 - d - d \log \sigma^2\right)"),
        (True, r"-D_{KL}(q(z \mid x) \| p(z)) = \frac{d}{2} (1 + \log \sigma^2 - \sigma^2) - \frac12 \|\mu\|^2"),
        (False, r"D_{KL}(q(z \mid x) \| p(z)) = \frac12 \left(\|\mu\|^2 + d \sigma^2 - d + d \log \sigma^2\right)"),
    ),
    *_claims("basic-probability", (r"p(x, y) > 0",),
        (True, r"H(p(x, y)) = H(p(x)) + \mathbb{E}_{p(x)}[H(p(y \mid x))]"),
        (True, r"D_{KL}(p(x, y) \| p(x)\, p(y)) = \mathbb{E}_{p(x, y)}\left[\log \frac{p(x, y)}{p(x)\, p(y)}\right]"),
        (True, r"\mathbb{E}_{p(x, y)}\left[\log \frac{p(x, y)}{p(x)\, p(y)}\right] = \mathbb{E}_{p(x, "
               r"y)}\left[\log \frac{p(x \mid y)}{p(x)}\right]"),
        (True, r"\mathbb{E}_{p(x)}[f(x)] = \int p(x) f(x) \,dx"),
        (True, r"\mathbb{E}_{p(x, y)}[f(x)] = \mathbb{E}_{p(x)}[f(x)]"),
        (True, r"\mathbb{E}_{p(x, y)}[f(x) + g(y)] = \mathbb{E}_{p(x)}[f(x)] + \mathbb{E}_{p(y)}[g(y)]"),
        (True, r"\mathbb{E}_{p(x, y)}[f(x, y)] = \mathbb{E}_{p(y)}\left[\mathbb{E}_{p(x \mid y)}[f(x, y)]\right]"),
        (False, r"H(p(x, y)) = H(p(x)) + H(p(y))"),
        (False, r"\mathbb{E}_{p(x, y)}[f(x) g(y)] = \mathbb{E}_{p(x)}[f(x)]\, \mathbb{E}_{p(y)}[g(y)]"),
    ),
    *_claims("basic-probability", (r"q(x) > 0",r"p(x) > 0"),
        (True, r"D_{KL}(p(x) \| q(x)) = \mathbb{E}_{p(x)}[\log p(x)] - \mathbb{E}_{p(x)}[\log q(x)]"),
        (True, r"D_{KL}(p(x) \| q(x)) = H(p(x), q(x)) - H(p(x))"),
        (True, r"D_{KL}(p(x) \| q(x)) = \int p(x) \log \frac{p(x)}{q(x)} \,dx"),
        (True, r"\mathbb{E}_{p(x)}[f(x)] = \mathbb{E}_{q(x)}\left[\frac{p(x)}{q(x)} f(x)\right]"),
        (True, r"\mathbb{E}_{p(x)}[\log q(x)] \le \mathbb{E}_{p(x)}[\log p(x)]"),
        (True, r"-\mathbb{E}_{p(x)}\left[\log \frac{q(x)}{p(x)}\right] = D_{KL}(p(x) \| q(x))"),
        (True, r"\mathbb{E}_{p(x)}\left[\frac{q(x)}{p(x)}\right] = 1"),
        (False, r"D_{KL}(p(x) \| q(x)) = D_{KL}(q(x) \| p(x))"),
        (False, r"D_{KL}(p(x) \| q(x)) = \mathbb{E}_{q(x)}[\log p(x)] - \mathbb{E}_{q(x)}[\log q(x)]"),
    ),
    *_claims("em", (r"q(z) > 0", r"p(x, z \mid \theta) > 0"),
        (True, r"\log p(x \mid \theta) = \mathbb{E}_{q(z)}\left[\log \frac{p(x, z \mid \theta)}{q(z)}\right] + "
               r"D_{KL}(q(z) \| p(z \mid x, \theta))"),
        (True, r"\log p(x \mid \theta) = \log p(x, z \mid \theta) - \log p(z \mid x, \theta)"),
        (True, r"\log p(x \mid \theta) \ge \mathbb{E}_{q(z)}[\log p(x, z \mid \theta)] - \mathbb{E}_{q(z)}[\log "
               r"q(z)]"),
        (False, r"\log p(x \mid \theta) = \log p(x, z \mid \theta) + \log p(z \mid x, \theta)"),
    ),
    *_claims("ddpm-forward", CHAIN,
        (True, r"q(x_t \mid x_{t-2}) = \mathcal{N}(x_t; \sqrt{\alpha_t \alpha_{t-1}}\, x_{t-2}, (1 - \alpha_t "
               r"\alpha_{t-1}) I)"),
        (True, r"q(x_{t} \mid x_{t-1}, x_0) = q(x_t \mid x_{t-1})"),
        (True, r"\mathbb{E}_{q(x_t \mid x_0)}[\|x_t\|^2] = \bar\alpha_t \|x_0\|^2 + d (1 - \bar\alpha_t)"),
        (True, r"\log q(x_t \mid x_0) = -\frac{\|x_t - \sqrt{\bar\alpha_t}\, x_0\|^2}{2 (1 - \bar\alpha_t)} - "
               r"\frac{d}{2} \log(2 \pi (1 - \bar\alpha_t))"),
        (False, r"\mathbb{E}_{q(x_t \mid x_0)}[\|x_t\|^2] = \bar\alpha_t \|x_0\|^2 + (1 - \bar\alpha_t)"),
    ),
    *_claims("ddpm-posterior", CHAIN,
        (True, r"q(x_{t-1} \mid x_t, x_0) \propto_{x_{t-1}} q(x_t \mid x_{t-1})\, q(x_{t-1} \mid x_0)"),
        (True, r"q(x_{t-1} \mid x_t, x_0) \propto_{x_{t-1}} \exp\left(-\frac12 \left(\frac{\|x_t - "
               r"\sqrt{\alpha_t} x_{t-1}\|^2}{\beta_t} + \frac{\|x_{t-1} - \sqrt{\bar\alpha_{t-1}} x_0\|^2}{1 - "
               r"\bar\alpha_{t-1}}\right)\right)"),
        (True, r"\frac{\alpha_t}{\beta_t} + \frac{1}{1 - \bar\alpha_{t-1}} = \frac{1 - \bar\alpha_t}{\beta_t (1 - "
               r"\bar\alpha_{t-1})}"),
        (False, r"q(x_{t-1} \mid x_t, x_0) \propto_{x_{t-1}} q(x_t \mid x_{t-1})\, q(x_t \mid x_0)"),
    ),
    *_claims(
        "ddpm-loss",
        (r"x_t \in \mathbb{R}^d", r"\mu_\theta(x_t, t) \in \mathbb{R}^d",
         r"\tilde\mu_t(x_t, x_0) \in \mathbb{R}^d", r"\sigma_t > 0", r"\tilde\beta_t > 0",
         r"q(x_{t-1} \mid x_t, x_0) = \mathcal{N}(x_{t-1}; \tilde\mu_t(x_t, x_0), \tilde\beta_t I)",
         r"p_\theta(x_{t-1} \mid x_t) = \mathcal{N}(x_{t-1}; \mu_\theta(x_t, t), \sigma_t^2 I)", r"t \ge 2"),
        (True, r"D_{KL}(q(x_{t-1} \mid x_t, x_0) \| p_\theta(x_{t-1} \mid x_t)) = \frac{\|\tilde\mu_t(x_t, x_0) - "
               r"\mu_\theta(x_t, t)\|^2}{2 \sigma_t^2} + \frac{d}{2} \left(\frac{\tilde\beta_t}{\sigma_t^2} - 1 + "
               r"\log \frac{\sigma_t^2}{\tilde\beta_t}\right)"),
        (False, r"D_{KL}(q(x_{t-1} \mid x_t, x_0) \| p_\theta(x_{t-1} \mid x_t)) = \frac{\|\tilde\mu_t(x_t, x_0) "
                r"- \mu_\theta(x_t, t)\|^2}{2 \sigma_t^2}"),
    ),
    *_claims("elbo-diffusion", (*REVERSE,),
        (True, r"\mathbb{E}_{q(x_{1:T} \mid x_0)}\left[\log \frac{p_\theta(x_T)}{q(x_T \mid x_0)}\right] = "
               r"-D_{KL}(q(x_T \mid x_0) \| p_\theta(x_T))"),
        (True, r"D_{KL}(q(x_{1:T} \mid x_0) \| p_\theta(x_{1:T} \mid x_0)) \ge 0"),
        (True, r"-\log p_\theta(x_0) \le -\log p_\theta(x_0) + D_{KL}(q(x_{1:T} \mid x_0) \| p_\theta(x_{1:T} "
               r"\mid x_0))"),
        (True, r"-\log p_\theta(x_0) \le \mathbb{E}_{q(x_{1:T} \mid x_0)}\left[\log \frac{q(x_{1:T} \mid "
               r"x_0)}{p_\theta(x_{0:T})}\right]"),
        (True, r"p_\theta(x_0) = \int p_\theta(x_{0:T}) \,dx_{1:T}"),
        (True, r"\prod_{t=2}^{T} \frac{q(x_{t-1} \mid x_0)}{q(x_t \mid x_0)} = \frac{q(x_1 \mid x_0)}{q(x_T \mid "
               r"x_0)}"),
        (True, r"\mathbb{E}_{q(x_{1:T} \mid x_0)}[\log p_\theta(x_0 \mid x_1)] = \mathbb{E}_{q(x_1 \mid "
               r"x_0)}[\log p_\theta(x_0 \mid x_1)]"),
        (False, r"\prod_{t=2}^{T} \frac{q(x_{t-1} \mid x_0)}{q(x_t \mid x_0)} = \frac{q(x_T \mid x_0)}{q(x_1 \mid "
                r"x_0)}"),
    ),
    *_claims("mle", (r"x_i \in \mathbb{R}^d", r"\mu \in \mathbb{R}^d", r"\Sigma \succ 0", r"n \ge 1"),
        (True, r"\nabla_\mu \sum_{i=1}^n \log \mathcal{N}(x_i; \mu, \Sigma) = \Sigma^{-1} \sum_{i=1}^n (x_i - \mu)"),
        (True, r"\sum_{i=1}^n \log \mathcal{N}(x_i; \mu, \Sigma) = -\frac{n d}{2} \log(2 \pi) - \frac{n}{2} \log "
               r"\det(\Sigma) - \frac12 \sum_{i=1}^n (x_i - \mu)^\top \Sigma^{-1} (x_i - \mu)"),
        (False, r"\nabla_\mu \sum_{i=1}^n \log \mathcal{N}(x_i; \mu, \Sigma) = \Sigma \sum_{i=1}^n (x_i - \mu)"),
    ),
    *_claims("mle", (r"x_i \in \mathbb{R}", r"n \ge 1", r"\bar x = \frac{1}{n} \sum_{i=1}^n x_i"),
        (True, r"\sum_{i=1}^n (x_i - \bar x) = 0"),
        (True, r"\sum_{i=1}^n (x_i - \bar x)^2 = \sum_{i=1}^n x_i^2 - n \bar x^2"),
        (True, r"\frac{1}{n} \sum_{i=1}^n (x_i - \bar x)^2 = \frac1n \sum_{i=1}^n x_i^2 - \bar x^2"),
        (False, r"\sum_{i=1}^n (x_i - \bar x)^2 = \sum_{i=1}^n x_i^2 - \bar x^2"),
    ),
    *_claims(
        "mle",
        (r"p(x_{1:n} \mid \theta) = \prod_{i=1}^n p(x_i \mid \theta)", r"p(x_{1:n} \mid \theta) > 0", r"n \ge 1"),
        (True, r"\log p(x_{1:n} \mid \theta) = \sum_{i=1}^n \log p(x_i \mid \theta)"),
        (True, r"\nabla_\theta \log p(x_{1:n} \mid \theta) = \sum_{i=1}^n \nabla_\theta \log p(x_i \mid \theta)"),
    ),
    *_claims(
        "reparameterization",
        (r"z \in \mathbb{R}^d", r"\mu \in \mathbb{R}^d", r"\sigma > 0", r"\epsilon \sim \mathcal{N}(0, I)",
         r"\epsilon \in \mathbb{R}^d"),
        (True, r"\mathbb{E}[\mu + \sigma \epsilon] = \mu"),
        (True, r"\mathrm{Cov}(\mu + \sigma \epsilon) = \sigma^2 I"),
        (True, r"\mathbb{E}[\|\epsilon\|^2] = d"),
        (True, r"\mathbb{E}[\|\mu + \sigma \epsilon\|^2] = \|\mu\|^2 + \sigma^2 d"),
        (True, r"\nabla_\mu \mathbb{E}_{\epsilon \sim \mathcal{N}(0, I)}[f(\mu + \sigma \epsilon)] = "
               r"\mathbb{E}_{\epsilon \sim \mathcal{N}(0, I)}[\nabla_\mu f(\mu + \sigma \epsilon)]"),
        (False, r"\mathrm{Cov}(\mu + \sigma \epsilon) = \sigma I"),
    ),
    *_claims("kl-gaussian", (r"\sigma > 0", r"\mu \in \mathbb{R}", r"x \in \mathbb{R}"),
        (True, r"\mathbb{E}_{x \sim \mathcal{N}(\mu, \sigma^2)}[\log \mathcal{N}(x; \mu, \sigma^2)] = -\frac12 "
               r"\log(2 \pi \sigma^2) - \frac12"),
        (True, r"H(\mathcal{N}(x; \mu, \sigma^2)) = \frac12 \log(2 \pi \sigma^2) + \frac12"),
        (True, r"\int \mathcal{N}(x; \mu, \sigma^2)\, x \,dx = \mu"),
        (True, r"\int \mathcal{N}(x; \mu, \sigma^2)\, (x - \mu)^2 \,dx = \sigma^2"),
        (True, r"\int \mathcal{N}(x; \mu, \sigma^2) \,dx = 1"),
        (True, r"\log \mathcal{N}(x; \mu, \sigma^2) = -\log \sigma - \frac12 \log(2 \pi) - \frac{(x - \mu)^2}{2 "
               r"\sigma^2}"),
        (False, r"H(\mathcal{N}(x; \mu, \sigma^2)) = \log(2 \pi \sigma^2) + \frac12"),
    ),
    *_claims("moments", (r"X_i \in \mathbb{R}", r"n \ge 1", r"\mathbb{E}[X_i] = \mu"),
        (True, r"\mathbb{E}\left[\frac1n \sum_{i=1}^n X_i\right] = \mu"),
        (False, r"\mathbb{E}\left[\sum_{i=1}^n X_i\right] = \mu"),
    ),
    *_claims("moments", (r"p(x, y) > 0", r"x \in \mathbb{R}", r"y \in \mathbb{R}"),
        (True, r"\mathrm{Var}_{p(y)}(y) = \mathbb{E}_{p(x)}[\mathrm{Var}_{p(y \mid x)}(y)] + "
               r"\mathrm{Var}_{p(x)}(\mathbb{E}_{p(y \mid x)}[y])"),
        (True, r"\mathrm{Cov}_{p(x, y)}(x, y) = \mathbb{E}_{p(x, y)}[x y] - \mathbb{E}_{p(x)}[x]\, "
               r"\mathbb{E}_{p(y)}[y]"),
        (False, r"\mathrm{Var}_{p(y)}(y) = \mathbb{E}_{p(x)}[\mathrm{Var}_{p(y \mid x)}(y)]"),
    ),
    *_claims(
        "ddim",
        (*CHAIN, r"\sigma_t \ge 0", r"\sigma_t^2 = \frac{1 - \bar\alpha_{t-1}}{1 - \bar\alpha_t} \beta_t"),
        (True, r"1 - \bar\alpha_{t-1} - \sigma_t^2 = \frac{\alpha_t (1 - \bar\alpha_{t-1})^2}{1 - \bar\alpha_t}"),
        (False, r"1 - \bar\alpha_{t-1} - \sigma_t^2 = \frac{\alpha_t (1 - \bar\alpha_{t-1})}{1 - \bar\alpha_t}"),
    ),
    *_claims(
        "gaussian-product-conditioning",
        (r"x \in \mathbb{R}^d", r"z \in \mathbb{R}^k", r"W \in \mathbb{R}^{d \times k}", r"\mu \in \mathbb{R}^d",
         r"\sigma > 0", r"p(z) = \mathcal{N}(z; 0, I)", r"p(x \mid z) = \mathcal{N}(x; W z + \mu, \sigma^2 I)"),
        (True, r"p(x) = \mathcal{N}(x; \mu, W W^\top + \sigma^2 I)"),
        (True, r"\mathbb{E}_{p(x \mid z)}[x] = W z + \mu"),
    ),
    *_claims(
        "flow-matching",
        (r"x_1 \in \mathbb{R}^d", r"x \in \mathbb{R}^d", r"0 < t < 1",
         r"p_t(x \mid x_1) = \mathcal{N}(x; t x_1, (1 - t)^2 I)"),
        (True, r"\nabla_x \log p_t(x \mid x_1) = \frac{t x_1 - x}{(1 - t)^2}"),
        (False, r"\nabla_x \log p_t(x \mid x_1) = \frac{t x_1 - x}{1 - t}"),
    ),
]  # fmt: skip
