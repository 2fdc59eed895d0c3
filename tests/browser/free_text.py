"""Every free text there is to write, found in the commands' own schemas, and a writer that puts a program into each."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from server.features import load
from server.features.contract import contract_of
from server.sync.client import Refused
from tests.browser.house import Others
from tests.browser.programs import FIRST, KINDS, program

Schema = Mapping[str, Any]
SHAPED = ("enum", "const", "format", "pattern")
COMMANDS: Mapping[str, Any] = contract_of(load())["commands"]
CHECKED = {
    "contact.request callback_phone": "a phone number",
    "directory.edit phone": "a phone number",
    "directory.edit deputy.phone": "a phone number",
    "meeting.move phone_in": "a phone number",
    "meeting.propose phone_in": "a phone number",
    "open_hour.open phone": "a phone number",
    "slot.publish phone": "a phone number",
    "staff.invite phone": "a phone number",
    "settings.give_address address": "a mail address or a phone number",
    "term.plan term": "the name of a term",
    "message.send at": "an instant",
    "push.unsubscribe endpoint": "an address to look for, which is kept nowhere",
}
"""Strings by their schema which the server takes as something else than words."""
TRIES = 12
"""Of a command that may not name anybody: some kinds of program read like somebody's address or name."""
STRIDE = 7
"""From one field's first program to the next field's: those with one each have many kinds between them."""


def free_texts() -> set[str]:
    """`command path` of every string that is free by its schema; `[]` is any item of a list."""
    return {f"{name} {path}" for name, command in COMMANDS.items() for path in _texts(command["args"], command["args"])}


@dataclass(frozen=True)
class Written:
    """A program that the server has taken: which, where, and how it reads."""

    number: int
    kind: int
    field: str
    text: str


class Writer:
    """Sends commands with a program in each of their free texts; `written` is what stood where, by its number."""

    def __init__(self, others: Others) -> None:
        self._others, self._numbers = others, itertools.count(FIRST)
        begins = {field: STRIDE * n for n, field in enumerate(sorted(free_texts()))}
        self._kinds = {field: itertools.count(begin) for field, begin in begins.items()}
        self._longest: dict[str, int] = {}
        self.written: dict[int, Written] = {}

    def send(self, persona: str, command: str, **args: Any) -> dict[str, Any]:
        """What came of it. A nested text is written where `args` has what it stands in. Raises: `Refused`."""
        schema = COMMANDS[command]["args"]
        for tried in range(TRIES):
            words: list[Written] = []
            filled = self._filled(schema, schema, args, f"{command} ", words)
            try:
                found = self._others.send(persona, command, **filled).get("result") or {}
                break
            except Refused as refused:
                if refused.nack["code"] != "identifying_text" or tried == TRIES - 1:
                    raise
        self.written |= {one.number: one for one in words}
        return found

    def kinds(self, numbers: Iterable[int] | None = None) -> dict[str, set[int]]:
        """{field: which of the `KINDS` have stood in it}, by all that was written or by these."""
        found: dict[str, set[int]] = defaultdict(set)
        for number in self.written if numbers is None else numbers:
            found[self.written[number].field].add(self.written[number].kind)
        return found

    def fitting(self, field: str) -> set[int]:
        """Which of the `KINDS` are as short as this field."""
        return {kind for kind in range(KINDS) if len(program(kind, FIRST)) <= self._longest[field]}

    def _filled(self, whole: Schema, schema: Schema, value: Any, path: str, words: list[Written]) -> Any:
        if isinstance(value, dict):
            named = {key: _resolved(whole, one) for key, one in _properties(whole, schema).items()}
            texts = {key: None for key, one in named.items() if key not in value and _is_words(whole, one)}
            asked = {**value, **{key: None for key in texts if f"{path}{key}" not in CHECKED}}
            return {
                key: self._filled(whole, named[key], one, f"{path}{key}.", words) if key in named else one
                for key, one in asked.items()
            }
        inner = _items(whole, schema)
        if inner is not None and (value is None or isinstance(value, list)):
            return [self._filled(whole, inner, one, f"{path}[].", words) for one in (value or [None])]
        if value is not None:
            return value
        field = path.removesuffix(".")
        longest = next(one for one in _choices(whole, schema) if one.get("type") == "string")["maxLength"]
        words.append(self._next(field, longest))
        return words[-1].text

    def _next(self, field: str, longest: int) -> Written:
        """The next kind of program that fits there whole."""
        self._longest[field] = longest
        number = next(self._numbers)
        for kind in itertools.islice(self._kinds[field], KINDS):
            text = program(kind, number)
            if len(text) <= longest:
                return Written(number, kind % KINDS, field, text)
        raise AssertionError(f"no program is as short as {field} ({longest})")


def _resolved(whole: Schema, schema: Schema) -> Schema:
    return whole["$defs"][schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema


def _choices(whole: Schema, schema: Schema) -> Iterator[Schema]:
    """The schema itself, or each it may be."""
    schema = _resolved(whole, schema)
    several = [one for key in ("anyOf", "oneOf", "allOf") for one in schema.get(key, [])]
    if not several:
        yield schema
    for one in several:
        yield from _choices(whole, one)


def _properties(whole: Schema, schema: Schema) -> Mapping[str, Schema]:
    return {key: one for choice in _choices(whole, schema) for key, one in choice.get("properties", {}).items()}


def _items(whole: Schema, schema: Schema) -> Schema | None:
    return next((one["items"] for one in _choices(whole, schema) if "items" in one), None)


def _is_free(schema: Schema) -> bool:
    return schema.get("type") == "string" and not any(key in schema for key in SHAPED)


def _is_words(whole: Schema, schema: Schema) -> bool:
    """A free text, or a list of such."""
    inner = _items(whole, schema)
    return any(map(_is_free, _choices(whole, schema))) or (
        inner is not None and any(map(_is_free, _choices(whole, inner)))
    )


def _texts(whole: Schema, schema: Schema, path: str = "") -> Iterator[str]:
    for one in _choices(whole, schema):
        if _is_free(one):
            yield path.removesuffix(".")
        for key, inner in one.get("properties", {}).items():
            yield from _texts(whole, inner, f"{path}{key}.")
        for key in ("items", "additionalProperties"):
            if isinstance(one.get(key), dict):
                yield from _texts(whole, one[key], f"{path}{'[]' if key == 'items' else '{}'}.")
