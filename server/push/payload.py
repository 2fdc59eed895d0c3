"""What a push carries: an opaque id and a fixed neutral text in the person's language. Pure.

The push service, the lock screen and the phone's own store of notifications learn nothing: no name, no unit, no kind of
meeting, no address that tells. The form is that of declarative web push (web_push 8030), which also our own service
worker reads. Every payload has the same length, so that not even the choice of text or language shows from outside.
Source: promises.md P8.
"""

from __future__ import annotations

import json
from typing import Final

from server.texts import N_, Texts, direction

BYTES: Final = 1024
"""The length of every payload; the JSON is filled up with spaces."""
NEW: Final = N_("You have something new to read.")
BOOKED: Final = N_("You have something booked. Open to see more.")
URGENT: Final = N_("You have something important to read.")
_BOOKED_KINDS: Final = ("meeting_", "booking_", "slot_")


def text_of(kind: str, *, urgent: bool = False) -> str:
    """The msgid for a kind of notice: one of three, so that the text itself gives nothing away."""
    if urgent:
        return URGENT
    return BOOKED if kind.startswith(_BOOKED_KINDS) else NEW


def body(*, id: str, notice: str, kind: str, lang: str, origin: str, urgent: bool = False) -> bytes:
    """The JSON that is encrypted to one device. `id` is the delivery's, `notice` the notice's: both are opaque."""
    texts = Texts(lang)
    return _encoded(
        {
            "web_push": 8030,
            "id": id,
            "notification": {
                "title": "Samled",
                "body": texts.gettext(text_of(kind, urgent=urgent)),
                "lang": texts.lang,
                "dir": direction(texts.lang),
                "navigate": f"{origin}/n/{notice}",
                "tag": notice,
            },
        }
    )


def message(*, kind: str, lang: str, origin: str, urgent: bool = False, long: bool = False) -> str:
    """The same neutral words for an address (e-mail when `long`): where to read it, and nothing of what it is."""
    texts = Texts(lang)
    told = texts.gettext(text_of(kind, urgent=urgent))
    if not long:
        return f"Samled: {told} {origin}/"
    why = texts.gettext(N_("You get this because you asked for it in Samled. The message cannot be answered."))
    return f"{told}\n\n{origin}/\n\n{why}\n"


def code_message(*, code: str, lang: str) -> str:
    """What takes a code to an address that is to be confirmed."""
    texts = Texts(lang)
    told = texts.gettext(N_("Your code for Samled is {code}. It works for ten minutes."), code=code)
    return f"{told} {texts.gettext(N_('If you have not asked for it you need do nothing.'))}"


def confirmation(*, token: str, lang: str, origin: str) -> bytes:
    """The first push through a new subscription: it says that notices are on, and carries the token to echo."""
    texts = Texts(lang)
    return _encoded(
        {
            "web_push": 8030,
            "confirm": token,
            "notification": {
                "title": "Samled",
                "body": texts.gettext(N_("Reminders are on for this device.")),
                "lang": texts.lang,
                "dir": direction(texts.lang),
                "navigate": f"{origin}/",
                "tag": "on",
            },
        }
    )


def _encoded(value: dict[str, object]) -> bytes:
    data = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    assert len(data) <= BYTES
    return data.ljust(BYTES)
