"""Devices: active once they have answered, one for each browser, and gone with their session."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from server import app as composition
from server.auth.sessions import end_session
from server.domain.actors import SeatKind
from server.domain.instants import to_text
from server.push import subscriptions
from server.push.tidy import tidy
from tests.push.house import PushHouse
from tests.push.test_saying import at


async def rows(house: PushHouse) -> list[tuple[Any, ...]]:
    async with house.parts.engine.read() as tx:
        return await tx.fetch("SELECT endpoint, account_id FROM push_subscription ORDER BY endpoint")


async def told(house: PushHouse) -> None:
    await house.meeting("2026-10-21T13:00")
    await house.tick()


async def test_nothing_is_pushed_to_a_device_that_has_not_answered(house: PushHouse) -> None:
    anna = await house.device("anna", confirmed=False)
    await told(house)
    assert anna.taken == [] and len(anna.tokens) == 1
    assert await house.health(anna) == "pending"
    await house.echo(anna)
    await told(house)
    assert len(anna.taken) == 1 and len(anna.tokens) == 1
    assert await house.health(anna) == "ok"


async def test_a_guessed_token_confirms_nothing(house: PushHouse) -> None:
    anna = await house.device("anna", confirmed=False)
    await house.tick()
    async with house.parts.engine.write() as tx:
        assert await subscriptions.confirm(tx, "x" * 32, to_text(house.clock.now())) is None
    await told(house)
    assert anna.taken == []


async def test_a_device_that_tells_again_stays_confirmed_and_is_not_asked_again(house: PushHouse) -> None:
    anna = await house.device("anna")
    for days in (7, 14):
        house.clock.advance(days=days)
        assert await house.subscribe(house.world["anna"], anna, lang="en") == {"accepted": True}
        await house.tick()
    assert len(anna.tokens) == 1 and await house.health(anna) == "ok"
    await told(house)
    assert anna.taken[-1]["notification"]["body"] == "You have something booked. Open to see more."


async def test_new_keys_or_another_person_must_answer_anew(house: PushHouse) -> None:
    shared = await house.device("anna")
    del house.sessions[shared.name]
    await house.subscribe(house.world["omar"], shared)
    await told(house)
    assert shared.taken == [] and len(shared.tokens) == 2
    await house.echo(shared)
    await told(house)
    assert len(shared.taken) == 1
    assert await rows(house) == [(shared.endpoint, house.world["omar"].account)]


async def test_a_browser_has_one_subscription(house: PushHouse) -> None:
    old = await house.device("anna")
    new = house.service.device("new")
    house.sessions["new"] = house.sessions[old.name]
    await house.subscribe(house.world["anna"], new)
    await house.tick()
    await house.echo(new)
    await told(house)
    assert (old.taken, len(new.taken)) == ([], 1)
    assert [endpoint for endpoint, _ in await rows(house)] == [new.endpoint]


async def test_an_address_that_is_no_push_service_is_not_kept(house: PushHouse) -> None:
    stranger = house.service.device("stranger")
    stranger.endpoint = "https://evil.example/x"
    assert await house.subscribe(house.world["anna"], stranger) == {"accepted": False}
    assert await rows(house) == []


@pytest.mark.parametrize("how", ["signed_out", "wipe", "unsubscribe_one", "unsubscribe_all"])
async def test_signing_out_or_off_removes_the_subscription_also_with_something_on_its_way(
    house: PushHouse, how: str
) -> None:
    anna = await house.device("anna")
    await house.act("anna", "settings.change", quiet_from="08:00", quiet_to="12:00")
    await told(house)
    assert (await house.states())["due"] == 1
    async with house.parts.engine.write() as tx:
        session, now = house.sessions[anna.name], house.clock.now()
        if how in ("signed_out", "wipe"):
            assert await end_session(tx, session, "wipe" if how == "wipe" else "signed_out", now)
    if how.startswith("unsubscribe"):
        await house.act("anna", "push.unsubscribe", endpoint=anna.endpoint if how == "unsubscribe_one" else None)
    assert await rows(house) == []
    await house.through(house.clock.now() + timedelta(hours=6))
    assert anna.taken == [] and (await house.states())["gone"] == 1
    await tidy(house.parts.house)
    assert await house.health(anna) == ("none" if how.startswith("unsubscribe") else "")


@pytest.fixture
async def browser(small: PushHouse) -> AsyncIterator[httpx.AsyncClient]:
    """The routes, as a service worker reaches them: without a session."""
    app: Any = composition.build_app(small.parts)
    origin = small.parts.settings.origin
    transport = httpx.ASGITransport(app=app, client=("127.0.0.1", 4000))
    async with httpx.AsyncClient(transport=transport, base_url=origin, headers={"origin": origin}) as client:
        yield client


async def test_the_service_worker_confirms_and_reports(small: PushHouse, browser: httpx.AsyncClient) -> None:
    key = (await browser.get("/push/key")).json()["key"]
    assert key == small.parts.key.public and len(key) == 87
    anna = await small.device("anna", confirmed=False)
    await small.tick()
    assert (await browser.post("/push/confirm", json={"token": anna.tokens[0]})).status_code == 204
    await told(small)
    (shown,) = anna.taken
    assert (await browser.post("/push/seen", json={"id": shown["id"]})).status_code == 204
    assert (await small.states())["seen"] >= 1


async def test_the_routes_tell_nothing_about_what_they_do_not_know(
    small: PushHouse, browser: httpx.AsyncClient
) -> None:
    for path, body, status in (
        ("/push/confirm", {"token": "x" * 32}, 204),
        ("/push/seen", {"id": "01980000-0000-7000-8000-00000000000a"}, 204),
        ("/push/confirm", {"token": "short"}, 400),
        ("/push/seen", {"id": 7}, 400),
        ("/push/seen", {"id": "x" * 36, "more": 1}, 400),
    ):
        assert (await browser.post(path, json=body)).status_code == status, (path, body)
    stranger = await browser.post("/push/seen", json={"id": "x" * 36}, headers={"origin": "https://evil.example"})
    assert stranger.status_code == 403


async def test_a_person_in_two_seats_is_told_once_on_each_device_whichever_seat_it_is_used_in(small: PushHouse) -> None:
    """One browser has one session, of one seat: switching takes the subscription along, another phone has its own.

    What is about work waits for Monday on both: a weekend is quiet by what is told, not by the seat.
    """
    work, phone = await small.device("maria"), await small.device("maria")
    maria = small.world["maria"]
    seat = await small.world.stage.seat(maria.account, SeatKind.GUARDIAN)
    private = await small.world.stage.person(maria.account, seat)
    del small.sessions[phone.name]
    async with small.parts.engine.write() as tx:
        await tx.execute("DELETE FROM push_subscription WHERE endpoint = $1", phone.endpoint)
    await small.subscribe(private, phone)
    await small.tick()
    await small.echo(phone)
    await small.tick()
    assert sorted(await rows(small)) == sorted([(work.endpoint, maria.account), (phone.endpoint, maria.account)])
    small.clock.set(at("2026-09-05 12:00"))  # a Saturday
    meeting = await small.meeting("2026-10-21T13:00")
    await small.act("anna", "meeting.ask_new_time", meeting=meeting)
    await small.tick()
    await small.through(at("2026-09-07 06:59"))
    assert (len(work.taken), len(phone.taken)) == (0, 0)
    await small.through(at("2026-09-07 07:00"))
    told = [sorted(payload["notification"]["tag"] for payload in device.taken) for device in (work, phone)]
    assert told[0] == told[1] and 0 < len(told[0]) == len(set(told[0]))
