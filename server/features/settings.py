"""Settings: a person's language, quiet hours, and how each kind of notice reaches them.

They belong to the account and hold in all its seats. Nothing chosen here puts content on a locked screen.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import msgspec
from pydantic import Field, StringConstraints

from server.domain import reminders as timing
from server.domain import scopes
from server.domain.access import ONESELF, Rule
from server.domain.actors import Actor
from server.features.around import Around
from server.features.person import Language
from server.features.shape import Command, Document, Feature, Moment, Projected, Row, Target, Writes

Way = Literal["push", "in_app", "none"]
TimeOfDay = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Kind = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,40}$")]
QUIET_FROM = timing.DEFAULT_QUIET.starts.strftime("%H:%M")
QUIET_TO = timing.DEFAULT_QUIET.ends.strftime("%H:%M")


class SettingsRow(Row, frozen=True, kw_only=True, omit_defaults=True):
    entity: ClassVar[str] = "settings"
    aggregate: ClassVar[str] = "user"

    user: str
    language: str | None = None
    """None: as the device is set."""
    quiet_from: str = QUIET_FROM
    quiet_to: str = QUIET_TO
    kinds: dict[str, str] = msgspec.field(default_factory=dict)
    """{notice kind: `push|in_app|none`}; a kind that is not here is pushed."""


class Settings(Document, frozen=True, kw_only=True, omit_defaults=True):
    quiet_from: str
    quiet_to: str
    language: str | None = None
    kinds: dict[str, str] = msgspec.field(default_factory=dict)


def project(row: SettingsRow, around: Around) -> Projected:
    yield (
        scopes.user(row.user),
        Settings(id=row.id, quiet_from=row.quiet_from, quiet_to=row.quiet_to, language=row.language, kinds=row.kinds),
    )


def of(around: Around, at: Moment) -> SettingsRow:
    """The account's own settings, or the defaults as a new row."""
    return around.first(SettingsRow) or SettingsRow(id=at.new_id(), owner_unit="", user=around.id)


class Change(Command):
    """Changes what is given and leaves the rest; kinds are changed one by one."""

    name: ClassVar[str] = "settings.change"
    rule: ClassVar[Rule] = Rule(by=ONESELF)

    language: Language | None = None
    quiet_from: TimeOfDay | None = None
    quiet_to: TimeOfDay | None = None
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
            kinds={**row.kinds, **self.kinds},
        )
        return Writes(rows=(changed,))


feature = Feature(entity="settings", row=SettingsRow, project=project, documents=(Settings,), commands=(Change,))
