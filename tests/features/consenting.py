"""Words for tests about consent: ask, answer, complete; what each then sees; who is told; what is refused."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from server.errors import Refused
from server.features.around import Around
from server.features.consent import feature
from server.features.consent_commands import Ask, Give
from server.features.rows import ConsentRow
from server.features.shape import Command, Moment, Writes
from tests.features import cast
from tests.features.cast import AS_ANNA, AS_BO, AS_MARIA, CHILD, CLINIC, CONSENT, POST

TERMS: dict[str, Any] = {
    "child": CHILD,
    "purpose": "team",
    "information_kinds": ["child", "team"],
    "to_units": [CLINIC],
}
BARE = cast.around_child(without=(CONSENT, POST))
LAST_DAY = "2027-06-15"
"""The end of the term after the one of `NOW`."""


def give(around: Around, command: type[Command], actor: Any, **args: Any) -> Writes:
    """Decided as on the wire; each command makes ids of its own."""
    return command.model_validate(args).decide(around, actor, Moment(around.now, command.name + actor.seat))


def asked(around: Around = BARE, **more: Any) -> tuple[Around, ConsentRow, Writes]:
    writes = give(around, Ask, AS_MARIA, **{**TERMS, **more})
    row = writes.rows[0]
    assert isinstance(row, ConsentRow)
    return cast.after(around, writes), row, writes


def answered(around: Around, row: ConsentRow, actor: Any, answer: str) -> tuple[Around, ConsentRow, Writes]:
    writes = give(around, Give, actor, consent=row.id, answer=answer)
    later = cast.after(around, writes)
    return later, later.get(ConsentRow, row.id), writes


def complete(**more: Any) -> tuple[Around, ConsentRow, Writes]:
    around, row, _ = asked(**more)
    around, row, _ = answered(around, row, AS_ANNA, "yes")
    return answered(around, row, AS_BO, "yes")


def docs(around: Around, row: ConsentRow) -> dict[str, dict[str, Any]]:
    return {scope: json.loads(msgspec.json.encode(document)) for scope, document in feature.project(row, around)}


def told(writes: Writes) -> set[tuple[str, str, str, str]]:
    return {(one.account, one.kind, one.entity, one.doc) for one in writes.notices}


def refused(what: Any, code: str, fields: dict[str, str] | None = None) -> None:
    with pytest.raises(Refused) as caught:
        what()
    assert (caught.value.code, caught.value.fields) == (code, fields)
