"""Deciding commands: one write transaction each, refused or applied exactly once (PROTOCOL.md 6).

The order inside is the protocol's: shape (before the transaction), the replica's own lock and receipts, the aggregates'
locks, what is visible, what is allowed, the state. The receipt is written in the transaction of the effect. A transient
fault is never recorded: it leaves as `TransientFault` and the client tries again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import msgspec
from pydantic import ValidationError

from server.domain import access, scopes
from server.domain.actors import SYSTEM, Actor
from server.domain.instants import to_text
from server.errors import Refused
from server.features import circle
from server.features.around import Around
from server.features.notice import notice_row
from server.features.person import UnitRow
from server.features.publish import publish
from server.features.shape import Command, Moment, Notice, Row, Writes
from server.storage import commit
from server.storage.change import AuditEntry, Change, Committed, Publication, StoredRecord
from server.storage.engine import Tx
from server.storage.lock import create_aggregate, for_update, lock_aggregates, lock_homes
from server.storage.read import (
    aggregates_naming,
    aggregates_of_seats,
    rows_of_area,
    visible_aggregate,
    visible_documents,
)
from server.sync import load
from server.sync.frames import CommandFrame, frame
from server.sync.house import House
from server.sync.pull import SessionOver

LOGGED_REFUSALS = frozenset({"not_found", "not_allowed", "assurance_required"})
NO_ORGANISATION = "accounts"
"""The chain of what concerns no organisation: people's own settings and devices."""


class OutOfStep(Exception):
    """The replica's counter and the server's disagree: `bye: resync`."""


@dataclass(frozen=True, slots=True)
class Replica:
    """The sender: one local store of one (account, seat), in one session."""

    id: str
    session: str


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
        last_n, stored = await _take_replica(tx, actor, replica, sent)
        known = await _receipt(tx, actor, replica, sent, last_n, stored)
        if known is not None:
            return Answer(known, ok=known.startswith(b'{"t":"ack"'))
        if sent.n != last_n + 1:
            raise OutOfStep
        done: _Done | None = None
        if command is not None:
            try:
                done = await _carry_out(house, tx, actor, command, Moment(now, sent.id), replica.session)
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
            at = await _held(tx, actor, done.committed, to_text(now))
            kept = frame("ack", id=sent.id, n=sent.n, ok=True, at=at, result=done.result)
            told = frame("ack", id=sent.id, n=sent.n, ok=True, at=at, result=done.told) if done.told else kept
        await _write_receipt(tx, actor, replica, sent, kept, to_text(now), first=1)
    if done is not None and done.committed.versions:
        await house.committed()
    return Answer(told, changed=done is not None, ok=done is not None)


async def act(house: House, command: Command, seed: str, actor: Actor = SYSTEM) -> Mapping[str, Any]:
    """A deed without a device: the house's own (escalation, expiry), or set-up in somebody's name.

    Decided like any other command; returns its result with what is told once. Raises `Refused`.
    """
    now = house.clock.now()
    async with house.engine.write() as tx:
        done = await _carry_out(house, tx, actor, command, Moment(now, seed))
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
    for fault in error.errors(include_url=False, include_context=False, include_input=False):
        where = ".".join(str(part) for part in fault["loc"]) or "args"
        kind = fault["type"]
        if kind == "missing" or kind in ("string_too_short", "too_short"):
            codes[where] = "required"
        elif kind == "extra_forbidden":
            codes[where] = "unknown"
        elif kind in ("string_too_long", "too_long"):
            codes[where] = "too_long"
        elif kind.endswith("_type"):
            codes[where] = "type"
        else:
            codes[where] = "not_allowed_value"
    return codes


@dataclass(frozen=True, slots=True)
class _Done:
    committed: Committed
    result: Mapping[str, Any] | None
    told: Mapping[str, Any] | None


