"""A team of the school and the clinic, and the child's consent to be named there."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import msgspec

from server.domain import scopes
from server.features.around import Around
from server.features.rows import ConsentRow
from server.features.shape import Row
from server.features.team.rows import TeamCaseRow, TeamRow
from tests.features import cast
from tests.features.cast import AREA, CHILD, CLINIC, ELIN, MARIA, NOW, SAMIR, SCHOOL
from tests.features.cast_area import PEOPLE, UNITS

TEAM, CASE, NAMED_CASE, YES = cast.uuid(60), cast.uuid(61), cast.uuid(62), cast.uuid(63)
SESSIONS = ("2026-09-08T13:00", "2026-09-22T13:00")
SCOPE_TEAM = scopes.team(TEAM)
SCOPE_YES = scopes.consent(YES, CLINIC)

TEAM_ROW = TeamRow(
    id=TEAM, owner_unit=CLINIC, area=AREA, name="SAMBU-team Mariestad", units=(CLINIC, SCHOOL), members=(SAMIR, MARIA),
    leaders=(SAMIR,), first_on="2026-09-08", at="13:00", minutes=60, every_weeks=2, sessions=SESSIONS,
)  # fmt: skip
CASE_ROW = TeamCaseRow(
    id=CASE, owner_unit=CLINIC, team=TEAM, area=AREA, basis="without_name", question="Vem kan hjälpa på morgnarna?",
    raised_at="2026-08-20T08:00:00.000Z", seat=ELIN, account=cast.account(ELIN), wanted="who_helps", age_band="10-12",
)  # fmt: skip
YES_ROW: ConsentRow = msgspec.structs.replace(cast.CONSENT_ROW, id=YES, purpose="team", to_units=(CLINIC,))
NAMED_ROW = TeamCaseRow(
    id=NAMED_CASE, owner_unit=SCHOOL, team=TEAM, area=AREA, basis="consent", question="Hur hjälper vi Alva på morgonen?",
    raised_at="2026-08-21T08:00:00.000Z", seat=MARIA, account=cast.account(MARIA), wanted="joint_plan", age_band="13-15",
    child=CHILD, consent=YES, units=(CLINIC,),
)  # fmt: skip


def around_team(*more: Row, now: datetime = NOW, **team: Any) -> Around:
    """The team's own rows; its people are known."""
    rows = {TEAM: msgspec.structs.replace(TEAM_ROW, **team)} | {row.id: row for row in more}
    ordered = tuple(rows[id] for id in sorted(rows))
    return Around(TEAM, "team", CLINIC, now, ordered, {**UNITS, **PEOPLE})


def child_and_team(*more: Row, now: datetime = NOW, without: tuple[str, ...] = (), **team: Any) -> Around:
    """The child, with the team beside it."""
    return replace(cast.around_child(*more, now=now, without=without), others={TEAM: around_team(now=now, **team)})
