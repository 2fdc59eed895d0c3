"""Term meetings in the demonstration: last term's with its minutes and promises, the coming one, drafts elsewhere."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import msgspec

from server.demo.play import Play
from server.demo.stage import Person
from server.demo.timeline import Story
from server.domain.instants import local_wall, time_from_text
from server.domain.term_meetings import avoid
from server.domain.terms import Term, current_term, next_term, term
from server.features.area import LeadRow

MIDWEEK = frozenset({2, 3, 4})
AT = "13:00"
BEGAN = {"goran": 9}
"""Days since somebody began to lead their area: the house has just drafted their first meeting."""
NEEDED = ("head_teacher", "counsellor", "social_worker", "doctor", "consultant", "therapist", "school_doctor")
"""No unit in the north has a school doctor: that is what the coming meeting lacks."""
LAST_AGENDA = (
    ("Vad vi lovade förra gången", 15, "Lena Strand"),
    ("Så hittar vi varandra: vår lista", 30, None),
    ("Vägar in under sommaren", 30, None),
    ("Vem gör vad till nästa gång", 15, None),
)
AGENDA = (
    ("Vad vi lovade förra gången", 15, "Lena Strand"),
    ("Barn som väntar: hur vi hör av oss", 30, "Jonas Berg"),
    ("BUSE: hur går det?", 25, "Maria Ekdahl"),
    ("Nästa termin", 20, None),
)
NETWORK_AGENDA = (("Vad vi lovade förra gången", 10), ("Frågor vi får ofta", 30), ("Så räknar vi kontakter", 20))
ANSWERS: tuple[tuple[str, str | None], ...] = (
    ("yes", None), ("digital", None), ("no", None), ("yes", None), ("substitute", "Någon från mottagningen"),
    ("yes", None), ("yes", None), ("no", None),
)  # fmt: skip


def coming_day(today: date) -> date:
    """About three weeks from today, in the middle of a week that a term meeting may be held in."""
    day = today + timedelta(weeks=3)
    while day.isoweekday() not in MIDWEEK or avoid(day) is not None:
        day += timedelta(days=1)
    return day


def last_day(coming: date) -> tuple[Term, date]:
    """The term before that of `coming`, and a day some six weeks before its end."""
    now = current_term(coming) or next_term(coming)
    last = term("VT", now.year) if now.season == "HT" else term("HT", now.year - 1)
    day = last.ends_on - timedelta(days=40)
    while day.isoweekday() not in MIDWEEK or avoid(day) is not None:
        day -= timedelta(days=1)
    return last, day


async def north(play: Play) -> Story:
    """Lena leads the north: she held last term's meeting, and has called everybody to the coming one."""
    lena, people, days = play.people["lena"], play.people, play.days
    on = coming_day(days.today)
    last, held_on = last_day(on)
    yield _at(held_on, -40, "09:00")
    await _begins(play, lena)
    yield _at(held_on, -38, "10:15")
    play.tell(_network(play, lena, last.label))
    held = await _plan(play, lena, last.label, held_on, LAST_AGENDA, place="Församlingshemmet, stora salen")
    for n, who in enumerate(("maria", "jonas", "karin", "sara", "birgitta")):
        yield _at(held_on, -36 + 2 * n, "11:40")
        await play.act(people[who], "term.respond", term_meeting=held, answer="digital" if who == "sara" else "yes")
    yield _at(held_on, 0, "15:20")
    made = await play.act(
        lena,
        "term.minutes",
        term_meeting=held,
        minutes_text="Alla var överens om att listan ska stämma. BUSE har telefontid varje vecka.",
        action_points=[
            _point("Lägga in BUSE-telefontid i listan", _on(held_on, 14), play.units["lillan"]),
            _point("Berätta för skolorna när fältsekreterarna är ute", _on(held_on, 7), play.units["soc"]),
            _point("Boka lokal till nästa möte", on.isoformat()),
        ],
    )
    yield _at(held_on, 5, "14:10")
    await play.act(people["birgitta"], "task.done", task=made["tasks"][0])
    yield max(_at(held_on, 6, "09:30"), days.work(-11, "09:30"))
    coming = await _plan(
        play, lena, (current_term(on) or next_term(on)).label, on, AGENDA,
        place="Stadshuset, lilla salen", join_url="https://mote.example/terminsmote", required_functions=list(NEEDED),
    )  # fmt: skip
    play.tell(_answers(play, coming))


