# ruff: noqa: E501  (a formula is not broken where it does not end)
"""Statements about processes in continuous time, their scores and their matrices, true and false; with what is given."""

from __future__ import annotations

from tests.search.claims import Claim

LINE = (r"a \in \mathbb{R}^d", r"b \in \mathbb{R}^d", r"y_t = (1 - t) a + t b")


def _claims(topic: str, given: tuple[str, ...], *rows: tuple[bool, str]) -> list[Claim]:
    return [Claim(topic, statement, given, holds) for holds, statement in rows]


CHAIN = (
    r"z_t \in \mathbb{R}^d", r"0 < b_t < 1", r"c_t = \prod_{s=1}^{t} (1 - b_s)", r"t \ge 2",
    r"q(z_{1:T} \mid z_0) = \prod_{t=1}^{T} q(z_t \mid z_{t-1})",
    r"q(z_t \mid z_{t-1}) = \mathcal{N}(z_t; \sqrt{1 - b_t}\, z_{t-1}, b_t I)",
    r"q(z_{t-1} \mid z_t, z_0) = \mathcal{N}(z_{t-1}; m_t(z_t, z_0), v_t I)",
)
STACKED = (
    r"x_1 \in \mathbb{R}^m", r"x_2 \in \mathbb{R}^n", r"\mu_1 \in \mathbb{R}^m", r"\mu_2 \in \mathbb{R}^n",
    r"\Sigma_{11} \in \mathbb{R}^{m \times m}", r"\Sigma_{12} \in \mathbb{R}^{m \times n}",
    r"\Sigma_{22} \in \mathbb{R}^{n \times n}", r"\Sigma_{22} \succ 0",
    r"p(x_1, x_2) = \mathcal{N}\left(\begin{pmatrix} x_1 \\ x_2 \end{pmatrix}; \begin{pmatrix} \mu_1 \\ \mu_2 \end{pmatrix}, \begin{pmatrix} \Sigma_{11} & \Sigma_{12} \\ \Sigma_{12}^\top & \Sigma_{22} \end{pmatrix}\right)",
)
OBSERVED = (
    r"x \in \mathbb{R}^n", r"y \in \mathbb{R}^k", r"m \in \mathbb{R}^n", r"P \in \mathbb{R}^{n \times n}", r"P \succ 0",
    r"H \in \mathbb{R}^{k \times n}", r"R \in \mathbb{R}^{k \times k}", r"R \succ 0", r"p(x) = \mathcal{N}(x; m, P)",
    r"p(y \mid x) = \mathcal{N}(y; H x, R)", r"S = H P H^\top + R", r"K = P H^\top S^{-1}",
)

