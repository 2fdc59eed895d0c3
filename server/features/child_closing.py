"""What ends together with a child's coordination, and who hears of it: everybody once, however much it was. Pure.

Meetings to come are called off, questions and sharing end, waits and support are followed no longer. A promise to call
that is still open stays one: it is kept.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from server.domain.instants import local_date, to_text
from server.features import belonging, circle
from server.features.around import Around
from server.features.consent_state import sharing_ended
from server.features.meeting.planning import URGENT_WITHIN
from server.features.meeting.rows import PLANNED, MeetingRow, family_invited, staff_invited
from server.features.rows import ConsentRow
from server.features.shape import Moment, Notice, Row, Writes
from server.features.support_measure import OVER, SupportMeasureRow
from server.features.team.rows import WAITING, TeamCaseRow
from server.features.unreached import UnreachedRow
from server.features.waiting import OPEN, WaitingRow

REASON = "closed"
"""Why a meeting was called off: the coordination has ended."""


def everything_ended(around: Around, at: Moment, *, but: str) -> Writes:
    """All of it, with the notices of family and professionals; the account `but` has done it and hears nothing."""
    coming = [one for one in around.all(MeetingRow) if one.state in PLANNED and one.starts > at.now]
    drafts = (one.id for one in around.all(MeetingRow) if one.state == "draft")
    cases = (one.id for one in around.all(TeamCaseRow) if one.state in WAITING)
    unreached = (one.id for one in around.all(UnreachedRow))
    rows = (*_called_off(coming, at), *_consents(around, at), *_followed_no_longer(around, at))
    told = (*_to_family(around, coming, at), *_to_staff(around, coming, at))
    return Writes(
        rows=rows, remove=(*drafts, *cases, *unreached), notices=tuple(one for one in told if one.account != but)
    )


def _called_off(coming: Iterable[MeetingRow], at: Moment) -> Iterable[Row]:
    for row in coming:
        yield msgspec.structs.replace(
            row, state="cancelled", cancelled_at=to_text(at.now), cancelled_reason=REASON, sequence=row.sequence + 1
        )


def _consents(around: Around, at: Moment) -> Iterable[Row]:
    """Expired, not withdrawn: nobody has taken anything back, and there is nothing left to take back."""
    for row in around.all(ConsentRow):
        if row.state in ("asked", "complete"):
            yield msgspec.structs.replace(row, state="expired", ended_at=to_text(at.now))


def _followed_no_longer(around: Around, at: Moment) -> Iterable[Row]:
    today = local_date(at.now).isoformat()
    for wait in around.all(WaitingRow):
        if wait.state in OPEN:
            yield msgspec.structs.replace(wait, state="ended", ended_on=today, worse=())
    for measure in around.all(SupportMeasureRow):
        if measure.state not in OVER:
            yield msgspec.structs.replace(measure, state="stopped", ended_on=today)


def _to_family(around: Around, coming: Iterable[MeetingRow], at: Moment) -> Iterable[Notice]:
    """There is a last word; at once when somebody would else set out for a meeting."""
    soon = [row for row in coming if row.starts - at.now < URGENT_WITHIN]
    hurried = {relation.account for row in soon for relation in family_invited(row, around)}
    people = (*circle.guardians(around), *circle.young(around))
    for account in sorted({one.account for one in people if one.account}):
        if belonging.hears(around, account):
            yield Notice(account, "child_closed", "child", around.id, urgent=account in hurried)


def _to_staff(around: Around, coming: Iterable[MeetingRow], at: Moment) -> Iterable[Notice]:
    """The first meeting that will not be, to whoever was to come; to other receiving units that the sharing ended."""
    told: dict[str, Notice] = {}
    for row in sorted(coming, key=lambda one: (one.starts_at, one.id)):
        for person in (one for one in staff_invited(row, around) if belonging.hears(around, one.account)):
            soon = row.starts - at.now < URGENT_WITHIN
            told.setdefault(
                person.account, Notice(person.account, "meeting_cancelled", row.entity, row.id, urgent=soon)
            )
    for consent in around.all(ConsentRow):
        if consent.state == "complete":
            for notice in sharing_ended(around, consent):
                told.setdefault(notice.account, notice)
    return tuple(told[account] for account in sorted(told))
