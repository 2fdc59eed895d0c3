"""Device: where an account is signed in, when it was last seen, and whether a push reaches it. One for each session.

Only the person sees their devices, and can have any of them forgotten: its session ends and it erases what it holds.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import msgspec
from pydantic import AfterValidator, Field, StringConstraints

from server.domain import push_keys, scopes
from server.domain.access import ONESELF, SCHEDULED, Rule
from server.domain.actors import Actor
from server.domain.instants import local_date
from server.features import settings
from server.features.around import Around
from server.features.person import DayText, Language
from server.features.shape import Command, Document, Effect, Feature, Id, Moment, Projected, Row, Target, Writes

PushState = Literal["none", "pending", "ok", "dead"]
Base64Url = StringConstraints(pattern=r"^[A-Za-z0-9_-]+={0,2}$", max_length=120)


class DeviceRow(Row, frozen=True, kw_only=True, omit_defaults=True):
    """The row's id is the session's id."""

    entity: ClassVar[str] = "device"
    aggregate: ClassVar[str] = "user"

    user: str
    label: str
    seat: str
    seen_on: str
    push: str = "none"
    """`none|pending|ok|dead`"""
    confirmed_on: str | None = None
    """The last day on which the device itself said that it had shown or answered a push."""
    unanswered_since: str | None = None
    """Its push service has taken pushes since that day, and the device has confirmed none."""


class Device(Document, frozen=True, kw_only=True, omit_defaults=True):
    label: str
    seat: str
    seen_on: str
    push: str
    confirmed_on: str | None = None
    unanswered_since: str | None = None


def project(row: DeviceRow, around: Around) -> Projected:
    yield (
        scopes.user(row.user),
        Device(
            id=row.id,
            label=row.label,
            seat=row.seat,
            seen_on=row.seen_on,
            push=row.push,
            confirmed_on=row.confirmed_on,
            unanswered_since=row.unanswered_since,
        ),
    )


class Seen(Command):
    """The house notes a device: at sign-in, once a day, and when its push health has changed."""

    name: ClassVar[str] = "device.seen"
    rule: ClassVar[Rule] = Rule(by=SCHEDULED)
    internal: ClassVar[bool] = True

    account: Id
    session: Id
    label: Annotated[str, Field(max_length=120)]
    seat: Id
    push: PushState | None = None
    """With it `confirmed_on` and `unanswered_since` are said too."""
    confirmed_on: DayText | None = None
    unanswered_since: DayText | None = None

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(self.account, create="user"),)

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        known = next((row for row in around.all(DeviceRow) if row.id == self.session), None)
        health = self if self.push is not None else known
        seen = DeviceRow(
            id=self.session,
            owner_unit="",
            user=around.id,
            label=self.label,
            seat=self.seat,
            seen_on=local_date(at.now).isoformat(),
            push=(health.push if health else None) or "none",
            confirmed_on=health.confirmed_on if health else None,
            unanswered_since=_earliest(known, health),
        )
        return Writes(rows=(seen, settings.of(around, at)))


def _earliest(known: DeviceRow | None, health: Seen | DeviceRow | None) -> str | None:
    """Since when pushes go unanswered: the earlier day, as long as they still do."""
    if health is None or health.unanswered_since is None:
        return None
    before = known.unanswered_since if known is not None else None
    return min(before or health.unanswered_since, health.unanswered_since)


class Gone(Command):
    """The house takes away a device whose session has ended."""

    name: ClassVar[str] = "device.gone"
    rule: ClassVar[Rule] = Rule(by=SCHEDULED)
    internal: ClassVar[bool] = True

    account: Id
    session: Id

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(self.account, create="user"),)

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        return Writes(remove=tuple(row.id for row in around.all(DeviceRow) if row.id == self.session))


class Forget(Command):
    """Signs a device out; it erases what it holds when it next hears from the server, at the latest by its lease."""

    name: ClassVar[str] = "device.forget"
    rule: ClassVar[Rule] = Rule(by=ONESELF)
    confirm: ClassVar[bool] = True

    device: Id

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(self.device, "device"),)

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        row = around.get(DeviceRow, self.device)
        return Writes(remove=(row.id,), effects=(Effect("session.forget", {"session": row.id}),))


class _Own(Command):
    rule: ClassVar[Rule] = Rule(by=ONESELF)

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(actor.account, create="user"),)


class Subscribe(_Own):
    """Has neutral notices pushed to this device. The address is personal data: it goes when the device does."""

    name: ClassVar[str] = "push.subscribe"
    confirm: ClassVar[bool] = True

    endpoint: Annotated[str, StringConstraints(pattern=r"^https?://[^\s]+$", max_length=1000)]
    p256dh: Annotated[str, Base64Url, AfterValidator(push_keys.public_key)]
    auth: Annotated[str, Base64Url, AfterValidator(push_keys.secret)]
    lang: Language

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        return Writes(effects=(Effect("push.subscribe", self.model_dump()),))


class Unsubscribe(_Own):
    """Stops pushing to one address, or without one to all of this account."""

    name: ClassVar[str] = "push.unsubscribe"
    confirm: ClassVar[bool] = True

    endpoint: Annotated[str, StringConstraints(min_length=1, max_length=1000)] | None = None

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        gone = () if self.endpoint else around.all(DeviceRow)
        rows = tuple(msgspec.structs.replace(row, push="none") for row in gone)
        return Writes(rows=rows, effects=(Effect("push.unsubscribe", {"endpoint": self.endpoint}),))


class Check(_Own):
    """Sends this device a push that it must answer; what came of it stands in its push health."""

    name: ClassVar[str] = "push.check"

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        return Writes(effects=(Effect("push.check", {}),))


feature = Feature(
    entity="device",
    row=DeviceRow,
    project=project,
    documents=(Device,),
    commands=(Seen, Gone, Forget, Subscribe, Unsubscribe, Check),
)
