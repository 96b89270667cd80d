"""True statements with one slip: none that changed its meaning is called proved."""

from __future__ import annotations

from random import Random

import pytest

from derive.latex import unicode_text
from tests.soundness.mutants import judged, library_steps, rule_instances, several, slipped

STEPS = ["foundations.bayes", "foundations.vertex-form", "foundations.kl-cross-entropy", "likelihood.mean", "elbo.vae"]


@pytest.fixture(scope="module")
def statements():
    """Lines of short derivations, and the rules."""
    return [*library_steps(STEPS), *rule_instances()]


def test_no_slip_is_proved(statements):
    """A world refutes nothing that was proved, and no statement breaks the engine."""
    rng = Random(11)
    seen = {"proved": 0, "refuted": 0, "unknown": 0}
    for number in range(60):
        entry = rng.choice(statements)
        slip = slipped(entry.statement, rng)
        if slip is None:
            continue
        found = judged(slip.statement, entry.model, number, alone=number % 4 == 0)
        assert not found.wrong and found.status not in ("fault", "broken"), (entry.name, slip, found)
        seen[found.status] = seen.get(found.status, 0) + 1
    assert seen["refuted"] > 30 > 15 > seen["proved"], seen


def test_a_mean_under_a_wrong_law_is_no_mean_over_its_noise():
    """E_{q(x, z)} for E_{q(z | x)} in the evidence bound of Gaussians: it is looked for, and nothing breaks."""
    bound = next(entry for entry in library_steps(["elbo.gaussian"]) if entry.name == "elbo.gaussian:1")
    slips = several(bound.statement, Random(4))
    slip = next(slip for slip in slips if "𝔼_{q(x, z)}[log p(x | z)]" in unicode_text(slip.statement))
    assert judged(slip.statement, bound.model, 14956).status in ("unknown", "refuted")
