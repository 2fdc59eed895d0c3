"""Consultation times in the demonstration: published, booked, given back, held. De-identified, about no child."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import msgspec

from server.demo.devices import device
from server.demo.play import Play
from server.demo.stage import Person
from server.demo.timeline import Story
from server.domain.instants import to_text, wall_from_text
from server.sync import push
from server.sync.frames import CommandFrame

TOPICS = ["worry", "low_mood", "sleep", "school_absence", "behaviour", "family", "eating", "where_to_turn"]
AGES = ("6-9", "10-12", "13-15", "16-17")
OUTCOMES = ("advice", "advice", "contact_family", "new_time", "meeting", "advice", "not_held")
QUESTIONS = (
    "Eleven orkar inte med morgnarna och missar de två första lektionerna. Hur kan vi börja?",
    "Hur pratar vi om oro i klassen utan att peka ut någon?",
    "Föräldrarna tycker olika om hjälp. Vad brukar ni göra då?",
    "Sömnen har blivit sämre sedan i höstas. När ska vi lotsa vidare?",
    "Vem tar första kontakten om skolan redan har haft två möten?",
    None,
)
LINK = "https://mote.example/radgivning"


async def consultant(
    play: Play,
    who: Person,
    *,
    walls: Sequence[str],
    weeks: range,
    ahead: Sequence[int],
    bookers: Sequence[Person],
    rival: Person | None = None,
) -> Story:
    """A consultant's weeks: three working days in each, published a fortnight before; most of what is past was booked.

    `ahead` are the numbers of the coming times that are booked already, by the first of `bookers`; each by a device
    that was offline, like that of the `rival` who wished for the same.
    """
    past, coming = 0, 0
    yield play.days.at(-110, "08:00")
    for week in weeks:
        begins = [play.days.wall(5 * week + day, wall) for day in (1, 2, 4) for wall in walls]
        yield play.days.work(5 * week - 10, "08:10")
        made = await play.act(
            who,
            "slot.publish",
            times=[{"starts_local": one, "minutes": 45} for one in begins],
            mode="video",
            topics=[*TOPICS, "other"],
            join_url=LINK,
        )
        for starts, slot in zip(begins, made["slots"], strict=True):
            if wall_from_text(starts) > play.days.now:
                coming += 1
                if coming in ahead and rival is not None:
                    play.tell(race(play, (bookers[0], rival), str(slot), coming))
                elif coming in ahead:
                    play.tell(booking(play, who, bookers[0], str(slot), starts, coming))
                continue
            past += 1
            if past % 5:
                booker = bookers[past % len(bookers)]
                play.tell(booking(play, who, booker, str(slot), starts, past, given_back=past % 12 == 7))


async def booking(
    play: Play, who: Person, booker: Person, slot: str, starts: str, n: int, *, given_back: bool = False
) -> Story:
    """One booking of a slot, from the question to what came of it."""
    begins = wall_from_text(starts)
    yield min(begins - timedelta(days=4, hours=n % 7), play.days.ago(hours=5))
    about: dict[str, Any] = {"topic": TOPICS[n % len(TOPICS)], "age_band": AGES[n % len(AGES)]}
    made = await play.act(booker, "slot.book", slot=slot, question=QUESTIONS[n % len(QUESTIONS)], **about)
    if given_back:
        yield begins - timedelta(days=1)
        await play.act(booker, "slot.release", booking=made["booking"])
        return
    yield begins + timedelta(minutes=50)
    outcome = OUTCOMES[n % len(OUTCOMES)]
    feedback = (begins + timedelta(days=14)).date().isoformat() if outcome == "contact_family" else None
    await play.act(who, "booking.outcome", booking=made["booking"], outcome=outcome, feedback_on=feedback)


async def race(play: Play, two: tuple[Person, Person], slot: str, n: int) -> Story:
    """Both booked the same time without a net. Who comes first has it; the other hears of two more, and takes one."""
    yield play.days.awake(hours=2)
    about = {"topic": TOPICS[n], "age_band": AGES[n], "question": QUESTIONS[n]}
    written, held = to_text(play.stage.clock.now()), [await device(play.stage, who, "Chrome · Android") for who in two]
    yield play.days.awake(hours=1)
    answers = []
    for who, replica in zip(two, held, strict=True):
        sent = CommandFrame(play.stage.new_id(), 1, "slot.book", {"slot": slot, **about}, written)
        answers.append(msgspec.json.decode((await push.decide(play.stage.house, who.actor, replica, sent)).frame))
    assert [answer.get("code") for answer in answers] == [None, "taken"]
    instead = answers[1]["data"]["alternatives"][0]
    again = CommandFrame(play.stage.new_id(), 2, "slot.book", {"slot": instead, **about}, written)
    await push.decide(play.stage.house, two[1].actor, held[1], again)


def all_consultants(play: Play) -> list[Story]:
    """Jonas and Sara in the north, a colleague in Göteborg."""
    people = play.people
    north = [people["maria"], people["johan"], *play.staff_of("toreboda")[1:], people["karin"], people["elin"]]
    west = [one for unit in ("lundberga", "asglantan", "vinterhed") for one in play.staff_of(unit)[1:]]
    return [
        consultant(
            play,
            people["jonas"],
            walls=("10:00", "14:00"),
            weeks=range(-6, 2),
            ahead=(2,),
            bookers=[people["maria"], *north],
        ),
        consultant(
            play,
            people["sara"],
            walls=("11:15",),
            weeks=range(-4, 2),
            ahead=(1,),
            bookers=north[1:],
            rival=people["hanna"],
        ),
        consultant(
            play,
            play.staff_of("uph_partille")[1],
            walls=("09:00", "13:15"),
            weeks=range(-3, 2),
            ahead=(1,),
            bookers=west,
        ),
    ]
