"""The scene of the matrix: the cast, everybody who should be kept out, and one of everything to lay hands on."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec

from server.auth.effects import AuthEffects
from server.auth.people import load_actor
from server.auth.sessions import start_session
from server.demo.stage import Person
from server.domain.actors import Actor, Assurance, SeatKind
from server.domain.instants import local_date, wall_text
from server.features import load
from server.features.organisation import AdminRow
from server.features.person import UnitRow
from server.push.subscriptions import PushEffects
from server.storage.engine import Engine, Tx, open_engine
from server.storage.journal import Journal
from server.storage.migrate import migrate
from server.storage.start import prepare
from server.sync import importing, push
from server.sync.feeds import CalendarEffects
from server.sync.frames import CommandFrame
from server.sync.house import House
from tests.clock import FrozenClock
from tests.people import START, World, add_guardian, make_world

NOBODY = "00000000-0000-7000-8000-00000000dead"
"""An id that nothing has."""
PUSH_HOST = "https://push.test/"


class Undone(Exception):
    """Takes back what an attempt did."""


class Undoing:
    """An engine whose writes are taken back at the end, so that every attempt meets the same scene."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.dialect = engine.dialect
        self.read = engine.read

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Tx]:
        try:
            async with self._engine.write() as tx:
                yield tx
                raise Undone
        except Undone:
            return

    async def notify(self, payload: str) -> None:
        return None


@dataclass
class Scene:
    """`people` by name; `ids` of what commands act on; `replicas` and `sessions` to send from."""

    house: House
    world: World
    people: dict[str, Person] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    sessions: dict[str, str] = field(default_factory=dict)

    def actor(self, who: str) -> Actor:
        """`anna`, or `anna/code` for a session by code alone."""
        name, _, level = who.partition("/")
        actor = self.people[name].actor
        return replace(actor, assurance=Assurance.from_text(level)) if level else actor

    def replica(self, who: str) -> push.Replica:
        name = who.partition("/")[0]
        return push.Replica(self.people[name].seat, self.sessions[name])

    def name(self, key: str) -> str:
        """The id behind `elsa`, `noor.child`, `clinic`, `rel.anna`, `seat.jonas`, or one of `ids`."""
        kind, _, who = key.partition(".")
        if kind == "rel":
            return self.world.relations[who]
        if kind == "seat":
            return self.people[who].seat
        known = {"elsa": self.world.elsa, "noor": self.world.noor, **self.world.units, **self.ids}
        return known[kind]

    async def attempt(self, who: str, name: str, args: Mapping[str, Any]) -> bytes:
        """The answer to a command, whose effect is then taken back."""
        return await self.say(who, CommandFrame(NOBODY, 1, name, args, "2026-11-02T09:00:00Z"))

    async def say(self, who: str, sent: CommandFrame) -> bytes:
        """The same for a frame."""
        house = replace(self.house, engine=Undoing(self.house.engine))  # type: ignore[arg-type]
        return (await push.decide(house, self.actor(who), self.replica(who), sent)).frame


def effects() -> Mapping[str, Any]:
    return {
        **AuthEffects("http://localhost").named(),
        **PushEffects(lambda url: url.startswith(PUSH_HOST)).named(),
        **CalendarEffects("http://localhost").named(),
    }


@asynccontextmanager
async def house_on(engine: Engine) -> AsyncIterator[House]:
    """A house without routes on a started engine."""
    await migrate(engine)
    await prepare(engine, START)
    yield House(engine=engine, clock=FrozenClock(START), registry=load(), journal=Journal(None), effects=effects())


@asynccontextmanager
async def scene_on(data: Path | None, database_url: str | None = None) -> AsyncIterator[Scene]:
    """The whole scene in a fresh database. It is half past nine; the meetings are in ten days."""
    engine = open_engine(data=data, database_url=database_url)
    await engine.start()
    try:
        async with house_on(engine) as house:
            yield await build(house)
    finally:
        await engine.close()


