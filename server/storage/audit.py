"""The audit chain: one per organisation, each row bound to the one before it by SHA-256.

A row is written in the transaction of the effect, so what happened and what is logged cannot differ. `verify` finds the
first row that was edited, removed, inserted or moved; a cut tail shows against the head.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from server.storage.change import AuditEntry
from server.storage.engine import Asked, Tx, columns
from server.storage.lock import for_update

GENESIS = "0" * 64


def chained(previous: str, *fields: str | int) -> str:
    """The hash of a row: over the previous hash and the row's own fields in their written order."""
    text = json.dumps([previous, *fields], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def heads_of(tx: Tx, organisations: Iterable[str]) -> Asked:
    """Locks the heads of these chains in ascending order; gives (organisation, number, hash) of each that has begun."""
    return (
        "SELECT organisation_id, seq, hash FROM audit_head WHERE organisation_id = any($1)"
        f" ORDER BY organisation_id{for_update(tx)}",
        [sorted(set(organisations))],
    )


async def lock_heads(
    tx: Tx, organisations: Iterable[str], known: Iterable[Sequence[Any]] = ()
) -> dict[str, tuple[int, str]]:
    """{organisation: (number, hash) of its newest row}, locked; `known` are those that `heads_of` has locked."""
    wanted = set(organisations)
    heads = {organisation: (seq, hashed) for organisation, seq, hashed in known}
    if wanted - heads.keys():
        await tx.later(
            "INSERT INTO audit_head (organisation_id, seq, hash) SELECT r.id, 0, $2 FROM unnest($1::text[]) r (id)"
            " WHERE true ON CONFLICT DO NOTHING",
            sorted(wanted - heads.keys()),
            GENESIS,
        )
        sql, args = heads_of(tx, wanted)
        heads = {organisation: (seq, hashed) for organisation, seq, hashed in await tx.fetch(sql, *args)}
    return heads


async def append(
    tx: Tx, entries: Sequence[AuditEntry], now: str, heads: Mapping[str, tuple[int, str]] | None = None
) -> None:
    """Adds the entries to their organisations' chains; `heads` are those of `lock_heads`, if it was asked before."""
    if not entries:
        return
    if heads is None:
        organisations = {entry.organisation for entry in entries}
        sql, args = heads_of(tx, organisations)
        heads = await lock_heads(tx, organisations, await tx.fetch(sql, *args))
    heads = dict(heads)
    rows: list[tuple[object, ...]] = []
    for entry in entries:
        seq, previous = heads[entry.organisation]
        fields = (now, entry.seat, entry.action, entry.subject, entry.outcome, entry.detail)
        hashed = chained(previous, entry.organisation, seq + 1, *fields)
        rows.append((entry.organisation, seq + 1, *fields, previous, hashed))
        heads[entry.organisation] = (seq + 1, hashed)
    await tx.later(
        "INSERT INTO audit (organisation_id, seq, at, seat_id, action, subject, outcome, detail, previous, hash)"
        " SELECT r.organisation, r.seq, r.at, r.seat, r.action, r.subject, r.outcome, r.detail, r.previous, r.hash"
        " FROM unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],"
        " $9::text[], $10::text[]) r (organisation, seq, at, seat, action, subject, outcome, detail, previous, hash)",
        *columns(rows),
    )
    changed = sorted({entry.organisation for entry in entries})
    await tx.later(
        "UPDATE audit_head SET seq = r.seq, hash = r.hash FROM unnest($1::text[], $2::bigint[], $3::text[])"
        " r (organisation, seq, hash) WHERE audit_head.organisation_id = r.organisation",
        *columns((organisation, *heads[organisation]) for organisation in changed),
    )


async def verify(tx: Tx) -> list[str]:
    """Problems found, each naming organisation and row; an empty list means every chain is whole."""
    problems: list[str] = []
    heads = {
        org: (seq, hashed) for org, seq, hashed in await tx.fetch("SELECT organisation_id, seq, hash FROM audit_head")
    }
    at: dict[str, tuple[int, str]] = {}
    broken: set[str] = set()
    for row in await tx.fetch(
        "SELECT organisation_id, seq, at, seat_id, action, subject, outcome, detail, previous, hash"
        " FROM audit ORDER BY organisation_id, seq"
    ):
        organisation, seq, previous, hashed = row[0], row[1], row[8], row[9]
        if organisation in broken:
            continue
        last_seq, last_hash = at.get(organisation, (0, GENESIS))
        if seq != last_seq + 1 or previous != last_hash or chained(previous, *row[:8]) != hashed:
            problems.append(f"{organisation}: row {seq} does not follow row {last_seq}")
            broken.add(organisation)
        at[organisation] = (seq, hashed)
    problems.extend(
        f"{organisation}: the chain ends at row {at.get(organisation, (0, ''))[0]}, not at its head"
        for organisation in sorted(set(heads) | set(at))
        if organisation not in broken and heads.get(organisation) != at.get(organisation, (0, GENESIS))
    )
    return problems
