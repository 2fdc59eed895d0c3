"""Families in whom a date decides: birthdays tomorrow, an acute placement, limits running out, promises not kept."""

from __future__ import annotations

from server.demo.meetings import AGENDA, Held, meeting
from server.demo.play import Play
from server.demo.promises import call_back
from server.demo.sharing import consent
from server.demo.teams import agreed, raised
from server.demo.timeline import Story
from server.demo.waits import wait
from server.domain import deadlines
from server.domain.instants import local_wall, time_from_text, wall_text


async def turns_13(play: Play) -> Story:
    """Melvin is thirteen tomorrow: from then on he may have an account of his own."""
    days = play.days
    yield days.work(-26, "09:20")
    family = await play.open("Melvin", days.years_after_tomorrow(5))
    yield days.work(-25, "17:40")
    rickard = await play.guardian(family, "Rickard")
    await play.guardian(family, "Ingrid")
    play.tell(
        meeting(
            play, family, kind="first_contact", invited=days.work(-24, "10:00"), starts=days.wall(-17, "15:00"),
            members=[rickard],
            held=Held("Melvin vill veta allt själv när han fyller år.", (("Melvin bjuds in", "lillan", None, 20),)),
        ),
        call_back(play, family, rickard, asked=days.work(-6, "08:50"), reason="other", answered=days.work(-5, "09:00")),
    )  # fmt: skip


async def turns_18(play: Play) -> Story:
    """Alex is eighteen tomorrow: what the guardian holds ends at midnight."""
    days = play.days
    yield days.work(-58, "10:00")
    family = await play.open("Alex", days.years_after_tomorrow(0), by="johan", deputy="maria")
    yield days.work(-57, "15:00")
    alex = await play.young(family)
    anders = await play.guardian(family, "Anders")
    play.persona("alex", alex.person, "Alex")
    play.persona("anders", anders.person, "Alex")
    play.tell(
        consent(
            play, family, asked=days.work(-50, "10:00"), to=["um"], kinds=("child", "meeting", "voice"),
            also_young=True, answers=((alex, "yes"), (anders, "yes")),
        ),
        meeting(
            play, family, kind="sip", title="SIP inför 18-årsdagen", invited=days.work(-28, "10:00"),
            starts=days.wall(-20, "14:00"), members=[alex, anders], agenda=AGENDA,
            held=Held(
                "Alex ledde mötet med sina egna punkter.",
                (("Plats på ungdomsmottagningen", "um", None, 14), ("Alex söker sommarjobb", None, "young_person", 30)),
                follow_up_days=30, main_unit="lillan", done=(0,),
            ),
        ),
        call_back(play, family, alex, asked=days.work(-4, "13:00"), reason="question", answered=days.work(-3, "13:30")),
    )  # fmt: skip


async def placed(play: Play) -> Story:
    """Leo was acutely placed four days ago: those around him meet by the fifth."""
    days = play.days
    yield days.at(-16, "09:00")
    family = await play.open("Leo", days.turns_18(14), deputy="elin")
    jessica = await play.guardian(family, "Jessica")
    karin = play.people["karin"]
    play.persona("jessica", jessica.person, "Leo")
    limit = deadlines.acute_placement(days.at(-4).date()).rolled_on
    play.tell(
        consent(
            play, family, asked=days.at(-12, "10:00"), to=["soc"], kinds=("child", "meeting"), people=[karin],
            answers=((jessica, "yes"),),
        ),
        meeting(
            play, family, kind="placement", title="Samverkan efter placering", invited=days.at(-4, "11:00"),
            starts=wall_text(local_wall(limit, time_from_text("13:00"))), members=[jessica], staff=[karin],
            place="Socialtjänsten, rum 2", answers={karin.seat: "yes"},
        ),
    )  # fmt: skip