async def build(house: House) -> Scene:
    world = await make_world(house)
    stage = world.stage
    scene = Scene(stage.house, world, world.people)
    await _outsiders(scene)
    await _around_elsa(scene)
    await _slots(scene)
    await _area(scene)
    await _team(scene)
    stage.clock.set(START + timedelta(hours=1, minutes=30))
    now = stage.clock.now()
    async with house.engine.write() as tx:
        for name, person in scene.people.items():
            made = await start_session(tx, person.actor, "test", now)
            scene.sessions[name] = made.session_id
            await tx.execute(
                "INSERT INTO replica (id, account_id, seat_id, session_id, last_n, assurance, created_at, seen_at)"
                " VALUES ($1, $2, $1, $3, 0, 'eid', '', '')",
                person.seat,
                person.account,
                made.session_id,
            )
        made = await start_session(tx, scene.people["anna"].actor, "phone", now)
        scene.ids["device"] = made.session_id
    seen = house.registry.commands["device.seen"].model_validate(
        {
            "account": scene.people["anna"].account,
            "session": scene.ids["device"],
            "label": "test",
            "seat": scene.people["anna"].seat,
        }
    )
    await push.act(stage.house, seen, "device")
    await _unreached(scene)
    async with house.engine.read() as tx:
        scene.ids["notice"] = str(
            await tx.fetch_value(
                "SELECT r.id FROM record r WHERE r.entity = 'notice' AND r.aggregate_id = $1 ORDER BY r.id LIMIT 1",
                scene.people["anna"].account,
            )
        )
        for name, person in list(scene.people.items()):
            actor = await load_actor(tx, person.account, person.seat, Assurance.EID)
            assert actor is not None
            scene.people[name] = replace(person, actor=actor)
    return scene


async def _team(scene: Scene) -> None:
    """A team that Jonas leads and Maria sits in: a question without a name, and Elsa under the family's yes."""
    stage, world, ids = scene.world.stage, scene.world, scene.ids
    maria, jonas = world["maria"], world["jonas"]
    made = await stage.act(
        world["lena"], "team.form", called="Teamet", members=[maria.seat], leaders=[jonas.seat], first_on="2026-11-10", at="13:00"
    )  # fmt: skip
    team = ids["team"] = str(made["team"])
    answers = {world.relations[name]: "yes" for name in ("anna", "omar")}
    await stage.act(
        maria, "consent.record", child=world.elsa, purpose="team", information_kinds=["child", "team"],
        to_units=[world.units["clinic"]], people=[jonas.seat], answers=answers, form="oral",
    )  # fmt: skip
    made = await stage.act(
        maria, "team.raise", team=team, basis="consent", child=world.elsa, question="Vem hjälper Elsa?"
    )
    ids["case_elsa"] = str(made["team_case"])
    made = await stage.act(
        world["elin"], "team.raise", team=team, basis="without_name", question="Vem hjälper?", age_band="10-12"
    )
    ids["case"] = str(made["team_case"])


async def _unreached(scene: Scene) -> None:
    """Omar has not been reached about Elsa's meeting."""
    world, house = scene.world, scene.world.stage.house
    args = {"child": world.elsa, "account": world["omar"].account, "notice": NOBODY, "about": "meeting",
            "doc": scene.ids["meeting"], "kind": "meeting_invited"}  # fmt: skip
    await push.act(house, house.registry.commands["unreached.mark"].model_validate(args), "unreached")
    async with house.engine.read() as tx:
        marked = "SELECT id FROM record WHERE entity = 'unreached' AND aggregate_id = $1"
        scene.ids["unreached"] = str(await tx.fetch_value(marked, world.elsa))


async def _outsiders(scene: Scene) -> None:
    """Another family, a guardian whose link has ended, a supporter, an admin, and a child with protected identity."""
    world, stage, house = scene.world, scene.world.stage, scene.house
    maria = world["maria"]

    async def child(name: str, turns_18_on: str) -> str:
        opened = await stage.act(
            maria, "child.open", display_name=name, turns_18_on=turns_18_on, person=maria.seat,
            deputy=world["johan"].seat,
        )  # fmt: skip
        return str(opened["child"])

    scene.ids["bo"] = await child("Bo", "2030-01-01")
    await add_guardian(world, scene.ids["bo"], "Samira")
    await add_guardian(world, world.elsa, "Erik")
    await stage.act(maria, "guardian.end", child=world.elsa, relation=world.relations["erik"])
    invited = await stage.act(world["anna"], "supporter.invite", child=world.elsa, name_shown="Stina")
    world.relations["stina"] = str(invited["relation"])
    world.people["stina"] = await stage.join(
        world.elsa, world.relations["stina"], await stage.account("Stina"), SeatKind.SUPPORTER
    )
    account = await stage.account("Per Admin")
    async with house.engine.read() as tx:
        body = await tx.fetch_value("SELECT body FROM record WHERE id = $1", world.units["school"])
    organisation = msgspec.json.decode(body)["organisation"]
    world.people["per"] = await stage.person(
        account, await stage.seat(account, SeatKind.ADMIN, organisation=organisation)
    )
    ulla = await stage.account("Ulla Admin")
    seat = await stage.seat(ulla, SeatKind.ADMIN, organisation=organisation)
    world.people["ulla"] = await stage.person(ulla, seat)
    admins = [
        AdminRow(id=world[key].seat, owner_unit=organisation, account=world[key].account, name=key)
        for key in ("per", "ulla")
    ]
    await stage.keep({organisation: admins})
    scene.ids["area"] = world.area
    scene.ids["signe"] = await child("Signe", "2031-01-01")
    await add_guardian(world, scene.ids["signe"], "Petra")
    await add_guardian(world, scene.ids["signe"], "Gun")
    await stage.act(maria, "protect.set", child=scene.ids["signe"], alias="Kim")
    await stage.act(maria, "protect.add", child=scene.ids["signe"], person=world.relations["gun"])


