"""When meetings, bookings, tasks and stale contacts are spoken of, against a table worked out by itself (promises.md P7)."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import pytest

from server.domain.deadlines import answer_reminder
from server.domain.instants import local_date, local_wall, to_text, wall_from_text
from server.domain.reminders import REMIND_AT, is_quiet, meeting_reminders
from server.features.booking import reminders as of_booking
from server.features.directory.documents import reminders as of_contact
from server.features.directory.rows import FunctionContactRow
from server.features.meeting.reminding import KINDS
from server.features.task import reminders as of_task
from tests.domain.data import other_reminders as table
from tests.features.cast import CLINIC, CLINIC_ROW, SCHOOL_ROW
from tests.features.cast_area import around_school
from tests.features.cast_slots import BOOKED, BOOKING_ROW, NAMED, around_slot
from tests.features.test_directory import ROW as CONTACT_ROW
from tests.features.test_task import TASK

ROWS = list(csv.DictReader(table.FILE.read_text(encoding="utf-8").splitlines()))
SAID = table.COLUMNS[table.COLUMNS.index("week") :]
OFFSETS = {"one_week": "week", "one_working_day": "day", "one_hour": "hour"}
Said = dict[str, datetime]


def of(what: str) -> list[dict[str, str]]:
    return [row for row in ROWS if row["what"] == what]


def closed_in(row: dict[str, str]) -> tuple[str, ...]:
    return () if row["closed"] == "-" else (row["closed"],)


def differences(row: dict[str, str], said: Said) -> list[tuple[str, ...]]:
    """What is said at another minute than the table has it."""
    got = {key: f"{said[key].astimezone(UTC):%Y-%m-%dT%H:%MZ}" if key in said else "-" for key in SAID}
    return [(row["case"], row["at"], row["told"], key, row[key], at) for key, at in got.items() if at != row[key]]


def test_the_table_is_the_one_that_is_written_by_its_own_counting(tmp_path: Path) -> None:
    table.write(tmp_path / "again.csv")
    assert (tmp_path / "again.csv").read_bytes() == table.FILE.read_bytes()
    counts = Counter(row["what"] for row in ROWS)
    assert counts["meeting"] > 700 and counts["booking"] > 250 and counts["task"] == counts["contact"] > 1000
    assert {row["at"][:4] for row in ROWS} == {"2026", "2027", "2028"}


def test_meetings_are_spoken_of_at_the_minute_of_the_table() -> None:
    assert set(KINDS) == set(OFFSETS)
    wrong = []
    for row in of("meeting"):
        starts, told = wall_from_text(row["at"]), wall_from_text(f"{row['told']}T08:00")
        closed = frozenset(map(date.fromisoformat, closed_in(row)))
        planned = meeting_reminders(
            starts, since=told, offsets=KINDS, closed_days=closed, working_days_only=row["case"].endswith("staff")
        )
        said: Said = {OFFSETS[one.offset]: one.due_at for one in planned}
        answer = local_wall(answer_reminder(local_date(told), closed).due_on, REMIND_AT)
        wrong += differences(row, said | ({"answer": answer} if answer < starts else {}))
        assert all(not is_quiet(at) and at < starts for at in said.values()), row
    assert wrong == []


def test_bookings_are_spoken_of_at_the_minute_of_the_table() -> None:
    wrong = []
    for row in of("booking"):
        unit = msgspec.structs.replace(CLINIC_ROW, closed_days=closed_in(row))
        starts = wall_from_text(row["at"])
        slot = msgspec.structs.replace(BOOKED, starts_local=row["at"], starts_at=to_text(starts))
        around = replace(around_slot(slot, BOOKING_ROW), named=NAMED | {CLINIC: unit})
        plans = list(of_booking(BOOKING_ROW, around))
        for account in {one.account for one in plans}:
            kinds = {one.kind: one.due_at for one in plans if one.account == account}
            wrong += differences(row, {"day": kinds["booking_tomorrow"], "soon": kinds["booking_soon"]})
    assert wrong == []


def test_tasks_and_stale_contacts_are_spoken_of_at_the_minute_of_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FunctionContactRow, "check_after", property(lambda row: date.fromisoformat(row.confirmed_on)))
    wrong = []
    for row in (*of("task"), *of("contact")):
        school = msgspec.structs.replace(SCHOOL_ROW, closed_days=closed_in(row))
        if row["what"] == "task":
            task = msgspec.structs.replace(TASK, by_on=row["at"])
            first, second = (one.due_at for one in of_task(task, around_school(school, task)))
            wrong += differences(row, {"first": first, "second": second})
            continue
        contact = msgspec.structs.replace(CONTACT_ROW, confirmed_on=row["at"])
        instants = {one.due_at for one in of_contact(contact, around_school(school, contact))}
        assert len(instants) == 1
        wrong += differences(row, {"stale": instants.pop()})
    assert wrong == []
