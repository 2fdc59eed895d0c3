"""Meetings in the demonstration: invited, answered, spoken for, held or called off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from server.demo.days import by_day
from server.demo.play import Family, Member, Play
from server.demo.stage import Person
from server.demo.timeline import Story
from server.domain.calendar import is_working_day, next_working_day
from server.domain.instants import local_date, wall_from_text

AGENDA: list[dict[str, Any]] = [
    {"title": "Hur har det varit sedan sist?", "minutes": 15},
    {"title": "Vad fungerar och vad är svårt?", "minutes": 20},
    {"title": "Vem gör vad, och när följer vi upp?", "minutes": 20},
]


LINK = "https://mote.example/lillan-3"


@dataclass(frozen=True, slots=True)
class Held:
    """What was written after a meeting. `decisions` are (what, unit key or None, who or None, days until)."""

    child_heard: str
    decisions: Sequence[tuple[str, str | None, str | None, int]] = ()
    follow_up_days: int | None = None
    main_unit: str | None = None
    done: Sequence[int] = ()
    checked_in: bool = True


async def meeting(
    play: Play,
    family: Family,
    *,
    kind: str,
    invited: datetime,
    starts: str,
    members: Sequence[Member],
    staff: Sequence[Person] = (),
    answers: Mapping[str, str] | None = None,
    held: Held | None = None,
    cancelled: tuple[datetime, str] | None = None,
    voice: tuple[Member, Mapping[str, Any]] | None = None,
    invite: bool = True,
    **about: Any,
) -> Story:
    """One meeting. `answers` are by seat, given the day after the invitation; a voice is let go of the day before."""
    yield invited
    about.setdefault("place", "Lillåns skola, samtalsrummet")
    proposed = await play.act(
        family.by,
        "meeting.propose",
        child=family.child,
        kind=kind,
        starts_local=starts,
        invited=[one.relation for one in members],
        staff=[family.by.seat, *(one.seat for one in staff)],
        invite=invite,
        **about,
    )
    id = str(proposed["meeting"])
    everybody = {one.seat: one for one in (*(member.person for member in members), *staff)}
    for n, (seat, answer) in enumerate((answers or {}).items()):
        yield by_day(invited + timedelta(hours=20 + 3 * n))
        substitute = "Maja Lund" if answer == "substitute" else None
        await play.act(everybody[seat], "meeting.respond", meeting=id, answer=answer, substitute=substitute)
    if cancelled is not None:
        yield cancelled[0]
        await play.act(family.by, "meeting.cancel", meeting=id, reason=cancelled[1])
        return
    begins = wall_from_text(starts)
    if voice is not None:
        yield min(begins - timedelta(hours=20), invited + timedelta(hours=30))
        await play.act(voice[0].person, "voice.release", meeting=id, **voice[1])
    if held is not None:
        yield begins - timedelta(minutes=5)
        for one in members if held.checked_in else ():
            await play.act(one.person, "meeting.check_in", meeting=id)
        yield begins + timedelta(minutes=70)
        await _hold(play, family, id, held)


def _working_day(today: datetime, days: int) -> str:
    """So many days on, or the working day after it: nothing is promised for a Sunday."""
    day = local_date(today) + timedelta(days=days)
    return (day if is_working_day(day) else next_working_day(day)).isoformat()


async def _hold(play: Play, family: Family, id: str, held: Held) -> None:
    today = play.stage.clock.now()
    await play.act(
        family.by,
        "meeting.hold",
        meeting=id,
        child_heard=held.child_heard,
        decisions=[
            {
                "what": what,
                **({"who_unit": play.units[unit]} if unit else {}),
                **({"who": who} if who else {}),
                "by_on": _working_day(today, days),
            }
            for what, unit, who, days in held.decisions
        ],
        follow_up_on=_working_day(today, held.follow_up_days) if held.follow_up_days else None,
        main_responsible_unit=play.units[held.main_unit] if held.main_unit else None,
    )
    for number in held.done:
        await play.act(family.by, "meeting.decision_done", meeting=id, decision=number)
