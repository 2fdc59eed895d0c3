"""The contract: what clients may send and what they will see, as data: no client writes a rule a second time."""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec

from server.domain.access import seat_kinds
from server.domain.version import SCHEMA
from server.features import Registry, load


@cache
def contract() -> bytes:
    """`/contract.json` as bytes: {schema, commands, entities} (model.md 3)."""
    return msgspec.json.encode(contract_of(load()))


def contract_of(registry: Registry) -> dict[str, Any]:
    """The contract of these features."""
    commands = {
        name: {
            "args": command.model_json_schema(),
            "seats": list(seat_kinds(command.rule)),
            "assurance": command.rule.assurance.text,
            "confirm": command.confirm,
            "optimistic": command.optimistic,
            "on_scope_loss": command.on_scope_loss,
            "offered": list(command.offered),
        }
        for name, command in sorted(registry.commands.items())
        if not command.internal
    }
    entities: dict[str, Any] = {}
    for feature in registry.features:
        fields: dict[str, Any] = {}
        for document in feature.documents:
            (schema,), definitions = msgspec.json.schema_components([document], ref_template="#/$defs/{name}")
            shape = definitions.get(document.__name__, schema)
            fields |= shape.get("properties", {})
        if fields:
            entities[feature.entity] = {"fields": fields}
    return {"schema": SCHEMA, "commands": commands, "entities": entities}
