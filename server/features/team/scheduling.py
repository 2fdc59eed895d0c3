"""Putting what was raised on the list of one of the team's sessions."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

import msgspec

from server.domain.access import AREA, LEADS, Rule
from server.domain.actors import Actor
from server.domain.instants import wall_from_text
from server.errors import Refused
from server.features.around import Around
from server.features.person import LocalText
from server.features.shape import Command, Id, Moment, Notice, Target, Writes
from server.features.team.rows import WAITING, TeamCaseRow, TeamRow, consent_of


class Schedule(Command):
    """Takes it up at a session, the next one if nothing else is said; by those who lead the team."""

    name: ClassVar[str] = "team.schedule"
    rule: ClassVar[Rule] = Rule(by=AREA - LEADS)
    on_scope_loss: ClassVar[str] = "purge"
    offered: ClassVar = ({"field": "state", "in": ["raised"]},)

    team: Id
    team_case: Id
    session: LocalText | None = None

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(self.team, "team"), Target(self.team_case, "team_case"))

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        team = around.get(TeamRow, self.team)
        if actor.seat not in team.leaders:
            raise Refused("not_allowed")
        home = next(one for one in (around, *around.others.values()) if any(r.id == self.team_case for r in one.rows))
        row = home.get(TeamCaseRow, self.team_case)
        if row.team != team.id:
            raise Refused("not_allowed")
        if row.state not in WAITING:
            raise Refused("conflict")
        if row.child is not None and consent_of(row, home) is None:
            raise Refused("consent_required")
        scheduled = msgspec.structs.replace(row, state="scheduled", session=self._session(team, at))
        told = (Notice(row.account, "team_scheduled", row.entity, row.id),) if row.account != actor.account else ()
        return Writes(rows=(scheduled,), notices=told)

    def _session(self, team: TeamRow, at: Moment) -> str:
        span = timedelta(minutes=team.minutes)
        ahead = [one for one in team.sessions if wall_from_text(one) + span > at.now]
        wanted = self.session or next(iter(ahead), None)
        if wanted is None or wanted not in ahead:
            raise Refused("invalid", fields={"session": "not_allowed_value"})
        return wanted
