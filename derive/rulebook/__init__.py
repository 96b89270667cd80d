"""The rulebook: every identity the engine believes, read from `rules/*.md`.

Nothing here knows an identity. Loading takes the Markdown apart and reads no formula; a rule's formula is read when the
rule is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from derive.rulebook.clauses import Called, ConditionText, Metavariable, Translation, World
from derive.rulebook.load import Rulebook, Topic, load_rulebook, read_rules
from derive.rulebook.rule import Rule

if TYPE_CHECKING:
    from derive.rulebook.instance import Condition, Instance, instantiate
    from derive.rulebook.schema import Schema, read_schema
    from derive.rulebook.values import Abstraction, Family

__all__ = ["Abstraction", "Called", "Condition", "ConditionText", "Family", "Instance", "Metavariable", "Rule",
           "Rulebook", "Schema", "Topic", "Translation", "World", "instantiate", "load_rulebook", "read_rules",
           "read_schema"]  # fmt: skip

_LATER = {"Abstraction": "values", "Family": "values", "Condition": "instance", "Instance": "instance",
          "instantiate": "instance", "Schema": "schema", "read_schema": "schema"}  # fmt: skip


def __getattr__(name: str) -> Any:
    """What needs SymPy is imported when it is asked for."""
    if name in _LATER:
        from importlib import import_module

        return getattr(import_module(f"derive.rulebook.{_LATER[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
