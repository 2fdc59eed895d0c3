"""Messages: one thread for each family member, and never a word in another's."""

from __future__ import annotations

import msgspec
import pytest
from pydantic import ValidationError

from server.domain import scopes
from server.domain.access import Refusal, may
from server.errors import Refused
from server.features import belonging
from server.features.message import MessageRow, Send, feature
from server.features.shape import Notice
from tests.features import cast
from tests.features.cast import (
    ALVA,
    ANNA,
    AS_ALVA,
    AS_ANNA,
    AS_MARIA,
    AS_SAMIR,
    AS_STINA,
    BO,
    CHILD,
    CLINIC,
    JOHAN,
    MARIA,
    SAMIR,
    SCHOOL,
    SCOPE_ALVA,
    SCOPE_ANNA,
    SCOPE_COORDINATOR,
    STINA,
    account,
    around_child,
    give,
    shown,
)  # fmt: skip

SENT = "2026-09-01T08:00:00.000Z"


def test_a_guardians_message_is_in_their_own_thread_and_the_coordinators_room_alone() -> None:
    here = around_child()
    writes = give(here, Send, AS_ANNA, child=CHILD, text=" Hej Maria ", at="2026-08-31T20:00:00.000Z")
    (row,) = writes.rows
    assert writes.result == {"message": row.id}
    assert writes.notices == (Notice(account(MARIA), "message_new", "message", row.id),)
    own = {
        "id": row.id, "child": CHILD, "thread": ANNA, "from_family": True, "from_name": "Anna", "text": "Hej Maria",
        "sent_at": SENT, "at": "2026-08-31T20:00:00.000Z",
    }  # fmt: skip
    assert shown(feature, cast.after(here, writes), row) == {
        SCOPE_ANNA: own,
        SCOPE_COORDINATOR: {**own, "thread_name": "Anna", "thread_kind": "guardian"},
    }


def test_the_coordinator_writes_in_one_members_thread() -> None:
    here = around_child()
    writes = give(here, Send, AS_MARIA, child=CHILD, text="Hej!", to=ALVA)
    (row,) = writes.rows
    assert writes.notices == (Notice(account(ALVA), "message_new", "message", row.id),)
    documents = shown(feature, cast.after(here, writes), row)
    assert set(documents) == {SCOPE_ALVA, SCOPE_COORDINATOR}
    assert documents[SCOPE_ALVA] == {
        "id": row.id, "child": CHILD, "thread": ALVA, "from_family": False, "from_name": "Maria Ekdahl",
        "text": "Hej!", "sent_at": SENT,
    }  # fmt: skip


def test_the_deputy_hears_while_the_coordinator_is_away() -> None:
    here = around_child(msgspec.structs.replace(cast.STAFF[0], away_until="2026-09-10"))
    assert [one.account for one in give(here, Send, AS_ALVA, child=CHILD, text="Hej").notices] == [account(JOHAN)]


@pytest.mark.parametrize(
    ("to", "fields"),
    [
        (None, {"to": "required"}),
        (STINA, {"to": "not_allowed_value"}),
        (cast.POST, {"to": "not_allowed_value"}),
        (BO, {"to": "not_allowed_value"}),
    ],
)
def test_staff_write_only_to_a_member_with_an_account(to: str | None, fields: dict[str, str]) -> None:
    without_account = msgspec.structs.replace(
        cast.relation(BO, cast.SeatKind.GUARDIAN, "Bo"), account=None, seat=None, joined_at=None
    )
    with pytest.raises(Refused) as refused:
        give(around_child(without_account), Send, AS_MARIA, child=CHILD, text="Hej", to=to)
    assert (refused.value.code, refused.value.fields) == ("invalid", fields)


def test_family_writes_only_in_its_own_thread() -> None:
    assert give(around_child(), Send, AS_ANNA, child=CHILD, text="Hej", to=ANNA).rows
    with pytest.raises(Refused) as refused:
        give(around_child(), Send, AS_ANNA, child=CHILD, text="Hej", to=BO)
    assert (refused.value.code, refused.value.fields) == ("invalid", {"to": "not_allowed_value"})


def test_nobody_else_writes() -> None:
    here = around_child()
    for other in (AS_STINA, AS_SAMIR):
        assert may(other, belonging.relations(here, other), Send.rule) == Refusal("not_allowed")
    with pytest.raises(Refused, match="not_allowed"):
        give(around_child(without=(ANNA,)), Send, AS_ANNA, child=CHILD, text="Hej")


def test_a_closed_child_takes_no_messages() -> None:
    closed = around_child(msgspec.structs.replace(cast.CHILD_ROW, state="closed"))
    with pytest.raises(Refused, match="conflict"):
        give(closed, Send, AS_ANNA, child=CHILD, text="Hej")


@pytest.mark.parametrize("args", [{"text": ""}, {"text": "  "}, {"text": "x" * 1001}, {"text": "x", "at": "i går"}])
def test_message_of_another_shape_is_invalid(args: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Send.model_validate({"child": CHILD, **args})


def test_a_thread_stays_with_the_unit_it_was_written_to() -> None:
    row = MessageRow(id=cast.uuid(90), owner_unit=SCHOOL, child=CHILD, thread=ANNA, text="Hej", sent_at=SENT)
    moved = around_child(row, msgspec.structs.replace(cast.COORDINATOR_ROW, owner_unit=CLINIC, seat=SAMIR, deputy=None))
    assert set(shown(feature, moved, row)) == {SCOPE_ANNA, SCOPE_COORDINATOR}
    assert scopes.coordinator(CHILD, CLINIC) != SCOPE_COORDINATOR


def test_a_member_who_has_left_sees_nothing_more() -> None:
    row = MessageRow(id=cast.uuid(90), owner_unit=SCHOOL, child=CHILD, thread=ANNA, text="Hej", sent_at=SENT)
    gone = msgspec.structs.replace(cast.relation(ANNA, cast.SeatKind.GUARDIAN, "Anna"), ended_at=SENT)
    assert set(shown(feature, around_child(row, gone), row)) == {SCOPE_COORDINATOR}
