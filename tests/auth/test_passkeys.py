"""Passkeys, with real signatures: the good way, and every answer that must prove nothing."""

from __future__ import annotations

import asyncio
import contextvars
from typing import Any

import httpx
import pytest

from server.domain.actors import Assurance, SeatKind
from tests.auth.authenticator import BACKUP_ELIGIBLE, USER_PRESENT, USER_VERIFIED, Authenticator, b64
from tests.auth.house import SITE, House

HOST = "samled.example"


async def _register(browser: httpx.AsyncClient, device: Authenticator, **lies: Any) -> httpx.Response:
    asked = (await browser.post("/auth/passkeys/begin", json={})).json()
    body = {"challenge": asked["challenge"], "credential": device.make(asked["options"], **lies), "label": "Mobilen"}
    return await browser.post("/auth/passkeys/finish", json=body)


async def _sign_in(browser: httpx.AsyncClient, device: Authenticator, **lies: Any) -> httpx.Response:
    asked = (await browser.post("/auth/passkey/begin", json={})).json()
    body = {"challenge": asked["challenge"], "credential": device.show(asked["options"], **lies)}
    return await browser.post("/auth/passkey/finish", json=body)


async def _with_passkey(house: House, kind: SeatKind = SeatKind.GUARDIAN) -> tuple[str, str, Authenticator]:
    """(account, seat, device) of somebody who came by invitation and made a passkey."""
    account, seats = await house.person(kind)
    session = await house.session(account, seats[0], kind, Assurance.CODE)
    device = Authenticator(SITE, HOST)
    async with house.browser() as browser:
        house.hold(browser, session.token)
        answer = await _register(browser, device)
        assert answer.status_code == 201
    return account, seats[0], device


async def test_options_ask_for_the_person_and_pass_prf_on(house: House) -> None:
    account, seats = await house.person(SeatKind.GUARDIAN)
    session = await house.session(account, seats[0], SeatKind.GUARDIAN, Assurance.CODE)
    salt = b64(b"s" * 32)
    async with house.browser() as browser:
        house.hold(browser, session.token)
        made = (await browser.post("/auth/passkeys/begin", json={"prf": {"eval": {"first": salt}}})).json()["options"]
        body = {"prf": {"evalByCredential": {"abc": {"first": salt, "second": salt}}}}
        shown = (await browser.post("/auth/passkey/begin", json=body)).json()["options"]
    assert made["authenticatorSelection"]["userVerification"] == "required"
    assert made["authenticatorSelection"]["residentKey"] == "required"
    assert made["extensions"] == {"prf": {"eval": {"first": salt}}}
    assert made["rp"]["id"] == HOST and made["timeout"] == 300_000
    assert shown["userVerification"] == "required" and shown["rpId"] == HOST
    assert shown["allowCredentials"] == []
    assert shown["extensions"] == {"prf": {"evalByCredential": {"abc": {"first": salt, "second": salt}}}}


async def test_results_of_prf_are_refused_so_that_they_stay_on_the_device(house: House) -> None:
    _, _, device = await _with_passkey(house)
    async with house.browser() as browser:
        asked = (await browser.post("/auth/passkey/begin", json={})).json()
        credential = device.show(asked["options"])
        credential["clientExtensionResults"] = {"prf": {"enabled": True, "results": {"first": "c2VjcmV0"}}}
        answer = await browser.post(
            "/auth/passkey/finish", json={"challenge": asked["challenge"], "credential": credential})  # fmt: skip
    assert answer.status_code == 400
    assert "c2VjcmV0" not in answer.text


@pytest.mark.parametrize(
    ("kind", "checked", "level"),
    [
        (SeatKind.GUARDIAN, False, "code"),
        (SeatKind.GUARDIAN, True, "verified"),
        (SeatKind.YOUNG, False, "code"),
        (SeatKind.STAFF, False, "verified"),
        (SeatKind.ADMIN, False, "verified"),
    ],
)
async def test_what_a_passkey_is_worth(house: House, kind: SeatKind, checked: bool, level: str) -> None:
    account, seat, device = await _with_passkey(house, kind)
    if checked:
        house.verified.add(seat)
    async with house.browser() as browser:
        assert (await _sign_in(browser, device)).status_code == 204
        me = (await browser.get("/auth/me")).json()
    assert (me["account"], me["seat"], me["assurance"]) == (account, seat, level)


