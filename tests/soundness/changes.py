"""Single changes of a certificate: a formula, rule, substitution, position, direction, condition or hash is another."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from random import Random
from typing import Any

from derive import certificates
from derive.errors import DeriveError
from derive.kernel import Theorem
from derive.trials import try_claim

Data = dict[str, Any]
OTHER_CLASS = {
    "Add": "Mul", "Mul": "Add", "Equal": "LessEqual", "LessEqual": "GreaterEqual", "GreaterEqual": "LessEqual",
    "Greater": "Less", "Less": "Greater", "Unequal": "Equal", "log": "exp", "exp": "log", "Sum": "Product",
    "Product": "Sum", "Expectation": "Variance", "KL": "CrossEntropy", "CrossEntropy": "KL", "Norm": "Transpose",
    "Inverse": "Transpose", "Proportional": "Equal", "Abs": "sign",
}  # fmt: skip


def theorems(data: Data) -> list[Data]:
    """The theorem of a certificate, and those that it is made from."""
    return [data["theorem"], *data["theorems"]]


def changed(data: Data, rng: Random) -> tuple[str, Data]:
    """The kind of a random single change, and the certificate with it; it is another text, and mostly a wrong one."""
    while True:
        other = copy.deepcopy(data)
        theorem = rng.choice(list(theorems(other)))
        kind = rng.choice(list(CHANGES))
        if CHANGES[kind](theorem, other, rng) and json.dumps(other) != json.dumps(data):
            return kind, other


def _formula(theorem: Data, data: Data, rng: Random) -> bool:
    """The statement, a term before or after a step, an obligation, a hypothesis, a range, a statement of the model."""
    places: list[tuple[Any, Any]] = [(theorem, "statement")]
    places += [(row, side) for row in theorem["steps"] for side in ("before", "after")]
    places += [(theorem["obligations"], number) for number in range(len(theorem["obligations"]))]
    places += [(entry, 0) for entry in theorem["given"]]
    places += [(theorem["ranges"], number) for number in range(len(theorem["ranges"]))]
    places += [(line, 0) for line in rng.choice(data["models"])["statements"]]
    holder, key = rng.choice(places)
    return _in_term(holder, key, rng)


def _in_term(holder: Any, key: Any, rng: Random) -> bool:
    """One node of a term: a number, a name, a class, the order or the number of its arguments."""
    nodes: list[tuple[Any, Any]] = []

    def gather(owner: Any, place: Any) -> None:
        nodes.append((owner, place))
        node = owner[place]
        if isinstance(node, list):
            for number in range(1 if node and isinstance(node[0], str) else 0, len(node)):
                gather(node, number)

    gather(holder, key)
    owner, place = rng.choice(nodes)
    node = owner[place]
    if isinstance(node, int):
        owner[place] = node + rng.choice((1, -1, 2))
    elif isinstance(node, str):
        owner[place] = node + "'" if rng.random() < 0.5 else rng.choice("abxyqp")
    elif not isinstance(node, list) or not node:
        return False
    else:
        match rng.randrange(5):
            case 0 if isinstance(node[0], str) and node[0] in OTHER_CLASS:
                node[0] = OTHER_CLASS[node[0]]
            case 1 if len(node) > 2:
                one, two = rng.sample(range(1, len(node)), 2)
                node[one], node[two] = node[two], node[one]
            case 2 if len(node) > 2:
                del node[rng.randrange(1, len(node))]
            case 3 if len(node) > 1:
                node.append(copy.deepcopy(rng.choice(node[1:])))
            case _:
                owner[place] = rng.choice((["Mul", -1, node], ["Add", 1, node], ["Pow", node, 2], 0))
    return True


def _step(theorem: Data, rng: Random) -> Any:
    return rng.choice(theorem["steps"]) if theorem["steps"] else None


def _rule(theorem: Data, data: Data, rng: Random) -> bool:
    """Another rule, lemma or kind of justification."""
    row = _step(theorem, rng)
    if row is None:
        return False
    names = [other["by"]["name"] for part in theorems(data) for other in part["steps"]]
    if rng.random() < 0.7:
        row["by"]["name"] = rng.choice([*names, "bayes", "jensen-log", "kl-nonnegative", "log-product", "linearity"])
    else:
        row["by"]["kind"] = rng.choice(["rule", "algebra", "law", "given", "result", "proportion"])
    return True


def _substitution(theorem: Data, data: Data, rng: Random) -> bool:
    """A value that is put in, a value that is left out, two values exchanged."""
    row = _step(theorem, rng)
    pairs = row["by"]["substitution"] if row is not None else []
    if not pairs:
        return False
    pair = rng.choice(pairs)
    match rng.randrange(4):
        case 0:
            pairs.remove(pair)
        case 1 if len(pairs) > 1:
            one, two = rng.sample(pairs, 2)
            one[1], two[1] = two[1], one[1]
        case 2 if "term" not in pair[0]:
            pair[0]["name"] = rng.choice("ABCDfgpqxmn")
        case _:
            value = pair[1]
            name = next(iter(value))
            return _in_term(value, name, rng)
    return True


def _position(theorem: Data, data: Data, rng: Random) -> bool:
    """Another argument, one level more or less, another set of terms."""
    row = _step(theorem, rng)
    if row is None:
        return False
    path = row["path"]
    if path and rng.random() < 0.6:
        place = rng.randrange(len(path))
        if isinstance(path[place], list):
            path[place] = path[place][1:] or [0]
        else:
            path[place] += rng.choice((1, -1))
    elif path and rng.random() < 0.5:
        path.pop()
    else:
        path.append(rng.randrange(3))
    return True


def _direction(theorem: Data, data: Data, rng: Random) -> bool:
    """The other direction of a rule, another relation, another variable of a proportionality."""
    row = _step(theorem, rng)
    if row is None:
        return False
    match rng.randrange(3):
        case 0:
            row["by"]["backward"] = not row["by"]["backward"]
        case 1:
            row["relation"] = rng.choice(["=", "<=", ">=", "propto"])
        case _:
            row["variables"] = [*row["variables"], ["Symbol", "x"]] if rng.random() < 0.5 else row["variables"][1:]
    return True


def _condition(theorem: Data, data: Data, rng: Random) -> bool:
    """A condition left out, changed, or assumed where it says discharged; an obligation that is not stated."""
    row = _step(theorem, rng)
    rows = row["conditions"] if row is not None else []
    match rng.randrange(6):
        case 0 if theorem["obligations"]:
            theorem["obligations"].pop(rng.randrange(len(theorem["obligations"])))
        case 1 if rows:
            rows.pop(rng.randrange(len(rows)))
        case 2 if rows:
            entry = rng.choice(rows)
            entry["state"] = "assumed" if entry["state"] == "discharged" else "discharged"
        case 3 if rows:
            rng.choice(rows)["how"] = rng.choice(["given", "sign", "algebra", "d-separation", "assumed"])
        case 4 if rows:
            return _in_term(rng.choice(rows), "statement", rng)
        case 5 if theorem["given"]:
            theorem["given"].pop(rng.randrange(len(theorem["given"])))
        case _:
            return False
    return True


def _hash(theorem: Data, data: Data, rng: Random) -> bool:
    """The hash of a rule's statement, the number of a law or a hypothesis."""
    row = _step(theorem, rng)
    if row is None or not row["by"]["reference"]:
        return False
    text = row["by"]["reference"]
    place = rng.randrange(len(text))
    row["by"]["reference"] = text[:place] + rng.choice("0123456789abcdef") + text[place + 1 :]
    return True


