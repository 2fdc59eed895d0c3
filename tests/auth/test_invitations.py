"""Invitations: single use under a race, replay, guessing, enumeration, and nobody shut out."""

from __future__ import annotations

import asyncio
import contextvars
import random
import statistics
import time
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import pytest

from server.auth.card import invitation_link, qr_svg
from server.auth.invitations import (
    LIFETIME,
    NewInvitation,
    Redeemed,
    Subject,
    cancel_invitations,
    create_invitation,
    redeem,
    refuse_unredeemed,
)
from server.auth.limits import OWN, PER_PREFIX, WHOLE_HOUSE, place_of
from server.auth.tokens import CODE_ALPHABET, CODE_LENGTH, new_code, new_token, read_code
from server.domain.actors import Assurance, SeatKind
from server.errors import Refused
from tests.auth.house import AREA, CHILD, ORGANISATION, SITE, UNIT, House


async def _redeem(
    house: House, client: str = "192.0.2.10", *, token: str | None = None, code: str | None = None
) -> Redeemed:
    async with house.engine.write() as tx:
        return await redeem(
            tx, token=token, code=code, place=place_of(client), label="", now=house.clock.now(),
            on_redeemed=house.on_redeemed,
        )  # fmt: skip


async def test_link_makes_account_seat_and_a_session_of_level_code(house: House) -> None:
    invitation = await house.invitation(SeatKind.STAFF, name="Maria", unit=UNIT, area=AREA, organisation=ORGANISATION)
    async with house.browser() as browser:
        answer = await browser.post("/auth/invitation/redeem", json={"token": invitation.token})
        assert answer.status_code == 204
        me = (await browser.get("/auth/me")).json()
    assert (me["name"], me["kind"], me["assurance"], me["seats"][0]["unit"]) == ("Maria", "staff", "code", UNIT)
    assert house.redeemed == [(invitation.id, me["account"], me["seat"])]
    row = "SELECT area_id || organisation_id FROM seat"
    assert await house.value(row) == AREA + ORGANISATION
    assert await house.value("SELECT used_by FROM invitation") == me["account"]


async def test_code_is_read_as_people_write_it(house: House) -> None:
    invitation = await house.invitation()
    halves = f"{invitation.code[:5]}-{invitation.code[5:]}"
    typed = f" {halves.lower().replace('0', 'o').replace('1', 'l')} "
    async with house.browser() as browser:
        assert (await browser.post("/auth/invitation/redeem", json={"code": typed})).status_code == 204


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ABCDE-FGHJK", "ABCDEFGHJK"),
        ("abcde fghjk", "ABCDEFGHJK"),
        ("oil0o-il0oi", "0110011001"),
        ("ABCDE-FGHJU", None),
        ("ABCDE-FGHJ", None),
        ("ABCDE-FGHJKM", None),
        ("ABCDE-FGHJÅ", None),
        ("", None),
    ],
)
def test_read_code(typed: str, meant: str | None) -> None:
    assert read_code(typed) == meant


def test_codes_and_tokens_are_long_and_unlike() -> None:
    codes, tokens = {new_code() for _ in range(500)}, {new_token() for _ in range(500)}
    assert len(codes) == len(tokens) == 500
    assert all(len(code) == CODE_LENGTH and set(code) <= set(CODE_ALPHABET) for code in codes)
    assert all(len(token) == 43 for token in tokens)


async def test_neither_token_nor_code_is_stored(house: House) -> None:
    invitation = await house.invitation()
    async with house.engine.read() as tx:
        stored = str(await tx.fetch("SELECT * FROM invitation"))
    assert invitation.token not in stored and invitation.code not in stored


async def test_fifty_at_once_exactly_one_wins(house: House) -> None:
    for by_code in (True, False):
        invitation = await house.invitation()
        by = {"code": invitation.code} if by_code else {"token": invitation.token}
        tasks = [
            asyncio.create_task(_redeem(house, f"192.0.2.{n}", **by), context=contextvars.Context()) for n in range(50)
        ]
        outcomes = await asyncio.gather(*tasks)
        assert sum(outcome.session is not None for outcome in outcomes) == 1
    assert await house.value("SELECT count(*) FROM account") == 2
    assert len(house.redeemed) == 2


