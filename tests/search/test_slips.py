"""Single slips: each kind where a hand makes it, both ways, and nothing that is no formula."""

from __future__ import annotations

import pytest

from derive.latex import latex, read_model_lines
from derive.slips import KINDS, slips
from derive.terms import Density, alpha_equal, free_variables, sort_of, walk


def read(text, *given):
    """The statement, read beside its declarations."""
    _, readings = read_model_lines([*((line, 1) for line in given), (text, 1)])
    return readings[-1].term


VECTORS = (r"x_t \in \mathbb{R}^d", r"q(x_{1:T} \mid x_0) = \prod_{t=1}^{T} q(x_t \mid x_{t-1})")
CASES = [
    ("a sign", r"a = b - c", r"a = b + c", ()),
    ("a sign", r"a = e^{-b}", r"a = e^{b}", ()),
    ("a factor of two", r"a = \frac{1}{2} b^2 + c", r"a = b^2 + c", ()),
    ("a square or a root", r"a = \frac{b}{2 c^2}", r"a = \frac{b}{2 c}", ()),
    ("a square or a root", r"a = \sqrt{1 - b}\, c", r"a = (1 - b) c", ()),
    ("a square or a root", r"a = \frac{b}{c d}", r"a = \frac{b}{\sqrt{c d}}", ()),
    ("another mark", r"a = \bar\alpha_t + \alpha_t", r"a = \alpha_t + \alpha_t", ()),
    ("another mark", r"a = \bar\beta_t", r"a = \beta_t", ()),
    ("another index", r"\bar\alpha_t = \alpha_t \bar\alpha_{t-1}", r"\bar\alpha_t = \alpha_t \bar\alpha_t", ()),
    ("another index", r"q(x_t \mid x_0) = q(x_t \mid x_{t-1})", r"q(x_{t-1} \mid x_0) = q(x_t \mid x_{t-1})", VECTORS),
    ("another index", r"a = f(x_t, t)", r"a = f(x_t, t - 1)", VECTORS),
    (
        "another name or index throughout",
        r"q(x_t \mid x_{t-1}) = \mathcal{N}(x_t; \bar\alpha_t x_{t-1}, (1 - \bar\alpha_t) I)",
        r"q(x_t \mid x_{t-1}) = \mathcal{N}(x_t; \alpha_t x_{t-1}, (1 - \alpha_t) I)", VECTORS,
    ),
    (
        "another name or index throughout", r"q(x_t \mid x_{t-1}) = \mathcal{N}(x_t; x_{t-1}, I)",
        r"q(x_t \mid x_0) = \mathcal{N}(x_t; x_0, I)", VECTORS,
    ),
    ("a factor of two", r"a = b + c", r"a = \frac{1}{2} b + \frac{1}{2} c", ()),
    ("arguments swapped", r"a = D_{KL}(q(x) \,\|\, p(x))", r"a = D_{KL}(p(x) \,\|\, q(x))", ()),
    ("arguments swapped", r"A B = C", r"B A = C", tuple(rf"{name} \in \mathbb{{R}}^{{d \times d}}" for name in "ABC")),
    ("two parts exchanged", r"a = \frac{p(y \mid x) p(y)}{p(x)}", r"a = \frac{p(y \mid x) p(x)}{p(y)}", ()),
    ("two parts exchanged", r"a = \frac{s_1}{s_2} + s_1", r"a = \frac{s_2}{s_1} + s_2", ()),
    ("upside down", r"a = \frac{b + c}{b}", r"a = \frac{b}{b + c}", ()),
    ("upside down", r"p(x \mid y) = \frac{p(x, y)}{p(y)}", r"p(x \mid y) = \frac{p(y)}{p(x, y)}", ()),
    ("the conditioning", r"p(x \mid y) = p(x)", r"p(y \mid x) = p(x)", ()),
    ("the conditioning", r"p(x \mid y, z) = 1", r"p(x \mid y) = 1", ()),
    ("the conditioning", r"p(x) = p(x \mid y)", r"p(x \mid y) = p(x \mid y)", ()),
    ("the conditioning", r"P(A \mid B) = P(A)", r"P(A \mid B^c) = P(A)", ()),
    ("the conditioning", r"x \perp y \mid z", r"x \perp y", ()),
    ("the relation", r"a \le b", r"a \ge b", ()),
    ("the relation", r"p(x \mid y) \propto p(x, y)", r"p(x \mid y) = p(x, y)", ()),
    ("a logarithm", r"a = \log b", r"a = b", ()),
    ("a logarithm", r"a = \mathbb{E}_{q(x)}[q(x)]", r"a = \mathbb{E}_{q(x)}[\log q(x)]", ()),
    ("one minus", r"a = \sqrt{b}\, c", r"a = \sqrt{1 - b}\, c", ()),
    ("a moment", r"a = \mathbb{E}_{q(x)}[x^2]", r"a = \mathbb{E}_{q(x)}[x]^2", ()),
    ("a moment", r"a = \log \mathbb{E}_{q(x)}[x]", r"a = \mathbb{E}_{q(x)}[\log x]", ()),
    ("an operator", r"a = \sum_{k=1}^{n} k", r"a = \sum_{k=1}^{n-1} k", ()),
    ("a term dropped", r"a = b + c", r"a = b", ()),
    ("a factor dropped", r"a = b c d", r"a = b d", ()),
    ("another name", r"\tilde\mu_t = \alpha_t + \beta_t", r"\tilde\mu_t = \alpha_t + \alpha_t", ()),
    ("another name", r"D_{KL}(q(x) \,\|\, p(x)) \ge 0", r"D_{KL}(q(x) \,\|\, q(x)) \ge 0", ()),
    ("a factor or a term put in", r"a = b + c", r"a = b + \frac{c}{b}", ()),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "before", "after", "given"), CASES)
