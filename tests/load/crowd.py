"""A crowd: many people, devices and documents at once, put straight into the tables, beside the ordinary cast."""

from __future__ import annotations

import json
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from server import app as composition
from server.auth.sessions import start_session
from server.auth.tokens import hash_token, new_token
from server.demo.stage import Person
from server.domain import digest
from server.domain.actors import Actor, Assurance, SeatKind
from server.domain.instants import to_text
from server.ids import new_id
from server.settings import Settings
from server.storage.engine import Tx
from tests.people import World, make_world

FOR_EVER = "9999-12-31T00:00:00.000Z"
_SENTENCES = (
    "Vi ses i skolan efter lunch och går igenom hur veckan har varit.",
    "Barnet sover bättre, men morgnarna är fortfarande svåra.",
    "Nästa steg är ett möte med kuratorn.",
    "Ring gärna innan om tiden inte passar.",
    "Läraren vet att ni kommer och har bokat det lilla rummet.",
    "Remissen är skickad och ni får ett brev när den har bedömts.",
    "Ni bestämmer tillsammans vad som ska prövas först.",
    "Anpassningarna i klassrummet fortsätter som hittills.",
    "Återkoppling sker vid uppföljningen.",
    "Ta med frågor som ni vill att vi talar om.",
    "Vi börjar med en kort genomgång av förra gången.",
    "Ansvarig är samma person som tidigare.",
)
_UNITS = ("Lillåns skola", "UPH Norra Skaraborg", "BUP Skövde", "Familjecentralen")
_PEOPLE = ("Maria Ekdahl", "Jonas Berg", "Sara Lindh", "Elin Sand", "Johan Nyström")


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the crowd: one seat, one session, one device."""

    account: str
    seat: str
    session: str
    cookie: str
    replica: str

    @property
    def actor(self) -> Actor:
        return Actor(self.seat, self.account, SeatKind.GUARDIAN, None, None, None, Assurance.EID, "", frozenset(), "sv")


@dataclass
class Scene:
    """The house without its routes, its cast, and a transaction for making more."""

    parts: composition.Parts
    world: World
    rng: random.Random
    _children: list[str] = field(default_factory=lambda: [new_id(datetime.now(UTC)) for _ in range(30)])

    async def device(self, who: Person) -> Member:
        """A device of somebody in the cast, signed in with e-ID."""
        now = self.parts.house.clock.now()
        async with self.parts.engine.write() as tx:
            session = await start_session(tx, who.actor, "load", now)
        return Member(who.account, who.seat, session.session_id, session.token, new_id(now))

    async def family(self) -> tuple[str, Person]:
        """A child at Maria's school, and the one guardian it has."""
        stage, maria = self.world.stage, self.world["maria"]
        terms = {"turns_18_on": "2033-05-15", "person": maria.seat, "deputy": self.world["johan"].seat}
        child = str((await stage.act(maria, "child.open", display_name="Barn", **terms))["child"])
        invited = await stage.act(maria, "guardian.invite", child=child, name_shown="Någon")
        account = await stage.account("Någon")
        return child, await stage.join(child, str(invited["relation"]), account, SeatKind.GUARDIAN)

    async def members(self, count: int, kind: SeatKind = SeatKind.GUARDIAN) -> list[Member]:
        """So many people nobody else knows."""
        now = self.parts.house.clock.now()
        at, until = to_text(now), to_text(now + timedelta(days=10))
        made = [Member(new_id(now), new_id(now), new_id(now), new_token(), new_id(now)) for _ in range(count)]
        async with self.parts.engine.write() as tx:
            await tx.execute_many(
                "INSERT INTO account (id, name, language, created_at) VALUES ($1, 'Någon', 'sv', $2)",
                [(one.account, at) for one in made],
            )
            await tx.execute_many(
                "INSERT INTO seat (id, account_id, kind, created_at) VALUES ($1, $2, $3, $4)",
                [(one.seat, one.account, str(kind), at) for one in made],
            )
            await tx.execute_many(
                "INSERT INTO session (id, token_hash, account_id, seat_id, assurance, label, created_at, seen_at,"
                " idle_until, absolute_until) VALUES ($1, $2, $3, $4, 'eid', 'load', $5, $5, $6, $6)",
                [(one.session, hash_token(one.cookie), one.account, one.seat, at, until) for one in made],
            )
        return made

    async def hold(self, members: Sequence[Member], scopes: Sequence[str]) -> None:
        """Everybody of these holds all of these (existing) scopes."""
        async with self.parts.engine.write() as tx:
            ids = await scope_ids(tx, scopes)
            await tx.execute_many(
                "INSERT INTO grant_ (seat_id, scope_id, aggregate_id, valid_until) VALUES ($1, $2, 'crowd', $3)",
                [(one.seat, id, FOR_EVER) for one in members for id in ids],
            )

    async def fill(self, scope: str, count: int, size: int = 300) -> None:
        """A new scope with so many documents of about `size` bytes."""
        now = self.parts.house.clock.now()
        rows = []
        total = 0
        for version in range(1, count + 1):
            id = new_id(now)
            total += digest.share("message", id, version)
            rows.append((id, version, self._document(id, size)))
        async with self.parts.engine.write() as tx:
            await tx.execute(
                "INSERT INTO scope (name, version, holders_version, live, digest, horizon, store)"
                " VALUES ($1, $2, 0, $2, $3, 0, 'keep')",
                scope,
                count,
                total % digest.MODULUS,
            )
            (id,) = await scope_ids(tx, [scope])
            await tx.execute_many(
                "INSERT INTO feed (scope_id, entity, doc_id, version, doc, hash, aggregate_id, changed_at)"
                " VALUES ($1, 'message', $2, $3, $4, '', 'crowd', $5)",
                [(id, doc_id, version, doc, to_text(now)) for doc_id, version, doc in rows],
            )

    def _document(self, id: str, size: int) -> str:
        pick = self.rng.choice
        day = f"2026-{self.rng.randint(1, 12):02}-{self.rng.randint(1, 28):02}"
        doc = {
            "id": id,
            "child": pick(self._children),
            "state": pick(("open", "answered", "done")),
            "starts_at": f"{day}T{self.rng.randint(6, 18):02}:{pick(('00', '15', '30'))}:00.000Z",
            "by": {"name": pick(_PEOPLE), "unit": pick(_UNITS)},
            "text": pick(_SENTENCES),
        }
        while len(json.dumps(doc, ensure_ascii=False).encode()) < size - 30:
            doc["text"] = f"{doc['text']} {pick(_SENTENCES)}"
        return json.dumps(doc, ensure_ascii=False, separators=(",", ":"))


async def scope_ids(tx: Tx, names: Sequence[str]) -> list[int]:
    """Ids of these scopes, all of which exist."""
    rows = await tx.fetch("SELECT id FROM scope WHERE name = any($1)", list(names))
    assert len(rows) == len(set(names)), names
    return [id for (id,) in rows]


@asynccontextmanager
async def scene(data: Path, database_url: str | None, seed: int = 7) -> AsyncIterator[Scene]:
    """The house with its cast, open for making a crowd; closed at the end, so that a server can take over."""
    parts = composition.build_parts(Settings(data=data, database_url=database_url, port=1))
    async with composition.running(parts):
        world = await make_world(parts.house, parts.house.clock.now() - timedelta(hours=2))
        yield Scene(parts, world, random.Random(seed))
