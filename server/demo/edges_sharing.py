"""Families in whom it matters who may know: protected identity, taken back, run out, worse, ended."""

from __future__ import annotations

from server.demo.meetings import Held, meeting
from server.demo.play import Play
from server.demo.promises import call_back
from server.demo.sharing import consent, withdrawn_with_receipt
from server.demo.teams import agreed
from server.demo.timeline import Story
from server.demo.waits import measure, wait


async def protected(play: Play) -> Story:
    """Nova has protected identity: another name, a small circle, nothing kept on devices."""
    days, people = play.days, play.people
    yield days.work(-19, "09:30")
    family = await play.open("Nova", days.turns_18(12), by="johan", deputy="maria")
    rebecka = await play.guardian(family, "Rebecka")
    play.persona("rebecka", rebecka.person, "Nova")
    yield days.work(-10, "08:30")
    await play.act(people["johan"], "protect.set", child=family.child, alias="Kim")
    await play.act(people["johan"], "protect.add", child=family.child, person=rebecka.relation)
    play.tell(
        meeting(
            play, family, kind="network", title="Trygg väg till skolan", invited=days.work(-6, "10:00"),
            starts=days.wall(6, "10:00"), members=[rebecka], staff=[people["maria"]], place="Meddelas muntligt",
        ),
    )  # fmt: skip


async def taken_back(play: Play) -> Story:
    """Otto's family withdrew a consent yesterday (one of two devices has confirmed); another one ran out."""
    days = play.days
    yield days.work(-44, "10:00")
    family = await play.open("Otto", days.turns_18(9))
    erik = await play.guardian(family, "Erik")
    linnea = await play.guardian(family, "Linnea")
    play.persona("erik", erik.person, "Otto")
    play.persona("linnea", linnea.person, "Otto")
    play.tell(
        consent(
            play, family, asked=days.work(-39, "09:00"), to=["vc"], kinds=("child",), purpose="ask_for_us",
            answers=((erik, "yes"), (linnea, "yes")),
        ),
        consent(
            play, family, asked=days.work(-30, "09:00"), to=["bup"], kinds=("child", "waiting"),
            excludes=("Skolfrånvaron",), valid_until=days.day(-5), people=[play.people["petra"]],
            answers=((erik, "yes"), (linnea, "yes")),
        ),
        withdrawn_with_receipt(
            play, family, asked=days.work(-12, "10:00"), to="uph", reader=play.people["sara"], who=linnea,
            when=days.awake(hours=30),
        ),
        call_back(
            play, family, linnea, asked=days.awake(hours=23), reason="question", text="Är allt borttaget nu?",
        ),
    )  # fmt: skip


async def worse(play: Play) -> Story:
    """Maja waits, and her family has said that it has become worse."""
    days = play.days
    yield days.work(-47, "10:00")
    family = await play.open("Maja", days.turns_18(14))
    helena = await play.guardian(family, "Helena")
    maja = await play.young(family)
    play.persona("helena", helena.person, "Maja")
    play.persona("maja", maja.person, "Maja")
    play.tell(
        consent(
            play, family, asked=days.work(-43, "13:00"), to=["bup", "uph"], kinds=("child", "meeting", "waiting"),
            people=[play.people["petra"], play.people["jonas"]], also_young=True,
            answers=((helena, "yes"), (maja, "yes")),
        ),
        agreed(play, family, (helena, maja), on=-6, also_young=True),
        wait(
            play, family, opened=days.work(-42, "10:00"), unit="bup", what="treatment", start_on=days.day(-95),
            next_on=days.work_day(-25), fact="Behandling börjar när utredningen är klar.", for_young=True,
            checks=(
                (days.work(-25, "09:30"), days.work_day(-10), "Maja vill ha kontakt via sms."),
                (days.work(-10, "09:30"), days.work_day(2), None),
            ),
            worse=(helena, days.awake(hours=9), ("sleep", "school")),
        ),
        measure(
            play, family, offered=days.work(-33, "10:00"), title="Samtal varannan vecka", unit="um", contact="Kurator",
            starts_on=days.work_day(-31), follow_up_on=days.work_day(-9), for_young=True,
            followed=((days.work(-9, "10:00"), "running", days.work_day(11)),),
        ),
        meeting(
            play, family, kind="sip", title="SIP för Maja", invited=days.work(-38, "10:00"),
            starts=days.wall(-29, "13:00"), members=[helena, maja], staff=[play.people["jonas"]],
            held=Held(
                "Maja var med på skärm och skrev i chatten.",
                (("Samtal på ungdomsmottagningen", "um", None, 10), ("Kortare dagar i två veckor", "lillan", None, 14)),
                follow_up_days=45, main_unit="bup", done=(0, 1),
            ),
        ),
    )  # fmt: skip


async def ended(play: Play) -> Story:
    """Tilde's coordination is over, with a last word to the family."""
    days = play.days
    yield days.work(-70, "10:00")
    family = await play.open("Tilde", days.turns_18(11))
    mona = await play.guardian(family, "Mona")
    play.persona("mona", mona.person, "Tilde")
    play.tell(
        meeting(
            play, family, kind="team_follow_up", invited=days.work(-60, "10:00"), starts=days.wall(-50, "10:00"),
            members=[mona],
            held=Held("Tilde sa att det känns bra nu.", (("Avslut om allt är lugnt", "lillan", None, 30),), done=(0,)),
        ),
        measure(
            play, family, offered=days.work(-62, "10:00"), title="Lugn rast", unit="lillan", contact="Elevhälsan",
            starts_on=days.work_day(-60), follow_up_on=days.work_day(-30),
            followed=((days.work(-30, "10:00"), "done", None),),
        ),
    )  # fmt: skip
    yield days.work(-9, "14:00")
    await play.act(
        family.by,
        "child.close",
        child=family.child,
        last_word="Tack för att vi fick följa er. Hör av er när ni vill, så börjar vi om från det som fungerade.",
    )


def stories(play: Play) -> list[Story]:
    return [protected(play), taken_back(play), worse(play), ended(play)]
