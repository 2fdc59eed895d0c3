"""ID tokens and logout tokens: what must hold before one sentence of them is believed. Pure.

The signature is checked with a key of the issuer that was asked, by an algorithm from a short list of
asymmetric ones; the token itself never chooses how it is checked. Then every claim is compared with what we
asked for. Source: OpenID Connect Core 3.1.3.7, Back-Channel Logout 2.6; promises.md P11.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from joserfc import jwk, jws
from joserfc.errors import JoseError

ALGORITHMS: Mapping[str, tuple[str, str | None]] = {
    "RS256": ("RSA", None),
    "PS256": ("RSA", None),
    "ES256": ("EC", "P-256"),
    "ES384": ("EC", "P-384"),
}
"""Algorithm → key type and curve. No `none`, no HS…: those would let a public value serve as the key."""

LEEWAY_S = 60
OLDEST_S = 600
RSA_BITS = 2048
LONGEST = 16_384
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"


class Untrusted(Exception):
    """A token, or an answer around it, that must not be believed. The text is for the log: it holds no
    claim.
    """


class UnknownKey(Untrusted):
    """Signed with a key that is not in the set: the provider may have changed keys; fetch them anew, once."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What we asked for. `max_age_s` and `acr_values` are conditions, not wishes."""

    issuer: str
    client_id: str
    nonce: str
    acr_values: tuple[str, ...]
    max_age_s: int


@dataclass(frozen=True, slots=True)
class Identified:
    """Who it is: the pair is the key of a person; e-mail, name and personal number are never read."""

    issuer: str
    subject: str
    acr: str


def verify_id_token(token: str, keys: Sequence[Mapping[str, Any]], expected: Expected, now: datetime) -> Identified:
    """The person an ID token names.

    Raises: Untrusted, or UnknownKey when no key of the set carries the token's `kid`.
    """
    claims = _signed_claims(token, keys, kinds=("JWT",))
    at = int(now.timestamp())
    _check_addressed(claims, expected.issuer, expected.client_id, at)
    if "events" in claims:
        raise Untrusted("a logout token is no ID token")
    _require(_seconds(claims, "exp") > at - LEEWAY_S, "expired")
    nonce = claims.get("nonce")
    _require(isinstance(nonce, str) and hmac.compare_digest(nonce.encode(), expected.nonce.encode()), "nonce")
    signed_in_at = _seconds(claims, "auth_time")
    _require(signed_in_at <= at + LEEWAY_S, "auth_time in the future")
    _require(at - signed_in_at <= expected.max_age_s + LEEWAY_S, "auth_time too old")
    acr = claims.get("acr")
    _require(isinstance(acr, str) and acr in expected.acr_values, "acr too low")
    return Identified(expected.issuer, _subject(claims), str(acr))


def verify_logout_token(
    token: str, keys: Sequence[Mapping[str, Any]], *, issuer: str, client_id: str, now: datetime
) -> str:
    """The subject who signed out at the provider. Raises: as `verify_id_token`."""
    claims = _signed_claims(token, keys, kinds=("logout+jwt", "JWT"))
    at = int(now.timestamp())
    _check_addressed(claims, issuer, client_id, at)
    if "exp" in claims:
        _require(_seconds(claims, "exp") > at - LEEWAY_S, "expired")
    events = claims.get("events")
    _require(isinstance(events, dict) and isinstance(events.get(LOGOUT_EVENT), dict), "no logout event")
    _require("nonce" not in claims, "a nonce in a logout token")
    _require(isinstance(claims.get("jti"), str), "no jti")
    return _subject(claims)


def _signed_claims(token: str, keys: Sequence[Mapping[str, Any]], *, kinds: tuple[str, ...]) -> dict[str, Any]:
    _require(len(token) <= LONGEST and token.count(".") == 2, "not a signed token")
    header = _json(token.partition(".")[0], "header")
    alg = header.get("alg")
    _require(isinstance(alg, str) and alg in ALGORITHMS, "algorithm not allowed")
    _require("crit" not in header and "b64" not in header, "critical extensions")
    kind = header.get("typ", "JWT")
    _require(
        isinstance(kind, str) and kind.lower().removeprefix("application/") in [k.lower() for k in kinds],
        "typ",
    )
    key = _key(keys, str(alg), header.get("kid"))
    try:
        imported = jwk.import_key(dict(key))
        registry = jws.JWSRegistry(algorithms=[str(alg)], strict_check_header=False)
        payload = jws.deserialize_compact(token, imported, algorithms=[str(alg)], registry=registry).payload
    except (JoseError, ValueError, TypeError, KeyError) as fault:
        raise Untrusted("signature") from fault
    return _object(payload or b"", "payload")


def _key(keys: Sequence[Mapping[str, Any]], alg: str, kid: object) -> Mapping[str, Any]:
    kty, curve = ALGORITHMS[alg]
    fit = [
        key
        for key in keys
        if key.get("kty") == kty
        and key.get("use", "sig") == "sig"
        and key.get("alg", alg) == alg
        and (curve is None or key.get("crv") == curve)
        and not {"d", "k"} & key.keys()
    ]
    if kid is not None:
        _require(isinstance(kid, str), "kid")
        fit = [key for key in fit if key.get("kid") == kid]
    if not fit:
        raise UnknownKey("no such key")
    _require(len(fit) == 1, "which key is meant is not clear")
    if kty == "RSA":
        _require(_bits(fit[0].get("n")) >= RSA_BITS, "RSA key too short")
    return fit[0]


def _check_addressed(claims: Mapping[str, Any], issuer: str, client_id: str, at: int) -> None:
    _require(claims.get("iss") == issuer, "iss")
    # One audience, us. A token for several would be as good in the hands of the others.
    _require(claims.get("aud") in (client_id, [client_id]), "aud")
    _require(claims.get("azp", client_id) == client_id, "azp")
    issued = _seconds(claims, "iat")
    _require(issued <= at + LEEWAY_S, "iat in the future")
    _require(issued >= at - OLDEST_S, "iat too old")
    if "nbf" in claims:
        _require(_seconds(claims, "nbf") <= at + LEEWAY_S, "nbf")


def _subject(claims: Mapping[str, Any]) -> str:
    subject = claims.get("sub")
    if (
        not isinstance(subject, str)
        or not 0 < len(subject) <= 255
        or not subject.isascii()
        or not subject.isprintable()
    ):
        raise Untrusted("sub")
    return subject


def _seconds(claims: Mapping[str, Any], name: str) -> int:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < 1e11:
        raise Untrusted(name)
    return int(value)


def _bits(n: object) -> int:
    return int.from_bytes(_decoded(n, "n")).bit_length() if isinstance(n, str) else 0


def _json(part: str, what: str) -> dict[str, Any]:
    return _object(_decoded(part, what), what)


def _object(raw: bytes, what: str) -> dict[str, Any]:
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError) as fault:
        raise Untrusted(what) from fault
    if not isinstance(value, dict):
        raise Untrusted(what)
    return value


def _decoded(part: str, what: str) -> bytes:
    try:
        return base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as fault:
        raise Untrusted(what) from fault


def _require(holds: object, what: str) -> None:
    if not holds:
        raise Untrusted(what)
