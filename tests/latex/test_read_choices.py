r"""`\max_x`, `\lim`, `\mathbf{1}[…]`, cases, block matrices, events written as relations: read and written."""

import pytest
from sympy import Product, Rational, Sum, Symbol, atan, binomial, exp, log, oo

from derive.errors import DeriveError, ReadError
from derive.latex import latex, read, read_display, read_model_lines, unicode_text
from derive.terms import (
    EVENT,
    SCALAR,
    Application,
    ArgMax,
    ArgMin,
    BlockMatrix,
    Cases,
    Chain,
    Density,
    DerivativeIn,
    Diagonal,
    Differential,
    Divergence,
    Entry,
    Equal,
    Equals,
    Family,
    Gradient,
    Greater,
    GreaterEqual,
    Hadamard,
    Holds,
    Identity,
    Indicator,
    Inner,
    Intersection,
    IntersectionOver,
    Label,
    Law,
    Less,
    LessEqual,
    Limit,
    Listing,
    MatrixPower,
    MatrixProduct,
    Maximum,
    Minimum,
    Ones,
    Probability,
    Supremum,
    Transpose,
    UnionOver,
    Variable,
    Variance,
    Within,
    alpha_equal,
    matrix,
    vector,
)
from tests.latex.formulas import declarations_for

x, y, a, b, i, n, d, t, k = (Symbol(name) for name in ("x", "y", "a", "b", "i", "n", "d", "t", "k"))
X, T, mu, sigma, theta = (Symbol(name) for name in ("X", "T", r"\mu", r"\sigma", r"\theta"))
f = Application("f", SCALAR, (), x)
g_i = Variable("g", SCALAR, i)
A_i = Variable("A", EVENT, i)
Sigma = Variable(r"\Sigma", matrix(d))

