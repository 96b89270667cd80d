"""An article's relations: claims and definitions, what they may use, what is found wrong, what cannot be read."""

from pathlib import Path

import pytest

import derive
from derive.articles.report import Claim, Report
from derive.errors import InputError, NotFound


def check(text: str, **keywords) -> Report:
    return derive.check_article(text if "\n" in text else text + "\n", **keywords)


def statuses(report: Report) -> list[str]:
    return [claim.status for claim in report]


def only(report: Report, status: str) -> Claim:
    (claim,) = report.of(status)
    return claim


def test_every_relation_is_a_claim_with_its_place() -> None:
    report = check("One\n\n$$\n(x + 1)^2 = x^2 + 2 x + 1\n$$\n\n$$ x^2 = -x^2 $$\n")
    assert statuses(report) == ["proved", "refuted"]
    assert [claim.place[1:3] for claim in report] == [(4, 1), (7, 4)]
    assert report.exit_status() == 1


def test_each_link_of_a_chain_has_a_verdict_on_its_line() -> None:
    rows = [r"(a + b)^2 &= a^2 + 2 a b + b^2 \\", r" &= a^2 + b^2 \\", r" &\ge 0"]
    report = check("\n".join(["$$", r"\begin{aligned}", *rows, r"\end{aligned}", "$$"]))
    assert statuses(report) == ["proved", "refuted", "proved"]
    assert [claim.place.line for claim in report] == [3, 4, 5]
    assert [claim.continues for claim in report] == [False, True, True]


def test_the_same_in_latex_with_macros() -> None:
    rows = [r"\begin{align}", r"\half{x} + \half{x} &= x \label{a}\\", " &= 2 x", r"\end{align}"]
    report = check("\n".join([r"\newcommand{\half}[1]{\frac{#1}{2}}", *rows]))
    assert [(claim.status, claim.place.line) for claim in report] == [("proved", 3), ("refuted", 4)]


# ---- definitions --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["c = a + 1", "c := a + 1", r"c \coloneqq a + 1", r"c \triangleq a + 1", r"f(x) = a x + b", r"\kappa_t = a_t + 1"],
)
def test_a_relation_with_a_new_head_defines(text: str) -> None:
    assert statuses(check(f"$$ {text} $$")) == ["definition"]


def test_a_definition_is_used_further_on() -> None:
    assert statuses(check("$$ f(x) = a x + b $$ and $$ f(2) - f(1) = a $$ not $$ f(0) = a $$")) == [
        "definition", "proved", "refuted",
    ]  # fmt: skip


def test_a_definition_after_where_is_used_in_its_display() -> None:
    report = check(r"$$ y^2 + 2 y + c = (y + 1)^2, \quad \text{where } c = 1 $$")
    assert statuses(report) == ["proved", "definition"]


def test_a_name_is_defined_once() -> None:
    assert statuses(check("$$ c = 2 $$\n\n$$ c = 3 $$")) == ["definition", "refuted"]


def test_what_has_only_been_mentioned_may_be_defined() -> None:
    mentioned = "$$ (a + c)^2 = a^2 + 2 a c + c^2 $$\n\n$$ c = a + 1 $$\n\n$$ c^2 = a^2 + 2 a + 1 $$\n\n$$ c = a $$"
    assert statuses(check(mentioned)) == ["proved", "definition", "proved", "refuted"]
    kernel = "$$ q(x_t \\mid x_{t-1}) = \\mathcal{N}(x_t; \\sqrt{a_t} x_{t-1}, (1 - a_t) I) $$\n\n$$ a_t = 1 - b_t $$"
    assert [claim.status for claim in check(kernel) if claim.kind != "assumption"] == ["definition", "definition"]


def test_what_comes_back_to_its_head_is_a_claim() -> None:
    text = "<!-- derive: given c > 0 -->\n$$ s := \\log c^2 $$\n\n$$ c = e^{s/2} $$\n\n$$ c = e^s $$"
    assert [claim.status for claim in check(text) if claim.kind != "assumption"] == ["definition", "proved", "refuted"]


