"""A payload says nothing, in every language, and has always the same length."""

from __future__ import annotations

import itertools
import json

import pytest

from server.push import payload
from server.texts import LANGUAGES

ID, NOTICE = "01980000-0000-7000-8000-00000000000a", "01980000-0000-7000-8000-00000000000b"
KINDS = ("meeting_day", "booking_soon", "slot_free", "consent_asked", "waiting_worse", "anything")


@pytest.mark.parametrize("lang", [*LANGUAGES, "xx"])
def test_every_payload_has_the_same_length_and_three_texts_at_most(lang: str) -> None:
    made = [
        payload.body(id=ID, notice=NOTICE, kind=kind, lang=lang, origin="https://samled.example", urgent=urgent)
        for kind, urgent in itertools.product(KINDS, (True, False))
    ]
    made.append(payload.confirmation(token="t" * 32, lang=lang, origin="https://samled.example"))
    assert {len(data) for data in made} == {payload.BYTES} and payload.BYTES <= 1024
    bodies = {json.loads(data)["notification"]["body"] for data in made}
    assert len(bodies) == 4


def test_a_payload_is_declarative_and_opaque() -> None:
    told = json.loads(
        payload.body(id=ID, notice=NOTICE, kind="consent_asked", lang="ar", origin="https://samled.example")
    )
    shown = told["notification"]
    assert told["web_push"] == 8030 and (told["id"], shown["tag"]) == (ID, NOTICE)
    assert shown["navigate"] == f"https://samled.example/n/{NOTICE}"
    assert (shown["title"], shown["lang"], shown["dir"]) == ("Samled", "ar", "rtl")
    assert set(told) == {"web_push", "id", "notification"}
    assert set(shown) == {"title", "body", "lang", "dir", "navigate", "tag"}
