"""What is said before a term meeting, and when the house looks again for those who are to come."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from server.domain import term_meetings as rules
from server.domain.instants import from_text
from server.features.around import Around
from server.features.shape import Reminder
from server.features.term_meeting.rows import DECLINED, TermMeetingRow, answer_of, closed_days_of, coming_to

LOOK_AHEAD = timedelta(hours=2)
"""Newcomers are looked for this long before a reminder, so that they get it too."""
LOOKED_FOR = ("term_six_weeks", "term_two_weeks", "term_day")


def reminders(row: TermMeetingRow, around: Around) -> Iterable[Reminder]:
    """To everybody who has not said no; once more to those who have not answered; nothing after it is cancelled."""
    if row.state != "planned" or row.told_at is None:
        return
    told_at, expires = from_text(row.told_at), {"expires_at": row.starts_at}
    for said in rules.reminders(row.starts, since=told_at):
        if said.kind in LOOKED_FOR and said.due_at - LOOK_AHEAD > told_at:
            yield Reminder(row.id, "act:term.gather", "", said.due_at - LOOK_AHEAD)
    for person in coming_to(row, around):
        answer = answer_of(row, person.id)
        if answer == DECLINED:
            continue
        closed = closed_days_of(around, person.owner_unit)
        for said in rules.reminders(row.starts, since=told_at, closed_days=closed):
            yield Reminder(row.id, said.kind, person.account, said.due_at, expires)
        ask_at = rules.ask_again_at(told_at, row.starts, closed)
        if answer == "none" and ask_at is not None:
            yield Reminder(row.id, "term_answer", person.account, ask_at, expires)
