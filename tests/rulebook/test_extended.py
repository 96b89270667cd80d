"""A stranger's rules beside the library's: read at once, refused with their place, never in the way of a name."""

from __future__ import annotations

from pathlib import Path

import pytest

from derive.errors import NotFound, RuleError
from derive.rulebook import load_rulebook

OWN = """\
# Mine

Rules of my own.

## square-of-a-sum

Multiply out.

```math
(a + b)^2 = a^2 + 2 a b + b^2
```

- let: $`a, b`$ scalar
"""


def test_a_file_adds_its_rules(tmp_path: Path) -> None:
    file = tmp_path / "mine.md"
    file.write_text(OWN, encoding="utf-8")
    book = load_rulebook().extended(file)
    assert len(book) == len(load_rulebook()) + 1
    assert book["square-of-a-sum"].topic == "mine"
    assert [topic.name for topic in book.topics][-1] == "mine"
    assert "square-of-a-sum" not in load_rulebook()


def test_a_file_cannot_take_a_name_that_is_taken(tmp_path: Path) -> None:
    file = tmp_path / "mine.md"
    file.write_text(OWN.replace("square-of-a-sum", "bayes"), encoding="utf-8")
    with pytest.raises(RuleError, match="second rule is called 'bayes'"):
        load_rulebook().extended(file)


def test_a_formula_that_cannot_be_read_is_refused_at_once(tmp_path: Path) -> None:
    file = tmp_path / "mine.md"
    file.write_text(OWN.replace("2 a b", "2 a c"), encoding="utf-8")
    with pytest.raises(RuleError, match="c is declared nowhere") as caught:
        load_rulebook().extended(file)
    assert (caught.value.file, caught.value.line) == (str(file), 10)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        load_rulebook([tmp_path / "none.md"])


def test_topics_are_in_the_order_of_their_files() -> None:
    book = load_rulebook()
    names = [topic.name for topic in book.topics]
    assert names == sorted(names)
    assert set(names) == {
        "independence", "bayes", "calculus", "markov", "matrix-calculus", "gaussian", "reparameterization",
        "expectation", "divergence", "fields",
        "likelihood", "elbo", "inequalities", "matrices", "moments", "quadratic", "scores", "sums",
    }  # fmt: skip
    assert [rule.name for topic in names for rule in book.topic(topic)] == list(book.names)
