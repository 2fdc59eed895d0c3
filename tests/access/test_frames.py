"""P1: every frame a client may say, by every seat, about everything there is. What is answered is what the oracle allows.

Commands have a matrix of their own (test_commands.py). A frame that is not classified here fails.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pytest
import pytest_asyncio

from server.auth.sessions import end_session, start_session
from server.domain.instants import local_date, to_text
from server.domain.version import SCHEMA
from server.ids import new_id
from server.sync import frames
from server.sync.connection import Connection
from server.sync.hub import Hub
from server.sync.rate import Rate
from tests.access.cases import SEATS
from tests.access.oracle import NOT_SHOWN, Oracle, rows_of
from tests.access.scene import NOBODY, Scene, scene_on

pytestmark = pytest.mark.asyncio(loop_scope="module")
AT = "2026-11-02T09:00:00Z"
EMPTY = "0:00000000"
CLASSIFIED = {"hello", "digest", "read", "dropped", "command"}
BY_CODE = frozenset({"coordinator", "child", "meeting", "notice", "settings", "device"})
"""What a session by code alone is shown: contact card, the meetings' time and place, one's own account (model.md 1),"""
OWN_WORDS = frozenset({"contact_request", "message", "voice"})
"""and in a family what one wrote oneself."""
Frame = dict[str, Any]


@dataclass
class Room:
    """The scene, and what everybody's device says in it."""

    scene: Scene
    hub: Hub
    replicas: dict[str, str] = field(default_factory=dict)

    def now(self) -> str:
        return to_text(self.scene.world.stage.clock.now())

    async def say(self, who: str, *said: Frame, session: str | None = None, **hello: Any) -> list[Frame]:
        """The answers to a hello (changed by `hello`) and what follows it, as one exchange."""
        scene, actor = self.scene, self.scene.actor(who)
        name = who.partition("/")[0]
        connection = Connection(
            scene.house, self.hub, Rate(lambda: 0.0, burst=10**9), actor=actor, seats=1, send=_nowhere, end=_nowhere,
            session_id=session or scene.sessions[name],
        )  # fmt: skip
        replica = self.replicas.setdefault(name, new_id(scene.world.stage.clock.now()))
        first = {
            "t": "hello", "protocol": 1, "schema": SCHEMA, "seat": actor.seat, "replica": replica, "cursors": {},
            "epoch": None, "lang": "sv",
        }  # fmt: skip
        taken = [frames.from_value(one) for one in ({**first, **hello}, *said)]
        return [json.loads(data) for data in await connection.exchange(taken)]

    async def fetch(self, sql: str, *args: object) -> list[tuple[Any, ...]]:
        async with self.scene.house.engine.read() as tx:
            return await tx.fetch(sql, *args)

    async def meant(self, who: str) -> set[tuple[str, str]]:
        """{(entity, id)} that this seat may see by the oracle, and what is public: which areas there are."""
        person = self.scene.people[who.partition("/")[0]]
        async with self.scene.house.engine.read() as tx:
            rows = await rows_of(tx)
        today = local_date(self.scene.world.stage.clock.now()).isoformat()
        public = {("area", row["id"]) for row in rows if row["entity"] == "area"}
        visible = Oracle(rows, self.now(), today).visible(person.seat, person.account)
        if who.endswith("/code"):
            by_code = BY_CODE | (frozenset() if person.actor.is_professional else OWN_WORDS)
            visible = {one for one in visible if one[0] in by_code}
        return visible | public

    async def scopes(self) -> dict[str, int]:
        """{every scope there is: its version}"""
        return {str(name): int(version) for name, version in await self.fetch("SELECT name, version FROM scope")}

    async def documents(self) -> set[tuple[str, str]]:
        """{(entity, id)} of everything that is shown to anybody."""
        found = await self.fetch("SELECT DISTINCT entity, doc_id FROM feed WHERE doc IS NOT NULL")
        return {(entity, id) for entity, id in found if entity not in NOT_SHOWN}


