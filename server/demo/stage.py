"""Stage: how the demonstration makes accounts and lets people act, without devices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import msgspec

from server.auth.effects import subject_of
from server.auth.invitations import create_invitation
from server.auth.people import create_account, create_seat, live_seats, load_actor
from server.demo.clock import SetClock
from server.domain.actors import Actor, Assurance, SeatKind
from server.domain.instants import from_text, to_text
from server.features.publish import publish
from server.features.rows import RelationRow
from server.features.shape import Command, Row
from server.ids import derived_id
from server.storage import commit
from server.storage.change import AuditEntry, Change
from server.storage.engine import Tx
from server.storage.lock import lock_aggregates
from server.sync import load, push
from server.sync.house import House
from server.sync.keep import keep_rows

FOUNDED = AuditEntry("demo", "demo", "demo.build", "", "applied")


@dataclass(frozen=True, slots=True)
class Person:
    """An account with one seat, able to act."""

    account: str
    seat: str
    name: str
    actor: Actor


@dataclass(frozen=True, slots=True)
class NewSeat:
    """A seat to be made, with a new account unless one is given."""

    name: str
    unit: str | None = None
    area: str | None = None
    organisation: str | None = None
    functions: tuple[str, ...] = ()
    account: str | None = None


class Stage:
    """Bound to a house whose clock the demonstration holds."""

    def __init__(self, house: House, start: datetime) -> None:
        self.clock = SetClock(start)
        self.house = replace(house, clock=self.clock, wake=lambda: None)
        self._made = 0

    def without_cards(self) -> None:
        """Invitations are made without the printed card: nobody is there to hand it to, and it takes long to draw."""
        self.house = replace(self.house, effects={**self.house.effects, "invitation.create": _invite})

    def new_id(self) -> str:
        """Ids in the order of making, of the instant on the stage."""
        self._made += 1
        return derived_id(self.clock.now(), "demo", self._made)

    async def keep(self, rows: Mapping[str, Sequence[Row]]) -> None:
        """Keeps rows that no command makes (areas, units)."""
        async with self.house.engine.write() as tx:
            await keep_rows(self.house, tx, rows, FOUNDED)

    async def account(self, name: str, language: str = "sv") -> str:
        """A new account."""
        id = self.new_id()
        async with self.house.engine.write() as tx:
            await create_account(tx, id, name, language, self.clock.now())
        return id

    async def seat(
        self,
        account: str,
        kind: SeatKind,
        *,
        unit: str | None = None,
        area: str | None = None,
        organisation: str | None = None,
    ) -> str:
        """One more capacity of an account."""
        async with self.house.engine.write() as tx:
            return await create_seat(
                tx, account, kind, self.clock.now(), unit=unit, area=area, organisation=organisation
            )

    async def seats(self, kind: SeatKind, wanted: Sequence[NewSeat]) -> list[Person]:
        """Several people at once."""
        now = self.clock.now()
        made: list[Person] = []
        async with self.house.engine.write() as tx:
            for one in wanted:
                account = one.account or self.new_id()
                if one.account is None:
                    await create_account(tx, account, one.name, "sv", now)
                at = (one.unit, one.area, one.organisation)
                seat = await create_seat(tx, account, kind, now, unit=at[0], area=at[1], organisation=at[2])
                actor = Actor(seat, account, kind, *at, Assurance.EID, one.name, frozenset(one.functions))
                made.append(Person(account, seat, one.name, actor))
        return made

    async def person(self, account: str, seat: str) -> Person:
        """Somebody who can act, signed in with e-ID."""
        async with self.house.engine.read() as tx:
            actor = await load_actor(tx, account, seat, Assurance.EID)
        assert actor is not None
        return Person(account, seat, actor.name, actor)

    async def act(self, who: Person, name: str, /, **args: Any) -> Mapping[str, Any]:
        """The command as that person's device would send it, at the instant on the stage."""
        command: Command = self.house.registry.commands[name].model_validate_json(msgspec.json.encode(args))
        return await push.act(self.house, command, self.new_id(), who.actor)

    async def join(self, child: str, relation: str, account: str, kind: SeatKind, *, verified: bool = True) -> Person:
        """The invitation was redeemed: the relation gets its account, and (unless told otherwise) was verified.

        A guardian has one seat for all their children.
        """
        async with self.house.engine.write() as tx:
            held = [one.id for one in await live_seats(tx, account) if one.kind is kind is SeatKind.GUARDIAN]
            seat = held[0] if held else await create_seat(tx, account, kind, self.clock.now())
            await self._joined(tx, child, relation, account, seat, verified)
        return await self.person(account, seat)

    async def newcomer(
        self, child: str, relation: str, kind: SeatKind, name: str, language: str, *, verified: bool = True
    ) -> Person:
        """The same for somebody who had no account before."""
        account, now = self.new_id(), self.clock.now()
        async with self.house.engine.write() as tx:
            await create_account(tx, account, name, language, now)
            seat = await create_seat(tx, account, kind, now)
            await self._joined(tx, child, relation, account, seat, verified)
        return Person(
            account, seat, name, Actor(seat, account, kind, assurance=Assurance.EID, name=name, lang=language)
        )

    async def _joined(self, tx: Tx, child: str, relation: str, account: str, seat: str, verified: bool) -> None:
        now = self.clock.now()
        at = to_text(now)
        locked = await lock_aggregates(tx, [child])
        around = (await load.around(tx, self.house.registry, locked, now))[child]
        joined = msgspec.structs.replace(
            around.get(RelationRow, relation),
            account=account,
            seat=seat,
            joined_at=at,
            verified_at=at if verified else None,
        )
        after = await load.with_named(tx, self.house.registry, around, [joined])
        published = {child: publish(self.house.registry, after)}
        await commit.apply(tx, Change(put=(load.encoded(joined, child),), published=published), at)
        await tx.execute(
            "UPDATE invitation SET used_at = $1, used_by = $2"
            " WHERE aggregate_id = $3 AND subject LIKE $4 AND used_at IS NULL",
            at,
            account,
            child,
            f"%{relation}%",
        )


async def _invite(tx: Tx, actor: Actor, args: Mapping[str, Any], now: str) -> None:
    await create_invitation(
        tx,
        kind=SeatKind(args["kind"]),
        aggregate_id=args["aggregate"],
        subject=subject_of(args),
        created_by=actor.seat,
        now=from_text(now),
    )
