"""Published schemas of the files that derive writes: JSON Schema, a file for each version; a term may be added."""

from __future__ import annotations

from pathlib import Path

__all__ = ["certificate_schema"]


def certificate_schema() -> str:
    """The text of the schema of certificates, as `derive export --to schema` writes it."""
    return Path(__file__).with_name("certificate-2.json").read_text(encoding="utf-8")
