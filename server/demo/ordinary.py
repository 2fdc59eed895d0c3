"""The other families: forty-two children in eleven schools, whose weeks are ordinary and all a little different."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from server.demo.ordinary_life import consents, meetings, promises, waits
from server.demo.play import Family, Play
from server.demo.timeline import Story

SCHOOLS = (
    ("hassel", 6, ("vc", "uph", "soc", "bup", "rehab")),
    ("toreboda", 6, ("vc_toreboda", "soc_toreboda", "uph", "bup", "fc_toreboda")),
    ("sjostrand", 4, ("vc_gullspang", "soc_gullspang", "uph", "bup", "hab")),
    ("kornhagen", 5, ("vc_gotene", "soc_gotene", "rehab_gotene", "uph", "bup")),
    ("lundberga", 6, ("vc_harlanda", "soc_harlanda", "um_harlanda", "bup_molndal", "uph_partille")),
    ("vinterhed", 4, ("vc_harryda", "rehab_harryda", "uph_partille", "bup_molndal", "soc_molndal")),
    ("asglantan", 4, ("vc_molndal", "soc_molndal", "um_molndal", "rehab_molndal", "bup_molndal")),
    ("kvarnlilja", 4, ("uph_partille", "fc_partille", "bup_molndal", "vc_molndal", "soc_molndal")),
    ("skarviken", 2, ("vc_ockero", "bvc_ockero", "uph_partille", "bup_molndal", "soc_molndal")),
    ("mark", 1, ("vc_mark", "soc_mark", "bup_molndal", "uph_partille", "rehab_molndal")),
)
"""(school, children, the units they meet). Orust has none yet: that is how a pilot begins."""
CHILDREN = (
    "Adam", "Agnes", "Ali", "Alma", "Amina", "Astrid", "August", "Axel", "Bilal", "Bianca", "Cornelia", "Dante",
    "Edvin", "Elias", "Emmy", "Felicia", "Filip", "Freja", "Gabriella", "Gustav", "Harry", "Hedda", "Ines", "Ismail",
    "Iris", "Jack", "Jonna", "Julia", "Kian", "Lea", "Linus", "Lovisa", "Malte", "Meja", "Milo", "Mohamed", "Nellie",
    "Nora", "Olle", "Sigrid", "Theo", "Zahra",
)  # fmt: skip
GUARDIANS = (
    "Peter", "Anna-Karin", "Jonas", "Malin", "Mariam", "Fredrika", "Kristian", "Josefin", "Hassan", "Ulla", "Therese",
    "Mattias", "Veronica", "Patrik", "Katarina", "Joakim", "Susanna", "Andreas", "Jeanette", "Martin", "Ida", "Robert",
    "Fatima", "Yusra", "Henrik", "Lotta", "Stefan", "Annelie", "Reza", "Sandra", "Björn", "Marie", "Oscar", "Caroline",
    "Abdi", "Sahra", "Roger",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ordinary:
    """One of them: its number, age, school and the units the family meets."""

    n: int
    name: str
    age: int
    school: str
    units: tuple[str, ...]


def everybody() -> Iterator[Ordinary]:
    """All forty-two, school by school."""
    n = 0
    for school, count, units in SCHOOLS:
        for _ in range(count):
            turned = units[n % 3 :] + units[: n % 3]
            yield Ordinary(n, CHILDREN[n], 6 + n * 5 % 12, school, turned)
            n += 1


async def life(play: Play, one: Ordinary) -> Story:
    """From the day the child was opened, some eighty to fifty working days ago."""
    days, staff = play.days, play.staff_of(one.school)
    coordinators = [person for person in staff if "coordinator" in person.actor.functions]
    by = coordinators[one.n % len(coordinators)]
    deputy = next(person for person in reversed(staff) if person is not by)
    yield days.work(-78 + one.n % 28, f"{9 + one.n % 6:02}:{one.n % 4 * 10 + 10}")
    family = await play.open(one.name, days.turns_18(one.age), by=by, deputy=deputy)
    yield days.work(-77 + one.n % 28, "17:30")
    for place in range(2 if one.n % 3 else 1):
        await play.guardian(family, GUARDIANS[(one.n * 2 + place) % len(GUARDIANS)], verified=one.n % 9 != 8)
    if one.age >= 13:
        yield days.work(-76 + one.n % 28, "14:00")
        await play.young(family)
    play.tell(
        *consents(play, family, one.n, one.units),
        *meetings(play, family, one.n, one.units),
        *promises(play, family, one.n),
        *waits(play, family, one.n, one.units),
    )
    if one.n % 6 == 2:
        yield days.work(-24 + one.n % 5, "08:30")
        await _handed_on(play, family)


async def _handed_on(play: Play, family: Family) -> None:
    """Another person in the unit takes over; the one before stays as deputy."""
    deputy, before = family.deputy, family.by
    if deputy is None:
        return
    await play.act(before, "seat.assign", child=family.child, person=deputy.seat, coordinator=True)
    family.by, family.deputy = deputy, before
    await play.act(deputy, "coordinator.deputy", child=family.child, person=before.seat)


def stories(play: Play) -> list[Story]:
    return [life(play, one) for one in everybody()]