def test_a_square_of_what_nothing_determines_is_said_and_then_claimed_of() -> None:
    text = "$$ s_t^2 = 1 - a_t^2 $$\n\n$$ a_t^2 + s_t^2 = 1 $$\n\n$$ s_t^2 = 1 + a_t^2 $$"
    assert statuses(check(text)) == ["assumption", "proved", "refuted"]


def test_a_head_on_its_own_right_side_defines_nothing() -> None:
    assert statuses(check("$$ c = c + 1 $$")) == ["refuted"]


def test_what_the_model_determines_is_a_claim_though_it_is_first_written_here() -> None:
    claims = "$$ \\bar\\alpha_t = \\alpha_t \\bar\\alpha_{t-1} $$\n\n$$ \\alpha_t = \\beta_t $$"
    report = check(f"model: ddpm\n\n<!-- derive: given t \\ge 1 -->\n\n{claims}")
    assert [claim.status for claim in report if claim.kind != "assumption"] == ["proved", "refuted"]


def test_an_index_that_the_head_lacks_makes_no_constant() -> None:
    report = check("$$ c = a_t + 1 $$\n\n$$ c = a_t + 1 $$\n\n$$ c = 7 $$")
    first, second, third = report
    assert first.status == "definition" and "not on the left" in first.reason
    assert second.status != "refuted" and third.status != "refuted"


def test_a_law_of_which_nothing_is_said_may_be_given_as_a_gaussian() -> None:
    text = "<!-- derive: given \\sigma > 0 -->\n$$ r(x) = \\mathcal{N}(x; \\mu, \\sigma^2) $$\n\n$$ r(x) = r(-x) $$"
    text = text.replace("r(", "p(")
    assert [claim.status for claim in check(text)][1:] == ["definition", "refuted"]


# ---- what is assumed ----------------------------------------------------------------------------------------------


def test_nothing_is_assumed_silently() -> None:
    assert statuses(check(r"$$ \sqrt{x^2} = x $$")) == ["refuted"]
    assert statuses(check("<!-- derive: given x > 0 -->\n$$ \\sqrt{x^2} = x $$")) == ["assumption", "proved"]
    assert statuses(check(r"$$ \sqrt{x^2} = x $$", given=[r"x \ge 0"])) == ["proved"]


def test_what_is_assumed_in_a_section_ends_with_it() -> None:
    root = "$$ \\sqrt{x^2} = x $$\n\n"
    text = f"## One\n\n<!-- derive: given x > 0 -->\n\n{root}### Part\n\n{root}## Two\n\n{root}"
    assert statuses(check(text)) == ["assumption", "proved", "proved", "refuted"]


def test_what_is_assumed_before_all_sections_holds_throughout() -> None:
    text = "<!-- derive: given x > 0 -->\n\n## One\n\n$$ \\sqrt{x^2} = x $$\n\n## Two\n\n$$ \\sqrt{x^2} = x $$"
    assert statuses(check(text)) == ["assumption", "proved", "proved"]


def test_a_display_may_restrict_itself() -> None:
    report = check(r"$$ \sqrt{y^2} = y \quad \text{for } y \ge 0 $$" + "\n\n" + r"$$ \sqrt{y^2} = y $$")
    assert statuses(report) == ["proved", "assumption", "refuted"]


def test_an_assumption_that_cannot_be_used_is_bad_input() -> None:
    report = check("<!-- derive: given \\frac{ -->\n\n$$ (a + b)^2 = a^2 + 2 a b + b^2 $$")
    assert statuses(report) == ["trouble", "proved"] and report.exit_status() == 2


def test_contradictory_assumptions_prove_nothing() -> None:
    text = "<!-- derive: given x > 1 -->\n<!-- derive: given x < 0 -->\n$$ x^2 \\ge x $$\n\n$$ x = 2 x $$"
    assert not check(text).of("proved")