async def _network(play: Play, lena: Person, label: str) -> Story:
    """The BUSEs meet twice that term: what they have met about is written down, what is to come is planned."""
    async with play.stage.house.engine.read() as tx:
        kept = await tx.fetch(
            "SELECT id, body FROM record WHERE aggregate_id = $1 AND entity = 'term_meeting' ORDER BY id",
            lena.actor.area,
        )
    rows = ((id, msgspec.json.decode(body)) for id, body in kept)
    drafts = [(id, row["proposals"][0]) for id, row in rows if row["term"] == label and row.get("network")]
    planned_at = play.stage.clock.now() + timedelta(minutes=10)
    for n, (id, day) in enumerate(drafts):
        yield planned_at + timedelta(minutes=n)
        await play.act(
            lena,
            "term.plan",
            term=label,
            starts_local=day,
            minutes=60,
            place="Stadshuset, rum 3",
            agenda=[{"title": title, "minutes": minutes} for title, minutes in NETWORK_AGENDA],
            term_meeting=id,
        )
    for id, day in drafts:
        on = date.fromisoformat(day[:10])
        if on < play.days.today:
            yield _at(on, 0, "15:10")
            await play.act(
                lena, "term.minutes", term_meeting=id, minutes_text="Alla räknar nu kontakter på samma sätt."
            )


async def _answers(play: Play, meeting: str) -> Story:
    """Most answer within a week; Maria and some others have not yet."""
    days, people = play.days, play.people
    replies: list[tuple[Person, str, str | None]] = [
        (people["jonas"], "yes", None),
        (people["birgitta"], "substitute", "Johan Nyström"),
        (people["karin"], "yes", None),
    ]
    units = ("toreboda", "sjostrand", "kornhagen", "hassel", "vc", "rehab_gotene", "soc_toreboda", "vc_gotene")
    others = [next(one for one in play.staff_of(unit) if {*NEEDED} & one.actor.functions) for unit in units]
    replies += [(who, *answer) for who, answer in zip(others, ANSWERS, strict=True)]
    for n, (who, answer, substitute) in enumerate(replies):
        yield days.work(-9 + n * 2 // 3, f"{9 + n % 6:02}:25")
        await play.act(who, "term.respond", term_meeting=meeting, answer=answer, substitute=substitute)


async def begins(play: Play, key: str) -> Story:
    """Somebody begins to lead an area: the house drafts the meeting, and asks them to plan it."""
    yield play.days.ago(days=BEGAN[key])
    await _begins(play, play.people[key])


async def _begins(play: Play, lead: Person) -> None:
    area = str(lead.actor.area)
    row = LeadRow(id=lead.seat, owner_unit="", area=area, account=lead.account, name=lead.name)
    await play.stage.keep({area: [row]})


async def _plan(
    play: Play, lead: Person, label: str, on: date, agenda: tuple[tuple[str, int, str | None], ...], **more: Any
) -> str:
    """The term's meeting, from the draft of the house if there is one."""
    async with play.stage.house.engine.read() as tx:
        kept = await tx.fetch(
            "SELECT id, body FROM record WHERE aggregate_id = $1 AND entity = 'term_meeting' ORDER BY id",
            lead.actor.area,
        )
    rows = ((id, msgspec.json.decode(body)) for id, body in kept)
    drafts = (id for id, row in rows if row["term"] == label and not {"state", "network"} & row.keys())
    made = await play.act(
        lead,
        "term.plan",
        term=label,
        starts_local=f"{on.isoformat()}T{AT}",
        minutes=90,
        agenda=[{"title": title, "minutes": minutes, "who": who} for title, minutes, who in agenda],
        term_meeting=next(drafts, None),
        **more,
    )
    return str(made["term_meeting"])


def _point(what: str, by_on: str, unit: str | None = None) -> dict[str, str | None]:
    return {"what": what, "by_on": by_on, "who_unit": unit}


def _on(day: date, days: int) -> str:
    return (day + timedelta(days=days)).isoformat()


def _at(day: date, days: int, wall: str) -> datetime:
    return local_wall(day + timedelta(days=days), time_from_text(wall))


def stories(play: Play) -> list[Story]:
    return [north(play), *(begins(play, key) for key in BEGAN)]
