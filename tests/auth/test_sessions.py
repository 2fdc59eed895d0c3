"""Sessions: fixation, rotation, cookies, limits, ends."""

from __future__ import annotations

from datetime import timedelta

import pytest

from server.auth.sessions import (
    CODE_ABSOLUTE,
    FAMILY_ABSOLUTE,
    FAMILY_IDLE,
    PROFESSIONAL_ABSOLUTE,
    PROFESSIONAL_IDLE,
    NewSession,
    SignedIn,
    authenticate,
    end_expired,
    end_session,
    end_sessions_of_seat,
    signed_in,
    step_up,
    touch,
)
from server.auth.tidy import tidy_auth
from server.auth.tokens import hash_token
from server.domain.actors import Assurance, SeatKind
from server.domain.instants import to_text
from server.storage.engine import Engine
from tests.auth.house import LOCAL, House
from tests.clock import FrozenClock


async def _guardian(house: House, assurance: Assurance = Assurance.EID) -> tuple[str, str, NewSession]:
    account, seats = await house.person(SeatKind.GUARDIAN)
    return account, seats[0], await house.session(account, seats[0], SeatKind.GUARDIAN, assurance)


async def _look(house: House, token: str) -> SignedIn:
    found = await _look_up(house, token)
    assert found is not None
    return found


async def _look_up(house: House, token: str | None) -> SignedIn | None:
    async with house.engine.read() as tx:
        return await authenticate(tx, token, house.clock.now())


async def test_only_the_hash_is_stored(house: House) -> None:
    _, _, session = await _guardian(house)
    assert len(session.token) == 43
    assert await house.value("SELECT token_hash FROM session") == hash_token(session.token)


@pytest.mark.parametrize("token", [None, "", "x", "a" * 43, "' OR 1=1 --", "å" * 10])
async def test_unknown_token_is_nobody(house: House, token: str | None) -> None:
    await _guardian(house)
    assert await _look_up(house, token) is None


async def test_token_planted_before_sign_in_is_worth_nothing(engine: Engine, clock: FrozenClock) -> None:
    house = House(engine, clock)
    invitation = await house.invitation()
    async with house.browser() as victim, house.browser() as attacker:
        planted = "attacker-chosen-token-attacker-chosen-token"
        house.hold(victim, planted)
        answer = await victim.post("/auth/invitation/redeem", json={"token": invitation.token})
        assert answer.status_code == 204
        assert planted not in answer.headers["set-cookie"]
        house.hold(attacker, planted)
        assert (await attacker.get("/auth/me")).status_code == 401


async def test_cookie_over_tls(house: House) -> None:
    invitation = await house.invitation()
    async with house.browser() as browser:
        answer = await browser.post("/auth/invitation/redeem", json={"token": invitation.token})
    name, _, rest = answer.headers["set-cookie"].partition("=")
    attributes = {part.strip().lower() for part in rest.split(";")[1:]}
    assert name == "__Host-sid"
    assert attributes == {
        "httponly",
        "secure",
        "samesite=lax",
        "path=/",
        f"max-age={int(CODE_ABSOLUTE.total_seconds())}",
    }


async def test_cookie_over_http_on_loopback(engine: Engine, clock: FrozenClock) -> None:
    house = House(engine, clock, origin=LOCAL)
    invitation = await house.invitation()
    async with house.browser(client="127.0.0.1") as browser:
        answer = await browser.post("/auth/invitation/redeem", json={"token": invitation.token})
    assert answer.headers["set-cookie"].startswith("sid=")
    assert "secure" not in answer.headers["set-cookie"].lower()


async def test_prefixed_cookie_is_the_only_one_read_over_tls(house: House) -> None:
    _, _, session = await _guardian(house)
    async with house.browser() as browser:
        browser.cookies.set("sid", session.token, domain="samled.example", path="/")
        assert (await browser.get("/auth/me")).status_code == 401


async def test_step_up_rotates_at_once(house: House) -> None:
    _, _, session = await _guardian(house, Assurance.CODE)
    before = await _look(house, session.token)
    async with house.engine.write() as tx:
        stepped = await step_up(tx, before, Assurance.EID, house.clock.now())
        assert stepped is not None
        assert await step_up(tx, before, Assurance.EID, house.clock.now()) is None, "one step from one state"
    assert await _look_up(house, session.token) is None
    after = await _look(house, stepped.token)
    assert (after.session_id, after.actor.assurance) == (session.session_id, Assurance.EID)


async def test_weaker_proof_keeps_the_level_and_prolongs_nothing(house: House) -> None:
    _, _, session = await _guardian(house, Assurance.EID)
    house.clock.advance(days=1)
    before = await _look(house, session.token)
    async with house.engine.write() as tx:
        stepped = await step_up(tx, before, Assurance.VERIFIED, house.clock.now())
    assert stepped is not None
    after = await _look(house, stepped.token)
    assert (after.actor.assurance, after.absolute_until) == (Assurance.EID, session.absolute_until)