async def test_signing_in_on_a_live_session_is_a_step_up(house: House) -> None:
    account, seat, device = await _with_passkey(house, SeatKind.STAFF)
    session = await house.session(account, seat, SeatKind.STAFF, Assurance.CODE)
    async with house.browser() as browser:
        house.hold(browser, session.token)
        await _sign_in(browser, device)
        assert browser.cookies[house.cookie] != session.token
        me = (await browser.get("/auth/me")).json()
        assert (me["session"], me["assurance"]) == (session.session_id, "verified")
        house.hold(browser, session.token)
        assert (await browser.get("/auth/me")).status_code == 401


async def test_list_and_remove(house: House) -> None:
    account, seat, device = await _with_passkey(house)
    stranger, _, _ = await _with_passkey(house)
    session = await house.session(account, seat, SeatKind.GUARDIAN, Assurance.EID)
    foreign = await house.value("SELECT id FROM passkey WHERE account_id = $1", stranger)
    async with house.browser() as browser:
        house.hold(browser, session.token)
        listed = (await browser.get("/auth/passkeys")).json()["passkeys"]
        assert [one["label"] for one in listed] == ["Mobilen"]
        assert (await browser.post(f"/auth/passkeys/{foreign}/remove")).status_code == 404
        assert (await browser.post(f"/auth/passkeys/{listed[0]['id']}/remove")).status_code == 204
    async with house.browser() as browser:
        assert (await _sign_in(browser, device)).status_code == 403


async def test_code_session_cannot_add_a_second_proof_or_remove_one(house: House) -> None:
    account, seat, _ = await _with_passkey(house)
    session = await house.session(account, seat, SeatKind.GUARDIAN, Assurance.CODE)
    own = await house.value("SELECT id FROM passkey WHERE account_id = $1", account)
    async with house.browser() as browser:
        house.hold(browser, session.token)
        answer = await browser.post("/auth/passkeys/begin", json={})
        assert (answer.status_code, answer.json()["code"]) == (403, "assurance_required")
        assert (await browser.post(f"/auth/passkeys/{own}/remove")).status_code == 403


@pytest.mark.parametrize(
    "lies",
    [
        {"origin": "https://evil.example"},
        {"origin": "http://samled.example"},
        {"origin": "https://samled.example:8443"},
        {"type": "webauthn.create"},
        {"challenge": b64(b"x" * 32)},
        {"handle": b64(b"x" * 16)},
        {"handle": ""},
    ],
)
async def test_lie_in_what_the_browser_says_proves_nothing(house: House, lies: dict[str, str]) -> None:
    _, _, device = await _with_passkey(house)
    async with house.browser() as browser:
        assert (await _sign_in(browser, device, **lies)).status_code == 403
        assert (await _sign_in(browser, device)).status_code == 204


@pytest.mark.parametrize("what", ["rp", "unverified", "absent", "key", "unknown", "signature", "garbage", "count"])
async def test_lie_of_the_device_proves_nothing(house: House, what: str) -> None:
    _, _, device = await _with_passkey(house)
    async with house.browser() as browser:
        assert (await _sign_in(browser, device)).status_code == 204
        asked = (await browser.post("/auth/passkey/begin", json={})).json()
        if what == "rp":
            device.rp_id = "evil.example"
        elif what == "unverified":
            device.flags = USER_PRESENT
        elif what == "absent":
            device.flags = USER_VERIFIED
        elif what == "key":
            device.key = Authenticator(SITE, HOST).key
        elif what == "unknown":
            device.id = b"u" * 32
        elif what == "count":
            device.count -= 1
        credential = device.show(asked["options"])
        if what == "signature":
            credential["response"]["signature"] = b64(b"\x30\x06\x02\x01\x01\x02\x01\x01")
        elif what == "garbage":
            credential["response"]["authenticatorData"] = b64(b"\xff" * 5)
        answer = await browser.post(
            "/auth/passkey/finish", json={"challenge": asked["challenge"], "credential": credential})  # fmt: skip
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


