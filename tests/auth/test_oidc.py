"""e-ID: only the right provider can say who you are. A real issuer on loopback, and its attackers."""

from __future__ import annotations

import base64
import json
import warnings
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from aiohttp import web

from server.auth.door import AWAY, is_own_path
from server.storage.engine import Engine
from tests.auth.issuer import CLIENT, SECRET, Issuer, b64, running_issuer
from tests.auth.scene import Scene, open_scene
from tests.clock import FrozenClock


@pytest.fixture(params=["RS256", "ES256", "PS256"])
def alg(request: pytest.FixtureRequest) -> str:
    """An algorithm the house accepts."""
    return str(request.param)


async def test_good_way_with_each_algorithm(engine: Engine, clock: FrozenClock, alg: str) -> None:
    async with (
        running_issuer(clock.now, alg=alg) as issuer,
        open_scene(engine, clock, issuer) as scene,
        scene.house.browser() as browser,
    ):
        location = await scene.start(browser, next="/meetings/1?from=push", lang="ar")
        asked = {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}
        assert (asked["code_challenge_method"], asked["acr_values"], asked["max_age"]) == ("S256", "loa3", "300")
        assert (asked["response_type"], asked["scope"], asked["ui_locales"]) == ("code", "openid", "ar")
        assert await scene.come_back(browser, await scene.visit(location)) == "/meetings/1?from=push"
        me = await scene.signed_in(browser)
        assert me is not None and (me["account"], me["seat"], me["assurance"]) == (scene.account, scene.seat, "eid")


async def test_provider_that_takes_the_secret_in_the_body_and_does_not_name_itself(scene: Scene) -> None:
    scene.issuer.names_itself = False
    async with scene.house.browser() as browser:
        assert await scene.whole_way(browser) == "/"


def _header(**changes: Any) -> Callable[[Scene], None]:
    def change(scene: Scene) -> None:
        scene.issuer.lie_header = changes

    return change


def _claims(**changes: Any) -> Callable[[Scene], None]:
    def change(scene: Scene) -> None:
        def lie(claims: dict[str, Any]) -> dict[str, Any]:
            at = claims["iat"]
            told = {name: value(at) if callable(value) else value for name, value in changes.items()}
            return {name: value for name, value in {**claims, **told}.items() if value is not None}

        scene.issuer.lie_claims = lie

    return change


def _token(forge: Callable[[Issuer, str], str]) -> Callable[[Scene], None]:
    def change(scene: Scene) -> None:
        scene.issuer.lie_token = lambda token: forge(scene.issuer, token)

    return change


def _said(token: str) -> dict[str, Any]:
    part = token.split(".")[1]
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return found


def _tampered(_issuer: Issuer, token: str) -> str:
    head, _, signature = token.split(".")
    return f"{head}.{b64(json.dumps({**_said(token), 'sub': 'person-2'}).encode())}.{signature}"


def _public_pem(issuer: Issuer) -> bytes:
    return bytes(issuer.key.as_pem(private=False))


def _short_key(scene: Scene) -> None:
    scene.issuer.key = _weak_key()
    kid = "weak"
    scene.issuer.published = [{**scene.issuer.key.as_dict(private=False), "kid": kid}]
    scene.issuer.lie_header = {"kid": kid}


def _weak_key() -> Any:
    from cryptography.hazmat.primitives.asymmetric import rsa
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
    from joserfc import jwk
    from joserfc.errors import SecurityWarning

    warnings.simplefilter("ignore", SecurityWarning)  # undone by pytest after the test
    pem = rsa.generate_private_key(65_537, 1024).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return jwk.import_key(pem, "RSA", {"kid": "weak"})


def _published(**changes: Any) -> Callable[[Scene], None]:
    def change(scene: Scene) -> None:
        scene.issuer.published = [{**key, **changes} for key in scene.issuer.published]

    return change


def _answers(response: Callable[[], web.Response]) -> Callable[[Scene], None]:
    def change(scene: Scene) -> None:
        scene.issuer.token_answer = response()

    return change


