"""What a client written from the page alone runs into: frames, ids and copies that are not quite ours."""

from __future__ import annotations

import copy as copying
import json
from typing import Any
from uuid import uuid4

import aiohttp
import pytest

from server.domain import scopes
from server.sync.client import Client, Ended, Refused
from tests.site import Site
from tests.sync.test_site import child_of


def answers(frames: list[dict[str, Any]]) -> list[str]:
    return [frame["t"] for frame in frames if frame["t"] in ("ack", "nack", "bye", "synced")]


def shared(client: Client) -> dict[str, Any]:
    """All it holds, but for the person's own devices."""
    return {name: held.rows for name, held in client.copy.scopes.items() if not name.startswith("user:")}


async def refused(client: Client, name: str, **args: Any) -> dict[str, Any]:
    with pytest.raises(Refused) as raised:
        await client.send(name, **args)
    return raised.value.nack


async def test_replica_of_another_seat_begins_anew_and_leaves_the_other_alone(site: Site) -> None:
    anna, fresh = await site.client("anna"), await site.client("omar")
    await anna.send("noop")
    omar = await site.client("omar", connect=False)
    omar.replica, omar.copy.epoch = anna.replica, anna.copy.epoch
    borrowed = omar.copy.scopes[scopes.PUBLIC] = copying.deepcopy(anna.copy.scopes[scopes.PUBLIC])
    borrowed.rows[("area", "another")] = (1, {"id": "another"})
    await omar.connect()
    assert shared(omar) == shared(fresh)
    assert omar.copy.last_n == 0
    await omar.send("noop")
    await omar.close()
    resets: list[str] = []
    omar.on_frame = lambda frame: resets.append(frame["scope"]) if frame.get("reset") else None
    await omar.connect()
    assert (omar.copy.last_n, resets) == (1, [])
    await anna.send("noop")
    assert anna.ended is None
    twin = await site.client("anna", connect=False)
    twin.replica = anna.replica
    await twin.connect()
    with pytest.raises(Ended, match="resync"):
        await anna.until(lambda: False, 20)
    await omar.send("noop")


async def test_post_is_answered_up_to_the_frame_that_breaks_the_protocol(site: Site) -> None:
    anna = await site.client("anna", connect=False)
    first = anna.next_command("child.rename", {"child": site.world.elsa, "display_name": "Elsie"})
    got = await anna.post(first, {"t": "later"}, {**anna.next_command("noop", {}), "n": 2})
    assert answers(got) == ["ack", "bye"] and got[-1]["reason"] == "bad_frame"
    got = await anna.post({**anna.next_command("noop", {}), "n": 2})
    assert answers(got) == ["ack", "synced"]
    assert child_of(anna, site.world.elsa)["display_name"] == "Elsie"


async def test_socket_of_another_protocol_is_told_to_upgrade(site: Site) -> None:
    anna = await site.client("anna", connect=False)
    for protocols in ((), ("samled.sync.v2",)):
        url, headers = f"{site.origin.replace('http', 'ws', 1)}/sync", {"Origin": site.origin}
        async with anna._http.ws_connect(url, protocols=protocols, headers=headers) as socket:
            assert json.loads(await socket.receive_str()) == {"t": "bye", "reason": "upgrade", "retry_after_ms": None}
            assert (await socket.receive()).type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED)
            assert socket.close_code == 4001


async def test_peer_that_says_it_is_behind_gets_the_deltas_and_no_answer(site: Site) -> None:
    maria, anna = await site.client("maria"), await site.client("anna")
    scope = scopes.coordinator(site.world.elsa, site.world.units["school"])
    held = maria.copy.scopes[scope]
    whole, at = dict(held.rows), held.cursor
    heard: list[dict[str, Any]] = []
    maria.on_frame = heard.append
    lost = max(held.rows, key=lambda key: held.rows[key][0])
    held.cursor = held.rows.pop(lost)[0] - 1
    await maria.tell({"t": "digest", "scopes": {scope: [held.cursor, maria.copy.digest(scope)]}})
    await maria.until(lambda: any(frame["t"] == "synced" for frame in heard))
    assert (held.rows, held.cursor) == (whole, at)
    assert {frame["t"] for frame in heard} == {"delta", "synced"} and not any(frame.get("reset") for frame in heard)
    await anna.send("child.rename", child=site.world.elsa, display_name="Elsie")
    await maria.until(lambda: child_of(maria, site.world.elsa)["display_name"] == "Elsie")


async def test_command_with_another_kind_of_id_is_refused_and_kept(site: Site) -> None:
    anna = await site.client("anna")
    command = {**anna.next_command("noop", {}), "id": str(uuid4())}
    nacks = []
    for _ in range(2):
        with pytest.raises(Refused) as raised:
            await anna.deliver(command)
        nacks.append(raised.value.nack)
    assert nacks[0] == nacks[1]
    assert (nacks[0]["code"], nacks[0]["fields"]) == ("invalid", {"id": "not_allowed_value"})
    await anna.send("noop")


async def test_arguments_that_do_not_go_together_are_named(site: Site) -> None:
    anna, jonas = await site.client("anna"), await site.client("jonas")
    needed = {"child": "required", "unit": "required", "function": "required"}
    school = site.world.units["school"]
    for args, fields in (
        ({"reason": "question"}, needed),
        ({"reason": "question", "unit": school}, {"function": "required"}),
        ({"reason": "question", "child": site.world.elsa, "unit": school}, {"unit": "not_allowed_value"}),
        ({"reason": "advice", "child": site.world.elsa}, {"reason": "not_allowed_value"}),
    ):
        assert (await refused(anna, "contact.request", **args))["fields"] == fields
    times = await refused(jonas, "slot.publish", mode="phone", topics=["sleep"])
    assert times["fields"] == {"times": "required", "weekly": "required"}
    neither = await refused(jonas, "directory.edit", phone="010-435 86 50")
    assert neither["fields"] == {"function_contact": "required", "unit": "required"}


async def test_text_with_a_nul_names_its_field(site: Site) -> None:
    anna = await site.client("anna")
    nack = await refused(anna, "contact.request", child=site.world.elsa, reason="question", text="a\x00b")
    assert (nack["code"], nack["fields"]) == ("invalid", {"text": "not_allowed_value"})
