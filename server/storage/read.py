"""Reading rows: one aggregate at once, and the rows of others that it names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from server.storage.change import StoredRecord
from server.storage.engine import Asked, Tx

_COLUMNS = "id, entity, aggregate_id, owner_unit, body"


async def records_of(tx: Tx, aggregates: Sequence[str]) -> list[StoredRecord]:
    """All rows of these aggregates, in id order."""
    sql, args = records_asked(aggregates, ())
    return sorted((StoredRecord(*row) for row in await tx.fetch(sql, *args)), key=lambda record: record.id)


def records_asked(aggregates: Sequence[str], ids: Sequence[str]) -> Asked:
    """Asks for all rows of these aggregates, and for the rows with these ids: the fields of `StoredRecord`."""
    return (
        f"SELECT {_COLUMNS} FROM record WHERE aggregate_id = any($1) OR id = any($2)",
        [list(aggregates), list(ids)],
    )


async def records(tx: Tx, ids: Iterable[str]) -> list[StoredRecord]:
    """The rows with these ids, in id order, and with each unit those who lead it; unknown ids are left out."""
    wanted = sorted(set(ids))
    if not wanted:
        return []
    leads = (
        "SELECT jsonb_array_elements_text(u.body::jsonb -> 'leads') FROM asked u"
        if tx.dialect == "postgres"
        else "SELECT l.value FROM asked u, json_each(u.body, '$.leads') l"
    )
    # Two halves, each found by id: with OR PostgreSQL would go through the whole table.
    rows = await tx.fetch(
        f"WITH asked AS (SELECT {_COLUMNS} FROM record WHERE id = any($1))"
        f" SELECT {_COLUMNS} FROM asked UNION"
        f" SELECT {_COLUMNS} FROM record WHERE id IN ({leads} WHERE u.entity = 'unit') ORDER BY 1",
        wanted,
    )
    return [StoredRecord(*row) for row in rows]


async def aggregates_of_seats(tx: Tx, seats: Sequence[str], kind: str) -> list[str]:
    """Aggregates of this kind in which these seats hold a scope."""
    rows = await tx.fetch(
        "SELECT DISTINCT a.id FROM grant_ g JOIN aggregate a ON a.id = g.aggregate_id"
        " WHERE g.seat_id = any($1) AND a.kind = $2 ORDER BY a.id",
        list(seats),
        kind,
    )
    return [id for (id,) in rows]


async def aggregates_naming(tx: Tx, seat: str, entities: Sequence[str]) -> list[str]:
    """Aggregates that have a row of these entities naming the seat anywhere in it, in id order."""
    rows = await tx.fetch(
        "SELECT DISTINCT aggregate_id FROM record WHERE entity = any($1) AND body LIKE $2 ORDER BY aggregate_id",
        list(entities),
        f'%"{seat}"%',
    )
    return [id for (id,) in rows]


async def rows_of_area(tx: Tx, area: str, entities: Sequence[str]) -> list[str]:
    """Ids of the rows of these entities that the area's units own."""
    of_area = "u.body::jsonb ->> 'area'" if tx.dialect == "postgres" else "json_extract(u.body, '$.area')"
    rows = await tx.fetch(
        "SELECT r.id FROM record r JOIN record u ON u.id = r.owner_unit"
        f" WHERE u.entity = 'unit' AND {of_area} = $1 AND r.entity = any($2) ORDER BY r.id",
        area,
        list(entities),
    )
    return [id for (id,) in rows]


async def bodies_of_area(tx: Tx, area: str, entities: Sequence[str]) -> list[tuple[str, str]]:
    """(entity, body) of the rows of these entities that stand in the area's units, in id order."""
    of_area = "body::jsonb ->> 'area'" if tx.dialect == "postgres" else "json_extract(body, '$.area')"
    units = await tx.fetch(f"SELECT id FROM record WHERE entity = 'unit' AND {of_area} = $1", area)
    return await tx.fetch(
        "SELECT entity, body FROM record WHERE aggregate_id = any($1) AND entity = any($2) ORDER BY id",
        [id for (id,) in units],
        list(entities),
    )