ATTACKS: dict[str, Callable[[Scene], None]] = {
    "nonce of another sign-in": _claims(nonce="other"),
    "no nonce": _claims(nonce=None),
    "nonce of the wrong type": _claims(nonce=7),
    "iss of another issuer": _claims(iss="https://other.example"),
    "iss with a slash more": _claims(iss=lambda at: "http://127.0.0.1/"),
    "aud of another client": _claims(aud="other"),
    "aud with another client besides": _claims(aud=[CLIENT, "other"]),
    "no aud": _claims(aud=None),
    "azp of another client": _claims(azp="other"),
    "expired": _claims(exp=lambda at: at - 61),
    "no exp": _claims(exp=None),
    "exp of the wrong type": _claims(exp="soon"),
    "iat in the future": _claims(iat=lambda at: at + 61),
    "iat long ago": _claims(iat=lambda at: at - 601),
    "not yet valid": _claims(nbf=lambda at: at + 61),
    "stale auth_time": _claims(auth_time=lambda at: at - 361),
    "auth_time in the future": _claims(auth_time=lambda at: at + 61),
    "no auth_time": _claims(auth_time=None),
    "acr too low": _claims(acr="loa2"),
    "no acr": _claims(acr=None),
    "no sub": _claims(sub=None),
    "sub of the wrong type": _claims(sub=["person-1"]),
    "empty sub": _claims(sub=""),
    "logout token as ID token": _claims(events={}),
    "typ of a logout token": _header(typ="logout+jwt"),
    "alg none": _token(lambda issuer, token: issuer.forge(_said(token), "none", b"")),
    "alg None in other letters": _token(lambda issuer, token: issuer.forge(_said(token), "nOnE", b"")),
    "HS256 with the public key": _token(
        lambda issuer, token: issuer.forge(_said(token), "HS256", _public_pem(issuer), kid=issuer.published[0]["kid"])
    ),
    "HS256 with the client's secret": _token(
        lambda issuer, token: issuer.forge(_said(token), "HS256", SECRET.encode())
    ),
    "RS256 in name, HMAC in truth": _token(
        lambda issuer, token: issuer.forge(_said(token), "RS256", _public_pem(issuer), kid=issuer.published[0]["kid"])
    ),
    "unknown kid": _header(kid="made-up"),
    "kid of the wrong type": _token(lambda issuer, token: issuer.forge(_said(token), "RS256", b"x", kid=["a"])),
    "key brought along": _token(
        lambda issuer, token: Issuer(issuer.now, issuer.url, generation=9).sign(
            _said(token), kid=None, jwk={"kty": "RSA"}
        )
    ),
    "key to be fetched elsewhere": _token(
        lambda issuer, token: Issuer(issuer.now, issuer.url, generation=9).sign(
            _said(token), kid=None, jku="http://127.0.0.1:1/k"
        )
    ),
    "critical extension": _token(lambda issuer, token: issuer.forge(_said(token), "RS256", b"x", crit=["exp"], exp=1)),
    "changed after signing": _token(_tampered),
    "signature cut off": _token(lambda issuer, token: token.rpartition(".")[0] + "."),
    "encrypted token": _token(lambda issuer, token: token + ".a.b"),
    "not a token": _token(lambda issuer, token: "å"),
    "token of 20 kB": _token(lambda issuer, token: token + "A" * 20_000),
    "key of 1024 bits": _short_key,
    "key meant for encryption": _published(use="enc"),
    "key for another algorithm": _published(alg="RS512"),
    "symmetric key published": _published(kty="oct", k="c2VjcmV0"),
    "token endpoint redirects": _answers(lambda: web.Response(status=307, headers={"location": "http://127.0.0.1:1/"})),
    "token endpoint is no JSON": _answers(lambda: web.Response(text="<html>")),
    "token endpoint gives a list": _answers(lambda: web.json_response([])),
    "token endpoint gives no ID token": _answers(lambda: web.json_response({"access_token": "a"})),
    "token endpoint floods": _answers(lambda: web.Response(body=b" " * 300_000)),
}


async def test_token_attack_is_refused(engine: Engine, clock: FrozenClock) -> None:
    taken = []
    for attack, prepare in ATTACKS.items():
        async with running_issuer(clock.now) as issuer, open_scene(engine, clock, issuer) as scene:
            prepare(scene)
            async with scene.house.browser() as browser:
                if await scene.whole_way(browser) != "/sign-in?refused=not_allowed" or await scene.signed_in(browser):
                    taken.append(attack)
        clock.advance(minutes=1)
    assert taken == []
    assert len(ATTACKS) >= 24
    async with engine.read() as tx:
        assert await tx.fetch_value("SELECT count(*) FROM session") == 0


