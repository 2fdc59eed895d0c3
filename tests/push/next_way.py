"""The next way in a run of killed workers: who has only a dead device, a silent one or none, and what came to them instead.

A real mail server and a real supplier of texts (`mail`). Everybody else's device says that it has shown what it was given.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import Message
from random import Random
from typing import TYPE_CHECKING, Any, Protocol

from server.demo.stage import Person
from server.domain.instants import from_text
from server.domain.reminders import is_quiet
from server.features.notice import NoticeRow
from server.push.wanted import NOTICE
from server.storage.engine import TransientFault
from tests.push.mail import MailHouse, TextHouse, mail_house, text_house
from tests.push.run_plan import CLAIMED_FOR, REMINDERS

if TYPE_CHECKING:
    from tests.push.runs import Run

HOW = ("none", "dead", "silent", "", "")
"""What the second guardian of one family after the other has for a device; empty: one like everybody's."""
AFTER, SOON_AFTER = timedelta(hours=2), timedelta(minutes=15)
"""The set time, and the one for what is soon over."""
ONE = timedelta(seconds=1)


class Strike(Protocol):
    """Kills a worker with these odds, or everybody, if somebody is to be killed by now."""

    def __call__(self, odds: float, everybody: bool = False) -> None: ...


def nobody(odds: float, everybody: bool = False) -> None:
    """Kills nobody."""


@dataclass(frozen=True, slots=True)
class Came:
    """One message that was taken."""

    address: str
    delivery: str
    at: datetime


