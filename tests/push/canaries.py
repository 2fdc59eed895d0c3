"""Canaries: every string of a database, looked for in what has left the house; and the catalogue of what can be told.

Nothing is chosen by hand: whatever stands in a row is a canary, whole; and each word of a name by itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Set
from dataclasses import dataclass, field
from email.message import Message
from pathlib import Path
from typing import Any, Final

from server.storage.engine import Tx
from tests.push.service import Got, unb64

PWA: Final = Path(__file__).parents[2] / "pwa" / "src" / "views"
NAMED: Final = re.compile(r"name|called|alias|title|town|street|place|function|label")
"""Fields whose words are names: each is looked for alone, as `Elsa` out of `Elsa Lind`."""
SURE: Final = 5
"""Letters from which on a word is looked for inside others too."""
_ID = re.compile(r"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}")
_WORD = re.compile(r"\w+")
_LETTERS = re.compile(r"[^\W\d_]+")


def bare(id: str) -> str:
    """An id as a topic writes it."""
    return id.replace("-", "")


def words_of(text: str) -> set[str]:
    """Its words in lower case, with and without what is written together with them (digits, a genitive's s)."""
    found = {one for form in (_WORD, _LETTERS) for one in form.findall(text.casefold())}
    return found | {word.removesuffix("s") for word in found}


@dataclass
class Canaries:
    """`words` are looked for as words, `phrases` (more than one word, numbers, addresses) anywhere, `ids` in any form."""

    words: set[str] = field(default_factory=set)
    phrases: set[str] = field(default_factory=set)
    ids: set[str] = field(default_factory=set)

    def add(self, value: Any, name: str = "") -> None:
        """All strings in a JSON value that stands in the field `name`."""
        if isinstance(value, dict):
            for key, inner in value.items():
                self.ids |= {bare(key)} if _ID.fullmatch(key) else set()
                self.add(inner, key)
        elif isinstance(value, list):
            for inner in value:
                self.add(inner, name)
        elif isinstance(value, str):
            self._add(value, name)

    def _add(self, value: str, name: str) -> None:
        if _ID.fullmatch(value):
            self.ids.add(bare(value))
            return
        text = value.strip().casefold()
        if sum(map(str.isalpha, text)) >= 4 or re.fullmatch(r"\+?\d{7,}", text):
            (self.words if _WORD.fullmatch(text) else self.phrases).add(text)
        if NAMED.search(name):
            words = (one for one in _WORD.findall(value) if one[0].isalpha() and not one[0].islower())
            self.words |= {one.casefold() for one in words if len(one) > 1}

    async def read(self, tx: Tx, since: str = "") -> None:
        """Every row that was changed after `since`, and everybody's account and seats. The id of a notice is opaque: it
        is made to be sent.
        """
        for entity, body in await tx.fetch("SELECT entity, body FROM record WHERE updated_at >= $1", since):
            row = json.loads(body)
            self.add({key: value for key, value in row.items() if (entity, key) != ("notice", "id")})
        of_people = (
            "SELECT a.id, a.name, s.id FROM account a JOIN seat s ON s.account_id = a.id WHERE s.created_at >= $1"
        )
        for account, name, seat in await tx.fetch(of_people, since):
            self.add([account, seat])
            self.add(name, "name")

    def found(self, text: str) -> set[str]:
        """What of them stands there."""
        text = text.casefold()
        ids = {bare(one) for one in _ID.findall(text)} & self.ids
        text = _ID.sub("*", text)  # any other id is chance, in which any three letters may stand
        inside = {one for one in self.words if len(one) >= SURE and one in text}
        return ids | inside | (words_of(text) & self.words) | {one for one in self.phrases if one in text}


def seen_of(got: Got, opaque: Set[str]) -> list[str]:
    """All that the push service and then the device read, in lines. Of the ids that belong to this push alone only that
    they are some of `opaque` is left, and of the signature its claims: the rest of it is chance.
    """
    shown = got.payload.get("notification", {})
    own = [str(one) for one in (got.payload.get("id"), shown.get("tag")) if one in opaque]
    lines = [got.path]
    for name, value in got.headers.items():
        if name.lower() == "authorization":
            value = re.sub(r'"exp": ?\d+', "", unb64(value.partition("t=")[2].split(".")[1]).decode())
        lines.append(f"{name}: {value}")
    told = {**got.payload, **shown, "notification": "", "confirm": "*" if "confirm" in got.payload else ""}
    lines += [f"{key}: {value}" for key, value in told.items()]
    for one in own:
        lines = [line.replace(one, "*").replace(bare(one), "*") for line in lines]
    return lines


def seen_in(to: str, mail: Message) -> list[str]:
    """All that mail servers and the phone read of a message but its receiver's own address, in lines."""
    lines = []
    for part in mail.walk():
        lines += [f"{name}: {value}" for name, value in part.items() if (name, value) != ("To", to)]
        if not part.is_multipart():
            payload = part.get_payload(decode=True)
            lines += bytes(payload if isinstance(payload, bytes) else b"").decode().replace("\r\n ", "").splitlines()
    return lines


def catalogue() -> set[str]:
    """Every kind of notice that the client has words or a choice for: the three lists it is made of."""
    kinds = set(re.findall(r'case "(\w+_\w+)"', (PWA / "family" / "notices.ts").read_text().partition("noticeIcon")[0]))
    listed = (PWA / "staff" / "words.ts").read_text().partition("const NOTICES")[2].partition("};")[0]
    kinds |= set(re.findall(r"(\w+): N_\(", listed))
    groups = (PWA / "reminder-groups.ts").read_text()
    made = re.compile(r'\[((?:"\w+",? ?)+)\]\.map\(\(what\) => `(\w+_)\$\{what\}`\)')
    for whats, prefix in made.findall(groups):
        kinds |= {prefix + what for what in re.findall(r'"(\w+)"', whats)}
    lists = re.findall(r"(?:kinds:|SHARING =) \[(.*?)\](?:,? \}|;|,\n)", made.sub("", groups), re.DOTALL)
    return kinds | {kind for one in lists for kind in re.findall(r'"([a-z]+_[a-z_]+|successor)"', one)}
