"""Devices that may be told something: subscribed by a command, active once the token sent through them came back."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from typing import Any

from server.domain.actors import Actor
from server.domain.instants import from_text
from server.ids import derived_id
from server.storage.engine import Tx

CONFIRM = "confirm"
"""The pseudo reminder of a subscription's first push."""


class PushEffects:
    """Bound to the rule that says which addresses are push services."""

    def __init__(self, allows: Callable[[str], bool]) -> None:
        self._allows = allows

    def named(self) -> Mapping[str, Any]:
        return {"push.subscribe": self.subscribe, "push.unsubscribe": self.unsubscribe}

    async def subscribe(self, tx: Tx, actor: Actor, args: Mapping[str, Any], now: str) -> Mapping[str, Any]:
        """Keeps the subscription; its confirmation push is due at once. An address that is none is left out.

        A browser tells its subscription again now and then: one that has answered already, with the same keys and from
        the same account, stays confirmed and is not asked again. A session is one browser, which has one subscription:
        another address of the same session is an old one.
        """
        if not self._allows(args["endpoint"]):
            return {"accepted": False}
        session = args.get("session") or ""
        if session:
            await tx.execute(
                "DELETE FROM push_subscription WHERE session_id = $1 AND endpoint <> $2", session, args["endpoint"]
            )
        again = await tx.execute(
            "UPDATE push_subscription SET seat_id = $5, session_id = $6, lang = $7 WHERE endpoint = $1"
            " AND account_id = $2 AND p256dh = $3 AND auth = $4 AND confirmed_at IS NOT NULL AND dead_at IS NULL",
            args["endpoint"],
            actor.account,
            args["p256dh"],
            args["auth"],
            actor.seat,
            session,
            args["lang"],
        )
        if again:
            await _look_again(tx, str(args["endpoint"]), now)
            return {"accepted": True}
        id = derived_id(from_text(now), f"{secrets.token_hex(16)}", 0)
        token = secrets.token_urlsafe(24)
        await tx.execute(
            "INSERT INTO push_subscription (id, account_id, seat_id, session_id, endpoint, p256dh, auth, lang,"
            " created_at, confirm_token) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
            " ON CONFLICT (endpoint) DO UPDATE SET"
            " account_id = excluded.account_id, seat_id = excluded.seat_id, session_id = excluded.session_id,"
            " p256dh = excluded.p256dh, auth = excluded.auth, lang = excluded.lang, created_at = excluded.created_at,"
            " confirm_token = excluded.confirm_token, confirmed_at = NULL, dead_at = NULL",
            id,
            actor.account,
            actor.seat,
            session,
            args["endpoint"],
            args["p256dh"],
            args["auth"],
            args["lang"],
            now,
            token,
        )
        subscription = await tx.fetch_value("SELECT id FROM push_subscription WHERE endpoint = $1", args["endpoint"])
        await tx.execute(
            "INSERT INTO delivery (id, reminder_id, subscription_id, state, attempts, next_at, at)"
            " VALUES ($1, $2, $3, 'due', 0, $4, $4) ON CONFLICT (reminder_id, subscription_id) DO UPDATE SET"
            " state = 'due', attempts = 0, next_at = excluded.next_at",
            derived_id(from_text(now), f"{CONFIRM}/{subscription}/{token}", 0),
            CONFIRM,
            subscription,
            now,
        )
        return {"accepted": True}

    async def unsubscribe(self, tx: Tx, actor: Actor, args: Mapping[str, Any], now: str) -> None:
        """Forgets one of the account's subscriptions, or all."""
        if args.get("endpoint"):
            await tx.execute(
                "DELETE FROM push_subscription WHERE account_id = $1 AND endpoint = $2", actor.account, args["endpoint"]
            )
        else:
            await tx.execute("DELETE FROM push_subscription WHERE account_id = $1", actor.account)


async def _look_again(tx: Tx, endpoint: str, now: str) -> None:
    """Has the worker show the device's push health anew: its confirmation is due, and found to be answered."""
    await tx.execute(
        "UPDATE delivery SET state = 'due', next_at = $2 WHERE reminder_id = $3 AND subscription_id IN"
        " (SELECT id FROM push_subscription WHERE endpoint = $1)",
        endpoint,
        now,
        CONFIRM,
    )


async def confirm(tx: Tx, token: str, now: str) -> str | None:
    """The token came back from the device: notices may be sent there. The subscription's id, or None."""
    row = await tx.fetch_one("SELECT id, endpoint FROM push_subscription WHERE confirm_token = $1", token)
    if row is None:
        return None
    changed, endpoint = row
    await tx.execute(
        "UPDATE push_subscription SET confirmed_at = coalesce(confirmed_at, $2), last_ok_at = $2 WHERE id = $1",
        changed,
        now,
    )
    await _look_again(tx, endpoint, now)
    return str(changed)


async def seen(tx: Tx, delivery: str, now: str) -> bool:
    """The device's service worker has shown this delivery."""
    subscription = await tx.fetch_value("SELECT subscription_id FROM delivery WHERE id = $1", delivery)
    if subscription is None:
        return False
    await tx.execute("UPDATE delivery SET state = 'seen', at = $2 WHERE id = $1", delivery, now)
    await tx.execute("UPDATE push_subscription SET last_ok_at = $2 WHERE id = $1", subscription, now)
    return True
