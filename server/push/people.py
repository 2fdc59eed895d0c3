"""People: what telling an account depends on, besides what is told: quiet hours, days off, ways that work."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from server.domain.actors import FAMILY_SEATS
from server.features.settings import CHANNELS, SettingsRow
from server.push import plan
from server.push.wanted import settings_of
from server.storage.engine import Tx

PUSH: Final = "push"
NEXT: Final = "next"
"""The pseudo way of a delivery that looks later whether the others have reached anybody."""
SILENT: Final = frozenset({"in_app", "none"})


@dataclass(frozen=True, slots=True)
class Person:
    """One account. `families` is True when one of its seats is a family's."""

    account: str
    settings: SettingsRow | None = None
    kinds: frozenset[str] = field(default_factory=frozenset)
    lang: str = "sv"

    @property
    def families(self) -> bool:
        return not self.kinds.isdisjoint(FAMILY_SEATS)

    def days_off(self, family: bool | None) -> bool:
        """True when days off are quiet for what is told: as chosen, else for what is about work and not one's family.

        None: what was told before that was kept, is as the person's seats have it.
        """
        chosen = None if self.settings is None else self.settings.quiet_weekends
        if chosen is not None:
            return chosen
        works = not self.kinds <= FAMILY_SEATS
        return works and not (self.families if family is None else family)

    def not_before(self, now: datetime, *, urgent: bool, family: bool | None) -> datetime:
        """The first instant at which this person may be told."""
        quiet = (None, None) if self.settings is None else (self.settings.quiet_from, self.settings.quiet_to)
        return plan.not_before(now, quiet, days_off=self.days_off(family), urgent=urgent)

    def chosen(self, kind: str) -> str:
        """`push`, `email`, `sms`, `in_app` or `none`, as the person has chosen for this kind."""
        return PUSH if self.settings is None else self.settings.kinds.get(kind, PUSH)

    def address(self, channel: str) -> str | None:
        """The confirmed address for a channel."""
        return None if self.settings is None else self.settings.confirmed(channel)

    def ways(self, kind: str, channels: Iterable[str]) -> tuple[str, ...]:
        """The ways for this kind in the order in which they are tried; none when the person wants no sound."""
        first = self.chosen(kind)
        if first in SILENT:
            return ()
        have = {PUSH} | {one for one in channels if self.address(one)}
        return tuple(way for way in dict.fromkeys((first, PUSH, *CHANNELS)) if way in have)


async def people(tx: Tx, accounts: Iterable[str]) -> dict[str, Person]:
    """These accounts, each with what it has chosen."""
    ids = sorted(set(accounts))
    settings = await settings_of(tx, ids)
    kinds: dict[str, set[str]] = {id: set() for id in ids}
    langs: dict[str, str] = {}
    for account, kind, lang in await tx.fetch(
        "SELECT a.id, s.kind, a.language FROM account a LEFT JOIN seat s ON s.account_id = a.id AND s.ended_at IS NULL"
        " WHERE a.id = any($1)",
        ids,
    ):
        langs[account] = lang
        if kind is not None:
            kinds[account].add(kind)
    found = {}
    for id in ids:
        chosen = settings.get(id)
        lang = (chosen.language if chosen else None) or langs.get(id) or "sv"
        found[id] = Person(id, chosen, frozenset(kinds[id]), lang)
    return found
