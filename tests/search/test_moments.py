# ruff: noqa: E501  (a formula is not broken where it does not end)
"""Moments, bounds between means, and information as papers write them: what holds is proved, one slip is refuted."""

from __future__ import annotations

import pytest

import derive

NUMBER = (r"X \sim \mathcal{N}(\mu, \sigma^2)", r"\mu \in \mathbb{R}", r"\sigma > 0")
POINT = (r"x \in \mathbb{R}^d", r"\Sigma \succ 0", r"x \sim \mathcal{N}(\mu, \Sigma)")
PAIR = (r"X \in \mathbb{R}", r"Y \in \mathbb{R}")
SPACE = (r"x \in \mathbb{R}^d", r"y \in \mathbb{R}^d", r"p(x, y) > 0")
NOISE = (r"\epsilon \sim \mathcal{N}(0, 1)",)
DENSITY = (r"x \in \mathbb{R}^d", r"p(x) > 0")
LAW = (r"p_\theta(x) > 0", r"\theta \in \mathbb{R}", r"x \in \mathbb{R}")
NOISED = (r"x \in \mathbb{R}^d", r"\tilde x \in \mathbb{R}^d", r"\sigma > 0", r"q(\tilde x \mid x) = \mathcal{N}(\tilde x; x, \sigma^2 I)")
MEASURED = (r"y = g(x) + \varepsilon", r"\mathbb{E}[\varepsilon] = 0", r"\mathrm{Var}(\varepsilon) = \tau^2",
            r"\varepsilon \perp \hat{g}")  # fmt: skip
PATH = (r"x \in \mathbb{R}^d", r"\mu \in \mathbb{R}^d", r"\sigma > 0")
MEANS = r"\mathbb{E}_{\epsilon \sim \mathcal{N}(0, I)}"

