r"""Formulas as they are written by hand: words, signs and laws that are set as notes and posts set them.

Each is read as the tidy formula beside it is.
"""

import pytest

from derive.errors import ReadError, SortError
from derive.latex import latex, read, read_display, read_model_lines
from derive.terms import SCALAR, Variable, free_variables

SAME = [
    # the sign of what only a brace or a colour holds
    (r"\log a {- \log b}", r"\log a - \log b"),
    (r"\frac{a}{b} \textcolor{blue}{- \log c}", r"\frac{a}{b} - \log c"),
    (r"x^2 {+ y}", r"x^2 + y"),
    # old fractions
    (r"{a \over b} c", r"\frac{a}{b} c"),
    (r"\sqrt{1 \over 2\pi}", r"\sqrt{\frac{1}{2\pi}}"),
    (r"z = a + b \over c", r"z = \frac{a + b}{c}"),
    # a sum reaches as far as its index is spoken of
    (r"\sum_{k=1}^{K} a_k + (1 - a_k) b", r"\sum_{k=1}^{K} (a_k + (1 - a_k) b)"),
    (r"-\frac{1}{2} \sum_{k=1}^{K} 1 - s_k^2 + \log s_k^2", r"-\frac{1}{2} \sum_{k=1}^{K} (1 - s_k^2 + \log s_k^2)"),
    (r"\sum_{k=1}^{K} a_k + c", r"c + \sum_{k=1}^{K} a_k"),
    (r"w_k = \sum_{k=1}^{K} a_k + b_k", r"w_k = b_k + \sum_{k=1}^{K} a_k"),
    # words and labels without their backslash
    (r"\sum_j u_jlog(v_j)", r"\sum_j u_j \log(v_j)"),
    (r"k = arg\min_j |a_j - b|", r"k = \arg\min_j |a_j - b|"),
    (r"a_\max - a_\min", r"a_{\text{max}} - a_{\text{min}}"),
    (r"b_\star", r"b_{*}"),
    # functions before one bracket
    (r"\dot\psi_t(\psi_t^{-1}(x))", r"\dot\psi_t\big(\psi_t^{-1}(x)\big)"),
    # laws
    (r"\mathrm{KL}(q(x) \mid\mid p(x))", r"D_{KL}(q(x) \,\|\, p(x))"),
    (r"\mathrm{KL}(q(x) | p(x))", r"D_{KL}(q(x) \,\|\, p(x))"),
    (r"x_t \sim N(a x_0 \mid b)", r"x_t \sim \mathcal{N}(a x_0, b)"),
    (r"y \mid x \sim \mathcal{N}(a x, v)", r"p(y \mid x) = \mathcal{N}(y; a x, v)"),
    (r"\mathbb{E}_{t, x_0 \sim q(x_0)}[f(x_0, t)]", r"\mathbb{E}_{t}[\mathbb{E}_{q(x_0)}[f(x_0, t)]]"),
    (r"\mathbb{E}_{t, x_t \sim p_t}[f(x_t, t)]", r"\mathbb{E}_{t}[\mathbb{E}_{p_t(x_t)}[f(x_t, t)]]"),
    # integrals
    (r"\int_z q(z) f(z)", r"\int q(z) f(z) \, dz"),
    (r"\int_{\mathbb{R}^d} p(x) dx", r"\int p(x) \, dx"),
    (r"\int_A p(x) dx", r"\int \mathbf{1}[x \in A] p(x) \, dx"),
    # words glued to a letter, dots of the keyboard, accents set over a name
    (r"logp(x) - expX", r"\log p(x) - \exp X"),
    (r"x \thicksim p(x)", r"x \sim p(x)"),
    (r"p_0(x) = p_{init}(x)", r"p_0(x) = p_{\mathrm{init}}(x)"),
    (r"b = \frac{\partial f}{\partial x}(x)", r"b = \frac{\partial f(x)}{\partial x}"),
    (r"b = \frac{\partial f}{\partial x}(x, t)", r"b = \frac{\partial f(x, t)}{\partial x}"),
    (r"\frac{d\phi_t}{dt}(x) = v_t(\phi_t(x))", r"\frac{d\phi_t(x)}{dt} = v_t(\phi_t(x))"),
    (r"b = \frac{\partial f}{\partial x}(c)", r"b = \left. \frac{\partial f}{\partial x} \right|_{x = c}"),
    (r"\left. \frac{\partial f}{\partial x} \right|_{c}", r"\left. \frac{\partial f}{\partial x} \right|_{x = c}"),
    (r"\nabla_x \frac{1}{2} f(x)^2", r"\nabla_x (\frac{1}{2} f(x)^2)"),
    (r"\nabla_x \lambda_t \cdot f(x)", r"\nabla_x (\lambda_t f(x))"),
    (r"a_1 + a_2 + ... + a_n", r"a_1 + a_2 + \dots + a_n"),
    (r"\stackrel{-}{\alpha}_t + \overset{\sim}{b}", r"\bar\alpha_t + \tilde{b}"),
    (r"P(rain|cloud) P(cloud)", r"P(\text{rain} \mid \text{cloud}) P(\text{cloud})"),
    (r"\text{total loss} = a + b", r"\mathrm{total\ loss} = a + b"),
    (r"a = b, \quad (7)", r"a = b"),
    # a brace that lost its underscore
    (r"\mathbb{E}{q(z)}[f(z)]", r"\mathbb{E}_{q(z)}[f(z)]"),
    (r"D{\text{KL}}(q(z) \| p(z))", r"D_{\text{KL}}(q(z) \| p(z))"),
    # divergences and norms by their bars
    (r"D(q(z) \| p(z))", r"D_{KL}(q(z) \| p(z))"),
    (r"\frac{1}{2} \mid\mid x - y \mid\mid^2", r"\frac{1}{2} \| x - y \|^2"),
    # layouts
    (r"g = \begin{cases} a \quad x > 0 \\ b \quad x \le 0 \end{cases}",
     r"g = \begin{cases} a & x > 0 \\ b & x \le 0 \end{cases}"),
    (r"\sum_{k=1}^K -a_k", r"\sum_{k=1}^K (-a_k)"),
    (r"(X \perp Y \mid Z)", r"X \perp Y \mid Z"),
    # a law's value at a function's value
    (r"p_t(y) = p_0(\psi_t^{-1}(y)) c", r"p_t(y) = p_0(y = \psi_t^{-1}(y)) c"),
    # squares of vectors as covariances, laws that are drawn from, laws under an integral
    (r"\mathcal{N}(\mathbf{z}; \boldsymbol{\mu}, \boldsymbol{\sigma}^2 I)",
     r"\mathcal{N}(\mathbf{z}; \boldsymbol{\mu}, \operatorname{diag}(\boldsymbol{\sigma}^2))"),
    (r"\mathbb{E}_{z \sim q}[\log q(z \mid x)]", r"\mathbb{E}_{q(z \mid x)}[\log q(z \mid x)]"),
    (r"\int q (\log q - \log p) \, dz", r"\int q(z) (\log q(z) - \log p(z)) \, dz"),
    (r"\nabla{x_t} \log p(x_t)", r"\nabla_{x_t} \log p(x_t)"),
    # transposes of capitals where no time T is spoken of
    (r"L \Sigma L^T", r"L \Sigma L^\top"),
]