@dataclass
class NextWay:
    """Those who are reached otherwise, and what has come to them."""

    mail: MailHouse
    texts: TextHouse
    now: Callable[[], datetime]
    people: list[tuple[Person, str, str]] = field(default_factory=list)
    """(who, channel, address)"""
    without: set[str] = field(default_factory=set)
    """Accounts that never had a device."""
    silent: set[str] = field(default_factory=set)
    """Devices that take everything and show nothing."""
    came: list[Came] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    """Deliveries that a device has shown and the server has not heard of yet."""
    kills: int = 0
    struck: list[datetime] = field(default_factory=list)
    """When a worker was killed."""
    strike: Strike = nobody

    @property
    def settings(self) -> dict[str, Any]:
        """What a house needs to send there."""
        return {
            "smtp_host": "127.0.0.1", "smtp_port": self.mail.port, "smtp_security": "none",
            "smtp_from": "no-reply@samled.example", "sms_url": self.texts.url, "sms_token": "a-secret",
        }  # fmt: skip

    def _take(self, address: str, delivery: str) -> None:
        """It was taken; whoever handed it over may die, with everybody else, before it hears of that."""
        self.came.append(Came(address, delivery, self.now()))
        self.strike(0.1, everybody=True)

    @property
    def accounts(self) -> set[str]:
        return {person.account for person, _, _ in self.people}

    def mailed(self, to: str, mail: Message) -> None:
        self._take(to, str(mail["Message-ID"]).strip("<>").partition("@")[0])

    def texted(self, told: Mapping[str, Any]) -> None:
        self._take(told["to"], told["id"])

    def taken(self, device: str, payload: Mapping[str, Any]) -> None:
        if device not in self.silent and "confirm" not in payload:
            self.shown.append(str(payload["id"]))

    async def equip(self, run: Run, n: int, person: Person) -> bool:
        """True when this person is one who is reached otherwise, with or without a device of the kind in turn."""
        how = HOW[n % len(HOW)]
        if not how:
            return False
        email = n % 2 == 0
        address = f"way{n}@example.org" if email else f"+467017406{5 + n % 95:02}"
        assert all(address != other for _, _, other in self.people), "the fiction series is used up"
        self.people.append((person, "email" if email else "sms", address))
        if how == "none":
            self.without.add(person.account)
        elif how == "dead":
            run.dying.append(await run.device(person))
        else:
            device = await run.device(person)
            self.silent.add(device.name)
            run.devices[person.account].append(device)
        return True

    async def confirm(self, run: Run) -> None:
        """Everybody gives their address and confirms it by the code that came there."""
        act = run.world.stage.act
        for person, channel, address in self.people:
            await act(person, "settings.give_address", channel=channel, address=address)
        await run.parts.worker.tick()
        for person, channel, address in self.people:
            (said,) = self.mail.to(address) if channel == "email" else self.texts.to(address)
            (code,) = re.findall(r"\d{6}", said)
            done = await act(person, "settings.confirm_address", channel=channel, code=code)
            assert done["confirmed"], done
        self.came.clear()

    def trouble(self, chance: Random, share: float) -> None:
        """Both servers put some of the next thousands off."""
        self.mail.answers = [451 if chance.random() < share else 250 for _ in range(5000)]
        self.texts.answers = [503 if chance.random() < share else 202 for _ in range(5000)]

    async def tell(self, run: Run) -> bool:
        """The server hears what devices have shown; False when there was nothing."""
        shown, self.shown = self.shown, []
        if not shown:
            return False
        while True:
            # Many at once, where each device tells its own: workers may hold some of them in another order.
            with suppress(TransientFault):
                async with run.parts.engine.write() as tx:
                    await tx.execute("UPDATE delivery SET state = 'seen' WHERE id = any($1)", sorted(set(shown)))
                return True

    async def check(self, run: Run, notices: Mapping[str, NoticeRow], until: datetime, at_most_s: float) -> str:
        """Holds what came against what was planned; returns the figures."""
        async with run.parts.engine.read() as tx:
            rows = await tx.fetch(
                "SELECT d.id, d.state, r.record_id, r.kind, r.account_id, r.due_at, r.data"
                " FROM delivery d JOIN reminder r ON r.id = d.reminder_id"
            )
        notice_of: dict[str, NoticeRow] = {}
        reached: set[tuple[str, str, str, str]] = set()
        ends: dict[tuple[str, str, str, str], datetime] = {}
        keys: dict[str, tuple[str, str, str, str]] = {}
        for id, state, record, kind, account, due_at, data in rows:
            more = json.loads(data)
            told = record if kind == NOTICE else more.get(NOTICE, "")
            if told not in notices:  # a code for an address
                continue
            notice_of[id] = notices[told]
            keys[id] = key = (record, kind, account, due_at)
            if "expires_at" in more:
                ends[key] = from_text(more["expires_at"])
            if state == "seen":
                reached.add(key)
        address_of = {person.account: address for person, _, address in self.people}
        messages: dict[tuple[str, str], str] = {}
        first: dict[str, Came] = {}
        repeated: Counter[str] = Counter()
        late_s: list[float] = []
        for one in self.came:
            row = notice_of[one.delivery]
            assert one.address == address_of[row.account]
            assert row.urgent or not is_quiet(one.at), f"a message at night: {one.at}"
            off = run.cancelled.get(row.doc)
            assert off is None or one.at <= off or row.kind not in REMINDERS, f"{row.kind} after it was called off"
            assert messages.setdefault((one.address, row.id), one.delivery) == one.delivery, "two messages of one thing"
            before = first.setdefault(one.delivery, one)
            if before is not one:
                # It may have been killed before its message was read here, but not before it was claimed.
                killed = any(before.at - CLAIMED_FOR <= at <= one.at for at in self.struck)
                assert killed, "a message again, and nobody was killed meanwhile"
                repeated["email" if "@" in one.address else "sms"] += 1
                continue
            key = keys[one.delivery]
            reached.add(key)
            if row.account in self.without and row.kind in REMINDERS:
                late_s.append((one.at - from_text(key[3]) - ONE).total_seconds())
        accounts = self.accounts
        wanted = {
            key for key in run.planned - run.off.keys() if key[2] in accounts and from_text(key[3]) <= until - AFTER
        }
        excused = {key for key in wanted - reached if self._in_vain(run, key, ends.get(key))}
        missed = wanted - reached - excused
        assert not missed, f"not reached by any way: {len(missed)} of {len(wanted)}, {sorted(missed)[:3]}"
        assert len(excused) <= len(wanted) // 10, f"{len(excused)} of {len(wanted)} over before the next way's time"
        p99_s = sorted(late_s)[int(len(late_s) * 0.99)]
        assert p99_s <= at_most_s, p99_s
        return (
            f"next way: {len(wanted)} reminders to {len(self.people)} people with a dead, a silent or no device: 0 missed"
            f" ({len(excused)} called off or over before the set time), {len(first)} mails and texts, 0 twice, 0 at night,"
            f" 0 after being called off; after a kill {repeated['email']} mails came again with the same Message-ID and"
            f" {repeated['sms']} texts with the same key; p99 lateness {p99_s:.1f} s"
        )

    def _in_vain(self, run: Run, key: tuple[str, str, str, str], ends: datetime | None) -> bool:
        """Over, moved or called off before the next way's time had come; nobody without a device waits for that."""
        record, _, account, due_at = key
        due = from_text(due_at)
        soon = ends is not None and ends - due < 2 * AFTER
        then = due + (ONE if account in self.without else SOON_AFTER if soon else AFTER)
        while is_quiet(then):
            then += timedelta(minutes=1)
        # Sent within a minute of that.
        then += timedelta(minutes=1)
        changed = any(due <= at <= then for at in run.changed[record])
        return changed or (ends is not None and ends <= then)


@asynccontextmanager
async def next_way(now: Callable[[], datetime]) -> AsyncIterator[NextWay]:
    """Both servers, running."""
    async with mail_house() as mail, text_house() as texts:
        way = NextWay(mail, texts, now)
        mail.when_got, texts.when_got = way.mailed, way.texted
        yield way