CLAIMS: list[Claim] = [
    # ---- points that move ---------------------------------------------------------------------------------------
    *_claims(
        "motion", (*LINE, r"t \in [0, 1]"),
        (True, r"\frac{d y_t}{dt} = b - a"),
        (True, r"b = y_t + (1 - t)(b - a)"),
        (False, r"\frac{d y_t}{dt} = a - b"),
        (False, r"a = y_t + t (b - a)"),
    ),
    *_claims(
        "motion", (*LINE, r"0 < t < 1"),
        (True, r"\frac{b - y_t}{1 - t} = b - a"),
        (False, r"\frac{b - y_t}{t} = b - a"),
    ),
    *_claims(
        "motion",
        (r"u \in \mathbb{R}^d", r"w \in \mathbb{R}^d", r"\omega \in \mathbb{R}", r"p_\omega = \cos(\omega) u + \sin(\omega) w"),
        (True, r"\frac{d p_\omega}{d \omega} = \cos(\omega) w - \sin(\omega) u"),
        (True, r"\frac{d^2 p_\omega}{d \omega^2} = -p_\omega"),
        (False, r"\frac{d p_\omega}{d \omega} = \cos(\omega) w + \sin(\omega) u"),
    ),
    *_claims(
        "motion",
        (r"z \in \mathbb{R}^d", r"c \in \mathbb{R}^d", r"0 < t < 1", r"s_t = 1 - (1 - \rho) t", r"0 < \rho < 1", r"\phi_t(z) = s_t z + t c"),
        (True, r"\frac{d}{dt} \phi_t(z) = c - (1 - \rho) z"),
        (True, r"\frac{c - (1 - \rho) \phi_t(z)}{s_t} = c - (1 - \rho) z"),
        (False, r"\frac{d}{dt} \phi_t(z) = c - \rho z"),
    ),
    *_claims(
        "motion", (r"\alpha(t) > 0", r"\sigma(t) > 0", r"t > 0", r"g(t)^2 = \frac{d \sigma(t)^2}{dt} - 2 \frac{d \log \alpha(t)}{dt} \sigma(t)^2"),
        (True, r"g(t)^2 = -2 \sigma(t)^2 \frac{d}{dt} \log \frac{\alpha(t)}{\sigma(t)}"),
        (False, r"g(t)^2 = -\sigma(t)^2 \frac{d}{dt} \log \frac{\alpha(t)}{\sigma(t)}"),
    ),
    *_claims(
        "motion", (r"b_0 > 0", r"b_1 > b_0", r"0 < t < 1", r"\beta(t) = b_0 + t (b_1 - b_0)"),
        (True, r"\int_0^t \beta(s) \,ds = b_0 t + \frac{b_1 - b_0}{2} t^2"),
        (False, r"\int_0^t \beta(s) \,ds = b_0 t + (b_1 - b_0) t^2"),
    ),
    # ---- what a law names ---------------------------------------------------------------------------------------
    *_claims(
        "named", CHAIN,
        (True, r"v_t = \frac{1 - c_{t-1}}{1 - c_t} b_t"),
        (True, r"m_t(z_t, z_0) = \frac{\sqrt{1 - b_t} (1 - c_{t-1})}{1 - c_t} z_t + \frac{\sqrt{c_{t-1}} b_t}{1 - c_t} z_0"),
        (False, r"v_t = \frac{1 - c_t}{1 - c_{t-1}} b_t"),
    ),
    *_claims(
        "named", (*OBSERVED, r"V \in \mathbb{R}^{n \times n}", r"\hat x \in \mathbb{R}^n", r"p(x \mid y) = \mathcal{N}(x; \hat x, V)"),
        (True, r"V = (I - K H) P"),
        (True, r"V^{-1} = P^{-1} + H^\top R^{-1} H"),
        (False, r"V = (I + K H) P"),
    ),
    # ---- conditioning -------------------------------------------------------------------------------------------
    *_claims(
        "conditioning", STACKED,
        (True, r"p(x_1 \mid x_2) = \mathcal{N}(x_1; \mu_1 + \Sigma_{12} \Sigma_{22}^{-1} (x_2 - \mu_2), \Sigma_{11} - \Sigma_{12} \Sigma_{22}^{-1} \Sigma_{12}^\top)"),
        (True, r"p(x_2) = \mathcal{N}(x_2; \mu_2, \Sigma_{22})"),
        (False, r"p(x_1 \mid x_2) = \mathcal{N}(x_1; \mu_1 + \Sigma_{12} \Sigma_{22}^{-1} (x_2 - \mu_2), \Sigma_{11})"),
    ),
    *_claims(
        "conditioning", OBSERVED,
        (True, r"p(x \mid y) = \mathcal{N}(x; (P^{-1} + H^\top R^{-1} H)^{-1} (P^{-1} m + H^\top R^{-1} y), (P^{-1} + H^\top R^{-1} H)^{-1})"),
        (True, r"p(y) = \mathcal{N}(y; H m, S)"),
        (True, r"(I - K H) P = (P^{-1} + H^\top R^{-1} H)^{-1}"),
        (True, r"p(x \mid y) = \mathcal{N}(x; m + K (y - H m), P - K H P)"),
        (False, r"p(x \mid y) = \mathcal{N}(x; m + K (y - H m), P + K H P)"),
        (False, r"p(y) = \mathcal{N}(y; H m, R)"),
    ),
    *_claims(
        "conditioning",
        (r"x \in \mathbb{R}^d", r"\tilde x \in \mathbb{R}^d", r"\sigma > 0", r"q_\sigma(\tilde x \mid x) = \mathcal{N}(\tilde x; x, \sigma^2 I)", r"q_\sigma(\tilde x) = \int q_\sigma(\tilde x \mid x) p(x) \,dx"),
        (True, r"\nabla_{\tilde x} \log q_\sigma(\tilde x \mid x) = \frac{x - \tilde x}{\sigma^2}"),
        (False, r"\nabla_{\tilde x} \log q_\sigma(\tilde x \mid x) = \frac{x - \tilde x}{\sigma}"),
    ),
    # ---- matrices -----------------------------------------------------------------------------------------------
    *_claims(
        "matrices", (r"A \succ 0", r"B \succ 0"),
        (True, r"(A^{-1} + B^{-1})^{-1} = A (A + B)^{-1} B"),
        (True, r"A - A (A + B)^{-1} A = (A^{-1} + B^{-1})^{-1}"),
        (False, r"(A^{-1} + B^{-1})^{-1} = (A + B)^{-1}"),
    ),
    *_claims(
        "matrices", (r"A \in \mathbb{R}^{n \times n}", r"\det(A) \ne 0", r"u \in \mathbb{R}^n", r"v \in \mathbb{R}^n", r"1 + v^\top A^{-1} u \ne 0"),
        (True, r"(A + u v^\top)^{-1} = A^{-1} - \frac{A^{-1} u v^\top A^{-1}}{1 + v^\top A^{-1} u}"),
        (True, r"\det(A + u v^\top) = \det(A) (1 + v^\top A^{-1} u)"),
        (False, r"\det(A + u v^\top) = \det(A) + v^\top A^{-1} u"),
    ),
    *_claims(
        "matrices", (r"A \in \mathbb{R}^{n \times n}", r"B \in \mathbb{R}^{n \times n}", r"X \in \mathbb{R}^{n \times n}", r"A X = B", r"\det(A) \ne 0"),
        (True, r"X = A^{-1} B"),
        (False, r"X = B A^{-1}"),
    ),
    *_claims(
        "matrices", (r"x \in \mathbb{R}^d", r"y \in \mathbb{R}^d", r"x' \in \mathbb{R}^d", r"y' \in \mathbb{R}^d", r"a \in \mathbb{R}", r"b > 0", r"z = a x + b y", r"z = a x' + b y'"),
        (True, r"\|y - y'\|^2 = \frac{a^2}{b^2} \|x - x'\|^2"),
        (False, r"\|y - y'\|^2 = \frac{a}{b} \|x - x'\|^2"),
    ),
    *_claims(
        "matrices", (r"W \in \mathbb{R}^{k \times n}", r"x \in \mathbb{R}^n", r"y \in \mathbb{R}^k", r"A \in \mathbb{R}^{n \times n}"),
        (True, r"\nabla_x \frac12 \|W x - y\|^2 = W^\top (W x - y)"),
        (True, r"\nabla_x \|W x - y\|^2 = 2 W^\top W x - 2 W^\top y"),
        (True, r"\operatorname{tr}(A I_n) = \operatorname{tr}(A)"),
        (False, r"\nabla_x \frac12 \|W x - y\|^2 = 2 W^\top (W x - y)"),
    ),
    *_claims(
        "conditioning",
        (
            r"x_a \in \mathbb{R}^m", r"x_b \in \mathbb{R}^n", r"\mu_a \in \mathbb{R}^m", r"\mu_b \in \mathbb{R}^n",
            r"S_{aa} \in \mathbb{R}^{m \times m}", r"S_{ab} \in \mathbb{R}^{m \times n}", r"S_{bb} \in \mathbb{R}^{n \times n}",
            r"V \in \mathbb{R}^{m \times m}", r"u \in \mathbb{R}^m",
            r"p(x_a, x_b) = \mathcal{N}\left(\begin{bmatrix} x_a \\ x_b \end{bmatrix}; \begin{bmatrix} \mu_a \\ \mu_b \end{bmatrix}, \begin{bmatrix} S_{aa} & S_{ab} \\ S_{ab}^\top & S_{bb} \end{bmatrix}\right)",
            r"p(x_a \mid x_b) = \mathcal{N}(x_a; u, V)",
        ),
        (True, r"V = S_{aa} - S_{ab} S_{bb}^{-1} S_{ab}^\top"),
        (False, r"V = S_{aa} + S_{ab} S_{bb}^{-1} S_{ab}^\top"),
    ),
    *_claims(
        "matrices", (*OBSERVED[3:8], r"G \in \mathbb{R}^{n \times k}", r"G (H P H^\top + R) = P H^\top"),
        (True, r"G = P H^\top (H P H^\top + R)^{-1}"),
    ),
]
