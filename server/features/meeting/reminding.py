"""What is said before and after a meeting. A cancelled one says nothing any more."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time
from typing import Final

from server.domain import deadlines
from server.domain.calendar import roll_forward
from server.domain.instants import from_text, local_date, local_wall, to_text
from server.domain.reminders import REMIND_AT, Offset, meeting_reminders
from server.features import circle
from server.features.around import Around
from server.features.meeting.rows import (
    PLANNED,
    MeetingRow,
    answer_of,
    family_invited,
    limit,
    staff_invited,
)
from server.features.person import UnitRow
from server.features.shape import Reminder

MORNING: Final = time(8, 0)
KINDS: Final[dict[Offset, str]] = {
    "one_week": "meeting_week",
    "one_working_day": "meeting_day",
    "one_hour": "meeting_hour",
}


def reminders(row: MeetingRow, around: Around) -> Iterable[Reminder]:
    """To everybody invited who has not said no; to those on duty what is late, and what is to be followed up."""
    if row.state == "held" and row.follow_up_on and circle.child(around).state == "open":
        day = roll_forward(date.fromisoformat(row.follow_up_on))
        for person in circle.on_duty(around):
            yield Reminder(row.id, "meeting_follow_up", person.account, local_wall(day, MORNING))
    if row.state not in PLANNED or row.told_at is None:
        return
    for relation in family_invited(row, around):
        if relation.account:
            yield from _to(row, relation.id, relation.account)
    for person in staff_invited(row, around):
        unit = around.known(UnitRow, person.owner_unit)
        closed = frozenset(date.fromisoformat(day) for day in unit.closed_days) if unit else frozenset()
        yield from _to(row, person.id, person.account, closed_days=closed, working_days_only=True)
    if row.late and row.invited_on:
        clock = limit(row.kind, date.fromisoformat(row.invited_on))
        for day in dict.fromkeys((roll_forward(clock.warn_on), roll_forward(clock.breach_on))):
            for person in circle.on_duty(around):
                yield Reminder(row.id, "meeting_late", person.account, local_wall(day, MORNING))


def _to(
    row: MeetingRow,
    who: str,
    account: str,
    *,
    closed_days: frozenset[date] = frozenset(),
    working_days_only: bool = False,
) -> Iterable[Reminder]:
    answer = answer_of(row, who)
    if answer == "no":
        return
    told_at = from_text(row.told_at or row.starts_at)
    expires = {"expires_at": to_text(row.starts)}
    for planned in meeting_reminders(
        row.starts, since=told_at, offsets=KINDS, closed_days=closed_days, working_days_only=working_days_only
    ):
        yield Reminder(row.id, KINDS[planned.offset], account, planned.due_at, expires)
    if answer == "none":
        ask_on = deadlines.answer_reminder(local_date(told_at), closed_days).due_on
        ask_at = local_wall(ask_on, REMIND_AT)
        if ask_at < row.starts:
            yield Reminder(row.id, "meeting_answer", account, ask_at, expires)
