"""Carrying a command out: on the current rows of the aggregates it is about, inside the caller's transaction.

All aggregates are locked before the first scope, all scopes are locked at once, and the audit chain last: two commits
that tell each other's people something would otherwise wait for each other in a circle.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from server.domain import access, scopes
from server.domain.actors import SYSTEM, Actor
from server.domain.instants import to_text
from server.errors import Refused
from server.features import belonging
from server.features.around import Around
from server.features.notice import is_of_family, notice_row
from server.features.person import UnitRow
from server.features.publish import grants_of, publish
from server.features.shape import Command, Moment, Notice, Row, Target, Writes
from server.storage import commit
from server.storage.change import NO_ORGANISATION, AuditEntry, Change, Committed, StoredRecord
from server.storage.engine import Tx
from server.storage.lock import Home, create_aggregate, lock_aggregates, lock_homes, lock_users
from server.storage.read import aggregates_naming, aggregates_of_seats, rows_of_area, visible
from server.storage.stored import counted, purges_after, read_stored
from server.sync import load, people
from server.sync.house import House


@dataclass(frozen=True, slots=True)
class Done:
    """`result` is kept in the receipt; `told`, if there is more to say, is said once."""

    committed: Committed
    result: Mapping[str, Any] | None
    told: Mapping[str, Any] | None


async def carry_out(house: House, tx: Tx, actor: Actor, command: Command, at: Moment, session: str = "") -> Done:
    """Everything the command does, or `Refused` before anything was written."""
    now = to_text(at.now)
    command = await people.meant(tx, actor, command)
    targets = command.targets(actor)
    homes = await _lock_targets(tx, actor, command, targets, now)
    locked = {home.id: (home.kind, home.owner_unit) for home in homes.values()}
    needs = command.needs()
    if command.gathers:
        area = next((id for id, (kind, _) in locked.items() if kind == "area"), actor.area or "")
        needs = (*needs, *await rows_of_area(tx, area, command.gathers))
    documents = [(target.id, target.entity) for target in targets if target.entity] if actor is not SYSTEM else []
    implied = [scopes.user(actor.account), scopes.PUBLIC]
    seeing = visible(actor.seat, implied, documents, now) if documents else None
    arounds, seen = await load.around_and(tx, house.registry, locked, at.now, needs, seeing)
    if not set(documents) <= seen:
        raise Refused("not_found")
    home = homes[targets[0].id].id
    first = load.beside(arounds, home)
    verdict = access.may(belonging.as_known(first, actor), belonging.relations(first, actor), command.rule)
    if verdict is not None:
        # A target that is no document was not asked for by what the sender sees: that it exists is not told either.
        own = targets[0].entity is not None or targets[0].id in (actor.account, actor.unit, actor.area)
        raise Refused(verdict.code if own or verdict.code != "not_allowed" else "not_found")
    writes = command.decide(first, actor, at)
    audit = AuditEntry(_organisation(first, actor), actor.seat, command.name, home, "applied")
    committed = await _write(house, tx, writes, arounds, home, at, audit)
    told: dict[str, Any] = {}
    for effect in writes.effects:
        told |= await house.effects[effect.name](tx, actor, {"session": session, **effect.args}, now) or {}
    return Done(committed, writes.result, {**(writes.result or {}), **told} if told else None)


async def _lock_targets(tx: Tx, actor: Actor, command: Command, targets: Sequence[Target], now: str) -> dict[str, Home]:
    """{target or aggregate reached: its aggregate}, all locked; those to be made are made if absent."""
    seat = command.reaches(actor)
    reached = await aggregates_naming(tx, seat, command.reach) if seat else []
    rows = [target.id for target in targets if target.entity]
    aggregates = [*(target.id for target in targets if not target.entity), *reached]
    homes = await lock_homes(tx, rows, aggregates)
    absent = [target for target in targets if target.id not in homes]
    if absent and all(target.create for target in absent):
        for target in absent:
            await create_aggregate(tx, target.id, kind=target.create or "", owner_unit=actor.unit or "", now=now)
        homes = await lock_homes(tx, rows, aggregates)
    elif absent:
        raise Refused("not_found")
    return homes


async def _write(
    house: House,
    tx: Tx,
    writes: Writes,
    arounds: dict[str, Around],
    first: str,
    at: Moment,
    audit: AuditEntry,
) -> Committed:
    """Keeps the rows and publishes every aggregate that they, the colleagues named or the notices have changed."""
    now = to_text(at.now)
    homes = {row.id: id for id, one in arounds.items() for row in one.rows}
    by_home: dict[str, list[Row]] = {id: [] for id in arounds}
    new: dict[str, tuple[str, str]] = {}
    for row in writes.rows:
        home = homes.get(row.id) or _home(row, arounds, first)
        if home not in by_home:
            by_home[home] = []
            new[home] = (row.aggregate, row.owner_unit)
            await create_aggregate(tx, home, kind=row.aggregate, owner_unit=row.owner_unit, now=now)
        by_home[home].append(row)
    put = tuple(load.encoded(row, home) for home, rows in by_home.items() for row in rows)
    if new:
        made, _ = await load.around_and(tx, house.registry, new, at.now)
        arounds = {**arounds, **made}
    after: dict[str, Around] = {}
    for id, one in arounds.items():
        left = one.after(Writes(remove=writes.remove), ()) if writes.remove else one
        after[id] = await load.with_named(tx, house.registry, left, by_home[id])
    if writes.seats_changed:
        # Those who stand around other children are read again with their new cards.
        await commit.apply(tx, Change(put, writes.remove), now)
        after |= await _colleagues(house, tx, writes.seats_changed, at.now)
    notes, told = await _noticed(house, tx, belonging.told(writes.notices, arounds, after), at, after)
    after |= told
    stored = await read_stored(tx, after)
    grants = {id: grants_of(house.registry, one) for id, one in after.items()}
    ended, purges = stored.ended(grants.values()), stored.purges
    if ended:
        await house.journal.append(put, now)
        purges = await purges_after(tx, stored, ended)
    shown = {
        id: replace(one, purges=counted(purges, id)) if load.shows_purges(one) else one for id, one in after.items()
    }
    published = {id: publish(house.registry, one, grants[id]) for id, one in shown.items()}
    kept = Change(notes, (), published, (audit,))
    if not writes.seats_changed:
        kept = replace(kept, put=(*put, *notes), remove=writes.remove)
    return await commit.apply(tx, kept, now, stored)


async def _colleagues(house: House, tx: Tx, seats: tuple[str, ...], now: datetime) -> dict[str, Around]:
    """The children around whom these colleagues stand: published anew because a card has changed."""
    locked = await lock_aggregates(tx, await aggregates_of_seats(tx, seats, "child"))
    arounds, _ = await load.around_and(tx, house.registry, locked, now)
    return arounds


async def _noticed(
    house: House, tx: Tx, notices: Sequence[Notice], at: Moment, known: Mapping[str, Around]
) -> tuple[tuple[StoredRecord, ...], dict[str, Around]]:
    """(rows, aggregates by account) of these notices; the accounts are locked in ascending order."""
    accounts = sorted({notice.account for notice in notices})
    arounds = {account: known[account] for account in accounts if account in known}
    others = [account for account in accounts if account not in known]
    if others:
        locked = await lock_users(tx, others, to_text(at.now))
        arounds |= (await load.around_and(tx, house.registry, locked, at.now))[0]
    put: list[StoredRecord] = []
    for account in accounts:
        rows = [
            notice_row(one, at, family=is_of_family(one, known.values())) for one in notices if one.account == account
        ]
        put.extend(load.encoded(row, account) for row in rows)
        arounds[account] = arounds[account].after(Writes(), rows)
    return tuple(put), arounds


def _home(row: Row, arounds: Mapping[str, Around], first: str) -> str:
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
