"""Who is meant by a command: a person may be named by the user's id, while rows name the seat or the relation.

Source: model.md 4, "a person by `person` (user id)". Documents show seats and relations; both ways are understood.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from server.domain.actors import Actor
from server.features.shape import Command
from server.storage.engine import Tx

_RELATIONS = (
    "SELECT id, body FROM record WHERE entity = 'relation'"
    " AND aggregate_id IN (SELECT aggregate_id FROM record WHERE id = any($1))"
)
_SEATS = "SELECT id, account_id, unit_id FROM seat WHERE kind = 'staff' AND ended_at IS NULL AND account_id = any($1)"


async def meant(tx: Tx, actor: Actor, command: Command) -> Command:
    """The command with users' ids replaced by the relation to the child it is about, or by a seat in the unit.

    What stands for nobody, or for a person with seats in several other units, is left as it came: the rule refuses it.
    """
    given = {name: getattr(command, name) for name in command.persons}
    ids = sorted({id for value in given.values() for id in _ids(value)})
    if not ids:
        return command
    about = sorted({target.id for target in command.targets(actor) if target.entity})
    relations, seats = await tx.fetch_all((_RELATIONS, [about]), (_SEATS, [ids]))
    family = _relations(relations)
    staff = _seats(seats, getattr(command, "unit", None) or actor.unit)
    known: Mapping[str, Mapping[str, str]] = {"family": family, "staff": staff, "anyone": {**staff, **family}}
    changed = {name: _named(value, known[command.persons[name]]) for name, value in given.items() if value is not None}
    return command.model_copy(update=changed)


def _relations(rows: Iterable[tuple[str, str]]) -> dict[str, str]:
    """{user: relation} around the child; a relation that has ended is nobody's."""
    found = ((id, msgspec.json.decode(body)) for id, body in rows)
    return {body["account"]: id for id, body in found if body.get("account") and not body.get("ended_at")}


def _seats(rows: Iterable[tuple[str, str, str]], unit: str | None) -> dict[str, str]:
    """{user: seat}: the one in the unit, else the only one."""
    found: dict[str, dict[str, str]] = {}
    for seat, account, where in rows:
        found.setdefault(account, {})[where] = seat
    return {
        account: seats[unit] if unit in seats else next(iter(seats.values()))
        for account, seats in found.items()
        if unit in seats or len(seats) == 1
    }


def _ids(value: Any) -> list[str]:
    """The ids in an argument: one, a list, or the keys or values of an object."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, Mapping):
        return [*value.keys(), *value.values()]
    return list(value or ())


def _named(value: Any, known: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return known.get(value, value)
    if isinstance(value, Mapping):
        return {known.get(key, key): known.get(one, one) for key, one in value.items()}
    return type(value)(known.get(one, one) for one in value)
