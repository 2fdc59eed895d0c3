"""The open hour of the demonstration with its line, and a wish for a consultation time. About no child."""

from __future__ import annotations

from datetime import timedelta

from server.demo.play import Play
from server.demo.slots import LINK, TOPICS
from server.demo.timeline import Story

HOUR_AT, HOUR_MINUTES = "15:00", 60
WEEKS = 4


async def open_hour(play: Play) -> Story:
    """BUP's psychologist has an open hour each week; two colleagues stand in line for the coming one."""
    days, people = play.days, play.people
    psychologist = next(one for one in play.staff_of("bup") if "consultant" in one.actor.functions)
    coming = days.working(2)
    yield days.at((coming - days.today).days - 7 * WEEKS - 2, "10:00")
    made = await play.act(
        psychologist,
        "open_hour.open",
        weekday=coming.isoweekday(),
        at=HOUR_AT,
        minutes=HOUR_MINUTES,
        mode="video",
        topics=TOPICS[:5],
        join_url=LINK,
        phone="+46313900698",
    )
    hour = made["open_hour"]
    for before, who, topic, ages, question in (
        (
            timedelta(hours=4, minutes=20),
            people["johan"],
            "sleep",
            "10-12",
            "Vad kan skolan göra när sömnen har vänt på dygnet?",
        ),
        (timedelta(minutes=50), play.staff_of("toreboda")[1], "school_absence", "13-15", None),
    ):
        yield days.now - before
        await play.act(who, "open_hour.join", open_hour=hour, topic=topic, age_band=ages, question=question)


async def wish(play: Play) -> Story:
    """All good times were taken: Karin waits for one that becomes free."""
    yield play.days.ago(hours=18)
    await play.act(
        play.people["karin"],
        "slot.wish",
        topic="family",
        age_band="6-9",
        question="Föräldrarna tycker olika om stödet. Hur kommer vi vidare tillsammans?",
    )


def stories(play: Play) -> list[Story]:
    return [open_hour(play), wish(play)]
