"""Teams in the demonstration: Karin leads one that Maria sits in; what has been raised to it, a yes not used yet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from server.demo.play import Family, Member, Play
from server.demo.sharing import consent
from server.demo.stage import Person
from server.demo.timeline import Story

MARIESTAD = "SAMBU-team Mariestad"
SAT = {"karin": f"Leder {MARIESTAD}", "maria": f"Skolkurator, med i {MARIESTAD}"}
"""What two of those one can sign in as are to the team."""
ROUNDS = 10
"""How many sessions the team has had."""


async def form(
    play: Play, key: str, called: str, lead: Person, people: Sequence[Person], leader: Person, *, at: str, days: int,
    every: int, place: str, since: int,
) -> Story:  # fmt: skip
    """A team that has met for some time; its next session is on working day number `days` from today."""
    yield play.days.at(since, "10:40")
    next_on = play.days.working(days)
    made = await play.act(
        lead,
        "team.form",
        called=called,
        leaders=[leader.seat],
        members=[one.seat for one in people],
        first_on=(next_on - timedelta(weeks=every * ROUNDS)).isoformat(),
        at=at,
        every_weeks=every,
        place=place,
    )
    play.teams[key] = str(made["team"])


def agreed(play: Play, family: Family, answers: Sequence[Member], *, on: int, also_young: bool = False) -> Story:
    """The family says yes to the team in Mariestad: each of its units is named, with those who sit in it."""
    people = play.people
    return consent(
        play, family, asked=play.days.work(on, "09:20"), to=["soc", "uph", "rehab"], kinds=("child", "team"),
        purpose="team", people=[people["karin"], people["jonas"], people["tove_rehab"]],
        answers=[(one, "yes") for one in answers],
        also_young=also_young,
    )  # fmt: skip


async def raised(play: Play, family: Family, question: str, wanted: str, *, by: Person, on: int) -> Story:
    """A child is raised to the team in Mariestad, under the yes."""
    yield play.days.work(on, "14:10")
    await play.act(
        by,
        "team.raise",
        team=play.teams["mariestad"],
        basis="consent",
        child=family.child,
        question=question,
        wanted=wanted,
    )


async def nameless(play: Play, who: Person, question: str, wanted: str, ages: str, *, on: int, taken: bool) -> Story:
    """Somebody asks the team in Mariestad without a name; `taken`: Karin has put it on the next session's list."""
    yield play.days.work(on, "10:25")
    team = play.teams["mariestad"]
    made = await play.act(
        who, "team.raise", team=team, basis="without_name", question=question, wanted=wanted, age_band=ages
    )
    if taken:
        yield play.days.work(on + 1, "08:45")
        await play.act(play.people["karin"], "team.schedule", team=team, team_case=made["team_case"])


def stories(play: Play) -> list[Story]:
    people, staff_of = play.people, play.staff_of
    toreboda = staff_of("toreboda")[1]
    return [
        form(
            play, "mariestad", MARIESTAD, people["lena"], [people["maria"], people["jonas"], people["tove_rehab"]],
            people["karin"], at="10:30", days=2, every=2, place="Stadshuset, lilla salen", since=-150,
        ),
        form(
            play, "norra_ledning", "Ledningsteam Norra Skaraborg", people["lena"],
            [people["birgitta"], staff_of("bup")[0], staff_of("soc_gotene")[0]], people["sara"], at="13:00", days=9,
            every=4, place="Stadshuset, rum 3", since=-149,
        ),
        form(
            play, "molndal", "SAMBU-team Mölndal", people["goran"],
            [staff_of("asglantan")[1], staff_of("vc_molndal")[0], staff_of("bup_molndal")[0]],
            staff_of("soc_molndal")[0], at="09:00", days=6, every=2, place="Kvarnbyhuset", since=-7,
        ),
        form(
            play, "harlanda", "SAMBU-team Örgryte/Härlanda", people["goran"],
            [staff_of("lundberga")[1], staff_of("um_harlanda")[0]], staff_of("soc_harlanda")[0], at="14:00", days=11,
            every=3, place="Medborgarkontoret", since=-6,
        ),
        nameless(
            play, people["johan"], "Eleven är vaken på nätterna och kommer sent. Hemmet vill ha hjälp. Vem kan börja?",
            "who_helps", "10-12", on=-4, taken=False,
        ),
        nameless(
            play, toreboda, "Tre olika stöd pågår samtidigt och ingen vet vem som samordnar. Hur gör vi?", "joint_plan",
            "13-15", on=-8, taken=True,
        ),
    ]  # fmt: skip
