"""Deciding commands: one write transaction each, refused or applied exactly once (PROTOCOL.md 6).

The order inside is the protocol's: shape (before the transaction), the replica's own lock and receipts, the aggregates'
locks, what is visible, what is allowed, the state. The receipt is written in the transaction of the effect. A transient
fault is never recorded: it leaves as `TransientFault` and the client tries again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from pydantic import ValidationError

from server import metrics
from server.domain.actors import SYSTEM, Actor
from server.domain.instants import to_text
from server.errors import Refused, field_code
from server.features.publish import publish
from server.features.shape import Command, Moment
from server.storage import commit
from server.storage.change import NO_ORGANISATION, AuditEntry, Change, Committed
from server.storage.engine import Tx
from server.storage.lock import lock_aggregates
from server.storage.read import visible_documents
from server.sync import load, receipts
from server.sync.carry_out import Done, carry_out
from server.sync.frames import CommandFrame, frame
from server.sync.house import House
from server.sync.receipts import OutOfStep, Replica

__all__ = ["Answer", "OutOfStep", "Replica", "act", "decide", "republish"]

LOGGED_REFUSALS = frozenset({"not_found", "not_allowed", "assurance_required"})


@dataclass(frozen=True, slots=True)
class Answer:
    """What to send back, and whether anything was written that others want to hear of."""

    frame: bytes
    changed: bool = False
    ok: bool = False


async def decide(house: House, actor: Actor, replica: Replica, sent: CommandFrame) -> Answer:
    """The stored or new answer to a command. Raises `OutOfStep`, `SessionOver` or `TransientFault`."""
    now = house.clock.now()
    command, refusal = shaped(house, sent)
    async with house.engine.write() as tx:
        last_n, stored, actor = await receipts.take_replica(tx, actor, replica, sent)
        known = await receipts.repeated(tx, actor, replica, sent, last_n, stored)
        if known is not None:
            metrics.command("repeated")
            return Answer(known, ok=known.startswith(b'{"t":"ack"'))
        if sent.n != last_n + 1:
            raise OutOfStep
        done: Done | None = None
        if command is not None:
            try:
                done = await carry_out(house, tx, actor, command, Moment(now, sent.id), replica.session)
            except Refused as refused:
                refusal = refused
                if refused.code == "taken":
                    refusal = Refused("taken", data={"alternatives": await _alternatives(tx, actor, command, now)})
                if refused.code in LOGGED_REFUSALS:
                    await commit.apply(tx, Change(audit=(_refused(actor, command, refused),)), to_text(now))
        if done is None:
            assert refusal is not None
            kept = told = frame(
                "nack", id=sent.id, n=sent.n, ok=False, code=refusal.code, fields=refusal.fields, data=refusal.data
            )
        else:
            at = await receipts.held(tx, actor, done.committed, to_text(now))
            kept = frame("ack", id=sent.id, n=sent.n, ok=True, at=at, result=done.result)
            told = frame("ack", id=sent.id, n=sent.n, ok=True, at=at, result=done.told) if done.told else kept
        await receipts.keep(tx, actor, replica, sent, kept, to_text(now), first=1)
    metrics.command("refused" if done is None else "applied")
    if done is not None and done.committed.versions:
        await house.committed()
    return Answer(told, changed=done is not None, ok=done is not None)


async def act(house: House, command: Command, seed: str, actor: Actor = SYSTEM) -> Mapping[str, Any]:
    """A deed without a device: the house's own (escalation, expiry), or set-up in somebody's name.

    Decided like any other command; returns its result with what is told once. Raises `Refused`.
    """
    now = house.clock.now()
    async with house.engine.write() as tx:
        done = await carry_out(house, tx, actor, command, Moment(now, seed))
    await house.committed()
    return done.told or done.result or {}


async def republish(house: House, tx: Tx, aggregates: list[str]) -> Committed:
    """Publishes these aggregates anew from their rows, after their rows were changed elsewhere in this transaction."""
    now = house.clock.now()
    locked = await lock_aggregates(tx, aggregates)
    arounds = await load.around(tx, house.registry, locked, now)
    published = {id: publish(house.registry, one) for id, one in arounds.items()}
    return await commit.apply(tx, Change(published=published), to_text(now))


def shaped(house: House, sent: CommandFrame) -> tuple[Command | None, Refused | None]:
    """The command, or why its shape is refused; no row is read for it."""
    if sent.fault:
        return None, Refused("invalid", fields=sent.fault)
    found = house.registry.commands.get(sent.name)
    if found is None or found.internal:
        return None, Refused("unknown_command")
    try:
        # As JSON, whose arrays may be any kind of sequence; everything else stays strict.
        return found.model_validate_json(msgspec.json.encode(sent.args)), None
    except ValidationError as error:
        return None, Refused("invalid", fields=field_codes(error))


def field_codes(error: ValidationError) -> dict[str, str]:
    """{argument: code} as the protocol names them."""
    codes: dict[str, str] = {}
    for fault in error.errors(include_url=False, include_input=False):
        where, kind = ".".join(str(part) for part in fault["loc"]) or "args", fault["type"]
        if kind == "misfit":
            codes |= fault["ctx"]["fields"]
        else:
            codes[where] = field_code(kind)
    return codes


async def _alternatives(tx: Tx, actor: Actor, command: Command, now: datetime) -> list[str]:
    """The two next free ones that the sender can see, soonest first."""
    at = to_text(now)
    docs = await visible_documents(tx, actor.seat, command.alternatives_entity, at)
    free = [
        doc
        for doc in map(msgspec.json.decode, docs)
        if doc["state"] == "open" and doc["starts_at"] > at and command.suits(doc)
    ]
    return [doc["id"] for doc in sorted(free, key=lambda doc: (doc["starts_at"], doc["id"]))[:2]]


def _refused(actor: Actor, command: Command, refused: Refused) -> AuditEntry:
    return AuditEntry(actor.organisation or NO_ORGANISATION, actor.seat, command.name, "", refused.code)
