"""Routes of sign-in: who am I, seats, devices, the way out, and bodies of the wrong shape."""

from __future__ import annotations

import pytest

from server.domain.actors import Assurance, SeatKind
from server.storage.engine import Engine
from tests.auth.house import LOCAL, UNIT, House
from tests.clock import FrozenClock


async def test_me_signed_out_is_401(house: House) -> None:
    async with house.browser() as browser:
        answer = await browser.get("/auth/me")
    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")


async def test_me_asked_quietly_is_no_error_where_nobody_ever_signed_in(house: House) -> None:
    async with house.browser() as browser:
        answer = await browser.get("/auth/me?quiet=true")
        assert (answer.status_code, answer.content) == (204, b"")
        house.hold(browser, "x" * 43)
        assert (await browser.get("/auth/me?quiet=true")).status_code == 401


async def test_me_says_who_and_in_which_seat(house: House) -> None:
    account, seats = await house.person(SeatKind.STAFF, SeatKind.GUARDIAN, unit=UNIT, functions=("nurse", "bus"))
    session = await house.session(account, seats[0], SeatKind.STAFF)
    async with house.browser() as browser:
        house.hold(browser, session.token)
        answer = await browser.get("/auth/me")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json() == {
        "account": account,
        "seat": seats[0],
        "kind": "staff",
        "name": "Anna at work",
        "lang": "sv",
        "assurance": "eid",
        "session": session.session_id,
        "functions": ["bus", "nurse"],
        "seats": [
            {"id": seats[0], "kind": "staff", "unit": UNIT, "label": "label of staff"},
            {"id": seats[1], "kind": "guardian", "unit": UNIT, "label": "label of guardian"},
        ],
    }


async def test_ways_names_what_is_set_up(house: House) -> None:
    async with house.browser() as browser:
        answer = await browser.get("/auth/ways")
    assert answer.json() == {"eid": [], "passkey": True, "demo": False}


async def test_sign_out_ends_the_session_and_takes_the_cookie(house: House) -> None:
    account, seats = await house.person(SeatKind.GUARDIAN)
    session = await house.session(account, seats[0], SeatKind.GUARDIAN)
    async with house.engine.write() as tx:
        await tx.execute(
            "INSERT INTO push_subscription (id, account_id, seat_id, session_id, endpoint, p256dh, auth, lang, "
            "created_at, confirm_token) VALUES ('p', $1, $2, $3, 'e', 'k', 'a', 'sv', 'now', 't')",
            account, seats[0], session.session_id,
        )  # fmt: skip
    async with house.browser() as browser:
        house.hold(browser, session.token)
        answer = await browser.post("/auth/sign-out")
        assert answer.status_code == 204
        assert "Max-Age=0" in answer.headers["set-cookie"]
        house.hold(browser, session.token)
        again = await browser.get("/auth/me")
    assert again.status_code == 401
    assert again.json()["data"] == {"reason": "signed_out"}
    assert await house.value("SELECT count(*) FROM push_subscription") == 0
    assert await house.value("SELECT session_id FROM touched") == session.session_id


async def test_sign_out_without_a_session_is_the_same_answer(house: House) -> None:
    async with house.browser() as browser:
        assert (await browser.post("/auth/sign-out")).status_code == 204


async def test_seat_switch_makes_a_new_session_and_prolongs_nothing(house: House) -> None:
    account, seats = await house.person(SeatKind.STAFF, SeatKind.GUARDIAN)
    session = await house.session(account, seats[0], SeatKind.STAFF)
    house.clock.advance(days=1)
    async with house.browser() as browser:
        house.hold(browser, session.token)
        answer = await browser.post("/auth/seat", json={"seat": seats[1]})
        assert answer.status_code == 204
        token = browser.cookies[house.cookie]
        me = (await browser.get("/auth/me")).json()
    assert token != session.token
    assert (me["seat"], me["kind"], me["assurance"]) == (seats[1], "guardian", "eid")
    old, new = session.session_id, me["session"]
    assert await house.value("SELECT end_reason FROM session WHERE id = $1", old) == "rotated"
    until = "SELECT absolute_until FROM session WHERE id = $1"
    assert await house.value(until, new) == await house.value(until, old)


async def test_switching_to_the_same_seat_only_renews_the_token(house: House) -> None:
    account, seats = await house.person(SeatKind.GUARDIAN)
    session = await house.session(account, seats[0], SeatKind.GUARDIAN)
    async with house.browser() as browser:
        house.hold(browser, session.token)
        assert (await browser.post("/auth/seat", json={"seat": seats[0]})).status_code == 204
        assert browser.cookies[house.cookie] != session.token
        me = (await browser.get("/auth/me")).json()
    assert (me["session"], me["assurance"]) == (session.session_id, "eid")