async def _nowhere(_: object) -> None:
    return None


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def room(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Room]:
    """The scene, with a hub that nobody listens to."""
    folder: Path = tmp_path_factory.mktemp("frames")
    async with scene_on(folder) as scene:
        yield Room(scene, Hub(scene.house.engine, scene.world.stage.clock))


def told(answers: list[Frame]) -> set[tuple[str, str]]:
    return {(row[0], row[1]) for one in answers if one["t"] == "delta" for row in one["rows"] if row[3] is not None}


def held(answers: list[Frame]) -> set[str]:
    return {str(one["scope"]) for one in answers[0]["scopes"]}


async def test_every_frame_is_classified() -> None:
    assert set(frames._READERS) == CLASSIFIED


@pytest.mark.parametrize("who", SEATS)
async def test_hello_is_answered_with_what_the_seat_may_see_and_no_more(room: Room, who: str) -> None:
    answers = await room.say(who)
    assert answers[0]["t"] == "welcome" and answers[-1]["t"] == "synced"
    assert told(answers) == await room.meant(who)
    assert {one["scope"] for one in answers if one["t"] == "delta"} <= held(answers)


@pytest.mark.parametrize("who", SEATS)
async def test_hello_that_names_everything_there_is_opens_nothing(room: Room, who: str) -> None:
    plain = await room.say(who)
    for named in (dict.fromkeys(await room.scopes(), 0), {NOBODY: 7}):
        answers = await room.say(who, cursors=named, epoch=plain[0]["epoch"])
        assert held(answers) == held(plain) and told(answers) == told(plain)


@pytest.mark.parametrize("who", SEATS)
async def test_hello_for_another_seat_is_answered_alike_whoever_has_it(room: Room, who: str) -> None:
    own = room.scene.actor(who).seat
    others = {person.seat for person in room.scene.people.values()} - {own}
    answers = [await room.say(who, seat=seat) for seat in (NOBODY, *sorted(others))]
    assert [one["reason"] for one in answers[0]] == ["bad_frame"]
    assert all(one == answers[0] for one in answers)


@pytest.mark.parametrize("who", SEATS)
async def test_digest_of_every_scope_is_answered_for_those_held_alone(room: Room, who: str) -> None:
    mine = held(await room.say(who))
    asked = {name: [version, EMPTY] for name, version in (await room.scopes()).items()}
    answers = await room.say(who, {"t": "digest", "scopes": {**asked, "user:" + NOBODY: [1, EMPTY]}})
    assert {one["scope"] for one in answers if one["t"] in ("same", "differs")} == mine
    assert {one["scope"] for one in answers if one["t"] == "delta"} <= mine
    assert told(answers) == await room.meant(who)


async def reads(room: Room, who: str, at: str) -> dict[tuple[str, str], bool]:
    """What is kept of reads of everything there is, said now and made at `at`: {(entity, id): could it be read}"""
    await room.say(who)
    meant, there = await room.meant(who), sorted(await room.documents())
    now = room.scene.world.stage.clock.now()
    said = [
        {"t": "read", "id": new_id(now), "entity": entity, "doc": id, "at": at}
        for entity, id in [*there, ("child", NOBODY)]
    ]
    answers = await room.say(who, *said)
    noted = [one for one in answers if one["t"] == "noted"]
    assert noted == [{"t": "noted", "id": one["id"]} for one in said]
    # Who has read a child's papers is told to the family: that much is new, and no more.
    assert told(answers) - meant <= {one for one in told(answers) if one[0] == "access_entry"}
    kept = {
        id: ((entity, doc), bool(held))
        for id, entity, doc, held in await room.fetch(
            "SELECT id, entity, doc_id, held FROM access_read WHERE seat_id = $1", room.scene.actor(who).seat
        )
    }
    found = dict(kept[str(one["id"])] for one in said)
    assert found.keys() >= set(there) and not found["child", NOBODY]
    return {one: held for one, held in found.items() if one in there}