CASES = [
    # moments of a Gaussian
    (NUMBER, r"\mathbb{E}[X^4] = \mu^4 + 6 \mu^2 \sigma^2 + 3 \sigma^4", "proved"),
    (NUMBER, r"\mathbb{E}[X^4] = \mu^4 + 6 \mu^2 \sigma^2 + \sigma^4", "refuted"),
    (NUMBER, r"\mathbb{E}[(X - \mu)^6] = 15 \sigma^6", "proved"),
    (NUMBER, r"\mathbb{E}[(X - \mu)^3] = 0", "proved"),
    (NUMBER, r"\mathbb{E}[X^3] = \mu^3 + \mu \sigma^2", "refuted"),
    (NUMBER, r"\mathrm{Var}(X^2) = 2 \sigma^4 + 4 \mu^2 \sigma^2", "proved"),
    (NUMBER, r"\mathbb{E}[e^{s X}] = \exp\left(s \mu + \frac{s^2 \sigma^2}{2}\right)", "proved"),
    (NUMBER, r"\mathbb{E}[e^{s X}] = \exp\left(s \mu + \frac{s \sigma^2}{2}\right)", "refuted"),
    (NUMBER, r"\mathrm{Var}(e^X) = (e^{\sigma^2} - 1)\, e^{2 \mu + \sigma^2}", "proved"),
    (NUMBER, r"\mathbb{E}[(X - \mu)\, f(X)] = \sigma^2\, \mathbb{E}[f'(X)]", "proved"),
    (NUMBER, r"\mathbb{E}[X\, f(X)] = \sigma^2\, \mathbb{E}[f'(X)]", "refuted"),
    (NOISE, r"\mathbb{E}[\epsilon^2 f(\epsilon)] = \mathbb{E}[f(\epsilon)] + \mathbb{E}[\epsilon f'(\epsilon)]", "proved"),
    (NOISE, r"\mathbb{E}[\epsilon\, e^{\epsilon}] = e^{1/2}", "proved"),
    (POINT, r"\mathbb{E}[e^{a^\top x}] = e^{a^\top \mu + \frac12 a^\top \Sigma a}", "proved"),
    (POINT, r"\mathbb{E}[e^{a^\top x}] = e^{a^\top \mu + a^\top \Sigma a}", "refuted"),
    (PATH, rf"{MEANS}[\epsilon f(\epsilon)] = {MEANS}[\nabla_\epsilon f(\epsilon)]", "proved"),
    (PATH, rf"{MEANS}[\epsilon^\top v(\epsilon)] = {MEANS}[\nabla_\epsilon \cdot v(\epsilon)]", "proved"),
    (PATH, rf"{MEANS}[\epsilon^\top v(\epsilon)] = -{MEANS}[\nabla_\epsilon \cdot v(\epsilon)]", "refuted"),
    # ∇f(a) is the gradient of f at a
    (PATH, rf"\nabla_\mu \mathbb{{E}}_{{x \sim \mathcal{{N}}(\mu, \sigma^2 I)}}[f(x)] = {MEANS}[\nabla f(\mu + \sigma \epsilon)]",
     "proved"),
    (PATH, rf"\nabla_\mu \mathbb{{E}}_{{x \sim \mathcal{{N}}(\mu, \sigma^2 I)}}[f(x)] = \sigma {MEANS}[\nabla f(\mu + \sigma \epsilon)]",
     "refuted"),
    # bounds
    (PAIR, r"\mathrm{Cov}(X, Y)^2 \le \mathrm{Var}(X)\, \mathrm{Var}(Y)", "proved"),
    (PAIR, r"\mathrm{Cov}(X, Y)^2 \ge \mathrm{Var}(X)\, \mathrm{Var}(Y)", "refuted"),
    (PAIR, r"\left(\mathbb{E}[X Y]\right)^2 \le \mathbb{E}[X^2]\, \mathbb{E}[Y^2]", "proved"),
    (PAIR, r"|\mathbb{E}[X]| \le \mathbb{E}[|X|]", "proved"),
    (PAIR, r"|\mathbb{E}[X]| \ge \mathbb{E}[|X|]", "refuted"),
    (PAIR, r"\mathbb{E}[|X|] \le \sqrt{\mathbb{E}[X^2]}", "proved"),
    (PAIR, r"e^{\mathbb{E}[X]} \le \mathbb{E}[e^X]", "proved"),
    (PAIR, r"e^{\mathbb{E}[X]} \ge \mathbb{E}[e^X]", "refuted"),
    (PAIR, r"\mathrm{Var}(X) \le \mathbb{E}[(X - c)^2]", "proved"),
    (PAIR, r"\mathrm{Var}(X) \le \mathbb{E}[X^2]", "proved"),
    (PAIR, r"\mathrm{Var}(X) \ge \mathbb{E}[X^2]", "refuted"),
    (PAIR, r"\mathrm{Var}(\mathbb{E}[X \mid Y]) \le \mathrm{Var}(X)", "proved"),
    (PAIR, r"\mathbb{E}[\mathrm{Var}(X \mid Y)] \le \mathrm{Var}(X)", "proved"),
    (PAIR, r"\mathbb{E}[\mathrm{Var}(X \mid Y)] \ge \mathrm{Var}(X)", "refuted"),
    (SPACE, r"\left\|\mathbb{E}_{p(x)}[f(x)]\right\|^2 \le \mathbb{E}_{p(x)}[\|f(x)\|^2]", "proved"),
    (SPACE, r"\mathbb{E}_{p(x)}\|x - \mathbb{E}_{p(x)}[x]\|^2 \le \mathbb{E}_{p(x)}\|x - c\|^2", "proved"),
    (SPACE, r"\mathbb{E}_{p(x, y)}\|x - \mathbb{E}_{p(x \mid y)}[x]\|^2 \le \mathbb{E}_{p(x, y)}\|x - g(y)\|^2", "proved"),
    (SPACE, r"\mathbb{E}_{p(x, y)}\|x - \mathbb{E}_{p(x \mid y)}[x]\|^2 \ge \mathbb{E}_{p(x, y)}\|x - g(y)\|^2", "refuted"),
    (MEASURED, r"\mathbb{E}[(y - \hat{g})^2] = (g(x) - \mathbb{E}[\hat{g}])^2 + \mathrm{Var}(\hat{g}) + \tau^2", "proved"),
    (MEASURED, r"\mathbb{E}[(y - \hat{g})^2] = (g(x) - \mathbb{E}[\hat{g}])^2 + \mathrm{Var}(\hat{g}) + \tau", "refuted"),
    # scores
    (DENSITY, r"\mathbb{E}_{p(x)}[\nabla_x \log p(x)] = 0", "proved"),
    (DENSITY, r"\mathbb{E}_{p(x)}[\nabla_x f(x)] = -\mathbb{E}_{p(x)}[f(x) \nabla_x \log p(x)]", "proved"),
    (DENSITY, r"\mathbb{E}_{p(x)}[\nabla_x f(x)] = \mathbb{E}_{p(x)}[f(x) \nabla_x \log p(x)]", "refuted"),
    (DENSITY, r"\mathbb{E}_{p(x)}[\nabla_x \cdot s(x)] = -\mathbb{E}_{p(x)}[s(x)^\top \nabla_x \log p(x)]", "proved"),
    (DENSITY, r"\frac12 \mathbb{E}_{p(x)}\left[\|s(x) - \nabla_x \log p(x)\|^2\right] = \mathbb{E}_{p(x)}\left[\frac12 \|s(x)\|^2 + \nabla_x \cdot s(x)\right] + \frac12 \mathbb{E}_{p(x)}\|\nabla_x \log p(x)\|^2", "proved"),
    (DENSITY, r"\frac12 \mathbb{E}_{p(x)}\left[\|s(x) - \nabla_x \log p(x)\|^2\right] = \mathbb{E}_{p(x)}\left[\frac12 \|s(x)\|^2 - \nabla_x \cdot s(x)\right] + \frac12 \mathbb{E}_{p(x)}\|\nabla_x \log p(x)\|^2", "refuted"),
    (LAW, r"\mathbb{E}_{p_\theta(x)}\left[\left(\frac{\partial}{\partial \theta} \log p_\theta(x)\right)^2\right] = -\mathbb{E}_{p_\theta(x)}\left[\frac{\partial^2}{\partial \theta^2} \log p_\theta(x)\right]", "proved"),
    (LAW, r"\mathbb{E}_{p_\theta(x)}\left[\left(\frac{\partial}{\partial \theta} \log p_\theta(x)\right)^2\right] = \mathbb{E}_{p_\theta(x)}\left[\frac{\partial^2}{\partial \theta^2} \log p_\theta(x)\right]", "not proved"),
    (NOISED, r"\mathbb{E}_{q(\tilde x)}[s(\tilde x)^\top \nabla_{\tilde x} \log q(\tilde x)] = \mathbb{E}_{q(\tilde x, x)}[s(\tilde x)^\top \nabla_{\tilde x} \log q(\tilde x \mid x)]", "proved"),
    # information
    ((), r"I(X; Y) \ge 0", "proved"),
    ((), r"I(X; Y) \le 0", "refuted"),
    ((), r"H(X \mid Y) \le H(X)", "proved"),
    ((), r"I(X; Y) = H(X) + H(Y) - H(X, Y)", "proved"),
    ((), r"I(X; Y) = H(X) + H(Y) + H(X, Y)", "refuted"),
    (("p(x, y) > 0",), r"I(X; Y) = D_{KL}(p(x, y) \,\|\, p(x) p(y))", "proved"),
    (("p(x, y) > 0",), r"H(X) = -\mathbb{E}_{p(x)}[\log p(x)]", "proved"),
    (("p(x, y) > 0",), r"H(X \mid Y) = -\mathbb{E}_{p(x)}[\log p(x \mid y)]", "not proved"),
    (NUMBER, r"H(X) = \frac12 \log(2 \pi e \sigma^2)", "proved"),
    (NUMBER, r"H(X) = \log(2 \pi e \sigma)", "refuted"),
    ((), r"I(X; X) = H(X)", "unknown"),
    # the law of X is that of which x is a value
    ((), r"\mathbb{E}[X] = \int x\, p(x) \,dx", "proved"),
    ((), r"\mathbb{E}[X^2] = \int x\, p(x) \,dx", "refuted"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "statement", "status"), CASES)
def test_what_holds_is_proved_and_a_slip_refuted(given, statement, status):
    found = derive.check(statement, given=list(given)).status
    assert found != "proved" if status == "not proved" else found == status


def test_a_letter_that_the_text_gives_a_meaning_is_not_the_entropy():
    verdict = derive.check(r"H(X) \ge 0", given=[r"H(X) = X^2"])
    assert verdict.status == "proved"
    assert not any("entropy" in line for line in verdict.read_as)
