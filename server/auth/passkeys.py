"""Passkeys: opening one's own device daily, and the way in for staff without e-ID (WebAuthn level 3).

A passkey always asks for the person (PIN, finger, face), is found by the device itself (no name to type) and
is bound to this site's host. Challenges live for five minutes and are answered once. A signature counter that
does not rise means a copy: refused. The PRF extension, from which the client derives the key of its lock, is
passed on to the browser; what comes out of it never leaves the device.
Source: promises.md P11, model.md 1.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.authentication.verify_authentication_response import VerifiedAuthentication
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from webauthn.registration.verify_registration_response import VerifiedRegistration

from server.auth.challenges import Challenge, ask, spend
from server.auth.sessions import SignedIn
from server.auth.signin import may_add_proof
from server.domain.instants import to_text
from server.errors import Refused
from server.ids import new_id
from server.storage.engine import ConstraintFault, Tx

CHALLENGE_LIFETIME = timedelta(minutes=5)
MOST_PASSKEYS = 20


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """This site as a passkey knows it: `id` is the host name, `origin` the exact origin pages have."""

    id: str
    name: str
    origin: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What goes to the browser: the challenge's id (to be sent back) and the options for
    `navigator.credentials`.
    """

    id: str
    options: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Passkey:
    """One passkey, for the person's own list."""

    id: str
    label: str
    created_at: str
    used_at: str | None


async def begin_registration(
    tx: Tx, party: RelyingParty, signed_in: SignedIn, now: datetime, *, prf: Mapping[str, Any] | None = None
) -> Asked:
    """Options to make a passkey for the person signed in.

    Raises: Refused `assurance_required` as `may_add_proof`; `conflict` for the 21st passkey.
    """
    await may_add_proof(tx, signed_in)
    account = signed_in.actor.account
    known = await tx.fetch("SELECT credential_id FROM passkey WHERE account_id = $1 ORDER BY id", account)
    if len(known) >= MOST_PASSKEYS:
        raise Refused("conflict")
    challenge = secrets.token_bytes(32)
    options = generate_registration_options(
        rp_id=party.id,
        rp_name=party.name,
        user_id=UUID(account).bytes,
        user_name=signed_in.actor.name or party.name,
        challenge=challenge,
        timeout=int(CHALLENGE_LIFETIME.total_seconds() * 1000),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=base64url_to_bytes(id)) for (id,) in known],
    )
    id = await ask(
        tx,
        "passkey_register",
        bytes_to_base64url(challenge),
        now,
        lifetime=CHALLENGE_LIFETIME,
        account_id=account,
        session_id=signed_in.session_id,
    )
    return Asked(id, _with_prf(json.loads(options_to_json(options)), prf if prf is not None else {}))


async def finish_registration(
    tx: Tx,
    party: RelyingParty,
    signed_in: SignedIn,
    challenge_id: str,
    credential: dict[str, Any],
    label: str,
    now: datetime,
) -> str | None:
    """Keeps the passkey a browser has made; its id. None when the answer proves nothing (commit all the
    same). Raises: Refused as `may_add_proof`: another proof may have come since the beginning.
    """
    await may_add_proof(tx, signed_in)
    asked = await spend(tx, "passkey_register", challenge_id, now)
    if asked is None or asked.session_id != signed_in.session_id or asked.account_id != signed_in.actor.account:
        return None
    made = _verified_registration(party, asked, credential)
    if made is None:
        return None
    credential_id = bytes_to_base64url(made.credential_id)
    if await tx.fetch_one("SELECT id FROM passkey WHERE credential_id = $1", credential_id) is not None:
        return None
    id = new_id(now)
    transports = credential.get("response", {}).get("transports") or []
    try:
        await tx.execute(
            "INSERT INTO passkey (id, account_id, credential_id, public_key, sign_count, label, transports, "
            "created_at, backed_up) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            id,
            signed_in.actor.account,
            credential_id,
            bytes_to_base64url(made.credential_public_key),
            made.sign_count,
            label,
            json.dumps(transports),
            to_text(now),
            int(made.credential_backed_up),
        )
    except ConstraintFault as raced:
        raise Refused("conflict") from raced
    return id


