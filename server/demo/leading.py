"""The families one meets first: Elsa's, Noor's and Yusuf's."""

from __future__ import annotations

from server.demo.meetings import AGENDA, Held, meeting
from server.demo.play import Family, Play
from server.demo.promises import call_back, letters
from server.demo.sharing import consent
from server.demo.timeline import Story
from server.demo.waits import measure, wait

_ELSA_HELD = Held(
    "Elsa ville inte vara med hela mötet. Hon sa till Maria att hon vill börja lite senare på måndagar.",
    (
        ("Elsa börjar 8.40 på måndagar resten av terminen", "lillan", None, 14),
        ("Jonas ringer Anna och Omar om sömnen", "uph", None, 10),
        ("Anna och Omar provar samma läggtid varje kväll", None, "family", 21),
    ),
    follow_up_days=35,
    main_unit="lillan",
    done=(0, 1),
)
LINK = "https://mote.example/lillan-3"


async def elsa(play: Play) -> Story:
    """Elsa, 11, with Anna and Omar: a whole consent, meetings past and coming, a promise, a wait and two measures."""
    days, people = play.days, play.people
    yield days.work(-62, "09:10")
    family = await play.open("Elsa", days.turns_18(11))
    yield days.work(-61, "17:20")
    anna = await play.guardian(family, "Anna")
    yield days.work(-60, "19:05")
    omar = await play.guardian(family, "Omar")
    play.persona("anna", anna.person, "Elsa")
    play.persona("omar", omar.person, "Elsa")
    maria, jonas = people["maria"], people["jonas"]
    kinds = ("child", "meeting", "waiting")
    both = ((anna, "yes"), (omar, "yes"))
    play.tell(
        consent(play, family, asked=days.work(-55, "10:00"), to=["uph"], kinds=kinds, people=[jonas], answers=both),
        consent(
            play, family, asked=days.work(-2, "11:15"), to=["soc"], kinds=("child", "team"), purpose="team",
            people=[people["karin"]], excludes=("Det som Elsa har berättat för skolsköterskan",),
        ),
        meeting(
            play, family, kind="network", title="Första mötet om Elsa", invited=days.work(-42, "10:30"),
            starts=days.wall(-32, "14:30"), members=[anna, omar], staff=[jonas], agenda=AGENDA, join_url=LINK,
            answers={anna.person.seat: "yes", omar.person.seat: "digital", jonas.seat: "yes"}, held=_ELSA_HELD,
        ),
        meeting(
            play, family, kind="network", title="Uppföljning med UPH", invited=days.work(-5, "14:00"),
            starts=days.wall(4, "14:30"), members=[anna], staff=[jonas], agenda=AGENDA, join_url=LINK,
            answers={jonas.seat: "yes"},
        ),
        call_back(
            play, family, anna, asked=days.at(-34, "20:10"), reason="school", answered=days.work(-22, "09:30"),
            text="Elsa vill inte gå på idrotten. Hur gör vi?", note="Vi pratade. Elsa får byta om först eller sist.",
        ),
        call_back(
            play, family, anna, asked=days.ago(hours=3), reason="question", times=("afternoon", "evening"),
            text="Ska jag ta med något till mötet?", phone="+46701740695",
        ),
        letters(play, family, anna, (
            (days.at(-8, "21:12"), "family", "Hej! Hur lång tid tar mötet? Omar undrar också."),
            (days.work(-6, "08:35"), "staff", "Hej Anna! En timme. Elsa får gå när hon vill, det är bestämt."),
            (days.at(-3, "19:40"), "family", "Bra. Hon sov hela natten i går, det var länge sedan."),
            (days.work(-2, "09:05"), "staff", "Så fint att höra! Jag skriver upp det till mötet."),
            (days.ago(hours=5), "family", "Kan Elsa få sitta bredvid mig?"),
        )),
        letters(play, family, omar, (
            (days.at(-9, "18:30"), "family", "Hej Maria! Jag kan bara efter klockan 15 på onsdagar."),
            (days.work(-6, "08:40"), "staff", "Tack Omar, det tänker jag på när vi bokar."),
        )),
        wait(
            play, family, opened=days.work(-38, "13:00"), unit="bup", what="assessment", start_on=days.day(-64),
            next_on=days.work_day(-20), fact="BUP räknar med tid inom 3 månader från remissen.",
            checks=(
                (days.work(-20, "10:20"), days.work_day(-5), "Ingen ny tid än. Elsa sover lite bättre."),
                (days.work(-5, "13:40"), days.work_day(6), "BUP har läst remissen. Vi hörs igen nästa vecka."),
            ),
        ),
        measure(
            play, family, offered=days.work(-30, "09:00"), title="Lugn start på morgonen", unit="lillan",
            contact="Specialpedagog", starts_on=days.work_day(-28), follow_up_on=days.work_day(-8),
            followed=((days.work(-8, "09:15"), "running", days.work_day(9)),),
        ),
        measure(
            play, family, offered=days.work(-12, "15:00"), title="Sömnskola, tre träffar", unit="rehab",
            contact="Arbetsterapeut", starts_on=days.work_day(-3), follow_up_on=days.work_day(14),
        ),
    )  # fmt: skip
    yield days.work(-4, "08:05")
    await play.stage.opened(maria, "child", family.child)
    yield days.work(-3, "12:30")
    await play.stage.opened(jonas, "child", family.child)


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
        (("Noor får äta i lilla rummet när hon vill", "lillan", None, 7), ("Noor säger till Maria om det inte går", None, "young_person", 20)),
        follow_up_days=25, done=(0,),
    )
    play.tell(
        meeting(
            play, family, kind="young_talk", title="Samtal om skoldagen", invited=days.work(-27, "09:40"),
            starts=days.wall(-19, "13:00"), members=[young, rana], agenda=AGENDA[:2], minutes=45, held=held,
            voice=(young, {
                "take_part": "part_of_meeting", "to": "everyone_invited", "say": words, "read_aloud": True,
                "not_about": ["det som hände i sommar"],
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
    )


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
            agenda=AGENDA, place="Lillåns skola, biblioteket", answers={samira.person.seat: "yes"},
        ),
        meeting(
            play, family, kind="first_contact", invited=days.work(-31, "10:00"), starts=days.wall(-25, "09:30"),
            members=[samira], interpreter="Arabiska",
            held=Held("Yusuf ritade hur en bra dag ser ut.", (("Maria visar Samira hur hon når oss", "lillan", None, 5),), done=(0,)),
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
