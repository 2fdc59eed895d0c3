"""Unreached: the coordinating unit sees whom nothing has reached; told once, and gone when opened, called, or old."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from server.domain import scopes
from server.domain.actors import SYSTEM
from server.domain.instants import from_text
from server.features.around import Around
from server.features.shape import Writes
from server.features.unreached import Forget, Mark, Settle, UnreachedRow, feature, reminders
from tests.features import cast

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


def test_it_goes_when_settled_opened_or_old() -> None:
    after, row = marked()
    maria = cast.colleague(cast.MARIA)
    assert cast.give(after, Settle, maria, unreached=row.id) == Writes(remove=(row.id,))
    assert cast.give(after, Forget, SYSTEM, record=row.id) == Writes(remove=(row.id,))
    (planned,) = reminders(row, after)
    assert (planned.kind, planned.due_at) == ("act:unreached.forget", from_text(row.since) + timedelta(days=14))
