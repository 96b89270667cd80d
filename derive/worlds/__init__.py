"""Worlds: what a formula means. Every term becomes a number, by the definition of its node and nothing else.

Finite worlds give each law a random table of rationals, Gaussian worlds a random linear-Gaussian model; both obey the
structure that is declared. Nothing here rewrites a term, and nothing here knows a rule: that independence is what
makes a statement that holds in many worlds worth something, and a world in which it fails a refutation.
"""

from derive.worlds.description import describe
from derive.worlds.finite import FiniteWorld, Table
from derive.worlds.gaussian import GaussianWorld
from derive.worlds.measures import lebesgue_safe
from derive.worlds.outcomes import NotExercised, Undefined
from derive.worlds.setting import Setting
from derive.worlds.tables import point_of, table_world
from derive.worlds.trial import Refutation, Trial, decide, refute, try_statement, worlds
from derive.worlds.truth import holds
from derive.worlds.world import World

__all__ = [
    "FiniteWorld",
    "GaussianWorld",
    "NotExercised",
    "Refutation",
    "Setting",
    "Table",
    "Trial",
    "Undefined",
    "World",
    "decide",
    "describe",
    "holds",
    "lebesgue_safe",
    "point_of",
    "refute",
    "table_world",
    "try_statement",
    "worlds",
]