async def test_replay_after_use_and_after_expiry(house: House) -> None:
    used, expired, edge = await house.invitation(), await house.invitation(), await house.invitation()
    assert (await _redeem(house, token=used.token)).session is not None
    for again in ({"token": used.token}, {"code": used.code}):
        assert (await _redeem(house, **again)) == Redeemed()
    house.clock.advance(seconds=LIFETIME.total_seconds() - 0.001)
    assert (await _redeem(house, token=edge.token)).session is not None
    house.clock.advance(seconds=0.001)
    for late in ({"token": expired.token}, {"code": expired.code}):
        assert (await _redeem(house, **late)) == Redeemed()


async def test_a_code_is_no_token_and_a_token_no_code(house: House) -> None:
    invitation = await house.invitation()
    assert (await _redeem(house, token=invitation.code)) == Redeemed()
    assert (await _redeem(house, code=invitation.token)) == Redeemed()
    assert (await _redeem(house, token="code:" + invitation.code)) == Redeemed()


async def test_new_invitation_for_the_same_relation_ends_the_old_one(house: House) -> None:
    first = await house.invitation(relation="r1")
    other = await house.invitation(relation="r2")
    second = await house.invitation(relation="r1")
    assert (await _redeem(house, token=first.token)) == Redeemed()
    assert (await _redeem(house, token=second.token)).session is not None
    async with house.engine.write() as tx:
        assert await cancel_invitations(tx, CHILD, "r2", house.clock.now()) == 1
    assert (await _redeem(house, token=other.token)) == Redeemed()


async def test_longer_than_seven_days_is_a_mistake_of_ours(house: House) -> None:
    async with house.engine.write() as tx:
        with pytest.raises(ValueError, match="seven days"):
            await create_invitation(
                tx, SeatKind.GUARDIAN, CHILD, Subject("Anna"), "maria", house.clock.now(), lifetime=LIFETIME * 2
            )


async def test_refusal_of_what_follows_leaves_the_invitation_unspent(house: House) -> None:
    invitation = await house.invitation()
    house.refuse_redemption = True
    async with house.browser() as browser:
        assert (await browser.post("/auth/invitation/redeem", json={"token": invitation.token})).status_code == 409
    house.refuse_redemption = False
    assert (await _redeem(house, token=invitation.token)).session is not None


async def test_joining_adds_a_seat_to_the_account_and_e_id_carries_over(house: House) -> None:
    account, seats = await house.person(SeatKind.STAFF, name="Johan")
    session = await house.session(account, seats[0], SeatKind.STAFF, Assurance.EID)
    invitation = await house.invitation()
    async with house.browser() as browser:
        house.hold(browser, session.token)
        answer = await browser.post("/auth/invitation/redeem", json={"token": invitation.token, "join": True})
        assert answer.status_code == 204
        me = (await browser.get("/auth/me")).json()
    assert (me["account"], me["kind"], me["assurance"], len(me["seats"])) == (account, "guardian", "eid", 2)
    assert await house.value("SELECT end_reason FROM session WHERE id = $1", session.session_id) == "rotated"


async def _joined(house: House, invitation: NewInvitation, token: str) -> dict[str, Any]:
    """Who the browser is after it has joined with a second invitation."""
    async with house.browser() as browser:
        house.hold(browser, token)
        answer = await browser.post("/auth/invitation/redeem", json={"token": invitation.token, "join": True})
        assert answer.status_code == 204
        me: dict[str, Any] = (await browser.get("/auth/me")).json()
        return me


@pytest.mark.parametrize("level", list(Assurance))
async def test_a_guardian_has_one_seat_for_all_their_children(house: House, level: Assurance) -> None:
    account, (seat,) = await house.person(SeatKind.GUARDIAN, name="Sofia")
    session = await house.session(account, seat, SeatKind.GUARDIAN, level)
    me = await _joined(house, await house.invitation(), session.token)
    assert (me["account"], me["seat"], len(me["seats"]), me["assurance"]) == (account, seat, 1, level.text)
    assert me["session"] == session.session_id, "the device goes on with what it has"
    async with house.browser() as before:
        house.hold(before, session.token)
        assert (await before.get("/auth/me")).status_code == 401, "and with another token"


