"""Promises in the demonstration: who asked to be called back, when somebody did, and what was written meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from server.demo.days import next_morning
from server.demo.play import Family, Member, Play
from server.demo.stage import Person
from server.demo.timeline import Story

ANSWERED_AFTER = timedelta(minutes=50)
"""Where the days before today leave no room, an answer comes this long after the question."""


async def call_back(
    play: Play,
    family: Family,
    who: Member,
    *,
    asked: datetime,
    reason: str,
    text: str = "",
    times: Sequence[str] = (),
    phone: str | None = None,
    tried: datetime | None = None,
    answered: datetime | None = None,
    by: Person | None = None,
    outcome: str = "talked",
    note: str | None = None,
    withdrawn: datetime | None = None,
) -> Story:
    """A family's request. Without an answer it stays open; the house escalates it by itself when the time is up."""
    yield asked
    made = await play.act(
        who.person,
        "contact.request",
        child=family.child,
        reason=reason,
        text=text,
        good_times=list(times),
        callback_phone=phone,
    )
    request = str(made["contact_request"])
    if withdrawn is not None:
        yield withdrawn
        await play.act(who.person, "contact.withdraw", contact_request=request)
    if tried is not None:
        yield tried
        await play.act(by or family.by, "contact.answer", contact_request=request, outcome="tried")
    if answered is not None:
        yield answered
        await play.act(by or family.by, "contact.answer", contact_request=request, outcome=outcome, note=note)


async def ask_colleague(
    play: Play,
    who: Person,
    *,
    unit: str,
    function: str,
    asked: datetime,
    reason: str,
    text: str,
    answered: datetime | None = None,
    by: Person | None = None,
    note: str | None = None,
) -> Story:
    """A question from one professional to a function in another unit, about no child."""
    yield asked
    made = await play.act(who, "contact.request", unit=play.units[unit], function=function, reason=reason, text=text)
    if answered is not None and by is not None:
        yield answered
        await play.act(by, "contact.answer", contact_request=str(made["contact_request"]), note=note)


async def letters(play: Play, family: Family, who: Member, lines: Sequence[tuple[datetime, str, str]]) -> Story:
    """A thread: (when, `family` or `staff`, text) in order. An answer never comes before what it answers."""
    said = lines[0][0]
    for when, sender, text in lines:
        said = max(when, next_morning(said + ANSWERED_AFTER))
        yield said
        if sender == "family":
            await play.act(who.person, "message.send", child=family.child, text=text)
        else:
            await play.act(family.by, "message.send", child=family.child, text=text, to=who.relation)
