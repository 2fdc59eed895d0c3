"""Devices that may be told something: subscribed by a command, active once the token sent through them came back."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from server.domain.actors import Actor
from server.domain.instants import from_text, to_text
from server.ids import derived_id
from server.storage.engine import Tx

CONFIRM = "confirm"
"""The pseudo reminder of a subscription's first push."""
CHECK = "check"
"""The pseudo reminder of a push that somebody has asked for, to see whether it comes."""
CHECK_AFTER = timedelta(minutes=1)
LOOK_AFTER = timedelta(hours=1)
"""How long a device that answers all the time is not looked at again."""


class PushEffects:
    """Bound to the rule that says which addresses are push services."""

    def __init__(self, allows: Callable[[str], bool]) -> None:
        self._allows = allows

    def named(self) -> Mapping[str, Any]:
        return {
            "push.subscribe": self.subscribe,
            "push.unsubscribe": self.unsubscribe,
            "push.check": self.check,
        }

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
            known = await tx.fetch_value("SELECT id FROM push_subscription WHERE endpoint = $1", args["endpoint"])
            await _due(tx, str(known), CONFIRM, now)
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
        await _due(tx, str(subscription), CONFIRM, now, seed=token)
        return {"accepted": True}

    async def unsubscribe(self, tx: Tx, actor: Actor, args: Mapping[str, Any], now: str) -> None:
        """Forgets one of the account's subscriptions, or all."""
        if args.get("endpoint"):
            await tx.execute(
                "DELETE FROM push_subscription WHERE account_id = $1 AND endpoint = $2", actor.account, args["endpoint"]
            )
        else:
            await tx.execute("DELETE FROM push_subscription WHERE account_id = $1", actor.account)

    async def check(self, tx: Tx, actor: Actor, args: Mapping[str, Any], now: str) -> Mapping[str, Any]:
        """A push that this session's device is to answer, at most one a minute. `sent`: there is a subscription."""
        subscription = await tx.fetch_value(
            "SELECT id FROM push_subscription WHERE session_id = $1 AND account_id = $2 AND dead_at IS NULL",
            args.get("session") or "",
            actor.account,
        )
        if subscription is None:
            return {"sent": False}
        before = await tx.fetch_value(
            "SELECT at FROM delivery WHERE reminder_id = $1 AND subscription_id = $2", CHECK, subscription
        )
        if before is None or before <= to_text(from_text(now) - CHECK_AFTER):
            await tx.execute(
                "UPDATE push_subscription SET confirm_token = $2 WHERE id = $1", subscription, secrets.token_urlsafe(24)
            )
            await _due(tx, str(subscription), CHECK, now)
        return {"sent": True}


async def _due(tx: Tx, subscription: str, reminder: str, now: str, seed: str = "") -> None:
    """Has the worker send this subscription's confirmation or check; an answered one only shows its health anew."""
    await tx.execute(
        "INSERT INTO delivery (id, reminder_id, subscription_id, state, attempts, next_at, at)"
        " VALUES ($1, $2, $3, 'due', 0, $4, $4) ON CONFLICT (reminder_id, subscription_id) DO UPDATE SET"
        " state = 'due', attempts = 0, next_at = excluded.next_at, at = excluded.at",
        derived_id(from_text(now), f"{reminder}/{subscription}/{seed or now}", 0),
        reminder,
        subscription,
        now,
    )


async def confirm(tx: Tx, token: str, now: str) -> str | None:
    """The token came back from the device: notices may be sent there. The subscription's id, or None."""
    id = await tx.fetch_value("SELECT id FROM push_subscription WHERE confirm_token = $1", token)
    if id is None:
        return None
    await tx.execute(
        "UPDATE push_subscription SET confirmed_at = coalesce(confirmed_at, $2), last_ok_at = $2 WHERE id = $1",
        id,
        now,
    )
    await _due(tx, str(id), CONFIRM, now)
    return str(id)


async def seen(tx: Tx, delivery: str, now: str) -> bool:
    """The device's service worker has shown this delivery: confirmed by the device, not only accepted for it."""
    row = await tx.fetch_one(
        "SELECT d.subscription_id, p.last_ok_at FROM delivery d JOIN push_subscription p ON p.id = d.subscription_id"
        " WHERE d.id = $1",
        delivery,
    )
    if row is None:
        return False
    subscription, before = row
    await tx.execute("UPDATE delivery SET state = 'seen', at = $2 WHERE id = $1", delivery, now)
    await tx.execute("UPDATE push_subscription SET last_ok_at = $2 WHERE id = $1", subscription, now)
    if before is None or before <= to_text(from_text(now) - LOOK_AFTER):
        await _due(tx, str(subscription), CONFIRM, now)
    return True
