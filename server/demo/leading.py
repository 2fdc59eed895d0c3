"""The families one meets first: Noor's and Yusuf's."""

from __future__ import annotations

from server.demo.meetings import AGENDA, LINK, Held, meeting
from server.demo.play import Play
from server.demo.promises import call_back, letters
from server.demo.sharing import consent
from server.demo.timeline import Story
from server.demo.waits import measure, wait


async def noor(play: Play) -> Story:
    """Noor, 15: a young person who speaks for herself; no consent for any team; a meeting within days."""
    days = play.days
    yield days.work(-50, "11:00")
    family = await play.open("Noor", days.turns_18(15))
    yield days.work(-49, "16:30")
    rana = await play.guardian(family, "Rana")
    yield days.work(-48, "15:10")
    young = await play.young(family)
    leyla = await play.supporter(family, "Moster Leyla")
    play.persona("noor", young.person, "Noor")
    play.persona("rana", rana.person, "Noor")
    play.persona("leyla", leyla.person, "Noor")
    words = {
        "good": "Bilden och kompisarna på rasterna.",
        "hard": "Det är för högt ljud i matsalen.",
        "want": "Att få äta i det lilla rummet ibland.",
        "not_want": "Att ni ringer hem utan att säga till mig först.",
    }
    held = Held(
        "Noors egna ord lästes upp först. Hon var med i början och slutet.",
        (
            ("Noor får äta i lilla rummet när hon vill", "lillan", None, 7),
            ("Noor säger till Maria om det inte går", None, "young_person", 20),
        ),
        follow_up_days=30,
        done=(0,),
    )
    play.tell(
        meeting(
            play, family, kind="young_talk", title="Samtal om skoldagen", invited=days.work(-27, "09:40"),
            starts=days.wall(-19, "13:00"), members=[young, rana], agenda=AGENDA[:2], minutes=45, held=held,
            voice=(young, {
                "take_part": "part_of_meeting", "to": "everyone_invited", "say": words, "read_aloud": True,
                "not_about": ["det som hände i somras"],
            }),
        ),
        meeting(
            play, family, kind="network", title="Hur det går, och vad vi gör sen", invited=days.work(-6, "10:10"),
            starts=days.wall(3, "13:00"), members=[young, rana], staff=[play.people["johan"]], agenda=AGENDA,
            join_url=LINK, phone_in="0313900699",
        ),
        call_back(
            play, family, young, asked=days.work(-11, "19:30"), reason="school", answered=days.work(-10, "10:15"),
            text="Kan vi ses på ett annat ställe än korridoren?", note="Vi ses i biblioteket i stället.",
        ),
        letters(play, family, young, (
            (days.at(-5, "16:45"), "family", "Måste mamma vara med hela tiden?"),
            (days.work(-3, "08:20"), "staff", "Nej. Du bestämmer om hon ska gå ut en stund. Bra att du frågar!"),
        )),
        measure(
            play, family, offered=days.work(-18, "14:00"), title="Lugnt rum vid lunch", unit="lillan",
            contact="Skolkurator", starts_on=days.work_day(-18), follow_up_on=days.work_day(7), for_young=True,
        ),
    )  # fmt: skip


async def yusuf(play: Play) -> Story:
    """Yusuf, 9: his mother Samira reads Arabic; an interpreter comes to the meeting; he waits for BUP."""
    days = play.days
    yield days.work(-33, "13:20")
    family = await play.open("Yusuf", days.turns_18(9), languages=("ar", "sv"), interpreter="Arabiska")
    yield days.work(-32, "18:00")
    samira = await play.guardian(family, "Samira", language="ar")
    play.persona("samira", samira.person, "Yusuf")
    play.tell(
        consent(
            play, family, asked=days.work(-28, "09:00"), to=["bup"], kinds=("child", "meeting", "waiting"),
            people=[play.people["petra"]], answers=((samira, "yes"),),
        ),
        meeting(
            play, family, kind="network", title="Möte med tolk", invited=days.work(-4, "11:00"),
            starts=days.wall(5, "09:30"), members=[samira], staff=[play.people["johan"]], interpreter="Arabiska",
            agenda=AGENDA, place="Lillåns skola, biblioteket",
            answers={samira.person.seat: "yes", play.people["johan"].seat: "yes"},
        ),
        meeting(
            play, family, kind="first_contact", invited=days.work(-31, "10:00"), starts=days.wall(-25, "09:30"),
            members=[samira], interpreter="Arabiska",
            held=Held(
                "Yusuf ritade hur en bra dag ser ut.", (("Maria visar Samira hur hon når oss", "lillan", None, 5),),
                done=(0,),
            ),
        ),
        wait(
            play, family, opened=days.work(-24, "10:30"), unit="bup", what="first_visit", start_on=days.day(-45),
            next_on=days.work_day(-9), fact="Kön till första besök är ungefär 8 veckor.",
            checks=((days.work(-9, "09:50"), days.work_day(4), "Allt är inskickat. Ni behöver inte göra något."),),
        ),
        measure(
            play, family, offered=days.work(-15, "13:00"), title="Hjälp att komma igång med läxor", unit="lillan",
            contact="Specialpedagog", starts_on=days.work_day(-14), follow_up_on=days.work_day(8),
        ),
        call_back(
            play, family, samira, asked=days.work(-13, "21:05"), reason="waiting", answered=days.work(-11, "16:10"),
            times=("morning",), note="Vi pratade med tolk. Kön är som vi trodde.",
        ),
    )  # fmt: skip