def test_a_slip_of_each_kind(kind, before, after, given):
    """What a hand gets wrong once is among the neighbours, under its kind or a commoner one."""
    found = {latex(made): name for name, made in slips(read(before, *given))}
    wanted = latex(read(after, *given))
    assert wanted in found, sorted(found)
    assert KINDS.index(found[wanted]) <= KINDS.index(kind)


def test_every_kind_has_a_case():
    """The table above leaves none out."""
    assert {kind for kind, *_ in CASES} == set(KINDS)


BACK = ["a sign", "a square or a root", "another index", "arguments swapped", "upside down", "one minus", "a moment"]


@pytest.mark.parametrize(
    ("kind", "before", "after", "given"), [case for case in CASES if case[0] in (*BACK, "a logarithm")]
)
def test_and_the_way_back(kind, before, after, given):
    """From the wrong statement the right one is a slip away: what a suggestion is found by."""
    right = read(before, *given)
    assert any(made == right for _, made in slips(read(after, *given)))


def test_names_that_are_known():
    """A lost bar is put back where the name with a bar is known."""
    right, wrong = read(r"a = 1 - \bar\alpha_t"), read(r"a = 1 - \alpha_t")
    assert right not in {made for _, made in slips(wrong)}
    assert right in {made for _, made in slips(wrong, right.rhs.free_symbols)}


@pytest.mark.parametrize("statement", [case[1] for case in CASES])
def test_none_twice_and_none_the_same(statement):
    """No statement comes twice, none is the one it began with, all are formulas that the writer writes."""
    given = next(case[3] for case in CASES if case[1] == statement)
    term = read(statement, *given)
    made = [slip for _, slip in slips(term)]
    assert len(set(made)) == len(made) > 3
    assert not any(slip == term or (alpha_equal(slip, term) and slip == term) for slip in made)
    for slip in made:
        assert latex(slip)
        for side in slip.args[:2] if hasattr(slip, "lhs") else ():
            assert sort_of(side) is not None


def test_what_is_bound_stays_bound():
    """A density's own variable is no value: x is not squared in q(x), and no bound name is put in outside."""
    term = read(r"a = \mathbb{E}_{q(x)}[f(x)]")
    x = next(iter(term.rhs.bound))
    for _, made in slips(term):
        assert not any(
            pair[0] != pair[1] for _, node in walk(made) if isinstance(node, Density) for pair in node.targets
        )
        assert x not in free_variables(made) or made.rhs == term.rhs.body  # the expectation is lost
