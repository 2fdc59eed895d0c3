"""Reading: what a seat holds now, and what it lacks, in one snapshot (PROTOCOL.md 5).

Grants and rows are read in the same snapshot, so no row of a scope is read for a seat after the commit that ended its
grant. Documents are copied as stored; only a session by code alone has them cut to what it may see.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from sys import intern

import msgspec

from server.domain import digest, scopes, visibility
from server.domain.actors import Actor
from server.domain.instants import from_text, local_date, to_text
from server.storage.engine import Engine, Tx
from server.sync import frames
from server.sync.frames import Hello, Row


class SessionOver(Exception):
    """The session ended while something was on its way; `reason` is that of the goodbye."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class AnotherSeats(Exception):
    """Another seat's replica is known by this id."""


@dataclass(frozen=True, slots=True)
class HeldScope:
    """A scope as a seat holds it. `grant_until` is exclusive; by `lease_until` the device must have asked again."""

    id: int
    name: str
    version: int
    horizon: int
    store: str
    grant_until: str
    lease_until: str | None

    @property
    def until(self) -> str | None:
        """The earlier of lease and grant end; None for what everybody may keep for ever."""
        return None if self.lease_until is None else min(self.grant_until, self.lease_until)

    def on_wire(self) -> dict[str, str | None]:
        return {"scope": self.name, "until": self.until, "store": self.store}


@dataclass(frozen=True, slots=True)
class Part:
    """What one scope lacks: rows after `since` up to `to`, from the beginning if `reset`."""

    scope: HeldScope
    since: int
    to: int
    reset: bool
    rows: tuple[Row, ...]

    def frames(self, actor: Actor) -> list[bytes]:
        return frames.deltas(
            self.scope.name,
            for_reader(actor, self.scope.name, self.rows),
            since=self.since,
            to=self.to,
            reset=self.reset,
        )


@dataclass(frozen=True, slots=True)
class Welcome:
    epoch: str
    last_n: int
    now: str
    held: tuple[HeldScope, ...]
    parts: tuple[Part, ...]
    """Fewest missing rows first; scopes that are up to date are left out."""


def for_reader(actor: Actor, scope: str, rows: Sequence[Row]) -> Sequence[Row]:
    """The rows as this session may see them."""
    if visibility.sees_all(actor.assurance):
        return rows
    return [_cut(scope, row) for row in rows]


def _cut(scope: str, row: Row) -> Row:
    entity, id, version, doc = row
    if doc is None:
        return row
    seen = visibility.for_code_only(scope, entity, msgspec.json.decode(doc))
    return (entity, id, version, None if seen is None else msgspec.json.encode(seen).decode())


