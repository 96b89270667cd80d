"""Claims in LaTeX with the givens they are made under, and the verdict that a trap must not get."""

from __future__ import annotations

from functools import lru_cache

import derive
from derive.verdict import Verdict

CHAIN = r"""# A chain

```model
x_t \in \mathbb{R}^d
0 < \beta_t < 1
\alpha_t = 1 - \beta_t
\bar\alpha_t = \prod_{s=1}^{t} \alpha_s
q(x_{1:T} \mid x_0) = \prod_{t=1}^{T} q(x_t \mid x_{t-1})
q(x_t \mid x_{t-1}) = \mathcal{N}(x_t; \sqrt{\alpha_t}\, x_{t-1}, \beta_t I)
```
"""
"""The forward chain of denoising diffusion (Ho, Jain & Abbeel 2020), and nothing else."""


@lru_cache(maxsize=1)
def chain():
    """The model of the chain."""
    lines = CHAIN.split("```")[1].splitlines()[1:]
    return tuple(lines)


def verdict(statement: str, *given: str, chained: bool = False) -> Verdict:
    """The verdict on a statement under givens, and those of the chain."""
    return derive.check(statement, given=[*(chain() if chained else ()), *given])


def status(statement: str, *given: str, chained: bool = False) -> str:
    """Its status: proved, refuted or unknown."""
    return verdict(statement, *given, chained=chained).status
