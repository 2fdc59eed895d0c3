"""Elsa's family: the one most screens are shown with."""

from __future__ import annotations

from server.demo.devices import opened
from server.demo.meetings import AGENDA, LINK, Held, meeting
from server.demo.play import Play
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
    follow_up_days=49,
    main_unit="lillan",
    done=(0, 1),
)


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
            play, family, anna, asked=days.awake(hours=3), reason="question", times=("afternoon", "evening"),
            text="Ska jag ta med något till mötet?", phone="+46701740695",
        ),
        letters(play, family, anna, (
            (days.at(-8, "21:12"), "family", "Hej! Hur lång tid tar mötet? Omar undrar också."),
            (days.work(-6, "08:35"), "staff", "Hej Anna! En timme. Elsa får gå när hon vill, det är bestämt."),
            (days.at(-3, "19:40"), "family", "Bra. Hon sov hela natten i går, det var länge sedan."),
            (days.work(-2, "09:05"), "staff", "Så fint att höra! Jag skriver upp det till mötet."),
            (days.awake(hours=5), "family", "Kan Elsa få sitta bredvid mig?"),
        )),
        letters(play, family, omar, (
            (days.at(-9, "18:30"), "family", "Hej Maria! Jag kan bara efter klockan 15 på onsdagar."),
            (days.work(-6, "08:40"), "staff", "Tack Omar, det tänker jag på när vi bokar."),
        )),
        wait(
            play, family, opened=days.work(-38, "13:00"), unit="bup", what="assessment", start_on=days.day(-64),
            next_on=days.work_day(-20), fact="BUP räknar med tid inom 3 månader från att frågan skickades.",
            checks=(
                (days.work(-20, "10:20"), days.work_day(-5), "Ingen ny tid än. Elsa sover lite bättre."),
                (days.work(-5, "13:40"), days.work_day(6), "BUP har läst frågan. Vi hörs igen nästa vecka."),
            ),
        ),
        measure(
            play, family, offered=days.work(-30, "09:00"), title="Lugn start på morgonen", unit="lillan",
            contact="Specialpedagog", starts_on=days.work_day(-28), follow_up_on=days.work_day(-8),
            followed=((days.work(-8, "09:15"), "running", days.work_day(9)),),
        ),
        measure(
            play, family, offered=days.work(-12, "15:00"), title="Sömnskola, tre träffar", unit="rehab",
            contact="Arbetsterapeut", starts_on=days.work_day(3), follow_up_on=days.work_day(18),
        ),
    )  # fmt: skip
    yield days.work(-4, "08:05")
    await opened(play.stage, maria, "child", family.child)
    yield days.work(-3, "12:30")
    await opened(play.stage, jonas, "child", family.child)