async def _carry_out(house: House, tx: Tx, actor: Actor, command: Command, at: Moment, session: str = "") -> _Done:
    now = to_text(at.now)
    targets = command.targets(actor)
    for target in targets:
        if target.create:
            await create_aggregate(tx, target.id, kind=target.create, owner_unit=actor.unit or "", now=now)
    seat = command.reaches(actor)
    reached = await aggregates_naming(tx, seat, command.reach) if seat else []
    wanted = [*(t.id for t in targets if not t.entity), *reached]
    homes = await lock_homes(tx, [t.id for t in targets if t.entity], wanted)
    ids = [homes[target.id].id for target in targets if target.id in homes]
    if len(ids) < len(targets):
        raise Refused("not_found")
    locked = {home.id: (home.kind, home.owner_unit) for home in homes.values()}
    if actor is not SYSTEM:
        implied = [scopes.user(actor.account), scopes.PUBLIC]
        for target in targets:
            if target.entity and not await visible_aggregate(tx, actor.seat, implied, target.entity, target.id, now):
                raise Refused("not_found")
    needs = command.needs()
    if command.gathers:
        area = next((id for id, (kind, _) in locked.items() if kind == "area"), actor.area or "")
        needs = (*needs, *await rows_of_area(tx, area, command.gathers))
    arounds = await load.around(tx, house.registry, locked, at.now, needs)
    first = load.beside(arounds, ids[0])
    verdict = access.may(actor, circle.relations(first, actor), command.rule)
    if verdict is not None:
        # A target that is no document was not asked for by what the sender sees: that it exists is not told either.
        own = targets[0].entity is not None or targets[0].id in (actor.account, actor.unit, actor.area)
        raise Refused(verdict.code if own or verdict.code != "not_allowed" else "not_found")
    writes = command.decide(first, actor, at)
    committed = await _write(house, tx, actor, command, writes, arounds, ids[0], at)
    told: dict[str, Any] = {}
    for effect in writes.effects:
        told |= await house.effects[effect.name](tx, actor, {"session": session, **effect.args}, now) or {}
    return _Done(committed, writes.result, {**(writes.result or {}), **told} if told else None)


async def _write(
    house: House,
    tx: Tx,
    actor: Actor,
    command: Command,
    writes: Writes,
    arounds: dict[str, Around],
    first: str,
    at: Moment,
) -> Committed:
    """Keeps the rows and publishes every aggregate that they, or the colleagues named, have changed."""
    now = at.now
    homes = {row.id: id for id, one in arounds.items() for row in one.rows}
    by_home: dict[str, list[Row]] = {id: [] for id in arounds}
    new: dict[str, tuple[str, str]] = {}
    for row in writes.rows:
        home = homes.get(row.id) or _home(row, arounds, first)
        if home not in by_home:
            by_home[home] = []
            new[home] = (row.aggregate, row.owner_unit)
            await create_aggregate(tx, home, kind=row.aggregate, owner_unit=row.owner_unit, now=to_text(now))
        by_home[home].append(row)
    put = tuple(load.encoded(row, home) for home, rows in by_home.items() for row in rows)
    arounds = {**arounds, **await load.around(tx, house.registry, new, now)} if new else arounds
    gone = {
        id: replace(one, rows=tuple(row for row in one.rows if row.id not in writes.remove))
        for id, one in arounds.items()
    }
    after = {id: await load.with_named(tx, house.registry, one, by_home[id]) for id, one in gone.items()}
    await commit.apply(tx, Change(put, writes.remove), to_text(now))
    # Every aggregate is locked before the first scope, all scopes are locked at once, and the audit chain last:
    # two commits that tell each other's people something would otherwise wait for each other in a circle.
    published = {id: publish(house.registry, one) for id, one in after.items()}
    published |= await _colleagues(house, tx, writes.seats_changed, now)
    notes, noted = await _noticed(house, tx, writes.notices, at)
    committed = await commit.apply(tx, Change(put=notes, published=published | noted), to_text(now))
    if committed.ended:
        await house.journal.append(put, to_text(now))
        asking = [id for id, one in after.items() if any(row.shows_purges for row in one.rows)]
        committed = _joined(committed, await republish(house, tx, asking))
    entry = AuditEntry(_organisation(arounds[first], actor), actor.seat, command.name, first, "applied")
    await commit.apply(tx, Change(audit=(entry,)), to_text(now))
    return committed


async def _colleagues(house: House, tx: Tx, seats: tuple[str, ...], now: datetime) -> dict[str, Publication]:
    """The children around whom these colleagues stand, published anew because a card has changed."""
    if not seats:
        return {}
    locked = await lock_aggregates(tx, await aggregates_of_seats(tx, seats, "child"))
    arounds = await load.around(tx, house.registry, locked, now)
    return {id: publish(house.registry, one) for id, one in arounds.items()}


def _joined(first: Committed, second: Committed) -> Committed:
    return Committed(
        {**first.versions, **second.versions}, (*first.ended, *second.ended), {**first.holders, **second.holders}
    )


async def _noticed(
    house: House, tx: Tx, notices: tuple[Notice, ...], at: Moment
) -> tuple[tuple[StoredRecord, ...], dict[str, Publication]]:
    """(rows, publications by account) of these notices; the accounts are locked in ascending order."""
    now = to_text(at.now)
    accounts = sorted({notice.account for notice in notices})
    for account in accounts:
        await create_aggregate(tx, account, kind="user", owner_unit="", now=now)
    locked = await lock_aggregates(tx, accounts)
    arounds = await load.around(tx, house.registry, locked, at.now) if locked else {}
    put: list[StoredRecord] = []
    published: dict[str, Publication] = {}
    for account in accounts:
        rows = [notice_row(notice, at) for notice in notices if notice.account == account]
        put.extend(load.encoded(row, account) for row in rows)
        published[account] = publish(house.registry, arounds[account].after(Writes(), rows))
    return tuple(put), published


