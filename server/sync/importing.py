"""`POST /import/{kind}`: an admin's list as a file, read and looked through; nothing of it is in the house yet.

What could be kept waits with the organisation for an hour, under the id that `import.keep` names.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, get_args

import msgspec
from litestar import Request, Response, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from server.domain.actors import Actor
from server.domain.instants import to_text
from server.errors import Refused
from server.features import words
from server.features.import_columns import Kind
from server.features.import_csv import Known, Preview, read
from server.features.importing import ImportRow, Keep, keys
from server.features.person import AreaRow, UnitRow
from server.ids import new_id
from server.storage import commit
from server.storage.change import AuditEntry, Change
from server.storage.engine import Tx
from server.storage.lock import lock_aggregates
from server.storage.read import aggregates_naming
from server.sync import load
from server.sync.house import House
from server.sync.keep import keep_rows
from server.sync.routes import SyncEdge

MAX_BYTES = 2 << 20
SHOWN = 10
"""How many of the rows that can be kept are shown as examples."""
_ASIDE = ThreadPoolExecutor(1, thread_name_prefix="import")
"""Not the loop's own threads: a name server that does not answer holds those."""
KINDS: frozenset[str] = frozenset(get_args(Kind))


def import_routes(edge: SyncEdge) -> list[HTTPRouteHandler]:
    """The handler, bound to this house."""

    @post("/import/{kind:str}", status_code=200)
    async def import_preview(request: Request[Any, Any, Any], kind: FromPath[str]) -> Response[bytes]:
        found, _ = await edge.who(request.headers.get("cookie", ""))
        if found is None or found.ended is not None:
            raise Refused("not_signed_in")
        # Whoever may not keep a list is shown none.
        if found.actor.kind not in Keep.rule.seats or not found.actor.organisation:
            raise Refused("not_allowed")
        if found.actor.assurance < Keep.rule.assurance:
            raise Refused("assurance_required")
        if kind not in KINDS:
            raise Refused("not_found")
        data = await request.body()
        if len(data) > MAX_BYTES:
            raise Refused("invalid", fields={"file": "too_long"})
        shown = await preview(edge.house, found.actor, kind, data)  # type: ignore[arg-type]
        return Response(
            msgspec.json.encode(shown), media_type="application/json", headers={"cache-control": "no-store"}
        )

    return [import_preview]


async def preview(house: House, actor: Actor, kind: Kind, data: bytes) -> dict[str, Any]:
    """What the file says, as the admin is shown it; `id` is what to say yes to, None when there is nothing to keep."""
    async with house.engine.read() as tx:
        known = await _known(house, tx, actor)
    read_ = await asyncio.get_running_loop().run_in_executor(_ASIDE, read, kind, data, known)
    id = None
    if read_.rows and not read_.refused:
        id = await _wait(house, actor, kind, read_)
    return {
        "id": id,
        "kind": kind,
        "encoding": read_.encoding,
        "heading": read_.heading,
        "columns": read_.columns,
        "unused": read_.unused,
        "refused": read_.refused,
        "kept": len(read_.rows),
        "rows": [{"line": one.line, "cells": one.cells} for one in read_.rows[:SHOWN]],
        "left_out": [{"line": one.line, "cells": one.cells} for one in read_.left_out],
        "problems": read_.problems,
    }


async def _wait(house: House, actor: Actor, kind: Kind, read_: Preview) -> str:
    """Keeps what could be kept, in place of what this admin looked at before."""
    now = house.clock.now()
    organisation = actor.organisation or ""
    row = ImportRow(
        id=new_id(now),
        owner_unit=organisation,
        kind=kind,
        rows=tuple(dict(one.values) for one in read_.rows),
        made_at=to_text(now),
        made_by=actor.seat,
    )
    async with house.engine.write() as tx:
        locked = await lock_aggregates(tx, [organisation])
        around = (await load.around(tx, house.registry, locked, now)).get(organisation)
        before = [one.id for one in around.all(ImportRow) if one.made_by == actor.seat] if around else []
        await commit.apply(tx, Change(remove=tuple(before)), to_text(now))
        why = AuditEntry(organisation, actor.seat, "import.preview", organisation, "applied", f"{kind} {len(row.rows)}")
        await keep_rows(house, tx, {organisation: [row]}, why)
    return row.id


async def _known(house: House, tx: Tx, actor: Actor) -> Known:
    """Units the admin has, areas, and what stands in the units already."""
    ids = await aggregates_naming(tx, actor.seat, ("unit",))
    homes = {
        id: (kind, owner)
        for id, kind, owner in await tx.fetch("SELECT id, kind, owner_unit FROM aggregate WHERE id = any($1)", ids)
    }
    arounds = await load.around(tx, house.registry, homes, house.clock.now())
    units = {id: row for id, one in arounds.items() if (row := one.first(UnitRow)) and actor.seat in row.admins}
    areas = [
        msgspec.json.decode(body, type=AreaRow)
        for (body,) in await tx.fetch("SELECT body FROM record WHERE entity = 'area'")
    ]
    return Known(
        units=_unit_names(units),
        areas={name.casefold(): one.id for one in areas for name in (one.slug, one.name)},
        kinds=words.spellings(words.KINDS),
        functions=words.spellings(words.FUNCTIONS),
        there=frozenset(key for id in units for key in keys(arounds[id])),
    )


def _unit_names(units: Mapping[str, UnitRow]) -> dict[str, str]:
    """Each unit by name, and by name and town; a name that two units share only with its town."""
    named: dict[str, list[str]] = {}
    for id, row in units.items():
        named.setdefault(row.name.casefold(), []).append(id)
    found = {name: ids[0] for name, ids in named.items() if len(ids) == 1}
    return found | {f"{row.name}, {row.town}".casefold(): id for id, row in units.items()}