def test_a_model_of_the_library_and_one_of_a_file(tmp_path: Path) -> None:
    claim = "$$ q(x_t \\mid x_{t-1}, x_0) = q(x_t \\mid x_{t-1}) $$\n"
    assert statuses(check("<!-- derive: given t \\ge 2 -->\n\n" + claim, model="ddpm"))[-1] == "proved"
    (tmp_path / "own.md").write_text("# Own\n\n```model\na > 0\n```\n")
    (tmp_path / "article.md").write_text("model: ./own.md\n\n$$ \\sqrt{a^2} = a $$\n")
    assert statuses(derive.check_article(tmp_path / "article.md"))[-1] == "proved"
    assert check("model: no-such-model\n\n$$ a = a $$").exit_status() == 2


# ---- laws, constants, conventions ---------------------------------------------------------------------------------

GAUSSIANS = """```model
\\sigma > 0
\\tau > 0
X \\sim \\mathcal{N}(\\mu, \\sigma^2)
Y \\sim \\mathcal{N}(\\nu, \\tau^2)
INDEPENDENT
```

$$ CLAIM $$
"""


@pytest.mark.parametrize(
    ("independent", "claim", "status"),
    [
        (True, r"X + Y \sim \mathcal{N}(\mu + \nu, \sigma^2 + \tau^2)", "proved"),
        (True, r"2 X - 3 Y + 1 \sim \mathcal{N}(2\mu - 3\nu + 1, 4 \sigma^2 + 9 \tau^2)", "proved"),
        (True, r"2 X \sim \mathcal{N}(2 \mu, 2 \sigma^2)", "refuted"),
        (True, r"X + 1 \sim \mathcal{N}(\mu, \sigma^2)", "refuted"),
        (False, r"X + Y \sim \mathcal{N}(\mu + \nu, \sigma^2 + \tau^2)", "refuted"),
        (False, r"X + 1 \sim \mathcal{N}(\mu + 1, \sigma^2)", "proved"),
    ],
)
def test_that_an_expression_follows_a_law(independent: bool, claim: str, status: str) -> None:
    text = GAUSSIANS.replace("INDEPENDENT", r"X \perp Y" if independent else "").replace("CLAIM", claim)
    assert statuses(check(text))[-1] == status


def test_a_sum_needs_independence_and_says_so() -> None:
    claim = r"X + Y \sim \mathcal{N}(\mu + \nu, \sigma^2 + \tau^2)"
    text = GAUSSIANS.replace("INDEPENDENT", "").replace("CLAIM", claim)
    verdict = only(check(text), "refuted").verdict
    assert [type(item).__name__ for item in verdict.missing] == ["Independent"]
    assert verdict.counterexample is not None


def test_independence_does_not_give_conditional_independence() -> None:
    claim = "$$ P(A, B \\mid C) = P(A \\mid C) P(B \\mid C) $$"
    verdict = only(check(claim, given=[r"A \perp B", "P(C) > 0"]), "refuted").verdict
    (missing,) = verdict.missing
    assert [len(part) for part in missing.args[:3]] == [1, 1, 1]


def test_a_constant_is_one_in_the_variables_of_the_density() -> None:
    given = "<!-- derive: given \\sigma > 0 -->\n<!-- derive: given p(x) = \\mathcal{N}(x; \\mu, \\sigma^2) -->\n"
    right = given + r"$$ \log p(x) = -\frac{(x - \mu)^2}{2 \sigma^2} + \text{const} $$"
    wrong = given + r"$$ \log p(x) = -\frac{(x - \mu)^2}{\sigma^2} + C $$"
    assert statuses(check(right))[-1] == "proved"
    assert statuses(check(wrong))[-1] == "refuted"


def test_a_constant_in_nobody_knows_what_is_not_decided() -> None:
    claim = only(check(r"$$ x^2 = x^2 + y + \text{const} $$"), "unknown")
    assert "constant" in claim.verdict.tried