async def begin_sign_in(tx: Tx, party: RelyingParty, now: datetime, *, prf: Mapping[str, Any] | None = None) -> Asked:
    """Options to sign in; the device offers the passkeys it has for this site, so nothing tells who has an
    account.
    """
    challenge = secrets.token_bytes(32)
    options = generate_authentication_options(
        rp_id=party.id,
        challenge=challenge,
        timeout=int(CHALLENGE_LIFETIME.total_seconds() * 1000),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    id = await ask(tx, "passkey_sign_in", bytes_to_base64url(challenge), now, lifetime=CHALLENGE_LIFETIME)
    return Asked(id, _with_prf(json.loads(options_to_json(options)), prf))


async def finish_sign_in(
    tx: Tx, party: RelyingParty, challenge_id: str, credential: dict[str, Any], now: datetime
) -> str | None:
    """The account whose passkey answered; None when the answer proves nothing (commit all the same).

    What the proof is worth in a seat is decided by `signin.level_in_seat`.
    """
    asked = await spend(tx, "passkey_sign_in", challenge_id, now)
    if asked is None:
        return None
    row = await tx.fetch_one(
        "SELECT id, account_id, public_key, sign_count FROM passkey WHERE credential_id = $1",
        str(credential.get("id", "")),
    )
    if row is None:
        return None
    id, account_id, public_key, sign_count = row
    shown = _verified_sign_in(party, asked, credential, public_key, sign_count)
    if shown is None or credential.get("response", {}).get("userHandle") != _handle(account_id):
        return None
    # The counter is compared again in the statement: two answers signed with the same count are one copy too
    # many.
    changed = await tx.execute(
        "UPDATE passkey SET sign_count = $1, used_at = $2, backed_up = $3 "
        "WHERE id = $4 AND (sign_count < $1 OR (sign_count = 0 AND $1 = 0))",
        shown.new_sign_count,
        to_text(now),
        int(shown.credential_backed_up),
        id,
    )
    return account_id if changed else None


async def list_passkeys(tx: Tx, account_id: str) -> list[Passkey]:
    """The passkeys of an account, oldest first."""
    rows = await tx.fetch(
        "SELECT id, label, created_at, used_at FROM passkey WHERE account_id = $1 ORDER BY created_at, id",
        account_id,
    )
    return [Passkey(*row) for row in rows]


async def remove_passkey(tx: Tx, account_id: str, passkey_id: str) -> bool:
    """Forgets a passkey (a lost phone); False when the account has no such passkey."""
    return bool(await tx.execute("DELETE FROM passkey WHERE id = $1 AND account_id = $2", passkey_id, account_id))


def _handle(account_id: str) -> str:
    return bytes_to_base64url(UUID(account_id).bytes)


def _with_prf(options: dict[str, Any], prf: Mapping[str, Any] | None) -> dict[str, Any]:
    if prf is not None:
        options["extensions"] = {**options.get("extensions", {}), "prf": dict(prf)}
    return options


def _verified_registration(
    party: RelyingParty, asked: Challenge, credential: dict[str, Any]
) -> VerifiedRegistration | None:
    try:
        return verify_registration_response(
            credential=credential,
            expected_challenge=base64url_to_bytes(asked.value),
            expected_rp_id=party.id,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    except Exception:
        # The library lets errors of its CBOR, ASN.1 and curve parsers through: whatever it cannot read is no
        # proof.
        return None


def _verified_sign_in(
    party: RelyingParty, asked: Challenge, credential: dict[str, Any], public_key: str, sign_count: int
) -> VerifiedAuthentication | None:
    try:
        return verify_authentication_response(
            credential=credential,
            expected_challenge=base64url_to_bytes(asked.value),
            expected_rp_id=party.id,
            expected_origin=party.origin,
            credential_public_key=base64url_to_bytes(public_key),
            credential_current_sign_count=sign_count,
            require_user_verification=True,
        )
    except Exception:
        # As above: an answer that cannot be read proves nothing.
        return None
