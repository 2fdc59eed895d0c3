"""P2: a withdrawal bites at once, whatever is under way: hello, pull, POST, live connection, queued commands."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from server.domain import scopes
from tests.conftest import Place
from tests.people import add_guardian
from tests.promises.faults import Delaying
from tests.sync.peer import Peer, Town, town_at

TOLD_S = 2.0


@dataclass
class Case:
    """Who loses what, and how. `room` empty: everything."""

    who: str
    room: str
    lose: Callable[[], Awaitable[object]]
    tidy: Callable[[], Awaitable[object]] | None = None
    peers: list[Peer] = field(default_factory=list)


@pytest.fixture
async def town(place: Place) -> AsyncIterator[tuple[Town, Delaying]]:
    made: list[Delaying] = []

    def wrap(engine: Any) -> Any:
        made.append(Delaying(engine))
        return made[0]

    async with town_at(place, wrap) as town:
        yield town, made[0]


async def consent_withdrawn(town: Town, rng: random.Random) -> Case:
    consent = await town.share()
    by = rng.choice(("anna", "omar", "maria"))
    room = scopes.consent(consent, town.world.units["clinic"])
    return Case("jonas", room, lambda: town.act(by, "consent.withdraw", consent=consent))


async def seat_ended(town: Town, rng: random.Random) -> Case:
    consent = await town.share()
    seat = town.world["jonas"].seat
    room = scopes.consent(consent, town.world.units["clinic"])
    return Case(
        "jonas",
        room,
        lambda: town.act("maria", "seat.end", child=town.world.elsa, person=seat),
        lambda: town.act("maria", "consent.withdraw", consent=consent),
    )


async def guardian_ended(town: Town, rng: random.Random) -> Case:
    name = f"G{rng.randrange(10**9)}"
    person = await add_guardian(town.world, town.world.elsa, name)
    relation = town.world.relations[name.lower()]
    room = scopes.guardian(town.world.elsa, person.account)
    return Case(name.lower(), room, lambda: town.act("maria", "guardian.end", child=town.world.elsa, relation=relation))


async def device_forgotten(town: Town, rng: random.Random) -> Case:
    case = Case("omar", "", lambda: town.act("omar", "device.forget", device=case.peers[0].session))
    return case


async def protected(town: Town, rng: random.Random) -> Case:
    room = scopes.young(town.world.noor)
    return Case(
        "noor",
        room,
        lambda: town.act("maria", "protect.set", child=town.world.noor, alias="Kim"),
        lambda: town.act("johan", "protect.lift", child=town.world.noor),
    )


KINDS = (consent_withdrawn, seat_ended, guardian_ended, device_forgotten, protected)


async def interleave(town: Town, engine: Delaying, seed: int) -> None:
    rng = random.Random(seed)
    engine.rng, engine.on = random.Random(f"{seed}/engine"), False
    case = await KINDS[seed % len(KINDS)](town, rng)
    live = await town.peer(case.who)
    case.peers.append(live)
    if case.room:
        assert case.room in live.copy.scopes
    # The others are devices of the same seat; of a forgotten device only its own session counts.
    late = await town.peer(case.who, greet=False)
    if not case.room:
        late.session = live.session
        late.open()
    case.peers.append(late)
    canary = f"CANARY {seed}"
    gone = False
    begun_after: list[tuple[str, list[dict[str, Any]]]] = []

    async def soon() -> None:
        await asyncio.sleep(rng.random() * 0.03)

    async def lose() -> None:
        nonlocal gone
        await soon()
        await case.lose()
        gone = True
        for child in (town.world.elsa, town.world.noor):
            await town.act("maria", "child.rename", child=child, display_name=canary)

    async def hello() -> None:
        await soon()
        await late.say(late.hello())

    async def post() -> None:
        await soon()
        after = gone
        device = Peer(town, live.person, live.session)
        answer = await device.post()
        case.peers.append(device)
        device.frames += answer
        if after:
            begun_after.append(("post", answer))

    async def command() -> None:
        await soon()
        after = gone
        frame = live.command("child.rename", child=town.world.elsa, display_name="Jag")
        await live.say(frame)
        if after and live.answer(frame["id"]) is not None:
            begun_after.append(("command", [live.answer(frame["id"]) or {}]))

    engine.on = True
    await asyncio.gather(lose(), hello(), *(post() for _ in range(3)), command())
    engine.on = False
    if case.room:
        await live.until(lambda: case.room not in live.copy.scopes or live.code is not None, TOLD_S)
        await late.until(lambda: late.code is not None or late.copy.synced, TOLD_S)
        await late.until(lambda: case.room not in late.copy.scopes or late.code is not None, TOLD_S)
    else:
        await live.until(lambda: live.code is not None, TOLD_S)
        await late.until(lambda: late.code is not None, TOLD_S)
    for peer in case.peers:
        # What was written after the withdrawal was committed reaches none of them, in no frame.
        assert canary not in str(peer.frames), f"seed {seed}"
    for what, answer in begun_after:
        if what == "command":
            assert answer[0]["t"] == "nack", f"seed {seed}"
            continue
        rows = [one for one in answer if one["t"] == "delta" and case.room in ("", one["scope"])]
        told = [one["scope"] for frame in answer if frame["t"] == "welcome" for one in frame["scopes"]]
        assert rows == [] and (case.room not in told), f"seed {seed}"
    for peer in case.peers:
        await peer.cut()
        town.peers = [one for one in town.peers if one is not peer]
    if case.tidy is not None:
        await case.tidy()


@pytest.mark.timeout(60)
async def test_nothing_of_what_was_withdrawn_is_sent_again(town: tuple[Town, Delaying]) -> None:
    for seed in range(15):
        await interleave(*town, seed)


@pytest.mark.promise(about_s=120)
@pytest.mark.timeout(900)
async def test_nothing_of_what_was_withdrawn_is_sent_again_500_times(town: tuple[Town, Delaying]) -> None:
    for seed in range(1000, 1500):
        await interleave(*town, seed)
