"""Ready: may these deliveries go out now? Asked once more right before they do, for many in one reading transaction.

A meeting may have been moved in the night that a delivery waited through, a notice read, a device signed out, or the
person may have chosen other quiet hours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from server.domain.instants import from_text
from server.features.notice import NoticeRow
from server.features.settings import CHANNELS, CODES, Address
from server.push import payload
from server.push.channels.webpush import Device
from server.push.claims import Claim
from server.push.outdated import outdated
from server.push.people import NEXT, Person, people
from server.push.plan import OVER
from server.push.subscriptions import CHECK, CONFIRM
from server.push.wanted import FRESH, Saying, notices_of, sayings, still_wanted
from server.storage.engine import Tx
from server.sync.house import House

_DEVICES: Final = (
    "SELECT p.id, p.endpoint, p.p256dh, p.auth, p.lang, p.confirm_token, p.confirmed_at, p.account_id"
    " FROM push_subscription p JOIN session s ON s.id = p.session_id"
    " WHERE p.id = any($1) AND p.dead_at IS NULL AND (s.ended_at IS NULL OR s.end_reason = 'expired')"
)
_NO_DEVICE: Final = (None,) * 7


@dataclass(frozen=True, slots=True)
class Ready:
    """One that may go out: to a device (`data`), or to an address (`text`, or a code that is made when it is sent)."""

    claim: Claim
    attempts: int
    subscription: str
    """The device's subscription, or the channel."""
    lang: str
    urgent: bool = False
    device: Device | None = None
    data: bytes = b""
    address: str = ""
    text: str = ""
    code_for: tuple[str, str] | None = None
    """(account, asking)"""
    confirms: bool = False


@dataclass(frozen=True, slots=True)
class Later:
    """Time to see whether anybody was reached: how `person` has been told of `notice` so far."""

    claim: Claim
    said: Saying
    notice: NoticeRow
    person: Person


@dataclass(frozen=True, slots=True)
class Not:
    """One that may not: over for good (`state`), or due again at `at`; neither when it is not ours."""

    claim: Claim
    state: str = ""
    at: datetime | None = None
    confirms: bool = False


async def look(house: House, tx: Tx, claims: Sequence[Claim], origin: str) -> list[Ready | Later | Not]:
    """One answer for each claim."""
    now = house.clock.now()
    found = await tx.fetch(
        "SELECT id, reminder_id, subscription_id, attempts, next_at, state FROM delivery WHERE id = any($1)",
        [claim.id for claim in claims],
    )
    rows = {row[0]: row for row in found if row[-1] == "claimed"}
    devices = {row[0]: row[1:] for row in await tx.fetch(_DEVICES, sorted({row[2] for row in rows.values()}))}
    said = await sayings(tx, {row[1] for row in rows.values()} - {CONFIRM, CHECK})
    notices = await notices_of(tx, said.values())
    who = await people(tx, {one.account for one in said.values()})
    waited = [one for one in said.values() if one.kind not in CODES]
    known = _Known(now, origin, said, notices, who, await still_wanted(house, tx, waited, now))
    known.outdated = await outdated(tx, house.registry, known.waited(), now)
    known.gone_on = await _gone_on(tx, {row[1] for row in rows.values() if row[3] > 1})
    answers: list[Ready | Later | Not] = []
    for claim in claims:
        row = rows.get(claim.id)
        if row is None:
            answers.append(Not(claim))
            continue
        _, reminder, subscription, attempts, next_at, _ = row
        device = devices.get(subscription, _NO_DEVICE)
        if next_at != claim.until:
            answers.append(Not(claim))  # another worker has taken it over
        elif attempts > OVER:
            answers.append(Not(claim, "failed"))
        elif reminder in (CONFIRM, CHECK):
            answers.append(_answer_wanted(known, claim, reminder, subscription, attempts, device))
        else:
            answers.append(_of(known, claim, reminder, subscription, attempts, device))
    return answers


