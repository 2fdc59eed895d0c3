"""The demonstration's families, and what has happened to them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from server.demo.stage import Person, Stage
from server.domain.actors import SeatKind
from server.domain.instants import local_date


class Families:
    """Builds every family in turn. `personas` are those one can sign in as: {key: [(person, seat label)]}."""

    def __init__(self, stage: Stage, people: dict[str, Person], units: dict[str, str], now: datetime) -> None:
        self.stage, self.people, self.units, self.now = stage, people, units, now
        self.personas: dict[str, list[tuple[Person, str]]] = {}

    def days_ago(self, days: float) -> None:
        """Puts the stage that many days before today."""
        self.stage.clock.set(self.now - timedelta(days=days))

    def turns_18(self, age: int) -> str:
        """The 18th birthday of somebody of this age, half a year from the last birthday."""
        today = local_date(self.now)
        return date(today.year + 18 - age, (today.month + 5) % 12 + 1, 15).isoformat()

    async def open_child(self, name: str, age: int, *, by: str = "maria", deputy: str = "johan", **more: object) -> str:
        """A child whose coordinator opened it."""
        opened = await self.stage.act(
            self.people[by],
            "child.open",
            display_name=name,
            turns_18_on=self.turns_18(age),
            person=self.people[by].seat,
            deputy=self.people[deputy].seat,
            **more,
        )
        return str(opened["child"])

    async def family_member(
        self,
        child: str,
        name: str,
        kind: SeatKind,
        *,
        by: str = "maria",
        account: str | None = None,
        language: str = "sv",
        verified: bool = True,
    ) -> tuple[Person, str]:
        """Somebody invited who has joined: (person, relation id)."""
        command = {SeatKind.GUARDIAN: "guardian.invite", SeatKind.YOUNG: "young.invite"}[kind]
        invited = await self.stage.act(self.people[by], command, child=child, name_shown=name)
        account = account or await self.stage.account(name, language)
        person = await self.stage.join(child, str(invited["relation"]), account, kind, verified=verified)
        return person, str(invited["relation"])

    def persona(self, key: str, person: Person, label: str) -> None:
        self.personas.setdefault(key, []).append((person, label))

    async def build(self) -> None:
        """Everybody, oldest first."""
        self.days_ago(60)
        elsa = await self.open_child("Elsa", 11)
        anna, _ = await self.family_member(elsa, "Anna", SeatKind.GUARDIAN)
        omar, _ = await self.family_member(elsa, "Omar", SeatKind.GUARDIAN)
        self.persona("anna", anna, "Elsa")
        self.persona("omar", omar, "Elsa")
        self.days_ago(40)
        noor_child = await self.open_child("Noor", 15)
        noor, _ = await self.family_member(noor_child, "Noor", SeatKind.YOUNG)
        self.persona("noor", noor, "")
        self.days_ago(30)
        yusuf = await self.open_child("Yusuf", 9, languages=("ar", "sv"), interpreter="arabiska")
        samira, _ = await self.family_member(yusuf, "Samira", SeatKind.GUARDIAN, language="ar")
        self.persona("samira", samira, "Yusuf")
