"""OpenID Connect: one identity provider, asked with code, state, nonce and PKCE.

Only what the configured issuer says in its own metadata, at addresses over TLS, with keys it publishes, is
believed. Redirects are not followed and answers are bounded, so that a provider gone bad can at most refuse.
Nothing of the provider's tokens is kept. Source: promises.md P11, rules.md 4.4.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import httpx

from server.auth.door import Answer, Asking, DoorUnavailable
from server.auth.id_token import (
    ALGORITHMS,
    Expected,
    Identified,
    UnknownKey,
    Untrusted,
    verify_id_token,
    verify_logout_token,
)
from server.settings import OidcDoor, is_loopback

METADATA_FOR = timedelta(hours=1)
KEYS_AGAIN = timedelta(minutes=1)
TIMEOUT_S = 10.0
LARGEST = 256 * 1024


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the issuer says of itself, as far as we use it."""

    authorization: str
    token: str
    jwks: str
    names_itself: bool
    secret_in_body: bool
    read_at: datetime


class OidcProvider:
    """A `Door` to one identity provider. Holds its metadata and keys; `close` it at shutdown."""

    def __init__(self, door: OidcDoor, *, redirect_uri: str, local: bool = False) -> None:
        """`local` allows a provider on this machine over http, for development and tests."""
        self.key = door.key
        self.name = door.name
        self.issuer = door.issuer
        self._door = door
        self._redirect_uri = redirect_uri
        self._local = local
        self._http = httpx.AsyncClient(timeout=TIMEOUT_S, follow_redirects=False, trust_env=False)
        self._metadata: Metadata | None = None
        self._keys: Sequence[Mapping[str, Any]] = ()
        self._keys_read_at: datetime | None = None

    async def begin(self, asking: Asking, now: datetime) -> str:
        """The address to send the person to. Raises: DoorUnavailable."""
        metadata = await self._read_metadata(now)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(asking.verifier.encode()).digest()).rstrip(b"=").decode()
        query = {
            "response_type": "code",
            "client_id": self._door.client_id,
            "redirect_uri": self._redirect_uri,
            "scope": self._door.scope,
            "state": asking.state,
            "nonce": asking.nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            "acr_values": " ".join(self._door.acr_values),
            "max_age": str(self._door.max_age_s),
        }
        if asking.lang:
            query["ui_locales"] = asking.lang
        return f"{metadata.authorization}{'&' if '?' in metadata.authorization else '?'}{urlencode(query)}"

    async def finish(self, answer: Answer, asking: Asking, now: datetime) -> Identified:
        """The person who came back. Raises: Untrusted, DoorUnavailable."""
        metadata = await self._read_metadata(now)
        # The answer must name its issuer where the issuer says it does (RFC 9207): else one provider's code
        # could be taken to another.
        if answer.issuer != self.issuer and (answer.issuer is not None or metadata.names_itself):
            raise Untrusted("the answer is from another issuer")
        token = await self._exchange(metadata, answer.code, asking.verifier)
        expected = Expected(
            self.issuer, self._door.client_id, asking.nonce, self._door.acr_values, self._door.max_age_s
        )
        try:
            return verify_id_token(token, await self._read_keys(metadata, now), expected, now)
        except UnknownKey:
            return verify_id_token(token, await self._read_keys(metadata, now, anew=True), expected, now)

    async def signed_out(self, logout_token: str, now: datetime) -> str:
        """The subject a logout token is about. Raises: Untrusted, DoorUnavailable."""
        metadata = await self._read_metadata(now)
        about = {"issuer": self.issuer, "client_id": self._door.client_id}
        try:
            return verify_logout_token(logout_token, await self._read_keys(metadata, now), **about, now=now)
        except UnknownKey:
            keys = await self._read_keys(metadata, now, anew=True)
            return verify_logout_token(logout_token, keys, **about, now=now)

    async def close(self) -> None:
        """Closes connections."""
        await self._http.aclose()

    async def _read_metadata(self, now: datetime) -> Metadata:
        if self._metadata is not None and now - self._metadata.read_at < METADATA_FOR:
            return self._metadata
        found = await self._json("GET", self.issuer.rstrip("/") + "/.well-known/openid-configuration")
        if found.get("issuer") != self.issuer:
            raise Untrusted("the metadata is of another issuer")
        offered = found.get("id_token_signing_alg_values_supported")
        if isinstance(offered, list) and not set(ALGORITHMS).intersection(map(str, offered)):
            raise Untrusted("no algorithm in common")
        pkce = found.get("code_challenge_methods_supported")
        if isinstance(pkce, list) and "S256" not in pkce:
            raise Untrusted("no PKCE")
        methods = found.get("token_endpoint_auth_methods_supported")
        self._metadata = Metadata(
            authorization=self._address(found, "authorization_endpoint"),
            token=self._address(found, "token_endpoint"),
            jwks=self._address(found, "jwks_uri"),
            names_itself=found.get("authorization_response_iss_parameter_supported") is True,
            secret_in_body=isinstance(methods, list) and "client_secret_basic" not in methods,
            read_at=now,
        )
        return self._metadata

    def _address(self, found: Mapping[str, Any], name: str) -> str:
        value = found.get(name)
        if not isinstance(value, str):
            raise Untrusted(f"no {name}")
        parts = urlsplit(value)
        local = self._local and parts.scheme == "http" and is_loopback(parts.hostname or "")
        if (parts.scheme != "https" and not local) or not parts.hostname or parts.username or parts.fragment:
            raise Untrusted(f"{name} is not an address over TLS")
        return value

    async def _read_keys(self, metadata: Metadata, now: datetime, *, anew: bool = False) -> Sequence[Mapping[str, Any]]:
        read_at = self._keys_read_at
        if read_at is not None and (now - read_at < KEYS_AGAIN or (not anew and now - read_at < METADATA_FOR)):
            # A stream of tokens with made-up key ids must not become a stream of requests to the provider.
            return self._keys
        keys = (await self._json("GET", metadata.jwks)).get("keys")
        if not isinstance(keys, list):
            raise Untrusted("no keys")
        self._keys = [key for key in keys if isinstance(key, dict)]
        self._keys_read_at = now
        return self._keys

    async def _exchange(self, metadata: Metadata, code: str, verifier: str) -> str:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._redirect_uri,
            "code_verifier": verifier,
        }
        headers = {}
        secret = self._door.client_secret
        if secret is None or metadata.secret_in_body:
            form["client_id"] = self._door.client_id
            if secret is not None:
                form["client_secret"] = secret.get_secret_value()
        else:
            # RFC 6749 2.3.1: both parts are form-encoded before they are joined.
            pair = f"{quote(self._door.client_id, safe='')}:{quote(secret.get_secret_value(), safe='')}"
            headers["authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
        answer = await self._json("POST", metadata.token, form=form, headers=headers)
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise Untrusted("no ID token")
        return token

    async def _json(
        self,
        method: str,
        url: str,
        *,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        """One bounded answer. Raises: Untrusted for a refusal or something unreadable; DoorUnavailable for
        silence.
        """
        body = bytearray()
        try:
            async with self._http.stream(
                method, url, data=form, headers={"accept": "application/json", **(headers or {})}
            ) as response:
                async for piece in response.aiter_bytes():
                    body += piece
                    if len(body) > LARGEST:
                        raise Untrusted("answer too long")
        except httpx.HTTPError as fault:
            raise DoorUnavailable(type(fault).__name__) from fault
        if response.status_code >= 500:
            raise DoorUnavailable(str(response.status_code))
        if response.status_code != 200:
            raise Untrusted(f"status {response.status_code}")
        try:
            value = json.loads(bytes(body))
        except (ValueError, RecursionError) as fault:
            raise Untrusted("unreadable answer") from fault
        if not isinstance(value, dict):
            raise Untrusted("unreadable answer")
        return value
