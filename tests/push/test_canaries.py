"""Nothing personal leaves through a push: canaries in every name and text, in all languages, in all that was posted."""

from __future__ import annotations

import json
import re

import pytest

from server.texts import LANGUAGES
from tests.push.house import PushHouse
from tests.push.service import unb64

CANARIES = ("Kanariegård", "Kanarieplats", "Kanarietitel", "Kanariebarn", "Kanarieord", "Elsa", "Maria", "Anna", "Omar",
            "Lillån", "UPH", "Mariestad", "sip", "network", "meeting", "consent", "waiting")  # fmt: skip


@pytest.mark.parametrize("lang", LANGUAGES)
async def test_no_canary_in_payload_headers_topic_or_address(small: PushHouse, lang: str) -> None:
    anna, maria = await small.device("anna", lang=lang), await small.device("maria", lang=lang)
    await small.act("anna", "child.rename", child=small.world.elsa, display_name="Kanariebarn")
    meeting = await small.meeting(
        "2026-09-21T13:00", title="Kanarietitel", place="Kanarieplats", agenda=[{"title": "Kanarieord"}]
    )
    await small.tick()
    await small.act("anna", "meeting.respond", meeting=meeting, answer="yes")
    await small.act("maria", "meeting.move", meeting=meeting, starts_local="2026-09-22T13:00", place="Kanariegård")
    asked = await small.act(
        "maria", "consent.ask", child=small.world.elsa, to_units=[small.world.units["clinic"]],
        purpose="coordination", information_kinds=["child"], people=[small.world["jonas"].seat],
    )  # fmt: skip
    await small.act("anna", "consent.answer", consent=str(asked["consent"]), answer="yes")
    await small.through(small.clock.now().replace(day=23))
    got = [*anna.got, *maria.got]
    assert len(anna.taken) >= 5 and len(maria.taken) >= 3
    scanned = [
        "\n".join((one.path, *(f"{name}: {value}" for name, value in one.headers.items())))
        + json.dumps(one.payload, ensure_ascii=False)
        for one in got
    ]
    for text in scanned:
        # The device's own address is what the browser made up; here it holds the person's name.
        text = text.replace(anna.name, "").replace(maria.name, "")
        # What the signature says is read; its last part and the key are chance, in which any three letters may stand.
        claims = unb64(text.partition("t=")[2].split(".")[1]).decode()
        text = re.sub(r"authorization: .*", claims, text, flags=re.IGNORECASE)
        assert [canary for canary in CANARIES if canary.casefold() in text.casefold()] == []
    assert len({len(one.sealed) for one in got}) == 1
    assert {name.lower() for one in got for name in one.headers} == {
        *("host", "ttl", "content-encoding", "content-type", "urgency", "topic", "authorization"),
        *("accept", "accept-encoding", "user-agent", "content-length"),
    }
