"""Errors: where, what, the line with a caret, and never more than a screen of it."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from derive import errors
from derive.errors import DeriveError, InputError, KernelRefusal, ReadError, excerpt


def test_a_place_in_a_text_becomes_line_and_column() -> None:
    error = ReadError.at("first\nx + \\odd y", 10, "an odd macro", file="note.md", first_line=7, hint="none")
    assert str(error).splitlines() == [
        "note.md:8:5: an odd macro", r"    x + \odd y", "        ^", "hint: none",
    ]


def test_a_formula_inside_a_line_keeps_its_column() -> None:
    error = ReadError.at("a }", 2, "a stray brace", file="f.md", first_line=3, first_column=10)
    assert error.line == 3 and error.column == 12
    shown, caret = str(error).splitlines()[1:3]
    assert shown[caret.index("^")] == "}"


def test_what_is_known_already_is_kept() -> None:
    error = InputError("no", line=3).located("f.md", 9, "text")
    assert (error.file, error.line, error.source) == ("f.md", 3, "text")


@given(st.text(max_size=400), st.integers(1, 500))
def test_the_caret_stands_under_its_character_and_lines_stay_short(source: str, column: int) -> None:
    shown = excerpt(source, column)
    assert all("\n" not in line and len(line) <= 320 for line in shown)
    assert shown[-1].strip() == "^"


@pytest.mark.parametrize("column", [1, 5_000_000, 10_000_000, 99_999_999])
def test_a_gigantic_line_is_cut_around_the_caret(column: int) -> None:
    text = str(InputError("too much", line=1, column=column, source="x" * 10_000_000))
    assert len(text) < 500 and "…" in text


def test_wide_signs_and_accents_keep_the_caret_in_place() -> None:
    assert excerpt("后验 x", 4)[1] == " " * 9 + "^"
    assert excerpt("α\u0304 x", 4)[1] == " " * 6 + "^"


def test_a_gigantic_message_is_shortened() -> None:
    assert len(str(InputError("m" * 10**6, hint="h" * 10**6))) < 5000


@pytest.mark.parametrize("name", [name for name in errors.__all__ if name != "excerpt"])
def test_every_error_says_when_it_is_raised_and_survives_a_copy(name: str) -> None:
    kind = getattr(errors, name)
    assert len(kind.__doc__) > 30
    error = kind("message", file="f", line=1, column=2, source="text")
    assert isinstance(error, DeriveError)
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


def test_exit_statuses_hang_on_the_types() -> None:
    found = {name: getattr(errors, name).exit_status for name in errors.__all__ if name != "excerpt"}
    assert {name for name, status in found.items() if status != 2} == {"KernelRefusal", "Fault"}
    assert found["KernelRefusal"] == 1 and found["Fault"] == 3


def test_a_refusal_names_what_was_found_and_what_was_wanted() -> None:
    assert str(KernelRefusal("does not fit", found="a", wanted="b")) == "does not fit\nfound: a\nwanted: b"
