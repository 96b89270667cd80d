"""Random and damaged LaTeX, and what may come of it: a term, a verdict, or an error of ours within a budget."""

from __future__ import annotations

import re
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random
from typing import Any, NamedTuple

import derive
from derive.errors import DeriveError

BUDGET = 2.0

SEEDS = (
    r"q(x_t \mid x_0) = \mathcal{N}(x_t; \sqrt{\bar\alpha_t}\, x_0, (1 - \bar\alpha_t) I)",
    r"p(x \mid y) = \frac{p(y \mid x)\, p(x)}{p(y)}",
    r"\tilde\beta_t = \frac{1 - \bar\alpha_{t-1}}{1 - \bar\alpha_t} \beta_t",
    r"D_{KL}(q(x) \,\|\, p(x)) = \mathbb{E}_{q(x)}\left[\log \frac{q(x)}{p(x)}\right]",
    r"\log \int p(x, z) \,dz \ge \int q(z) \log \frac{p(x, z)}{q(z)} \,dz",
    r"\sum_{t=2}^{T} \mathbb{E}_q[D_{KL}(q(x_{t-1} \mid x_t, x_0) \,\|\, p_\theta(x_{t-1} \mid x_t))]",
    r"\nabla_x \log \mathcal{N}(x; \mu, \Sigma) = -\Sigma^{-1} (x - \mu)",
    r"\prod_{s=1}^{t} (1 - \beta_s) = \bar\alpha_t",
    r"P(A \cap B^c \mid C) \le \min(P(A), 1)",
    r"\operatorname{tr}(A B) = \operatorname{tr}(B A)",
    r"\mathrm{Var}_{q(x)}[x] = \mathbb{E}_{q(x)}[x^2] - (\mathbb{E}_{q(x)}[x])^2",
    r"\left\| x_t - \sqrt{\bar\alpha_t} x_0 \right\|^2 = x_t^\top x_t - 2 \sqrt{\bar\alpha_t} x_t^\top x_0 + 1",
    r"\frac{\partial}{\partial \mu} (a \mu^2 + b \mu) \Big|_{\mu = 1} = 2 a + b",
    r"x \perp y \mid z",
    r"\epsilon \sim \mathcal{N}(0, I)",
    r"a := b + c, \quad 0 < \beta_t < 1",
    r"\begin{aligned} a &= b \\ &\le c \end{aligned}",
    r"f(x) = \begin{cases} 1 & x > 0 \\ 0 & \text{otherwise} \end{cases}",
)  # fmt: skip
PIECES = (
    "{", "}", "(", ")", "[", "]", "^", "_", "&", r"\\", r"\frac", r"\sqrt", r"\left", r"\right", r"\left(", r"\right]",
    r"\mid", r"\|", "|", r"\,", r"\sum_{t=1}^{T}", r"\prod", r"\int", r"\,dx", r"\mathbb{E}", r"\mathcal{N}", r"\bar",
    r"\alpha", r"\beta_t", "x", "y_t", "p(x)", "q(x \\mid y)", "0", "1", "-1", "10^{100}", "9^{9^{9}}", "1/0",
    r"\infty", r"\log", r"\exp", "=", r"\le", "<", r"\propto", r"\sim", r"\perp", ";", ",", ".", "'", "!", "%",
    "$", "#", "~", "é", "→", "x²", "\x00", "\n", "\t", " ", r"\text{if}", r"\begin{cases}",
    r"\end{cases}", r"\begin{aligned}",
    r"\newcommand{\a}{\a}", r"\top", r"^{-1}", r"\nabla_x", r"\partial", r"\operatorname{tr}", r"\det", r"\max",
    r"\cdots", r"\ldots", r"\mathbf{1}", r"\not", r"\hat", r"\tilde\mu_t(x_t, x_0)", r"\underbrace{a}_{b}",
)  # fmt: skip

