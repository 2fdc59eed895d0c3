"""The company: areas, units and everybody who works in them, the process leads and the admin."""

from __future__ import annotations

from collections import defaultdict

from server.demo.play import Play
from server.demo.staff import STAFF, StaffPlan
from server.demo.stage import NewSeat, Person
from server.demo.teams import SAT
from server.demo.world import AREAS, UNITS, UnitPlan
from server.domain.actors import SeatKind
from server.features.organisation import AdminRow
from server.features.person import AreaRow, StaffRow, UnitRow
from server.features.shape import Row

LEADS = (("lena", "Lena Strand", "norra"), ("goran", "Göran Wester", "goteborg"))
"""Nobody leads the pilot in the west yet."""
ADMINISTERED = "Mariestad"
"""The municipality whose units Per administers."""
PERSONAS = ("maria", "johan", "jonas", "karin", "outsider", "birgitta", "elin", "hanna", "sara", "tove")
"""Colleagues one can sign in as."""


async def gather(play: Play) -> None:
    """Everybody who works somewhere, in `play.people` by key; those without a story by name.

    Process leads begin their work in stories of their own.
    """
    stage = play.stage
    areas = {key: stage.new_id() for key in AREAS}
    organisations: dict[str, str] = defaultdict(stage.new_id)
    rows: dict[str, list[Row]] = {
        areas[key]: [AreaRow(id=areas[key], owner_unit="", name=name, slug=slug)] for key, (name, slug) in AREAS.items()
    }
    leads = await stage.seats(SeatKind.LEAD, [NewSeat(name, area=areas[area]) for _, name, area in LEADS])
    play.people |= {key: person for (key, _, _), person in zip(LEADS, leads, strict=True)}
    [per] = await stage.seats(SeatKind.ADMIN, [NewSeat("Per Hammar", organisation=organisations[ADMINISTERED])])
    play.people["per"] = per
    administered = organisations[ADMINISTERED]
    rows[administered] = [AdminRow(id=per.seat, owner_unit=administered, account=per.account, name=per.name)]
    for plan in UNITS:
        play.units[plan.key] = stage.new_id()
        rows |= await _unit(play, plan, areas[plan.area], organisations[plan.organisation])
    await stage.keep(rows)
    for key in (*PERSONAS, "lena", "per"):
        title = SAT.get(key) or next((one.title for one in STAFF if one.key == key), "")
        play.persona(key, play.people[key], title)
    play.persona("tove", play.people["tove_rehab"], "Rehabmottagningen")


async def _unit(play: Play, plan: UnitPlan, area: str, organisation: str) -> dict[str, list[Row]]:
    unit = play.units[plan.key]
    plans = [one for one in STAFF if one.unit == plan.key]
    seats = await play.stage.seats(
        SeatKind.STAFF,
        [
            NewSeat(one.name, unit, area, organisation, one.functions, first.account if first else None)
            for one, first in ((one, play.people.get(one.same)) for one in plans)
        ],
    )
    led = {person.seat: one.lead for one, person in zip(plans, seats, strict=True)}
    play.people |= {one.key or one.name: person for one, person in zip(plans, seats, strict=True)}
    play.colleagues[plan.key] = sorted(seats, key=lambda one: not led[one.seat])
    staff = [_staff(one, person, unit) for one, person in zip(plans, seats, strict=True)]
    own = UnitRow(
        id=unit,
        owner_unit=unit,
        name=plan.name,
        area=area,
        organisation=organisation,
        kind=plan.kind,
        town=plan.town,
        phone=plan.phone,
        hours="vardagar 8–16",
        offers=plan.offers,
        leads=tuple(seat for seat, lead in led.items() if lead),
        admins=(play.people["per"].seat,) if plan.organisation == ADMINISTERED else (),
    )
    return {unit: [own, *staff]}


def _staff(plan: StaffPlan, person: Person, unit: str) -> StaffRow:
    return StaffRow(
        id=person.seat,
        owner_unit=unit,
        account=person.account,
        name=plan.name,
        title=plan.title,
        functions=plan.functions,
        phone=plan.phone,
        reach_hours=plan.hours,
    )