async def _around_elsa(scene: Scene) -> None:
    """A live consent to the clinic, one still asked, meetings, words, a wait, a measure, requests."""
    world, stage, ids = scene.world, scene.world.stage, scene.ids
    maria, anna, omar, noor, jonas = (world[name] for name in ("maria", "anna", "omar", "noor", "jonas"))
    rel = world.relations
    today = local_date(stage.clock.now())
    later = (today + timedelta(days=10)).isoformat()
    clinic = world.units["clinic"]
    terms = {
        "purpose": "coordination",
        "information_kinds": ["child", "meeting", "voice", "waiting"],
        "to_units": [clinic],
        "people": [jonas.seat],
    }
    for child, people in ((world.elsa, (anna, omar)), (world.noor, (noor,))):
        made = await stage.act(
            maria, "consent.ask", child=child, also_young=child == world.noor, **terms,
        )  # fmt: skip
        for one in people:
            await stage.act(one, "consent.answer", consent=made["consent"], answer="yes")
        ids["consent" if child == world.elsa else "consent_noor"] = str(made["consent"])
    made = await stage.act(maria, "consent.ask", child=world.elsa, **{**terms, "purpose": "sip", "people": []})
    ids["consent_asked"] = str(made["consent"])
    invited = {"invite": True, "staff": [maria.seat, jonas.seat]}
    for key, child, who in (
        ("meeting", world.elsa, [rel["anna"]]),
        ("meeting_noor", world.noor, [rel["noor"]]),
    ):
        made = await stage.act(
            maria, "meeting.propose", child=child, kind="network", starts_local=f"{later}T14:00", invited=who, **invited
        )
        ids[key] = str(made["meeting"])
    soon = stage.clock.now() + timedelta(minutes=1)
    made = await stage.act(
        maria, "meeting.propose", child=world.elsa, kind="network", invited=[rel["anna"]],
        starts_local=wall_text(soon), minutes=60, **invited,
    )  # fmt: skip
    ids["meeting_now"] = str(made["meeting"])
    stage.clock.set(soon + timedelta(minutes=1))
    made = await stage.act(
        maria, "meeting.propose", child=world.elsa, kind="first_contact", invited=[rel["anna"]],
        starts_local=wall_text(soon + timedelta(minutes=2)),
        minutes=15, **invited,
    )  # fmt: skip
    ids["meeting_held"] = str(made["meeting"])
    stage.clock.set(soon + timedelta(minutes=20))
    decision = {"what": "Ring skolan", "who_unit": clinic, "by_on": later}
    await stage.act(
        maria,
        "meeting.hold",
        meeting=ids["meeting_held"],
        child_heard="Var med",
        decisions=[decision],
        follow_up_on=later,
    )
    made = await stage.act(
        noor, "voice.release", meeting=ids["meeting_noor"], take_part="video", to="professionals", say={"want": "Gå ut"}
    )
    ids["voice"] = str(made["voice"])
    made = await stage.act(
        maria, "waiting.open", child=world.elsa, what="first_visit", start_on="2026-10-01",
        start_basis="referral_issued", next_check_in_on=later, unit=clinic,
    )  # fmt: skip
    ids["waiting"] = str(made["waiting"])
    made = await stage.act(
        maria, "measure.offer", child=world.elsa, title="Promenader", starts_on=today.isoformat(), follow_up_on=later,
        unit_name="Elevhälsan",
    )  # fmt: skip
    ids["support_measure"] = str(made["support_measure"])
    made = await stage.act(anna, "contact.request", child=world.elsa, reason="worried")
    ids["contact_request"] = str(made["contact_request"])
    await stage.act(anna, "message.send", child=world.elsa, text="Hej")
    made = await stage.act(
        world["elin"], "contact.request", unit=clinic, function="consultant", reason="advice", text="Hur kan vi tänka?"
    )
    ids["contact_request_staff"] = str(made["contact_request"])