async def visible_aggregate(tx: Tx, seat: str, implied: Sequence[str], entity: str, doc: str, now: str) -> str | None:
    """The aggregate of a document that this seat can see now (see `seen_in`).

    None is the same answer for what does not exist and for what is not this seat's to see.
    """
    found = await seen_in(tx, seat, implied, entity, doc, now)
    return found[0][0] if found else None


async def seen_in(
    tx: Tx, seat: str, implied: Sequence[str], entity: str, doc: str, now: str
) -> list[tuple[str, str, str]]:
    """(aggregate, scope, JSON text) wherever this seat can see a document now: no tombstone, in a scope it holds.

    `implied` are the scopes every seat of the account holds (`user:U`, `region:public`).
    """
    rows = await tx.fetch(
        "SELECT f.aggregate_id, s.name, f.doc FROM feed f JOIN scope s ON s.id = f.scope_id"
        " LEFT JOIN grant_ g ON g.scope_id = f.scope_id AND g.seat_id = $1 AND g.valid_until > $2"
        " WHERE f.doc_id = $3 AND f.entity = $4 AND f.doc IS NOT NULL AND (g.seat_id IS NOT NULL OR s.name = any($5))",
        seat,
        now,
        doc,
        entity,
        list(implied),
    )
    return [(str(aggregate), str(scope), str(document)) for aggregate, scope, document in rows]


def visible(seat: str, implied: Sequence[str], documents: Sequence[tuple[str, str]], now: str) -> Asked:
    """Asks which (id, entity) of these this seat can see now (see `seen_in`); may tell of others besides.

    Rows as those of `records_asked`, the rest of them NULL.
    """
    return (
        "SELECT f.doc_id, f.entity, NULL, NULL, NULL FROM feed f JOIN scope s ON s.id = f.scope_id"
        " LEFT JOIN grant_ g ON g.scope_id = f.scope_id AND g.seat_id = $1 AND g.valid_until > $2"
        " WHERE f.doc_id = any($3) AND f.entity = any($4) AND f.doc IS NOT NULL"
        " AND (g.seat_id IS NOT NULL OR s.name = any($5))",
        [seat, now, [id for id, _ in documents], [entity for _, entity in documents], list(implied)],
    )


async def visible_homes(
    tx: Tx, seat: str, implied: Sequence[str], entities: Sequence[str], now: str, naming: Sequence[str] = ()
) -> list[str]:
    """The aggregates of all documents of these entities that this seat can see now (see `seen_in`).

    Of the entities in `naming` only the documents that name the seat.
    """
    rows = await tx.fetch(
        "SELECT DISTINCT f.aggregate_id FROM feed f JOIN scope s ON s.id = f.scope_id"
        " LEFT JOIN grant_ g ON g.scope_id = f.scope_id AND g.seat_id = $1 AND g.valid_until > $2"
        " WHERE f.entity = any($3) AND f.doc IS NOT NULL AND (g.seat_id IS NOT NULL OR s.name = any($4))"
        " AND (f.entity <> all($5) OR f.doc LIKE $6) ORDER BY f.aggregate_id",
        seat,
        now,
        list(entities),
        list(implied),
        list(naming),
        f'%"{seat}"%',
    )
    return [id for (id,) in rows]


async def visible_documents(tx: Tx, seat: str, entity: str, now: str) -> list[str]:
    """All documents of an entity (JSON text) in scopes that this seat holds now."""
    rows = await tx.fetch(
        "SELECT f.doc FROM grant_ g JOIN feed f ON f.scope_id = g.scope_id"
        " WHERE g.seat_id = $1 AND g.valid_until > $2 AND f.entity = $3 AND f.doc IS NOT NULL",
        seat,
        now,
        entity,
    )
    return [doc for (doc,) in rows]