async def _alternatives(tx: Tx, actor: Actor, command: Command, now: datetime) -> list[str]:
    """The two next free ones that the sender can see, soonest first."""
    at = to_text(now)
    docs = await visible_documents(tx, actor.seat, command.alternatives_entity, at)
    free = [doc for doc in map(msgspec.json.decode, docs) if doc["state"] == "open" and doc["starts_at"] > at]
    return [doc["id"] for doc in sorted(free, key=lambda doc: (doc["starts_at"], doc["id"]))[:2]]


def _home(row: Row, arounds: dict[str, Around], first: str) -> str:
    """The aggregate a new row belongs to: a row that has its aggregate's kind begins one of its own."""
    if row.entity == row.aggregate:
        return row.id
    parent = getattr(row, row.aggregate, None)
    if isinstance(parent, str):
        return parent
    return next((id for id, one in arounds.items() if one.kind == row.aggregate), first)


def _organisation(around: Around, actor: Actor) -> str:
    unit = around.known(UnitRow, around.owner_unit)
    return unit.organisation if unit is not None else actor.organisation or NO_ORGANISATION


def _refused(actor: Actor, command: Command, refused: Refused) -> AuditEntry:
    return AuditEntry(actor.organisation or NO_ORGANISATION, actor.seat, command.name, "", refused.code)


# --- receipts


async def _take_replica(
    tx: Tx, actor: Actor, replica: Replica, sent: CommandFrame
) -> tuple[int, tuple[str, str] | None]:
    """(the last n decided, the stored answer to this id if there is one), with the replica locked."""
    lock = " FOR UPDATE OF r" if for_update(tx) else ""
    row = await tx.fetch_one(
        "SELECT r.last_n, s.ended_at, c.answer, c.decided_at, s.end_reason FROM replica r JOIN session s ON s.id = $4"
        " LEFT JOIN receipt c ON c.account_id = r.account_id AND c.seat_id = r.seat_id AND c.command_id = $5"
        f" AND c.first = 1 WHERE r.id = $1 AND r.account_id = $2 AND r.seat_id = $3{lock}",
        replica.id,
        actor.account,
        actor.seat,
        replica.session,
        sent.id,
    )
    if row is None or row[1] is not None:
        raise SessionOver("wipe" if row is not None and row[4] == "wipe" else "signed_out")
    return int(row[0]), None if row[2] is None else (row[2], row[3])


async def _receipt(
    tx: Tx, actor: Actor, replica: Replica, sent: CommandFrame, last_n: int, known: tuple[str, str] | None
) -> bytes | None:
    """The stored answer for this n or this id; a known id in a new place uses up its n."""
    if sent.n <= last_n:
        answer = await tx.fetch_value(
            "SELECT answer FROM receipt WHERE account_id = $1 AND seat_id = $2 AND replica_id = $3 AND n = $4",
            actor.account,
            actor.seat,
            replica.id,
            sent.n,
        )
        if answer is None:
            raise OutOfStep
        return str(answer).encode()
    if known is not None and sent.n == last_n + 1:
        await _write_receipt(tx, actor, replica, sent, known[0].encode(), known[1], first=0)
    return None if known is None else known[0].encode()


async def _write_receipt(
    tx: Tx, actor: Actor, replica: Replica, sent: CommandFrame, answer: bytes, now: str, *, first: int
) -> None:
    await tx.execute(
        "INSERT INTO receipt (account_id, seat_id, replica_id, n, command_id, first, answer, decided_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        actor.account,
        actor.seat,
        replica.id,
        sent.n,
        sent.id,
        first,
        answer.decode(),
        now,
    )
    await tx.execute("UPDATE replica SET last_n = $2 WHERE id = $1", replica.id, sent.n)


async def _held(tx: Tx, actor: Actor, committed: Committed, now: str) -> dict[str, int]:
    """Of the versions a commit made, those of scopes the sender holds after it."""
    implied = {scopes.user(actor.account), scopes.PUBLIC}
    held = implied | {name for name, seats in committed.holders.items() if actor.seat in seats}
    asked = [name for name in committed.versions if name not in committed.holders and name not in implied]
    if asked:
        rows = await tx.fetch(
            "SELECT s.name FROM grant_ g JOIN scope s ON s.id = g.scope_id"
            " WHERE g.seat_id = $1 AND g.valid_until > $2 AND s.name = any($3)",
            actor.seat,
            now,
            asked,
        )
        held |= {name for (name,) in rows}
    return {name: version for name, version in sorted(committed.versions.items()) if name in held}