async def test_the_same_way_without_a_lie_is_taken(engine: Engine, clock: FrozenClock) -> None:
    """So that the attacks above are refused for their lie and for nothing else."""
    async with running_issuer(clock.now) as issuer, open_scene(engine, clock, issuer) as scene:
        issuer.lie_token = lambda token: issuer.sign(_said(token), kid=None)
        async with scene.house.browser() as browser:
            assert await scene.whole_way(browser) == "/"
            assert await scene.signed_in(browser)


@pytest.mark.parametrize(
    "what", ["no state", "wrong state", "state of another browser", "no code", "doubled state", "late"]
)
async def test_state_attack_is_refused(scene: Scene, what: str) -> None:
    async with scene.house.browser() as browser, scene.house.browser() as attacker:
        query = await scene.visit(await scene.start(browser))
        expected = "/sign-in?refused=not_allowed"
        text = urlencode(query)
        if what == "no state":
            del query["state"]
            text = urlencode(query)
        elif what == "wrong state":
            text = urlencode({**query, "state": query["state"][:-2] + "zz"})
        elif what == "state of another browser":
            # Signing the victim in as the attacker: the attacker's own answer, opened in the victim's
            # browser.
            text = urlencode(await scene.visit(await scene.start(attacker)))
        elif what == "no code":
            del query["code"]
            text, expected = urlencode(query), "/sign-in?refused=cancelled"
        elif what == "doubled state":
            text += "&state=" + query["state"]
        else:
            scene.house.clock.advance(seconds=AWAY.total_seconds())
        assert await scene.come_back(browser, text) == expected
        assert await scene.signed_in(browser) is None


async def test_answer_without_the_doors_cookie_is_refused(scene: Scene) -> None:
    async with scene.house.browser() as browser, scene.house.browser() as victim:
        query = await scene.visit(await scene.start(browser))
        assert await scene.come_back(victim, query) == "/sign-in?refused=not_allowed"


async def test_code_and_state_are_good_once(scene: Scene) -> None:
    async with scene.house.browser() as browser, scene.house.browser() as second:
        query = await scene.visit(await scene.start(browser))
        cookie = browser.cookies["__Host-door"]
        assert await scene.come_back(browser, query) == "/"
        second.cookies.set("__Host-door", cookie, domain="samled.example", path="/")
        assert await scene.come_back(second, query) == "/sign-in?refused=not_allowed"
        # The same code in a sign-in of one's own: the provider has spent it.
        fresh = await scene.visit(await scene.start(second))
        assert await scene.come_back(second, {**fresh, "code": query["code"]}) == "/sign-in?refused=not_allowed"


async def test_code_of_another_browser_fails_at_pkce(scene: Scene) -> None:
    async with scene.house.browser() as victim, scene.house.browser() as attacker:
        stolen = await scene.visit(await scene.start(victim))
        own = await scene.visit(await scene.start(attacker))
        assert await scene.come_back(attacker, {**own, "code": stolen["code"]}) == "/sign-in?refused=not_allowed"


async def test_mixing_up_two_providers_is_refused(scene: Scene) -> None:
    async with running_issuer(scene.house.clock.now) as evil, scene.house.browser() as browser:
        scene.door("evil", evil.url)
        query = await scene.visit(await scene.start(browser))
        assert await scene.come_back(browser, {**query, "iss": evil.url}) == "/sign-in?refused=not_allowed"
        query = await scene.visit(await scene.start(browser))
        del query["iss"]
        assert await scene.come_back(browser, query) == "/sign-in?refused=not_allowed"
        query = await scene.visit(await scene.start(browser))
        assert await scene.come_back(browser, query, "evil") == "/sign-in?refused=not_allowed"


async def test_same_sub_of_another_issuer_is_another_person(scene: Scene) -> None:
    async with running_issuer(scene.house.clock.now) as other, scene.house.browser() as browser:
        scene.door("other", other.url)
        assert await scene.whole_way(browser, "other") == "/sign-in?refused=not_found"
        assert await scene.signed_in(browser) is None


