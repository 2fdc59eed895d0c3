"""A run of several workers that are killed: what was planned, what was moved or called off, and what came."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec

from server import app as composition
from server.auth.sessions import start_session
from server.demo.stage import Person
from server.domain.actors import SeatKind
from server.domain.instants import from_text, local, to_text
from server.domain.reminders import is_quiet
from server.features.notice import NoticeRow
from tests.domain import golden
from tests.people import World
from tests.push.crew import Crew, SharedClock
from tests.push.lanes import after_gone, in_a_pause
from tests.push.next_way import NextWay, Strike
from tests.push.run_plan import (
    DIES,
    LIVES_S,
    LOOKS_S,
    LOST_S,
    PAUSE,
    REMINDERS,
    STAFF,
    START,
    STEP,
    TERM,
    TERM_MEETINGS,
)
from tests.push.service import Device, PushService

Key = tuple[str, str, str, str]


def soonest(found: Iterable[str | None]) -> datetime | None:
    """The first of these instants."""
    return min((from_text(at) for at in found if at), default=None)


@dataclass
class Run:
    """One run: what was planned, what was called off, what came."""

    parts: composition.Parts
    world: World
    clock: SharedClock
    service: PushService
    way: NextWay
    seed: int
    until: datetime = START
    meetings: list[str] = field(default_factory=list)
    devices: dict[str, list[Device]] = field(default_factory=lambda: defaultdict(list))
    planned: set[Key] = field(default_factory=set)
    """Everything that was ever to be said of meetings."""
    off: dict[Key, datetime] = field(default_factory=dict)
    """What was called off before it was due, by a cancellation or a move, and when."""
    cancelled: dict[str, datetime] = field(default_factory=dict)
    changed: dict[str, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    """{meeting: when it was moved or called off}"""
    dying: list[Device] = field(default_factory=list)
    """Devices that are gone after a while: each is told so once."""
    crew: Crew = field(init=False)
    """Those who work."""

    async def family(self, n: int) -> None:
        """A child with two guardians, each with a device, and some meetings."""
        stage, maria = self.world.stage, self.world["maria"]
        opened = await stage.act(
            maria, "child.open", display_name="Kim", turns_18_on="2033-05-15", person=maria.seat,
            deputy=self.world["johan"].seat,
        )  # fmt: skip
        child, relations = str(opened["child"]), []
        for name in ("first", "second"):
            invited = await stage.act(maria, "guardian.invite", child=child, name_shown=name)
            account = await stage.account(f"{name} {n}")
            person = await stage.join(child, str(invited["relation"]), account, SeatKind.GUARDIAN)
            relations.append(str(invited["relation"]))
            if name == "first" or not await self.way.equip(self, n, person):
                self.devices[person.account].append(await self.device(person))
        if n % DIES == 0:
            self.dying.append(await self.device(person))
        self.families.append((child, relations))

    families: list[tuple[str, list[str]]] = field(default_factory=list)

    async def device(self, person: Person) -> Device:
        """A device that has answered already."""
        device = self.service.device()
        now = self.clock.now()
        async with self.parts.engine.write() as tx:
            made = await start_session(tx, person.actor, "", now)
            await tx.execute(
                "INSERT INTO push_subscription (id, account_id, seat_id, session_id, endpoint, p256dh, auth, lang,"
                " created_at, confirm_token, confirmed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 'sv', $8, $1, $8)",
                device.name, person.account, person.seat, made.session_id, device.endpoint, device.keys["p256dh"],
                device.keys["auth"], to_text(now),
            )  # fmt: skip
            # Opened now and then: it does not run out within the run.
            await tx.execute("UPDATE session SET idle_until = '2099-01-01T00:00:00.000Z',"
                             " absolute_until = '2099-01-01T00:00:00.000Z'")  # fmt: skip
        return device

    async def staff(self) -> None:
        """Colleagues with a device each, called to the term meetings."""
        for name in STAFF:
            self.devices[self.world[name].account].append(await self.device(self.world[name]))
        for term, starts in TERM_MEETINGS:
            functions = ["counsellor", "nurse", "consultant"]
            await self.world.stage.act(
                self.world["lena"], "term.plan", term=term, starts_local=starts, required_functions=functions
            )

    async def meeting(self, child: str, relations: list[str], at: datetime, staff: list[str]) -> None:
        made = await self.world.stage.act(
            self.world["maria"], "meeting.propose", child=child, kind="network",
            starts_local=f"{local(at):%Y-%m-%dT%H:%M}", invited=relations, staff=staff, invite=True,
        )  # fmt: skip
        self.meetings.append(str(made["meeting"]))

    async def change(self, meeting: str, move_to: datetime | None) -> None:
        """Moved or cancelled at this very instant; what was to be said is called off, and something else may be asked."""
        maria, now = self.world["maria"], self.clock.now()
        self.changed[meeting].append(now)
        self.world.stage.clock.set(now)
        if move_to is None:
            await self.world.stage.act(maria, "meeting.cancel", meeting=meeting)
            self.cancelled[meeting] = now
        else:
            starts = f"{local(move_to):%Y-%m-%dT%H:%M}"
            await self.world.stage.act(maria, "meeting.move", meeting=meeting, starts_local=starts)
        asked = await self.asked("due", "claimed", of=meeting)
        for key in self.planned:
            if key[0] == meeting and key not in asked and from_text(key[3]) > now:
                self.off.setdefault(key, now)
        for key in asked:
            self.off.pop(key, None)
        self.planned |= asked

    async def asked(self, *states: str, of: str | None = None) -> set[Key]:
        """What is to be said of meetings, or of one."""
        async with self.parts.engine.read() as tx:
            rows = await tx.fetch(
                "SELECT record_id, kind, account_id, due_at FROM reminder WHERE kind = any($1) AND state = any($2)"
                + (" AND record_id = $3" if of else ""),
                list(REMINDERS),
                list(states),
                *([of] if of else []),
            )
        return {(record, kind, account, due) for record, kind, account, due in rows}

    async def ahead(self) -> tuple[datetime | None, dict[str, datetime]]:
        """The next instant at which something is due, and {claim: when it runs out}."""
        async with self.parts.engine.read() as tx:
            due = [
                await tx.fetch_value("SELECT min(due_at) FROM reminder WHERE state = 'due'"),
                await tx.fetch_value("SELECT min(next_at) FROM delivery WHERE state IN ('due', 'paused')"),
            ]
            claims = await tx.fetch("SELECT id, claimed_until FROM reminder WHERE state = 'claimed'")
            claims += await tx.fetch("SELECT id, next_at FROM delivery WHERE state = 'claimed'")
        return soonest(due), {f"{id} {until}": from_text(until) for id, until in claims}

    async def settle(self, strike: Strike, until: datetime) -> datetime | None:
        """Until nothing is due now and nothing under way; the next instant at which something is.

        Workers may be killed meanwhile: what they had claimed runs out by the clock. What stays due without any progress
        waits for a service that rests, and needs time to pass: not beyond `until`, as no clock is put back.
        """
        loop = asyncio.get_running_loop()
        progress: object = None
        since_s = 0.0
        while True:
            (due, claims), now = await self.ahead(), self.clock.now()
            claimed = min(claims.values(), default=None)
            idle = claimed is None and (due is None or due > now)
            # A device says what it has shown before the clock goes on.
            if (idle or len(self.way.shown) > 50) and await self.way.tell(self):
                continue
            if idle:
                return due
            strike(0.1)
            await asyncio.sleep(0.02)
            then = min(at for at in (due, claimed) if at)
            if then > now and not self.service.under_way and not claims.keys() - self.crew.of_the_dead(claims.keys()):
                return then
            now_at = (self.service.count, due, claimed, self.way.kills, len(self.way.came))
            if progress != now_at or self.service.under_way:
                progress, since_s = now_at, loop.time()
                continue
            patience_s = LIVES_S if self.crew.of_the_living(claims.keys()) else LOST_S
            if loop.time() - since_s > patience_s:
                following = then if then > now else now + STEP
                if then > now or following > until:
                    return following
                self.clock.set(following)
                since_s = loop.time() - patience_s + LOOKS_S

    async def through(self, until: datetime, strike: Strike) -> None:
        while True:
            then = await self.settle(strike, until)
            if then is None or then > until:
                break
            self.clock.set(then)
        self.clock.set(until)
        await self.settle(strike, until)

    async def check(self, until: datetime, at_most_s: float, at_least: int) -> str:
        """Holds what came against what was planned; returns the figures."""
        async with self.parts.engine.read() as tx:
            notices = {
                row.id: row
                for (body,) in await tx.fetch("SELECT body FROM record WHERE entity = 'notice'")
                for row in (msgspec.json.decode(body, type=NoticeRow),)
            }
            states = Counter(dict(await tx.fetch("SELECT state, count(*) FROM reminder GROUP BY state")))
        posts: Counter[tuple[str, str]] = Counter()
        first: dict[tuple[str, str], datetime] = {}
        faulty: set[tuple[str, str]] = set()
        pauses: defaultdict[str, list[datetime]] = defaultdict(list)
        said: Counter[tuple[str, str, str]] = Counter()
        colleagues = {self.world[name].account for name in STAFF}
        for account, devices in self.devices.items():
            for device in devices:
                for got in device.got:
                    tag = got.payload["notification"]["tag"]
                    if got.status != 201:
                        faulty.add((device.name, tag))
                        if got.status == 429:
                            pauses[device.name].append(got.at)
                        continue
                    posts[(device.name, tag)] += 1
                    first.setdefault((device.name, tag), got.at)
                    row = notices[tag]
                    assert row.urgent or not is_quiet(got.at), f"at night: {got.at}"
                    day_off = account in colleagues and not golden.works(local(got.at).date())
                    assert row.urgent or not day_off, f"to a colleague on a day off: {got.at}"
                    off = self.cancelled.get(row.doc)
                    late = off is not None and got.at > off and row.kind in REMINDERS
                    assert not late, f"{row.kind} after it was called off"
                    if posts[(device.name, tag)] == 1:
                        said[(device.name, row.doc, row.kind)] += 1
        expected: Counter[tuple[str, str, str]] = Counter()
        due: dict[tuple[str, str, str], datetime] = {}
        for key in sorted(self.planned - self.off.keys(), key=lambda key: key[3]):
            record, kind, account, due_at = key
            if from_text(due_at) <= until:
                for device in self.devices[account]:
                    expected[(device.name, record, kind)] += 1
                    due[(device.name, record, kind)] = from_text(due_at)
        told = Counter({key: n for key, n in said.items() if key[2] in REMINDERS})
        assert expected - told == Counter(), f"missed: {len(expected - told)} of {len(expected)}"
        assert told - expected == Counter(), f"said twice or unasked: {len(told - expected)}"
        assert not states["failed"] and self.service.faults == []
        in_all = sum(key[2] in self.devices or key[2] in self.way.accounts for key in self.planned - self.off.keys())
        assert in_all >= at_least, in_all
        to_staff = sum(n for (_, _, kind), n in expected.items() if kind in TERM)
        assert to_staff >= len(STAFF), to_staff
        after_end = await self.dead()
        paused = sum(in_a_pause(device) for device in self.service.devices.values())
        assert max(after_end, paused) <= self.way.kills, "repeated without a kill"
        otherwise = await self.way.check(self, notices, until, at_most_s)
        lateness = sorted(
            (at - due[(name, notices[tag].doc, notices[tag].kind)]).total_seconds()
            for (name, tag), at in first.items()
            if notices[tag].kind in REMINDERS
            and expected[(name, notices[tag].doc, notices[tag].kind)] == 1
            and (name, tag) not in faulty
            and not any(timedelta() <= at - pause <= PAUSE for pause in pauses[name])
        )
        p99_s = lateness[int(len(lateness) * 0.99)]
        assert p99_s <= at_most_s, p99_s
        hidden = sum(n - 1 for n in posts.values())
        return (
            f"{in_all} reminders, {sum(expected.values())} of them by push, and {sum(said.values()) - sum(told.values())} notices on"
            f" {len(self.service.devices)} devices: 0 missed, 0 twice, 0 at night, 0 after being called off;"
            f" {len(self.off)} called off at the last second; {hidden} repeated under the same tag, p99 lateness {p99_s:.1f} s,"
            f" {to_staff} of term meetings, {len(self.dying)} devices gone, {after_end} posts to them after that, {paused} in a pause asked for;"
            f" {otherwise}; seed {self.seed}"
        )

    async def dead(self) -> int:
        """How much was posted to devices that had said they are gone. The server knows of each, and of no other."""
        async with self.parts.engine.read() as tx:
            dead = {id for (id,) in await tx.fetch("SELECT id FROM push_subscription WHERE dead_at IS NOT NULL")}
            known = {id for (id,) in await tx.fetch("SELECT id FROM push_subscription")}
        assert dead <= {device.name for device in self.dying}
        assert all(device.name in dead or device.name not in known for device in self.dying)
        return sum(after_gone(device) for device in self.dying)
