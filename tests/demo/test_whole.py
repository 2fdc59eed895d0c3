"""The demonstration as a whole: counts, chains, projections; it is made once, on any day of the year."""

from __future__ import annotations

import asyncio
import json
import re
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path
from shutil import copyfile
from typing import Any

import pytest

from server.auth.people import create_account
from server.demo.build import build, is_built
from server.demo.empty import BEGUN, NotEmpty
from server.demo.staff import STAFF
from server.demo.world import AREA_OF, AREAS, UNITS
from server.domain import digest
from server.domain.calendar import is_working_day
from server.domain.instants import from_text, local, to_text
from server.features.publish import publish
from server.storage import audit
from server.storage.engine import Engine, open_engine
from server.storage.sqlite import FILE
from server.sync import load
from tests.conftest import Place
from tests.demo.conftest import NOW, make
from tests.demo.seen import Seen, house_on

FICTION = ((701740605, 701740699), (313900600, 313900699))
"""The series reserved for fiction: 070-174 06 05 to 06 99, 031-390 06 00 to 06 99."""


async def of_entity(seen: Seen, entity: str) -> list[dict[str, Any]]:
    """What is stored of it."""
    return [json.loads(body) for (body,) in await seen.rows("SELECT body FROM record WHERE entity = $1", entity)]


async def done(seen: Seen, action: str) -> int:
    """How many times it was done."""
    applied = "SELECT count(*) FROM audit WHERE action = $1 AND outcome = 'applied'"
    return int(await seen.value(applied, action))


async def test_counts_of_places_and_colleagues(seen: Seen) -> None:
    """Each figure of the demonstration's plan by its name; what stands in none of its tables is counted nowhere."""
    assert (len(AREAS), len(AREA_OF), len(await of_entity(seen, "area"))) == (3, 11, 3)
    kinds = Counter(unit["kind"] for unit in await of_entity(seen, "unit"))
    assert kinds == {
        "school_health": 14, "primary_care_centre": 9, "youth_mental_health_primary": 2, "rehab_clinic": 4,
        "social_services": 7, "child_psychiatry": 2, "youth_clinic": 3, "child_health": 2, "family_centre": 2,
        "habilitation": 1,
    }  # fmt: skip
    assert kinds.total() == len(UNITS) == 46
    assert len(await of_entity(seen, "staff")) == len(STAFF) == 118
    assert len({one for plan in STAFF for one in plan.functions}) == 31
    assert len({plan.unit for plan in STAFF if "buse" in plan.functions}) == 9
    assert sum("sip_trainer" in plan.functions for plan in STAFF) == 12
    assert len(await of_entity(seen, "function_contact")) == 140
    assert len(await of_entity(seen, "team")) == 4


async def test_counts_of_families(seen: Seen) -> None:
    assert len(await of_entity(seen, "child")) == 64
    relations = [one for one in await of_entity(seen, "relation") if "ended_at" not in one]
    guardians = [one for one in relations if one["kind"] == "guardian"]
    accounts = {one["account"] for one in guardians if "account" in one}
    # Of the ninety-seven one has two children here and one seat for both; one has no smartphone and no account.
    assert (len(guardians), len(accounts)) == (98, 96)
    assert len(accounts) + sum("account" not in one for one in guardians) == 97
    assert sum(one["kind"] == "young_person" for one in relations) == 21
    coordinators = await of_entity(seen, "coordinator")
    assert (len(coordinators), len(coordinators) + sum(len(one.get("earlier", ())) for one in coordinators)) == (64, 71)
    consents = await of_entity(seen, "consent")
    states = Counter(one.get("state", "asked") for one in consents)
    assert len(consents) == 210 and all(states[one] >= 5 for one in ("complete", "withdrawn", "expired", "refused"))
    assert sum(bool(one.get("excludes")) for one in consents) >= 5


