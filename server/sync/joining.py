"""When an invitation is redeemed: the person's place in the rows, in the same transaction, and with it their scopes.

A family member's relation gets its account; a newcomer becomes the colleague, or the lead of an area, they were invited
to be; an admin gets the units of their organisation.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from server.auth.invitations import Invitation
from server.auth.people import Seat
from server.domain.actors import SeatKind
from server.domain.instants import to_text
from server.errors import Refused
from server.features import circle, settings
from server.features.area import LeadRow
from server.features.around import Around
from server.features.newcomer import NewcomerRow
from server.features.organisation import AdminRow, with_admin
from server.features.person import StaffRow, UnitRow
from server.features.publish import publish
from server.features.rows import RelationRow
from server.features.shape import Moment, Row, Writes
from server.storage import commit
from server.storage.change import Change
from server.storage.engine import Tx
from server.storage.lock import create_aggregate, lock_aggregates, lock_users
from server.storage.read import aggregates_naming
from server.sync import load
from server.sync.house import House
from server.texts import DEFAULT_LANGUAGE

_Kept = tuple[Around, Sequence[Row], tuple[str, ...]]
"""(aggregate, rows to keep in it, ids that go)"""


class Joining:
    """Bound to the house whose features publish what has changed."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def on_redeemed(self, tx: Tx, invitation: Invitation, account: str, seat: str, now: datetime) -> None:
        """Raises `Refused("not_found")` when what the person was invited to is gone: the invitation is then unspent;
        `Refused("conflict")` when this account has joined the same child already.
        """
        match invitation.kind:
            case SeatKind.STAFF:
                await self._colleague(tx, invitation, account, seat, now)
            case SeatKind.LEAD:
                await self._lead(tx, invitation, account, seat, now)
            case SeatKind.ADMIN:
                await self._admin(tx, invitation, account, seat, now)
            case _:
                await self._family(tx, invitation, account, seat, now)

    async def _family(self, tx: Tx, invitation: Invitation, account: str, seat: str, now: datetime) -> None:
        if invitation.subject.relation is None:
            return
        around = await self._locked(tx, invitation.aggregate_id, now)
        row = around.get(RelationRow, invitation.subject.relation)
        if row.ended_at is not None or row.account is not None or row not in circle.family(around):
            raise Refused("not_found")
        if any(one.account == account and one.ended_at is None for one in around.all(RelationRow)):
            raise Refused("conflict")
        joined = msgspec.structs.replace(row, account=account, seat=seat, joined_at=to_text(now))
        await self._keep(tx, [(around, (joined,), ()), *await self._language(tx, invitation, account, now)], now)

    async def _colleague(self, tx: Tx, invitation: Invitation, account: str, seat: str, now: datetime) -> None:
        around = await self._locked(tx, invitation.subject.unit or invitation.aggregate_id, now)
        unit = around.first(UnitRow)
        if unit is None:
            raise Refused("not_found")
        person = self._newcomer(around, invitation)
        name = invitation.subject.name
        known = next((row for row in around.all(StaffRow) if row.id == seat), None)
        row = msgspec.structs.replace(
            known or StaffRow(id=seat, owner_unit=unit.id, account=account, name=name, title=""),
            name=name,
            title=person.title if person else "",
            functions=person.functions if person else (),
            phone=person.phone if person else None,
            ended_at=None,
        )
        rows: list[Row] = [row]
        if person is not None and person.leads and seat not in unit.leads:
            rows.append(msgspec.structs.replace(unit, leads=(*unit.leads, seat)))
        await self._keep(tx, [(around, rows, _ids(person)), *await self._language(tx, invitation, account, now)], now)

    async def _lead(self, tx: Tx, invitation: Invitation, account: str, seat: str, now: datetime) -> None:
        area, home = invitation.subject.area or "", invitation.aggregate_id
        arounds = await self._load(tx, sorted({area, home}), now)
        if area not in arounds or home not in arounds:
            raise Refused("not_found")
        row = LeadRow(id=seat, owner_unit="", area=area, account=account, name=invitation.subject.name)
        changes: list[_Kept] = [(arounds[area], (row,), ())]
        if home != area:
            changes.append((arounds[home], (), _ids(self._newcomer(arounds[home], invitation))))
        await self._keep(tx, [*changes, *await self._language(tx, invitation, account, now)], now)

    async def _admin(self, tx: Tx, invitation: Invitation, account: str, seat: str, now: datetime) -> None:
        organisation = invitation.subject.organisation or invitation.aggregate_id
        await create_aggregate(tx, organisation, kind="organisation", owner_unit=organisation, now=to_text(now))
        named = await aggregates_naming(tx, organisation, ("unit",))
        arounds = await self._load(tx, [organisation, *named], now)
        row = AdminRow(id=seat, owner_unit=organisation, account=account, name=invitation.subject.name)
        changes: list[_Kept] = [(arounds.pop(organisation), (row,), ())]
        for one in arounds.values():
            unit = one.first(UnitRow)
            if unit is not None and unit.organisation == organisation:
                changes.append((one, (with_admin(unit, seat),), ()))
        await self._keep(tx, [*changes, *await self._language(tx, invitation, account, now)], now)

    async def _language(self, tx: Tx, invitation: Invitation, account: str, now: datetime) -> list[_Kept]:
        """The language of the invitation as the account's setting. Accounts are locked after all else."""
        if invitation.subject.language == DEFAULT_LANGUAGE:
            return []
        locked = await lock_users(tx, [account], to_text(now))
        around = (await load.around(tx, self._house.registry, locked, now))[account]
        rows = settings.invited_in(around, invitation.subject.language, Moment(now, f"{account}/language"))
        return [(around, rows, ())] if rows else []

    @staticmethod
    def _newcomer(around: Around, invitation: Invitation) -> NewcomerRow | None:
        """Who was expected; None for an invitation from the command line, which names nobody in the rows."""
        if invitation.subject.relation is None:
            return None
        return around.get(NewcomerRow, invitation.subject.relation)

    async def _load(self, tx: Tx, ids: Sequence[str], now: datetime) -> dict[str, Around]:
        locked = await lock_aggregates(tx, ids)
        return await load.around(tx, self._house.registry, locked, now)

    async def _locked(self, tx: Tx, id: str, now: datetime) -> Around:
        around = (await self._load(tx, [id], now)).get(id)
        if around is None:
            raise Refused("not_found")
        return around

    async def _keep(self, tx: Tx, changes: Sequence[_Kept], now: datetime) -> None:
        """Keeps (aggregate, its rows, ids that go), and publishes each aggregate anew."""
        registry = self._house.registry
        put = tuple(load.encoded(row, around.id) for around, rows, _ in changes for row in rows)
        gone = tuple(id for _, _, ids in changes for id in ids)
        published = {}
        for around, rows, ids in changes:
            after = await load.with_named(tx, registry, around.after(Writes(remove=ids), ()), rows)
            published[around.id] = publish(registry, after)
        await commit.apply(tx, Change(put=put, remove=gone, published=published), to_text(now))

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
        """The unit of a post, what the children are called, or the area that is led; empty for what has none."""
        for place in (seat.unit, seat.area):
            if place:
                record = await tx.fetch_value("SELECT body FROM record WHERE id = $1", place)
                return str(msgspec.json.decode(record)["name"]) if record else ""
        rows = await tx.fetch(
            "SELECT f.doc FROM grant_ g JOIN feed f ON f.scope_id = g.scope_id"
            " WHERE g.seat_id = $1 AND f.entity = 'child' AND f.doc IS NOT NULL ORDER BY f.doc_id",
            seat.id,
        )
        return ", ".join(str(msgspec.json.decode(doc).get("display_name", "")) for (doc,) in rows)


def _ids(person: NewcomerRow | None) -> tuple[str, ...]:
    return (person.id,) if person else ()