async def test_a_supporter_of_two_families_has_a_seat_in_each(house: House) -> None:
    account, (seat,) = await house.person(SeatKind.SUPPORTER, name="Stina")
    session = await house.session(account, seat, SeatKind.SUPPORTER)
    me = await _joined(house, await house.invitation(SeatKind.SUPPORTER), session.token)
    assert me["seat"] != seat and len(me["seats"]) == 2


async def test_a_colleague_invited_to_the_same_unit_again_keeps_the_seat(house: House) -> None:
    place = {"unit": UNIT, "area": AREA, "organisation": ORGANISATION}
    first = await _redeem(house, token=(await house.invitation(SeatKind.STAFF, **place)).token)
    assert first.session is not None
    seat = await house.value("SELECT seat_id FROM session WHERE id = $1", first.session.session_id)
    again = await _joined(house, await house.invitation(SeatKind.STAFF, **place), first.session.token)
    assert again["seat"] == seat and len(again["seats"]) == 1
    other = {**place, "unit": CHILD}
    elsewhere = await house.invitation(SeatKind.STAFF, **other)
    async with house.browser() as browser:
        answer = await browser.post("/auth/invitation/redeem", json={"token": elsewhere.token})
        assert answer.status_code == 204, "without joining it is somebody else"
        assert (await browser.get("/auth/me")).json()["account"] != again["account"]


async def test_on_a_shared_tablet_the_other_persons_session_ends(house: House) -> None:
    account, seats = await house.person(SeatKind.GUARDIAN, name="Omar")
    session = await house.session(account, seats[0], SeatKind.GUARDIAN)
    invitation = await house.invitation()
    async with house.browser() as browser:
        house.hold(browser, session.token)
        await browser.post("/auth/invitation/redeem", json={"code": invitation.code})
        assert (await browser.get("/auth/me")).json()["account"] != account
    assert await house.value("SELECT end_reason FROM session WHERE id = $1", session.session_id) == "signed_out"


async def test_joining_needs_somebody_signed_in(house: House) -> None:
    invitation = await house.invitation()
    async with house.browser() as browser:
        answer = await browser.post("/auth/invitation/redeem", json={"token": invitation.token, "join": True})
    assert answer.status_code == 401
    assert (await _redeem(house, token=invitation.token)).session is not None


async def test_unknown_used_and_expired_are_the_same_answer(house: House) -> None:
    used, expired = await house.invitation(), await house.invitation()
    await _redeem(house, token=used.token)
    async with house.engine.write() as tx:
        await tx.execute("UPDATE invitation SET expires_at = created_at WHERE id = $1", expired.id)
    bodies = [
        {"token": new_token()}, {"token": used.token}, {"token": expired.token}, {"token": "x"}, {"token": "å"},
        {"code": new_code()}, {"code": used.code}, {"code": expired.code}, {"code": "nonsense"},
    ]  # fmt: skip
    answers = []
    for n, body in enumerate(bodies):
        async with house.browser(client=f"198.51.100.{n}") as browser:
            answer = await browser.post("/auth/invitation/redeem", json=body)
        answers.append((answer.status_code, answer.content, sorted(answer.headers.items())))
    assert all(answer == answers[0] for answer in answers)
    assert answers[0][0] == 404


@pytest.mark.parametrize("pairs", [60, pytest.param(2_000, marks=pytest.mark.promise)])
async def test_unknown_and_used_take_the_same_time(house: House, pairs: int) -> None:
    used = await house.invitation()
    await _redeem(house, token=used.token)
    differences = []
    for n in range(pairs):
        times = {}
        # The order alternates, so that what warms up does not favour one of them.
        for which in ("used", "unknown") if n % 2 else ("unknown", "used"):
            code = used.code if which == "used" else new_code()
            house.clock.advance(minutes=11)
            began = time.perf_counter()
            await _redeem(house, f"10.{n % 250}.0.1", code=code)
            times[which] = time.perf_counter() - began
        differences.append(times["used"] - times["unknown"])
    assert abs(statistics.median(differences)) < 0.005


