"""Certificates keep the schema that is published, and the schema is no looser than what a certificate is."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import pytest

from derive.certificates import VERSION
from derive.cli import main
from derive.terms.serial import CLASSES

jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed: pip install 'derive-math[test]'")

NAMES = ["ddpm.posterior", "ddpm.marginal", "ddpm.loss", "elbo.vae", "foundations.sum-of-gaussians"]


@pytest.fixture(scope="module")
def schema(tmp_path_factory) -> dict:
    path = tmp_path_factory.mktemp("schema") / "schema.json"
    assert main(["export", "--to", "schema", "-o", str(path)]) == 0
    return dict(json.loads(path.read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def certificates(tmp_path_factory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("certificates")
    found = {name: folder / f"{name}.json" for name in NAMES}
    for name, path in found.items():
        assert main(["export", name, "--to", "json", "-o", str(path)]) == 0
    return found


def valid(data: object, schema: dict) -> bool:
    return bool(jsonschema.Draft202012Validator(schema).is_valid(data))


def test_the_schema_is_one(schema: dict) -> None:
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["properties"]["version"]["const"] == VERSION
    assert schema["$id"].endswith(f":{VERSION}")


def test_every_class_of_a_term_is_in_it_and_no_other(schema: dict) -> None:
    (first,) = schema["$defs"]["node"]["prefixItems"]
    assert set(first["enum"]) == set(CLASSES)


@pytest.mark.parametrize("name", NAMES)
def test_certificates_of_the_library_are_valid(certificates: dict[str, Path], schema: dict, name: str) -> None:
    jsonschema.validate(json.loads(certificates[name].read_text(encoding="utf-8")), schema)


def test_what_is_read_back_is_verified(certificates: dict[str, Path], capsys) -> None:
    assert main(["verify", str(certificates["ddpm.marginal"])]) == 0


def test_what_is_no_certificate_is_not_valid(certificates: dict[str, Path], schema: dict) -> None:
    whole = json.loads(certificates["ddpm.marginal"].read_text(encoding="utf-8"))
    (number, part) = next((n, part) for n, part in enumerate(whole["theorems"]) if part["steps"])

    def broken(change) -> dict:
        data = copy.deepcopy(whole)
        change(data, data["theorems"][number])
        return data

    assert part["steps"] and valid(broken(lambda data, inner: None), schema)
    changes = [
        lambda data, inner: data.update(version=1),
        lambda data, inner: data.update(more=1),
        lambda data, inner: data.pop("models"),
        lambda data, inner: inner.pop("obligations"),
        lambda data, inner: inner["steps"][0].update(relation="<"),
        lambda data, inner: inner["steps"][0]["by"].update(kind="believed"),
        lambda data, inner: inner["steps"][0].update(after=["NoSuchClass", 1]),
        lambda data, inner: inner["steps"][0].update(after=0.5),
        lambda data, inner: inner["steps"][0]["path"].append(-1),
        lambda data, inner: inner.update(how="magic"),
        lambda data, inner: inner.update(parts=[inner]),
    ]
    for place, change in enumerate(changes):
        assert not valid(broken(change), schema), place