SAME = [
    (Maximum(f, [x]), [r"\max_x f(x)", r"\max_{x} f(x)", r"\underset{x}{\max} f(x)", r"\operatorname*{max}_x f(x)",
                       r"\mathop{\max}\limits_{x} f(x)"]),
    (ArgMax(f, [x]), [r"\arg\max_x f(x)", r"\operatorname*{arg\,max}_x f(x)",
                      r"\underset{x}{\operatorname{argmax}}\, f(x)", r"\mathop{\mathrm{argmax}}_x f(x)",
                      r"\underset{x}{\arg\max} \; f(x)", r"\argmax_x f(x)"]),
    (ArgMin(f, [x], Label("A")), [r"\arg\min_{x \in A} f(x)", r"\underset{x \in A}{\arg\min}\ f(x)"]),
    (Maximum(g_i, [i], (1, n)), [r"\max_{1 \le i \le n} g_i", r"\max_{i \in \{1, \dots, n\}} g_i"]),
    (Minimum(f + a, [x]), [r"\min_x f(x) + a"]),
    (Supremum(f, [x]), [r"\sup_x f(x)", r"\sup_{x \in \mathbb{R}} f(x)"]),
    (Limit(a / n, n, oo), [r"\lim_{n \to \infty} \frac{a}{n}", r"\lim\limits_{n \rightarrow \infty} a/n"]),
    (Indicator(Holds(Greater(x, a))), [r"\mathbf{1}[x > a]", r"\mathbb{1}\{x > a\}", r"\mathbf{1}_{\{x > a\}}",
                                       r"\mathbb 1(x > a)", r"I(x > a)", r"1\{x > a\}", r"\mathds{1}_{x > a}",
                                       r"\mathbbm{1}\left[x > a\right]", r"\mathbb{I}(x > a)"]),
    (Indicator(Equals(i, k)), [r"\delta_{ik}", r"\delta_{i,k}"]),
    (Indicator(Equals(y, k)), [r"\mathbf{1}[y = k]", r"1\{y = k\}", r"\mathbb{1}_{y = k}"]),
    (Indicator(Within(x, Label("A"))), [r"\mathbf{1}[x \in A]", r"\mathbf{1}_A(x)", r"\mathbb{1}_{\{x \in A\}}"]),
    (Cases((a, Holds(GreaterEqual(x, 0))), (b,)),
     [r"\begin{cases} a & \text{if } x \ge 0 \\ b & \text{otherwise} \end{cases}",
      r"\begin{cases} a, & x \geq 0, \\ b, & \text{otherwise.} \end{cases}",
      r"\left\{ \begin{array}{ll} a & \text{if } x \ge 0 \\ b & \text{else} \end{array} \right."]),
    (Cases((a, Holds(Chain(LessEqual(0, x), Less(x, 1)))), (0,)),
     [r"\begin{cases} a & 0 \le x < 1 \\ 0 & \text{otherwise} \end{cases}"]),
    (Cases((a, Intersection(Equals(x, 0), Holds(Greater(y, 0)))), (b,)),
     [r"\begin{cases} a & \text{if } x = 0 \text{ and } y > 0 \\ b & \text{else} \end{cases}"]),
    (BlockMatrix((x, 0), (0, y)), [r"\begin{bmatrix} x & 0 \\ 0 & y \end{bmatrix}",
                                   r"\left(\begin{array}{cc} x & 0 \\ 0 & y \end{array}\right)",
                                   r"\begin{pmatrix} x & 0 \\[2pt] 0 & y \end{pmatrix}"]),
    (BlockMatrix((x,), (y,)), [r"\begin{bmatrix} x \\ y \end{bmatrix}", "(x, y)^T", r"[x, y]^\top"]),
    (Probability(Holds(GreaterEqual(X, a))), [r"P(X \ge a)", r"\Pr[X \geq a]", r"\mathbb{P}(X \ge a)"]),
    (Probability(Holds(Chain(Less(a, X), LessEqual(X, b)))), ["P(a < X \\le b)", r"P(X \in (a, b])"]),
    (Probability(Within(X, Label("A"))), [r"P(X \in A)"]),
    (Probability(UnionOver(A_i, (i, 1, n))), [r"P\left(\bigcup_{i=1}^n A_i\right)"]),
    (Probability(IntersectionOver(A_i, (i, 1, n))), [r"P(\bigcap_{i=1}^{n} A_i)", r"P(A_1 \cap \cdots \cap A_n)",
                                                    r"P(A_1 \cap A_2 \cap \dots \cap A_n)"]),
    (binomial(n, k), [r"\binom{n}{k}"]),
    (atan(a), [r"\arctan a", r"\arctan(a)"]),
    (Gradient(Gradient(f, x), x), [r"\frac{\partial^2 f(x)}{\partial x^2}", r"\frac{d^2}{dx^2} f(x)"]),
    (DerivativeIn(exp(-(sigma**2)), sigma**2, [sigma]), [r"\frac{\partial \exp(-\sigma^2)}{\partial \sigma^2}",
                                                        r"\frac{\partial}{\partial \sigma^2} \exp(-\sigma^2)"]),
]  # fmt: skip


def same(left, right):
    return alpha_equal(left, right)


@pytest.mark.parametrize(("term", "texts"), SAME, ids=[texts[0] for _, texts in SAME])
def test_they_are_read_in_every_spelling_and_come_back(term, texts):
    for text in texts:
        assert same(read(text).term, term), text
    assert read(latex(term), declarations_for(term)).term == term
    assert unicode_text(term)


def test_arrays_of_vectors_and_matrices():
    _, readings = read_model_lines([
        (r"u \in \mathbb{R}^m", 1), (r"A \in \mathbb{R}^{m \times m}", 2), (r"v \in \mathbb{R}^n", 3),
        (r"B \in \mathbb{R}^{m \times n}", 4),
        (r"\begin{bmatrix} A & B \\ B^\top & 0 \end{bmatrix} \begin{bmatrix} u \\ v \end{bmatrix}", 5),
    ])  # fmt: skip
    m = Symbol("m")
    A, B = Variable("A", matrix(m)), Variable("B", matrix(m, n))
    u, v = Variable("u", vector(m)), Variable("v", vector(n))
    assert readings[4].term == MatrixProduct(BlockMatrix((A, B), (Transpose(B), 0)), BlockMatrix((u,), (v,)))
    assert readings[4].term.sort == vector(m + n)


