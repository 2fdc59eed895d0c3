"""Building the demonstration: places first, then families and what has happened to them, in the order it happened."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from server.auth.demo import PERSONAS_KEY
from server.demo.families import Families
from server.demo.stage import Person, Stage
from server.demo.world import AREAS, STAFF, UNITS
from server.domain.actors import Actor, SeatKind
from server.features.area import LeadRow
from server.features.person import AreaRow, StaffRow, UnitRow
from server.storage.engine import Tx
from server.sync.house import House

HISTORY = timedelta(days=120)


async def is_built(tx: Tx) -> bool:
    """True when this database has the demonstration already."""
    return await tx.fetch_value("SELECT 1 FROM meta WHERE key = $1", PERSONAS_KEY) is not None


async def build(house: House, now: datetime) -> None:
    """Fills an empty database. Dates are relative to `now`."""
    stage = Stage(house, now - HISTORY)
    cast = Cast(stage)
    await cast.places()
    families = Families(stage, cast.people, cast.units, now)
    await families.build()
    await cast.write_personas(families.personas)


class Cast:
    """Areas, units and colleagues; `people` and `units` by key."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.areas: dict[str, str] = {}
        self.organisations: dict[str, str] = {}
        self.units: dict[str, str] = {}
        self.people: dict[str, Person] = {}
        self._extra: dict[str, tuple[Person, str]] = {}

    async def places(self) -> None:
        """Areas, units and everybody who works there; then the process leader and the admin."""
        stage = self._stage
        for key, (name, slug) in AREAS.items():
            self.areas[key] = area = stage.new_id()
            await stage.keep({area: [AreaRow(id=area, owner_unit="", name=name, slug=slug)]})
        for plan in UNITS:
            organisation = self.organisations.setdefault(plan.organisation, stage.new_id())
            self.units[plan.key] = unit = stage.new_id()
            rows: list[StaffRow] = []
            leads: list[str] = []
            for one in (one for one in STAFF if one.unit == plan.key):
                account = await stage.account(one.name)
                seat = await stage.seat(
                    account, SeatKind.STAFF, unit=unit, area=self.areas[plan.area], organisation=organisation
                )
                rows.append(
                    StaffRow(
                        id=seat,
                        owner_unit=unit,
                        account=account,
                        name=one.name,
                        title=one.title,
                        functions=one.functions,
                        phone=_e164(one.phone),
                        reach_hours=one.hours,
                    )
                )
                if one.lead:
                    leads.append(seat)
                self.people[one.key or one.name] = Person(account, seat, one.name, await self._actor(account, seat))
            own = UnitRow(
                id=unit,
                owner_unit=unit,
                name=plan.name,
                area=self.areas[plan.area],
                organisation=organisation,
                kind=plan.kind,
                town=plan.town,
                phone=_e164(plan.phone),
                hours=plan.hours,
                offers=plan.offers or None,
                leads=tuple(leads),
            )
            await stage.keep({unit: [own, *rows]})
            for row in rows:
                key = next(key for key, person in self.people.items() if person.seat == row.id)
                self.people[key] = await stage.person(row.account, row.id)
        await self._lead("lena", "Lena Strand", "norra")
        await self._admin("per", "Per Hammar", "mariestad")

    async def _actor(self, account: str, seat: str) -> Actor:
        return (await self._stage.person(account, seat)).actor

    async def _lead(self, key: str, name: str, area: str) -> None:
        account = await self._stage.account(name)
        seat = await self._stage.seat(account, SeatKind.LEAD, area=self.areas[area])
        row = LeadRow(id=seat, owner_unit="", area=self.areas[area], account=account, name=name)
        await self._stage.keep({self.areas[area]: [row]})
        self.people[key] = await self._stage.person(account, seat)

    async def _admin(self, key: str, name: str, organisation: str) -> None:
        account = await self._stage.account(name)
        seat = await self._stage.seat(account, SeatKind.ADMIN, organisation=self.organisations[organisation])
        self.people[key] = await self._stage.person(account, seat)

    async def write_personas(self, family: dict[str, list[tuple[Person, str]]]) -> None:
        """The list that the demo sign-in offers."""
        staff = {
            key: [(self.people[key], _label(self.people[key]))]
            for key in ("maria", "johan", "jonas", "karin", "lena", "per", "outsider")
        }
        offered: dict[str, list[tuple[Person, str]]] = {}
        for key in ("anna", "omar", "samira", "noor", "maria", "johan", "jonas", "karin", "lena", "per", "outsider"):
            offered[key] = [*staff.get(key, []), *family.get(key, [])]
        for key, seats in family.items():
            offered.setdefault(key, seats)
        personas = {
            key: {
                "name": seats[0][0].name,
                "account": seats[0][0].account,
                "seats": [{"id": one.seat, "kind": one.actor.kind, "label": label} for one, label in seats],
            }
            for key, seats in offered.items()
        }
        async with self._stage.house.engine.write() as tx:
            await tx.execute(
                "INSERT INTO meta (key, value) VALUES ($1, $2)", PERSONAS_KEY, json.dumps(personas, ensure_ascii=False)
            )


def _e164(number: str) -> str:
    return "+46" + number[1:]


def _label(person: Person) -> str:
    return next((plan.title for plan in STAFF if plan.name == person.name), "")
