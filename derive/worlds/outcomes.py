"""What an evaluation may end in beside a value: not defined in this world, or not computable by definition."""

from __future__ import annotations


class Undefined(Exception):
    """The term has no value in this world (0/0, ∞ − ∞, a density given a null event): it never refutes."""


class NotExercised(Exception):
    """This kind of world cannot compute the term by its definition; the message says why."""


class NeverExercised(NotExercised):
    """No world of this kind can: the reason lies in the statement and its setting, not in the numbers drawn."""
