"""The terms' drafts, by the house or when those who lead ask for one, and the days of the area's school terms."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Annotated, ClassVar, Literal

import msgspec
from pydantic import StringConstraints

from server.domain import term_meetings as rules
from server.domain.access import LEADS, Rule
from server.domain.actors import Actor
from server.domain.instants import local_date, to_text, wall_from_text
from server.domain.terms import TermDates, stated, term_from_label
from server.errors import Refused
from server.features.around import Around
from server.features.directory.rows import BUSE
from server.features.person import AreaRow, DayText, OwnTerm
from server.features.shape import Command, Moment, Notice, OfTheHouse, Row, Target, Writes
from server.features.task import TaskRow, about, done, new_to
from server.features.term_meeting.planning import GATHERED, first_proposal, to_all, usual_functions
from server.features.term_meeting.rows import TermMeetingRow, coming_to, dates_of, holders, of_network

PLAN_WITHIN = timedelta(days=14)
TWICE = 2
"""Meetings of the network of BUSEs in a term."""
KEPT_TERMS = 12


class Begin(OfTheHouse):
    """The house drafts the term's meetings with days to choose from, and asks those who lead the area to plan them.

    One of everybody and, where units have a BUSE, two of that network. Drafts of terms that are over go away.
    """

    name: ClassVar[str] = "term.begin"
    gathers: ClassVar[tuple[str, ...]] = GATHERED

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        area = around.get(AreaRow, self.record)
        today, dates = local_date(at.now), dates_of(around)
        term = rules.term_to_plan(today, dates)
        begun = msgspec.structs.replace(area, term_begun=term.label)
        if area.term_begun == term.label:
            return Writes(rows=(begun,))
        over = [one for one in around.all(TermMeetingRow) if one.state == "draft" and _is_over(one, today, dates)]
        rows: list[Row] = [begun, *(done(one, at, None) for draft in over for one in about(around, draft.id))]
        notices: list[Notice] = []
        used: set[date] = set()
        for network, times in ((None, 1), (BUSE, TWICE if has_network(around) else 0)):
            already = sum(one.term == term.label and one.state != "cancelled" for one in of_network(network, around))
            for n in range(already, times):
                from_on = rules.middle(term, today) if n else None
                days = rules.proposals(term, today, dates, frozenset(used), not_before=from_on)
                if not days:
                    continue
                used.update(days)
                draft = drafted(term.label, days, network, around, at)
                task = TaskRow(
                    id=at.new_id(),
                    owner_unit="",
                    kind="plan_term",
                    area=around.id,
                    by_on=(today + PLAN_WITHIN).isoformat(),
                    about_entity=draft.entity,
                    about_doc=draft.id,
                    made_on=today.isoformat(),
                )
                rows += [draft, task]
                notices += new_to(task, around)
        return Writes(rows=tuple(rows), remove=tuple(one.id for one in over), notices=tuple(notices))


def _is_over(draft: TermMeetingRow, today: date, dates: TermDates) -> bool:
    """A draft that nobody planned while its term lasted."""
    return term_from_label(draft.term, dates).ends_on < today


def has_network(around: Around) -> bool:
    """Whether any unit of the area has a BUSE: by its directory, or by what somebody does there."""
    return bool(holders((BUSE,), around))


def drafted(term: str, days: tuple[date, ...], network: str | None, around: Around, at: Moment) -> TermMeetingRow:
    """A draft with days to choose from, for everybody or for one network."""
    walls = first_proposal(days)
    return TermMeetingRow(
        id=at.new_id(),
        owner_unit="",
        area=around.id,
        term=term,
        required_functions=(network,) if network else usual_functions(around),
        starts_local=walls[0],
        starts_at=to_text(wall_from_text(walls[0])),
        minutes=rules.PROPOSED_MINUTES,
        network=network,
        proposals=walls,
    )


class Propose(Command):
    """One more draft, with days to choose from: of everybody, or of the network of BUSEs. Nobody is told yet."""

    name: ClassVar[str] = "term.propose"
    rule: ClassVar[Rule] = Rule(by=LEADS)
    on_scope_loss: ClassVar[str] = "purge"

    network: Literal["buse"] | None = None

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(actor.area or ""),)

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        today, dates = local_date(at.now), dates_of(around)
        taken = (one for one in around.all(TermMeetingRow) if one.state == "planned")
        planned = frozenset(local_date(one.starts) for one in taken)
        term = rules.term_to_plan(today, dates, planned)
        days = rules.proposals(term, today, dates, planned)
        if not days:
            raise Refused("conflict")
        draft = drafted(term.label, days, self.network, around, at)
        return Writes(rows=(draft,), result={"term_meeting": draft.id})


class Dates(Command):
    """The area states the days of a school term, or with none that they are the usual ones. Drafts follow."""

    name: ClassVar[str] = "term.dates"
    rule: ClassVar[Rule] = Rule(by=LEADS)
    on_scope_loss: ClassVar[str] = "purge"

    term: Annotated[str, StringConstraints(pattern=r"^(HT|VT) 20\d{2}$")]
    starts_on: DayText | None = None
    ends_on: DayText | None = None

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(actor.area or ""),)

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        area = around.get(AreaRow, around.id)
        others = tuple(one for one in area.own_terms if one.term != self.term)
        if (self.starts_on is None) != (self.ends_on is None):
            raise Refused("invalid", fields={"ends_on" if self.starts_on else "starts_on": "required"})
        if self.starts_on is not None and self.ends_on is not None:
            try:
                stated(self.term, date.fromisoformat(self.starts_on), date.fromisoformat(self.ends_on))
            except ValueError:
                raise Refused("invalid", fields={"ends_on": "not_allowed_value"}) from None
            others = (*others, OwnTerm(term=self.term, starts_on=self.starts_on, ends_on=self.ends_on))
        kept = tuple(sorted(others, key=lambda one: (one.term[3:], one.term[0] == "H"))[-KEPT_TERMS:])
        changed = msgspec.structs.replace(area, own_terms=kept)
        after = around.after(Writes(), (changed,))
        drafts = (one for one in around.all(TermMeetingRow) if one.state == "draft" and one.term == self.term)
        return Writes(rows=(changed, *(self._anew(one, after, local_date(at.now)) for one in drafts)))

    def _anew(self, draft: TermMeetingRow, around: Around, today: date) -> TermMeetingRow:
        dates = dates_of(around)
        days = rules.proposals(term_from_label(self.term, dates), today, dates)
        if not days:
            return draft
        walls = first_proposal(days)
        starts_at = to_text(wall_from_text(walls[0]))
        return msgspec.structs.replace(draft, proposals=walls, starts_local=walls[0], starts_at=starts_at)


class Gather(OfTheHouse):
    """The house looks again for everybody who holds a function that the meeting needs; newcomers are called."""

    name: ClassVar[str] = "term.gather"
    entity: ClassVar[str | None] = "term_meeting"
    gathers: ClassVar[tuple[str, ...]] = GATHERED

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        row = around.get(TermMeetingRow, self.record)
        if row.state != "planned" or at.now >= row.starts:
            return Writes()
        known = {one.seat for one in row.participants}
        now = holders(row.required_functions, around)
        answered = tuple(one for one in row.participants if one.seat in row.answers and one not in now)
        looked = msgspec.structs.replace(row, participants=tuple(sorted((*now, *answered), key=lambda one: one.seat)))
        return Writes(rows=(looked,), notices=_to_newcomers(looked, around, actor, known))


def _to_newcomers(row: TermMeetingRow, around: Around, actor: Actor, known: Iterable[str]) -> tuple[Notice, ...]:
    old = {person.account for person in coming_to(row, around) if person.id in set(known)}
    return tuple(one for one in to_all(row, around, actor, "term_planned") if one.account not in old)
