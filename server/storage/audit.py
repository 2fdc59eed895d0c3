"""The audit chain: one per organisation, each row bound to the one before it by SHA-256.

A row is written in the transaction of the effect, so what happened and what is logged cannot differ. `verify` finds the
first row that was edited, removed, inserted or moved; a cut tail shows against the head.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from server.storage.change import AuditEntry
from server.storage.engine import Tx
from server.storage.lock import for_update

GENESIS = "0" * 64


def chained(previous: str, *fields: str | int) -> str:
    """The hash of a row: over the previous hash and the row's own fields in their written order."""
    text = json.dumps([previous, *fields], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


async def append(tx: Tx, entries: Sequence[AuditEntry], now: str) -> None:
    """Adds the entries to their organisations' chains, organisations in ascending order (lock order)."""
    for organisation in sorted({entry.organisation for entry in entries}):
        head = await tx.fetch_one(
            f"SELECT seq, hash FROM audit_head WHERE organisation_id = $1{for_update(tx)}", organisation
        )
        if head is None:
            await tx.execute(
                "INSERT INTO audit_head (organisation_id, seq, hash) VALUES ($1, 0, $2) ON CONFLICT DO NOTHING",
                organisation,
                GENESIS,
            )
            head = await tx.fetch_one(
                f"SELECT seq, hash FROM audit_head WHERE organisation_id = $1{for_update(tx)}", organisation
            )
            assert head is not None
        seq, previous = head
        rows: list[tuple[object, ...]] = []
        for entry in entries:
            if entry.organisation != organisation:
                continue
            seq += 1
            hashed = chained(
                previous, organisation, seq, now, entry.seat, entry.action, entry.subject, entry.outcome, entry.detail
            )
            rows.append(
                (
                    organisation,
                    seq,
                    now,
                    entry.seat,
                    entry.action,
                    entry.subject,
                    entry.outcome,
                    entry.detail,
                    previous,
                    hashed,
                )
            )
            previous = hashed
        await tx.execute_many(
            "INSERT INTO audit (organisation_id, seq, at, seat_id, action, subject, outcome, detail, previous, hash)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            rows,
        )
        await tx.execute(
            "UPDATE audit_head SET seq = $2, hash = $3 WHERE organisation_id = $1", organisation, seq, previous
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