def test_the_gaussian_of_two_blocks_has_blocks_that_fit():
    statement = read(
        r"\begin{pmatrix} x_1 \\ x_2 \end{pmatrix} \sim \mathcal{N}\left(\begin{pmatrix} \mu_1 \\ \mu_2 \end{pmatrix},"
        r"\begin{pmatrix} \Sigma_{11} & \Sigma_{12} \\ \Sigma_{21} & \Sigma_{22} \end{pmatrix}\right)"
    ).term
    assert statement.variable.sort == vector(2 * d)
    assert statement.density.covariance.sort == matrix(2 * d)


def test_entries_ones_powers_products_entry_by_entry():
    Q = Variable("Q", matrix(d), t)
    assert read("[Q_t]_{ij}").term == Entry(Q, i, Symbol("j"))
    ones = read(r"\mathbf{1} \mathbf{1}^\top").term
    assert ones == MatrixProduct(Ones(d), Transpose(Ones(d)))
    assert read(r"\Sigma^{1/2}").term == MatrixPower(Sigma, Rational(1, 2))
    lines = [(r"u \in \mathbb{R}^d", 1), (r"2 u \odot v", 2)]
    assert read_model_lines(lines)[1][1].term == 2 * Hadamard(Variable("u", vector(d)), Variable("v", vector(d)))
    assert read(r"(\mu, \sigma)").term == Listing(mu, sigma)
    assert read(r"\{\beta_t\}_{t=1}^{T}").term == Family(Variable(r"\beta", SCALAR, t), (t, 1, T))


def test_diagonal_matrices():
    s = Variable(r"\sigma", vector(d))
    for text in (r"\operatorname{diag}(\boldsymbol\sigma^2)", r"\boldsymbol\sigma^2 \mathbf{I}"):
        assert read(text).term == Diagonal(Hadamard(s, s)), text
    assert read(r"\operatorname{diag}(\boldsymbol\sigma)").term == Diagonal(s)
    assert read(r"\sigma^2 \mathbf{I}").term == sigma**2 * Identity(d)


def test_the_entries_of_a_vector_that_are_summed():
    readings = read_display(r"\|\boldsymbol\mu\|^2 = \sum_{i=1}^{d} \mu_i^2")
    m = Variable(r"\mu", vector(d))
    assert readings[0].term.rhs == Sum(Entry(m, i) ** 2, (i, 1, d))


def test_gradients_that_are_transposed_and_terms_with_their_sign_in_a_brace():
    p = Density(Law("p"), [Variable("x", vector(d))])
    lines = [(r"x \in \mathbb{R}^d", 1), (r"s \in \mathbb{R}^d", 2), (r"\nabla_x \log p(x)^\top s", 3)]
    inner = read_model_lines(lines)[1][2].term
    assert inner == Inner(Gradient(log(p), Variable("x", vector(d))), Variable("s", vector(d)))
    assert read(r"\underbrace{a}_{A} \underbrace{- b}_{B}").term == a - b


def test_equations_between_differentials():
    statement = read(r"\mathrm{d}x = a x \, \mathrm{d}t + b \, \mathrm{d}w").term
    assert statement == Equal(Differential(x), a * x * Differential(t) + b * Differential(Symbol("w")))
    assert read(r"dx = a x\, dt + b\, dw").term == statement
    assert read(latex(statement), declarations_for(statement)).term == statement
    assert read("d x").term == d * x, "d alone is the dimension"


def test_the_hessian_and_the_laplacian_are_told_apart_by_their_place():
    p = r"\log p(x)"
    lines = [(r"x \in \mathbb{R}^d", 1), (r"v \in \mathbb{R}^d", 2)]
    trace = read_model_lines([*lines, (rf"\operatorname{{tr}}(\nabla_x^2 {p})", 3)])[1][2].term
    assert isinstance(trace.args[0], Gradient)
    laplacian = read_model_lines([*lines, (rf"a = b + 1 + \nabla_x^2 {p}", 3)])[1][2].term
    assert laplacian.rhs.has(Divergence)
    with pytest.raises(ReadError, match="Hessian and the Laplacian"):
        read_model_lines([*lines, (rf"\nabla_x^2 {p}", 3)])


def test_a_bare_function_under_a_derivative_depends_on_the_variable():
    reading = read(r"\frac{\partial \ell}{\partial \mu} = 0")
    assert reading.term.lhs == Gradient(Application(r"\ell", SCALAR, (), mu), mu)
    assert any("which is differentiated" in note for note in reading.notes)
    defined = read_model_lines([(r"\ell = \mu^2", 1), (r"\frac{\partial \ell}{\partial \mu} = 2\mu", 2)])[1][1].term
    assert defined.lhs == Gradient(Application(r"\ell", SCALAR, (), mu), mu), "what is made of μ is a function of it"


