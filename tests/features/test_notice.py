"""Notices: a kind and where it leads, never content; said once, read once, and gone after a while."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from server.domain import scopes
from server.domain.actors import SYSTEM
from server.domain.instants import from_text
from server.features.around import Around
from server.features.notice import Forget, NoticeRow, Read, feature, notice_row, reminders
from server.features.shape import Notice, Writes
from tests.features import cast
from tests.features.cast import AS_ANNA, NOW

ACCOUNT = AS_ANNA.account
NOTICE = cast.uuid(71)
ROW = NoticeRow(
    id=NOTICE, owner_unit="", account=ACCOUNT, kind="consent_asked", about="consent", doc=cast.CONSENT,
    at="2026-09-01T08:00:00.000Z",
)  # fmt: skip


def mine(row: NoticeRow = ROW) -> Around:
    return Around(id=ACCOUNT, kind="user", owner_unit="", now=NOW, rows=(row,))


@pytest.mark.parametrize("urgent", [False, True])
def test_a_notice_becomes_a_row_of_the_account(urgent: bool) -> None:
    row = notice_row(Notice(ACCOUNT, "consent_asked", "consent", cast.CONSENT, urgent=urgent), cast.moment())
    assert row == msgspec.structs.replace(ROW, id=row.id, urgent=urgent)


def test_it_holds_where_it_leads_and_nothing_else() -> None:
    assert cast.shown(feature, mine(), ROW) == {
        scopes.user(ACCOUNT): {
            "id": NOTICE,
            "kind": "consent_asked",
            "about": "consent",
            "doc": cast.CONSENT,
            "at": "2026-09-01T08:00:00.000Z",
        }
    }


def test_reading_it_twice_keeps_the_first_time() -> None:
    read = msgspec.structs.replace(ROW, read_at="2026-09-01T08:00:00.000Z")
    assert cast.give(mine(), Read, AS_ANNA, notice=NOTICE) == Writes(rows=(read,))
    assert cast.give(mine(read), Read, AS_ANNA, NOW + timedelta(days=1), notice=NOTICE) == Writes(rows=(read,))


def test_it_is_said_once_unless_read_or_old_and_forgotten_after_ninety_days() -> None:
    said = ("notice", ACCOUNT, from_text(ROW.at))
    gone = ("act:notice.forget", "", from_text(ROW.at) + timedelta(days=90))

    def plans(row: NoticeRow, around: Around) -> list[tuple[str, str, object]]:
        return [(one.kind, one.account, one.due_at) for one in reminders(row, around)]

    assert sorted(plans(ROW, mine()), key=str) == sorted([gone, said], key=str)
    read = msgspec.structs.replace(ROW, read_at=ROW.at)
    assert plans(read, mine(read)) == plans(ROW, cast.at(mine(), NOW + timedelta(days=8))) == [gone]
    assert cast.give(mine(), Forget, SYSTEM, record=NOTICE) == Writes(remove=(NOTICE,))
