"""Meetings to start from, and how tests act on them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from server.errors import Refused
from server.features.around import Around
from server.features.meeting.planning import Propose
from server.features.meeting.rows import MeetingRow
from tests.features import cast
from tests.features.cast import (
    ALVA,
    ANNA,
    AS_MARIA,
    CHILD,
    MARIA,
    SAMIR,
    around_child,
    give,
)  # fmt: skip

TIME = "2026-09-16T15:00"
STARTS = datetime(2026, 9, 16, 13, 0, tzinfo=UTC)
ENDS = STARTS + timedelta(hours=1)
TOLD = "2026-09-01T08:00:00.000Z"


def meeting(here: Around) -> MeetingRow:
    (row,) = here.all(MeetingRow)
    return row


def planned(around: Around | None = None, **args: Any) -> Around:
    """A network meeting that Anna, Alva, Maria and Samir are invited to."""
    here = around or around_child()
    wish = {
        "child": CHILD, "kind": "network", "starts_local": TIME, "invited": [ANNA, ALVA], "staff": [MARIA, SAMIR],
        "invite": True, **args,
    }  # fmt: skip
    return cast.after(here, give(here, Propose, AS_MARIA, **wish))


def do(here: Around, command: Any, actor: Any, now: datetime | None = None, /, **args: Any) -> Around:
    return cast.after(here, give(here, command, actor, now, meeting=meeting(here).id, **args))


def refusal(run: Callable[[], object]) -> tuple[str, Any]:
    with pytest.raises(Refused) as refused:
        run()
    return refused.value.code, refused.value.fields or refused.value.data