SWITCHED = """<!-- derive: given \\sigma > 0 -->

$$ f(x) = \\mathcal{N}(x; \\mu, \\sigma^2) $$

## Later

<!-- derive: given s > 0 -->

$$ p(x) = \\mathcal{N}(\\nu, s) = \\frac{1}{\\sqrt{2 \\pi} s} \\exp\\left(-\\frac{(x - \\nu)^2}{2 s^2}\\right) $$
"""


def test_a_switched_convention_is_named_with_its_place() -> None:
    report = check(SWITCHED)
    claim = only(report, "convention")
    assert claim.place.line == 9 and "line 3" in claim.reason and claim.wrong
    assert statuses(report)[-1] == "proved"


def test_one_convention_is_no_switch() -> None:
    assert not check(SWITCHED.replace("(\\nu, s)", "(\\nu, s^2)")).of("convention")
    assert not check(SWITCHED.replace("\\sigma^2)", "\\sigma)")).of("convention")


def test_a_list_of_values_is_a_sum_over_values() -> None:
    total = r"\sum_{i=1}^{n} g(x_i) p_i"
    text = f"$$ \\mathbb{{E}}(Y) = {total} $$\n\n$$ \\mathbb{{E}}(X) = {total} $$"
    right, wrong = check(text, given=["P(X = x_i) = p_i", "Y = g(X)"])
    assert (right.status, wrong.status) == ("proved", "refuted")
    assert len(wrong.verdict.suggestions) == 1


def test_sorts_that_do_not_fit_are_an_error_found() -> None:
    given = [rf"{name} \in \mathbb{{R}}^{{d \times d}}" for name in (r"\Sigma", r"\Lambda")]
    report = check("one\n\n$$ a = \\log \\frac{\\Sigma}{\\Lambda} $$", given=given)
    claim = only(report, "ill-sorted")
    assert claim.wrong and claim.place.line == 3 and report.exit_status() == 1


# ---- what cannot be read ------------------------------------------------------------------------------------------


def test_what_cannot_be_read_does_not_stop_the_rest() -> None:
    rows = [r"a &= a + 0 \\", r" &= \unknownmacro{a} \\", r" &= a \\", " &= 2 a"]
    report = check("\n".join(["$$", r"\begin{aligned}", *rows, r"\end{aligned}", "$$", "", "$$ b = 2 b $$"]))
    assert only(report, "unread").place.line == 4
    assert [claim.place.line for claim in report.of("refuted")] == [6, 10]
    assert report.exit_status() == 1 and check(r"$$ \unknownmacro = 1 $$").exit_status() == 0
    assert check(r"$$ \unknownmacro = 1 $$").exit_status(strict=True) == 1


def test_a_display_that_claims_nothing_is_skipped_by_name() -> None:
    report = check("$$ x^2 + 1 $$\n\n$$ x \\approx 3 $$\n\n<!-- derive: skip -->\n$$ 1 = 2 $$\n\n$$ 1 = 2 $$")
    assert statuses(report) == ["skipped", "skipped", "skipped", "refuted"]
    assert all(claim.reason for claim in report.of("skipped"))


def test_what_an_unread_line_may_define_refutes_nothing() -> None:
    report = check("$$ \\kappa = \\unknownmacro $$\n\n$$ \\kappa = 1 $$")
    assert not report.of("refuted")


def test_a_claim_that_takes_too_long_is_unknown() -> None:
    report = check(r"$$ p(x, y, z) = p(x) p(y \mid x) p(z \mid x, y) $$", timeout=0.01)
    assert statuses(report) in (["unknown"], ["unread"])


def test_files_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        derive.check_article(tmp_path / "none.md")
    (tmp_path / "bytes.md").write_bytes(b"\xff\xfe$$ a = b $$")
    with pytest.raises(InputError):
        derive.check_article(tmp_path / "bytes.md")
    (tmp_path / "empty.md").write_bytes(b"")
    assert not derive.check_article(tmp_path / "empty.md").claims


