r"""`x_t = a x_0 + b \epsilon`: lines that write a variable with its noise, as articles write them."""

from __future__ import annotations

import pytest

from derive.articles.checking import check_article
from derive.articles.report import Claim

MODEL = "model: ddpm\n\n"
RIGHT = r"x_t = \sqrt{\bar\alpha_t} x_0 + \sqrt{1 - \bar\alpha_t}\, \epsilon"
WRONG = r"x_t = \sqrt{\bar\alpha_t} x_0 + (1 - \bar\alpha_t)\, \epsilon"
BACK = r"x_0 = \frac{1}{\sqrt{\bar\alpha_t}} \left(x_t - \sqrt{1 - \bar\alpha_t}\, \epsilon\right)"
LAW = r"\epsilon \sim \mathcal{N}(0, I)"


def checked(*displays: str, before: str = MODEL) -> list[Claim]:
    """Claims and definitions of an article of these displays; what begins with a word is prose."""
    parts = (part if part[0].isalpha() and "=" not in part.split("$")[0] else f"$$ {part} $$" for part in displays)
    report = check_article(before + "\n\n".join(parts) + "\n", timeout=3)
    return [claim for claim in report if claim.kind in ("claim", "definition")]


def said(*displays: str, before: str = MODEL) -> list[str]:
    return [claim.status if claim.kind == "claim" else "≔" for claim in checked(*displays, before=before)]


@pytest.mark.parametrize("declared", [
    (LAW, RIGHT), (rf"{RIGHT}, \quad {LAW}",), (rf"{RIGHT}, \quad \text{{where }} {LAW}",),
    (f"With ${LAW}$ we have", RIGHT), (RIGHT, f"where ${LAW}$ is the noise."),
])  # fmt: skip
def test_the_noise_is_declared_before_beside_or_in_prose(declared: tuple[str, ...]) -> None:
    assert [status for status in said(*declared, BACK) if status != "≔"] == ["proved", "proved"]


def test_a_lost_root_is_found_and_nothing_rests_on_the_line() -> None:
    found = [claim for claim in checked(rf"{WRONG}, \quad {LAW}", BACK) if claim.kind == "claim"]
    assert [claim.status for claim in found] == ["refuted", "unknown"]
    assert found[0].verdict is not None
    assert "√(1 − ᾱₜ) ϵ" in str(found[0].verdict.suggestion) or "1 - \\bar" in str(found[0].verdict.suggestion)


def test_a_noise_of_which_nothing_is_said_is_what_the_line_makes_it() -> None:
    assert said(RIGHT, BACK) == ["≔", "proved"]
    found = checked(RIGHT)[0]
    assert "∼" in found.reason
    assert said(WRONG)[0] == "refuted"
    assert said(BACK.replace("x_0 =", "x_{t-1} ="))[0] == "refuted"


def test_the_chain_that_merges_noises() -> None:
    first = r"x_t = \sqrt{\alpha_t} x_{t-1} + \sqrt{1-\alpha_t} \epsilon_{t-1}"
    earlier = r"\sqrt{\alpha_{t-1}} x_{t-2} + \sqrt{1-\alpha_{t-1}} \epsilon_{t-2}"
    opened = rf"= \sqrt{{\alpha_t}}({earlier}) + \sqrt{{1-\alpha_t}} \epsilon_{{t-1}}"
    merged = r"= \sqrt{\alpha_t\alpha_{t-1}} x_{t-2} + \sqrt{1-\alpha_t\alpha_{t-1}}\, \bar\epsilon_{t-2}"
    last = r"= \sqrt{\bar\alpha_t} x_0 + \sqrt{1-\bar\alpha_t}\, \epsilon"
    assert said(first + opened + merged + last) == ["≔"] * 4
    total = r"(\sqrt{1-\alpha_t} + \sqrt{\alpha_t - \alpha_t\alpha_{t-1}})"
    added = merged.replace(r"\sqrt{1-\alpha_t\alpha_{t-1}}", total)
    assert said(first + opened + added)[2] == "refuted"
    lost = last.replace(r"\sqrt{1-\bar\alpha_t}", r"\sqrt{1-\alpha_t}")
    assert said(first + merged + lost)[2] == "refuted"


def test_the_letter_of_a_noise_is_used_again() -> None:
    step = r"x_t = \sqrt{\alpha_t} x_{t-1} + \sqrt{\beta_t}\, \epsilon"
    assert said(LAW, RIGHT, step, BACK) == ["≔", "proved", "proved", "proved"]
    assert said(LAW, RIGHT, step.replace(r"\sqrt{\beta_t}", r"\beta_t"))[2] == "refuted"


def test_a_step_of_the_reverse_process_is_a_draw_of_its_law() -> None:
    assert said(r"x_{t-1} = \mu_\theta(x_t, t) + \sigma_t z") == ["≔"]
    assert said(r"x_{t-1} = \mu_\theta(x_t, t) + \sigma_t^2 z, \quad z \sim \mathcal{N}(0, I)")[0] == "refuted"


def test_prose_gives_no_law_to_what_has_one() -> None:
    """`x_T ∼ N(0, I)` in prose is what the chain comes near, and no assumption."""
    prose = r"At the end $x_T \sim \mathcal{N}(0, I)$ holds."
    assert said(prose, r"\mathbb{E}_{q(x_T \mid x_0)}[x_T] = 0") == ["refuted"]
    assert said(prose, RIGHT, BACK) == ["≔", "proved"]
