"""What a hub delivers: the changes of the scopes that were touched, with rows and holders from one snapshot."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from server.storage.engine import Tx
from server.sync import frames, pull
from server.sync.receipts import IMPLIED


@dataclass(frozen=True, slots=True)
class Change:
    id: int
    name: str
    version: int
    store: str
    rows: tuple[frames.Row, ...]
    since: int | None
    """The version the rows begin after; None when they were not read because nobody here was joined."""
    holders: dict[str, str] | None
    """{seat: valid until} when they changed; None when they are as before."""


async def read_changes(
    tx: Tx, ids: Collection[int], sent: Mapping[int, int], seats: Collection[str], now: str
) -> list[Change]:
    """The changes of these scopes in id order; `sent` is {scope: version that its holders here have}.

    Of the holders only those of `seats` are told.
    """
    rows = await tx.fetch(
        "SELECT id, name, version, holders_version, store FROM scope WHERE id = any($1) ORDER BY id", sorted(ids)
    )
    fresh = [row for row in rows if row[0] not in sent or row[2] > sent[row[0]]]
    found = await pull.rows_after(tx, {row[0]: sent[row[0]] for row in fresh if row[0] in sent})
    regrouped = [row[0] for row in fresh if row[3] > sent.get(row[0], -1)]
    holders: dict[int, dict[str, str]] = {id: {} for id in regrouped}
    if regrouped:
        for id, seat, until in await tx.fetch(
            "SELECT scope_id, seat_id, valid_until FROM grant_ WHERE scope_id = any($1) AND valid_until > $2",
            regrouped,
            now,
        ):
            if seat in seats:
                holders[id][seat] = until
    return [
        Change(
            id,
            name,
            version,
            store,
            found.get(id, ()),
            sent.get(id),
            None if name.startswith(IMPLIED) else holders.get(id),
        )
        for id, name, version, _, store in fresh
    ]


async def sessions_ended(tx: Tx, sessions: Collection[str]) -> dict[str, str]:
    """{session: reason of the goodbye} for those of these that are over."""
    if not sessions:
        return {}
    rows = await tx.fetch(
        "SELECT id, end_reason FROM session WHERE id = any($1) AND ended_at IS NOT NULL", sorted(sessions)
    )
    return {id: "wipe" if reason == "wipe" else "signed_out" for id, reason in rows}
