"""Sharing in the demonstration: what families were asked, what they answered, and what they took back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from server.demo.days import by_day
from server.demo.devices import device, erased, opened
from server.demo.play import Family, Member, Play
from server.demo.stage import Person
from server.demo.timeline import Story
from server.domain import scopes


async def consent(
    play: Play,
    family: Family,
    *,
    asked: datetime,
    to: Sequence[str],
    kinds: Sequence[str],
    purpose: str = "coordination",
    people: Sequence[Person] = (),
    answers: Sequence[tuple[Member, str]] = (),
    hours: float = 20,
    excludes: Sequence[str] = (),
    valid_until: str | None = None,
    also_young: bool | None = None,
    withdrawn: tuple[Person, datetime] | None = None,
) -> Story:
    """One consent, asked in the app; each answer comes `hours` after the one before."""
    yield asked
    made = await play.act(
        family.by,
        "consent.ask",
        child=family.child,
        purpose=purpose,
        information_kinds=list(kinds),
        to_units=[play.units[key] for key in to],
        people=[one.seat for one in people],
        excludes=list(excludes),
        valid_until=valid_until,
        also_young=also_young,
    )
    id = str(made["consent"])
    for n, (who, answer) in enumerate(answers, 1):
        yield by_day(asked + n * timedelta(hours=hours))
        await play.act(who.person, "consent.answer", consent=id, answer=answer)
    if withdrawn is not None:
        by, when = withdrawn
        yield when
        await play.act(by, "consent.withdraw", consent=id)


async def said(
    play: Play,
    family: Family,
    *,
    when: datetime,
    to: Sequence[str],
    kinds: Sequence[str],
    answers: dict[str, str],
    purpose: str = "coordination",
    form: str = "oral",
    people: Sequence[Person] = (),
    exception: dict[str, str] | None = None,
) -> Story:
    """A consent given by word of mouth or on paper and recorded by the coordinator; parties by relation."""
    yield when
    await play.act(
        family.by,
        "consent.record",
        child=family.child,
        purpose=purpose,
        information_kinds=list(kinds),
        to_units=[play.units[key] for key in to],
        people=[one.seat for one in people],
        answers=answers,
        form=form,
        exception=exception,
    )


async def withdrawn_with_receipt(
    play: Play, family: Family, *, asked: datetime, to: str, reader: Person, who: Member, when: datetime
) -> Story:
    """Withdrawn while two devices held it: one has confirmed that it is erased, the other has not been heard of."""
    yield asked
    made = await play.act(
        family.by,
        "consent.ask",
        child=family.child,
        purpose="coordination",
        information_kinds=["child", "meeting", "waiting"],
        to_units=[play.units[to]],
        people=[reader.seat],
    )
    id = str(made["consent"])
    for member in family.guardians:
        await play.act(member.person, "consent.answer", consent=id, answer="yes")
    yield when - timedelta(hours=6)
    held = [await device(play.stage, reader, label) for label in ("Dator på jobbet", "Telefon")]
    await opened(play.stage, reader, "consent", id)
    yield when
    await play.act(who.person, "consent.withdraw", consent=id)
    yield when + timedelta(minutes=2)
    await erased(play.stage, held[0], scopes.consent(id, play.units[to]))
