"""e-ID: what a proof means for accounts and sessions, and signing out at the provider."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from server.auth.door import AWAY
from server.domain.actors import Assurance, SeatKind
from server.settings import OidcDoor
from server.storage.engine import Engine
from tests.auth.house import SITE, House
from tests.auth.scene import Scene
from tests.clock import FrozenClock


async def test_step_up_rotates_and_keeps_the_session(scene: Scene) -> None:
    session = await scene.house.session(scene.account, scene.seat, SeatKind.GUARDIAN, Assurance.CODE)
    async with scene.house.browser() as browser:
        scene.house.hold(browser, session.token)
        assert await scene.whole_way(browser) == "/"
        me = await scene.signed_in(browser)
        assert me is not None and (me["session"], me["assurance"]) == (session.session_id, "eid")
        scene.house.hold(browser, session.token)
        assert await scene.signed_in(browser) is None


async def test_unknown_identity_is_joined_only_when_the_person_asked(scene: Scene) -> None:
    account, seats = await scene.house.person(SeatKind.GUARDIAN, name="Omar")
    session = await scene.house.session(account, seats[0], SeatKind.GUARDIAN, Assurance.CODE)
    scene.issuer.subject = "omar"
    async with scene.house.browser() as browser:
        scene.house.hold(browser, session.token)
        assert await scene.whole_way(browser) == "/sign-in?refused=not_found"
        assert await scene.whole_way(browser, join=True) == "/"
        me = await scene.signed_in(browser)
        assert me is not None and (me["account"], me["assurance"]) == (account, "eid")
    async with scene.house.browser() as browser:
        assert await scene.whole_way(browser) == "/"
        me = await scene.signed_in(browser)
        assert me is not None and me["account"] == account


async def test_joining_takes_nobodys_identity_and_only_one(scene: Scene) -> None:
    account, seats = await scene.house.person(SeatKind.GUARDIAN, name="Omar")
    session = await scene.house.session(account, seats[0], SeatKind.GUARDIAN, Assurance.CODE)
    async with scene.house.browser() as browser:
        assert (await browser.post("/auth/oidc/eid/start", json={"join": True})).status_code == 401
        scene.house.hold(browser, session.token)
        assert await scene.whole_way(browser, join=True) == "/sign-in?refused=taken"
        scene.issuer.subject = "omar"
        assert await scene.whole_way(browser, join=True) == "/"
        scene.issuer.subject = "somebody else"
        assert await scene.whole_way(browser, join=True) == "/sign-in?refused=conflict"
        # Signed out in between: the identity is not joined to whoever comes next.
        location = await scene.start(browser, join=True)
        await browser.post("/auth/sign-out")
        assert await scene.come_back(browser, await scene.visit(location)) == "/sign-in?refused=not_signed_in"
    assert await scene.house.value("SELECT count(*) FROM identity") == 2


async def test_person_whose_seats_have_ended_does_not_get_in(scene: Scene) -> None:
    async with scene.house.engine.write() as tx:
        await tx.execute("UPDATE seat SET ended_at = created_at")
    async with scene.house.browser() as browser:
        assert await scene.whole_way(browser) == "/sign-in?refused=not_found"


async def test_stolen_code_cannot_join_a_second_proof(scene: Scene) -> None:
    session = await scene.house.session(scene.account, scene.seat, SeatKind.GUARDIAN, Assurance.CODE)
    async with scene.house.browser() as browser:
        scene.house.hold(browser, session.token)
        answer = await browser.post("/auth/oidc/eid/start", json={"join": True})
    assert (answer.status_code, answer.json()["code"]) == (403, "assurance_required")


async def _tell(scene: Scene, token: str) -> int:
    async with scene.house.browser() as server:
        del server.headers["origin"]
        answer = await server.post("/auth/oidc/eid/back-channel", data={"logout_token": token})
    return answer.status_code


async def test_signing_out_at_the_provider_ends_e_id_sessions_here(scene: Scene) -> None:
    by_eid = await scene.house.session(scene.account, scene.seat, SeatKind.GUARDIAN, Assurance.EID)
    by_passkey = await scene.house.session(scene.account, scene.seat, SeatKind.GUARDIAN, Assurance.VERIFIED)
    assert await _tell(scene, scene.issuer.sign(scene.issuer.logout_claims(), typ="logout+jwt")) == 200
    reason = "SELECT end_reason FROM session WHERE id = $1"
    assert await scene.house.value(reason, by_eid.session_id) == "signed_out"
    assert await scene.house.value(reason, by_passkey.session_id) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"events": None}, {"events": {}}, {"events": []}, {"events": {"x": {}}}, {"nonce": "n"}, {"aud": "other"},
        {"iss": "https://other.example"}, {"sub": None}, {"jti": None}, {"iat": 1}, {"exp": 1}, {"azp": "other"},
    ],
)  # fmt: skip
async def test_logout_token_attack_is_refused(scene: Scene, changes: dict[str, Any]) -> None:
    await scene.house.session(scene.account, scene.seat, SeatKind.GUARDIAN, Assurance.EID)
    said = {name: value for name, value in {**scene.issuer.logout_claims(), **changes}.items() if value is not None}
    assert await _tell(scene, scene.issuer.sign(said)) == 400
    assert await scene.house.value("SELECT count(*) FROM session WHERE ended_at IS NOT NULL") == 0


async def test_id_token_and_unsigned_logout_token_are_refused(scene: Scene) -> None:
    assert await _tell(scene, scene.issuer.sign(scene.issuer.claims("n"))) == 400
    assert await _tell(scene, scene.issuer.forge(scene.issuer.logout_claims(), "none", b"")) == 400
    assert await _tell(scene, "") == 400


async def test_logout_form_with_very_many_fields_is_refused(scene: Scene) -> None:
    async with scene.house.browser() as server:
        del server.headers["origin"]
        answer = await server.post("/auth/oidc/eid/back-channel", content="a=1&" * 50)
    assert answer.status_code == 400


async def test_setup_builds_a_door_from_the_settings(engine: Engine, clock: FrozenClock) -> None:
    from server.auth.setup import set_up_auth
    from server.settings import Settings

    house = House(engine, clock)
    config = OidcDoor(key="eid", name="e-ID", issuer="https://idp.example", client_id="c", acr_values=("loa3",))
    settings = Settings(origin=SITE, oidc=(config,))
    setup = set_up_auth(
        settings,
        engine,
        clock,
        on_redeemed=house.on_redeemed,
        is_verified=house.is_verified,
        seat_label=house.seat_label,
    )
    assert list(setup.doors) == ["eid"] and setup.secure and setup.party.id == "samled.example"
    await setup.doors["eid"].close()
    assert timedelta(minutes=10) == AWAY
