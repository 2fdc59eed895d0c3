"""The hub: who is told what, in which order, and who never again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from server.auth.sessions import end_session
from server.domain import scopes
from server.storage import touched
from server.sync import pull
from tests.conftest import Place
from tests.sync.peer import Town, town_at


@pytest.fixture
async def town(place: Place) -> AsyncIterator[Town]:
    async with town_at(place) as made:
        yield made


async def test_seat_that_gains_a_scope_gets_it_whole_and_hears_synced_again(town: Town) -> None:
    jonas = await town.peer("jonas")
    seen = len(jonas.frames)
    consent = await town.share()
    room = scopes.consent(consent, town.world.units["clinic"])
    await jonas.until(lambda: room in jonas.copy.scopes and jonas.copy.synced)
    frames = [
        frame for frame in jonas.frames[seen:] if frame.get("scope") == room or frame["t"] in ("scopes", "synced")
    ]
    assert [frame["t"] for frame in frames][-3:] == ["scopes", "delta", "synced"]
    assert frames[-2]["reset"] is True and frames[-2]["from"] == 0


async def test_seat_that_loses_a_scope_hears_it_before_anything_else_of_that_commit(town: Town) -> None:
    consent = await town.share()
    jonas = await town.peer("jonas")
    room = scopes.consent(consent, town.world.units["clinic"])
    seen = len(jonas.frames)
    await town.act("anna", "consent.withdraw", consent=consent)
    await jonas.until(lambda: room not in jonas.copy.scopes)
    assert jonas.frames[seen] == {"t": "scopes", "add": [], "drop": [room]}


async def test_expired_grant_is_dropped_within_two_seconds_however_busy_the_house_is(town: Town) -> None:
    consent = await town.share(valid_until="2026-11-03")
    jonas = await town.peer("jonas")
    room = scopes.consent(consent, town.world.units["clinic"])
    busy = asyncio.create_task(_rename_for_ever(town))
    town.world.stage.clock.set(town.now() + timedelta(days=3))
    await jonas.until(lambda: room not in jonas.copy.scopes, 2.0)
    busy.cancel()


async def test_nothing_written_after_a_grants_own_end_is_delivered(town: Town) -> None:
    consent = await town.share(valid_until="2026-11-03")
    jonas = await town.peer("jonas")
    room = scopes.consent(consent, town.world.units["clinic"])
    seen = len(jonas.frames)
    town.world.stage.clock.set(town.now() + timedelta(days=3))
    # Still granted as far as the rows go: no job has run.
    async with town.house.engine.write() as tx:
        await tx.execute(
            "UPDATE feed SET version = 900, doc = '{}' WHERE scope_id = (SELECT id FROM scope WHERE name = $1)"
            " AND entity = 'child'",
            room,
        )
        await tx.execute("UPDATE scope SET version = 900 WHERE name = $1", room)
        await tx.execute("INSERT INTO touched (scope_id, at) SELECT id, '' FROM scope WHERE name = $1", room)
    town.hub.wake()
    await jonas.until(lambda: room not in jonas.copy.scopes, 2.0)
    assert not [frame for frame in jonas.frames[seen:] if frame["t"] == "delta" and frame["scope"] == room]


async def test_session_that_ended_before_its_hello_gets_nothing(town: Town) -> None:
    anna = await town.peer("anna", greet=False)
    async with town.house.engine.write() as tx:
        await end_session(tx, anna.session, "wipe", town.now())
    town.hub.wake()
    await asyncio.sleep(0.1)
    await anna.say(anna.hello())
    await anna.until(lambda: anna.code is not None)
    assert (anna.kinds(), anna.frames[-1]["reason"], anna.code) == (["bye"], "wipe", 4410)


async def test_session_that_ended_while_a_post_was_on_its_way_gets_nothing(town: Town) -> None:
    anna = await town.peer("anna", greet=False)
    async with town.house.engine.write() as tx:
        await end_session(tx, anna.session, "signed_out", town.now())
    answer = await anna.post(anna.command("child.rename", child=town.world.elsa, display_name="X"))
    assert [frame["t"] for frame in answer] == ["bye"] and answer[0]["reason"] == "signed_out"


async def test_scope_that_moves_to_memory_is_dropped_and_added_before_any_row_of_it(town: Town) -> None:
    maria = await town.peer("maria")
    room = scopes.coordinator(town.world.elsa, town.world.units["school"])
    seen = len(maria.frames)
    await town.act("johan", "protect.set", child=town.world.elsa, alias="Kim")
    await maria.until(lambda: maria.copy.scopes[room].store == "memory" and maria.copy.synced)
    about = [one for one in maria.frames[seen:] if one.get("scope") == room or room in str(one.get("drop"))]
    assert about[0]["t"] == "scopes" and about[0]["drop"] == [room] and about[0]["add"][0]["store"] == "memory"
    assert about[1]["t"] == "delta" and about[1]["reset"] is True


async def test_post_that_moves_a_scope_to_memory_says_so(town: Town) -> None:
    maria = await town.peer("maria", greet=False)
    room = scopes.coordinator(town.world.elsa, town.world.units["school"])
    answer = await maria.post(maria.command("protect.set", child=town.world.elsa, alias="Kim"))
    told = next(frame for frame in answer if frame["t"] == "scopes")
    assert room in told["drop"] and {"scope": room, "store": "memory"}.items() <= told["add"][0].items()
    rows = [frame for frame in answer if frame["t"] == "delta" and frame["scope"] == room]
    assert answer.index(told) < answer.index(rows[0]) and rows[0]["reset"] is True


async def test_many_small_scopes_are_no_overflow(town: Town) -> None:
    for _ in range(300):
        await town.act(
            "maria", "child.open", display_name="B", turns_18_on="2033-01-01", person=town.world["maria"].seat
        )
    maria = await town.peer("maria")
    assert len(maria.copy.scopes) > 300 and maria.copy.synced


async def test_hub_goes_on_after_something_unforeseen(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    anna, real = await town.peer("anna"), touched.look
    fails = iter((True, True))

    async def look(*args: Any) -> Any:
        if next(fails, False):
            raise ValueError("unforeseen")
        return await real(*args)

    monkeypatch.setattr(touched, "look", look)
    await town.act("anna", "child.rename", child=town.world.elsa, display_name="Elsie")
    await anna.until(lambda: any(doc["display_name"] == "Elsie" for doc in anna.copy.all("child")))


async def _rename_for_ever(town: Town) -> None:
    n = 0
    while True:
        n += 1
        await town.act("maria", "child.rename", child=town.world.noor, display_name=f"N{n}")
        await asyncio.sleep(0.05)


async def test_hello_after_a_grants_own_end_gets_nothing_of_it(town: Town) -> None:
    consent = await town.share(valid_until="2026-11-03")
    room = scopes.consent(consent, town.world.units["clinic"])
    assert room in (await town.peer("jonas")).copy.scopes
    town.world.stage.clock.set(town.now() + timedelta(days=3))
    jonas = await town.peer("jonas")
    assert room not in jonas.copy.scopes and not list(jonas.copy.all("child"))


async def test_connection_that_has_read_too_little_does_not_join(town: Town) -> None:
    # Nobody is joined to Anna's scope; that it has moved on was announced to this process all the same.
    omar, late = await town.peer("omar"), await town.peer("anna", greet=False)
    name = scopes.guardian(town.world.elsa, town.world["anna"].account)
    async with town.house.engine.read() as tx:
        held = next(one for one in await pull.held_scopes(tx, late.person.actor, town.now()) if one.name == name)
    await town.act("maria", "child.rename", child=town.world.elsa, display_name="Elsie")
    await omar.until(lambda: any(doc["display_name"] == "Elsie" for doc in omar.copy.all("child")))
    assert not town.hub.join(late.connection, held, held.version)
    assert town.hub.join(late.connection, held, held.version + 1)
