"""The help card everybody has: contacts, links and a few sentences, signed in or not, online or not.

`GET /public/region.json` answers the same document that the client carries from its build, so that the
card is there before the first connection. Nothing here is about a person and nothing is counted.
"""

from __future__ import annotations

from pathlib import Path

from server.features.region import hours_until
from server.features.region.data import ADVICE, CONTACTS, LINKS
from server.texts import LANGUAGES, LOCALES, OWN_NAMES, Texts, direction

SCHEMA = 1


def build_region(folder: Path = LOCALES) -> dict[str, object]:
    """The whole document: facts once, texts under `texts[lang]` by the same keys.

    A reader shows `hours` only until `hours_until` (a date, exclusive), and dials `tel` as it stands.
    """
    return {
        "schema": SCHEMA,
        "contacts": [
            {
                "key": contact.key,
                "number": contact.number,
                "tel": contact.number.replace(" ", "").replace("-", ""),
                "chat": contact.chat,
                "audience": contact.audience,
                "verified_on": contact.verified_on.isoformat(),
                "hours_until": hours_until(contact.verified_on),
            }
            for contact in CONTACTS
        ],
        "links": [{"key": link.key, "url": link.url, "verified_on": link.verified_on.isoformat()} for link in LINKS],
        "languages": [{"lang": lang, "dir": direction(lang), "name": OWN_NAMES[lang]} for lang in LANGUAGES],
        "texts": {lang: _texts(Texts(lang, folder)) for lang in LANGUAGES},
    }


def _texts(texts: Texts) -> dict[str, object]:
    return {
        "contacts": {
            contact.key: {
                "name": texts.gettext(contact.name),
                "about": texts.gettext(contact.about),
                "hours": texts.gettext(contact.hours),
            }
            for contact in CONTACTS
        },
        "links": {link.key: {"name": texts.gettext(link.name), "about": texts.gettext(link.about)} for link in LINKS},
        "advice": {key: texts.gettext(text) for key, text in ADVICE.items()},
    }
