"""What the routes of sign-in are given by the composition root."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from server.auth.door import Door
from server.auth.invitations import OnRedeemed
from server.auth.oidc import OidcProvider
from server.auth.passkeys import RelyingParty
from server.auth.people import Seat
from server.auth.signin import IsVerified
from server.clock import Clock
from server.settings import Settings, host_of
from server.storage.engine import Engine, Tx

SITE_NAME = "Samled"
SeatLabel = Callable[[Tx, Seat], Awaitable[str]]
"""(tx, seat) -> what tells this seat of a person apart from their others, in their own list."""


@dataclass(frozen=True)
class AuthSetup:
    """Engine, clock, the site's own address, the doors, and what features say of a seat or do at a
    redemption.
    """

    engine: Engine
    clock: Clock
    origin: str
    secure: bool
    demo: bool
    on_redeemed: OnRedeemed
    is_verified: IsVerified
    seat_label: SeatLabel
    doors: Mapping[str, Door] = field(default_factory=dict)

    @property
    def party(self) -> RelyingParty:
        """This site as passkeys know it."""
        return RelyingParty(id=host_of(self.origin), name=SITE_NAME, origin=self.origin)


def door_return(origin: str, key: str) -> str:
    """The address registered with a provider as the way back; one for each, so that answers cannot be mixed
    up.
    """
    return f"{origin}/auth/oidc/{key}/callback"


def set_up_auth(
    settings: Settings,
    engine: Engine,
    clock: Clock,
    *,
    on_redeemed: OnRedeemed,
    is_verified: IsVerified,
    seat_label: SeatLabel,
) -> AuthSetup:
    """The setup that follows from the settings. Close its doors at shutdown."""
    return AuthSetup(
        engine=engine,
        clock=clock,
        origin=settings.origin,
        secure=settings.secure,
        demo=settings.demo,
        on_redeemed=on_redeemed,
        is_verified=is_verified,
        seat_label=seat_label,
        doors={
            door.key: OidcProvider(door, redirect_uri=door_return(settings.origin, door.key), local=settings.local)
            for door in settings.oidc
        },
    )