async def test_seat_of_somebody_else_is_not_found(house: House) -> None:
    account, seats = await house.person(SeatKind.GUARDIAN)
    _, others = await house.person(SeatKind.GUARDIAN, name="Omar")
    session = await house.session(account, seats[0], SeatKind.GUARDIAN)
    async with house.browser() as browser:
        house.hold(browser, session.token)
        assert (await browser.post("/auth/seat", json={"seat": others[0]})).status_code == 404
        assert (await browser.get("/auth/me")).json()["seat"] == seats[0]


async def test_verified_does_not_carry_over_to_an_unchecked_seat(house: House) -> None:
    account, seats = await house.person(SeatKind.STAFF, SeatKind.GUARDIAN)
    session = await house.session(account, seats[0], SeatKind.STAFF, Assurance.VERIFIED)
    async with house.browser() as browser:
        house.hold(browser, session.token)
        await browser.post("/auth/seat", json={"seat": seats[1]})
        assert (await browser.get("/auth/me")).json()["assurance"] == "code"


async def test_devices_are_ones_own_and_another_one_is_wiped(house: House) -> None:
    account, seats = await house.person(SeatKind.GUARDIAN)
    other_account, other_seats = await house.person(SeatKind.GUARDIAN, name="Omar")
    phone = await house.session(account, seats[0], SeatKind.GUARDIAN)
    tablet = await house.session(account, seats[0], SeatKind.GUARDIAN)
    foreign = await house.session(other_account, other_seats[0], SeatKind.GUARDIAN)
    async with house.browser() as browser:
        house.hold(browser, phone.token)
        listed = (await browser.get("/auth/sessions")).json()["sessions"]
        assert {(one["id"], one["current"]) for one in listed} == {
            (phone.session_id, True), (tablet.session_id, False)
        }  # fmt: skip
        assert (await browser.post(f"/auth/sessions/{foreign.session_id}/end")).status_code == 404
        assert (await browser.post(f"/auth/sessions/{tablet.session_id}/end")).status_code == 204
        assert (await browser.post(f"/auth/sessions/{tablet.session_id}/end")).status_code == 404
        house.hold(browser, tablet.token)
        assert (await browser.get("/auth/me")).json()["data"] == {"reason": "wipe"}
        house.hold(browser, phone.token)
        ended = await browser.post(f"/auth/sessions/{phone.session_id}/end")
        assert "Max-Age=0" in ended.headers["set-cookie"]
    assert await house.value("SELECT ended_at FROM session WHERE id = $1", foreign.session_id) is None


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, {"seat": "required"}),
        ({"seat": 7}, {"seat": "type"}),
        ({"seat": "x"}, {"seat": "not_allowed_value"}),
        ({"seat": "01980000-0000-7000-8000-000000000001", "secret": "Elsa"}, {"?": "unknown"}),
    ],
)
async def test_body_of_the_wrong_shape_names_the_field_and_repeats_nothing(
    house: House, body: dict[str, object], fields: dict[str, str]
) -> None:
    async with house.browser() as browser:
        answer = await browser.post("/auth/seat", json=body)
    assert answer.status_code == 400
    assert answer.json() == {"code": "invalid", "fields": fields}
    assert "Elsa" not in answer.text


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"null", b'{"token":"a","code":"b"}', b'{"join":true}', b"\xff"])
async def test_unreadable_body_is_never_a_500(house: House, raw: bytes) -> None:
    async with house.browser() as browser:
        answer = await browser.post(
            "/auth/invitation/redeem", content=raw, headers={"content-type": "application/json"})  # fmt: skip
    assert answer.status_code == 400


async def test_seen_at_moves_at_most_every_five_minutes(house: House) -> None:
    account, seats = await house.person(SeatKind.GUARDIAN)
    session = await house.session(account, seats[0], SeatKind.GUARDIAN)
    seen = "SELECT seen_at FROM session WHERE id = $1"
    first = await house.value(seen, session.session_id)
    async with house.browser() as browser:
        house.hold(browser, session.token)
        house.clock.advance(minutes=4)
        await browser.get("/auth/me")
        assert await house.value(seen, session.session_id) == first
        house.clock.advance(minutes=1)
        await browser.get("/auth/me")
    assert await house.value(seen, session.session_id) > first


async def test_every_address_is_described(house: House) -> None:
    described = house.app.openapi_schema.to_schema()
    assert "/auth/me" in described["paths"]
    assert "/auth/oidc/{key}/callback" in described["paths"]


async def test_plain_cookie_only_over_http_on_loopback(engine: Engine, clock: FrozenClock) -> None:
    assert House(engine, clock, origin=LOCAL).cookie == "sid"