@pytest.mark.parametrize(
    ("kind", "assurance", "idle", "absolute"),
    [
        (SeatKind.GUARDIAN, Assurance.EID, FAMILY_IDLE, FAMILY_ABSOLUTE),
        (SeatKind.YOUNG, Assurance.CODE, FAMILY_IDLE, CODE_ABSOLUTE),
        (SeatKind.STAFF, Assurance.EID, PROFESSIONAL_IDLE, PROFESSIONAL_ABSOLUTE),
        (SeatKind.ADMIN, Assurance.VERIFIED, PROFESSIONAL_IDLE, PROFESSIONAL_ABSOLUTE),
    ],
)
async def test_idle_and_absolute_limits(
    house: House, kind: SeatKind, assurance: Assurance, idle: timedelta, absolute: timedelta
) -> None:
    account, seats = await house.person(kind)
    start = house.clock.now()
    left = await house.session(account, seats[0], kind, assurance)
    used = await house.session(account, seats[0], kind, assurance)
    house.clock.set(start + idle - timedelta(milliseconds=1))
    assert (await _look(house, left.token)).ended is None
    house.clock.set(start + idle)
    assert (await _look(house, left.token)).ended == "signed_out", "exclusive: at the limit it is over"
    house.clock.set(start)
    while house.clock.now() + idle / 2 < start + absolute:
        house.clock.advance(seconds=(idle / 2).total_seconds())
        seen = await signed_in(house.engine, used.token, house.clock.now())
        assert seen is not None and seen.ended is None
    house.clock.set(start + absolute - timedelta(milliseconds=1))
    assert (await _look(house, used.token)).ended is None
    house.clock.set(start + absolute)
    assert (await _look(house, used.token)).ended == "signed_out"


async def test_touch_never_moves_idle_beyond_absolute(house: House) -> None:
    account, seats = await house.person(SeatKind.STAFF)
    session = await house.session(account, seats[0], SeatKind.STAFF)
    for _ in range(6):
        house.clock.advance(days=2)
        found = await _look(house, session.token)
        async with house.engine.write() as tx:
            await touch(tx, found, house.clock.now())
    assert await house.value("SELECT idle_until FROM session") == to_text(session.absolute_until)


async def test_end_tells_the_other_processes_once(house: House) -> None:
    _, _, session = await _guardian(house)
    async with house.engine.write() as tx:
        assert await end_session(tx, session.session_id, "signed_out", house.clock.now())
        assert not await end_session(tx, session.session_id, "signed_out", house.clock.now())
    assert (await _look(house, session.token)).ended == "signed_out"
    assert await house.value("SELECT count(*) FROM touched") == 1


async def test_wipe_holds_against_a_session_signed_out_before(house: House) -> None:
    _, _, session = await _guardian(house)
    async with house.engine.write() as tx:
        await end_session(tx, session.session_id, "signed_out", house.clock.now())
        assert await end_session(tx, session.session_id, "wipe", house.clock.now())
        assert not await end_session(tx, session.session_id, "wipe", house.clock.now())
    assert (await _look(house, session.token)).ended == "wipe"


async def test_end_undone_by_rollback_leaves_the_session(house: House) -> None:
    _, _, session = await _guardian(house)
    with pytest.raises(RuntimeError, match="undone"):
        async with house.engine.write() as tx:
            await end_session(tx, session.session_id, "wipe", house.clock.now())
            raise RuntimeError("undone")
    assert (await _look(house, session.token)).ended is None
    assert await house.value("SELECT count(*) FROM touched") == 0


async def test_ended_seat_and_ended_account_wipe(house: House) -> None:
    _, seat, session = await _guardian(house)
    other_account, _, other = await _guardian(house)
    async with house.engine.write() as tx:
        await tx.execute("UPDATE seat SET ended_at = $1 WHERE id = $2", to_text(house.clock.now()), seat)
        await tx.execute("UPDATE account SET ended_at = $1 WHERE id = $2", to_text(house.clock.now()), other_account)
    assert (await _look(house, session.token)).ended == "wipe"
    assert (await _look(house, other.token)).ended == "wipe"


async def test_all_sessions_of_a_seat_end_and_no_other(house: House) -> None:
    account, seats = await house.person(SeatKind.STAFF, SeatKind.GUARDIAN)
    phone, desk = [await house.session(account, seats[0], SeatKind.STAFF) for _ in range(2)]
    home = await house.session(account, seats[1], SeatKind.GUARDIAN)
    async with house.engine.write() as tx:
        assert await end_sessions_of_seat(tx, seats[0], "wipe", house.clock.now()) == 2
    assert [(await _look(house, one.token)).ended for one in (phone, desk, home)] == ["wipe", "wipe", None]


async def test_sessions_that_ran_out_are_ended_by_the_worker(house: House) -> None:
    _, _, session = await _guardian(house)
    house.clock.advance(days=14)
    async with house.engine.write() as tx:
        assert await end_expired(tx, house.clock.now()) == 1
        assert await tidy_auth(tx, house.clock.now()) == 0
    assert (await _look(house, session.token)).ended == "signed_out"
    assert await house.value("SELECT end_reason FROM session") == "expired"


async def test_functions_and_name_come_from_the_staff_record_and_family_has_none(house: House) -> None:
    account, seats = await house.person(SeatKind.STAFF, functions=("school_counsellor",))
    session = await house.session(account, seats[0], SeatKind.STAFF)
    found = await _look(house, session.token)
    assert (found.actor.functions, found.actor.name) == (frozenset({"school_counsellor"}), "Anna at work")
    _, _, family = await _guardian(house)
    assert (await _look(house, family.token)).actor.functions == frozenset()