async def test_counts_of_what_happens(seen: Seen) -> None:
    meetings = Counter(one["kind"] for one in await of_entity(seen, "meeting"))
    terms = len(await of_entity(seen, "term_meeting"))
    assert (meetings["sip"], meetings["network"], meetings["team_follow_up"], terms) == (15, 12, 24, 9)
    assert meetings["sip"] + meetings["network"] + meetings["team_follow_up"] + terms == 60
    assert {*meetings} == {"sip", "network", "team_follow_up", "first_contact", "placement", "young_talk"}
    assert (len(await of_entity(seen, "slot")), len(await of_entity(seen, "booking"))) == (96, 58)
    assert await done(seen, "slot.release") == 5
    requests = await of_entity(seen, "contact_request")
    assert len(requests) == 84
    late = [one for one in requests if one.get("escalated_at")]
    deputised = [one for one in late if one.get("answered_at")]
    assert len(requests) > 70 + len(late) > 70 + len(deputised) > 74
    assert (len(await of_entity(seen, "waiting")), await done(seen, "waiting.check_in")) == (17, 44)
    live, dead = (await seen.rows("SELECT count(*), count(dead_at) FROM push_subscription"))[0]
    assert (live, dead) == (150, 6)


async def test_phones_are_reserved_for_fiction(seen: Seen) -> None:
    bodies = " ".join(str(body) for (body,) in await seen.rows("SELECT body FROM record"))
    numbers = {int(found) for found in re.findall(r"\+46(\d+)", bodies)}
    assert len(numbers) > 160
    assert all(any(first <= number <= last for first, last in FICTION) for number in numbers)


async def test_chains_are_whole_and_digests_agree(seen: Seen) -> None:
    async with seen.house.engine.read() as tx:
        assert await audit.verify(tx) == []
    scopes = await seen.rows("SELECT id, live, digest FROM scope")
    live: dict[Any, list[tuple[str, str, int]]] = {}
    for scope, entity, id, version in await seen.rows(
        "SELECT scope_id, entity, doc_id, version FROM feed WHERE doc IS NOT NULL"
    ):
        live.setdefault(scope, []).append((entity, id, version))
    assert len(scopes) > 300
    for id, count, total in scopes:
        assert digest.of_rows(live.get(id, [])) == digest.written(count, total)


async def test_what_is_shown_follows_from_the_rows(seen: Seen) -> None:
    house = seen.house
    async with house.engine.read() as tx:
        locked = {id: (kind, owner) for id, kind, owner in await tx.fetch("SELECT id, kind, owner_unit FROM aggregate")}
        arounds = await load.around(tx, house.registry, locked, seen.now)
        shown = {
            (aggregate, name, entity, id): doc
            for aggregate, name, entity, id, doc in await tx.fetch(
                "SELECT f.aggregate_id, s.name, f.entity, f.doc_id, f.doc FROM feed f JOIN scope s ON s.id = f.scope_id"
                " WHERE f.doc IS NOT NULL"
            )
        }
        held = {
            (aggregate, seat, name): until
            for aggregate, seat, name, until in await tx.fetch(
                "SELECT g.aggregate_id, g.seat_id, s.name, g.valid_until FROM grant_ g"
                " JOIN scope s ON s.id = g.scope_id WHERE g.valid_until > $1",
                to_text(seen.now),
            )
        }
    published = {id: publish(house.registry, one) for id, one in arounds.items()}
    wanted = {(id, *key): doc for id, one in published.items() for key, doc in one.docs.items()}
    assert {key: doc for key, doc in shown.items() if wanted.get(key) != doc} == {}
    assert wanted.keys() == shown.keys()
    assert held == {(id, *key): until for id, one in published.items() for key, until in one.grants.items()}


