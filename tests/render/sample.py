"""A small derivation as a view, written by hand, for looking at: what it says is not checked here."""

from derive.render.changes import changed_parts
from derive.render.view import (
    Condition,
    DerivationView,
    Formula,
    Goal,
    Justification,
    ModelView,
    Prose,
    Settled,
    StepView,
    WorldsTried,
)

BAYES = Formula(
    "q(x_t | x_{t−1}, x_0) q(x_{t−1} | x_0) / q(x_t | x_0)",
    r"\frac{q(x_t \mid x_{t-1}, x_0)\, q(x_{t-1} \mid x_0)}{q(x_t \mid x_0)}",
)
_MARKOV = "q(x_t | x_{t−1}) q(x_{t−1} | x_0) / q(x_t | x_0)"
MARKOV = Formula(
    _MARKOV,
    r"\frac{q(x_t \mid x_{t-1})\, q(x_{t-1} \mid x_0)}{q(x_t \mid x_0)}",
    changed_parts(BAYES.text, _MARKOV),
)
POSTERIOR = Formula(
    "𝒩(x_{t−1}; √ᾱ_{t−1} β_t / (1 − ᾱ_t) x_0 + √α_t (1 − ᾱ_{t−1}) / (1 − ᾱ_t) x_t, (1 − ᾱ_{t−1}) / (1 − ᾱ_t) β_t I)",
    r"\mathcal{N}\left(x_{t-1}; \frac{\sqrt{\bar\alpha_{t-1}}\, \beta_t}{1 - \bar\alpha_t} x_0"
    r" + \frac{\sqrt{\alpha_t}\, (1 - \bar\alpha_{t-1})}{1 - \bar\alpha_t} x_t,"
    r" \frac{1 - \bar\alpha_{t-1}}{1 - \bar\alpha_t} \beta_t I\right)",
)
START = Formula("q(x_{t−1} | x_t, x_0)", r"q(x_{t-1} \mid x_t, x_0)")
RESULT = Formula(f"{START.text} = {POSTERIOR.text}", f"{START.latex} = {POSTERIOR.latex}")
FIVE = WorldsTried(5, ("finite", "Gaussian"), seed=0)


def condition(text: str, latex: str, settled: Settled, how: str = "") -> Condition:
    return Condition(Formula(text, latex), settled, how)


SAMPLE = DerivationView(
    name="sample.posterior",
    title="The posterior of one step",
    prose=Prose("Backwards, with x_0 known.", "Backwards, with $`x_0`$ **known**: 100% of it & more_or_less."),
    model=ModelView("sample", (Formula("x_t ∈ ℝ^d", r"x_t \in \mathbb{R}^d"), Formula("β_t > 0", r"\beta_t > 0"))),
    start=START,
    steps=(
        StepView(
            "=", BAYES, "bayes", Justification.RULE, worlds=FIVE,
            conditions=(
                condition("q(x_t | x_0) > 0", r"q(x_t \mid x_0) > 0", Settled.DISCHARGED, "a Gaussian density"),
            ),
            prose=Prose("Bayes turns it round.", "*Bayes* turns it round."),
        ),
        StepView(
            "=", MARKOV, "drop-given", Justification.RULE, worlds=FIVE, direction="backward",
            conditions=(condition("x_t ⊥ x_0 | x_{t−1}", r"x_t \perp x_0 \mid x_{t-1}", Settled.DISCHARGED, "model"),),
        ),
        StepView(
            "=", POSTERIOR, "complete-square", Justification.ALGEBRA, worlds=WorldsTried(0, note="out of reach"),
            conditions=(condition("β_t ≠ 0", r"\beta_t \ne 0", Settled.ASSUMED),),
            parts=(
                StepView("=", MARKOV, "gaussian-density", Justification.RULE, worlds=FIVE),
                StepView("=", POSTERIOR, "algebra", Justification.ALGEBRA, worlds=FIVE),
            ),
        ),
    ),
    result=RESULT,
    goal=Goal(RESULT, True, "algebra"),
    obligations=(condition("β_t ≠ 0", r"\beta_t \ne 0", Settled.ASSUMED),),
    rests_on=("bayes", "drop-given"),
)

INDUCTION = DerivationView(
    name="sample.induction",
    title="",
    start=Formula("m_t", "m_t"),
    steps=(
        StepView(
            "=", Formula("a^t", "a^t"), "induction on t", Justification.INDUCTION,
            parts=(
                StepView(
                    "=", Formula("1", "1"), "definition", Justification.DEFINITION, before=Formula("m_0", "m_0"),
                    label=Prose("base: t = 0", "base: $`t = 0`$"),
                ),
                StepView(
                    "=", Formula("a a^{t−1}", "a a^{t-1}"), "hypothesis", Justification.HYPOTHESIS,
                    label=Prose("step: t − 1 to t", "step: $`t - 1`$ to $`t`$"),
                    before=Formula("a m_{t−1}", "a m_{t-1}"),
                ),
            ),
        ),
    ),
    result=Formula("m_t = a^t", "m_t = a^t"),
    goal=Goal(Formula("m_t = a^{t+1}", "m_t = a^{t+1}"), False),
)