async def test_e_mail_and_name_decide_nothing(scene: Scene) -> None:
    async with scene.house.browser() as browser:
        _claims(email="new@example.org", name="Annika")(scene)
        assert await scene.whole_way(browser) == "/"
    async with scene.house.browser() as browser:
        _claims(sub="person-2")(scene)
        assert await scene.whole_way(browser) == "/sign-in?refused=not_found"
    async with scene.house.engine.read() as tx:
        kept = str(await tx.fetch("SELECT * FROM identity")) + str(await tx.fetch("SELECT * FROM challenge"))
    assert "example.org" not in kept and "Anni" not in kept


@pytest.mark.parametrize(
    "lie",
    [
        {"issuer": "https://other.example"},
        {"issuer": None},
        {"authorization_endpoint": "http://login.example/authorize"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"token_endpoint": "http://10.0.0.1/token"},
        {"jwks_uri": "http://user:pw@127.0.0.1/jwks"},
        {"jwks_uri": 7},
        {"id_token_signing_alg_values_supported": ["HS256", "none"]},
        {"code_challenge_methods_supported": ["plain"]},
    ],
)
async def test_metadata_that_cannot_be_trusted_opens_no_door(scene: Scene, lie: dict[str, Any]) -> None:
    scene.issuer.lie_metadata = lie
    async with scene.house.browser() as browser:
        assert (await browser.post("/auth/oidc/eid/start", json={})).status_code == 503


async def test_provider_out_of_reach_is_no_refusal(scene: Scene) -> None:
    scene.door("gone", "http://127.0.0.1:1")
    async with scene.house.browser() as browser:
        assert (await browser.post("/auth/oidc/gone/start", json={})).status_code == 503
        assert (await browser.post("/auth/oidc/unknown/start", json={})).status_code == 404
        query = await scene.visit(await scene.start(browser))
        scene.issuer.token_answer = web.Response(status=502)
        assert await scene.come_back(browser, query) == "/sign-in?refused=unavailable"


NEXT = [
    "https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)", "meetings",
    "", "/a//evil.example", "/a\r\nb", "/a b", "/@evil.example", "/" + "a" * 512, "/å",
]  # fmt: skip


async def test_next_is_a_path_of_this_site(scene: Scene) -> None:
    async with scene.house.browser() as browser:
        for next in NEXT:
            assert not is_own_path(next)
            answer = await browser.post("/auth/oidc/eid/start", json={"next": next})
            assert (answer.status_code, answer.json()["code"]) == (400, "invalid"), next


@pytest.mark.parametrize("path", ["/", "/meetings/1", "/a?b=c&d=%20", "/a#b", "/child/0198-a_b~c.d"])
def test_own_paths_are_taken(path: str) -> None:
    assert is_own_path(path)


async def test_cancelled_sign_in_goes_back_and_spends_the_state(scene: Scene) -> None:
    async with scene.house.browser() as browser:
        query = await scene.visit(await scene.start(browser))
        refused = {"error": "access_denied", "error_description": "Elsa", "state": query["state"], "iss": query["iss"]}
        assert await scene.come_back(browser, refused) == "/sign-in?refused=cancelled"
        assert await scene.come_back(browser, query) == "/sign-in?refused=not_allowed"


async def test_new_keys_are_fetched_once_and_not_on_every_made_up_kid(scene: Scene) -> None:
    async with scene.house.browser() as browser:
        assert await scene.whole_way(browser) == "/"
        scene.house.clock.advance(minutes=2)
        scene.issuer.new_key()
        assert await scene.whole_way(browser) == "/"
        scene.issuer.lie_header = {"kid": "made-up"}
        before = scene.issuer.requests.count("keys")
        scene.house.clock.advance(minutes=2)
        for _ in range(5):
            assert await scene.whole_way(browser) == "/sign-in?refused=not_allowed"
        assert scene.issuer.requests.count("keys") == before + 1


async def test_key_withdrawn_is_not_believed_after_an_hour(scene: Scene) -> None:
    async with scene.house.browser() as browser:
        await scene.whole_way(browser)
        old = scene.issuer.key
        scene.issuer.new_key()
        scene.issuer.key = old
        scene.house.clock.advance(hours=1)
        assert await scene.whole_way(browser) == "/sign-in?refused=not_allowed"