async def day_20(play: Play) -> Story:
    """Hugo's invitation went out twenty days ago; the meeting is on the last day of the three weeks."""
    days = play.days
    yield days.at(-24, "10:00")
    family = await play.open("Hugo", days.turns_18(10), by="elin", deputy="maria")
    mikaela = await play.guardian(family, "Mikaela")
    await play.guardian(family, "Said")
    limit = deadlines.three_weeks(days.at(-20).date()).rolled_on
    play.tell(
        meeting(
            play, family, kind="network", title="Möte om Hugo i skolan", invited=days.at(-20, "10:00"),
            starts=wall_text(local_wall(limit, time_from_text("15:00"))), members=[mikaela], agenda=AGENDA,
            staff=[play.people["maria"]],
        ),
    )  # fmt: skip


async def on_leave(play: Play) -> Story:
    """Vilma's coordinator Hanna is on leave; Maria stands in and has what was asked meanwhile."""
    days = play.days
    hanna, maria = play.people["hanna"], play.people["maria"]
    yield days.work(-34, "14:00")
    family = await play.open("Vilma", days.turns_18(13), by="hanna", deputy="maria")
    tobias = await play.guardian(family, "Tobias")
    play.persona("tobias", tobias.person, "Vilma")
    vilma = await play.young(family)
    question = "Vilma orkar inte med eftermiddagarna. Vem kan hjälpa henne hemma och i skolan?"
    play.tell(
        agreed(play, family, (tobias, vilma), on=-14, also_young=True),
        raised(play, family, question, "joint_plan", by=maria, on=-2),
        meeting(
            play, family, kind="team_follow_up", invited=days.work(-30, "09:00"), starts=days.wall(-21, "10:00"),
            members=[tobias, vilma],
            held=Held("Vilma skrev ner tre saker i förväg.", (("Läxhjälp", "lillan", None, 14),), 20),
        ),
        call_back(play, family, tobias, asked=days.work(-1, "18:20"), reason="worried", times=("morning",)),
    )  # fmt: skip
    yield days.work(-3, "15:45")
    await play.act(hanna, "coordinator.away", until=days.work_day(8), person=maria.seat)


async def being_named(play: Play) -> Story:
    """Lova was opened yesterday: the unit answers until somebody is named."""
    days = play.days
    yield days.ago(days=1, hours=1)
    family = await play.open("Lova", days.turns_18(7), by="birgitta", deputy=None, named=False)
    pontus = await play.guardian(family, "Pontus")
    play.persona("pontus", pontus.person, "Lova")


async def late(play: Play) -> Story:
    """Isak's family was not called in time, twice: once answered by the deputy, once still waiting."""
    days, maria = play.days, play.people["maria"]
    yield days.work(-40, "10:00")
    family = await play.open("Isak", days.turns_18(11), by="johan", deputy="maria")
    camilla = await play.guardian(family, "Camilla")
    play.persona("camilla", camilla.person, "Isak")
    play.tell(
        call_back(
            play, family, camilla, asked=days.work(-18, "09:00"), reason="worse", answered=days.work(-14, "16:30"),
            by=maria, note="Förlåt att det dröjde. Vi bokade en tid.", outcome="meeting_booked",
        ),
        call_back(
            play, family, camilla, asked=days.work(-5, "10:10"), reason="waiting", times=("afternoon",),
            tried=days.work(-4, "15:00"), text="När får vi veta något om tiden?",
        ),
        wait(
            play, family, opened=days.work(-30, "10:00"), unit="rehab", what="treatment", start_on=days.day(-48),
            next_on=days.work_day(-12), basis="decision_to_treat",
            checks=(
                (days.work(-12, "11:00"), days.work_day(-4), None),
                (days.work(-4, "11:20"), days.work_day(3), "Tiden är inte satt än. Vi frågar igen."),
            ),
        ),
    )  # fmt: skip


def stories(play: Play) -> list[Story]:
    return [
        turns_13(play), turns_18(play), placed(play), day_20(play), on_leave(play), being_named(play), late(play),
    ]  # fmt: skip
