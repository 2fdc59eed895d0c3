"""Raising a case to a team, named under a consent or without a name; and taking it back until it is scheduled."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field, model_validator

from server.domain import ages
from server.domain.access import AREA, BATON, LEADS, Rule
from server.domain.actors import Actor, Assurance
from server.domain.ages import AgeBand
from server.domain.instants import to_text
from server.errors import Refused
from server.features import circle
from server.features.around import Around
from server.features.booking import Question
from server.features.identifying import Confirmed, refuse_identifying
from server.features.shape import Command, Id, Moment, Notice, Target, Writes, misfit
from server.features.team.rows import Basis, TeamCaseRow, TeamRow, Wanted, covering, led_by

RAISERS = BATON | (AREA - LEADS)
"""A child is raised by those who hold its baton, a question without a name by anybody who works in the area."""


class Raise(Command):
    """Raises a question: about a child under the family's consent, or about nobody who could be known."""

    name: ClassVar[str] = "team.raise"
    rule: ClassVar[Rule] = Rule(by=RAISERS, assurance=Assurance.VERIFIED)
    on_scope_loss: ClassVar[str] = "purge"

    team: Id
    basis: Basis
    question: Question
    wanted: Wanted | None = None
    child: Id | None = None
    consent: Id | None = None
    """That one; without it any live consent that names the whole team."""
    age_band: AgeBand | None = None
    """Of somebody without a name. A child's own is known."""
    confirmed: Confirmed = Field(default_factory=list)

    @model_validator(mode="after")
    def _of_one_basis(self) -> Raise:
        about = {"child": self.child, "consent": self.consent}
        if self.basis == "without_name":
            given = {name: "not_allowed_value" for name, value in about.items() if value is not None}
            missing = {"age_band": "required"} if self.age_band is None else {}
            if given or missing:
                raise misfit(**given, **missing)
        elif self.child is None and self.consent is None:
            raise misfit(child="required")
        return self

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        team = Target(self.team, "team")
        if self.basis == "without_name":
            return (team,)
        about = [Target(id, entity) for id, entity in ((self.child, "child"), (self.consent, "consent")) if id]
        return (*about, team)

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        nameless = self.basis == "without_name"
        home = around if nameless else around.of(self.team)
        team = home.get(TeamRow, self.team)
        row = self._nameless(team, actor, at) if nameless else self._named(around, team, actor, at)
        if any((one.account, one.team, one.question) == (row.account, row.team, row.question) and one.state == "raised"
               for one in around.all(TeamCaseRow)):  # fmt: skip
            raise Refused("conflict")
        told = {person.account for person in led_by(team, home)} - {actor.account}
        return Writes(
            rows=(row,),
            result={"team_case": row.id},
            notices=tuple(Notice(one, "team_raised", "team_case", row.id) for one in sorted(told)),
        )

    def _named(self, around: Around, team: TeamRow, actor: Actor, at: Moment) -> TeamCaseRow:
        child = circle.child(around)
        if child.state != "open" or child.protection is not None:
            raise Refused("conflict")
        consent = covering(team, around, self.consent)
        if consent is None:
            raise Refused("consent_required")
        return TeamCaseRow(
            id=at.new_id(),
            owner_unit=around.owner_unit,
            team=team.id,
            area=team.area,
            basis=self.basis,
            question=self.question,
            wanted=self.wanted,
            age_band=ages.age_band(ages.age_from_adulthood(child.turns_18, around.today)),
            raised_at=to_text(at.now),
            seat=actor.seat,
            account=actor.account,
            child=child.id,
            consent=consent.id,
            units=tuple(unit for unit in team.units if unit in consent.to_units),
        )

    def _nameless(self, team: TeamRow, actor: Actor, at: Moment) -> TeamCaseRow:
        refuse_identifying("question", self.question, self.confirmed, actor.name)
        return TeamCaseRow(
            id=at.new_id(),
            owner_unit=team.owner_unit,
            team=team.id,
            area=team.area,
            basis=self.basis,
            question=self.question,
            wanted=self.wanted,
            age_band=self.age_band,
            raised_at=to_text(at.now),
            seat=actor.seat,
            account=actor.account,
        )


class Withdraw(Command):
    """Takes back what was raised and has not been scheduled; it is erased."""

    name: ClassVar[str] = "team.withdraw"
    rule: ClassVar[Rule] = Rule(by=RAISERS, assurance=Assurance.VERIFIED)
    on_scope_loss: ClassVar[str] = "purge"
    offered: ClassVar = ({"field": "withdrawable", "in": [True]},)

    team_case: Id

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(self.team_case, "team_case"),)

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        row = around.get(TeamCaseRow, self.team_case)
        if row.child is None and row.account != actor.account:
            raise Refused("not_allowed")
        if row.state != "raised":
            raise Refused("too_late")
        return Writes(remove=(row.id,))
