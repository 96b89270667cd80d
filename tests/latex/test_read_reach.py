r"""How far an operator reaches, what is meant by what stands raised, and where a statement goes on."""

import pytest
from sympy import Symbol

import derive
from derive.errors import ReadError
from derive.latex import latex, read, read_display, read_model_lines
from derive.terms import (
    SCALAR,
    Application,
    BlockMatrix,
    Identity,
    MatrixProduct,
    Normal,
    alpha_equal,
    walk,
)

x = Symbol("x")


@pytest.mark.parametrize(
    ("text", "same"),
    [
        (r"\frac{\partial}{\partial x} \frac12 x^2", r"\frac{\partial}{\partial x} \left(\frac12 x^2\right)"),
        (r"\frac{d}{dt} a(t) b(t)", r"\frac{d}{dt} (a(t) b(t))"),
        (r"\frac{d}{dx} x c", r"\frac{d}{dx} (x c)"),
        (r"\frac{\partial}{\partial h} L(h) \cdot \frac{\partial g(x)}{\partial x}",
         r"\left(\frac{\partial}{\partial h} L(h)\right) \frac{\partial g(x)}{\partial x}"),
    ],
)  # fmt: skip
def test_a_derivative_takes_the_factors_that_follow(text: str, same: str) -> None:
    assert alpha_equal(read(text).term, read(same).term)


@pytest.mark.parametrize(
    "text", [r"\frac{d}{dx} f(x) \cdot g(x)", r"\frac{d}{dx} f(g(x)) \frac{d}{dx} g(x)"]
)
def test_where_it_can_end_in_two_places_it_is_refused(text: str) -> None:
    with pytest.raises(ReadError, match="how far the derivative reaches"):
        read(text)


def test_derivatives_without_brackets_are_checked() -> None:
    assert derive.check(r"\frac{\partial}{\partial x} \frac12 x^2 = x").status == "proved"
    assert derive.check(r"\frac{d}{dt} a(t) b(t) = a'(t) b(t) + a(t) b'(t)").status == "proved"
    assert derive.check(r"\frac{d}{dt} a(t) b(t) = a'(t) b(t) - a(t) b'(t)").status == "refuted"


@pytest.mark.parametrize("name", ["a", "b", "c", "d", "k", "m", "n", "t", "T", "N", r"\beta", r"\sigma", "g"])
def test_a_name_applied_to_a_name_is_a_function(name: str) -> None:
    assert read(f"{name}(x) = x^2").term.lhs == Application(name, SCALAR, (), x)


def test_a_name_before_a_sum_is_a_factor() -> None:
    a, n = Symbol("a"), Symbol("n")
    assert read("a(x + 1)").term == a * (x + 1)
    assert read("n(n - 1)").term == n * (n - 1)


def test_a_word_that_stands_raised_is_a_label() -> None:
    assert read(r"\mathbf{p}_i^{room}").term.name == r"p^{\mathrm{room}}"
    assert read("x^{abc}").term == x ** (Symbol("a") * Symbol("b") * Symbol("c"))
    assert read(r"\mathcal{L}^{\rm CFM}(\theta)").term.name == r"\mathcal L^{\mathrm{CFM}}"


def test_a_law_goes_on_after_what_is_drawn_from_it() -> None:
    drawn, law = (reading.term for reading in read_display(r"z \sim p_0 = \mathcal{N}(0, I)"))
    assert latex(drawn) == r"z \sim p_0(z)" and latex(law) == r"p_0(z) = \mathcal{N}(z; 0, I)"
    first, second = read_display(r"x_t = a x_0 + b \epsilon \sim q(x_t \mid x_0)")
    assert latex(second.term) == r"x_t \sim q(x_t \mid x_0)"
    assert latex(first.term) == r"x_t = a x_0 + b \epsilon"


@pytest.mark.parametrize("identity", [r"\mathcal{I}", r"\mathbb{I}", r"\mathbf{I}", "I"])
def test_identities_of_every_alphabet(identity: str) -> None:
    gaussian = read(rf"\mathcal{{N}}(x; \mu, \beta {identity})").term
    assert isinstance(gaussian, Normal) and gaussian.covariance == Symbol(r"\beta") * Identity(Symbol("d"))


def test_a_pair_is_drawn_from_its_law() -> None:
    pair = read(r"\mathbb{E}_{(x, y) \sim p}[f(x, y)]").term
    assert pair == read(r"\mathbb{E}_{x, y \sim p}[f(x, y)]").term


def test_identities_in_blocks_have_the_sizes_that_their_places_give() -> None:
    lines = [
        r"A \in \mathbb{R}^{m \times n}",
        r"\begin{pmatrix} I & A \\ 0 & I \end{pmatrix} \begin{pmatrix} I & -A \\ 0 & I \end{pmatrix} "
        r"= \begin{pmatrix} I & 0 \\ 0 & I \end{pmatrix}",
    ]
    term = read_model_lines([(line, 1) for line in lines])[1][1].term
    blocks = [node for _, node in walk(term) if isinstance(node, BlockMatrix)]
    sizes = {node.size for block in blocks for _, node in walk(block) if isinstance(node, Identity)}
    assert len(blocks) == 3 and sizes == {Symbol("m"), Symbol("n")}


def test_a_capital_beside_itself_transposed_within_a_product_is_a_matrix() -> None:
    term = read(r"W^\top X^\top X W").term
    assert isinstance(term, MatrixProduct) and len(term.args) == 4


def test_operators_that_are_written_as_letters() -> None:
    assert derive.check(r"var(X) = E(X^2) - E(X)^2").status == "proved"
    assert derive.check(r"cov(X, Y) = E(XY) - E(X) E(Y)").status == "proved"


