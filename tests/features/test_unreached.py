"""Unreached: the coordinating unit sees whom nothing has reached; told once, and gone when opened, called, or old."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from server.domain import scopes
from server.domain.actors import SYSTEM
from server.domain.instants import from_text
from server.features.around import Around
from server.features.marks import reminders
from server.features.meeting.taking_part import Respond
from server.features.notice import NoticeRow
from server.features.shape import Writes
from server.features.unreached import Forget, Mark, Settle, UnreachedRow, feature
from tests.features import cast, consenting, meetings
from tests.features.consenting import refused

DOC, NOTICE = cast.uuid(81), cast.uuid(82)


def mark(around: Around, account: str = cast.account(cast.ANNA), **more: Any) -> Writes:
    args = {"child": cast.CHILD, "notice": NOTICE, "about": "meeting", "doc": DOC, "kind": "meeting_moved"}
    command = Mark.model_construct(**args | {"account": account} | more)
    return command.decide(around, SYSTEM, cast.moment(around.now, f"{account} {more}"))


def marked() -> tuple[Around, UnreachedRow]:
    around = cast.around_child()
    after = cast.after(around, mark(around))
    row = after.first(UnreachedRow)
    assert row is not None
    return after, row


def test_the_coordinating_unit_alone_sees_it_and_those_on_duty_are_told_once() -> None:
    around = cast.around_child()
    told = mark(around).notices
    assert [(one.account, one.kind, one.entity, one.doc) for one in told] == [
        (cast.account(cast.MARIA), "not_reached", "meeting", DOC)
    ]
    after, row = marked()
    shown = cast.shown(feature, after, row)
    assert set(shown) == {scopes.coordinator(cast.CHILD, cast.SCHOOL)}
    (document,) = shown.values()
    assert document == {
        "id": row.id, "child": cast.CHILD, "relation": cast.ANNA, "name": document["name"], "about": "meeting",
        "doc": DOC, "kind": "meeting_moved", "since": row.since,
    }  # fmt: skip
    again = mark(after, notice=cast.uuid(83))
    assert again.notices == () and [one.id for one in again.rows] == [row.id]


def test_strangers_are_not_marked() -> None:
    assert mark(cast.around_child(), account="nobody") == Writes()


def told(doc: str = DOC, **more: Any) -> NoticeRow:
    """What Anna was told on the first of September."""
    return NoticeRow(
        id=NOTICE, owner_unit="", account=cast.account(cast.ANNA), kind="meeting_moved", about="meeting", doc=doc,
        **{"at": "2026-09-01T08:00:00.000Z", **more},
    )  # fmt: skip


def test_who_has_read_it_is_not_unreached() -> None:
    around = cast.around_child()
    unread = replace(around, named={**around.named, NOTICE: told()})
    assert mark(unread).rows
    read = replace(around, named={**around.named, NOTICE: told(read_at="2026-09-01T09:00:00.000Z")})
    refused(lambda: mark(read), "conflict")


def test_who_has_answered_since_is_not_unreached() -> None:
    around = meetings.planned()
    row = meetings.meeting(around)
    known = replace(around, named={**around.named, NOTICE: told(row.id)})
    assert mark(known, doc=row.id).rows
    answered = cast.after(known, cast.give(known, Respond, cast.AS_ANNA, meeting=row.id, answer="yes"))
    refused(lambda: mark(answered, doc=row.id), "conflict")
    later = replace(answered, named={**around.named, NOTICE: told(row.id, at="2026-09-15T06:00:00.000Z")})
    assert mark(later, doc=row.id).rows, "the answer was to something told before"


def test_who_has_answered_a_consent_is_not_unreached() -> None:
    around, row, _ = consenting.asked()
    known = replace(around, named={**around.named, NOTICE: told(row.id)})
    assert mark(known, doc=row.id, about="consent", kind="consent_asked").rows
    answered, _, _ = consenting.answered(known, row, cast.AS_ANNA, "yes")
    refused(lambda: mark(answered, doc=row.id, about="consent", kind="consent_asked"), "conflict")


def test_it_goes_when_settled_opened_or_old() -> None:
    after, row = marked()
    maria = cast.colleague(cast.MARIA)
    assert cast.give(after, Settle, maria, unreached=row.id) == Writes(remove=(row.id,))
    assert cast.give(after, Forget, SYSTEM, record=row.id) == Writes(remove=(row.id,))
    (planned,) = reminders(row, after)
    assert (planned.kind, planned.due_at) == ("act:unreached.forget", from_text(row.since) + timedelta(days=14))
