"""Reading the demonstration: what a persona's seat holds, as its device would have it."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from server.auth.demo import Persona, read_personas
from server.auth.effects import AuthEffects
from server.demo.clock import SetClock
from server.domain.instants import to_text
from server.features import load
from server.storage.engine import Engine
from server.storage.journal import Journal
from server.sync.house import House

Docs = list[dict[str, Any]]


def house_on(engine: Engine, now: datetime) -> House:
    """A house with the effects that set-up needs, standing at `now`."""
    journal = Journal(Path(tempfile.mkdtemp()) / "journal")
    return House(engine, SetClock(now), load(), journal, AuthEffects("http://localhost").named())


@dataclass(frozen=True, slots=True)
class Seen:
    """Documents by seat, in the scopes that the seat holds at `now`."""

    house: House
    now: datetime
    personas: dict[str, Persona]

    @classmethod
    async def of(cls, house: House, now: datetime) -> Seen:
        async with house.engine.read() as tx:
            personas = await read_personas(tx)
        return cls(house, now, {one.key: one for one in personas})

    def seat(self, key: str, place: int = 0) -> str:
        return self.personas[key].seats[place].id

    async def docs(self, key: str, entity: str, place: int = 0) -> Docs:
        """All documents of an entity that one seat of a persona holds, in id order."""
        persona = self.personas[key]
        return await self.fetch(
            "SELECT DISTINCT f.doc_id, f.doc FROM feed f JOIN scope s ON s.id = f.scope_id"
            " LEFT JOIN grant_ g ON g.scope_id = f.scope_id AND g.seat_id = $1 AND g.valid_until > $2"
            " WHERE f.entity = $3 AND f.doc IS NOT NULL AND (g.seat_id IS NOT NULL OR s.name = $4) ORDER BY f.doc_id",
            self.seat(key, place),
            to_text(self.now),
            entity,
            f"user:{persona.account}",
        )

    async def child(self, key: str, name: str, place: int = 0) -> dict[str, Any]:
        """The child of that name, as a persona sees it."""
        return next(one for one in await self.docs(key, "child", place) if one["display_name"] == name)

    async def of_child(self, key: str, name: str, entity: str, place: int = 0) -> Docs:
        """What a persona sees of one child."""
        id = (await self.child(key, name, place))["id"]
        return [one for one in await self.docs(key, entity, place) if one.get("child") == id]

    async def everything(self, entity: str) -> Docs:
        """Every document of an entity, in whatever scope."""
        return await self.fetch("SELECT DISTINCT doc_id, doc FROM feed WHERE entity = $1 AND doc IS NOT NULL", entity)

    async def fetch(self, sql: str, *args: object) -> Docs:
        async with self.house.engine.read() as tx:
            return [json.loads(row[-1]) for row in await tx.fetch(sql, *args)]

    async def value(self, sql: str, *args: object) -> Any:
        async with self.house.engine.read() as tx:
            return await tx.fetch_value(sql, *args)

    async def rows(self, sql: str, *args: object) -> list[tuple[Any, ...]]:
        async with self.house.engine.read() as tx:
            return await tx.fetch(sql, *args)