@pytest.mark.parametrize(("workers", "guesses"), [(8, 480), pytest.param(64, 100_000, marks=pytest.mark.promise)])
async def test_guess_campaign_hits_nothing_and_is_stopped(house: House, workers: int, guesses: int) -> None:
    live = [await house.invitation() for _ in range(100)]
    dice = random.Random(1)

    async def worker(n: int) -> tuple[int, int]:
        hits = tried = 0
        for _ in range(-(-guesses // workers)):
            code = "".join(dice.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
            outcome = await _redeem(house, f"203.0.113.{n}", code=code)
            hits += outcome.session is not None
            tried += outcome.retry_after_s == 0
        return hits, tried

    results = await asyncio.gather(
        *(asyncio.create_task(worker(n), context=contextvars.Context()) for n in range(workers))
    )
    assert sum(hits for hits, _ in results) == 0
    # The clock stands still: one window. Each address has its own tries, then the prefix they share is spent.
    assert sum(tried for _, tried in results) <= workers * OWN.count + PER_PREFIX.count
    odds = guesses * len(live) / len(CODE_ALPHABET) ** CODE_LENGTH
    assert odds < 2**-20


async def test_flood_from_many_networks_is_stopped_by_the_house_and_shuts_nobody_out(house: House) -> None:
    invitation = await house.invitation()
    allowed = 0
    for n in range(80):
        for _ in range(OWN.count + 5):
            allowed += (await _redeem(house, f"10.{n}.0.1", code=new_code())).retry_after_s == 0
    assert allowed <= 80 * OWN.count + WHOLE_HOUSE.count
    assert (await _redeem(house, "192.0.2.10", code=invitation.code)).session is not None


async def test_neighbour_cannot_lock_out(house: House) -> None:
    by_code, by_link = await house.invitation(), await house.invitation()
    for _ in range(OWN.count + PER_PREFIX.count + 5):
        last = await _redeem(house, "192.0.2.66", code=new_code())
    assert last.retry_after_s > 0
    with pytest.raises(Refused) as refusal:
        refuse_unredeemed(last)
    assert refusal.value.code == "rate_limited" and refusal.value.data == {"retry_after_ms": last.retry_after_s * 1000}
    # Same network, another address: own tries. Same address: the link on the card.
    assert (await _redeem(house, "192.0.2.10", code=by_code.code)).session is not None
    assert (await _redeem(house, "192.0.2.66", token=by_link.token)).session is not None
    # And after the window the shared address is free again.
    third = await house.invitation()
    house.clock.advance(minutes=1)
    assert (await _redeem(house, "192.0.2.66", code=third.code)).session is not None


async def test_one_ipv6_network_cannot_multiply_its_tries(house: House) -> None:
    allowed = 0
    for n in range(120):
        allowed += (await _redeem(house, f"2001:db8:1:{n:x}::1", code=new_code())).retry_after_s == 0
    assert allowed <= 100 + PER_PREFIX.count
    invitation = await house.invitation()
    assert (await _redeem(house, "2001:db8:2::1", code=invitation.code)).session is not None


@pytest.mark.parametrize(
    ("client", "own", "prefix"),
    [
        ("192.0.2.77", "192.0.2.77", "192.0.2.0/24"),
        ("::ffff:192.0.2.77", "192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64", "2001:db8:1::/56"),
        ("fe80::1%eth0", "fe80::/64", "fe80::/56"),
        (None, "unknown", "unknown"),
        ("testclient", "unknown", "unknown"),
    ],
)
def test_place_of(client: str | None, own: str, prefix: str) -> None:
    assert (place_of(client).own, place_of(client).prefix) == (own, prefix)


def test_card_has_the_token_where_no_server_sees_it() -> None:
    link = invitation_link(SITE, "t" * 43)
    assert link == f"{SITE}/invitation#{'t' * 43}"
    picture = ElementTree.fromstring(qr_svg(link, "Inbjudan"))
    assert picture.tag == "{http://www.w3.org/2000/svg}svg"
    text = ElementTree.tostring(picture, encoding="unicode")
    assert "style" not in text and "script" not in text and "href" not in text and "Inbjudan" in text


def test_lifetime_is_seven_days() -> None:
    assert timedelta(days=7) == LIFETIME
