"""P1: what a birthday changes, as rows of their own. Who stands around a child of each age may and sees exactly this.

Source: rules.md 3.4 and 4, model.md 1. A child under thirteen is heard through an adult; from the thirteenth birthday they may
have an account of their own, beside their guardians; the sixteenth changes nothing here; on the eighteenth the guardians' part
ends, and they are answered as anybody is to whom the child does not exist.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from server.auth.sessions import start_session
from server.demo.stage import Person
from server.domain.actors import SeatKind
from server.domain.instants import local_date, start_of_day, to_text
from server.domain.scopes import parse
from server.storage.engine import open_engine
from tests.access.scene import NOBODY, Scene, house_on
from tests.access.test_commands import outcome
from tests.access.test_oracle import held
from tests.people import make_world

pytestmark = pytest.mark.asyncio(loop_scope="module")
AGES = ("12, last day", "13, first day", "15, last day", "16, first day", "17, last day", "18, first day")
SEATS = ("guardian", "another guardian", "young", "coordinator", "staff with a yes", "staff without")
ALIKE = ("13, first day", "15, last day", "16, first day", "17, last day")
SEEING = {"guardian", "coordinator", "staff with a yes"}


@dataclass(frozen=True)
class Row:
    """`sees` the child's document; `ok` to each command, and what else those who see it hear. Others: `not_found`."""

    sees: set[str]
    rename: set[str] = field(default_factory=set)
    message: set[str] = field(default_factory=set)
    invite_young: dict[str, str] = field(default_factory=dict)
    invite_guardian: dict[str, str] = field(default_factory=dict)
    ask_consent: set[str] = field(default_factory=set)


GROWN = Row(
    sees=SEEING | {"young"},
    rename={"guardian", "young", "coordinator"},
    message={"guardian", "young", "coordinator"},
    invite_young={"coordinator": "conflict"},
    invite_guardian={"coordinator": "ok"},
    ask_consent={"coordinator"},
)
"""From the thirteenth birthday to the last day before the eighteenth; the account is there already."""
ROWS = {
    "12, last day": Row(
        sees=SEEING,
        rename={"guardian", "coordinator"},
        message={"guardian", "coordinator"},
        invite_young={"coordinator": "conflict"},
        invite_guardian={"coordinator": "ok"},
        ask_consent={"coordinator"},
    ),
    **dict.fromkeys(ALIKE, GROWN),
    "18, first day": Row(
        sees={"young", "coordinator"},
        rename={"young", "coordinator"},
        message={"young", "coordinator"},
        invite_young={"coordinator": "conflict"},
        invite_guardian={"coordinator": "too_late"},
        ask_consent={"coordinator"},
    ),
}


@dataclass
class Ages:
    """A child of each age on the same day, everybody around them, and the scene they act in."""

    scene: Scene
    children: dict[str, str]
    people: dict[tuple[str, str], Person]

    def who(self, age: str, seat: str) -> Person | None:
        fixed = {
            "coordinator": "maria",
            "staff with a yes": "jonas",
            "staff without": "nils",
            "another guardian": "anna",
        }
        return self.scene.people[fixed[seat]] if seat in fixed else self.people.get((age, seat))

    async def said(self, age: str, seat: str, name: str, **args: Any) -> str:
        person = self.who(age, seat)
        assert person is not None
        key = next(name for name, one in self.scene.people.items() if one is person)
        return outcome(await self.scene.attempt(key, name, {"child": self.children[age], **args}))


def turns_18_on(today: date, age: str) -> date:
    years, _, day = age.partition(", ")
    birthday = today if day == "first day" else today + timedelta(days=1)
    return birthday.replace(year=birthday.year + 18 - int(years) - (day == "last day"))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def ages(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Ages]:
    """Everything is made the day before, when the eldest is seventeen still and none that are thirteen are."""
    folder: Path = tmp_path_factory.mktemp("ages")
    engine = open_engine(data=folder, database_url=None)
    await engine.start()
    async with house_on(engine) as house:
        world = await make_world(house)
        made = Ages(Scene(world.stage.house, world, world.people), {}, {})
        today = local_date(world.stage.clock.now()) + timedelta(days=1)
        for age in AGES:
            await _around(made, age, turns_18_on(today, age))
        world.stage.clock.set(start_of_day(today) + timedelta(minutes=1))
        await _young(made, "13, first day")
        async with engine.write() as tx:
            for key, person in world.people.items():
                session = await start_session(tx, person.actor, "test", world.stage.clock.now())
                made.scene.sessions[key] = session.session_id
                await tx.execute(
                    "INSERT INTO replica (id, account_id, seat_id, session_id, last_n, assurance, created_at, seen_at)"
                    " VALUES ($1, $2, $1, $3, 0, 'eid', '', '')",
                    person.seat, person.account, session.session_id,
                )  # fmt: skip
        yield made
    await engine.close()


