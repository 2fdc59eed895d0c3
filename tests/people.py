"""The cast: one small world for the tests, made by the same commands as real life.

Elsa has two guardians (Anna, Omar), a coordinator (Maria) and a deputy (Johan) at the school; Jonas works at the youth
clinic, Nils elsewhere altogether. Noor is fifteen and has an account of her own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from server.demo.stage import Person, Stage
from server.domain.actors import SeatKind
from server.features.area import LeadRow
from server.features.person import AreaRow, StaffRow, UnitRow
from server.sync.house import House

START = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
"""A Monday morning with ordinary weeks ahead."""


@dataclass
class World:
    """Who and what there is, by name."""

    stage: Stage
    people: dict[str, Person] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    relations: dict[str, str] = field(default_factory=dict)
    area: str = ""
    elsa: str = ""
    noor: str = ""

    def __getitem__(self, name: str) -> Person:
        return self.people[name]


async def make_world(house: House, start: datetime = START, *, children: bool = True) -> World:
    """The whole cast. The stage's clock stands at `start` plus an hour."""
    stage = Stage(house, start)
    world = World(stage)
    world.area = stage.new_id()
    await stage.keep({world.area: [AreaRow(id=world.area, owner_unit="", name="Norra Skaraborg", slug="norra")]})
    await _unit(
        world,
        "school",
        "Lillåns skola",
        "school_health",
        [
            ("maria", "Maria Ekdahl", "Skolkurator", ("counsellor",)),
            ("johan", "Johan Nyström", "Skolsköterska", ("nurse",)),
            ("elin", "Elin Sand", "Specialpedagog", ()),
            ("birgitta", "Birgitta Falk", "Rektor", ("head_teacher",)),
        ],
        leads=("birgitta",),
    )
    await _unit(
        world,
        "clinic",
        "UPH Norra Skaraborg",
        "youth_mental_health_primary",
        [
            ("jonas", "Jonas Berg", "Psykolog", ("consultant",)),
            ("sara", "Sara Lindh", "Kurator", ("consultant",)),
        ],
        leads=("sara",),
    )
    other = stage.new_id()
    await stage.keep({other: [AreaRow(id=other, owner_unit="", name="Göteborgsområdet", slug="goteborg")]})
    await _unit(
        world,
        "elsewhere",
        "Örgryteskolan",
        "school_health",
        [("nils", "Nils Åberg", "Skolkurator", ())],
        leads=(),
        area=other,
    )
    await _lead(world)
    if children:
        await _families(world)
    stage.clock.set(start + timedelta(hours=1))
    return world


async def _unit(
    world: World,
    key: str,
    name: str,
    kind: str,
    staff: list[tuple[str, str, str, tuple[str, ...]]],
    *,
    leads: tuple[str, ...],
    area: str | None = None,
) -> None:
    stage = world.stage
    unit, organisation, area = stage.new_id(), stage.new_id(), area or world.area
    rows, seats = [], {}
    for one, full, title, functions in staff:
        account = await stage.account(full)
        seat = await stage.seat(account, SeatKind.STAFF, unit=unit, area=area, organisation=organisation)
        seats[one] = (account, seat)
        rows.append(
            StaffRow(
                id=seat,
                owner_unit=unit,
                account=account,
                name=full,
                title=title,
                functions=functions,
                phone="+46701740621",
                reach_hours="8–15",
            )
        )
    await stage.keep(
        {
            unit: [
                UnitRow(
                    id=unit,
                    owner_unit=unit,
                    name=name,
                    area=area,
                    organisation=organisation,
                    kind=kind,
                    town="Mariestad",
                    phone="+46313900601",
                    leads=tuple(seats[one][1] for one in leads),
                ),
                *rows,
            ]
        }
    )
    world.units[key] = unit
    for one, (account, seat) in seats.items():
        world.people[one] = await stage.person(account, seat)


async def _lead(world: World) -> None:
    account = await world.stage.account("Lena Strand")
    seat = await world.stage.seat(account, SeatKind.LEAD, area=world.area)
    await world.stage.keep(
        {world.area: [LeadRow(id=seat, owner_unit="", area=world.area, account=account, name="Lena Strand")]}
    )
    world.people["lena"] = await world.stage.person(account, seat)


async def _families(world: World) -> None:
    stage = world.stage
    world.elsa = await _opened(world, "Elsa", "2033-05-15")
    for name in ("Anna", "Omar"):
        await add_guardian(world, world.elsa, name)
    world.noor = await _opened(world, "Noor", "2029-05-15")
    invited = await stage.act(world["maria"], "young.invite", child=world.noor, name_shown="Noor")
    account = await stage.account("Noor")
    world.people["noor"] = await stage.join(world.noor, str(invited["relation"]), account, SeatKind.YOUNG)
    world.relations["noor"] = str(invited["relation"])


async def _opened(world: World, name: str, turns_18_on: str) -> str:
    """A child whose coordinator is Maria, with Johan in her place."""
    seats = {"person": world["maria"].seat, "deputy": world["johan"].seat}
    made = await world.stage.act(world["maria"], "child.open", display_name=name, turns_18_on=turns_18_on, **seats)
    return str(made["child"])


async def add_guardian(world: World, child: str, name: str, account: str | None = None) -> Person:
    """One more guardian, joined and verified."""
    invited = await world.stage.act(world["maria"], "guardian.invite", child=child, name_shown=name)
    account = account or await world.stage.account(name)
    person = await world.stage.join(child, str(invited["relation"]), account, SeatKind.GUARDIAN)
    world.people[name.lower()] = person
    world.relations[name.lower()] = str(invited["relation"])
    return person