async def test_challenge_is_answered_once_and_within_five_minutes(house: House) -> None:
    _, _, device = await _with_passkey(house)
    async with house.browser() as browser:
        asked = (await browser.post("/auth/passkey/begin", json={})).json()
        body = {"challenge": asked["challenge"], "credential": device.show(asked["options"])}
        assert (await browser.post("/auth/passkey/finish", json=body)).status_code == 204
        device.count += 10
        replayed = {"challenge": asked["challenge"], "credential": device.show(asked["options"])}
        assert (await browser.post("/auth/passkey/finish", json=replayed)).status_code == 403
        late = (await browser.post("/auth/passkey/begin", json={})).json()
        house.clock.advance(minutes=5)
        body = {"challenge": late["challenge"], "credential": device.show(late["options"])}
        assert (await browser.post("/auth/passkey/finish", json=body)).status_code == 403


async def test_challenge_for_making_is_not_one_for_signing_in(house: House) -> None:
    account, seat, device = await _with_passkey(house)
    session = await house.session(account, seat, SeatKind.GUARDIAN, Assurance.EID)
    async with house.browser() as browser:
        house.hold(browser, session.token)
        asked = (await browser.post("/auth/passkeys/begin", json={})).json()
        body = {"challenge": asked["challenge"], "credential": device.show(asked["options"])}
        assert (await browser.post("/auth/passkey/finish", json=body)).status_code == 403


async def test_same_count_twice_at_once_signs_in_once(house: House) -> None:
    _, _, device = await _with_passkey(house)
    async with house.browser() as browser:
        bodies = []
        for _ in range(6):
            asked = (await browser.post("/auth/passkey/begin", json={})).json()
            device.count = 7
            bodies.append({"challenge": asked["challenge"], "credential": device.show(asked["options"])})

        async def finish(body: dict[str, Any]) -> int:
            async with house.browser() as own:
                return (await own.post("/auth/passkey/finish", json=body)).status_code

        tasks = [asyncio.create_task(finish(body), context=contextvars.Context()) for body in bodies]
        assert sorted(await asyncio.gather(*tasks)) == [204] + [403] * 5


async def test_device_that_does_not_count_signs_in_again_and_again(house: House) -> None:
    _, _, device = await _with_passkey(house)
    device.counts, device.flags = False, device.flags | BACKUP_ELIGIBLE
    async with house.browser() as browser:
        assert (await _sign_in(browser, device)).status_code == 204
        assert (await _sign_in(browser, device)).status_code == 204


@pytest.mark.parametrize("what", ["origin", "rp", "unverified", "session", "taken", "garbage", "late"])
async def test_registration_that_proves_nothing_is_refused(house: House, what: str) -> None:
    account, seats = await house.person(SeatKind.GUARDIAN)
    session = await house.session(account, seats[0], SeatKind.GUARDIAN, Assurance.EID)
    second = await house.session(account, seats[0], SeatKind.GUARDIAN, Assurance.EID)
    device = Authenticator(SITE, HOST)
    async with house.browser() as browser:
        house.hold(browser, session.token)
        asked = (await browser.post("/auth/passkeys/begin", json={})).json()
        lies = {"origin": "https://evil.example"} if what == "origin" else {}
        if what == "rp":
            device.rp_id = "evil.example"
        elif what == "unverified":
            device.flags = USER_PRESENT
        elif what == "taken":
            assert (await _register(browser, device)).status_code == 201
        elif what == "session":
            house.hold(browser, second.token)
        elif what == "late":
            house.clock.advance(minutes=5)
        credential = device.make(asked["options"], **lies)
        if what == "garbage":
            credential["response"]["attestationObject"] = b64(b"\xff\xff")
        body = {"challenge": asked["challenge"], "credential": credential}
        answer = await browser.post("/auth/passkeys/finish", json=body)
    assert answer.status_code == 403
    assert await house.value("SELECT count(*) FROM passkey") == (what == "taken")


async def test_begun_sign_ins_of_one_address_are_limited(house: House) -> None:
    async with house.browser() as browser:
        answers = [(await browser.post("/auth/passkey/begin", json={})).status_code for _ in range(31)]
        assert answers == [200] * 30 + [429]
        house.clock.advance(minutes=1)
        assert (await browser.post("/auth/passkey/begin", json={})).status_code == 200


async def test_seat_of_somebody_else_cannot_be_opened(house: House) -> None:
    _, _, device = await _with_passkey(house)
    _, seats = await house.person(SeatKind.STAFF, name="Maria")
    async with house.browser() as browser:
        asked = (await browser.post("/auth/passkey/begin", json={})).json()
        body = {"challenge": asked["challenge"], "credential": device.show(asked["options"]), "seat": seats[0]}
        assert (await browser.post("/auth/passkey/finish", json=body)).status_code == 403
