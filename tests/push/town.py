"""A whole run's outside world: a push service, a mail server and a supplier of texts that stay while databases come and go,
everybody's devices and addresses, and all that has come to them.
"""

from __future__ import annotations

import itertools
import json
import re
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Mapping, Set
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import msgspec
from pydantic import SecretStr

from server import app as composition
from server.auth.sessions import start_session
from server.demo.stage import Person
from server.domain.instants import to_text
from server.errors import Refused
from server.features.person import UnitRow
from server.features.rows import CoordinatorRow
from server.ids import new_id
from server.settings import Settings
from server.sync import push
from server.texts import LANGUAGES
from server.web.calendar_mail import CalendarMail
from tests.access.scene import Scene
from tests.access.test_commands import filled
from tests.clock import FrozenClock
from tests.push.canaries import Canaries, seen_in, seen_of
from tests.push.house import PushHouse
from tests.push.mail import MailHouse, TextHouse
from tests.push.service import PushService

Deed = tuple[str, str, Mapping[str, Any]]
"""(who, command, arguments)"""


@dataclass
class Town:
    """The outside world, which stays while databases come and go, and all that it has got."""

    clock: FrozenClock
    service: PushService
    mail: MailHouse
    texts: TextHouse
    scene: Scene = field(init=False)
    accounts: int = 0
    canaries: Canaries = field(default_factory=Canaries)
    kinds: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """{kind of notice: languages in which it was pushed}"""
    lines: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """{`push`, `email`, `sms`, `calendar`: every different line that could be read there}"""
    counts: Counter[str] = field(default_factory=Counter)
    sizes: set[int] = field(default_factory=set)
    times: set[str] = field(default_factory=set)
    """How the mailed times name themselves, to whose calendar they belong."""

    @asynccontextmanager
    async def open(self, data: Path) -> AsyncIterator[PushHouse]:
        """The house on this folder; at the end what came of it is put with the rest, and what its rows hold."""
        settings = Settings(
            data=data, push_hosts=(self.service.origin.removeprefix("http://"),), smtp_host="127.0.0.1",
            smtp_port=self.mail.port, smtp_security="none", smtp_from="no-reply@samled.example",
            sms_url=self.texts.url, sms_token=SecretStr("a-secret"),
        )  # fmt: skip
        since = to_text(self.clock.now()) if self.accounts else ""
        parts = composition.build_parts(settings, self.clock)
        async with composition.running(parts):
            house = PushHouse(parts, cast(Any, None), self.clock, self.service)
            yield house
            async with parts.engine.read() as tx:
                await self.canaries.read(tx, since)
                bodies = await tx.fetch("SELECT body FROM record WHERE entity = 'notice'")
                deliveries = {str(id) for (id,) in await tx.fetch("SELECT id FROM delivery")}
        self._take({one["id"]: one["kind"] for one in (json.loads(body) for (body,) in bodies)}, deliveries)

    def _take(self, kinds: Mapping[str, str], deliveries: Set[str]) -> None:
        opaque = kinds.keys() | deliveries
        for got in (got for device in self.service.devices.values() for got in device.got):
            self.counts["push"] += 1
            self.sizes.add(len(got.sealed))
            self.lines["push"].update(seen_of(got, opaque))
            if "confirm" not in got.payload:
                shown = got.payload["notification"]
                self.kinds[kinds.get(shown["tag"], "")].add(shown["lang"])
        for to, mail in self.mail.got:
            way = "calendar" if mail.is_multipart() else "email"
            self.counts[way] += 1
            self.lines[way].update(seen_in(to, mail))
        for text in self.texts.got:
            self.counts["sms"] += 1
            self.lines["sms"].update(str(value) for key, value in text.items() if key not in ("to", "id"))
        for came in (*(device.got for device in self.service.devices.values()), self.mail.got, self.texts.got):
            cast(list[Any], came).clear()

    async def do(self, house: PushHouse, *deeds: Deed) -> None:
        """These commands, and three hours in which mails and texts follow."""
        for who, name, args in deeds:
            sent = msgspec.json.encode(filled(self.scene, args))
            command = house.parts.house.registry.commands[name].model_validate_json(sent)
            await push.act(house.parts.house, command, new_id(self.clock.now()), self.scene.actor(who))
        await house.tick()
        self.clock.advance(hours=3)
        await house.tick()


async def settle_in(town: Town, house: PushHouse) -> None:
    """Everybody with a live seat has a device in each language; the cast and some others an address, confirmed by the
    code that came there, and a language by turns. A child without a coordinator and who may name one join the scene.
    """
    scene, engine = town.scene, house.parts.engine
    async with engine.read() as tx:
        seats = await tx.fetch("SELECT account_id, min(id) FROM seat WHERE ended_at IS NULL GROUP BY 1 ORDER BY 1")
        rows = await tx.fetch("SELECT body FROM record WHERE entity = 'coordinator'")
        waiting = next(
            one for one in (msgspec.json.decode(row, type=CoordinatorRow) for (row,) in rows) if not one.seat
        )
        unit = msgspec.json.decode(
            await tx.fetch_value("SELECT body FROM record WHERE id = $1", waiting.owner_unit), type=UnitRow
        )
        account = await tx.fetch_value("SELECT account_id FROM seat WHERE id = $1", unit.leads[0])
    people = [await scene.world.stage.person(account, seat) for account, seat in seats]
    cast_of = {one.account for one in scene.people.values()}
    reached: dict[str, tuple[Person, str]] = {}
    for n, person in enumerate(people):
        for lang in LANGUAGES:
            await house.subscribe(person, house.service.device(), lang=lang)
        channel = ("email", "sms")[n // 3 % 2]
        address = f"a{n}@example.org" if channel == "email" else f"+467017406{5 + n % 95:02}"
        if (person.account in cast_of or n % 8 == 0) and address not in reached:
            await house.act(person, "settings.change", language=LANGUAGES[n % 3])
            await house.act(person, "settings.give_address", channel=channel, address=address)
            reached[address] = person, channel
    await house.tick()
    for device in house.service.devices.values():
        await house.echo(device)
    for address, (person, channel) in reached.items():
        (said,) = town.mail.to(address) if channel == "email" else town.texts.to(address)
        (code,) = re.findall(r"\d{6}", said)
        await house.act(person, "settings.confirm_address", channel=channel, code=code)
    await house.tick()
    town.accounts = len(people)
    scene.ids["unnamed"], scene.people["head"] = waiting.child, await scene.world.stage.person(account, unit.leads[0])


async def mail_times(town: Town, house: PushHouse) -> None:
    """Professionals of the cast have times of theirs mailed to them, as a file for their calendar."""
    send = CalendarMail(house.parts.house, house.parts.means.channels["email"], "sid")
    for who, time in itertools.product(("maria", "jonas", "elin"), ("term", "slot_booked", "slot", "booking")):
        async with house.parts.engine.write() as tx:
            session = await start_session(tx, town.scene.actor(who), "", town.clock.now())
        town.times.add(f"UID:{town.scene.ids[time]}@samled")
        with suppress(Refused):
            await send(cast(Any, SimpleNamespace(cookies={"sid": session.token})), town.scene.ids[time])
