"""A colleague leaves: everything they held has a successor in the same decision, and nothing is left to nobody."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec
import pytest

from server.domain.access import may
from server.domain.actors import Actor, SeatKind
from server.domain.instants import to_text
from server.errors import Refused
from server.features import belonging
from server.features.around import Around
from server.features.directory.rows import FunctionContactRow
from server.features.meeting.rows import MeetingRow
from server.features.open_hour.rows import OpenHourRow
from server.features.person import StaffRow
from server.features.person_leave.commands import Leave, Leaving
from server.features.rows import CoordinatorRow, PostRow
from server.features.shape import Effect, Notice, Row, Writes
from server.features.slot import BookingRow, ConsultantTimesRow, SlotRow, TakenTime
from server.features.team.rows import TeamCaseRow, TeamRow
from tests.features import cast
from tests.features.cast import (
    ALVA,
    ANNA,
    BO,
    CHILD,
    CHILD_ROW,
    CLINIC,
    CONSENT,
    CONSENT_ROW,
    COORDINATOR_ROW,
    ELIN,
    JOHAN,
    LENA,
    MARIA,
    NOW,
    POST,
    REKTOR,
    SAMIR,
    SCHOOL,
    STINA,
)
from tests.features.cast_area import (
    AS_ADMIN,
    AS_ELIN,
    AS_LEAD,
    AS_REKTOR,
    AS_SAMIR,
    PEOPLE,
    SCHOOL_ROW,
    around_school,
    told,
)
from tests.features.cast_slots import AS_COLLEAGUE, BOOKED, BOOKING_ROW, JONAS, KIM, SLOT, SLOT_ROW, around_slot
from tests.features.cast_slots import around_unit as around_clinic
from tests.features.cast_team import CASE_ROW, NAMED_ROW, TEAM, around_team
from tests.features.consenting import refused
from tests.features.test_directory import CONTACT
from tests.features.test_directory import ROW as CONTACT_ROW
from tests.features.test_open_hour import HOUR
from tests.features.test_open_hour import ROW as HOUR_ROW
from tests.features.test_open_hour import around as around_hour

R = TypeVar("R", bound=Row)
EFFECT = (Effect("seat.leave", {"seat": MARIA}),)
NOW_TEXT = to_text(NOW)


def school(*more: Row, child: Around | None = None) -> Around:
    return around_school(*more, others={CHILD: child or cast.around_child()})


def leave(around: Around, actor: Actor = AS_REKTOR, person: str = MARIA, **args: Any) -> Writes:
    return cast.give(around, Leave, actor, unit=around.id, person=person, **args)


def one(kind: type[R], writes: Writes) -> R:
    (found,) = (row for row in writes.rows if isinstance(row, kind))
    return found


def test_what_a_person_holds_is_told_as_ids_and_keys() -> None:
    writes = cast.give(school(CONTACT_ROW), Leaving, AS_ADMIN, unit=SCHOOL, person=MARIA)
    assert writes == Writes(
        result={
            "children": [{"id": CHILD, "as": ["coordinator"]}], "slots": [], "roles": ["counsellor"],
            "functions": [{"id": CONTACT, "function": "counsellor"}], "open_hours": [], "asked": [], "leads": False,
        }
    )  # fmt: skip
    head = cast.give(school(), Leaving, AS_ADMIN, unit=SCHOOL, person=REKTOR).result
    assert head is not None and (head["leads"], head["roles"], head["children"]) == (True, ["head_teacher"], [])
    assert Leaving.model_validate({"unit": SCHOOL, "person": MARIA}).reaches(AS_ADMIN) == MARIA


def test_everything_gets_its_successor_in_one_decision() -> None:
    writes = leave(school(CONTACT_ROW), successor=ELIN)
    assert writes.result == {"children": 1, "by_deputy": 0, "slots": 0, "withdrawn": 0, "functions": 1}
    assert (writes.effects, writes.seats_changed) == (EFFECT, (MARIA, ELIN))
    assert one(CoordinatorRow, writes) == msgspec.structs.replace(
        COORDINATOR_ROW, seat=ELIN, since=NOW_TEXT, earlier=((MARIA, COORDINATOR_ROW.since, NOW_TEXT),)
    )
    assert one(FunctionContactRow, writes) == msgspec.structs.replace(CONTACT_ROW, holder=ELIN)
    left, elin = (row for row in writes.rows if isinstance(row, StaffRow))
    assert left == msgspec.structs.replace(PEOPLE[MARIA], ended_at=NOW_TEXT)
    assert elin == msgspec.structs.replace(PEOPLE[ELIN], functions=("counsellor",))


def test_the_whole_family_hears_and_so_does_the_successor() -> None:
    heard = told(leave(school(), successor=ELIN))
    family = sorted(id[-2:] for id in (ANNA, BO, ALVA, STINA))
    assert heard == [*((who, "coordinator_changed") for who in family), (ELIN[-2:], "successor")]
    closed = cast.around_child(msgspec.structs.replace(CHILD_ROW, state="closed"))
    assert told(leave(school(child=closed), successor=ELIN)) == [(ELIN[-2:], "successor")]


def test_each_thing_may_have_its_own_successor() -> None:
    writes = leave(school(CONTACT_ROW), successors={CHILD: JOHAN, CONTACT: ELIN, "counsellor": ELIN})
    row = one(CoordinatorRow, writes)
    assert (row.seat, row.deputy) == (JOHAN, None)
    assert one(FunctionContactRow, writes).holder == ELIN
    assert [who for who, kind in told(writes) if kind == "successor"] == [JOHAN[-2:], ELIN[-2:]]


def test_a_deputy_who_becomes_coordinator_because_the_successor_may_not_is_told() -> None:
    writes = leave(school(child=cast.around_child(cast.protected(MARIA, JOHAN, cast.seat(ANNA)))), successor=ELIN)
    assert one(CoordinatorRow, writes).seat == JOHAN
    assert Notice(cast.account(JOHAN), "successor", "child", cast.CHILD) in writes.notices


def test_a_deputy_who_takes_over_a_function_stands_in_for_themselves_no_longer() -> None:
    row = one(FunctionContactRow, leave(school(CONTACT_ROW), successor=JOHAN))
    assert (row.holder, row.deputy_seat) == (JOHAN, None)


def test_a_leaving_deputy_is_replaced_and_stands_in_for_nobody() -> None:
    maria = msgspec.structs.replace(PEOPLE[MARIA], deputy=JOHAN)
    writes = leave(school(maria, CONTACT_ROW), person=JOHAN, successor=ELIN)
    assert one(CoordinatorRow, writes) == msgspec.structs.replace(COORDINATOR_ROW, deputy=ELIN)
    assert one(FunctionContactRow, writes).deputy_seat is None
    assert msgspec.structs.replace(maria, deputy=None) in writes.rows
    assert told(writes) == [(ELIN[-2:], "successor")]
    assert one(CoordinatorRow, leave(school(), person=JOHAN, successor=MARIA)).deputy is None


def test_what_nobody_would_have_is_refused_by_name() -> None:
    with pytest.raises(Refused) as caught:
        leave(school(CONTACT_ROW))
    assert caught.value.data == {"missing": {"children": [CHILD], "functions": [CONTACT], "roles": ["counsellor"]}}
    with pytest.raises(Refused) as caught:
        leave(school(), AS_ADMIN, person=REKTOR)
    assert caught.value.data == {"missing": {"roles": ["head_teacher"], "leads": True}}


def test_the_only_lead_hands_over_the_unit() -> None:
    writes = leave(school(), AS_ADMIN, person=REKTOR, successors={"leads": JOHAN, "head_teacher": ELIN})
    assert msgspec.structs.replace(SCHOOL_ROW, leads=(JOHAN,)) in writes.rows
    two = msgspec.structs.replace(SCHOOL_ROW, leads=(REKTOR, ELIN))
    left = leave(school(two), AS_ADMIN, person=REKTOR, successor=ELIN)
    assert msgspec.structs.replace(two, leads=(ELIN,)) in left.rows


def test_protection_and_family_leave_the_child_to_the_deputy() -> None:
    protected = cast.around_child(cast.protected(MARIA, JOHAN))
    writes = leave(school(child=protected), successor=ELIN)
    row = one(CoordinatorRow, writes)
    assert (row.seat, row.deputy, (writes.result or {})["by_deputy"]) == (JOHAN, None, 1)
    anna = msgspec.structs.replace(cast.relation(ANNA, SeatKind.GUARDIAN, "Anna"), account=cast.account(ELIN))
    parent = cast.around_child(anna)
    assert one(CoordinatorRow, leave(school(child=parent), successor=ELIN)).seat == JOHAN
    alone = cast.around_child(cast.protected(MARIA), msgspec.structs.replace(COORDINATOR_ROW, deputy=None))
    row = one(CoordinatorRow, leave(school(child=alone), successor=ELIN))
    assert (row.seat, row.answers_by) == (None, "2026-09-03")


def test_a_post_in_another_units_child_goes_on_by_the_same_consent() -> None:
    meeting = MeetingRow(
        id=cast.uuid(97), owner_unit=SCHOOL, child=CHILD, kind="network", starts_local="2026-09-09T13:00",
        zone="Europe/Stockholm", starts_at="2026-09-09T11:00:00.000Z", minutes=60, proposed_by=MARIA, state="invited",
        staff=(MARIA, SAMIR),
    )  # fmt: skip
    unit = clinic(child=cast.around_child(meeting))
    writes = leave(unit, person=SAMIR, actor=AS_ADMIN_CLINIC, successor=LENA, withdraw_times=True)
    ended, new = (row for row in writes.rows if isinstance(row, PostRow))
    assert (ended.id, ended.ended_at) == (POST, NOW_TEXT)
    assert (new.seat, new.unit, new.child, new.since) == (LENA, CLINIC, CHILD, NOW_TEXT)
    assert one(MeetingRow, writes).staff == (MARIA, LENA)
    over = clinic(child=cast.around_child(msgspec.structs.replace(CONSENT_ROW, state="withdrawn")))
    writes = leave(over, person=SAMIR, actor=AS_ADMIN_CLINIC, successor=LENA)
    posts = [row for row in writes.rows if isinstance(row, PostRow)]
    assert [post.id for post in posts] == [POST] and CONSENT_ROW.id == CONSENT


def test_a_meeting_of_a_child_without_a_seat_around_it_goes_on_without_the_leaver() -> None:
    meeting = MeetingRow(
        id=cast.uuid(97), owner_unit=SCHOOL, child=CHILD, kind="network", starts_local="2026-09-09T13:00",
        zone="Europe/Stockholm", starts_at="2026-09-09T11:00:00.000Z", minutes=60, proposed_by=MARIA, state="invited",
        staff=(MARIA, ELIN),
    )  # fmt: skip
    writes = leave(school(child=cast.around_child(meeting)), person=ELIN)
    assert one(MeetingRow, writes).staff == (MARIA,)
    assert (writes.result or {})["children"] == 0


def test_what_the_leaver_has_asked_of_others_goes_on_in_the_successors_name() -> None:
    here = around_school(others={CHILD: cast.around_child(), SLOT: around_slot(BOOKED, BOOKING_ROW)})
    with pytest.raises(Refused) as caught:
        leave(here, person=ELIN)
    assert caught.value.data == {"missing": {"asked": [BOOKING_ROW.id]}}
    writes = leave(here, person=ELIN, successors={BOOKING_ROW.id: JOHAN})
    row = one(BookingRow, writes)
    assert (row.seat, row.account, row.state) == (JOHAN, cast.account(JOHAN), "booked")
    assert told(writes) == [(JOHAN[-2:], "successor")]
    released = msgspec.structs.replace(BOOKING_ROW, state="released")
    over = around_school(others={CHILD: cast.around_child(), SLOT: around_slot(SLOT_ROW, released)})
    assert [row for row in leave(over, person=ELIN).rows if isinstance(row, BookingRow)] == []


def test_a_team_the_leaver_sat_in_and_led_has_the_successor_in_their_place() -> None:
    led = around_team(CASE_ROW, members=(MARIA, SAMIR), leaders=(MARIA,))
    here = around_school(others={CHILD: cast.around_child(), TEAM: led})
    row = one(TeamRow, leave(here, successor=JOHAN))
    assert (row.members, row.leaders, row.units) == ((JOHAN, SAMIR), (JOHAN,), (CLINIC, SCHOOL))
    apart = leave(here, successors=dict.fromkeys((CHILD, "counsellor", CONTACT), JOHAN))
    alone = one(TeamRow, apart)
    assert (alone.members, alone.leaders, alone.units) == ((SAMIR,), (), (CLINIC,))


def test_what_the_leaver_has_raised_without_a_name_goes_on_in_the_successors() -> None:
    own = msgspec.structs.replace(CASE_ROW, seat=ELIN)
    over = msgspec.structs.replace(own, id=cast.uuid(94), state="closed")
    here = around_school(others={CHILD: cast.around_child(NAMED_ROW), TEAM: around_team(own, over)})
    with pytest.raises(Refused) as caught:
        leave(here, person=ELIN)
    assert caught.value.data == {"missing": {"asked": [own.id]}}
    writes = leave(here, person=ELIN, successor=JOHAN)
    row = one(TeamCaseRow, writes)
    assert (row.seat, row.account, row.question) == (JOHAN, cast.account(JOHAN), own.question)
    assert [one for one in writes.rows if isinstance(one, TeamRow)] == []


# --- a consultant's times

AS_ADMIN_CLINIC = Actor(cast.uuid(73), "account-73", AS_ADMIN.kind, organisation="region", assurance=AS_ADMIN.assurance)
TIME = TakenTime(slot=SLOT, starts_at=SLOT_ROW.starts_at, minutes=30)
TIMES = ConsultantTimesRow(id=cast.uuid(54), owner_unit=CLINIC, unit=CLINIC, seat=SAMIR, times=(TIME,))
CONSULTANT_KIM: StaffRow = msgspec.structs.replace(KIM, functions=("consultant",))


def clinic(*more: Row, child: Around | None = None, slot: Around | None = None) -> Around:
    beside = {} if child is None else {CHILD: child}
    if slot is not None:
        beside |= {SLOT: slot, HOUR: around_hour()}
    around = around_clinic()
    rows = {row.id: row for row in around.rows} | {row.id: row for row in more}
    ordered = tuple(rows[id] for id in sorted(rows))
    return Around(CLINIC, "unit", CLINIC, NOW, ordered, around.named, others=beside)


def of_times(*more: Row, slot: Around | None = None, **args: Any) -> Writes:
    here = clinic(TIMES, *more, slot=slot or around_slot(BOOKED, BOOKING_ROW))
    return leave(here, AS_ADMIN_CLINIC, SAMIR, **args)


def test_times_and_open_hours_get_a_new_consultant_and_whoever_booked_is_told() -> None:
    writes = of_times(CONSULTANT_KIM, successor=LENA)
    assert one(SlotRow, writes) == msgspec.structs.replace(BOOKED, consultant=LENA)
    assert one(OpenHourRow, writes) == msgspec.structs.replace(HOUR_ROW, consultant=LENA)
    kept = {row.seat: row.times for row in writes.rows if isinstance(row, ConsultantTimesRow)}
    assert kept == {LENA: (TIME,), SAMIR: ()}
    assert told(writes) == [(ELIN[-2:], "booking_changed"), (LENA[-2:], "successor")]
    assert (writes.result or {})["slots"] == 1


def test_the_only_consultants_successor_becomes_one() -> None:
    kim = next(row for row in of_times(successor=LENA).rows if isinstance(row, StaffRow) and row.id == LENA)
    assert kim.functions == ("consultant",)


def test_a_successor_who_is_taken_at_that_hour_is_refused() -> None:
    busy = TakenTime(slot=cast.uuid(98), starts_at="2026-09-09T11:15:00.000Z", minutes=30)
    theirs = ConsultantTimesRow(id=cast.uuid(55), owner_unit=CLINIC, unit=CLINIC, seat=LENA, times=(busy,))
    with pytest.raises(Refused) as caught:
        of_times(CONSULTANT_KIM, theirs, successor=LENA)
    assert caught.value.data == {"times": [SLOT]}


def test_times_without_a_consultant_to_take_them_are_missing_or_taken_back() -> None:
    other = msgspec.structs.replace(JONAS, id=cast.uuid(28), account="account-28")
    with pytest.raises(Refused) as caught:
        of_times(other, successor=LENA)
    assert caught.value.data == {"missing": {"slots": [SLOT], "open_hours": [HOUR]}}
    writes = of_times(other, successor=LENA, withdraw_times=True)
    assert one(SlotRow, writes) == msgspec.structs.replace(SLOT_ROW, state="withdrawn")
    assert one(BookingRow, writes).state == "withdrawn"
    assert one(OpenHourRow, writes).state == "closed"
    assert one(ConsultantTimesRow, writes).times == ()
    assert told(writes) == [(ELIN[-2:], "booking_withdrawn")]
    assert (writes.result or {})["withdrawn"] == 1


@pytest.mark.parametrize(
    "slot", [msgspec.structs.replace(SLOT_ROW, state="held"), msgspec.structs.replace(SLOT_ROW, consultant=LENA)]
)
def test_what_is_over_or_anothers_is_not_handed_over(slot: SlotRow) -> None:
    assert (of_times(CONSULTANT_KIM, slot=around_slot(slot), successor=LENA).result or {})["slots"] == 0


# --- who may


@pytest.mark.parametrize(
    ("actor", "ok"), [(AS_ADMIN, True), (AS_REKTOR, True), (AS_ELIN, True), (AS_LEAD, False), (AS_SAMIR, False)]
)
def test_the_rule_asks_for_the_units_staff_or_the_organisations_admin(actor: Actor, ok: bool) -> None:
    assert (may(actor, belonging.relations(school(), actor), Leave.rule) is None) is ok


def test_only_the_lead_among_the_staff_and_never_oneself() -> None:
    refused(lambda: leave(school(), AS_ELIN, successor=JOHAN), "not_allowed")
    refused(lambda: leave(clinic(), AS_COLLEAGUE, SAMIR), "not_allowed")
    refused(lambda: leave(school(), AS_REKTOR, REKTOR, successor=ELIN), "invalid", {"person": "not_allowed_value"})
    gone = msgspec.structs.replace(PEOPLE[MARIA], ended_at=NOW_TEXT)
    refused(lambda: leave(school(gone), successor=ELIN), "conflict")
    refused(lambda: leave(school(), person=SAMIR, successor=ELIN), "not_found")
    refused(lambda: leave(cast.around_child(), successor=ELIN), "not_found")


@pytest.mark.parametrize("seat", [MARIA, SAMIR])
def test_a_successor_works_in_the_unit_and_is_somebody_else(seat: str) -> None:
    refused(lambda: leave(school(), successor=seat), "invalid", {"successor": "not_allowed_value"})
    refused(lambda: leave(school(), successors={CHILD: seat}), "invalid", {"successors": "not_allowed_value"})
