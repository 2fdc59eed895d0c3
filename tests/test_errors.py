"""A refusal has a known code, and one HTTP status."""

from __future__ import annotations

import pytest

from server.errors import FIELD_CODES, STATUS, Refused, field_code


def test_refused_carries_code_fields_and_data() -> None:
    refused = Refused("invalid", {"name": "required"}, {"hint": 1})
    assert (refused.code, refused.fields, refused.data, refused.status) == (
        "invalid",
        {"name": "required"},
        {"hint": 1},
        400,
    )
    assert (Refused("taken").fields, Refused("taken").data, Refused("taken").status) == (None, None, 409)


def test_misspelt_codes_are_found_at_once() -> None:
    with pytest.raises(ValueError, match="unknown refusal"):
        Refused("forbiden")
    with pytest.raises(ValueError, match="unknown field code"):
        Refused("invalid", {"name": "missing"})


def test_absent_and_forbidden_rows_share_a_code() -> None:
    # sync-protocol 6.6: `not_found` for both, so that nobody learns what exists.
    assert STATUS["not_found"] == 404
    assert all(400 <= status < 500 for status in STATUS.values())


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("missing", "required"),
        ("string_too_short", "required"),
        ("too_short", "required"),
        ("string_too_long", "too_long"),
        ("too_long", "too_long"),
        ("extra_forbidden", "unknown"),
        ("int_type", "type"),
        ("literal_error", "not_allowed_value"),
    ],
)
def test_a_fault_is_called_the_same_in_every_answer(kind: str, code: str) -> None:
    assert field_code(kind) == code and code in FIELD_CODES