KINDS = (
    (r"\alpha", r"\beta", r"\mu", r"\sigma", r"\epsilon", r"\theta", r"\pi", r"\lambda", r"\Sigma", r"\infty"),
    tuple("abcdefgkmnpqstuvwxyzABCDEHKLPTXYZ"), tuple("0123456789"),
    ("=", r"\le", r"\ge", "<", r"\propto", r"\sim", ":="),
    ("+", "-", r"\cdot", "/", "^", "_", ","),
    (r"\mid", r"\|", ";", ",", r"\cap", r"\perp"),
    (r"\sqrt", r"\bar", r"\tilde", r"\hat", r"\log", r"\exp", r"\nabla", r"\det"),
    (r"\sum", r"\prod", r"\int", r"\max"),
)  # fmt: skip
"""Words that stand for one another and leave a formula mostly a formula."""
_WORD = re.compile(r"\\[a-zA-Z]+|.", re.DOTALL)


class Outcome(NamedTuple):
    """What came of an input ("term", a status, the name of our error), what is wrong with it, and how long it took."""

    what: str
    wrong: str
    seconds: float


class OverBudget(BaseException):
    """The budget is used up; no `except Exception` takes it for an answer."""


def garbage(rng: Random, seeds: tuple[str, ...] = SEEDS) -> str:
    """A seed with words exchanged, one with a few damages, two seeds spliced, or pieces thrown together."""
    kind = rng.randrange(14)
    if kind == 0:
        return "".join(rng.choice(PIECES) for _ in range(rng.randint(1, 14)))
    if kind == 1:
        one, two = rng.choice(seeds), rng.choice(seeds)
        return one[: rng.randrange(len(one) + 1)] + two[rng.randrange(len(two) + 1) :]
    if kind == 2:
        piece = rng.choice(("{", "(", r"\left(", r"\sqrt{", r"\frac{1}{", "x^{", "-", r"\log ", r"\bar{", "x_{"))
        return piece * rng.choice((3, 30, 300, 3000)) + rng.choice(seeds)
    text = rng.choice(seeds)
    for _ in range(rng.choice((1, 1, 2, 3, 6))):
        text = _exchanged(text, rng) if kind > 9 else _damaged(text, rng)
    return text


def _exchanged(text: str, rng: Random) -> str:
    """One word with another of its kind in its place: what comes of it is often a formula."""
    words = _WORD.findall(text)
    places = [(place, kind) for place, word in enumerate(words) for kind in KINDS if word in kind]
    if not places:
        return text
    place, kind = rng.choice(places)
    words[place] = rng.choice(kind)
    return "".join(words)


def _damaged(text: str, rng: Random) -> str:
    place = rng.randrange(len(text) + 1)
    end = min(len(text), place + rng.randint(1, 6))
    match rng.randrange(6):
        case 0:
            return text[:place] + text[end:]
        case 1 | 2:
            return text[:place] + rng.choice(PIECES) + text[place:]
        case 3:
            return text[:place] + rng.choice(PIECES) + text[end:]
        case 4:
            return text[:place] + text[place:end] * 2 + text[end:]
        case _:
            character = rng.choice((rng.randrange(32, 127), rng.randrange(0x370, 0x3FF), 0x2212))
            return text[:place] + chr(character) + text[end:]


@contextmanager
def budget(seconds: float) -> Iterator[None]:
    """Raises `OverBudget` in the body after some seconds of the processor's time."""

    def stop(*_: object) -> None:
        raise OverBudget

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def survived(what: Callable[[str], Any], text: str, seconds: float = BUDGET) -> Outcome:
    """What a reader or `check` makes of a text: anything but an answer or a `DeriveError` in time is wrong."""
    began = time.process_time()
    wrong, result = "", ""
    try:
        with budget(seconds):
            found = what(text)
            result = getattr(found, "status", "term")
    except OverBudget:
        result, wrong = "late", f"more than {seconds} s"
    except DeriveError as error:
        result = type(error).__name__
        if error.exit_status > 2:
            wrong = str(error)
        elif not error.render():
            wrong = "an error that says nothing"
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        result, wrong = "broken", f"{type(error).__name__}: {error}"
    return Outcome(result, wrong, time.process_time() - began)


READERS: dict[str, Callable[[str], Any]] = {"read": derive.read, "check": derive.check}
