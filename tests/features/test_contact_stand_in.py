"""A late contact request and its unit's lead: what they see of it, and who they may name in the coordinator's place."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest

from server.domain import scopes
from server.domain.actors import Actor
from server.errors import Refused
from server.features.around import Around
from server.features.contact_request import feature
from server.features.contact_request.answering import Answer, Escalate, StandIn
from server.features.contact_request.rows import ContactRequestRow
from server.features.rows import CoordinatorRow, RelationRow
from server.features.shape import Notice, Writes
from tests.features import cast
from tests.features.cast import (
    ANNA,
    AS_JOHAN,
    AS_MARIA,
    ELIN,
    JOHAN,
    MARIA,
    REKTOR,
    SAMIR,
    account,
    around_child,
    give,
    shown,
)  # fmt: skip
from tests.features.contacts import ASKED, DUE, asked, code


def broken(around: Around | None = None) -> tuple[Around, ContactRequestRow]:
    """A promise that has been late since `DUE`, told to the deputy and the lead."""
    here, row = asked(around)
    writes = Escalate(record=row.id).decide(cast.at(here, DUE), AS_MARIA, cast.moment(DUE))
    (late,) = writes.rows
    assert isinstance(late, ContactRequestRow)
    return cast.after(here, writes), late


def as_lead() -> Actor:
    lead = next(one for one in cast.STAFF if one.id == REKTOR)
    return replace(AS_MARIA, seat=lead.id, account=lead.account, name=lead.name)


def test_the_lead_sees_that_a_promise_is_late_and_who_owes_it_and_nothing_of_who_asked() -> None:
    here, late = broken()
    room = scopes.user(account(REKTOR))
    assert room not in shown(feature, *asked())
    phone = {one.id: one.phone for one in cast.STAFF}
    owing = [{"name": n, "title": t, "phone": phone[seat], "away_until": None}
             for n, t, seat in ((one.name, one.title, one.id) for one in cast.STAFF if one.id in (MARIA, JOHAN))]  # fmt: skip
    assert shown(feature, here, late)[room] == {
        "id": late.id, "state": "open", "asked_at": ASKED, "due_on": "2026-09-03", "due_at": late.due_at,
        "promise_days": 2, "escalated_at": "2026-09-03T15:00:00.000Z", "owed_by": owing,
        "unit_name": cast.SCHOOL_ROW.name,
    }  # fmt: skip
    answered = cast.after(here, give(here, Answer, AS_MARIA, contact_request=late.id))
    assert room not in shown(feature, answered, answered.get(ContactRequestRow, late.id))


def test_the_lead_who_only_knows_that_it_is_late_does_not_close_it() -> None:
    here, late = broken()
    assert code(lambda: give(here, Answer, as_lead(), contact_request=late.id)) == "not_allowed"


def test_the_lead_names_a_stand_in_for_a_late_promise_who_is_told_and_then_sees_it() -> None:
    here, late = broken(around_child(msgspec.structs.replace(cast.COORDINATOR_ROW, deputy=None)))
    writes = give(here, StandIn, as_lead(), contact_request=late.id, person=JOHAN)
    coordinator, told = writes.rows
    assert isinstance(coordinator, CoordinatorRow)
    assert isinstance(told, ContactRequestRow)
    assert (coordinator.seat, coordinator.deputy) == (MARIA, JOHAN)
    assert told.escalated_to == (REKTOR, JOHAN)
    assert writes.notices == (Notice(account(JOHAN), "contact_escalated", "contact_request", late.id),)
    after = cast.after(here, writes)
    assert [one["name"] for one in shown(feature, after, told)[scopes.user(account(REKTOR))]["owed_by"]] == [
        "Maria Ekdahl",
        "Johan Lind",
    ]
    assert give(after, Answer, AS_JOHAN, contact_request=late.id).rows
    assert code(lambda: give(after, StandIn, as_lead(), contact_request=late.id, person=JOHAN)) == "conflict"


def test_the_deputy_whose_place_the_stand_in_takes_is_told() -> None:
    here, late = broken()
    writes = give(here, StandIn, as_lead(), contact_request=late.id, person=ELIN)
    assert Notice(account(JOHAN), "taken_over", "staff", JOHAN) in writes.notices


@pytest.mark.parametrize("person", [MARIA, SAMIR, cast.uuid(99)])
def test_a_stand_in_works_in_the_unit_and_is_not_the_one_who_promised(person: str) -> None:
    here, late = broken()
    with pytest.raises(Refused) as no:
        give(here, StandIn, as_lead(), contact_request=late.id, person=person)
    assert (no.value.code, no.value.fields) == ("invalid", {"person": "not_allowed_value"})


def test_the_lead_cannot_tell_family_from_others_by_the_refusal() -> None:
    here, late = broken(around_child(msgspec.structs.replace(cast.COORDINATOR_ROW, deputy=None)))
    own = msgspec.structs.replace(here.get(RelationRow, ANNA), account=account(JOHAN))
    here = cast.after(here, Writes(rows=(own,)))
    with pytest.raises(Refused) as no:
        give(here, StandIn, as_lead(), contact_request=late.id, person=JOHAN)
    assert (no.value.code, no.value.fields) == ("invalid", {"person": "not_allowed_value"})


def test_only_the_lead_who_was_told_that_it_is_late_names_a_stand_in() -> None:
    here, row = asked()
    assert code(lambda: give(here, StandIn, as_lead(), contact_request=row.id, person=JOHAN)) == "not_allowed"
    here, late = broken()
    for other in (AS_MARIA, AS_JOHAN):
        assert (
            code(lambda other=other: give(here, StandIn, other, contact_request=late.id, person=REKTOR))
            == "not_allowed"
        )


def test_a_lead_who_sees_the_request_itself_is_not_shown_the_less_of_it() -> None:
    nobody = msgspec.structs.replace(cast.COORDINATOR_ROW, seat=None, deputy=None)
    here, late = broken(around_child(nobody))
    assert scopes.user(account(REKTOR)) not in shown(feature, here, late)
    here, late = broken(around_child(msgspec.structs.replace(cast.COORDINATOR_ROW, deputy=REKTOR)))
    assert scopes.user(account(REKTOR)) not in shown(feature, here, late)
