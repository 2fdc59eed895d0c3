"""What decisions ask of sign-in: an invitation made, a session ended. Carried out in the decision's own transaction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from server.auth.card import invitation_link, qr_svg
from server.auth.invitations import LIFETIME, Subject, cancel_invitations, create_invitation
from server.auth.sessions import end_session, end_sessions_of_seat
from server.domain.actors import Actor, SeatKind
from server.domain.instants import from_text, to_text
from server.storage.engine import Tx


def subject_of(args: Mapping[str, Any]) -> Subject:
    """Whom an invitation is for, as the feature that asks for it says."""
    return Subject(
        name=args["name"],
        language=args.get("language", "sv"),
        relation=args.get("relation"),
        unit=args.get("unit"),
        area=args.get("area"),
        organisation=args.get("organisation"),
    )


class AuthEffects:
    """Bound to the site's own address, which the invitation's link begins with."""

    def __init__(self, origin: str) -> None:
        self._origin = origin

    def named(self) -> Mapping[str, Any]:
        """By the names that features use."""
        return {
            "invitation.create": self.invite,
            "invitation.cancel": self.uninvite,
            "relation.ended": self.end_relation,
            "session.forget": self.forget_session,
            "seat.leave": self.leave_seat,
        }

    async def invite(self, tx: Tx, actor: Actor, args: Mapping[str, Any], now: str) -> Mapping[str, Any]:
        """The link and the code, told to the sender once and kept nowhere in clear."""
        made = await create_invitation(
            tx,
            kind=SeatKind(args["kind"]),
            aggregate_id=args["aggregate"],
            subject=subject_of(args),
            created_by=actor.seat,
            now=from_text(now),
            lifetime=from_text(args["until"]) - from_text(now) if "until" in args else LIFETIME,
        )
        link = invitation_link(self._origin, made.token)
        return {
            "link": link,
            "code": made.code,
            "expires_at": to_text(made.expires_at),
            "qr": qr_svg(link, "QR"),
        }

    async def uninvite(self, tx: Tx, actor: Actor, args: Mapping[str, Any], now: str) -> None:
        """The invitations given for a row open nothing any more."""
        await cancel_invitations(tx, args["aggregate"], args["relation"], from_text(now))

    async def end_relation(self, tx: Tx, actor: Actor, args: Mapping[str, Any], now: str) -> None:
        """The relation is over: its unused invitations, its sessions and its devices' copies."""
        await cancel_invitations(tx, args["aggregate"], args["relation"], from_text(now))
        if args["seat"] and not await tx.fetch_value("SELECT 1 FROM grant_ WHERE seat_id = $1 LIMIT 1", args["seat"]):
            await end_sessions_of_seat(tx, args["seat"], "wipe", from_text(now))
            await tx.execute("UPDATE seat SET ended_at = $2 WHERE id = $1", args["seat"], now)
            await tx.execute("DELETE FROM calendar_link WHERE seat_id = $1", args["seat"])

    async def leave_seat(self, tx: Tx, actor: Actor, args: Mapping[str, Any], now: str) -> None:
        """Somebody has left their post: the seat is over, and every device of it erases what it held."""
        await end_sessions_of_seat(tx, args["seat"], "wipe", from_text(now))
        await tx.execute("UPDATE seat SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL", args["seat"], now)
        await tx.execute("DELETE FROM calendar_link WHERE seat_id = $1", args["seat"])

    async def forget_session(self, tx: Tx, actor: Actor, args: Mapping[str, Any], now: str) -> None:
        """A device the person no longer trusts erases everything at its next contact."""
        own = await tx.fetch_value(
            "SELECT 1 FROM session WHERE id = $1 AND account_id = $2", args["session"], actor.account
        )
        if own:
            await end_session(tx, args["session"], "wipe", from_text(now))
