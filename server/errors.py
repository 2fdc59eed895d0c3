"""Refusals: the one way to say no, and the one table from its code to an HTTP status.

A refusal is an answer for good, decided on the rows as they are. What may work a moment later is never a
refusal but a `server.storage.engine.TransientFault`. Neither carries what the person wrote.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

STATUS: Mapping[str, int] = MappingProxyType(
    {
        "invalid": 400,
        "unknown_command": 400,
        "not_signed_in": 401,
        "not_allowed": 403,
        "consent_required": 403,
        "assurance_required": 403,
        "not_found": 404,
        "too_late": 409,
        "taken": 409,
        "conflict": 409,
        "identifying_text": 422,
        "too_many": 429,
        "rate_limited": 429,
    }
)
"""Refusal code → HTTP status. The same codes stand in a `nack` (Source: sync-protocol 6.6).

`rate_limited` says "not yet" of a request or a frame, and is never a decision: what a command has had enough of for
today is `too_many`. Kept in a receipt, "not yet" would be said for ever to a client that sends the same again.
"""

FIELD_CODES = frozenset({"required", "unknown", "type", "too_long", "not_allowed_value", "past", "identifying"})
"""What `Refused.fields` may say of one field (Source: sync-protocol 6.6)."""


_CODE_OF_KIND = MappingProxyType(
    {
        **dict.fromkeys(("missing", "string_too_short", "too_short"), "required"),
        **dict.fromkeys(("string_too_long", "too_long"), "too_long"),
        "extra_forbidden": "unknown",
    }
)


def field_code(kind: str) -> str:
    """What is wrong with a field, of `FIELD_CODES`, by the kind of fault that pydantic names."""
    return _CODE_OF_KIND.get(kind, "type" if kind.endswith("_type") else "not_allowed_value")


class Refused(Exception):
    """No, for good. `code` is a key of `STATUS`; `fields` says which arguments are wrong and how; `data`
    offers ways on.

    Raises: `ValueError` for a code that is in neither table, so that a misspelt refusal is found by its first
    test.
    """

    def __init__(
        self, code: str, fields: Mapping[str, str] | None = None, data: Mapping[str, Any] | None = None
    ) -> None:
        if code not in STATUS:
            raise ValueError(f"unknown refusal: {code}")
        if fields is not None and not FIELD_CODES.issuperset(fields.values()):
            raise ValueError(f"unknown field code in {sorted(set(fields.values()))}")
        super().__init__(code)
        self.code = code
        self.fields = None if fields is None else dict(fields)
        self.data = None if data is None else dict(data)

    @property
    def status(self) -> int:
        """The HTTP status that says the same."""
        return STATUS[self.code]
