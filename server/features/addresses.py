"""Addresses: where a person wishes to be told when no device answers. Each is confirmed by a code sent to it.

A code has six digits, lives ten minutes and may be tried five times; only its hash is kept. The worker makes and sends
it, so that the sender of the command cannot know it. Source: promises.md P9.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import datetime, timedelta
from typing import Annotated, ClassVar, Final

import msgspec
from pydantic import Field, StringConstraints

from server.domain.access import ONESELF, SCHEDULED, Rule
from server.domain.actors import Actor
from server.domain.identifiers import normalise_phone
from server.domain.instants import from_text, to_text
from server.errors import Refused
from server.features import settings
from server.features.around import Around
from server.features.settings import Address, Channel, SettingsRow
from server.features.shape import Command, Id, Moment, Target, Writes

GOOD_FOR: Final = timedelta(minutes=10)
TRIES: Final = 5
IN_AN_HOUR: Final = 3
IN_A_DAY: Final = 6
"""Codes that one account may have sent: nobody is written to again and again by a stranger."""
_MAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24}", re.ASCII)


def hash_of(ask: str, code: str) -> str:
    """What is kept of a code: good for one asking alone."""
    return hashlib.sha256(f"address/{ask}/{code}".encode()).hexdigest()


def normal(channel: Channel, text: str) -> str | None:
    """The address as it is kept, or None when it cannot be one. Short codes are nobody's phone."""
    if channel == "email":
        return text if len(text) <= 254 and _MAIL.fullmatch(text) and ".." not in text else None
    number = normalise_phone(text)
    return number.stored if number is not None and number.stored.startswith("+") else None


class _Own(Command):
    rule: ClassVar[Rule] = Rule(by=ONESELF)

    channel: Channel

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(actor.account, create="user"),)


class Give(_Own):
    """Gives an address, in place of the one before; a code is sent there. Given again it means a new code."""

    name: ClassVar[str] = "settings.give_address"

    address: Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=254)]

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        address = normal(self.channel, self.address)
        if address is None:
            raise Refused("invalid", fields={"address": "not_allowed_value"})
        row = settings.of(around, at)
        known = row.addresses.get(self.channel)
        if known is not None and (known.address, known.state) == (address, "confirmed"):
            return Writes(rows=(row,))
        asked = [one for one in row.asked if from_text(one) > at.now - timedelta(days=1)]
        hour = [one for one in asked if from_text(one) > at.now - timedelta(hours=1)]
        if len(hour) >= IN_AN_HOUR or len(asked) >= IN_A_DAY:
            raise Refused("too_many")
        given = Address(address=address, ask=at.new_id(), asked_at=to_text(at.now))
        return Writes(rows=(_with(row, self.channel, given, asked=(*asked, given.asked_at)),))


class Confirm(_Own):
    """Types the code. A wrong one is counted, so it is an answer (`confirmed` false) and no refusal."""

    name: ClassVar[str] = "settings.confirm_address"

    code: Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        row = settings.of(around, at)
        waiting = row.addresses.get(self.channel)
        if waiting is None or waiting.state != "sent" or waiting.code_hash is None:
            raise Refused("conflict")
        if waiting.left <= 0 or from_text(waiting.until or waiting.asked_at) <= at.now:
            raise Refused("too_late")
        if hmac.compare_digest(waiting.code_hash, hash_of(waiting.ask, self.code)):
            good = Address(address=waiting.address, ask=waiting.ask, asked_at=waiting.asked_at, state="confirmed")
            return Writes(rows=(_with(row, self.channel, good),), result={"confirmed": True, "left": waiting.left})
        wrong = msgspec.structs.replace(waiting, left=waiting.left - 1)
        return Writes(rows=(_with(row, self.channel, wrong),), result={"confirmed": False, "left": wrong.left})


class Drop(_Own):
    """Forgets an address. What went there goes by the next way."""

    name: ClassVar[str] = "settings.drop_address"

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        row = settings.of(around, at)
        kept = {channel: one for channel, one in row.addresses.items() if channel != self.channel}
        return Writes(rows=(msgspec.structs.replace(row, addresses=kept),))


class Told(Command):
    """The house has made a code (`code_hash`) that it sends now, or could not send one."""

    name: ClassVar[str] = "settings.address_told"
    rule: ClassVar[Rule] = Rule(by=SCHEDULED)
    internal: ClassVar[bool] = True

    account: Id
    channel: Channel
    ask: Id
    code_hash: Annotated[str, Field(max_length=64)] | None = None

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(self.account, create="user"),)

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        row = around.first(SettingsRow)
        waiting = row.addresses.get(self.channel) if row is not None else None
        if row is None or waiting is None or waiting.ask != self.ask or waiting.state == "confirmed":
            raise Refused("conflict")
        return Writes(rows=(_with(row, self.channel, _told(waiting, self.code_hash, at.now)),))


def _told(waiting: Address, code_hash: str | None, now: datetime) -> Address:
    if code_hash is None:
        return msgspec.structs.replace(waiting, state="failed", code_hash=None, until=None)
    return msgspec.structs.replace(
        waiting, state="sent", code_hash=code_hash, until=to_text(now + GOOD_FOR), left=TRIES
    )


def _with(row: SettingsRow, channel: str, address: Address, *, asked: tuple[str, ...] | None = None) -> SettingsRow:
    addresses = {**row.addresses, channel: address}
    return msgspec.structs.replace(row, addresses=addresses, asked=row.asked if asked is None else asked)


commands_alone = (Give, Confirm, Drop, Told)
