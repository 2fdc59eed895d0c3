"""When an invitation is redeemed: the relation in the child's aggregate gets its account, and with it its own scope."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from server.auth.invitations import Invitation
from server.auth.people import Seat
from server.domain.instants import to_text
from server.errors import Refused
from server.features.publish import publish
from server.features.rows import RelationRow
from server.storage import commit
from server.storage.change import Change
from server.storage.engine import Tx
from server.storage.lock import lock_aggregates
from server.sync import load
from server.sync.house import House


class Joining:
    """Bound to the house whose features publish the child anew."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def on_redeemed(self, tx: Tx, invitation: Invitation, account: str, seat: str, now: datetime) -> None:
        """Raises `Refused("not_found")` when the relation has ended meanwhile: the invitation is then unspent."""
        if invitation.subject.relation is None:
            return
        locked = await lock_aggregates(tx, [invitation.aggregate_id])
        around = (await load.around(tx, self._house.registry, locked, now)).get(invitation.aggregate_id)
        row = around.get(RelationRow, invitation.subject.relation) if around else None
        if around is None or row is None or row.ended_at is not None or row.account is not None:
            raise Refused("not_found")
        joined = msgspec.structs.replace(row, account=account, seat=seat, joined_at=to_text(now))
        after = await load.with_named(tx, self._house.registry, around, [joined])
        change = Change(
            put=(load.encoded(joined, around.id),), published={around.id: publish(self._house.registry, after)}
        )
        await commit.apply(tx, change, to_text(now))

    async def is_verified(self, tx: Tx, seat: str) -> bool:
        """True when staff has checked, in person, who holds this seat."""
        for (body,) in await tx.fetch(
            "SELECT r.body FROM record r JOIN grant_ g ON g.aggregate_id = r.aggregate_id"
            " WHERE g.seat_id = $1 AND r.entity = 'relation'",
            seat,
        ):
            row: dict[str, Any] = msgspec.json.decode(body)
            if row.get("seat") == seat and row.get("verified_at"):
                return True
        return False

    async def seat_label(self, tx: Tx, seat: Seat) -> str:
        """The unit of a post, the name a child is called, or the area that is led; empty for what has none."""
        for place in (seat.unit, seat.area):
            if place:
                record = await tx.fetch_value("SELECT body FROM record WHERE id = $1", place)
                return str(msgspec.json.decode(record)["name"]) if record else ""
        body = await tx.fetch_value(
            "SELECT f.doc FROM grant_ g JOIN feed f ON f.scope_id = g.scope_id"
            " WHERE g.seat_id = $1 AND f.entity = 'child' AND f.doc IS NOT NULL LIMIT 1",
            seat.id,
        )
        return str(msgspec.json.decode(body).get("display_name", "")) if body else ""