async def register_replica(
    engine: Engine, actor: Actor, session: str, hello: Hello, now: datetime, *, borrowed: bool = False
) -> tuple[bool, bool]:
    """Makes sure the replica and the account's own scopes are known: (was it lately, must everything be sent anew).

    The second is so when an earlier session of this replica could see less, and when one that holds another seat's
    copy (`borrowed`) comes for the first time. Raises `AnotherSeats`.
    """
    async with engine.read() as tx:
        known = await _known(tx, actor, hello.replica, session, now)
    if known.is_fresh(actor, session, now):
        return True, False
    level = actor.assurance.text
    async with engine.write() as tx:
        await tx.execute(
            "INSERT INTO scope (name, version, holders_version, live, digest, horizon, store)"
            " VALUES ($1, 0, 0, 0, 0, 0, 'keep') ON CONFLICT (name) DO NOTHING",
            scopes.user(actor.account),
        )
        await tx.execute(
            "INSERT INTO replica (id, account_id, seat_id, session_id, last_n, assurance, created_at, seen_at)"
            " VALUES ($1, $2, $3, $4, 0, $5, $6, $6) ON CONFLICT (id) DO UPDATE SET"
            " session_id = excluded.session_id, assurance = excluded.assurance, seen_at = excluded.seen_at"
            " WHERE replica.seat_id = excluded.seat_id",
            hello.replica,
            actor.account,
            actor.seat,
            session,
            level,
            to_text(now),
        )
    if known.level is None:
        return False, borrowed
    return False, known.level != level and "code" in (known.level, level)


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of a replica before it is answered. `level` is None for a new one."""

    epoch: str
    last_n: int
    session: str | None
    level: str | None
    seen_at: str | None
    has_own_scope: bool

    def is_fresh(self, actor: Actor, session: str, now: datetime) -> bool:
        """True when nothing has to be written before it is answered: the same session, seen already today."""
        return (
            self.has_own_scope
            and self.session == session
            and self.level == actor.assurance.text
            and self.seen_at is not None
            and local_date(from_text(self.seen_at)) == local_date(now)
        )


async def _known(tx: Tx, actor: Actor, replica: str, session: str | None, now: datetime) -> _Known:
    """Raises `AnotherSeats`, and `SessionOver` when the session has ended or run out."""
    row = await tx.fetch_one(
        "SELECT m.value, r.last_n, r.session_id, r.assurance, r.seen_at, s.id, r.account_id, r.seat_id,"
        " t.ended_at, t.end_reason, t.absolute_until FROM meta m LEFT JOIN replica r ON r.id = $1"
        " LEFT JOIN scope s ON s.name = $2 LEFT JOIN session t ON t.id = $3 WHERE m.key = 'epoch'",
        replica,
        scopes.user(actor.account),
        session,
    )
    if row is None:
        await check_session(tx, session, now)
        return _Known("", 0, None, None, None, False)
    epoch, last_n, held_in, level, seen_at, own, account, seat, *of_session = row
    if session is not None:
        _check_session(of_session, now)
    if level is not None and (account, seat) != (actor.account, actor.seat):
        raise AnotherSeats
    return _Known(epoch, last_n or 0, held_in, level, seen_at, own is not None)


async def held_scopes(tx: Tx, actor: Actor, now: datetime, names: Sequence[str] | None = None) -> tuple[HeldScope, ...]:
    """The scopes this seat holds now (of `names` only, if given), in name order."""
    implied = [scopes.user(actor.account), scopes.PUBLIC]
    rows = await tx.fetch(
        "SELECT s.id, s.name, s.version, s.horizon, s.store, g.valid_until"
        " FROM grant_ g JOIN scope s ON s.id = g.scope_id WHERE g.seat_id = $1 AND g.valid_until > $2"
        " UNION ALL SELECT id, name, version, horizon, store, '9999-12-31T00:00:00.000Z' FROM scope"
        " WHERE name = any($3)",
        actor.seat,
        to_text(now),
        implied,
    )
    return tuple(
        HeldScope(id, intern(name), version, horizon, store, until, lease_until(name, now))
        for id, name, version, horizon, store, until in sorted(rows, key=lambda row: str(row[1]))
        if names is None or name in names
    )


def lease_until(scope: str, now: datetime) -> str | None:
    """When a device that does not ask again must hide the scope; None for the public one: never."""
    days = scopes.lease_days(scope)
    return None if days is None else to_text(now + timedelta(days=days))


async def rows_after(tx: Tx, since: Mapping[int, int]) -> dict[int, tuple[Row, ...]]:
    """{scope id: its rows after a version, in version order}; tombstones are left out where nothing is held yet (0)."""
    if not since:
        return {}
    ids, versions = list(since), list(since.values())
    found: dict[int, list[Row]] = {}
    if tx.dialect == "postgres":
        rows = await tx.fetch(
            "SELECT f.scope_id, f.entity, f.doc_id, f.version, f.doc FROM unnest($1::bigint[], $2::bigint[]) c (id, v)"
            " JOIN feed f ON f.scope_id = c.id AND f.version > c.v AND (c.v > 0 OR f.doc IS NOT NULL)"
            " ORDER BY f.scope_id, f.version",
            ids,
            versions,
        )
        for scope, *row in rows:
            found.setdefault(scope, []).append(tuple(row))
    else:
        for scope, version in since.items():
            rows = await tx.fetch(
                "SELECT entity, doc_id, version, doc FROM feed WHERE scope_id = $1 AND version > $2"
                + (" AND doc IS NOT NULL" if version == 0 else "")
                + " ORDER BY version",
                scope,
                version,
            )
            if rows:
                found[scope] = rows
    return {scope: tuple(rows) for scope, rows in found.items()}


async def welcome(
    engine: Engine,
    actor: Actor,
    hello: Hello,
    now: datetime,
    *,
    anew: bool = False,
    session: str | None = None,
    told: Mapping[str, str] | None = None,
) -> Welcome:
    """Everything a hello is answered with, from one snapshot. Raises `SessionOver`.

    `told` is what was answered before ({scope: store}): scopes that are new or moved since then start anew.
    """
    async with engine.read() as tx:
        known = await _known(tx, actor, hello.replica, session, now)
        return await _welcome(tx, actor, hello, now, known, anew=anew, told=told)


async def greet(engine: Engine, actor: Actor, session: str, hello: Hello, now: datetime) -> Welcome | None:
    """The welcome of a replica that was here already today; None when it has to be registered first.

    Raises `AnotherSeats` and `SessionOver`.
    """
    async with engine.read() as tx:
        known = await _known(tx, actor, hello.replica, session, now)
        if not known.is_fresh(actor, session, now):
            return None
        return await _welcome(tx, actor, hello, now, known)


async def _welcome(
    tx: Tx,
    actor: Actor,
    hello: Hello,
    now: datetime,
    known: _Known,
    *,
    anew: bool = False,
    told: Mapping[str, str] | None = None,
) -> Welcome:
    held = await held_scopes(tx, actor, now)
    start: dict[int, tuple[int, bool]] = {}
    for scope in held:
        cursor = hello.cursors.get(scope.name, 0)
        restored = bool(hello.cursors) and hello.epoch != known.epoch
        reset = scope.name in hello.cursors and (anew or restored or cursor > scope.version or cursor < scope.horizon)
        reset = reset or (told is not None and told.get(scope.name) != scope.store)
        start[scope.id] = (0 if reset else cursor, reset)
    lacking = {
        scope.id: start[scope.id][0] for scope in held if scope.version > start[scope.id][0] or start[scope.id][1]
    }
    rows = await rows_after(tx, lacking)
    parts = [
        Part(scope, start[scope.id][0], scope.version, start[scope.id][1], rows.get(scope.id, ()))
        for scope in held
        if scope.id in lacking
    ]
    parts.sort(key=lambda part: len(part.rows))
    return Welcome(known.epoch, known.last_n, to_text(now), held, tuple(parts))


async def check_session(tx: Tx, session: str | None, now: datetime) -> None:
    """In the snapshot of what is read for it. Raises `SessionOver` when the session has ended or run out."""
    if session is None:
        return
    row = await tx.fetch_one("SELECT ended_at, end_reason, absolute_until FROM session WHERE id = $1", session)
    _check_session(row or (None, None, None), now)


def _check_session(row: Sequence[str | None], now: datetime) -> None:
    ended_at, reason, until = row
    if until is None or ended_at is not None or until <= to_text(now):
        raise SessionOver("wipe" if reason == "wipe" else "signed_out")


async def lacking(
    engine: Engine, actor: Actor, since: Mapping[str, int], now: datetime, *, session: str | None = None
) -> tuple[Part, ...]:
    """What of these scopes ({name: version the reader has}) is new, for those the seat holds now.

    Raises `SessionOver`.
    """
    async with engine.read() as tx:
        await check_session(tx, session, now)
        held = await held_scopes(tx, actor, now, list(since))
        rows = await rows_after(
            tx, {scope.id: since[scope.name] for scope in held if scope.version > since[scope.name]}
        )
    return tuple(Part(scope, since[scope.name], scope.version, False, rows.get(scope.id, ())) for scope in held)


async def digests(
    engine: Engine, actor: Actor, names: Iterable[str], now: datetime, *, session: str | None = None
) -> dict[str, tuple[HeldScope, str]]:
    """{scope: (as held, digest)} for those of the names that the seat holds. Raises `SessionOver`."""
    async with engine.read() as tx:
        await check_session(tx, session, now)
        held = await held_scopes(tx, actor, now, list(names))
        sums = {
            id: digest.written(live, total)
            for id, live, total in await tx.fetch(
                "SELECT id, live, digest FROM scope WHERE id = any($1)", [scope.id for scope in held]
            )
        }
    return {scope.name: (scope, sums[scope.id]) for scope in held}
