"""What is stored of a request, who is to answer it, and what is said while it is open."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time
from typing import ClassVar, Final

from server.domain.instants import from_text, local_wall
from server.features import circle
from server.features.around import Around
from server.features.person import StaffRow
from server.features.shape import Notice, Reminder, Row

REMIND_AT: Final = time(8, 0)


class ContactRequestRow(Row, frozen=True, kw_only=True, omit_defaults=True):
    """A request of a family lies with the child; one between professionals with the unit that is asked."""

    entity: ClassVar[str] = "contact_request"
    aggregate: ClassVar[str] = "child"

    asker: str
    """The relation (family) or the seat (professional)."""
    account: str
    reason: str
    asked_at: str
    due_on: str
    due_at: str
    promise_days: int
    remind_on: str
    child: str | None = None
    function: str | None = None
    text: str = ""
    callback_phone: str | None = None
    good_times: tuple[str, ...] = ()
    state: str = "open"
    tried_at: str | None = None
    answered_at: str | None = None
    answered_by: str | None = None
    outcome: str | None = None
    note: str | None = None
    escalated_at: str | None = None
    escalated_to: tuple[str, ...] = ()
    """Seats of the deputy and of those who lead the unit, as they were when the promise was broken."""

    def refers_to(self) -> tuple[str, ...]:
        seats = () if self.child else (self.asker,)
        return tuple(id for id in (self.owner_unit, self.answered_by, *self.escalated_to, *seats) if id)


def answerers(row: ContactRequestRow, around: Around) -> tuple[StaffRow, ...]:
    """Who is to answer: those on duty for the child, or those who hold the function in the unit."""
    if row.child is not None:
        return circle.on_duty(around)
    return tuple(
        person for person in around.all(StaffRow) if person.ended_at is None and row.function in person.functions
    )


def owing(row: ContactRequestRow, around: Around) -> tuple[StaffRow, ...]:
    """Whose promise it is: coordinator and deputy, or those who hold the function that was asked."""
    people = circle.baton(around) if row.child is not None else answerers(row, around)
    return tuple(person for person in people if person.ended_at is None)


def leads_told(row: ContactRequestRow, around: Around) -> tuple[StaffRow, ...]:
    """Who leads the unit and knows only that the promise was broken: what was asked is not for them to see or close."""
    if row.state != "open" or row.escalated_at is None:
        return ()
    see_it = {person.id for person in owing(row, around)}
    if row.child is not None and circle.coordinator(around).seat is None:
        see_it |= circle.holders_meanwhile(around)
    told = (lead for lead in circle.unit_leads(around) if lead.id in row.escalated_to and lead.id not in see_it)
    return tuple(lead for lead in told if lead.account != row.account)


def reminders(row: ContactRequestRow, around: Around) -> Iterable[Reminder]:
    """The morning of the working day before, and what happens at the end of the promise."""
    if row.state != "open":
        return
    morning = local_wall(date.fromisoformat(row.remind_on), REMIND_AT)
    if morning > from_text(row.asked_at):
        for person in answerers(row, around):
            yield Reminder(row.id, "contact_due", person.account, morning)
    yield Reminder(row.id, "act:contact.escalate", "", from_text(row.due_at))


def notice(row: ContactRequestRow, account: str, kind: str) -> Notice:
    """A notice that leads to the request."""
    return Notice(account, kind, row.entity, row.id)
