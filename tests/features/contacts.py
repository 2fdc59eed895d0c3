"""A contact request as tests of it begin: Anna has asked, and two working days later the promise is due."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from server.errors import Refused
from server.features.around import Around
from server.features.contact_request.asking import Request
from server.features.contact_request.rows import ContactRequestRow
from tests.features import cast
from tests.features.cast import AS_ANNA, CHILD, around_child, give

ASKED = "2026-09-01T08:00:00.000Z"
DUE = datetime(2026, 9, 3, 15, 0, tzinfo=UTC)


def asked(around: Around | None = None) -> tuple[Around, ContactRequestRow]:
    here = around or around_child()
    writes = give(here, Request, AS_ANNA, child=CHILD, reason="worried", text="Hon sover inte.",
                  callback_phone="070-174 06 21", good_times=["morning", "morning"])  # fmt: skip
    row = writes.rows[0]
    assert isinstance(row, ContactRequestRow)
    return cast.after(here, writes), row


def code(run: object) -> str:
    """The refusal of a callable."""
    with pytest.raises(Refused) as refused:
        run()  # type: ignore[operator]
    return refused.value.code