async def test_nothing_lies_in_the_future_and_nothing_is_left_undone(seen: Seen) -> None:
    now = to_text(seen.now)
    assert await seen.value("SELECT max(at) FROM audit") <= now
    assert await seen.value("SELECT count(*) FROM reminder WHERE state = 'due' AND due_at <= $1", now) == 0
    unread = await seen.docs("maria", "notice")
    assert 0 < len([one for one in unread if "read_at" not in one]) < 25


async def test_it_is_made_once(seen: Seen) -> None:
    async with seen.house.engine.read() as tx:
        assert await is_built(tx)
    before = await seen.value("SELECT count(*) FROM audit")
    await build(seen.house, seen.now + timedelta(days=1))
    assert await seen.value("SELECT count(*) FROM audit") == before


async def test_only_in_an_empty_database(engine: Engine) -> None:
    house = house_on(engine, NOW)
    async with engine.write() as tx:
        await create_account(tx, "01900000-0000-7000-8000-000000000001", "Real", "sv", NOW)
    with pytest.raises(NotEmpty):
        await build(house, NOW)
    async with engine.read() as tx:
        assert await tx.fetch_value("SELECT count(*) FROM account") == 1 and not await is_built(tx)


async def test_stopped_halfway_leaves_nothing_behind(engine: Engine) -> None:
    house = house_on(engine, NOW)
    making = asyncio.create_task(build(house, NOW))
    audited = 0
    while audited < 40:
        await asyncio.sleep(0.01)
        async with engine.read() as tx:
            audited = await tx.fetch_value("SELECT count(*) FROM audit")
    with pytest.raises(NotEmpty):
        await build(house, NOW)
    making.cancel()
    with pytest.raises(asyncio.CancelledError):
        await making
    async with engine.read() as tx:
        for table in ("account", "record", "feed", "audit", "reminder", "scope"):
            assert await tx.fetch_value(f"SELECT count(*) FROM {table}") == 0
        assert await tx.fetch_value("SELECT 1 FROM meta WHERE key = $1", BEGUN) is None


@pytest.mark.parametrize("day", ["2026-12-24T23:30:00+00:00", "2027-01-07T05:30:00+00:00", "2027-03-28T00:30:00+00:00"])
async def test_on_any_day(day: str, tmp_path: Path, sqlite_template: Path) -> None:
    """On Christmas night, right after the long holidays, and in the night that loses an hour."""
    copyfile(sqlite_template, tmp_path / FILE)
    place, now = Place(data=tmp_path, database_url=None), datetime.fromisoformat(day)
    await make(place, now)
    engine = open_engine(**place)
    await engine.start()
    seen = await Seen.of(house_on(engine, now), now)
    try:
        [request] = [one for one in await seen.docs("anna", "contact_request") if one["state"] == "open"]
        assert request["due_at"] > to_text(now)
        assert [one for one in await seen.docs("jonas", "meeting") if one["starts_at"] > to_text(now)]
        assert len(seen.personas) >= 11
    finally:
        await engine.close()


async def test_people_write_when_they_are_awake_and_answer_what_was_asked(seen: Seen) -> None:
    """Nobody of a family writes in the night, no answer comes before its question, no follow-up is on a day off."""
    messages = {one["id"]: one for one in await seen.everything("message")}.values()
    asked = [one["sent_at"] for one in messages if one["from_family"]]
    asked += [one["asked_at"] for one in await seen.everything("contact_request")]
    answered = [one["answered_at"] for one in await seen.everything("consent") if one.get("answered_at")]
    hours = {local(from_text(one)).hour for one in (*asked, *answered)}
    assert min(hours) >= 7 and max(hours) <= 21, hours
    threads: dict[str, list[str]] = {}
    for one in messages:
        threads.setdefault(one["thread"], []).append(one["sent_at"])
    assert all(len(set(times)) == len(times) for times in threads.values())
    planned = [one["follow_up_on"] for one in await seen.everything("meeting") if one.get("follow_up_on")]
    assert planned and all(is_working_day(date.fromisoformat(one)) for one in planned)
