"""Certificates: a theorem as JSON, and the check that needs nothing but that JSON and the rulebook.

A certificate holds the models' statements and every theorem that it takes once: the hypotheses, and for every step the
whole terms before and after, the path, the justification with its substitution (a rule with the hash of its statement),
and each condition with how it was discharged or that it was assumed. Checking makes every step again with the kernel
and compares; it searches nothing and imports neither tactics, search nor the library.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from sympy import Basic, Tuple

from derive import kernel
from derive.errors import InputError, KernelRefusal
from derive.grounds.context import Context, Discharge, Given, as_relations
from derive.grounds.universal import meaningful
from derive.kernel import Step, Theorem
from derive.models import Line, Model, compile_model
from derive.models.model import indices_in
from derive.rulebook import Rulebook
from derive.rulebook.instance import Abstraction, Family
from derive.terms import IndexFacts, substitute, to_json
from derive.terms.indices import linear
from derive.terms.serial import reader
from derive.terms.wellformed import homonym

VERSION = 2
LONGEST = 20_000
"""No certificate with more steps than this is checked."""


# ---- writing ------------------------------------------------------------------------------------------------------


def certificate(theorem: Theorem, name: str = "") -> dict[str, Any]:
    """The certificate of a theorem: a value that the `json` module can write."""
    writer = _Writer()
    body = writer.body(theorem)
    return {
        "version": VERSION, "name": name, "models": [_model(model) for model in writer.models],
        "theorems": writer.theorems, "theorem": body,
    }  # fmt: skip


def _model(model: Model) -> dict[str, Any]:
    return {"name": model.name, "statements": [[to_json(line.statement), line.text] for line in model.lines]}


class _Writer:
    """The models and theorems of one certificate, each once; a theorem comes after those that it refers to."""

    def __init__(self) -> None:
        self.models: list[Model] = []
        self.theorems: list[dict[str, Any]] = []
        self.places: dict[int, int] = {}
        self.kept: list[Theorem] = []  # so that no identity is given twice

    def place(self, theorem: Theorem) -> int:
        """The place of a theorem among those that are written."""
        if id(theorem) not in self.places:
            self.theorems.append(self.body(theorem))
            self.places[id(theorem)] = len(self.theorems) - 1
            self.kept.append(theorem)
        return self.places[id(theorem)]

    def body(self, theorem: Theorem) -> dict[str, Any]:
        """A theorem as JSON, what it refers to written before."""
        context = theorem.context
        if context.model not in self.models:
            self.models.append(context.model)
        return {
            "statement": to_json(theorem.statement),
            "how": theorem.how,
            "model": self.models.index(context.model),
            "given": [
                [to_json(given.statement), sorted((to_json(v) for v in given.universal), key=str)]
                for given in context.given
            ],
            "ranges": [to_json(relation.rhs - relation.lhs) for relation in as_relations(context.facts)],
            "steps": [] if theorem.parts else [_step(step) for step in theorem.steps],
            "parts": [self.place(part) for part in theorem.parts],
            "lemmas": [[name, self.place(lemma)] for name, lemma in theorem.lemmas],
            "obligations": [to_json(condition) for condition in theorem.obligations],
        }


def _step(step: Step) -> dict[str, Any]:
    why = step.justification
    return {
        "before": to_json(step.before),
        "after": to_json(step.after),
        "relation": step.relation,
        "path": [list(place) if isinstance(place, tuple) else place for place in step.path],
        "by": {
            "kind": why.kind,
            "name": why.name,
            "backward": why.backward,
            "reference": why.reference,
            "substitution": [[_key(key), _value(value)] for key, value in why.substitution],
        },
        "variables": sorted((to_json(variable) for variable in step.variables), key=str),
        "conditions": [_condition(entry) for entry in step.conditions],
    }


def _condition(entry: Discharge) -> dict[str, Any]:
    state = "assumed" if entry.answer is None else "discharged"
    return {"statement": to_json(entry.condition), "state": state, "how": entry.how, "kind": entry.kind}


def _key(key: Any) -> Any:
    return {"name": key} if isinstance(key, str) else {"term": to_json(key)}


def _value(value: Any) -> Any:
    match value:
        case Abstraction():
            return {"function": to_json(value.body), "of": [to_json(item) for item in value.parameters]}
        case Family():
            return {"family": value.name, "sort": to_json(value.sort)}
        case tuple():
            return {"set": [[to_json(part) for part in _pair(item)] for item in value]}
        case Basic():
            return {"term": to_json(value)}
    raise InputError(f"a {type(value).__name__} cannot be written to a certificate")


def _pair(item: Any) -> tuple[Any, ...]:
    return tuple(item) if isinstance(item, (tuple, Tuple)) and len(item) == 2 else (item,)


# ---- checking -----------------------------------------------------------------------------------------------------


def check(data: Any, rules: Rulebook) -> Theorem:
    """The theorem that a certificate proves, made again step by step.

    Raises `InputError` for what is no certificate, and `KernelRefusal` where a step does not hold as justified, does
    not give what the certificate says, or names a rule whose statement has changed.
    """
    try:
        if data["version"] != VERSION:
            raise InputError(f"a certificate of version {data['version']!r}", expected=f"version {VERSION}")
        read = reader()
        models = [
            compile_model([_line(read(term), text) for term, text in entry["statements"]], name=str(entry["name"]))
            for entry in data["models"]
        ]
        checker = _Checker(models, rules, read)
        for body in data["theorems"]:
            checker.theorems.append(checker.theorem(body))
        return checker.theorem(data["theorem"])
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, RecursionError) as error:
        raise InputError(f"this is no certificate: {type(error).__name__} {error}") from error


def _line(statement: Any, text: Any) -> Line:
    """A line of a model; what it says is its statement, and its text is shown to nobody."""
    meaningful(statement)
    return Line(statement, str(text))


class _Checker:
    """The models and rules of one certificate, and its theorems so far."""

    def __init__(self, models: list[Model], rules: Rulebook, read: Callable[[Any], Any]) -> None:
        self.models, self.rules, self.read, self.steps = models, rules, read, 0
        self.theorems: list[Theorem] = []
        self.contexts: dict[Any, Context] = {}

    def theorem(self, data: Mapping[str, Any]) -> Theorem:
        """One theorem from those before it and its own steps; compared with what the certificate claims."""
        claimed = self.read(data["statement"])
        where = self._context(data, claimed)
        parts = [self._earlier(place) for place in data["parts"]]
        if data["how"] == "induction":
            base, step = parts
            index = _induction_index(base, step)
            found = kernel.induction(base, step, *index)
        elif data["how"] == "normalisation":
            (part,) = parts
            found = kernel.normalise(part)
        elif data["how"] == "sum":
            found = kernel.added(claimed.args[0], parts)
        elif data["how"] == "chain":
            found = self._chain(data, claimed, where)
        else:
            raise InputError(f"a theorem is no {data['how']!r}")
        if found.statement != claimed:
            raise KernelRefusal("the steps do not give the statement that is claimed")
        if [to_json(condition) for condition in found.obligations] != data["obligations"]:
            raise KernelRefusal("the obligations of the theorem are not those that are stated")
        if where is not found.context and _reduced(where) != _reduced(found.context):
            raise KernelRefusal("the hypotheses of the theorem are not those that are stated")
        return found

    def _context(self, data: Mapping[str, Any], claimed: Any) -> Context:
        """The context that a theorem states; one that many theorems state is made once."""
        given = tuple(
            Given(self.read(statement), frozenset(self.read(variable) for variable in universal))
            for statement, universal in data["given"]
        )
        for entry in given:
            meaningful(entry.statement)
        rows = tuple(self.read(row) for row in data["ranges"])
        named = homonym((claimed, *(entry.statement for entry in given), *self.models[data["model"]].statements))
        if named:
            raise InputError(f"{named} stands for things of two sorts in the certificate")
        if any(not (linear(row) or ({}, 0))[0] for row in rows):
            raise InputError("an index range of the certificate is not linear, or about no index")
        model = self.models[data["model"]]
        begins = [self.read(row["before"]) for row in data["steps"][:1]]
        indices = model.indices | indices_in((*(entry.statement for entry in given), claimed, *begins))
        if not {symbol for row in rows for symbol in row.free_symbols} <= indices:
            raise InputError("an index range of the certificate is about something that is no index")
        key = (data["model"], given, rows, indices)
        if key not in self.contexts:
            self.contexts[key] = Context(model, given, IndexFacts().known(*rows), indices)
        return self.contexts[key]

    def _earlier(self, place: Any) -> Theorem:
        if not isinstance(place, int) or isinstance(place, bool) or not 0 <= place < len(self.theorems):
            raise InputError(f"there is no theorem {place!r} before the one that refers to it")
        return self.theorems[place]

    def _chain(self, data: Mapping[str, Any], claimed: Any, where: Context) -> Theorem:
        lemmas = {str(name): self._earlier(place) for name, place in data["lemmas"]}
        steps = []
        for row in data["steps"]:
            self.steps += 1
            if self.steps > LONGEST:
                raise InputError("the certificate is too long")
            steps.append(self._made(row, where, lemmas))
        return kernel.chain(claimed.args[0], steps, where, lemmas)

    def _made(self, row: Mapping[str, Any], where: Context, lemmas: Mapping[str, Theorem]) -> Step:
        before, after = self.read(row["before"]), self.read(row["after"])
        meaningful(before)
        path = tuple(tuple(map(_place, place)) if isinstance(place, list) else _place(place) for place in row["path"])
        why = row["by"]
        substitution = {_read_key(key, self.read): _read_value(value, self.read) for key, value in why["substitution"]}
        backward = why["backward"] is True
        match why["kind"]:
            case "rule":
                rule = self.rules[why["name"]]
                reference, _, loosely = str(why["reference"]).partition(" ")
                if rule.hash != reference:
                    raise KernelRefusal(f"the rule {rule.name} does not state what it stated when this was derived")
                step = kernel.by_rule(
                    before, path, rule, substitution, where, backward=backward, loosely=loosely == "loosely"
                )
            case "algebra":
                step = kernel.by_algebra(before, path, substitution["new"], where)
            case "law":
                step = kernel.by_law(before, path, int(why["reference"]), substitution, where)
            case "given":
                number = int(why["reference"])
                step = kernel.by_given(before, path, number, substitution, where, backward=backward)
            case "result":
                name = why["name"]
                step = kernel.by_result(before, path, lemmas[name], substitution, where, name=name, backward=backward)
            case "proportion":
                variables = frozenset(self.read(variable) for variable in row["variables"])
                step = kernel.by_proportion(before, after, substitution["factor"], variables, where)
            case kind:
                raise InputError(f"a justification of a kind that is not known: {kind!r}")
        if _step(step) != row:
            raise KernelRefusal(f"the step by {why['name']} does not give what the certificate says")
        return step


def _reduced(context: Context) -> Context:
    return replace(context, facts=context.facts.reduced())


def _induction_index(base: Theorem, step: Theorem) -> tuple[Any, Any]:
    """The index and its first value: the hypothesis is the claim at index − 1, the base the claim at the first."""

    claim = step.statement
    for index in sorted(step.context.indices & claim.free_symbols, key=str):
        if substitute(claim, {index: index - 1}) == step.context.given[-1].statement:
            for first in range(3):
                if substitute(claim, {index: first}) == base.statement:
                    return index, first
    raise KernelRefusal("base and step of the induction do not fit together")


def _place(place: Any) -> int:
    if not isinstance(place, int) or isinstance(place, bool):
        raise InputError(f"{place!r} is no place in a term")
    return place


def _read_key(data: Mapping[str, Any], read: Callable[[Any], Any]) -> Any:
    return str(data["name"]) if "name" in data else read(data["term"])


def _read_value(data: Mapping[str, Any], read: Callable[[Any], Any]) -> Any:
    match data:
        case {"function": body, "of": parameters}:
            return Abstraction(tuple(read(item) for item in parameters), read(body))
        case {"family": str(name), "sort": sort}:
            return Family(name, read(sort))
        case {"set": items}:
            pairs = [tuple(read(part) for part in item) for item in items]
            return tuple(pair[0] if len(pair) == 1 else pair for pair in pairs)
        case {"term": term}:
            return read(term)
    raise InputError("a value in the certificate is none")


__all__ = ["VERSION", "certificate", "check"]
