"""Settings: a person's language, quiet hours, and how each kind of notice reaches them.

They belong to the account and hold in all its seats. Nothing chosen here puts content on a locked screen. The addresses
for notices (`server.features.addresses`) lie here too, and are shown to nobody but the person.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, ClassVar, Final, Literal

import msgspec
from pydantic import AfterValidator, Field, StringConstraints, WithJsonSchema

from server.domain import reminders as timing
from server.domain import scopes
from server.domain.access import ONESELF, Rule
from server.domain.actors import Actor
from server.domain.instants import from_text
from server.features.around import Around
from server.features.shape import Command, Document, Feature, Moment, Projected, Reminder, Row, Target, Writes
from server.texts import LANGUAGES

Way = Literal["push", "email", "sms", "in_app", "none"]
Channel = Literal["email", "sms"]
CHANNELS: Final[tuple[Channel, ...]] = ("email", "sms")
"""Ways that need an address, in the order in which they are tried when no device answers."""
TimeOfDay = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Kind = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,40}$")]


def _is_shown(language: str) -> str:
    if language not in LANGUAGES:
        raise ValueError("no texts in this language")
    return language


ShownLanguage = Annotated[str, AfterValidator(_is_shown), WithJsonSchema({"type": "string", "enum": list(LANGUAGES)})]
"""A language that there are texts in."""
QUIET_FROM = timing.DEFAULT_QUIET.starts.strftime("%H:%M")
QUIET_TO = timing.DEFAULT_QUIET.ends.strftime("%H:%M")


CODES = ("address_code_email", "address_code_sms")
"""The reminders that have a code sent to an address."""


class Address(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where notices may be sent besides devices. Only a confirmed one is used."""

    address: str
    ask: str
    """Which asking this is: a code is good for it alone."""
    asked_at: str
    state: str = "sending"
    """`sending|sent|failed|confirmed`"""
    code_hash: str | None = None
    until: str | None = None
    left: int = 5


class SettingsRow(Row, frozen=True, kw_only=True, omit_defaults=True):
    entity: ClassVar[str] = "settings"
    aggregate: ClassVar[str] = "user"

    user: str
    language: str | None = None
    """None: as the device is set."""
    quiet_from: str = QUIET_FROM
    quiet_to: str = QUIET_TO
    kinds: dict[str, str] = msgspec.field(default_factory=dict)
    """{notice kind: `push|email|sms|in_app|none`}; a kind that is not here is pushed."""
    quiet_weekends: bool | None = None
    """No notices on days off. None: so for professionals, not for families."""
    addresses: dict[str, Address] = msgspec.field(default_factory=dict)
    """{`email|sms`: address}"""
    asked: tuple[str, ...] = ()
    """When codes were asked for, within the last day."""

    def confirmed(self, channel: str) -> str | None:
        """The address that notices may be sent to by this channel."""
        known = self.addresses.get(channel)
        return known.address if known is not None and known.state == "confirmed" else None


class Settings(Document, frozen=True, kw_only=True, omit_defaults=True):
    quiet_from: str
    quiet_to: str
    language: str | None = None
    kinds: dict[str, str] = msgspec.field(default_factory=dict)
    quiet_weekends: bool | None = None
    addresses: dict[str, dict[str, Any]] | None = None
    """{`email|sms`: {address, state, until?, left?}}"""


def project(row: SettingsRow, around: Around) -> Projected:
    yield (
        scopes.user(row.user),
        Settings(
            id=row.id,
            quiet_from=row.quiet_from,
            quiet_to=row.quiet_to,
            language=row.language,
            kinds=row.kinds,
            quiet_weekends=row.quiet_weekends,
            addresses={channel: _shown(one) for channel, one in sorted(row.addresses.items())} or None,
        ),
    )


def _shown(one: Address) -> dict[str, Any]:
    shown: dict[str, Any] = {"address": one.address, "state": one.state}
    return {**shown, "until": one.until, "left": one.left} if one.state == "sent" else shown


def reminders(row: SettingsRow, around: Around) -> Iterable[Reminder]:
    """A code for each address that waits for one."""
    for channel, one in sorted(row.addresses.items()):
        if one.state == "sending":
            asked = {"channel": channel, "ask": one.ask}
            yield Reminder(row.id, f"address_code_{channel}", row.user, from_text(one.asked_at), asked)


def of(around: Around, at: Moment) -> SettingsRow:
    """The account's own settings, or the defaults as a new row."""
    return around.first(SettingsRow) or SettingsRow(id=at.new_id(), owner_unit="", user=around.id)


def invited_in(around: Around, language: str, at: Moment) -> tuple[SettingsRow, ...]:
    """The settings of an account that was invited in a language there are texts in; what is chosen stays."""
    if language not in LANGUAGES:
        return ()
    known = of(around, at)
    return () if known.language else (msgspec.structs.replace(known, language=language),)


class Change(Command):
    """Changes what is given and leaves the rest; kinds are changed one by one."""

    name: ClassVar[str] = "settings.change"
    rule: ClassVar[Rule] = Rule(by=ONESELF)
    confirm: ClassVar[bool] = True

    language: ShownLanguage | None = None
    quiet_from: TimeOfDay | None = None
    quiet_to: TimeOfDay | None = None
    quiet_weekends: bool | None = None
    kinds: Annotated[dict[Kind, Way], Field(max_length=60)] = Field(default_factory=dict)

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(actor.account, create="user"),)

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        row = of(around, at)
        changed = msgspec.structs.replace(
            row,
            language=self.language or row.language,
            quiet_from=self.quiet_from or row.quiet_from,
            quiet_to=self.quiet_to or row.quiet_to,
            quiet_weekends=row.quiet_weekends if self.quiet_weekends is None else self.quiet_weekends,
            kinds={**row.kinds, **self.kinds},
        )
        return Writes(rows=(changed,))


feature = Feature(
    entity="settings",
    row=SettingsRow,
    project=project,
    documents=(Settings,),
    reminders=reminders,
    commands=(Change,),
)
