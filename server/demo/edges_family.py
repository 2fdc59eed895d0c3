"""Families that are put together in their own way: separated, siblings, other languages, without a smartphone."""

from __future__ import annotations

from server.demo.meetings import AGENDA, Held, meeting
from server.demo.play import Play
from server.demo.promises import call_back, letters
from server.demo.sharing import consent, said
from server.demo.timeline import Story
from server.demo.waits import measure, wait

KINDS = ("child", "meeting", "waiting")


async def tuva(play: Play) -> Story:
    """Johan's own child, at the school where he works: Elin coordinates, and neither he nor Maria can see it there."""
    days = play.days
    yield days.work(-45, "10:00")
    family = await play.open("Tuva", days.turns_18(8), by="elin", deputy="hanna")
    yield days.work(-44, "17:00")
    johan = await play.guardian(family, "Johan", account=play.people["johan"].account)
    emma = await play.guardian(family, "Emma")
    play.persona("johan", johan.person, "Tuva")
    play.persona("emma", emma.person, "Tuva")
    play.tell(
        consent(play, family, asked=days.work(-9, "09:30"), to=["bup"], kinds=KINDS, answers=((emma, "yes"),)),
        meeting(
            play, family, kind="first_contact", invited=days.work(-7, "13:00"), starts=days.wall(2, "16:00"),
            members=[johan, emma], staff=[play.people["hanna"]], answers={emma.person.seat: "yes"},
        ),
        call_back(
            play, family, johan, asked=days.work(-20, "19:00"), reason="school", answered=days.work(-19, "15:30"),
            note="Vi tog det på telefon.",
        ),
    )  # fmt: skip


async def separated(play: Play) -> Story:
    """Alva's parents live apart: David says yes, Klara says no, and neither sees what the other said."""
    days = play.days
    yield days.work(-41, "09:00")
    family = await play.open("Alva", days.turns_18(12), deputy="johan")
    yield days.work(-40, "12:00")
    david = await play.guardian(family, "David")
    klara = await play.guardian(family, "Klara")
    play.persona("david", david.person, "Alva")
    play.persona("klara", klara.person, "Alva")
    play.tell(
        consent(
            play, family, asked=days.work(-14, "10:20"), to=["soc"], kinds=("child", "meeting"),
            people=[play.people["karin"]], answers=((david, "yes"), (klara, "no")),
        ),
        call_back(
            play, family, klara, asked=days.work(-12, "20:30"), reason="question", answered=days.work(-11, "11:00"),
            times=("midday",), note="Vi pratade om vad ett nej betyder. Det är helt i sin ordning.",
        ),
        letters(play, family, david, (
            (days.at(-6, "18:10"), "family", "Vad händer nu när jag har sagt ja?"),
            (days.work(-4, "09:10"), "staff", "Inget delas just nu. Vi tre pratar vidare, var och en för sig."),
        )),
    )  # fmt: skip


async def siblings(play: Play) -> Story:
    """Wilmer and Ebba with one guardian, Sofia, in one seat for both."""
    days = play.days
    yield days.work(-36, "08:40")
    wilmer = await play.open("Wilmer", days.turns_18(10), by="elin", deputy="maria")
    ebba = await play.open("Ebba", days.turns_18(7), by="elin", deputy="maria")
    yield days.work(-35, "18:30")
    sofia = await play.guardian(wilmer, "Sofia")
    again = await play.guardian(ebba, "Sofia", account=sofia.person.account)
    play.persona("sofia", sofia.person, "Wilmer, Ebba")
    play.tell(
        consent(play, wilmer, asked=days.work(-25, "09:00"), to=["vc"], kinds=KINDS, answers=((sofia, "yes"),)),
        wait(
            play, wilmer, opened=days.work(-24, "10:00"), unit="hab", what="assessment", start_on=days.day(-50),
            next_on=days.work_day(-6), checks=((days.work(-6, "10:30"), days.work_day(8), "Står kvar i kön."),),
        ),
        measure(
            play, ebba, offered=days.work(-16, "10:00"), title="Mjuk lämning tre dagar i veckan", unit="lillan",
            contact="Specialpedagog", starts_on=days.work_day(-15), follow_up_on=days.work_day(5),
        ),
        meeting(
            play, ebba, kind="first_contact", invited=days.work(-20, "09:00"), starts=days.wall(-12, "15:30"),
            members=[again], held=Held("Ebba visade sin teckning.", (("Mjuk lämning", "lillan", None, 10),)),
        ),
        call_back(play, wilmer, sofia, asked=days.awake(hours=26), reason="waiting", times=("evening",)),
    )  # fmt: skip


async def on_paper(play: Play) -> Story:
    """Stina's guardian has no smartphone: invited with a printed card, never joined; what she says is written down."""
    days = play.days
    yield days.work(-22, "13:10")
    family = await play.open("Stina", days.turns_18(9))
    yield days.work(-22, "13:20")
    invited = await play.act(family.by, "guardian.invite", child=family.child, name_shown="Gun-Britt")
    party = str(invited["relation"])
    play.tell(
        said(
            play, family, when=days.work(-15, "14:00"), to=["vc"], kinds=("child", "meeting"), answers={party: "yes"},
            form="written",
        ),
        measure(
            play, family, offered=days.work(-13, "11:00"), title="Telefontid varje torsdag", unit="lillan",
            contact="Skolkurator", starts_on=days.work_day(-10), follow_up_on=days.work_day(10),
        ),
    )  # fmt: skip
    yield days.ago(days=1)
    await play.act(family.by, "guardian.end", child=family.child, relation=party)
    await play.act(family.by, "guardian.invite", child=family.child, name_shown="Gun-Britt")


async def other_language(
    play: Play, child: str, age: int, guardian: str, key: str, language: str, words: str, wall: str
) -> Story:
    """A guardian whose language the screens do not have yet; an interpreter comes to what is said."""
    days = play.days
    yield days.work(-30, "10:30")
    family = await play.open(child, days.turns_18(age), deputy="elin", languages=(language, "sv"), interpreter=words)
    yield days.work(-29, "16:00")
    who = await play.guardian(family, guardian, language=language)
    play.persona(key, who.person, child)
    play.tell(
        consent(play, family, asked=days.work(-21, "10:00"), to=["vc"], kinds=KINDS, answers=((who, "yes"),)),
        meeting(
            play, family, kind="first_contact", invited=days.work(-26, "09:00"), starts=days.wall(-18, wall),
            members=[who], interpreter=words,
            held=Held(f"{child} var med och fick säga sitt med tolk.", (("Brev om skolskjuts", "lillan", None, 9),)),
        ),
        meeting(
            play, family, kind="network", invited=days.work(-3, "10:00"), starts=days.wall(7, wall), members=[who],
            interpreter=words, agenda=AGENDA,
        ),
        call_back(
            play, family, who, asked=days.work(-8, "12:10"), reason="school", times=("morning", "midday"),
            answered=days.work(-7, "10:00"), note="Ringde med tolk.",
        ),
    )  # fmt: skip


def stories(play: Play) -> list[Story]:
    return [
        tuva(play),
        separated(play),
        siblings(play),
        on_paper(play),
        other_language(play, "Ayaan", 10, "Hodan", "hodan", "so", "Somaliska", "08:30"),
        other_language(play, "Danylo", 13, "Oksana", "oksana", "uk", "Ukrainska", "10:00"),
        other_language(play, "Aino", 8, "Päivi", "paivi", "fi", "Finska", "15:00"),
    ]