def test_line_ends_of_windows_do_not_move_places(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"one\r\n\r\n$$ x = 2 x $$\r\n")
    assert only(derive.check_article(tmp_path / "a.md"), "refuted").place.line == 3


# ---- lemmas -------------------------------------------------------------------------------------------------------


def test_a_proved_claim_is_kept_to_the_lines_under_which_it_was_proved() -> None:
    from derive.articles.lemmas import Lemmas
    from derive.articles.source import Place
    from derive.checking import _read_claim
    from derive.verdict import Verdict

    claim, narrow = _read_claim("a = b", None, ["t \\ge 2", "x_t > 0"])
    _, wide = _read_claim("a = b", None, ["x_t > 0"])
    other, _ = _read_claim("a + b = 2 b", None, [])
    lemmas = Lemmas()
    lemmas.add(claim.term, Verdict("proved"), narrow, Place("", 1, 1, 1, 1))
    lemmas.add(claim.term, Verdict("unknown"), wide, Place("", 1, 1, 1, 1))
    assert len(lemmas.usable(other.term, narrow)) == 1
    assert not lemmas.usable(other.term, wide)


def test_a_mistake_of_derives_own_costs_one_line_and_is_told(monkeypatch) -> None:
    from derive.articles import claiming

    decide = claiming.decide_claim

    def failing(claimed):
        if "z" in claimed.piece.text:
            raise ZeroDivisionError
        return decide(claimed)

    monkeypatch.setattr(claiming, "decide_claim", failing)
    report = check("$$ z = 2 z $$\n\n$$ y = 2 y $$")
    assert statuses(report) == ["unknown", "refuted"]
    assert len(report.faults) == 1 and report.exit_status() == 3


# ---- how a text says what its names mean ---------------------------------------------------------------------------

CHAIN = r"""<!-- derive: given x_t \in \mathbb{R}^d -->
<!-- derive: given 0 < \beta_t < 1 -->

$$ \alpha_t := 1 - \beta_t, \qquad \bar\alpha_t := \prod_{s=1}^t \alpha_s $$

$$ q(x_{1:T} \mid x_0) = \prod_{t=1}^T q(x_t \mid x_{t-1}) $$

$$ q(x_t \mid x_{t-1}) = \mathcal{N}(x_t; \sqrt{1 - \beta_t}\, x_{t-1}, \beta_t I) $$

"""


def claims(text: str) -> list[str]:
    return [claim.status for claim in check(text) if claim.kind == "claim"]


def test_a_factorization_and_its_conditionals_say_what_a_law_is_and_all_else_is_claimed() -> None:
    report = check(CHAIN + r"$$ q(x_t \mid x_0) = \mathcal{N}(x_t; \sqrt{\bar\alpha_t} x_0, (1 - \bar\alpha_t) I) $$")
    found = [claim.status for claim in report if claim.kind in ("claim", "definition")]
    assert found == [*["definition"] * 4, "proved"]
    wrong = r"$$ q(x_t \mid x_0) = \mathcal{N}(x_t; \bar\alpha_t x_0, (1 - \bar\alpha_t) I) $$"
    assert claims(CHAIN + wrong) == ["refuted"]
    twice = r"$$ q(x_t \mid x_{t-1}) = \mathcal{N}(x_t; x_{t-1}, \beta_t I) $$"
    assert claims(CHAIN + twice) == ["refuted"]


def test_a_product_without_a_chain_claims_independence_unless_it_is_said_to_define() -> None:
    assert claims("$$ p(x, y) = p(x)\\, p(y) $$\n") == ["refuted"]
    assert claims("$$ p(x, y) := p(x)\\, p(y) $$\n\n$$ p(x \\mid y) = p(x) $$\n")[-1:] != ["refuted"]


