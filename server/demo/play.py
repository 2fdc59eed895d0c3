"""Play: what every story of the demonstration is told with (people, units, days, and how families come to be)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from server.demo.days import Days
from server.demo.stage import Person, Stage
from server.demo.timeline import Story, Timeline
from server.domain.actors import SeatKind
from server.texts import DEFAULT_LANGUAGE, LANGUAGES


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of a family who has joined. `relation` is how the child's other people name them."""

    person: Person
    relation: str


@dataclass(slots=True)
class Family:
    """A child with whom it turns to, and those who have joined."""

    child: str
    name: str
    by: Person
    deputy: Person | None
    guardians: list[Member] = field(default_factory=list)
    young: Member | None = None

    @property
    def members(self) -> tuple[Member, ...]:
        return (*self.guardians, *((self.young,) if self.young else ()))


class Play:
    """The company and its stage. `personas` are those one can sign in as, each with seats and what tells them apart."""

    def __init__(self, stage: Stage, timeline: Timeline, days: Days) -> None:
        self.stage, self.timeline, self.days = stage, timeline, days
        self.people: dict[str, Person] = {}
        self.units: dict[str, str] = {}
        self.teams: dict[str, str] = {}
        self.colleagues: dict[str, list[Person]] = {}
        self.personas: dict[str, list[tuple[Person, str]]] = {}

    def tell(self, *stories: Story) -> None:
        """Begins further stories beside the one that tells them."""
        for story in stories:
            self.timeline.tell(story)

    def staff_of(self, unit: str) -> list[Person]:
        """Those who work in the unit of that key, the one who leads it first."""
        return self.colleagues[unit]

    async def act(self, who: Person, name: str, /, **args: Any) -> Mapping[str, Any]:
        """The command, without the arguments that are None."""
        return await self.stage.act(who, name, **{key: value for key, value in args.items() if value is not None})

    def persona(self, key: str, person: Person, label: str = "") -> None:
        """Lets one sign in as this person."""
        self.personas.setdefault(key, []).append((person, label))

    async def open(
        self,
        name: str,
        turns_18_on: str,
        *,
        by: str | Person = "maria",
        deputy: str | Person | None = "johan",
        languages: tuple[str, ...] = ("sv",),
        interpreter: str | None = None,
        named: bool = True,
    ) -> Family:
        """A child whose coordinator opened it; with `named` false nobody is named yet."""
        opener = self._called(by)
        second = self._called(deputy) if deputy else None
        opened = await self.act(
            opener,
            "child.open",
            display_name=name,
            turns_18_on=turns_18_on,
            person=opener.seat if named else None,
            deputy=second.seat if second else None,
            languages=languages,
            interpreter=interpreter,
        )
        return Family(str(opened["child"]), name, opener, second)

    async def guardian(
        self, family: Family, name: str, *, language: str = "sv", account: str | None = None, verified: bool = True
    ) -> Member:
        """A guardian who was invited and has joined."""
        joined = await self._join(family, name, "guardian.invite", SeatKind.GUARDIAN, language, account, verified)
        family.guardians.append(joined)
        return joined

    async def young(self, family: Family, *, language: str = "sv") -> Member:
        """The young person with an account of their own."""
        family.young = await self._join(family, family.name, "young.invite", SeatKind.YOUNG, language, None, True)
        return family.young

    async def supporter(self, family: Family, name: str) -> Member:
        """Somebody the family has chosen to have beside them."""
        return await self._join(family, name, "supporter.invite", SeatKind.SUPPORTER, "sv", None, True)

    def _called(self, who: str | Person) -> Person:
        return self.people[who] if isinstance(who, str) else who

    async def _join(
        self,
        family: Family,
        name: str,
        command: str,
        kind: SeatKind,
        language: str,
        account: str | None,
        verified: bool,
    ) -> Member:
        invited = await self.act(family.by, command, child=family.child, name_shown=name)
        relation = str(invited["relation"])
        if account is not None:
            return Member(await self.stage.join(family.child, relation, account, kind, verified=verified), relation)
        person = await self.stage.newcomer(family.child, relation, kind, name, language, verified=verified)
        if language in LANGUAGES and language != DEFAULT_LANGUAGE:
            await self.act(person, "settings.change", language=language)
        return Member(person, relation)
