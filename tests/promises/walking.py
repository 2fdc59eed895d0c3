"""Random walks: what somebody in the cast might do next, drawn from a seed. Most of it is allowed, some of it never is.

A wish is (who, command, arguments). The ids it names are drawn from what exists, so that it often meets something;
the people who wish it are mostly those who may.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from server.domain.instants import local_date, wall_text
from server.errors import Refused
from server.storage.engine import Engine
from tests.people import World

Pool = Mapping[str, list[str]]
"""{entity: ids of what exists}"""
KINDS = ["child", "meeting", "waiting", "measure", "voice"]
FAMILY = ("anna", "omar", "noor")
BATON = ("maria", "johan")
STAFF = ("maria", "johan", "elin", "birgitta", "jonas", "sara")


@dataclass(frozen=True)
class Wish:
    who: str
    command: str
    args: Mapping[str, Any]


async def pool_of(engine: Engine) -> Pool:
    """What exists now, by entity, in id order."""
    found: dict[str, list[str]] = {}
    async with engine.read() as tx:
        for entity, id in await tx.fetch("SELECT entity, id FROM record ORDER BY id"):
            found.setdefault(entity, []).append(id)
    return found


class Wishes:
    """Draws wishes. The same seed, the same pools: the same wishes."""

    def __init__(self, rng: random.Random, world: World) -> None:
        self.rng = rng
        self.world = world
        self._made = 0
        self._kinds = sorted(SORTS)

    def next(self, pool: Pool, now: datetime) -> Wish:
        """One more."""
        while True:
            kind = self.rng.choice(self._kinds)
            made = SORTS[kind](self, pool, now)
            if made is None:
                continue
            who, args = made
            if self.rng.random() < 0.1:
                who = self.rng.choice(sorted(self.world.people))
            return Wish(who, kind.partition("@")[0], args)

    def word(self, prefix: str) -> str:
        """A text nobody has written before."""
        self._made += 1
        return f"{prefix} {self._made}"

    def some(self, pool: Pool, entity: str) -> str | None:
        ids = pool.get(entity, [])
        return self.rng.choice(ids[-12:]) if ids else None

    def child(self) -> str:
        return self.rng.choice((self.world.elsa, self.world.elsa, self.world.noor))

    def one(self, *people: str) -> str:
        return self.rng.choice(people)

    def day(self, now: datetime, least: int, most: int) -> str:
        return (local_date(now) + timedelta(days=self.rng.randint(least, most))).isoformat()

    def relations(self, pool: Pool) -> list[str]:
        known = sorted(self.world.relations.values())
        return self.rng.sample(known, self.rng.randint(1, len(known)))


Made = tuple[str, dict[str, Any]] | None


def _consent(w: Wishes, pool: Pool, now: datetime) -> dict[str, Any]:
    units = [w.world.units["clinic"], w.world.units["elsewhere"]]
    return {
        "child": w.child(),
        "purpose": w.one("coordination", "meeting", "sip", "team"),
        "information_kinds": sorted(w.rng.sample(KINDS, w.rng.randint(1, len(KINDS)))),
        "to_units": units[: w.rng.randint(1, 2)],
        "people": [w.world[w.one("jonas", "sara")].seat],
        "valid_until": w.day(now, 1, 40),
    }


def _record(w: Wishes, pool: Pool, now: datetime) -> Made:
    args = _consent(w, pool, now)
    names = ("noor",) if args["child"] == w.world.noor else ("anna", "omar")
    return w.one(*BATON), {
        **args,
        "also_young": args["child"] == w.world.noor,
        "answers": {w.world.relations[name]: w.one("yes", "yes", "yes", "no") for name in names},
        "form": "oral",
    }


def _propose(w: Wishes, pool: Pool, now: datetime) -> Made:
    child = w.child()
    family = ["noor"] if child == w.world.noor else ["anna", "omar"]
    staff = [w.world[name].seat for name in ("maria", "jonas", "johan") if w.rng.random() < 0.5]
    return w.one(*BATON), {
        "child": child,
        "kind": w.one("network", "sip", "young_talk"),
        "starts_local": wall_text(now + timedelta(minutes=w.rng.randint(5, 60 * 24 * 20))),
        "invited": [w.world.relations[name] for name in family[: w.rng.randint(1, 2)]],
        "staff": staff,
        "invite": w.rng.random() < 0.8,
    }


def _with(entity: str, people: tuple[str, ...], more: Callable[[Wishes, datetime], dict[str, Any]]) -> Any:
    def make(w: Wishes, pool: Pool, now: datetime) -> Made:
        id = w.some(pool, entity)
        return None if id is None else (w.one(*people), {entity: id, **more(w, now)})

    return make


def _for(people: tuple[str, ...], more: Callable[[Wishes, datetime], dict[str, Any]]) -> Any:
    return lambda w, pool, now: (w.one(*people), more(w, now))


def _in_team(w: Wishes, pool: Pool, now: datetime) -> Made:
    team, case = w.some(pool, "team"), w.some(pool, "team_case")
    return None if team is None or case is None else ("jonas", {"team": team, "team_case": case})


SORTS: dict[str, Callable[[Wishes, Pool, datetime], Made]] = {
    "child.rename": _for((*FAMILY, *BATON), lambda w, now: {"child": w.child(), "display_name": w.word("Namn")}),
    "consent.ask": lambda w, pool, now: (w.one(*BATON), _consent(w, pool, now)),
    "consent.record": _record,
    "consent.record@again": _record,
    "consent.answer": _with("consent", FAMILY, lambda w, now: {"answer": w.one("yes", "yes", "no")}),
    "consent.withdraw": _with("consent", (*FAMILY, *BATON), lambda w, now: {}),
    "seat.assign": _for(
        BATON, lambda w, now: {"child": w.child(), "person": w.world[w.one("jonas", "sara", "elin", "nils")].seat}
    ),
    "seat.end": _for(BATON, lambda w, now: {"child": w.child(), "person": w.world[w.one("jonas", "sara", "elin")].seat}),
    "coordinator.deputy": _for(
        BATON, lambda w, now: {"child": w.child(), "person": w.world[w.one("elin", "johan", "birgitta")].seat}
    ),
    "coordinator.away": _for(BATON, lambda w, now: {"until": w.day(now, 0, 5)}),
    "contact.request": _for(FAMILY, lambda w, now: {"child": w.child(), "reason": w.one("worried", "question")}),
    "contact.request@staff": _for(
        STAFF,
        lambda w, now: {
            "unit": w.world.units["clinic"],
            "function": "consultant",
            "reason": "advice",
            "text": "hur kan vi tänka",
        },
    ),
    "contact.answer": _with("contact_request", (*BATON, "jonas"), lambda w, now: {"outcome": w.one("talked", "tried")}),
    "contact.withdraw": _with("contact_request", (*FAMILY, *STAFF), lambda w, now: {}),
    "message.send": _for(FAMILY, lambda w, now: {"child": w.child(), "text": w.word("Hej")}),
    "message.send@to": lambda w, pool, now: (
        w.one(*BATON),
        {"child": w.child(), "text": w.word("Svar"), "to": w.relations(pool)[0]},
    ),
    "meeting.propose": _propose,
    "meeting.propose@again": _propose,
    "meeting.invite": lambda w, pool, now: (
        None
        if w.some(pool, "meeting") is None
        else (w.one(*BATON), {"meeting": w.some(pool, "meeting"), "invited": w.relations(pool)})
    ),
    "meeting.move": _with(
        "meeting", BATON, lambda w, now: {"starts_local": wall_text(now + timedelta(hours=w.rng.randint(1, 300)))}
    ),
    "meeting.cancel": _with("meeting", BATON, lambda w, now: {}),
    "meeting.respond": _with("meeting", (*FAMILY, "jonas", "maria"), lambda w, now: {"answer": w.one("yes", "no")}),
    "meeting.check_in": _with("meeting", (*FAMILY, "jonas", "maria"), lambda w, now: {}),
    "meeting.ask_new_time": _with("meeting", (*FAMILY, "jonas", "maria"), lambda w, now: {}),
    "meeting.hold": _with("meeting", BATON, lambda w, now: {"child_heard": w.word("Ja")}),
    "meeting.amend": _with("meeting", BATON, lambda w, now: {"child_heard": w.word("Ja")}),
    "voice.release": _with(
        "meeting",
        ("noor",),
        lambda w, now: {
            "take_part": w.one("video", "in_person"),
            "to": w.one("coordinator", "professionals", "everyone_invited"),
            "say": {"want": w.word("Gå ut")},
        },
    ),
    "voice.take_back": _with("voice", ("noor",), lambda w, now: {}),
    "waiting.open": _for(
        BATON,
        lambda w, now: {
            "child": w.child(), "what": "first_visit", "start_on": w.day(now, -90, 0), "start_basis": "manual",
            "next_check_in_on": w.day(now, 0, 30), "unit_name": w.word("BUP"), "for_young": w.rng.random() < 0.5,
        },
    ),
    "waiting.check_in": _with("waiting", BATON, lambda w, now: {"next_check_in_on": w.day(now, 0, 30)}),
    "waiting.worse": _with("waiting", FAMILY, lambda w, now: {"what": [w.one("sleep", "mood")]}),
    "waiting.end": _with("waiting", BATON, lambda w, now: {"outcome": w.one("offered", "started")}),
    "measure.offer": _for(
        BATON,
        lambda w, now: {
            "child": w.child(), "title": w.word("Samtal"), "starts_on": w.day(now, 0, 1), "follow_up_on": w.day(now, 2, 30),
            "unit_name": "Elevhälsan", "for_young": w.rng.random() < 0.5,
        },
    ),
    "measure.follow_up": _with("support_measure", BATON, lambda w, now: {"state": w.one("done", "stopped")}),
    "protect.set": _for(BATON, lambda w, now: {"child": w.world.noor, "alias": w.word("Kim")}),
    "protect.add": lambda w, pool, now: (
        w.one(*BATON),
        {"child": w.world.noor, "person": w.one(w.world["elin"].seat, w.world.relations["noor"])},
    ),
    "protect.lift": _for(BATON, lambda w, now: {"child": w.world.noor}),
    "slot.publish": _for(
        ("jonas", "sara"),
        lambda w, now: {
            "times": [{"starts_local": wall_text(now + timedelta(minutes=w.rng.randint(20, 20_000))), "minutes": 30}],
            "mode": "phone", "topics": ["sleep"],
        },
    ),
    "slot.withdraw": _with("slot", ("jonas", "sara"), lambda w, now: {}),
    "slot.book": _with("slot", STAFF, lambda w, now: {"topic": "sleep", "age_band": "13-15"}),
    "slot.release": _with("booking", STAFF, lambda w, now: {}),
    "booking.outcome": _with("booking", ("jonas", "sara"), lambda w, now: {"outcome": "advice"}),
    "slot.wish": _for(STAFF, lambda w, now: {"topic": "sleep", "age_band": "13-15"}),
    "slot.unwish": _with("slot_wish", STAFF, lambda w, now: {}),
    "team.raise": _with(
        "team", BATON, lambda w, now: {"basis": "consent", "child": w.child(), "question": w.word("Hur gör vi")}
    ),
    "team.raise@nameless": _with(
        "team", STAFF, lambda w, now: {"basis": "without_name", "age_band": "13-15", "question": w.word("Hur gör vi")}
    ),
    "team.withdraw": _with("team_case", STAFF, lambda w, now: {}),
    "team.schedule": _in_team,
    "open_hour.open": _for(
        ("jonas", "sara"),
        lambda w, now: {
            "weekday": w.rng.randint(1, 5), "at": "09:00", "minutes": 60, "mode": "phone", "topics": ["sleep"],
        },
    ),
    "open_hour.join": _with("open_hour", STAFF, lambda w, now: {"topic": "sleep", "age_band": "13-15"}),
    "open_hour.leave": _with("open_hour_place", STAFF, lambda w, now: {}),
    "open_hour.close": _with("open_hour", ("jonas", "sara"), lambda w, now: {}),
    "directory.edit": _for(
        (*STAFF, "lena"),
        lambda w, now: {
            "unit": w.world.units[w.one("school", "clinic")], "function": w.one("buse", "nurse"), "badge": "buse",
        },
    ),
    "directory.remove": _with("function_contact", (*STAFF, "lena"), lambda w, now: {}),
    "contact.tally": _with("function_contact", STAFF, lambda w, now: {}),
    "task.add": _for((*STAFF, "lena"), lambda w, now: {"what": w.word("Ring")}),
    "task.done": _with("task", (*STAFF, "lena"), lambda w, now: {}),
    "task.reopen": _with("task", (*STAFF, "lena"), lambda w, now: {}),
    "term.plan": _for(
        ("lena",),
        lambda w, now: {
            "term": "VT 2027", "starts_local": wall_text(now + timedelta(days=w.rng.randint(1, 60))),
            "required_functions": ["counsellor", "nurse"],
        },
    ),
    "term.respond": _with("term_meeting", STAFF, lambda w, now: {"answer": w.one("yes", "no")}),
    "term.cancel": _with("term_meeting", ("lena",), lambda w, now: {}),
    "person.leave": _for(
        ("birgitta", "maria"),
        lambda w, now: {
            "unit": w.world.units["school"], "person": w.world["elin"].seat, "successor": w.world["johan"].seat,
        },
    ),
    "settings.change": _for((*FAMILY, *STAFF), lambda w, now: {"quiet_from": w.one("20:00", "21:00", "22:00")}),
    "notice.read": _with("notice", (*FAMILY, *STAFF), lambda w, now: {}),
}  # fmt: skip
"""How each sort of wish is drawn; after `@` stands another way to wish for the same."""


async def wander(world: World, rng: random.Random, steps: int, *, still: bool = False) -> int:
    """So many wishes, one after the other, with time passing unless `still`; how many were granted."""
    wishes, granted = Wishes(rng, world), 0
    engine = world.stage.house.engine
    for _ in range(steps):
        if not still:
            world.stage.clock.set(world.stage.clock.now() + timedelta(minutes=rng.choice((0, 0, 1, 5, 30, 600))))
        wish = wishes.next(await pool_of(engine), world.stage.clock.now())
        try:
            await world.stage.act(world[wish.who], wish.command, **wish.args)
            granted += 1
        except Refused:
            pass
    return granted
