"""The directory of the demonstration: each unit's main functions, some to check, the BUSEs and what they count."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from server.demo.play import Play
from server.demo.staff import STAFF
from server.demo.stage import Person
from server.demo.timeline import Story
from server.demo.world import UNITS, UnitPlan
from server.domain.instants import local_date
from server.features.directory.rows import BUSE

STALE = {"sjostrand": 231, "vc_gullspang": 204, "soc_gotene": 190, "um_molndal": 196}
"""Units that have not looked at their rows for more than half a year: days since they did."""
CHECKED_LATE, REMINDED, CHECKED = "kornhagen", 207, 24
"""A unit that was reminded, and then looked: days since it had, and since it did."""
NO_HOLDER = ("hassel", "special_educator")
NO_DEPUTY = frozenset({("lillan", "special_educator"), ("soc", "field_worker"), ("vc_molndal", "doctor")})
LEADING = "unit_manager"
"""Those who lead a unit are found by what else they do there, or by this when they do nothing else."""
BESIDE = ("sip_trainer", "intake")
"""What people look for although it is nobody's main function."""
HOW_TO = {
    "head_teacher": "Ring växeln och be om rektor.",
    "counsellor": "Ring på telefontiden, eller skicka en fråga här.",
    "nurse": "Ring mellan 8 och 9, eller skicka en fråga här.",
    "consultant": "Boka en rådgivningstid här. Vi pratar utan barnets namn.",
    "doctor": "Ring läkarlinjen. Den är för er som arbetar med barn.",
    "social_worker": "Ring mottagningen. Orosanmälan gör ni som vanligt, inte här.",
    BUSE: "Ring mig om du inte vet vart du ska vända dig.",
}
COUNTED = (("lillan", (9, 9, 8, 8, 8, 7, 2, 2)), ("bup", (12, 9, 5, 1)))
"""Contacts that a BUSE has counted: how many days ago each was."""


async def rows_of(play: Play, plan: UnitPlan, days: int) -> Story:
    """What one unit has told of itself, all in one sitting so many days ago."""
    yield play.days.ago(days=days, hours=len(plan.name) % 5)
    staff, rows = play.staff_of(plan.key), dict[str, str]()
    for function, holder in _main_functions(play, plan.key).items():
        named = (plan.key, function)
        told = await play.act(
            staff[0] if len(rows) % 2 else holder,
            "directory.edit",
            unit=play.units[plan.key],
            function=function,
            holder=None if named == NO_HOLDER else holder.seat,
            how_to=HOW_TO.get(function),
            municipality=plan.town if plan.organisation == "region" else None,
            badge=BUSE if function == BUSE else None,
            **({} if named in NO_DEPUTY else _deputy(plan, staff, holder)),
        )
        rows[function] = str(told["function_contact"])
    for ago in sorted(dict(COUNTED).get(plan.key, ()), reverse=True):
        yield play.days.ago(days=ago)
        on = local_date(play.days.now) - timedelta(days=ago)
        buse = _main_functions(play, plan.key)[BUSE]
        await play.act(buse, "contact.tally", function_contact=rows[BUSE], on=on.isoformat())
    if plan.key == CHECKED_LATE:
        yield play.days.ago(days=CHECKED)
        for row in rows.values():
            await play.act(staff[0], "directory.confirm", function_contact=row)


async def tasks(play: Play) -> Story:
    """What was promised with a day: one that has passed, one to come, one of the process lead's own."""
    days, people = play.days, play.people
    yield days.work(-12, "08:50")
    await play.act(
        people["birgitta"], "task.add", what="Ny telefontid för BUSE på webbplatsen", by_on=days.work_day(-3)
    )
    yield days.work(-6, "15:40")
    await play.act(people["maria"], "task.add", what="Skriva ut nya listan till lärarrummet", by_on=days.work_day(6))
    yield days.work(-2, "10:05")
    await play.act(people["lena"], "task.add", what="Ringa Gullspång om vem som är BUSE", by_on=days.work_day(3))


def _main_functions(play: Play, unit: str) -> dict[str, Person]:
    """By function, in the order of the staff list: the first thing each does that nobody before does; the BUSE, who
    teaches about SIP, who takes in what comes.
    """
    found: dict[str, Person] = {}
    for one in STAFF:
        if one.unit == unit:
            functions = [function for function in one.functions if function != LEADING]
            free = [function for function in functions if function not in found and function != BUSE]
            beside = [function for function in functions if function in (BUSE, *BESIDE)]
            leads = [LEADING] if one.lead and not functions else []
            for function in (*free[:1], *beside, *leads):
                found.setdefault(function, play.people[one.key or one.name])
    return found


def _deputy(plan: UnitPlan, staff: Sequence[Person], holder: Person) -> dict[str, Any]:
    """A colleague, or where one works alone whoever answers the unit's telephone."""
    others = [one for one in staff if one.seat != holder.seat]
    return {"deputy_seat": others[-1].seat} if others else {"deputy": {"name": "Receptionen", "phone": plan.phone}}


def stories(play: Play) -> list[Story]:
    """Each unit has its own day, within the half year unless it is one of those that forgot."""
    late = {**STALE, CHECKED_LATE: REMINDED}
    told = (rows_of(play, plan, late.get(plan.key, 16 + n * 37 % 150)) for n, plan in enumerate(UNITS))
    return [*told, tasks(play)]
