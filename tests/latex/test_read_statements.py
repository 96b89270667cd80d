"""Reading statements: relations, chains, what a line of a model may say, displays."""

import pytest
from sympy import Product, Symbol, sqrt

from derive.errors import ReadError
from derive.latex import Declarations, declare_from, read, read_display, read_model_lines, read_statement, read_term
from derive.terms import (
    INDEX,
    SCALAR,
    Application,
    Approximate,
    Chain,
    Definition,
    Density,
    Equal,
    Greater,
    GreaterEqual,
    Identity,
    Independent,
    Law,
    Less,
    LessEqual,
    Member,
    Normal,
    PositiveDefinite,
    PositiveSemidefinite,
    Proportional,
    Run,
    Scaled,
    Unequal,
    Variable,
    matrix,
    vector,
)

a, b, c, d, m, n, s, t, x, y, z, T = map(Symbol, "a b c d m n s t x y z T".split())
p, q = Law("p"), Law("q")
beta = Variable(r"\beta", SCALAR, t)


def xt(index):
    return Variable("x", vector(d), index)


STATEMENTS = [
    ("a = b", Equal(a, b)),
    (r"a \le b", LessEqual(a, b)),
    (r"a \leq b", LessEqual(a, b)),
    (r"a \geq b", GreaterEqual(a, b)),
    ("a < b", Less(a, b)),
    ("a > 0", Greater(a, 0)),
    (r"a \ne b", Unequal(a, b)),
    (r"a \approx b", Approximate(a, b)),
    ("a := b", Definition(a, b)),
    (r"a \coloneqq b", Definition(a, b)),
    (r"a \triangleq b", Definition(a, b)),
    (r"a \equiv b", Definition(a, b)),
    (r"a + b \equiv c", Equal(a + b, c)),
    (r"a \overset{(i)}{=} b", Equal(a, b)),
    (r"a = b \le c", Chain(Equal(a, b), LessEqual(b, c))),
    (r"0 < \beta_t < 1", Chain(Less(0, beta), Less(beta, 1))),
    (r"p(x \mid y) \propto p(y \mid x) p(x)",
     Proportional(Density(p, [x], [y]), Density(p, [y], [x]) * Density(p, [x]), [x])),
    (r"a x \propto_{x} x", Proportional(a * x, x, [x])),
    (r"x_t \in \mathbb{R}^d", Member(xt(t), vector(d))),
    (r"a \in \mathbb{R}", Member(a, SCALAR)),
    (r"n \in \mathbb{N}", Member(n, INDEX)),
    (r"H \in \mathbb{R}^{m \times n}", Member(Variable("H", matrix(m, n)), matrix(m, n))),
    (r"\mu_\theta(z, t) \in \mathbb{R}^d", Member(
        Application(r"\mu", vector(d), (Symbol(r"\theta"),), z, t), vector(d))),
    (r"t \in \{1, \dots, T\}", Chain(LessEqual(1, t), LessEqual(t, T))),
    (r"t = 1, \dots, T", Chain(LessEqual(1, t), LessEqual(t, T))),
    (r"t = 0, 1, 2, \ldots, T", Chain(LessEqual(0, t), LessEqual(t, T))),
    (r"x \leftarrow a + b", Definition(x, a + b)),
    (r"a \in [0, 1]", Chain(LessEqual(0, a), LessEqual(a, 1))),
    (r"\Sigma \succ 0", PositiveDefinite(Variable(r"\Sigma", matrix(d)))),
    (r"S \succeq 0", PositiveSemidefinite(Variable("S", matrix(d)))),
    (r"x \perp y", Independent(x, y)),
    (r"x \perp\!\!\!\perp y \mid z", Independent(x, y, z)),
    (r"x \indep y, z", Independent(x, (y, z))),
    (r"x_t \perp x_{0:t-2} \mid x_{t-1}", Independent(
        Variable("x", SCALAR, t), Run("x", SCALAR, 0, t - 2), Variable("x", SCALAR, t - 1))),
    (r"p(x) > 0", Greater(Density(p, [x]), 0)),
    ("a = b.", Equal(a, b)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "statement"), STATEMENTS, ids=[text for text, _ in STATEMENTS])
def test_statements(text, statement):
    assert read_statement(text).term == statement


MODEL = [
    r"q(x_t \mid x_{t-1}) = \mathcal{N}(x_t; \sqrt{\alpha_t}\, x_{t-1}, \beta_t I)",
    r"q(x_{1:T} \mid x_0) = \prod_{t=1}^{T} q(x_t \mid x_{t-1})",
    r"\bar\alpha_t = \prod_{s=1}^{t} \alpha_s",
    r"\alpha_t = 1 - \beta_t",
    r"0 < \beta_t < 1",
    r"x_t \in \mathbb{R}^d",
]


