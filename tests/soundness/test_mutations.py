"""True statements with one slip: none that changed its meaning is called proved."""

from __future__ import annotations

from random import Random

import pytest

from tests.soundness.mutants import judged, library_steps, rule_instances, slipped

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