@pytest.mark.parametrize("who", SEATS)
async def test_read_of_everything_is_answered_alike_and_kept_as_it_was(room: Room, who: str) -> None:
    kept = await reads(room, who, room.now())
    assert {one for one, held in kept.items() if held} == await room.meant(who) & kept.keys()


async def test_read_made_before_the_session_began_is_kept_as_the_seat_could_have_made_it(room: Room) -> None:
    """Offline, on a device that had proved more: what was opened then is not hidden from the family."""
    kept = await reads(room, "maria/code", AT)
    assert {one for one, held in kept.items() if held} == await room.meant("maria") & kept.keys()


async def test_session_by_code_that_says_it_read_what_it_was_never_shown_is_in_the_log_as_that(room: Room) -> None:
    seat, consent = room.scene.actor("maria/code").seat, room.scene.ids["consent"]
    for who, outcome in (("maria", "noted"), ("maria/code", "not_found")):
        now = room.scene.world.stage.clock.now()
        await room.say(who, {"t": "read", "id": new_id(now), "entity": "consent", "doc": consent, "at": room.now()})
        logged = "SELECT outcome FROM audit WHERE seat_id = $1 AND action = 'read' AND subject = $2 ORDER BY seq DESC"
        assert (await room.fetch(logged, seat, consent))[0] == (outcome,)


@pytest.mark.parametrize("who", SEATS)
async def test_dropped_is_believed_of_nobody_elses_device(room: Room, who: str) -> None:
    """Somebody had what Jonas has given back: only his own device says that it is erased there."""
    scene = room.scene
    if not await room.fetch("SELECT 1 FROM purge"):
        await room.say("jonas")
        await scene.world.stage.act(scene.people["anna"], "consent.withdraw", consent=scene.ids["consent"])
    waits = "SELECT count(*) FROM purge WHERE dropped_at IS NULL"
    before = await room.fetch(waits)
    assert before[0][0]
    name = who.partition("/")[0]
    plain = await room.say(who)
    answers = await room.say(who, {"t": "dropped", "scopes": sorted(await room.scopes())})
    assert [one["t"] for one in answers] == [one["t"] for one in plain] and told(answers) == told(plain)
    if name != "jonas":
        assert await room.fetch(waits) == before


async def test_dropped_is_believed_of_the_device_that_had_it(room: Room) -> None:
    assert await room.fetch("SELECT 1 FROM purge")
    await room.say("jonas", {"t": "dropped", "scopes": sorted(await room.scopes())})
    assert (
        await room.fetch(
            "SELECT 1 FROM purge p WHERE p.replica_id = $1 AND p.dropped_at IS NULL", room.replicas["jonas"]
        )
        == []
    )


@pytest.mark.parametrize("why", ["signed_out", "wipe"])
async def test_ended_session_hears_goodbye_to_every_frame(room: Room, why: Literal["signed_out", "wipe"]) -> None:
    scene, now = room.scene, room.scene.world.stage.clock.now()
    everything: list[Frame] = [
        {"t": "digest", "scopes": {name: [version, EMPTY] for name, version in (await room.scopes()).items()}},
        {"t": "read", "id": new_id(now), "entity": "child", "doc": scene.world.elsa, "at": AT},
        {"t": "dropped", "scopes": []},
        {"t": "command", "id": new_id(now), "n": 1, "name": "child.rename", "at": AT,
         "args": {"child": scene.world.elsa, "display_name": "E"}},
    ]  # fmt: skip
    for who in scene.people:
        async with scene.house.engine.write() as tx:
            made = await start_session(tx, scene.actor(who), "gone", now)
            await end_session(tx, made.session_id, why, now)
        for said in (everything[:0], *([one] for one in everything)):
            answers = await room.say(who, *said, session=made.session_id, replica=new_id(now))
            assert [(one["t"], one.get("reason")) for one in answers] == [("bye", why)], (who, said)
