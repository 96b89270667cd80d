"""`derive verify`: runs derivations again, each line tried in many worlds; checks certificates from their JSON."""

from __future__ import annotations

import argparse
import time
from typing import TYPE_CHECKING, Any

from derive.cli.arguments import add_format, add_model, add_rules, world_count
from derive.errors import DeriveError, InputError

if TYPE_CHECKING:
    from derive.cli.output import Output
    from derive.derivation import Derivation

SUMMARY = "run the library's derivations again, or check certificates"
EXAMPLE = """
derive verify
derive verify ddpm.posterior --worlds 1000
derive verify ./my-derivation.md ./posterior.json --format json
"""
TAKES_LATEX = False


def arguments(parser: argparse.ArgumentParser) -> None:
    """The derivations, and in how many worlds their lines are tried."""
    parser.add_argument(
        "names", nargs="*", metavar="NAME|FILE", help="derivations, or certificates (.json); default: the library"
    )
    parser.add_argument("--worlds", type=world_count, default=200, metavar="N", help="worlds a line (default 200)")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="the seed worlds are drawn from (default 0)")
    add_model(parser)
    add_rules(parser)
    add_format(parser)


def run(options: argparse.Namespace, out: Output) -> int:
    """Verifies each derivation and prints a line for it; 1 if one does not hold, 2 if one cannot be read."""
    from derive.cli.contents import derivations

    names = options.names or [entry.name for entry in derivations()]
    wide = max(len(name) for name in names)
    found, status = [], 0
    for name in names:
        begun = time.perf_counter()
        try:
            entry = _certified(name, options) if name.endswith(".json") else _verified(name, options)
        except DeriveError as error:
            entry = {"name": name, "holds": False, "error": error.render()}
            status = max(status, error.exit_status if isinstance(error, InputError) else 1)
        entry["seconds"] = round(time.perf_counter() - begun, 3)
        status = max(status, 0 if entry["holds"] else 1)
        found.append(entry)
        if options.format == "text":
            _print(entry, wide, out)
    if options.format == "json":
        out.json(found)
    else:
        _summary(found, out)
    return status


def _verified(name: str, options: argparse.Namespace) -> dict[str, Any]:
    """One derivation run anew: how many lines and steps it has, what it rests on, what remains open."""
    from derive.library import load
    from derive.render.derivations import trier, view_of
    from derive.render.layout import holds, leaves

    derivation = load(name, model=options.model, rules=options.rules)
    view = view_of(derivation, trier(options.worlds, options.seed))
    lines = list(leaves(view.steps))
    tried = [line.worlds.tried for line in lines if line.worlds is not None]
    broken = [line.by for line in lines if line.worlds is not None and line.worlds.refuted_by]
    entry: dict[str, Any] = {
        "name": name,
        "holds": holds(view),
        "lines": len(lines),
        "steps": _taken(derivation),
        "worlds": sum(tried),
        "not_exercised": [line.by for line in lines if line.worlds is not None and not line.worlds.tried],
        "assumes": [obligation.formula.text for obligation in view.obligations],
        "rests_on": list(view.rests_on),
    }
    if broken:
        entry["error"] = "refuted in a world: " + ", ".join(broken)
    elif not entry["holds"]:
        entry["error"] = "the goal is not reached"
    return entry


def _certified(path: str, options: argparse.Namespace) -> dict[str, Any]:
    """One certificate checked by the kernel, with nothing but the rulebook beside it."""
    import json

    from derive.certificates import check
    from derive.folders import read_text
    from derive.latex import unicode_text
    from derive.rulebook import load_rulebook

    text = read_text(path)
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"this is no JSON: {error}", file=path) from None
    book = load_rulebook()
    try:
        theorem = check(data, book.extended(*options.rules) if options.rules else book)
    except DeriveError as error:
        raise error.located(path) from None
    return {
        "name": path,
        "holds": True,
        "statement": unicode_text(theorem.statement),
        "steps": _count(theorem),
        "assumes": [unicode_text(condition) for condition in theorem.obligations],
        "rests_on": sorted(name or kind for kind, name in theorem.rests_on),
    }


def _taken(derivation: Derivation) -> int:
    """The kernel's steps in all lines of a derivation, those of an induction's base and step included."""
    inside = sum(_taken(part) for line in derivation.lines for _, part in line.parts)
    return inside + sum(len(line.steps) for line in derivation.lines)


def _count(theorem: Any) -> int:
    """The kernel's steps in a theorem, those of an induction's base and step included."""
    return sum(map(_count, theorem.parts)) if theorem.parts else len(theorem.steps)


def _print(entry: dict[str, Any], wide: int, out: Output) -> None:
    from derive.render.layout import Role

    mark = ("✓ ", Role.GOOD) if entry["holds"] else ("✗ ", Role.BAD)
    counts = ""
    if "steps" in entry:
        worlds = f"{entry['worlds']:>6} worlds" if "worlds" in entry else "  certificate"
        steps = "step " if entry["steps"] == 1 else "steps"
        counts = f"{entry['steps']:>3} {steps}  {worlds}  {entry['seconds']:6.2f} s"
        if entry["assumes"]:
            counts += f"  assumes {', '.join(entry['assumes'])}"
    out.rows([(mark, (f"{entry['name']:<{wide}}", Role.RULE), ("  " + counts, Role.NOTE))])
    for line in str(entry.get("error", "")).splitlines():
        out.rows([((f"    {line}", Role.BAD),)])


def _summary(found: list[dict[str, Any]], out: Output) -> None:
    good = sum(bool(entry["holds"]) for entry in found)
    rules = {name for entry in found for name in entry.get("rests_on", ())}
    seconds = sum(entry["seconds"] for entry in found)
    out.line(f"{good} of {len(found)} hold; they rest on {len(rules)} rules, laws and results; {seconds:.1f} s")
