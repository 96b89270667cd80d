r"""What an author says of quantities that nothing was said of is not refuted; what goes against what was said is."""

import pytest

from derive import check_article


def statuses(tmp_path, text: str) -> list[str]:
    file = tmp_path / "notes.md"
    file.write_text(text, encoding="utf-8")
    return [claim.status for claim in check_article(file) if claim.kind != "assumption"]


@pytest.mark.parametrize(
    "display",
    [
        r"p(x) = \sum_{k=1}^{K} w_k \mathcal{N}(x; m_k, s_k^2)",
        r"\sum_{k=1}^{K} \pi_k = 1, \quad 0 \le \pi_k \le 1",
        r"a_t^2 + b_t^2 = 1",
        r"\nabla_x \log p_t(x) = \frac{D(x, \sigma) - x}{\sigma^2}",
        r"\alpha_t = \alpha_1 + \frac{t - 1}{T - 1} (\alpha_T - \alpha_1)",
        r"\alpha_t^2 = \frac{1}{1 + e^{\gamma(t)}}",
        r"\mu_{t|t-1} = A \mu_{t-1|t-1} + B u_t",
    ],
)
def test_what_is_said_for_the_first_time_is_not_refuted(tmp_path, display: str) -> None:
    assert "refuted" not in statuses(tmp_path, f"$$ {display} $$\n")


@pytest.mark.parametrize(
    "text",
    [
        "$$ (a + c)^2 = a^2 + c^2 $$\n",
        r"$$ \mathrm{Var}(a X + c) = \mathrm{Var}(X) $$" + "\n",
        "$$ a_t = 1 - b_t $$\n\n$$ a_t + b_t = 2 $$\n",
        r"$$ s_t^2 = 1 - a_t^2 $$" + "\n\n" + r"$$ s_t^2 = 1 + a_t^2 $$" + "\n",
        r"$$ P(A \cap B) = P(A) P(B) $$" + "\n",
    ],
)
def test_what_is_wrong_is_still_found(tmp_path, text: str) -> None:
    assert statuses(tmp_path, text)[-1] == "refuted"


def test_a_filter_is_said_step_by_step_and_then_claimed_of(tmp_path) -> None:
    text = (
        r"$$ m_{t|t} = m_{t|t-1} + K_t (z_t - m_{t|t-1}) $$" + "\n\n"
        r"$$ m_{t|t} = (1 - K_t) m_{t|t-1} + K_t z_t $$" + "\n\n"
        r"$$ m_{t|t} = (1 + K_t) m_{t|t-1} + K_t z_t $$" + "\n"
    )  # fmt: skip
    assert statuses(tmp_path, text) == ["proved", "refuted"]


def test_a_sum_does_not_reach_over_a_divergence_that_has_its_own_variables(tmp_path) -> None:
    text = r"$$ \log p(x) = \sum_z q(z) \log \frac{p(x, z)}{q(z)} + D_{KL}(q(z) \,\|\, p(z \mid x)) $$" + "\n"
    assert statuses(tmp_path, text) != ["refuted"]
