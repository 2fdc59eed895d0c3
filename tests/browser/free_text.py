"""Every free text there is to write, found in the commands' own schemas."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from server.features import load
from server.features.contract import contract_of

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


def free_texts() -> set[str]:
    """`command path` of every string that is free by its schema; `[]` is any item of a list."""
    return {f"{name} {path}" for name, command in COMMANDS.items() for path in _texts(command["args"], command["args"])}


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


def _is_free(schema: Schema) -> bool:
    return schema.get("type") == "string" and not any(key in schema for key in SHAPED)


def _texts(whole: Schema, schema: Schema, path: str = "") -> Iterator[str]:
    for one in _choices(whole, schema):
        if _is_free(one):
            yield path.removesuffix(".")
        for key, inner in one.get("properties", {}).items():
            yield from _texts(whole, inner, f"{path}{key}.")
        for key in ("items", "additionalProperties"):
            if isinstance(one.get(key), dict):
                yield from _texts(whole, one[key], f"{path}{'[]' if key == 'items' else '{}'}.")
