"""The wire against the real server: reading, writing, losing, and saying it twice."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from server import metrics
from server.domain import scopes
from server.sync.client import Client, Ended, Refused
from tests.site import Site


def child_of(client: Client, id: str) -> dict[str, Any]:
    return next(child for child in client.copy.all("child") if child["id"] == id)


async def test_welcome_lists_what_the_seat_holds_and_nothing_else(site: Site) -> None:
    anna = await site.client("anna")
    assert sorted(anna.copy.scopes) == sorted(
        [
            scopes.PUBLIC,
            scopes.user(site.world["anna"].account),
            scopes.guardian(site.world.elsa, site.world["anna"].account),
        ]
    )
    assert {doc["display_name"] for doc in anna.copy.all("child")} == {"Elsa"}


async def test_change_reaches_everybody_who_holds_it_and_nobody_else(site: Site) -> None:
    anna, maria, nils = [await site.client(name) for name in ("anna", "maria", "nils")]
    seen: list[dict[str, Any]] = []
    nils.on_frame = seen.append
    await anna.send("child.rename", child=site.world.elsa, display_name="Elsie")
    await maria.until(lambda: child_of(maria, site.world.elsa)["display_name"] == "Elsie")
    await asyncio.sleep(0.1)
    assert seen == []


async def test_offline_changes_arrive_at_the_next_hello(site: Site) -> None:
    anna, maria = await site.client("anna"), await site.client("maria")
    before = dict(maria.copy.cursors())
    await maria.close()
    await anna.send("child.rename", child=site.world.elsa, display_name="Elsie")
    await maria.connect()
    assert child_of(maria, site.world.elsa)["display_name"] == "Elsie"
    assert all(maria.copy.cursors()[name] >= cursor for name, cursor in before.items())


async def test_command_twice_is_applied_once(site: Site) -> None:
    anna = await site.client("anna")
    command = anna.next_command("child.rename", {"child": site.world.elsa, "display_name": "E"})
    first = await anna.deliver(command)
    assert await anna.deliver(command) == first
    assert anna.copy.scopes[scopes.guardian(site.world.elsa, site.world["anna"].account)].cursor >= 2


async def test_known_id_in_a_new_place_uses_up_its_number(site: Site) -> None:
    anna = await site.client("anna")
    command = anna.next_command("child.rename", {"child": site.world.elsa, "display_name": "E"})
    first = await anna.deliver(command)
    again = {**command, "n": command["n"] + 1}
    assert await anna.deliver(again) == first
    await anna.deliver({**anna.next_command("noop", {}), "n": command["n"] + 2})


async def test_gap_in_numbers_asks_for_a_new_hello(site: Site) -> None:
    anna = await site.client("anna")
    command = {**anna.next_command("noop", {}), "n": 7}
    with pytest.raises(Ended, match="resync"):
        await anna.deliver(command)


async def test_absent_and_forbidden_answer_alike(site: Site) -> None:
    nils = await site.client("nils")
    answers = []
    for child in (site.world.elsa, "01a0ccbd-1999-7a56-a911-dc4a3b2eee21"):
        with pytest.raises(Refused) as refused:
            await nils.send("child.rename", child=child, display_name="x")
        answers.append({key: value for key, value in refused.value.nack.items() if key not in ("id", "n")})
    assert answers[0] == answers[1] == {"t": "nack", "ok": False, "code": "not_found", "fields": None, "data": None}


async def test_relation_ended_drops_the_scope_and_ends_the_device(site: Site) -> None:
    anna, maria = await site.client("anna"), await site.client("maria")
    await maria.send("guardian.end", child=site.world.elsa, relation=site.world.relations["anna"])
    with pytest.raises(Ended, match="wipe"):
        await anna.until(lambda: False, 20)
    with pytest.raises(Ended, match="wipe"):
        await anna.connect()


async def test_post_gives_the_same_copy_as_the_socket(site: Site) -> None:
    anna, other = await site.client("anna"), await site.client("anna", connect=False)
    frames = await other.post(other.next_command("child.rename", {"child": site.world.elsa, "display_name": "P"}))
    kinds = [frame["t"] for frame in frames]
    assert kinds[:2] == ["welcome", "ack"] and kinds[-1] == "synced" and set(kinds[2:-1]) == {"delta"}
    await anna.until(lambda: child_of(anna, site.world.elsa)["display_name"] == "P")
    assert {n: (c.cursor, c.rows) for n, c in anna.copy.scopes.items()} == {
        n: (c.cursor, c.rows) for n, c in other.copy.scopes.items()
    }


def counted(name: str, **labels: str) -> float:
    """What an operator is shown of it."""
    return metrics.registry.get_sample_value(f"samled_{name}_total", labels) or 0


async def test_digest_says_same_and_mends_a_spoilt_copy(site: Site) -> None:
    maria, before = await site.client("maria"), counted("digest_differs")
    scope = scopes.coordinator(site.world.elsa, site.world.units["school"])
    answers: list[dict[str, Any]] = []
    maria.on_frame = lambda frame: answers.append(frame) if frame["t"] in ("same", "differs") else None
    held = maria.copy.scopes[scope]
    await maria.tell({"t": "digest", "scopes": {scope: [held.cursor, maria.copy.digest(scope)]}})
    await maria.until(lambda: bool(answers))
    assert counted("digest_differs") == before
    whole = dict(held.rows)
    held.rows.pop(next(iter(held.rows)))
    await maria.tell({"t": "digest", "scopes": {scope: [held.cursor, maria.copy.digest(scope)]}})
    await maria.until(lambda: held.rows == whole)
    assert [answer["t"] for answer in answers] == ["same", "differs"]
    assert counted("digest_differs") == before + 1


async def test_commands_are_counted_by_what_became_of_them(site: Site) -> None:
    outcomes = ("applied", "refused", "repeated")
    anna, before = await site.client("anna", connect=False), [counted("commands", outcome=one) for one in outcomes]
    sent = anna.next_command("child.rename", {"child": site.world.elsa, "display_name": "E"})
    await anna.post(sent)
    await anna.post(sent, anna.next_command("child.rename", {"child": site.world.elsa}))
    assert [counted("commands", outcome=one) - was for one, was in zip(outcomes, before, strict=True)] == [1, 1, 1]


async def test_two_devices_of_one_replica_the_older_is_told_to_go(site: Site) -> None:
    anna, twin = await site.client("anna"), await site.client("anna", connect=False)
    twin.replica = anna.replica
    await twin.connect()
    with pytest.raises(Ended, match="resync"):
        await anna.until(lambda: False, 20)


async def test_broken_frames_are_answered_and_closed(site: Site) -> None:
    for broken in ({"t": "what"}, {"t": "read"}, {"t": "digest", "scopes": {}, "more": 1}):
        anna = await site.client("anna")
        await anna.tell(broken)
        with pytest.raises(Ended, match="bad_frame"):
            await anna.until(lambda: False, 20)


async def test_code_session_sees_the_contact_card_only(site: Site) -> None:
    from dataclasses import replace

    from server.domain.actors import Assurance

    person = site.world["anna"]
    client = await site.client(replace(person, actor=replace(person.actor, assurance=Assurance.CODE)))
    assert {doc["name"] for doc in client.copy.all("coordinator")} == {"Maria Ekdahl"}
    assert all(set(doc) <= {"id", "display_name", "age_band", "state"} for doc in client.copy.all("child"))