async def _around(ages: Ages, age: str, turns_18: date) -> None:
    world = ages.scene.world
    stage, maria, jonas = world.stage, world["maria"], world["jonas"]
    opened = await stage.act(maria, "child.open", display_name=age, turns_18_on=turns_18.isoformat(), person=maria.seat)
    child = ages.children[age] = str(opened["child"])
    invited = await stage.act(maria, "guardian.invite", child=child, name_shown="G")
    guardian = await stage.join(child, str(invited["relation"]), await stage.account("G"), SeatKind.GUARDIAN)
    ages.people[age, "guardian"] = world.people[f"guardian {age}"] = guardian
    if age not in ("12, last day", "13, first day"):
        await _young(ages, age)
    asked = await stage.act(
        maria, "consent.ask", child=child, purpose="coordination", information_kinds=["child"],
        to_units=[world.units["clinic"]], people=[jonas.seat], also_young=False,
    )  # fmt: skip
    await stage.act(guardian, "consent.answer", consent=asked["consent"], answer="yes")


async def _young(ages: Ages, age: str) -> None:
    world, child = ages.scene.world, ages.children[age]
    stage = world.stage
    invited = await stage.act(world["maria"], "young.invite", child=child, name_shown="U")
    account = await stage.account("U")
    person = await stage.join(child, str(invited["relation"]), account, SeatKind.YOUNG)
    ages.people[age, "young"] = world.people[f"young {age}"] = person


async def test_every_age_is_classified() -> None:
    assert ROWS.keys() == set(AGES)


@pytest.mark.parametrize("age", AGES)
async def test_child_is_seen_by_exactly_these(ages: Ages, age: str) -> None:
    now = to_text(ages.scene.world.stage.clock.now())
    seen = set()
    async with ages.scene.house.engine.read() as tx:
        for seat in SEATS:
            person = ages.who(age, seat)
            if person is not None and ("child", ages.children[age]) in await held(tx, person.seat, person.account, now):
                seen.add(seat)
    assert seen == ROWS[age].sees


@pytest.mark.parametrize("age", AGES)
async def test_commands_are_open_to_exactly_these(ages: Ages, age: str) -> None:
    row, clinic = ROWS[age], ages.scene.world.units["clinic"]
    alone = "guardian" not in row.sees
    terms = {"purpose": "sip", "information_kinds": ["child"], "to_units": [clinic], "also_young": alone}
    tried: dict[str, tuple[dict[str, Any], dict[str, str]]] = {
        "child.rename": ({"display_name": "N"}, dict.fromkeys(row.rename, "ok")),
        "message.send": ({"text": "Hej"}, dict.fromkeys(row.message - {"coordinator"}, "ok")),
        "young.invite": ({"name_shown": "U"}, row.invite_young),
        "guardian.invite": ({"name_shown": "G"}, row.invite_guardian),
        "consent.ask": (terms, dict.fromkeys(row.ask_consent, "ok")),
    }
    for name, (args, may) in tried.items():
        meant = {
            seat: may.get(seat, "not_allowed") if seat in row.sees else "not_found"
            for seat in SEATS
            if ages.who(age, seat) is not None and (name, seat) != ("message.send", "coordinator")
        }
        assert {seat: await ages.said(age, seat, name, **args) for seat in meant} == meant, name


async def test_guardian_of_somebody_of_age_is_answered_as_if_there_were_nobody(ages: Ages) -> None:
    scene, age = ages.scene, "18, first day"
    there, absent = [
        await scene.attempt(f"guardian {age}", "message.send", {"child": child, "text": "Hej"})
        for child in (ages.children[age], NOBODY)
    ]
    assert outcome(there) == "not_found" and there == absent


async def test_no_scope_of_a_guardian_outlives_the_eighteenth_birthday(ages: Ages) -> None:
    eldest = ages.children["18, first day"]
    now = to_text(ages.scene.world.stage.clock.now())
    async with ages.scene.house.engine.read() as tx:
        names = await tx.fetch(
            "SELECT s.name FROM grant_ g JOIN scope s ON s.id = g.scope_id WHERE s.name LIKE $1 AND g.valid_until > $2",
            f"child:{eldest}:%", now,
        )  # fmt: skip
    assert sorted(str(parse(name).kind) for (name,) in names) == ["coordinator", "young"]
