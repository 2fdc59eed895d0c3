"""Push health: whether a push reaches a device, as its owner sees it among their devices."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import Final

from server.domain.instants import from_text, local_date, to_text
from server.errors import Refused
from server.ids import new_id
from server.storage.engine import Tx
from server.sync import push
from server.sync.house import House

AT_MOST: Final = 200
_OF = (
    "SELECT p.session_id, t.account_id, t.seat_id, t.label, p.dead_at, p.confirmed_at, p.last_ok_at"
    " FROM push_subscription p JOIN session t ON t.id = p.session_id WHERE p.id = $1 AND t.ended_at IS NULL"
)


def state_of(dead_at: str | None, confirmed_at: str | None) -> str:
    """`pending` until the device has answered, `ok` after it, `dead` when its service no longer knows it."""
    if dead_at is not None:
        return "dead"
    return "ok" if confirmed_at is not None else "pending"


async def note(house: House, subscription: str, *, unanswered_since: str | None = None) -> None:
    """Shows the owner how this subscription does. Nothing for a device whose session has ended.

    `unanswered_since`: the instant (text) of a push that its service took and the device has not shown.
    """
    async with house.engine.read() as tx:
        row = await tx.fetch_one(_OF, subscription)
    if row is None:
        return
    session, account, seat, label, dead_at, confirmed_at, ok_at = row
    if unanswered_since is not None and ok_at is not None and ok_at > unanswered_since:
        return
    more = {"confirmed_on": _day(ok_at or confirmed_at), "unanswered_since": _day(unanswered_since)}
    await _seen(house, account, session, seat, label, state_of(dead_at, confirmed_at), **more)


def _day(at: str | None) -> str | None:
    return None if at is None else local_date(from_text(at)).isoformat()


async def note_lost(house: House, now: datetime) -> int:
    """Devices that were taken for reachable and have no subscription any more, and devices whose session ended."""
    async with house.engine.read() as tx:
        lost = await tx.fetch(
            "SELECT t.id, t.account_id, t.seat_id, t.label FROM record r JOIN session t ON t.id = r.id"
            " LEFT JOIN push_subscription p ON p.session_id = t.id WHERE r.entity = 'device' AND t.ended_at IS NULL"
            ' AND p.id IS NULL AND (r.body LIKE \'%"push":"ok"%\' OR r.body LIKE \'%"push":"pending"%\''
            ' OR r.body LIKE \'%"push":"dead"%\') ORDER BY t.id LIMIT $1',
            AT_MOST,
        )
        gone = await _ended_devices(tx, now)
    for session, account, seat, label in lost:
        await _seen(house, account, session, seat, label, "none")
    for session, account in gone:
        command = house.registry.commands["device.gone"].model_validate({"account": account, "session": session})
        with suppress(Refused):
            await push.act(house, command, new_id(now))
    return len(lost) + len(gone)


async def _ended_devices(tx: Tx, now: datetime) -> list[tuple[str, str]]:
    rows = await tx.fetch(
        "SELECT r.id, r.aggregate_id FROM record r JOIN session t ON t.id = r.id"
        " WHERE r.entity = 'device' AND t.ended_at IS NOT NULL AND t.ended_at <= $1 ORDER BY r.id LIMIT $2",
        to_text(now),
        AT_MOST,
    )
    return [(id, account) for id, account in rows]


async def _seen(
    house: House, account: str, session: str, seat: str, label: str, state: str, **more: str | None
) -> None:
    args = {"account": account, "session": session, "label": label, "seat": seat, "push": state, **more}
    with suppress(Refused):
        await push.act(house, house.registry.commands["device.seen"].model_validate(args), new_id(house.clock.now()))
