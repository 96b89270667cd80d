"""Certificates edited by hand: what a derivation does not show is not accepted as shown."""

from __future__ import annotations

import copy
import json
from random import Random

import pytest

import derive
from derive import certificates
from derive.errors import DeriveError
from derive.rulebook import load_rulebook
from derive.terms import to_json
from tests.soundness.changes import changed, difference, theorems, tried

RULES = load_rulebook()


@pytest.fixture(scope="module")
def certificate():
    """A short derivation with an open obligation, and its certificate."""
    found = (
        derive.Derivation(r"\mathbb{E}_{q(x)}[f(x) + g(x)]", given=[r"f(x) \in \mathbb{R}"])
        .by("expectation-sum")
    )  # fmt: skip
    return json.loads(json.dumps(certificates.certificate(found.theorem)))


@pytest.fixture(scope="module")
def induced():
    """The closed form of the chain, by induction."""
    found = derive.load("ddpm.marginal")
    return json.loads(json.dumps(certificates.certificate(found.theorem)))


def refused(data):
    """Whether a certificate is refused, for a reason."""
    try:
        certificates.check(data, RULES)
    except DeriveError:
        return True
    return False


def test_untouched_they_are_accepted(certificate, induced):
    """The certificates as they were written."""
    assert certificates.check(certificate, RULES).obligations
    assert certificates.check(induced, RULES).statement


def edits(data):
    """The same certificate with one false thing in it."""

    def edited(change):
        other = copy.deepcopy(data)
        change(other["theorem"])
        return other

    def other_side(theorem):
        theorem["statement"][2] = theorem["statement"][1]

    def no_obligations(theorem):
        theorem["obligations"] = []

    def discharged(theorem):
        for row in theorem["steps"]:
            for entry in row["conditions"]:
                entry["state"] = "discharged"

    def without_conditions(theorem):
        for row in theorem["steps"]:
            row["conditions"] = []
        theorem["obligations"] = []

    def another_relation(theorem):
        theorem["steps"][0]["relation"] = "<="

    def another_rule(theorem):
        theorem["steps"][0]["by"]["name"] = "expectation-product"

    def another_hash(theorem):
        theorem["steps"][0]["by"]["reference"] = "0" * 16

    def by_nothing(theorem):
        theorem["steps"] = []

    def twice(theorem):
        theorem["steps"] = [*theorem["steps"], theorem["steps"][0]]

    def normalised(theorem):
        theorem["how"], theorem["parts"] = "normalisation", [0]

    return [
        edited(change) for change in (
            other_side, no_obligations, discharged, without_conditions, another_relation, another_rule, another_hash,
            by_nothing, twice, normalised,
        )
    ]  # fmt: skip


@pytest.mark.parametrize("number", range(10))
def test_one_false_thing(certificate, number):
    """Another statement, missing obligations, assumed written as discharged, another rule, no steps."""
    assert refused(edits(certificate)[number])


def test_ranges_of_an_induction(induced):
    """A wider range, a base that is missing, base and step exchanged, the step alone as the whole."""
    for change in ("wider", "swapped", "no base", "step alone", "contradictory"):
        data = copy.deepcopy(induced)
        theorem = next(found for found in (data["theorem"], *data["theorems"]) if found["how"] == "induction")
        parts = [data["theorems"][place] for place in theorem["parts"]]
        match change:
            case "wider":
                for part in (theorem, *parts):
                    part["ranges"] = []
            case "swapped":
                theorem["parts"].reverse()
            case "no base":
                theorem["parts"] = theorem["parts"][1:]
            case "step alone":
                step = copy.deepcopy(parts[1])
                step["given"] = []
                theorem.clear()
                theorem.update(step)
            case "contradictory":
                theorem["ranges"] = [-1, *theorem["ranges"]]
        assert refused(data), change


def test_a_theorem_refers_to_earlier_ones_only(induced):
    """Not to itself, not to a later one, not to one that is not there."""
    for place in (len(induced["theorems"]), -1, True, "0", None):
        data = copy.deepcopy(induced)
        data["theorem"]["lemmas"][0][1] = place
        assert refused(data), place
    data = copy.deepcopy(induced)
    data["theorems"][0]["lemmas"] = [["itself", 0]]
    assert refused(data)


def test_terms_that_no_reader_builds(certificate):
    """Vectors multiplied as if they were numbers, code instead of a node, a nest without end."""
    from sympy import Symbol

    from derive.terms import Variable, vector

    u, v = (to_json(Variable(name, vector(Symbol("d")))) for name in "uv")
    nest = 1
    for _ in range(2000):
        nest = ["Add", nest, 1]
    for term in (["Mul", u, v], ["exp", u], ["Add", u, 1], ["__import__", "os"], ["Symbol", 3], nest):
        data = copy.deepcopy(certificate)
        data["theorem"]["steps"][0]["before"] = term
        data["theorem"]["statement"][1] = term
        assert refused(data), str(term)[:40]
        assert refused({**data, "models": [{"name": "", "statements": [[["Equal", term, 0], ""]]}]})


@pytest.fixture(scope="module")
def library():
    """Certificates with an induction, a lemma, inequalities and a proportionality."""
    names = (
        "ddpm.constant", "elbo.jensen", "elbo.exact", "foundations.bayes", "foundations.kl-zero", "gaussian.kl",
        "foundations.forward-factorization", "likelihood.variance",
    )  # fmt: skip
    return [json.loads(json.dumps(certificates.certificate(derive.load(name).theorem))) for name in names]


def test_random_single_changes(library):
    """A changed certificate is refused; one that is accepted says the same or what holds in its own worlds."""
    rng = Random(7)
    accepted = []
    for _ in range(240):
        before = rng.choice(library)
        kind, after = changed(before, rng)
        outcome, reason = tried(after, before, RULES)
        assert outcome != "wrong", (kind, reason, difference(before, after))
        if outcome != "refused":
            accepted.append(difference(before, after))
    assert len(accepted) < 24, accepted


def test_a_changed_step_is_refused(library):
    """Every step's formula, rule, hash, position and direction, one after the other."""
    for before in library[:5]:
        for number, part in enumerate(theorems(before)):
            for place in range(len(part["steps"])):
                for change in ("after", "name", "reference", "path", "relation"):
                    data = copy.deepcopy(before)
                    row = list(theorems(data))[number]["steps"][place]
                    match change:
                        case "after":
                            row["after"] = ["Add", 1, row["after"]]
                        case "name":
                            row["by"]["name"] += "-"
                        case "reference":
                            row["by"]["reference"] = "1" + row["by"]["reference"]
                        case "path":
                            row["path"] = [*row["path"], 0]
                        case "relation":
                            row["relation"] = ">=" if row["relation"] != ">=" else "<="
                    assert refused(data), (change, row["by"])