async def _slots(scene: Scene) -> None:
    stage, world = scene.world.stage, scene.world
    times = [{"starts_local": f"2026-11-1{n}T13:00", "minutes": 30} for n in range(2, 6)]
    made = await stage.act(
        world["jonas"], "slot.publish", times=times, mode="phone", topics=["sleep", "worry"], phone="+46313900601"
    )
    slots = list(made["slots"])
    scene.ids["slot"] = slots[0]
    scene.ids["slot_booked"] = slots[1]
    made = await stage.act(world["elin"], "slot.book", slot=slots[1], topic="sleep", age_band="13-15")
    scene.ids["booking"] = str(made["booking"])
    start = wall_text(stage.clock.now() + timedelta(minutes=2))
    made = await stage.act(
        world["jonas"], "slot.publish", times=[{"starts_local": start, "minutes": 10}], mode="phone", topics=["sleep"]
    )
    past = next(iter(made["slots"]))
    made = await stage.act(world["elin"], "slot.book", slot=past, topic="sleep", age_band="13-15")
    scene.ids["booking_past"] = str(made["booking"])


async def _area(scene: Scene) -> None:
    """The directory, tasks, term meetings, an open hour with somebody in line, wishes for a time, and an admin."""
    stage, world, ids = scene.world.stage, scene.world, scene.ids
    lena, maria, elin, johan, jonas = (world[name] for name in ("lena", "maria", "elin", "johan", "jonas"))
    async with scene.house.engine.read() as tx:
        body = await tx.fetch_value("SELECT body FROM record WHERE id = $1", world.units["school"])
    unit = msgspec.json.decode(body, type=UnitRow)
    await stage.keep({unit.id: [msgspec.structs.replace(unit, admins=(world["per"].seat,))]})
    made = await stage.act(world["birgitta"], "staff.invite", unit=unit.id, name_shown="Kim", title="Kurator")
    ids["newcomer"] = str(made["newcomer"])
    listed = "Namn;Titel;Enhet\nLo Dal;Kurator;Lillåns skola\n".encode()
    shown = await importing.preview(stage.house, world["per"].actor, "people", listed)
    ids["import"] = str(shown["id"])
    made = await stage.act(maria, "directory.edit", unit=unit.id, function="buse", badge="buse", hours="8-9")
    ids["contact"] = str(made["function_contact"])
    made = await stage.act(maria, "task.add", what="Ring")
    ids["task"] = str(made["task"])
    made = await stage.act(
        lena, "term.plan", term="VT 2027", starts_local="2027-01-20T13:00", required_functions=["counsellor"]
    )
    ids["term"] = str(made["term_meeting"])
    soon = stage.clock.now() + timedelta(minutes=1)
    made = await stage.act(
        lena, "term.plan", term="HT 2026", starts_local=wall_text(soon), required_functions=["counsellor"]
    )
    ids["term_now"] = str(made["term_meeting"])
    made = await stage.act(
        jonas, "open_hour.open", weekday=1, at="10:40", minutes=60, mode="phone", topics=["sleep"], phone="+46313900601"
    )
    ids["open_hour"] = str(made["open_hour"])
    made = await stage.act(elin, "open_hour.join", open_hour=ids["open_hour"], topic="sleep", age_band="13-15")
    ids["place"] = str(made["open_hour_place"])
    times = [{"starts_local": "2026-11-18T13:00", "minutes": 30}]
    made = await stage.act(jonas, "slot.publish", times=times, mode="phone", topics=["sleep"], phone="+46313900601")
    slot = ids["slot_offered"] = next(iter(made["slots"]))
    made = await stage.act(johan, "slot.book", slot=slot, topic="sleep", age_band="13-15")
    await stage.act(elin, "slot.wish", topic="sleep", age_band="13-15")
    await stage.act(johan, "slot.release", booking=made["booking"])
    offer = scene.house.registry.commands["slot.offer_next"].model_validate({"record": slot, "area": world.area})
    await push.act(stage.house, offer, "offer")
    await stage.act(johan, "slot.wish", topic="sleep", age_band="13-15")
    async with scene.house.engine.read() as tx:
        for who, person in (("elin", elin), ("johan", johan)):
            ids[f"wish_{who}"] = str(
                await tx.fetch_value(
                    "SELECT id FROM record WHERE entity = 'slot_wish' AND body LIKE $1", f"%{person.seat}%"
                )
            )
