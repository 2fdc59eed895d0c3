"""Waiting in the demonstration: since when, what the queue looks like, who was in touch, and what helps meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from server.demo.play import Family, Member, Play
from server.demo.timeline import Story
from server.domain.instants import local_date


async def wait(
    play: Play,
    family: Family,
    *,
    opened: datetime,
    unit: str,
    what: str,
    start_on: str,
    next_on: str,
    basis: str = "referral_issued",
    fact: str | None = None,
    checks: Sequence[tuple[datetime, str, str | None]] = (),
    worse: tuple[Member, datetime, Sequence[str]] | None = None,
    ended: tuple[datetime, str] | None = None,
    paused_days: int | None = None,
    for_young: bool | None = None,
) -> Story:
    """One waiting card. `checks` are (when, the next day, note).

    It never starts after it was opened: after long holidays the working days before today lie further back.
    """
    yield opened
    made = await play.act(
        family.by,
        "waiting.open",
        child=family.child,
        unit=play.units[unit],
        what=what,
        start_on=min(start_on, local_date(opened).isoformat()),
        start_basis=basis,
        next_check_in_on=next_on,
        queue_fact=fact,
        paused_days=paused_days,
        for_young=for_young,
    )
    id = str(made["waiting"])
    for when, then, note in checks:
        yield when
        await play.act(family.by, "waiting.check_in", waiting=id, next_check_in_on=then, note=note, queue_fact=fact)
    if worse is not None:
        who, when, kinds = worse
        yield when
        await play.act(who.person, "waiting.worse", waiting=id, what=list(kinds))
    if ended is not None:
        yield ended[0]
        await play.act(family.by, "waiting.end", waiting=id, outcome=ended[1])


async def measure(
    play: Play,
    family: Family,
    *,
    offered: datetime,
    title: str,
    unit: str,
    contact: str,
    starts_on: str,
    follow_up_on: str,
    followed: Sequence[tuple[datetime, str, str | None]] = (),
    for_young: bool | None = None,
) -> Story:
    """Something to hold on to meanwhile. `followed` are (when, state, the next day)."""
    yield offered
    made = await play.act(
        family.by,
        "measure.offer",
        child=family.child,
        title=title,
        unit=play.units[unit],
        contact_function=contact,
        starts_on=starts_on,
        follow_up_on=follow_up_on,
        for_young=for_young,
    )
    for when, state, then in followed:
        yield when
        await play.act(
            family.by,
            "measure.follow_up",
            support_measure=str(made["support_measure"]),
            state=state,
            follow_up_on=then,
        )
