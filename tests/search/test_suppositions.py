"""What would make a claim true, looked for when somebody asks."""

import pickle

import pytest

import derive
from derive.latex import latex

CHAIN = [r"0 < \beta_t < 1", r"0 < \alpha_t < 1", r"\bar\alpha_t = \prod_{s=1}^{t} \alpha_s", r"t \ge 1"]


@pytest.mark.parametrize(
    ("claim", "given", "missing"),
    [
        (r"P(A \cap B) = P(A) P(B)", [], r"A \perp B"),
        (r"\alpha_t = 1 - \beta_t", CHAIN[:2], r"\alpha_t = 1 - \beta_t"),
        (r"\sqrt{x^2} = x", [], r"x > 0"),
    ],
)
def test_the_assumption_is_named_and_proves_the_claim(claim, given, missing):
    """A claim that fails as it stands, and is proved once the assumption is given."""
    verdict = derive.check(claim, given=given)
    assert verdict.status == "refuted"
    assert [latex(found) for found in verdict.missing] == [missing]
    assert derive.check(claim, given=[*given, missing]).status == "proved"


def test_a_chain_lacks_what_its_wrong_link_lacks():
    """The link that fails is the one for which something is missing; and it is carried to another process."""
    verdict = derive.check(r"\bar\alpha_t = \alpha_t \bar\alpha_{t-1} = (1 - \beta_t) \bar\alpha_{t-1}", given=CHAIN)
    assert [link.status for link in verdict.links] == ["proved", "refuted"]
    assert [latex(found) for found in verdict.missing] == [r"\alpha_t = 1 - \beta_t"]
    assert verdict.missing == verdict.links[1].missing and not verdict.links[0].missing
    assert pickle.loads(pickle.dumps(verdict)).missing == verdict.missing


def test_nothing_is_looked_for_before_somebody_asks():
    """The status costs what deciding costs; nothing is missing from what is proved."""
    verdict = derive.check(r"P(A \cap B) = P(A) P(B)")
    assert "missing" not in vars(verdict) and not verdict.needs
    assert derive.check(r"(a + b)^2 = a^2 + 2 a b + b^2").missing == ()


def test_a_counterexample_is_made_simple_when_somebody_asks():
    """What refutes is known at once, and which world shows it best is another question; it is carried along as well."""
    for claim in (r"(a + b)^2 = a^2 + b^2", r"q(x, y) = q(x) q(y)"):
        verdict = derive.check(claim)
        assert verdict.status == "refuted" and "counterexample" not in vars(verdict)
        assert verdict.counterexample is not None
        assert str(pickle.loads(pickle.dumps(derive.check(claim))).counterexample) == str(verdict.counterexample)
