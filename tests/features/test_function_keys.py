"""A function is named by a key of the catalogue, wherever a client names one."""

from __future__ import annotations

import re
from typing import Any

import pytest
from pydantic import ValidationError

from server.features.contact_request.asking import Request
from server.features.directory.commands import Edit
from server.features.newcomer import InviteStaff
from server.features.shape import Command
from server.features.words import FUNCTIONS
from server.web.errors import fields_of
from tests.features.cast import CLINIC, SCHOOL

NAMED: list[tuple[type[Command], str, dict[str, Any]]] = [
    (Edit, "function", {"unit": SCHOOL}),
    (InviteStaff, "functions.0", {"unit": SCHOOL, "name_shown": "Ylva Ek", "title": "Skolkurator"}),
    (Request, "function", {"unit": CLINIC, "reason": "question"}),
]


@pytest.mark.parametrize(("command", "field", "more"), NAMED, ids=[command.name for command, _, _ in NAMED])
@pytest.mark.parametrize("key", ["school-nurse", "nurse2", "Nurse", "pilot", "", "nurse:x"])
def test_a_key_that_is_not_in_the_catalogue_is_refused(
    command: type[Command], field: str, more: dict[str, Any], key: str
) -> None:
    name = field.partition(".")[0]
    value = (key,) if name == "functions" else key
    with pytest.raises(ValidationError) as caught:
        command.model_validate({**more, name: value})
    assert fields_of(caught.value) == {field: "not_allowed_value"}


def test_every_key_of_the_catalogue_may_stand_in_a_scopes_name() -> None:
    assert [key for key in FUNCTIONS if not re.fullmatch("[a-z_]{1,40}", key)] == []