@pytest.mark.parametrize("order", [1, -1], ids=["uses first", "declarations first"])
def test_the_lines_of_a_model_in_any_order(order):
    lines = MODEL[::order]
    declarations, readings = read_model_lines([(line, number) for number, line in enumerate(lines, 3)])
    terms = {reading.text: reading.term for reading in readings}
    alpha = Variable(r"\alpha", SCALAR, t)
    kernel = Normal(xt(t), sqrt(alpha) * xt(t - 1), beta * Identity(d))
    assert terms[MODEL[0]] == Equal(Density(q, [xt(t)], [xt(t - 1)]), kernel)
    assert terms[MODEL[2]] == Equal(
        Variable(r"\bar\alpha", SCALAR, t), Product(Variable(r"\alpha", SCALAR, s), (s, 1, t))
    )
    assert [reading.line for reading in readings] == list(range(3, 9))
    assert declarations.sorts["x"] == vector(d)
    assert "q" in declarations.laws
    assert declarations.joints[0] == Density(q, [Run("x", vector(d), 1, T)], [xt(0)])
    assert read_term(r"q(x_0)", declarations).term == Density(q, [xt(0)])


def test_the_covariance_makes_the_family_a_vector():
    declarations, _ = read_model_lines([(MODEL[0], 1)])
    assert declarations.sorts["x"] == vector(d)
    assert declarations.sorts[r"\beta"] == SCALAR


def test_a_statement_declares_what_it_speaks_of():
    declared = declare_from(read_statement(r"u(x) \in \mathbb{R}^d").term)
    assert declared.functions["u"] == vector(d)
    declared = declare_from(read_statement(r"\epsilon \sim \mathcal{N}(0, I)").term, declared)
    assert declared.sorts[r"\epsilon"] == vector(d)
    assert declared.is_random(r"\epsilon")
    assert declare_from(read_statement("r(x \\mid y) = 1").term).laws == {"r"}


def test_declarations_are_values():
    first = Declarations()
    second = first.declare("x", vector(d)).law("r").function("f", vector(d)).event("A").index("h")
    assert first == Declarations()
    assert second.sorts["x"] == vector(d)
    assert read_term("r(x)", second).term == Density(Law("r"), [Variable("x", vector(d))])
    assert read_term("a_h", second).term == Variable("a", SCALAR, Symbol("h"))


def test_a_display_is_read_statement_by_statement():
    display = r"""\begin{aligned}
    a &= b + c \\
      &= c + b, \qquad b > 0, \\[4pt]
    x &\sim p(x), \quad \text{where } c := 1
    \end{aligned}"""
    readings = read_display(display)
    assert [reading.term for reading in readings] == [
        Chain(Equal(a, b + c), Equal(b + c, c + b)),
        Greater(b, 0),
        read("x \\sim p(x)").term,
        Definition(c, 1),
    ]
    assert [reading.line for reading in readings] == [2, 3, 4, 4]


def test_a_row_goes_on_with_the_statement_before_it():
    rows = r"""\begin{align*}
    a &= b \\
      &\quad + c \\
      &\le x
    \end{align*}"""
    assert [reading.term for reading in read_display(rows)] == [Chain(Equal(a, b + c), LessEqual(b + c, x))]


def test_after_a_remark_a_row_goes_on_from_the_statement_itself():
    rows = r"a &= b, \quad b > 0 \\ &= c"
    assert [reading.term for reading in read_display(rows)] == [Equal(a, b), Greater(b, 0), Equal(b, c)]


def test_a_line_that_begins_with_its_sign():
    (reading,) = read_display("= a + b")
    assert reading.leading == "="
    assert reading.term == a + b


def test_layout_says_nothing():
    text = r"\begin{equation}\begin{split} a \tag{1} \label{eq:a} \nonumber = b \end{split}\end{equation}"
    assert read(text).term == Equal(a, b)
    assert read(r"\boxed{a = b}").term == Equal(a, b)
    assert read(r"a = b && \text{(by Bayes)}").term == Equal(a, b)


def test_one_statement_is_asked_for():
    with pytest.raises(ReadError) as caught:
        read("a = b \\\\\nc = d")
    assert (caught.value.line, caught.value.column) == (2, 1)
    with pytest.raises(ReadError):
        read_term("a = b")
    with pytest.raises(ReadError):
        read_statement("a + b")


def test_a_proportionality_in_unsaid_variables_claims_nothing():
    reading = read(r"a \propto b")
    assert isinstance(reading.term, Scaled) and not isinstance(reading.term, Proportional)
    assert any("not said" in note for note in reading.notes)
    assert read(r"a \propto_{b} b").term == Proportional(Symbol("a"), Symbol("b"), [Symbol("b")])
