r"""`E(x)` is an expectation or an energy: the text says which, and where it does not both are shown."""

import pytest
from sympy import Symbol

import derive
from derive.errors import ReadError
from derive.latex import read, read_display
from derive.terms import Application, Density, Expectation, Law, Variance, walk

EXPECTATIONS = [
    r"E(X + Y) = E(X) + E(Y)",
    r"E(E(Y \mid X)) = E(Y)",
    r"e^{E(X)} \le E(e^X)",
    r"E(x^2) - E(x)^2",
    r"E(y) = \int y\, p(y)\, dy",
    r"x \sim p, \quad E(x) = 0",
    r"E_q(x)",
    r"E_\theta(X) = \theta",
]
ENERGIES = [
    r"p_\theta(x) = \frac{e^{-E_\theta(x)}}{Z(\theta)}",
    r"p(x) = \frac{1}{Z} \exp(-E(x))",
    r"\nabla_x E(x) = x",
    r"E(\mathbf{w}) = \frac{1}{2} \sum_{n=1}^{N} (t_n - \mathbf{w}^\top \mathbf{x}_n)^2",
    r"E(v, h) = -v h",
    r"E(x; a) = a x^2",
    (
        r"\nabla_\theta \log p_\theta(x) = -\nabla_\theta E_\theta(x) "
        r"+ \mathbb{E}_{y \sim p_\theta}[\nabla_\theta E_\theta(y)]"
    ),
]


def kinds(text: str) -> set[str]:
    nodes = [node for reading in read_display(text) for _, node in walk(reading.term)]
    moments = any(isinstance(node, Expectation) and not isinstance(node.args[0], Application) for node in nodes)
    energies = any(isinstance(node, Application) and node.name == "E" for node in nodes)
    return {word for word, found in (("expectation", moments), ("energy", energies)) if found}


@pytest.mark.parametrize("text", EXPECTATIONS)
def test_an_expectation_in_round_brackets(text: str) -> None:
    assert kinds(text) == {"expectation"}


@pytest.mark.parametrize("text", ENERGIES)
def test_an_energy(text: str) -> None:
    assert "energy" in kinds(text)


@pytest.mark.parametrize("text", [r"E(x) = \mu", r"E_\theta(x) = 1", r"E(c) = c"])
def test_what_can_be_both_is_refused_and_both_are_shown(text: str) -> None:
    with pytest.raises(ReadError, match="an expectation and the value of a function") as caught:
        read(text)
    assert r"\mathbb{E}" in str(caught.value) and r"\in \mathbb{R}" in str(caught.value)


def test_a_declaration_says_which() -> None:
    assert derive.check(r"E(x) = \mu", given=[r"E(x) \in \mathbb{R}"]).status == "refuted"
    assert derive.check(r"E(x + a)^2 \ge 0", given=[r"E(x) \in \mathbb{R}"]).status == "proved"


def test_the_law_with_a_parameter() -> None:
    X = Symbol("X")
    assert read(r"\mathbb{E}_\theta[X] = \theta").term.lhs == Expectation(X, Density(Law("p", Symbol(r"\theta")), [X]))
    theta = Symbol(r"\theta")
    assert read(r"\mathbb{E}_\theta[\theta X]").term == Expectation(theta * X, Density(Law(""), [theta]))


def test_a_variance_beside_an_expectation() -> None:
    assert isinstance(read(r"V(X) = E(X^2) - E(X)^2").term.lhs, Variance)
    assert isinstance(read(r"V(X) = X^2").term.lhs, Application)


@pytest.mark.parametrize(
    ("claim", "status"),
    [
        (r"E(X + Y) = E(X) + E(Y)", "proved"),
        (r"E(a X + b) = a E(X) + b", "proved"),
        (r"\mathrm{Var}(X) = E(X^2) - E(X)^2", "proved"),
        (r"V(X) = E(X^2) - E(X)^2", "proved"),
        (r"\mathrm{Var}(X) = E(X)^2 - E(X^2)", "refuted"),
        (r"E(X^2) = E(X)^2", "refuted"),
    ],
)
def test_claims_about_expectations_in_round_brackets(claim: str, status: str) -> None:
    assert derive.check(claim).status == status
