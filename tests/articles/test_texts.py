"""Notes as people write them, each with a few mistakes: these are found, and nothing else; the line says `% wrong`."""

from pathlib import Path

import pytest

import derive
from derive.articles.report import Report

TEXTS = Path(__file__).with_name("texts")
MEANT = {
    "forward.tex": ["1/β̃ₜ = αₜ/βₜ + 1/(1 − ᾱₜ₋₁)", "βₜ/√(1 − ᾱₜ) ϵ"],
    "denoising.md": [
        "x̃ + σ² ∇_{x̃} log q_σ(x̃)", "𝔼_{q_σ(x | x̃)}[∇_{x̃} log q_σ(x̃ | x)]", "−(x̃ − x)/σ²", "−(x̃ − x)/σ²",
    ],
    "autoencoder.md": ["D_KL(q_ϕ(z | x) ‖ p_θ(z | x))", "exp(s/2)"],
}


@pytest.fixture(scope="module", params=sorted(MEANT))
def checked(request) -> Report:
    return derive.check_article(TEXTS / request.param, timeout=5)


def test_what_is_wrong_is_found_and_nothing_else(checked: Report) -> None:
    lines = Path(checked.file).read_text(encoding="utf-8").splitlines()
    marked = [number for number, line in enumerate(lines, 1) if "% wrong" in line]
    found = [claim.place for claim in checked.of("refuted")]
    assert len(found) == len(marked)
    for place, number in zip(found, marked, strict=True):
        assert place.line <= number <= place.end_line
    others = {claim.status for claim in checked if claim.status != "refuted"}
    assert others <= {"proved", "definition", "assumption"}


def test_what_was_meant_is_among_what_is_suggested(checked: Report) -> None:
    wanted = MEANT[Path(checked.file).name]
    for claim, part in zip(checked.of("refuted"), wanted, strict=True):
        assert any(part in str(found) for found in claim.verdict.suggestions), part


def test_a_wrong_line_has_both_its_values(checked: Report) -> None:
    assert all("left side" in str(claim.verdict.counterexample) or isinstance(claim.verdict.counterexample, dict)
               for claim in checked.of("refuted"))  # fmt: skip