def _order(theorem: Data, data: Data, rng: Random) -> bool:
    """A step left out, made twice, or exchanged with another; a part or a lemma that is not there, or another one."""
    steps = theorem["steps"]
    match rng.randrange(7):
        case 0 if steps:
            steps.pop(rng.randrange(len(steps)))
        case 1 if steps:
            place = rng.randrange(len(steps))
            steps.insert(place, copy.deepcopy(steps[place]))
        case 2 if len(steps) > 1:
            one, two = rng.sample(range(len(steps)), 2)
            steps[one], steps[two] = steps[two], steps[one]
        case 3 if theorem["parts"]:
            theorem["parts"].reverse()
            theorem["parts"] = theorem["parts"][: rng.randint(1, 2)]
        case 4 if theorem["lemmas"]:
            theorem["lemmas"].pop(rng.randrange(len(theorem["lemmas"])))
        case 5 if theorem["parts"] or theorem["lemmas"]:
            held = rng.choice([(theorem["parts"], n) for n in range(len(theorem["parts"]))]
                              + [(lemma, 1) for lemma in theorem["lemmas"]])  # fmt: skip
            held[0][held[1]] = rng.randrange(len(data["theorems"]) + 1)
        case 6 if len(data["theorems"]) > 1:
            one, two = rng.sample(range(len(data["theorems"])), 2)
            data["theorems"][one], data["theorems"][two] = data["theorems"][two], data["theorems"][one]
        case _:
            hows = ("chain", "induction", "normalisation")
            theorem["how"] = rng.choice([how for how in hows if how != theorem["how"]])
    return True


CHANGES: dict[str, Callable[[Data, Data, Random], bool]] = {
    "formula": _formula, "rule": _rule, "substitution": _substitution, "position": _position,
    "direction": _direction, "condition": _condition, "hash": _hash, "order": _order,
}  # fmt: skip
"""The kinds of change, each made in a random theorem of the certificate."""


# ---- what the checker says ----------------------------------------------------------------------------------------


def tried(data: Any, original: Any, rules: Any) -> tuple[str, str]:
    """What the checker says of a changed certificate; of one that it accepts, whether that is right, and why."""
    try:
        theorem = certificates.check(data, rules)
    except DeriveError as error:
        return "refused", type(error).__name__
    except Exception as error:  # a defect of ours, which the table must not hide
        return "wrong", f"{type(error).__name__}: {error}"
    before = certificates.check(original, rules)
    if theorem.statement == before.statement and theorem.context == before.context and theorem.steps == before.steps:
        return "the same", f"the terms are the same when they are read: {theorem.statement}"
    try:
        return held(theorem)
    except Exception as error:  # accepted, and not tried: for a person to look at
        return "wrong", f"accepted, and its worlds break: {type(error).__name__}: {error}"


def difference(before: Any, after: Any, place: str = "") -> str:
    """Where two certificates differ first, and how."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in before:
            if before[key] != after.get(key):
                return difference(before[key], after.get(key), f"{place}.{key}")
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for number, (one, two) in enumerate(zip(before, after, strict=True)):
            if one != two:
                return difference(one, two, f"{place}[{number}]")
    return f"{place}: {str(before)[:60]} became {str(after)[:60]}"


def held(theorem: Theorem) -> tuple[str, str]:
    """Whether the theorem of an accepted certificate holds in worlds of its own model and hypotheses."""
    trial = try_claim(theorem.statement, theorem.context, count=10, given_laws=True)
    if trial.refutation is not None:
        return "wrong", f"a world refutes {theorem.statement}: {trial.refutation}"
    worlds = sum(trial.held.values())
    return "right", f"{theorem.statement} follows all the same, and holds in {worlds} worlds"