def test_root_and_child_of_one_law_are_given_one_after_the_other() -> None:
    given = "<!-- derive: given v > 0 -->\n<!-- derive: given w > 0 -->\n"
    two = r"$$ p(z) = \mathcal{N}(z; 0, v I), \qquad p(x \mid z) = \mathcal{N}(x; z, w I) $$" + "\n\n"
    marginal = r"$$ p(x) = \mathcal{N}(x; 0, (v + w) I) $$" + "\n\n" + r"$$ p(x) = \mathcal{N}(x; 0, v I) $$"
    assert claims(given + two + marginal) == ["proved", "refuted"]


def test_a_recursion_defines_one_way_along_its_index() -> None:
    text = "$$ y_{k+1} = y_k + c, \\qquad y_{k+2} = y_k + 2 c, \\qquad y_{k+2} = y_k + 3 c $$\n"
    assert claims(text)[0] == "proved" and claims(text)[1] != "proved"
    assert statuses(check("$$ y_k = y_{k-1} + y_{k+1} $$\n")) == ["assumption"]


def test_a_free_index_runs_as_the_products_say_and_the_report_tells_it() -> None:
    report = check(CHAIN + r"$$ \bar\alpha_t = \alpha_t \bar\alpha_{t-1} $$")
    assert report.claims[-1].status == "proved"
    assert any("stands free" in claim.reason for claim in report.of("assumption"))
    bayes = r"$$ q(x_{t-1} \mid x_t, x_0) = \frac{q(x_t \mid x_{t-1})\, q(x_{t-1} \mid x_0)}{q(x_t \mid x_0)} $$"
    claim = check(CHAIN + bayes).claims[-1]  # at t = 1 it is written of nothing
    assert claim.status == "proved" and any("2" in note for note in claim.verdict.read_as)
    begins = "<!-- derive: given t \\ge 0 -->\n\n" + r"$$ \bar\alpha_t = \alpha_t \bar\alpha_{t-1} $$"
    assert claims(CHAIN + begins) == ["unknown"]


NOISE = r"$$ x_t = {}, \quad \text{{where }} \epsilon \sim \mathcal{{N}}(0, I) $$" + "\n\n"
MARGINAL = r"$$ q(x_t \mid x_0) = \mathcal{N}(x_t; \sqrt{\bar\alpha_t} x_0, (1 - \bar\alpha_t) I) $$" + "\n\n"


def test_a_variable_is_written_with_its_noise_where_that_has_its_law() -> None:
    right = NOISE.format(r"\sqrt{\bar\alpha_t} x_0 + \sqrt{1 - \bar\alpha_t} \epsilon")
    back = r"$$ x_0 = \frac{1}{\sqrt{\bar\alpha_t}} (x_t - \sqrt{1 - \bar\alpha_t} \epsilon) $$"
    assert claims(CHAIN + MARGINAL + right + back) == ["proved"] * 3
    wrong = NOISE.format(r"\sqrt{\bar\alpha_t} x_0 + (1 - \bar\alpha_t) \epsilon")
    found = claims(CHAIN + MARGINAL + wrong + back)
    assert found[1] != "proved" and found[2] != "proved"
    assert claims(CHAIN + right + back) == ["proved"] * 2  # the marginal follows from the chain
    assert claims(CHAIN + wrong)[0] == "refuted"


def test_named_parts_of_a_law_are_looked_at_when_they_are_defined() -> None:
    given = CHAIN + "<!-- derive: given t \\ge 2 -->\n\n"
    named = r"$$ q(x_{t-1} \mid x_t, x_0) = \mathcal{N}(x_{t-1}; \tilde\mu_t(x_t, x_0), \tilde\beta_t I) $$" + "\n\n"
    mean = r"""$$ \tilde\mu_t(x_t, x_0) := \frac{\sqrt{\bar\alpha_{t-1}}\beta_t}{1-\bar\alpha_t} x_0
        + \frac{\sqrt{\alpha_t}(1-\bar\alpha_{t-1})}{1-\bar\alpha_t} x_t $$""" + "\n\n"
    variance = r"$$ \tilde\beta_t := \frac{1-\bar\alpha_{t-1}}{1-\bar\alpha_t} \beta_t $$" + "\n\n"
    assert claims(given + named + mean + variance) == ["proved"]
    assert claims(given + named + mean + variance.replace("_{t-1}}", "_t}")) == ["refuted"]


