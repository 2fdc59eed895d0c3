"""What a device tells the house without asking for anything: what was opened, and what was erased.

A read is noted once (also one made offline and sent later). Reading what the seat does not hold, or what a session by
code alone is not shown, goes into the security log and is told to nobody. An erased scope is the receipt a family is
shown after a withdrawal: "3 of 4 devices have confirmed".
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

import msgspec

from server.domain import scopes, visibility
from server.domain.actors import Actor
from server.domain.instants import from_text, local_date, to_text
from server.errors import Refused
from server.storage import commit
from server.storage.change import NO_ORGANISATION, AuditEntry, Change
from server.storage.engine import Tx
from server.storage.lock import lock_aggregates
from server.storage.read import seen_in
from server.sync.frames import DroppedFrame, ReadFrame
from server.sync.house import House
from server.sync.push import Replica, act, republish


async def note_read(house: House, actor: Actor, session: str, frame: ReadFrame) -> None:
    """Keeps who opened what, once for each id."""
    now = to_text(house.clock.now())
    async with house.engine.write() as tx:
        aggregate = await _read_in(tx, actor, session, frame, now)
        new = await tx.execute(
            "INSERT INTO access_read (id, seat_id, entity, doc_id, aggregate_id, held, acted_at, noted_at)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (seat_id, id) DO NOTHING",
            frame.id,
            actor.seat,
            frame.entity,
            frame.doc,
            aggregate,
            int(aggregate is not None),
            frame.at,
            now,
        )
        outcome = "noted" if aggregate is not None else "not_found"
        if new:
            entry = AuditEntry(actor.organisation or NO_ORGANISATION, actor.seat, "read", frame.doc, outcome)
            await commit.apply(tx, Change(audit=(entry,)), now)
        kind = await tx.fetch_value("SELECT kind FROM aggregate WHERE id = $1", aggregate) if aggregate else None
    if new and kind == "child" and actor.is_professional:
        on = local_date(house.clock.now()).isoformat()
        noted = house.registry.commands["access.noted"].model_validate(
            {"child": aggregate, "seat": actor.seat, "on": on}
        )
        with suppress(Refused):
            await act(house, noted, frame.id)


async def _read_in(tx: Tx, actor: Actor, session: str, frame: ReadFrame, now: str) -> str | None:
    """The aggregate of what was read, or None for what this session could not have shown.

    What was opened before the session began was opened in an earlier one, which may have proved more.
    """
    implied = [scopes.user(actor.account), scopes.PUBLIC]
    seen = await seen_in(tx, actor.seat, implied, frame.entity, frame.doc, now)
    if not visibility.sees_all(actor.assurance):
        began = await tx.fetch_value("SELECT created_at FROM session WHERE id = $1", session)
        if began is None or _instant(frame.at, now) >= from_text(began):
            by_code = visibility.for_code_only
            seen = [one for one in seen if by_code(one[1], frame.entity, msgspec.json.decode(one[2])) is not None]
    return seen[0][0] if seen else None


def _instant(said: str, now: str) -> datetime:
    """What the device says, or now when no calendar has that day."""
    try:
        return datetime.fromisoformat(said)
    except ValueError:
        return from_text(now)


async def note_dropped(house: House, replica: Replica, frame: DroppedFrame) -> None:
    """Keeps the erasure receipts, and shows the family the new count."""
    now = to_text(house.clock.now())
    changed = False
    async with house.engine.write() as tx:
        rows = await tx.fetch(
            "SELECT p.scope_id, p.aggregate_id FROM purge p JOIN scope s ON s.id = p.scope_id"
            " WHERE p.replica_id = $1 AND s.name = any($2) AND p.dropped_at IS NULL",
            replica.id,
            list(frame.scopes),
        )
        if rows:
            # The children first, as every commit does: the same receipts are written by what ends a sharing.
            await lock_aggregates(tx, {aggregate for _, aggregate in rows})
            await tx.execute(
                "UPDATE purge SET dropped_at = $3 WHERE replica_id = $1 AND scope_id = any($2) AND dropped_at IS NULL",
                replica.id,
                [scope for scope, _ in rows],
                now,
            )
            await republish(house, tx, sorted({aggregate for _, aggregate in rows}))
            changed = True
    if changed:
        await house.committed()


async def note_device(house: House, actor: Actor, session: str) -> None:
    """The person's own list of devices shows this one as seen today."""
    async with house.engine.read() as tx:
        label = await tx.fetch_value("SELECT label FROM session WHERE id = $1", session)
    seen = house.registry.commands["device.seen"].model_validate(
        {"account": actor.account, "session": session, "label": label or "", "seat": actor.seat}
    )
    await act(house, seen, session)