def test_superscripts_that_are_words_are_no_powers():
    for text in (r"\mu_k^{\text{new}}", r"\mu_k^{\mathrm{new}}", r"\mu_k^{new}", r"\mu^{\text{new}}_k"):
        assert read(text).term == Variable(r"\mu^{\mathrm{new}}", SCALAR, k), text
    assert read(r"\hat x_t^-").term == Variable(r"\hat x^-", SCALAR, t)
    assert read(r"x^{ab}").term == x ** (a * b)


def test_several_variables_before_sim():
    text = r"X_1, \dots, X_n \overset{\text{iid}}{\sim} \mathcal{N}(\mu, v)"
    readings = [reading.term for reading in read_display(text)]
    assert readings[0].variable == Variable("X", SCALAR, i)
    assert readings[1] == Chain(LessEqual(1, i), LessEqual(i, n))
    assert [r.term.variable for r in read_display(r"x, y \sim \mathcal{N}(0, 1)")] == [x, y]


def test_open_intervals_are_open():
    assert read(r"a \in (0, 1]").term == Chain(Less(0, a), LessEqual(a, 1))
    assert read(r"a \in [0, 1]").term == Chain(LessEqual(0, a), LessEqual(a, 1))


def test_dots_between_terms_of_which_a_product_shrinks():
    """The last row of x_t = α_t x_{t-1} + β_t ε_t written out, without its noises."""
    alpha, beta = (lambda index, name=name: Variable(name, SCALAR, index) for name in (r"\alpha", r"\beta"))
    s, r = Symbol("s"), Symbol("r")
    term = read(
        r"(\alpha_t \cdots \alpha_2) \beta_1 + (\alpha_t \cdots \alpha_3) \beta_2 + \cdots"
        r" + \alpha_t \beta_{t-1} + \beta_t"
    ).term
    middle = Sum(beta(s - 1) * Product(alpha(r), (r, s, t)), (s, 3, t))
    assert same(term, beta(1) * Product(alpha(s), (s, 2, t)) + middle + beta(t))


def test_a_process_in_time_is_a_variable_with_an_index():
    term = read(r"p_{0t}(x(t) \mid x(0))").term
    assert term.variables == (Variable("x", SCALAR, t),)
    assert term.law.name == "p"


def test_covariance_of_one_thing_is_its_variance():
    assert isinstance(read(r"\operatorname{cov}(x)").term, Variance)


REFUSED = [
    (r"\begin{cases} a & \text{w.p. } p \\ b & \text{else} \end{cases}", "w.p."),
    (r"\begin{cases} a \\ b \end{cases}", "without a condition"),
    (r"\begin{bmatrix} a & b \\ c \end{bmatrix}", "differ in length"),
    (r"\begin{bmatrix} a & \cdots \\ c & d \end{bmatrix}", "dots in a matrix"),
    (r"\max_{x: x > 0} f(x)", "restriction by a condition"),
    (r"\arg\max f(x)", "under argmax"),
    (r"\arg\max_q D_{KL}(q(x) \| p(x))", "over laws"),
    (r"a \ll b", "≪"), (r"a \pm b", "±"), (r"A \subset B", "sets"), (r"X \overset{d}{=} Y", "in distribution"),
    (r"\Delta p(x, t)", "Laplacian"),
    (r"\log \frac{a}{b} \sum_{i=1}^n c_i", "how far"), (r"\log \frac{a}{b} \cdot \frac{c}{d}", "how far"),
    (r"\mathcal{N}(0, 1) + \mathcal{N}(0, 1) \sim \mathcal{N}(0, 2)", "laws are added"),
    (r"\limsup_{n \to \infty} a_n", "not read"), (r"\begin{bmatrix} a \end{pmatrix}", "without its"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "reason"), REFUSED, ids=[text for text, _ in REFUSED])
def test_what_is_not_read_is_refused_with_a_reason(text, reason):
    with pytest.raises(DeriveError) as caught:
        read(text)
    assert reason in caught.value.message + (caught.value.expected or "")