def test_a_bare_inequality_after_a_formula_restricts_it() -> None:
    report = check(r"$$ \sqrt{s^2} = s, \quad s > 0 $$" + "\n\n" + r"$$ \sqrt{s^2} = s $$")
    assert statuses(report) == ["proved", "assumption", "refuted"]
    assert statuses(check(r"$$ b := a^2 + 1, \qquad b > 0 $$")) == ["definition", "proved"]
    assert statuses(check("$$ b > 0 $$")) == ["refuted"]


def test_a_name_that_stands_for_more_than_it_shows_is_written_out() -> None:
    given = "<!-- derive: given x_0 \\in \\mathbb{R}^d -->\n<!-- derive: given e \\in \\mathbb{R}^d -->\n"
    text = "$$ v = a_t e - b_t x_0 $$\n\n$$ v + b_t x_0 = a_t e $$\n\n$$ v - b_t x_0 = a_t e $$\n\n$$ v = x_0 $$\n"
    assert claims(given + text)[:2] == ["proved", "refuted"] and claims(given + text)[2] == "unknown"


def test_what_was_assumed_in_another_section_is_said() -> None:
    root = "$$ \\sqrt{x^2} = x $$\n\n"
    report = check(f"## One\n\n<!-- derive: given x > 0 -->\n\n## Two\n\n{root}")
    assert report.claims[-1].status == "refuted" and "line 3" in report.claims[-1].reason


def test_definitions_with_a_sign_of_their_own_are_definitions_for_worlds_too() -> None:
    given = [r"\bar a_t := \prod_{s=1}^t a_s", r"t \ge 1", r"0 < a_t < 1"]
    assert derive.check(r"\bar a_t = a_t \bar a_{t-1}", given=given).status == "proved"
    assert derive.check(r"\bar a_t = a_t \bar a_{t-1}", given=[given[0], given[2]]).missing


# ---- what an author writes beside a line ---------------------------------------------------------------------------

BAYES = r"p(x \mid y) = \frac{p(y \mid x)\, p(x)}{p(y)} \by{NAME}"


def beside(name: str, formula: str = BAYES) -> Claim:
    (claim,) = check(f"$$ {formula.replace('NAME', name)} $$\n")
    return claim


@pytest.mark.parametrize("name", ["bayes", "Bayes' theorem", r"\text{Bayes}", r"bayes, \eqref{eq:joint}"])
def test_the_rule_that_an_author_names_is_the_reason(name: str) -> None:
    claim = beside(name)
    assert claim.status == "proved" and claim.verdict.because[0] == "bayes" and not claim.annotation


def test_a_rule_that_is_not_what_shows_the_line_is_told() -> None:
    claim = beside("jensen-log")
    assert claim.status == "proved" and "not by jensen-log" in claim.annotation
    assert beside("product rule", r"p(x, y) = p(x \mid y)\, p(y) \by{NAME}").annotation == ""


def test_an_unknown_name_is_told_with_one_that_is_near() -> None:
    assert "no rule is called bays" in beside("bays").annotation and "bayes?" in beside("bays").annotation


def test_a_name_proves_nothing() -> None:
    wrong = beside("bayes", r"p(x \mid y) = \frac{p(y \mid x)\, p(y)}{p(x)} \by{NAME}")
    assert wrong.status == "refuted" and not wrong.annotation


def test_algebra_beside_a_line_and_each_line_has_its_own() -> None:
    rows = [r"(a + b)^2 &= a^2 + 2 a b + b^2 \by{algebra} \\", r"&= (b + a)^2 \by{bayes}"]
    report = check("\n".join([r"\begin{align}", *rows, r"\end{align}"]))
    assert [claim.annotation for claim in report] == ["", "the line holds, but not by bayes"]