@pytest.mark.parametrize(("written", "meant"), SAME, ids=[written for written, _ in SAME])
def test_what_hands_write_is_read_as_what_they_mean(written, meant):
    assert read(written).term == read(meant).term


APART = [
    (r"\frac{dX_t}{dt} = u, \quad s.t. \quad X_0 = a", 2),
    (r"a = b \quad and \quad c = d", 2),
    (r"a = b \quad \text{where} \quad c = d", 2),
    (r"H = S + M \succ 0", 2),
    (r"x, m \in \mathbb{R}^{d}", 2),
    (r"\begin{alignedat}{2} a &= b \\ c &= d \end{alignedat}", 2),
]


@pytest.mark.parametrize(("text", "count"), APART, ids=[text for text, _ in APART])
def test_statements_that_stand_beside_each_other(text, count):
    assert len(read_display(text)) == count


def test_a_superscript_between_a_function_and_its_argument_is_a_label():
    assert read(r"v^y(x) + v(x)").term != read(r"v(x)^y + v(x)").term
    assert read(r"p^k (1-p)^{n-k}").term == read(r"(1-p)^{n-k} \cdot p^k").term


def test_a_prime_on_the_second_of_two_arguments_is_no_transpose():
    _, readings = read_model_lines([(r"x \in \mathbb{R}^d", 1), (r"k(x, x') = \exp(-\|x - x'\|^2)", 2)])
    assert "x'" in {str(getattr(item, "name", "")) for item in free_variables(readings[1].term)}


