"""When a term meeting is spoken of, against a table of three years worked out by itself (promises.md P7)."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

from server.domain import term_meetings as rules
from server.domain.instants import wall_from_text
from tests.domain.data import term_reminders as table

ROWS = list(csv.DictReader(table.FILE.read_text(encoding="utf-8").splitlines()))
KINDS = {"term_six_weeks": "six_weeks", "term_two_weeks": "two_weeks", "term_day": "day", "term_hour": "hour"}


def test_the_table_is_the_one_that_is_written_by_its_own_counting(tmp_path: Path) -> None:
    table.write(tmp_path / "again.csv")
    assert (tmp_path / "again.csv").read_bytes() == table.FILE.read_bytes()
    cases = Counter(row["case"] for row in ROWS)
    assert cases["usual"] > 400 and len(cases) == 7
    assert {row["starts"][:4] for row in ROWS} == {"2026", "2027", "2028"}


def test_every_reminder_of_three_years_is_said_at_the_minute_of_the_table() -> None:
    wrong = []
    for row in ROWS:
        closed = frozenset() if row["closed"] == "-" else frozenset({date.fromisoformat(row["closed"])})
        starts, told = wall_from_text(row["starts"]), wall_from_text(f"{row['told']}T08:00")
        said = {KINDS[one.kind]: one.due_at for one in rules.reminders(starts, since=told, closed_days=closed)}
        again = rules.ask_again_at(told, starts, closed)
        got = {name: said.get(name) for name in KINDS.values()} | {"asked_again": again}
        for name, at in got.items():
            written = "-" if at is None else f"{at.astimezone(UTC):%Y-%m-%dT%H:%MZ}"
            if written != row[name]:
                wrong.append((row["case"], row["starts"], row["told"], name, row[name], written))
    assert wrong == []


def test_nothing_is_said_at_night_on_a_day_off_or_after_the_meeting_has_begun() -> None:
    for row in ROWS:
        starts = wall_from_text(row["starts"])
        for name in (*KINDS.values(), "asked_again"):
            if row[name] != "-":
                at = datetime.fromisoformat(row[name])
                assert at < starts, row
                assert table.works(at.date(), None), row