# ---- the ways in which displays are set ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"\begin{multline} (a + b)^2 = a^2 \\ + 2 a b + b^2 \end{multline}", ["proved"]),
        (r"\begin{equation}\begin{split} a + a &= 2 a \\ &= 3 a \end{split}\end{equation}", ["proved", "refuted"]),
        (r"\begin{gather*} a + a = 2 a \\ a \cdot a = 2 a \end{gather*}", ["proved", "refuted"]),
        (r"\[ \begin{aligned} a + a &= 2 a, & b + b &= b \end{aligned} \]", ["proved", "refuted"]),
        (r"\DeclareMathOperator{\tr}{tr} \[ \tr(A + B) = \tr A + \tr B \]", ["proved"]),
        (r"\def\sq#1{#1^2} \newcommand{\m}[2][1]{#1 \cdot #2} \[ \sq{a} = a \m{a}, \quad \m[2]{a} = a \]",
         ["proved", "refuted"]),
        (r"\[ a + a = 2 a \quad \text{and} \quad b - b = 1 \]", ["proved", "refuted"]),
        (r"\[ \sqrt{a^2} = a \quad \text{for } a \ge 0, \] \[ \sqrt{a^2} = a \]", ["proved", "assumption", "refuted"]),
    ],
)  # fmt: skip
def test_displays_as_they_are_set(text: str, expected: list[str]) -> None:
    assert statuses(check("\\section{S}\n" + text + "\n")) == expected


def test_files_are_followed_when_asked(tmp_path: Path) -> None:
    (tmp_path / "part.tex").write_text("\\[ a + a = a \\]\n")
    (tmp_path / "main.tex").write_text("\\begin{document}\n\\input{part}\n\\[ b + b = 2 b \\]\n\\end{document}\n")
    assert statuses(derive.check_article(tmp_path / "main.tex")) == ["skipped", "proved"]
    report = derive.check_article(tmp_path / "main.tex", follow=True)
    assert statuses(report) == ["refuted", "proved"] and report.claims[0].place.file.endswith("part.tex")


# ---- formulas within lines -----------------------------------------------------------------------------------------

LINES = "Let $0 < b < 1$, and $`a := 1 - b`$. Then $a + b = 1$, not $a = b$; costs are $5 or $6, `$b = a$` is code.\n\n"


def test_formulas_within_lines_are_read_where_their_author_asks() -> None:
    root = "$$ \\sqrt{b^2} = b $$\n"
    assert statuses(check("# A\n\n" + LINES + root)) == ["refuted"]
    report = check("# A\n\n<!-- derive: inline -->\n\n" + LINES + root)
    assert statuses(report) == ["assumption", "definition", "proved", "refuted", "proved"]
    assert [claim.place.column for claim in report if claim.status == "refuted"] == [LINES.index("$a = b$") + 2]
    latex = "\\section{A}\n% derive: inline\nLet $0 < b < 1$, \\(b + b = b\\).\n\\section{B}\n$b = 2 b$\n"
    latex += "\\[ \\sqrt{b^2} = b \\]\n"
    assert [claim.status for claim in check(latex) if claim.kind == "claim"] == ["refuted", "refuted"]


def test_terms_within_lines_claim_nothing() -> None:
    assert statuses(check("<!-- derive: inline -->\n\nThe term $x^2 + 1$ and the odd $\\foo{x} = 2$.\n")) == []


def test_a_density_that_is_divided_by_has_to_be_nowhere_zero() -> None:
    ratio = r"\frac{p(x, z)}{q(z \mid x)}"
    (claim,) = check(rf"$$ \int p(x, z) \, dz = \mathbb{{E}}_{{q(z \mid x)}}\left[{ratio}\right] $$" + "\n")
    assert claim.status == "refuted" and [str(item) for item in claim.verdict.missing] == ["q(z | x) > 0"]
