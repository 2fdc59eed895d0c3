"""The door to an identity provider: from "take me to e-ID" to a session, whichever provider stands behind it.

The state of a sign-in is a row that is spent by the first answer, and a cookie that ties the answer to the
browser that asked: a link with somebody else's code signs nobody in. A person is the pair (issuer, subject)
and nothing else.

An identity seen for the first time is joined to an account only when the person, signed in on this browser,
asked for just that; otherwise it is refused, because nobody is let in whom no one has invited.
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from server.auth.challenges import Challenge, ask, spend
from server.auth.id_token import Identified, Untrusted
from server.auth.sessions import NewSession, SignedIn, end_session
from server.auth.signin import IsVerified, may_add_proof, sign_in
from server.auth.tokens import hash_token, new_token
from server.domain.actors import Assurance
from server.errors import Refused
from server.storage.engine import ConstraintFault, Tx

AWAY = timedelta(minutes=10)
_PATH = re.compile(
    r"/(?:[A-Za-z0-9_\-.~][A-Za-z0-9_\-.~/]*)?(?:\?[A-Za-z0-9_\-.~=&%]*)?(?:#[A-Za-z0-9_\-.~=&%/]*)?",
    re.ASCII,
)
_STATE = re.compile(r"([0-9a-f-]{36})\.([A-Za-z0-9_-]{43})", re.ASCII)


class DoorUnavailable(Exception):
    """The provider did not answer. Not a refusal: the person can try again."""


@dataclass(frozen=True, slots=True)
class Asking:
    """One sign-in on its way: what only we know and the provider must give back."""

    state: str
    nonce: str
    verifier: str
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the browser brought back: a code, and the issuer it claims to come from."""

    code: str
    issuer: str | None


class Door(Protocol):
    """An identity provider. Another protocol (SAML) is another implementation of this."""

    @property
    def key(self) -> str:
        """Its name in addresses."""
        ...

    @property
    def name(self) -> str:
        """Its name for people."""
        ...

    @property
    def issuer(self) -> str:
        """First half of the key of every person it knows."""
        ...

    async def begin(self, asking: Asking, now: datetime) -> str:
        """The address to send the person to. Raises: Untrusted, DoorUnavailable."""
        ...

    async def finish(self, answer: Answer, asking: Asking, now: datetime) -> Identified:
        """The person who came back. Raises: Untrusted, DoorUnavailable."""
        ...

    async def signed_out(self, logout_token: str, now: datetime) -> str:
        """The subject who signed out there. Raises: Untrusted, DoorUnavailable."""
        ...

    async def close(self) -> None:
        """Closes connections."""
        ...


@dataclass(frozen=True, slots=True)
class Started:
    """A sign-in begun: `asking` for the door, `secret` for the browser's cookie."""

    asking: Asking
    secret: str


@dataclass(frozen=True, slots=True)
class Returned:
    """A sign-in come back to the right browser, its state spent."""

    asking: Asking
    challenge: Challenge
    next: str
    joins: bool


def is_own_path(path: str) -> bool:
    """True for a path on this site that may be opened after signing in; no other host can be meant by it."""
    return len(path) <= 512 and "//" not in path and _PATH.fullmatch(path) is not None


async def start(tx: Tx, door: str, *, next: str, lang: str, joining: SignedIn | None, now: datetime) -> Started:
    """Keeps the state of a sign-in. `joining` is the session whose account the identity is to be joined to.

    Raises: Refused `invalid` for a `next` that is not a path of this site; `assurance_required` as
    `may_add_proof`.
    """
    if not is_own_path(next):
        raise Refused("invalid", fields={"next": "not_allowed_value"})
    if joining is not None:
        await may_add_proof(tx, joining)
    secret, nonce, verifier = new_token(), new_token(), secrets.token_urlsafe(48)
    id = await ask(
        tx,
        "door",
        hash_token(secret),
        now,
        lifetime=AWAY,
        session_id=joining.session_id if joining else None,
        data={"door": door, "nonce": nonce, "verifier": verifier, "next": next},
    )
    return Started(Asking(f"{id}.{secret}", nonce, verifier, lang), secret)


async def come_back(tx: Tx, door: str, state: str, cookie: str | None, now: datetime) -> Returned:
    """Spends the state of a sign-in. Raises: Untrusted when it is not this browser's, this door's, or was
    spent.
    """
    parts = _STATE.fullmatch(state)
    if parts is None:
        raise Untrusted("state")
    id, secret = parts.groups()
    if cookie is None or not hmac.compare_digest(cookie.encode(), secret.encode()):
        raise Untrusted("state of another browser")
    challenge = await spend(tx, "door", id, now)
    if challenge is None or not hmac.compare_digest(challenge.value, hash_token(secret)):
        raise Untrusted("state spent or unknown")
    kept: Mapping[str, str] = challenge.data
    if kept["door"] != door:
        raise Untrusted("state of another door")
    asking = Asking(state, kept["nonce"], kept["verifier"])
    return Returned(asking, challenge, kept["next"], joins=challenge.session_id is not None)


async def enter(
    tx: Tx,
    person: Identified,
    returned: Returned,
    *,
    current: SignedIn | None,
    is_verified: IsVerified,
    label: str,
    now: datetime,
) -> NewSession:
    """Signs the identified person in, after joining the identity to the account if that was asked.

    Raises: Refused `not_found` for an identity nobody has invited; `taken` when it belongs to another account
    than the one it was to be joined to; `conflict` when the account already has another identity of this
    provider.
    """
    account = await tx.fetch_value(
        "SELECT account_id FROM identity WHERE issuer = $1 AND subject = $2", person.issuer, person.subject
    )
    if returned.joins:
        if current is None or current.ended is not None or current.session_id != returned.challenge.session_id:
            raise Refused("not_signed_in")
        if account is not None and account != current.actor.account:
            raise Refused("taken")
        if account is None:
            account = await _join(tx, person, current)
    if account is None:
        raise Refused("not_found")
    session = await sign_in(
        tx,
        account_id=account,
        seat_id=None,
        proved=Assurance.EID,
        is_verified=is_verified,
        current=current,
        label=label,
        now=now,
    )
    if session is None:
        raise Refused("not_found")
    return session


async def _join(tx: Tx, person: Identified, current: SignedIn) -> str:
    await may_add_proof(tx, current)
    other = await tx.fetch_value(
        "SELECT count(*) FROM identity WHERE issuer = $1 AND account_id = $2",
        person.issuer,
        current.actor.account,
    )
    if other:
        raise Refused("conflict")
    try:
        await tx.execute(
            "INSERT INTO identity (issuer, subject, account_id) VALUES ($1, $2, $3)",
            person.issuer,
            person.subject,
            current.actor.account,
        )
    except ConstraintFault as raced:
        raise Refused("taken") from raced
    return current.actor.account


async def sign_out_everywhere(tx: Tx, issuer: str, subject: str, now: datetime) -> int:
    """Ends the sessions that a person opened with this provider's e-ID, because they signed out there."""
    rows = await tx.fetch(
        "SELECT t.id FROM session t JOIN identity i ON i.account_id = t.account_id WHERE i.issuer = $1 "
        "AND i.subject = $2 AND t.assurance = $3 AND t.ended_at IS NULL ORDER BY t.id",
        issuer,
        subject,
        Assurance.EID.text,
    )
    return sum([await end_session(tx, id, "signed_out", now) for (id,) in rows])
