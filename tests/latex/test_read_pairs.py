r"""Sums over pairs of indices, and what notes leave to their letters: transposes, capitals before vectors, scales."""

import pytest
from sympy import Symbol

import derive
from derive.latex import latex, read, read_display
from derive.terms import MatrixProduct, Variable, walk


@pytest.mark.parametrize(
    ("text", "same"),
    [
        (r"\sum_{1 \le i < j \le n} a_i a_j", r"\sum_{j=1}^{n} \sum_{i=1}^{j-1} a_i a_j"),
        (r"\sum_{1 \le i \le n} a_i", r"\sum_{i=1}^{n} a_i"),
        (r"b_j = \sum_{i<j} a_i", r"b_j = \sum_{i=1}^{j-1} a_i"),
        (r"\bar\alpha_t = \prod_{s \le t} \alpha_s", r"\bar\alpha_t = \prod_{s=1}^{t} \alpha_s"),
        (r"\sum_{i<j} a_i b_j c_n", r"\sum_{j=1}^{n} \sum_{i=1}^{j-1} a_i b_j c_n"),
        (r"\sum_{i=1}^{n} \sum_{j<i} a_{ij}", r"\sum_{i=1}^{n} \sum_{j=1}^{i-1} a_{ij}"),
    ],
)
def test_a_sum_over_pairs(text: str, same: str) -> None:
    assert read(text).term == read(same).term


def test_all_but_one() -> None:
    assert derive.check(r"\sum_{j \ne i} a_j = \sum_{j=1}^{n} a_j - a_i", given=[r"1 \le i \le n"]).status != "refuted"
    assert derive.check(r"\sum_{j \ne i} a_j = \sum_{j=1}^{n} a_j", given=[r"1 \le i \le n"]).status == "refuted"


@pytest.mark.parametrize(
    "text",
    [
        r"\hat\epsilon = \epsilon_u + s(\epsilon_c - \epsilon_u)",
        r"z = w(f(x, c) - f(x)) + f(x)",
    ],
)
def test_what_scales_a_difference_is_a_factor(text: str) -> None:
    assert " s \\cdot (" in latex(read(text).term) or "w \\cdot (" in latex(read(text).term)


@pytest.mark.parametrize("text", [r"E(v, h) = -b^T v - v^T W h", r"\mathrm{Cov}[x, y] = \mathbb{E}[(x - a)(y - b)^T]"])
def test_a_raised_capital_t_is_a_transpose_where_the_text_has_no_such_number(text: str) -> None:
    assert Symbol("T") not in read(text).term.free_symbols


@pytest.mark.parametrize("text", [r"x_T = a^T x_0", r"(1 - p)^T p", r"\gamma^T c"])
def test_and_a_power_elsewhere(text: str) -> None:
    assert Symbol("T") in read(text).term.free_symbols


def test_a_capital_before_a_vector_is_a_matrix() -> None:
    assert read(r"\mathbf{y} = A \mathbf{x} + b").term.has(MatrixProduct)
    assert not read(r"C \mathbf{x}").term.has(MatrixProduct)


def test_precisions_are_matrices() -> None:
    text = r"p(x) = \mathcal{N}(x; \mu, \Lambda^{-1}), \quad p(y \mid x) = \mathcal{N}(y; A x + b, L^{-1})"
    _, second = read_display(text)
    sorts = {node.name: node.sort.kind for _, node in walk(second.term) if isinstance(node, Variable)}
    assert sorts == {"x": "vector", "y": "vector", "b": "vector", "A": "matrix", "L": "matrix"}


def test_a_system_of_draws() -> None:
    text = r"\begin{cases} a \sim \mathcal{N}(0, 1) \\ b \mid a \sim \mathcal{N}(a, 1) \end{cases}"
    assert [latex(reading.term) for reading in read_display(text)] == [
        r"a \sim \mathcal{N}(0, 1)", r"p(b \mid a) = \mathcal{N}(b; a, 1)"
    ]  # fmt: skip


def test_a_wide_space_parts_statements() -> None:
    assert len(read_display(r"x = \begin{bmatrix} u \\ v \end{bmatrix} \hspace{1cm} y = 1")) == 2
    assert len(read_display(r"x = a \hspace{1mm} b")) == 1


def test_the_parts_of_a_column_are_vectors_where_letters_name_them() -> None:
    parts = read(r"x = \begin{bmatrix} x_a \\ x_b \end{bmatrix}").term.rhs
    assert {node.sort.kind for _, node in walk(parts) if isinstance(node, Variable)} == {"vector"}
    numbered = read(r"x = \begin{bmatrix} x_1 \\ x_2 \end{bmatrix}").term.rhs
    assert {node.sort.kind for _, node in walk(numbered) if isinstance(node, Variable)} == {"scalar"}
