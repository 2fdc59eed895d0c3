"""A small identity provider on loopback: real HTTP, real codes, real signatures, and lies on request.

It keeps to OpenID Connect (single-use codes, PKCE, client authentication) unless a test changes what it says.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import urlencode

from aiohttp import web
from joserfc import jwk, jws

Claims = dict[str, Any]
CLIENT, SECRET = "samled client", "s3cret/with:signs"


def b64(raw: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@cache
def _key(kind: str, kid: str) -> Any:
    # Making RSA keys is slow: each is made once in a test run.
    if kind == "EC":
        return jwk.generate_key("EC", "P-256", {"kid": kid, "use": "sig"})
    return jwk.generate_key("RSA", 2048, {"kid": kid, "use": "sig"})


@dataclass
class Issuer:
    """One provider. `person` signs in; `lie_claims`, `lie_token` and `lie_metadata` change what is said of
    it.
    """

    now: Callable[[], datetime]
    url: str = ""
    alg: str = "RS256"
    subject: str = "person-1"
    acr: str = "loa3"
    names_itself: bool = True
    generation: int = 0
    lie_claims: Callable[[Claims], Claims] = field(default=lambda claims: claims)
    lie_token: Callable[[str], str] | None = None
    lie_header: dict[str, Any] = field(default_factory=dict)
    lie_metadata: dict[str, Any] = field(default_factory=dict)
    token_answer: web.Response | None = None
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.new_key()

    def new_key(self) -> None:
        """Changes keys: the old one is published no more."""
        self.generation += 1
        kid = f"key-{self.generation}"
        self.key: Any = _key("EC" if self.alg == "ES256" else "RSA", kid)
        self.published = [{**self.key.as_dict(private=False), "kid": kid, "use": "sig"}]

    def sign(self, claims: Claims, **header: Any) -> str:
        """A token of this issuer."""
        head = {"alg": self.alg, "kid": self.key.as_dict(private=False)["kid"], "typ": "JWT", **header}
        registry = jws.JWSRegistry(algorithms=[self.alg], strict_check_header=False)
        return jws.serialize_compact(
            {name: value for name, value in head.items() if value is not None}, json.dumps(claims).encode(), self.key,
            algorithms=[self.alg], registry=registry,
        )  # fmt: skip

    def forge(self, claims: Claims, alg: str, key: bytes, **header: Any) -> str:
        """A token put together by hand: any algorithm name, signed with HMAC over `key`, or not at all."""
        body = f"{b64(json.dumps({'alg': alg, **header}).encode())}.{b64(json.dumps(claims).encode())}"
        signature = hmac.new(key, body.encode(), hashlib.sha256).digest() if key else b""
        return f"{body}.{b64(signature)}"

    def claims(self, nonce: str) -> Claims:
        """What an honest ID token says now."""
        at = int(self.now().timestamp())
        return {
            "iss": self.url, "sub": self.subject, "aud": CLIENT, "nonce": nonce, "iat": at, "exp": at + 300,
            "auth_time": at, "acr": self.acr, "email": "anna@example.org", "name": "Anna",
        }  # fmt: skip

    def logout_claims(self) -> Claims:
        """What an honest logout token says now."""
        at = int(self.now().timestamp())
        event: Claims = {"http://schemas.openid.net/event/backchannel-logout": {}}
        return {
            "iss": self.url,
            "sub": self.subject,
            "aud": CLIENT,
            "iat": at,
            "exp": at + 120,
            "jti": "j",
            "events": event,
        }

    async def metadata(self, _request: web.Request) -> web.Response:
        """`/.well-known/openid-configuration`"""
        self.requests.append("metadata")
        found = {
            "issuer": self.url,
            "authorization_endpoint": self.url + "/authorize",
            "token_endpoint": self.url + "/token",
            "jwks_uri": self.url + "/jwks",
            "id_token_signing_alg_values_supported": [self.alg],
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": self.names_itself,
            **self.lie_metadata,
        }
        return web.json_response({name: value for name, value in found.items() if value is not None})

    async def keys(self, _request: web.Request) -> web.Response:
        """`/jwks`"""
        self.requests.append("keys")
        return web.json_response({"keys": self.published})

    async def authorize(self, request: web.Request) -> web.Response:
        """`/authorize`: signs `subject` in at once."""
        code = secrets.token_urlsafe(16)
        self.codes[code] = dict(request.query)
        answer = {"code": code, "state": request.query["state"]}
        if self.names_itself:
            answer["iss"] = self.url
        return web.Response(status=302, headers={"location": f"{request.query['redirect_uri']}?{urlencode(answer)}"})

    async def token(self, request: web.Request) -> web.Response:
        """`/token`"""
        self.requests.append("token")
        if self.token_answer is not None:
            return self.token_answer
        form = await request.post()
        asked = self.codes.pop(str(form.get("code")), None)
        basic = base64.b64encode(b"samled%20client:s3cret%2Fwith%3Asigns").decode()
        if asked is None or request.headers.get("authorization") != f"Basic {basic}":
            return web.json_response({"error": "invalid_grant"}, status=400)
        challenge = b64(hashlib.sha256(str(form.get("code_verifier")).encode()).digest())
        if challenge != asked["code_challenge"] or form.get("redirect_uri") != asked["redirect_uri"]:
            return web.json_response({"error": "invalid_grant"}, status=400)
        token = self.sign(self.lie_claims(self.claims(asked["nonce"])), **self.lie_header)
        if self.lie_token is not None:
            token = self.lie_token(token)
        return web.json_response({"access_token": "a", "token_type": "Bearer", "id_token": token})


@asynccontextmanager
async def running_issuer(now: Callable[[], datetime], **how: Any) -> AsyncIterator[Issuer]:
    """An issuer that answers on a free port for the length of the block."""
    issuer = Issuer(now, **how)
    app = web.Application()
    app.router.add_get("/.well-known/openid-configuration", issuer.metadata)
    app.router.add_get("/jwks", issuer.keys)
    app.router.add_get("/authorize", issuer.authorize)
    app.router.add_post("/token", issuer.token)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    issuer.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield issuer
    finally:
        await runner.cleanup()
