"""A term meeting to start from, and how tests act on it."""

from __future__ import annotations

from typing import Any

from server.domain.actors import Actor
from server.domain.instants import to_text
from server.features.around import Around
from server.features.directory.rows import FunctionContactRow
from server.features.meeting.rows import AgendaItem
from server.features.shape import Writes
from server.features.term_meeting.rows import Participant, TermMeetingRow
from tests.features import cast
from tests.features.cast import AREA, CLINIC, ELIN, MARIA, NOW, SAMIR, SCHOOL
from tests.features.cast_area import PEOPLE, around_area

TERM, LAST, TASK = cast.uuid(91), cast.uuid(92), cast.uuid(93)
STARTS = "2026-11-03T12:00:00.000Z"
ROW = TermMeetingRow(
    id=TERM, owner_unit="", area=AREA, term="HT 2026", required_functions=("counsellor", "consultant", "doctor"),
    starts_local="2026-11-03T13:00", starts_at=STARTS, minutes=90, state="planned", place="Mariestad",
    agenda=(AgendaItem(title="Kontaktlistan", minutes=10),),
    participants=(Participant(seat=MARIA, unit=SCHOOL), Participant(seat=SAMIR, unit=CLINIC)),
    planned_on="2026-09-01", told_at=to_text(NOW),
)  # fmt: skip
PLAN: dict[str, Any] = {
    "term": "HT 2026", "starts_local": "2026-11-03T13:00", "place": "Mariestad",
    "agenda": [{"title": "Kontaktlistan", "minutes": 10}], "required_functions": ["counsellor", "consultant", "doctor"],
}  # fmt: skip
BUSE_ROW = FunctionContactRow(
    id=cast.uuid(97), owner_unit=SCHOOL, unit=SCHOOL, function="buse", badge="buse", holder=ELIN, confirmed_on="2026-08-01"
)  # fmt: skip


def give(command: Any, actor: Actor, *rows: Any, now: Any = NOW, **args: Any) -> Writes:
    return cast.give(around_area(*rows, now=now), command, actor, **args)


def first(writes: Writes) -> TermMeetingRow:
    row = writes.rows[0]
    assert isinstance(row, TermMeetingRow)
    return row


def participant(seat: str, **more: Any) -> dict[str, Any]:
    person = PEOPLE[seat]
    unit = {SCHOOL: "Lillåns skola", CLINIC: "Vårdcentralen"}[person.owner_unit]
    return {
        "who": seat, "name": person.name, "title": person.title, "unit": person.owner_unit, "unit_name": unit,
        "functions": list(person.functions), "answer": "none", **more,
    }  # fmt: skip


def with_buse(*rows: Any) -> Around:
    return around_area(*rows, named=(BUSE_ROW,))
