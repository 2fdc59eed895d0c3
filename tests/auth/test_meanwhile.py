"""A session that ends between the reading of its cookie and the deed: nothing that outlives it comes of it."""

from __future__ import annotations

import pytest

from server.auth.challenges import Challenge
from server.auth.door import Asking, Returned, enter
from server.auth.id_token import Identified
from server.auth.invitations import redeem
from server.auth.limits import place_of
from server.auth.passkeys import begin_registration, finish_registration
from server.auth.sessions import SignedIn, authenticate, end_session
from server.auth.signin import may_add_proof, switch_seat
from server.domain.actors import Assurance, SeatKind
from server.errors import Refused
from tests.auth.authenticator import Authenticator
from tests.auth.house import SITE, House


async def _forgotten(house: House, *kinds: SeatKind, level: Assurance = Assurance.EID) -> tuple[SignedIn, list[str]]:
    """(the session as a request read it, the seats of its person); since then the person has forgotten the device."""
    account, seats = await house.person(*kinds)
    session = await house.session(account, seats[0], kinds[0], level)
    async with house.engine.read() as tx:
        found = await authenticate(tx, session.token, house.clock.now())
    assert found is not None and found.ended is None
    async with house.engine.write() as tx:
        assert await end_session(tx, found.session_id, "wipe", house.clock.now())
    return found, seats


async def _sessions(house: House, account: str) -> int:
    return int(await house.value("SELECT count(*) FROM session WHERE account_id = $1", account))


async def test_a_forgotten_device_cannot_go_on_in_another_seat(house: House) -> None:
    found, seats = await _forgotten(house, SeatKind.STAFF, SeatKind.GUARDIAN)
    for seat in seats:
        with pytest.raises(Refused, match="not_signed_in"):
            async with house.engine.write() as tx:
                now = house.clock.now()
                await switch_seat(tx, found, seat, is_verified=house.is_verified, label="", now=now)
    assert await _sessions(house, found.actor.account) == 1


async def test_a_forgotten_device_cannot_join_by_an_invitation(house: House) -> None:
    found, _ = await _forgotten(house, SeatKind.STAFF)
    made = await house.invitation()
    with pytest.raises(Refused, match="not_signed_in"):
        async with house.engine.write() as tx:
            await redeem(
                tx,
                token=made.token,
                place=place_of("192.0.2.1"),
                label="",
                now=house.clock.now(),
                on_redeemed=house.on_redeemed,
                joining=found,
                replaced=found,
            )
    assert await _sessions(house, found.actor.account) == 1
    assert await house.value("SELECT used_at FROM invitation WHERE id = $1", made.id) is None


async def test_a_forgotten_device_leaves_no_passkey_and_removes_none(house: House) -> None:
    account, seats = await house.person(SeatKind.GUARDIAN)
    session = await house.session(account, seats[0], SeatKind.GUARDIAN)
    device = Authenticator(SITE, "samled.example")
    async with house.engine.write() as tx:
        found = await authenticate(tx, session.token, house.clock.now())
        assert found is not None
        asked = await begin_registration(tx, house.setup.party, found, house.clock.now())
    async with house.engine.write() as tx:
        await end_session(tx, found.session_id, "wipe", house.clock.now())
    credential = device.make(asked.options)
    with pytest.raises(Refused, match="not_signed_in"):
        async with house.engine.write() as tx:
            await finish_registration(tx, house.setup.party, found, asked.id, credential, "", house.clock.now())
    assert await house.value("SELECT count(*) FROM passkey WHERE account_id = $1", account) == 0
    with pytest.raises(Refused, match="not_signed_in"):
        async with house.engine.write() as tx:
            await may_add_proof(tx, found)


async def test_a_forgotten_device_joins_no_identity(house: House) -> None:
    found, _ = await _forgotten(house, SeatKind.GUARDIAN)
    challenge = Challenge("", None, found.session_id, {})
    returned = Returned(Asking("", "", ""), challenge, "/", joins=True)
    with pytest.raises(Refused, match="not_signed_in"):
        async with house.engine.write() as tx:
            await enter(
                tx,
                Identified("https://idp.example", "somebody", "loa3"),
                returned,
                current=found,
                is_verified=house.is_verified,
                label="",
                now=house.clock.now(),
            )
    assert await house.value("SELECT count(*) FROM identity WHERE account_id = $1", found.actor.account) == 0