def test_the_law_that_an_expectation_leaves_open_leaves_what_the_text_gives_it():
    reading = read(r"a = \mathbb{E}_q[\log p(x_0 \mid x_1)] - D_{KL}(q(x_T \mid x_0) \| p(x_T))")
    assert Variable("x", SCALAR, 0) in free_variables(reading.term)


def test_a_bold_name_that_can_only_be_a_number_is_noted():
    reading = read_display(r"q(\mathbf{x}) \propto \mathbf{x}")[0]
    assert any("bold" in note for note in reading.notes)


@pytest.mark.parametrize("text", [r"\nabla_x \log p(x \mid y) p(y)", r"\nabla_x \log p(x \mid y) \frac{p(y)}{p(x)}"])
def test_how_far_a_logarithm_reaches_under_a_derivative_is_asked(text):
    with pytest.raises(ReadError, match="reaches"):
        read(text)


def test_how_far_a_logarithm_reaches_before_a_slash_is_asked():
    with pytest.raises(ReadError, match="reaches"):
        read(r"\log p(x) / q(x)")


def test_letters_in_a_row_are_factors_where_no_gap_parts_them():
    assert read(r"w \cdot a n d").term == read(r"d \, n \, a \, w").term


def test_a_delta_before_a_difference_is_no_factor():
    assert read(r"\delta(x - y)").term != read(r"\delta \cdot (x - y)").term


def test_a_laplacian_where_a_nabla_is_spoken_of():
    reading = read(r"\nabla_x \cdot (f(x) p(x)) + \Delta p(x)")
    assert any("Laplacian" in note for note in reading.notes)
    with pytest.raises(ReadError):
        read(r"a + \Delta p(x)")


def test_a_density_without_its_argument_under_a_derivative_is_no_constant():
    assert read(r"\nabla_x \cdot (p v(x))").term == read(r"\nabla_x \cdot (p(x) v(x))").term


def test_an_arrow_inside_an_expression_is_named():
    with pytest.raises(ReadError, match="arrow"):
        read(r"p(x_{a \to b})")


def test_the_chain_rule_with_dots_between_longer_and_longer_conditions():
    text = r"P(x_1, \dots, x_n) = P(x_1) P(x_2 \mid x_1) P(x_3 \mid x_1, x_2) \cdots P(x_n \mid x_1, \dots, x_{n-1})"
    assert "x_{1:s-1}" in latex(read(text).term)


def test_where_a_function_goes_is_named():
    with pytest.raises(ReadError, match="a function goes"):
        read(r"u : \mathbb{R}^d \times [0, 1] \to \mathbb{R}^d")


@pytest.mark.parametrize("text", [r"d\langle X \rangle_t = dt", r"[\phi_t]_* p_0(x) = p_0(x)"])
def test_what_has_no_meaning_of_its_own_here_is_refused(text):
    with pytest.raises(ReadError, match=r"quadratic variation|push-forward"):
        read(text)


def test_a_function_of_vectors_of_which_only_the_jacobian_is_taken():
    read(r"q(x) = p_0(\psi(x)) \det\left(\frac{\partial \phi_t}{\partial x}(x)\right)")


def test_a_derivative_in_a_transposed_vector_is_a_matrix():
    """∂f/∂x^⊤ is the Jacobian, ∂²g/∂x∂x^⊤ the Hessian; |det J| is written with its name and read back."""
    term = read(r"y = \log \left|\det \frac{\partial f(x)}{\partial x^\top}\right|").term
    assert latex(term) == r"y = \log |\det(\nabla_x f(x))|"
    assert read_display(latex(term))[0].term == term
    assert latex(read(r"\frac{\partial^2 g(x)}{\partial x \partial x^\top} = H").term) == r"\nabla_x \nabla_x g(x) = H"
    with pytest.raises(SortError, match="a scalar does not fit here"):
        read_model_lines([(r"g(x) \in \mathbb{R}", 1), (r"\frac{\partial g(x)}{\partial x^\top} = b", 2)])


def test_a_nabla_in_the_family_is_one_in_its_member():
    text = r"\nabla_x \log q(x_t \mid x_0)"
    assert read_display(text)[0].term == read(r"\nabla_{x_t} \log q(x_t \mid x_0)").term
    with pytest.raises(ReadError, match="which of these"):
        read(r"\nabla_x f(x_1, x_2)")


def test_a_field_is_no_place_for_its_divergence():
    with pytest.raises(ReadError, match="which variable"):
        read(r"\nabla \cdot \mathbf{v} = 0")