async def _gone_on(tx: Tx, reminders: Set[str]) -> frozenset[str]:
    """Those for which the next way was taken meanwhile: a device that answers only now would come on top of it."""
    if not reminders:
        return frozenset()
    found = await tx.fetch(
        "SELECT reminder_id FROM delivery WHERE reminder_id = any($1) AND subscription_id IN ('email', 'sms')",
        sorted(reminders),
    )
    return frozenset(str(id) for (id,) in found)


@dataclass(slots=True)
class _Known:
    now: datetime
    origin: str
    said: Mapping[str, Saying]
    notices: Mapping[str, NoticeRow]
    who: Mapping[str, Person]
    wanted: set[str]
    outdated: frozenset[str] = frozenset()
    gone_on: frozenset[str] = frozenset()

    def waited(self) -> dict[str, NoticeRow]:
        """{reminder: its notice} of those that were not sent as soon as they were said."""
        first = self.now - FRESH
        return {id: row for id, row in self.notices.items() if self.said[id].since <= first}


def _answer_wanted(
    known: _Known, claim: Claim, reminder: str, subscription: str, attempts: int, device: Sequence[Any]
) -> Ready | Not:
    """The push that asks a device to answer."""
    endpoint, p256dh, auth, lang, token, confirmed, *_ = device
    if endpoint is None:
        return Not(claim, "gone")
    if reminder == CONFIRM and confirmed is not None:
        return Not(claim, "seen", confirms=True)
    data = payload.confirmation(token=token, lang=lang, origin=known.origin)
    to = Device(endpoint, p256dh, auth)
    return Ready(claim, attempts, subscription, lang, device=to, data=data, confirms=True)


def _of(
    known: _Known, claim: Claim, reminder: str, subscription: str, attempts: int, device: Sequence[Any]
) -> Ready | Later | Not:
    said = known.said.get(reminder)
    if said is None:
        return Not(claim, "superseded")
    person = known.who[said.account]
    if said.kind in CODES:
        return _code(known, claim, said, subscription, attempts, person)
    notice = known.notices.get(reminder)
    if notice is None or notice.account != said.account or notice.read_at is not None:
        return Not(claim, "superseded")
    endpoint, p256dh, auth, lang, _, _, account = device
    to_device = subscription not in (*CHANNELS, NEXT)
    if to_device and endpoint is None:
        return Not(claim, "gone")
    if to_device and (account != notice.account or reminder in known.gone_on):
        return Not(claim, "superseded")
    first = person.not_before(said.since, urgent=notice.urgent, family=notice.family)
    if said.is_over(known.now, max(first, from_text(said.due_at))):
        return Not(claim, "expired")
    if reminder not in known.wanted or reminder in known.outdated:
        return Not(claim, "superseded")
    at = person.not_before(known.now, urgent=notice.urgent, family=notice.family)
    if at > known.now:
        return Not(claim, at=at)
    if subscription == NEXT:
        return Later(claim, said, notice, person)
    if to_device:
        data = payload.body(
            id=claim.id, notice=notice.id, kind=notice.kind, lang=lang, origin=known.origin, urgent=notice.urgent
        )
        to = Device(endpoint, p256dh, auth)
        return Ready(claim, attempts, subscription, lang, urgent=notice.urgent, device=to, data=data)
    address = person.address(subscription)
    if address is None:
        return Not(claim, "gone")
    text = payload.message(
        kind=notice.kind, lang=person.lang, origin=known.origin, urgent=notice.urgent, long=subscription == "email"
    )
    return Ready(claim, attempts, subscription, person.lang, urgent=notice.urgent, address=address, text=text)


def _code(known: _Known, claim: Claim, said: Saying, channel: str, attempts: int, person: Person) -> Ready | Not:
    """A code to an address that still waits for one."""
    waiting: Address | None = person.settings.addresses.get(channel) if person.settings else None
    if waiting is None or waiting.ask != said.data.get("ask") or waiting.state not in ("sending", "sent"):
        return Not(claim, "superseded")
    return Ready(
        claim,
        attempts,
        channel,
        person.lang,
        urgent=True,
        address=waiting.address,
        code_for=(said.account, waiting.ask),
    )
