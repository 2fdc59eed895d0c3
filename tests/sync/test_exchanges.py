"""How often a command asks the database: on PostgreSQL each time costs a journey, and locks are held meanwhile."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from itertools import count
from typing import Any

import asyncpg
import pytest

from server.auth.sessions import start_session
from server.domain.instants import to_text
from server.ids import new_id
from server.sync import push
from server.sync.frames import CommandFrame
from tests.sync.peer import Town, town_at

MOST = 10
NAMING_PEOPLE = {"meeting.propose", "consent.ask", "answer"}
"""These ask once more: who is meant."""
MOST_WHEN_A_ROOM_OPENS_OR_CLOSES = 11
"""Scopes are made, or the devices are asked for that are to erase their copies."""


@pytest.fixture
async def town(postgres_url: str) -> AsyncIterator[Town]:
    async with town_at({"data": None, "database_url": postgres_url}) as made:
        await made.hub.stop()  # its looks would be counted too
        yield made


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Each statement that goes to PostgreSQL, notifications apart."""
    statements: list[str] = []
    for name in ("execute", "executemany", "fetch", "fetchrow", "fetchval"):
        original = getattr(asyncpg.Connection, name)

        async def noted(self: Any, sql: str, *args: Any, _original: Any = original, **more: Any) -> Any:
            if "pg_notify" not in sql:
                statements.append(sql)
            return await _original(self, sql, *args, **more)

        monkeypatch.setattr(asyncpg.Connection, name, noted)
    return statements


class Sender:
    """Somebody's device, sending commands straight to where they are decided."""

    def __init__(self, town: Town, who: str) -> None:
        self.town, self.person, self.numbers = town, town.world[who], count(1)
        self.replica = push.Replica(new_id(town.now()), "")

    async def signed_in(self) -> Sender:
        now = to_text(self.town.now())
        async with self.town.house.engine.write() as tx:
            made = await start_session(tx, self.person.actor, "test", self.town.now())
            await tx.execute(
                "INSERT INTO replica (id, account_id, seat_id, session_id, last_n, assurance, created_at, seen_at)"
                " VALUES ($1, $2, $3, $4, 0, 'eid', $5, $5)",
                self.replica.id,
                self.person.account,
                self.person.seat,
                made.session_id,
                now,
            )
        self.replica = push.Replica(self.replica.id, made.session_id)
        return self

    async def send(self, name: str, args: Mapping[str, Any]) -> Mapping[str, Any]:
        """What the command results in."""
        now = self.town.now()
        sent = CommandFrame(new_id(now), next(self.numbers), name, args, to_text(now))
        answer = await push.decide(self.town.house, self.person.actor, self.replica, sent)
        frame = json.loads(answer.frame)
        assert frame["ok"], frame
        return frame["result"] or {}


async def test_a_command_asks_the_database_ten_times_at_most(town: Town, asked: list[str]) -> None:
    senders = {who: await Sender(town, who).signed_in() for who in ("anna", "omar", "maria", "jonas")}
    elsa, relations = town.world.elsa, town.world.relations

    async def times(who: str, name: str, **args: Any) -> tuple[int, Mapping[str, Any]]:
        asked.clear()
        result = await senders[who].send(name, args)
        return len(asked), result

    for first in (True, False):  # what is made once, and known the next time, is not counted
        found = {
            "child.rename": (await times("anna", "child.rename", child=elsa, display_name=f"E{first}"))[0],
            "message.send": (await times("anna", "message.send", child=elsa, text="Hej"))[0],
            "answer": (await times("maria", "message.send", child=elsa, to=relations["anna"], text="Hej"))[0],
        }
        found["meeting.propose"], made = await times(
            "maria",
            "meeting.propose",
            child=elsa,
            kind="network",
            starts_local="2026-11-25T10:00",
            invited=[relations["anna"]],
            invite=True,
        )
        found["meeting.respond"], _ = await times("anna", "meeting.respond", meeting=made["meeting"], answer="yes")
        found["consent.ask"], made = await times(
            "maria",
            "consent.ask",
            child=elsa,
            to_units=[town.world.units["clinic"]],
            purpose="coordination",
            information_kinds=["child", "waiting"],
            people=[town.world["jonas"].seat],
        )
        found["consent.answer"], _ = await times("anna", "consent.answer", consent=made["consent"], answer="yes")
        opens, _ = await times("omar", "consent.answer", consent=made["consent"], answer="yes")
        closes, _ = await times("anna", "consent.withdraw", consent=made["consent"])
    found["contact.request"], _ = await times("anna", "contact.request", child=elsa, reason="question")
    over = {name: number - (name in NAMING_PEOPLE) for name, number in found.items()}
    assert {name: number for name, number in over.items() if number > MOST} == {}
    assert max(opens, closes) <= MOST_WHEN_A_ROOM_OPENS_OR_CLOSES
