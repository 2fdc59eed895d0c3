"""A process lead or an admin leaves: whoever else is there goes on with everything, and nobody is ever the last to go."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from server.domain.access import may
from server.domain.actors import Actor, Assurance, SeatKind
from server.domain.instants import to_text
from server.errors import Refused
from server.features import belonging, load
from server.features.area import LeadRow
from server.features.around import Around
from server.features.organisation import AdminRow
from server.features.person import UnitRow
from server.features.person_leave import admins, leads
from server.features.publish import grants_of, reminders_of
from server.features.shape import Effect, Notice, Row, Writes
from server.features.task import TaskRow
from server.features.term_meeting.rows import TermMeetingRow
from tests.features import cast
from tests.features.cast import AREA, CLINIC, NOW, SCHOOL
from tests.features.cast_area import (
    AS_ADMIN,
    AS_LEAD,
    AS_REKTOR,
    KARIN,
    LEAD_ROW,
    PER,
    SCHOOL_ROW,
    SCOPE_AREA,
    SCOPE_LEAD,
    SCOPE_SCHOOL,
    around_area,
    around_school,
)
from tests.features.consenting import refused

NEXT = cast.uuid(74)
NEXT_ROW = LeadRow(id=NEXT, owner_unit="", area=AREA, account=cast.account(NEXT), name="Asta Kvarn")
LEFT_ROW = LeadRow(
    id=cast.uuid(75), owner_unit="", area=AREA, account="account-75", name="Ove", ended_at="2026-01-01T08:00:00.000Z"
)


def term(n: int, state: str, starts: timedelta) -> TermMeetingRow:
    return TermMeetingRow(
        id=cast.uuid(n), owner_unit="", area=AREA, term="HT 2026", required_functions=("nurse",),
        starts_local="2026-10-01T13:00", starts_at=to_text(NOW + starts), minutes=60, state=state,
    )  # fmt: skip


def task(n: int, state: str = "open", unit: str | None = None) -> TaskRow:
    return TaskRow(
        id=cast.uuid(n), owner_unit="", kind="term_action", made_on="2026-08-01", what="Boka lokal", unit=unit,
        area=AREA, by_on="2026-09-20", state=state,
    )  # fmt: skip


COMING = (term(82, "planned", timedelta(days=9)), term(81, "draft", timedelta(days=20)))
PAST = (
    term(83, "planned", -timedelta(days=3)),
    term(84, "held", -timedelta(days=30)),
    term(85, "cancelled", timedelta(days=3)),
)
OWN = task(86)
OTHERS = (task(87, state="done"), task(88, unit=SCHOOL))


def here(*more: Row) -> Around:
    return around_school(others={AREA: around_area(LEFT_ROW, *COMING, *PAST, OWN, *OTHERS, *more)})


def leave(around: Around, actor: Actor = AS_ADMIN, lead: str = KARIN, area: str = AREA) -> Writes:
    return cast.give(around, leads.Leave, actor, unit=SCHOOL, area=area, lead=lead)


HELD = {
    "term_meetings": [
        {"id": one.id, "term": "HT 2026", "state": one.state, "starts_at": one.starts_at} for one in COMING
    ],
    "tasks": [{"id": OWN.id, "kind": "term_action"}],
}


def test_what_those_who_lead_hold_is_told_as_ids_and_days() -> None:
    writes = cast.give(here(NEXT_ROW), leads.Leaving, AS_ADMIN, unit=SCHOOL, area=AREA)
    both = [{"id": NEXT, "name": "Asta Kvarn"}, {"id": KARIN, "name": "Karin Vall"}]
    assert writes == Writes(result={"leads": both, **HELD})


def test_the_others_go_on_with_all_of_it_and_are_told() -> None:
    around = here(NEXT_ROW)
    writes = leave(around)
    assert writes.rows == (msgspec.structs.replace(LEAD_ROW, ended_at=to_text(NOW)),)
    assert writes.effects == (Effect("seat.leave", {"seat": KARIN}),)
    assert writes.notices == (Notice(cast.account(NEXT), "successor", "area", AREA),)
    assert writes.result == {"leads": ["Asta Kvarn"], **HELD}
    registry, before = load(), around.of(AREA)
    after = before.after(writes, writes.rows)
    assert {(KARIN, SCOPE_LEAD), (KARIN, SCOPE_AREA), (NEXT, SCOPE_LEAD)} <= set(grants_of(registry, before))
    assert {seat for seat, _ in grants_of(registry, after)} == {NEXT}
    due = {account for record, kind, account, _ in reminders_of(registry, after) if record == OWN.id}
    assert due == {cast.account(NEXT)}


def test_whoever_ends_a_colleague_or_another_seat_of_their_own_is_not_told() -> None:
    own = msgspec.structs.replace(NEXT_ROW, account=AS_ADMIN.account)
    assert leave(here(own)).notices == ()
    assert leave(here(own), lead=NEXT).notices == (Notice(cast.account(KARIN), "successor", "area", AREA),)


def test_an_area_is_never_left_without_anybody() -> None:
    with pytest.raises(Refused) as caught:
        leave(here())
    assert (caught.value.code, caught.value.data) == ("conflict", {"missing": {"leads": True}})


def test_only_who_leads_the_area_of_ones_own_unit_can_be_ended() -> None:
    refused(lambda: leave(here(NEXT_ROW), lead=LEFT_ROW.id), "conflict")
    refused(lambda: leave(here(NEXT_ROW), lead=cast.uuid(99)), "not_found")
    refused(lambda: leave(here(NEXT_ROW), area=CLINIC), "not_found")
    command = leads.Leave.model_validate({"unit": SCHOOL, "area": AREA, "lead": KARIN})
    assert [one.id for one in command.targets(AS_ADMIN)] == [SCHOOL, AREA]


# --- admins

ULLA = cast.uuid(76)
AS_ULLA = Actor(ULLA, cast.account(ULLA), SeatKind.ADMIN, organisation="kommun", assurance=Assurance.VERIFIED)
PER_ROW = AdminRow(id=PER, owner_unit="kommun", account=cast.account(PER), name="Per Hammar")
ULLA_ROW = AdminRow(id=ULLA, owner_unit="kommun", account=cast.account(ULLA), name="Ulla Ek")


def organisation(*units: Around) -> Around:
    rows = (PER_ROW, ULLA_ROW)
    return Around("kommun", "organisation", "kommun", NOW, rows, others={one.id: one for one in units})


def test_the_admins_are_told_by_name() -> None:
    told = cast.give(organisation(), admins.Leaving, AS_ULLA).result
    assert told == {"admins": [{"id": PER, "name": "Per Hammar"}, {"id": ULLA, "name": "Ulla Ek"}]}


def test_another_admin_leaves_and_every_unit_still_has_one() -> None:
    both: UnitRow = msgspec.structs.replace(SCHOOL_ROW, id=cast.uuid(77), owner_unit=cast.uuid(77), admins=(PER, ULLA))
    other = Around(both.id, "unit", both.id, NOW, (both,))
    school = around_school()
    around = organisation(school, other, around_school(msgspec.structs.replace(SCHOOL_ROW, id=CLINIC, admins=(ULLA,))))
    writes = cast.give(around, admins.Leave, AS_ULLA, admin=PER)
    alone, shared = (row for row in writes.rows if isinstance(row, UnitRow))
    assert (alone.id, alone.admins) == (SCHOOL, (ULLA,)) and (shared.id, shared.admins) == (both.id, (ULLA,))
    assert (writes.remove, writes.effects) == ((PER,), (Effect("seat.leave", {"seat": PER}),))
    after = school.after(writes, [alone])
    assert (PER, SCOPE_SCHOOL) not in grants_of(load(), after) and (ULLA, SCOPE_SCHOOL) in grants_of(load(), after)
    command = admins.Leave.model_validate({"admin": PER})
    assert command.reaches(AS_ULLA) == PER and [one.id for one in command.targets(AS_ULLA)] == ["kommun"]


def test_nobody_ends_themselves_or_somebody_of_another_organisation() -> None:
    refused(
        lambda: cast.give(organisation(), admins.Leave, AS_ULLA, admin=ULLA), "invalid", {"admin": "not_allowed_value"}
    )
    refused(lambda: cast.give(organisation(), admins.Leave, AS_ULLA, admin=cast.uuid(99)), "not_found")


# --- who may


@pytest.mark.parametrize(("actor", "ok"), [(AS_ADMIN, True), (AS_ULLA, True), (AS_LEAD, False), (AS_REKTOR, False)])
def test_leads_and_admins_are_ended_by_the_admins_of_the_organisation(actor: Actor, ok: bool) -> None:
    for command, around in ((leads.Leave, here()), (leads.Leaving, here()), (admins.Leave, organisation())):
        assert (may(actor, belonging.relations(around, actor), command.rule) is None) is ok
