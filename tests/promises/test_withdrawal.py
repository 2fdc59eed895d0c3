"""P2: a withdrawal bites at once, whatever is under way: hello, pull, POST, live connection, queued commands, a reminder
that is due, a calendar that is fetched.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from server.domain import scopes
from server.domain.instants import to_text, wall_text
from server.push.saying import Ways
from server.push.worker import Worker
from server.sync.feeds import subscribed
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


def judge(room: str, sent: list[dict[str, Any]]) -> None:
    """Nothing of the room in what was begun after the withdrawal; nothing at all when the device was forgotten."""
    rows = [one for one in sent if one["t"] == "delta" and room in ("", one["scope"])]
    told = [one["scope"] for frame in sent if frame["t"] == "welcome" for one in frame["scopes"]]
    assert rows == []
    assert room not in told if room else not told


async def interleave(town: Town, engine: Delaying, seed: int) -> Counter[str]:
    """One withdrawal in the middle of everything. Returns how often something was begun after it."""
    rng = random.Random(seed)
    engine.rng, engine.on = random.Random(f"{seed}/engine"), False
    case = await KINDS[seed % len(KINDS)](town, rng)
    meeting = await Meeting.planned(town, case) if case.room else None
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
    gone = asyncio.Event()
    judged: Counter[str] = Counter()
    greeted_after: int | None = None

    async def soon() -> None:
        await asyncio.sleep(rng.random() * 0.03)

    async def soon_or_after() -> bool:
        """Whether it is after."""
        await (gone.wait() if rng.random() < 0.3 else soon())
        return gone.is_set()

    async def lose() -> None:
        await soon()
        await case.lose()
        gone.set()
        if meeting is not None:
            meeting.said_before = await meeting.said()
        for child in (town.world.elsa, town.world.noor):
            await town.act("maria", "child.rename", child=child, display_name=canary)

    async def hello() -> None:
        nonlocal greeted_after
        if await soon_or_after():
            greeted_after = len(late.frames)
        await late.say(late.hello())

    async def post() -> None:
        after = await soon_or_after()
        device = Peer(town, live.person, live.session)
        answer = await device.post()
        case.peers.append(device)
        device.frames += answer
        if after:
            judged["post"] += 1
            judge(case.room, answer)

    async def command() -> None:
        after = await soon_or_after()
        frame = live.command("child.rename", child=town.world.elsa, display_name="Jag")
        await live.say(frame)
        if after:
            await live.until(lambda: live.answer(frame["id"]) is not None or live.code is not None, TOLD_S)
        answer = live.answer(frame["id"])
        if after and answer is not None:
            judged["command"] += 1
            assert answer["t"] == "nack"

    async def remind() -> None:
        await soon_or_after()
        await Meeting.work(town)

    async def calendar() -> None:
        if meeting is not None:
            after = await soon_or_after()
            there = await meeting.in_calendar()
            judged["calendar"] += after
            assert not (after and there)

    engine.on = True
    async with asyncio.TaskGroup() as under_way:
        for one in (lose(), hello(), post(), post(), post(), command(), command(), remind(), remind(), calendar()):
            under_way.create_task(one)
    engine.on = False
    if case.room:
        await live.until(lambda: case.room not in live.copy.scopes or live.code is not None, TOLD_S)
        await late.until(lambda: late.code is not None or late.copy.synced, TOLD_S)
        await late.until(lambda: case.room not in late.copy.scopes or late.code is not None, TOLD_S)
    else:
        await live.until(lambda: live.code is not None, TOLD_S)
        await late.until(lambda: late.code is not None, TOLD_S)
    if greeted_after is not None:
        judged["hello"] += 1
        judge(case.room, late.frames[greeted_after:])
    for peer in case.peers:
        # What was written after the withdrawal was committed reaches none of them, in no frame.
        assert canary not in str(peer.frames)
    if meeting is not None:
        judged["reminder"] += meeting.due - len(meeting.said_before)
        await Meeting.work(town)
        assert await meeting.said() == meeting.said_before
    for peer in case.peers:
        await peer.cut()
        town.peers = [one for one in town.peers if one is not peer]
    if case.tidy is not None:
        await case.tidy()
    if meeting is not None:
        await meeting.cancel()
    return judged


@dataclass
class Meeting:
    """One that the person is invited to, an hour before which they are to be reminded, and that hour has begun."""

    town: Town
    id: str
    account: str
    began: datetime
    secret: str
    due: int = 0
    said_before: set[str] = field(default_factory=set)

    @classmethod
    async def planned(cls, town: Town, case: Case) -> Meeting:
        clock, world = town.world.stage.clock, town.world
        began, person, family = clock.now(), world[case.who], case.who in world.relations
        made = await town.act(
            "maria", "meeting.propose", child=world.noor if case.who == "noor" else world.elsa, kind="network",
            starts_local=wall_text(began + timedelta(minutes=90)), invite=True,
            invited=[world.relations[case.who if family else "anna"]], staff=[] if family else [person.seat],
        )  # fmt: skip
        opened = await town.act(case.who, "calendar.open")
        secret = str(opened["address"]).rpartition("/")[2].removesuffix(".ics")
        meeting = cls(town, str(made["meeting"]), person.account, began, secret)
        # Professionals never have anything about a child in their calendar.
        assert await meeting.in_calendar() == family
        await cls.work(town)
        clock.set(began + timedelta(minutes=40))
        async with town.house.engine.read() as tx:
            meeting.due = await tx.fetch_value(
                "SELECT count(*) FROM reminder WHERE record_id = $1 AND account_id = $2 AND state = 'due' AND due_at <= $3",
                meeting.id,
                meeting.account,
                to_text(clock.now()),
            )
        assert meeting.due == 1
        # Counted from here on: the invitation itself has been said.
        meeting.said_before = await meeting.said()
        meeting.due += len(meeting.said_before)
        return meeting

    @staticmethod
    async def work(town: Town) -> None:
        """What is due is said, as by a worker."""
        worker = Worker(town.house, cast(Any, SimpleNamespace(means=SimpleNamespace(ways=Ways()))))
        while await worker.remind():
            pass

    async def said(self) -> set[str]:
        """Reminders of it that the person has been told."""
        async with self.town.house.engine.read() as tx:
            rows = await tx.fetch(
                "SELECT id FROM reminder WHERE record_id = $1 AND account_id = $2 AND state = 'done'",
                self.id,
                self.account,
            )
        return {id for (id,) in rows}

    async def in_calendar(self) -> bool:
        """Whether their subscription, fetched now, holds it."""
        found = await subscribed(self.town.house, self.secret)
        return found is not None and self.id in str(found[0])

    async def cancel(self) -> None:
        self.town.world.stage.clock.set(self.began)
        await self.town.act("maria", "meeting.cancel", meeting=self.id)


async def interleavings(town: tuple[Town, Delaying], seeds: range) -> None:
    """All, and each kind of thing was begun after a withdrawal."""
    judged: Counter[str] = Counter()
    for seed in seeds:
        try:
            judged += await interleave(*town, seed)
        except BaseException as fault:
            fault.add_note(f"seed {seed}")
            raise
    assert judged.keys() >= {"hello", "post", "command", "reminder", "calendar"}, judged


@pytest.mark.timeout(60)
async def test_nothing_of_what_was_withdrawn_is_sent_again(town: tuple[Town, Delaying]) -> None:
    await interleavings(town, range(15))


@pytest.mark.promise(about_s=8)
@pytest.mark.timeout(300)
@pytest.mark.parametrize("part", range(20))
async def test_nothing_of_what_was_withdrawn_is_sent_again_500_times(town: tuple[Town, Delaying], part: int) -> None:
    """In parts: each interleaving leaves rows around the same two children, and every command reads them all."""
    await interleavings(town, range(1000 + 25 * part, 1025 + 25 * part))
