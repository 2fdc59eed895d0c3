"""A child's coordination ends with a last word; everything that belonged to it ends too, and everybody is told once."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from server.domain.instants import to_text
from server.features import load
from server.features.around import Around
from server.features.child import Close, feature
from server.features.meeting.rows import MeetingRow
from server.features.publish import grants_of, publish, reminders_of
from server.features.relation import InviteGuardian, InviteSupporter, InviteYoung
from server.features.rows import ChildRow, ConsentRow
from server.features.shape import Notice, Writes
from server.features.support_measure import SupportMeasureRow
from server.features.team.rows import TeamCaseRow
from server.features.unreached import UnreachedRow
from server.features.waiting import WaitingRow, WorseReport
from tests.features import cast
from tests.features.cast import (
    ALVA,
    ANNA,
    AS_ANNA,
    AS_MARIA,
    BO,
    CHILD,
    CONSENT,
    CONSENT_ROW,
    JOHAN,
    MARIA,
    NOW,
    SAMIR,
    SCHOOL,
    SCOPE_ALVA,
    SCOPE_ANNA,
    SCOPE_BO,
    SCOPE_CLINIC,
    SCOPE_COORDINATOR,
    around_child,
    give,
    uuid,
)
from tests.features.cast_team import NAMED_ROW
from tests.features.consenting import refused

WORDS = "Tack för att vi fick följa er. Ring när ni vill."
FAMILY = sorted(cast.account(one) for one in (ANNA, BO, ALVA))
ASKED: ConsentRow = msgspec.structs.replace(CONSENT_ROW, id=uuid(134), state="asked", purpose="sip")


def meeting(n: int, state: str, starts: timedelta, **more: object) -> MeetingRow:
    fields = {
        "id": uuid(n), "owner_unit": SCHOOL, "child": CHILD, "kind": "network", "starts_local": "2026-09-09T13:00",
        "zone": "Europe/Stockholm", "starts_at": to_text(NOW + starts), "minutes": 60, "proposed_by": MARIA,
        "state": state, "invited": (ANNA, ALVA), "staff": (MARIA, JOHAN, SAMIR), "invited_on": "2026-08-20",
        "told_at": "2026-08-20T08:00:00.000Z", **more,
    }  # fmt: skip
    return msgspec.convert(fields, MeetingRow)


SOON = meeting(161, "confirmed", timedelta(hours=3), invited=(ANNA,))
LATER = meeting(162, "invited", timedelta(days=8))
DRAFT = meeting(163, "draft", timedelta(days=20), invited_on=None)
UNDER_WAY = meeting(164, "invited", -timedelta(minutes=10))
HELD = meeting(165, "held", -timedelta(days=9), follow_up_on="2026-09-15")
WAIT = WaitingRow(
    id=uuid(166), owner_unit=SCHOOL, child=CHILD, unit_name="BUP", what="first_visit", start_on="2026-08-01",
    start_basis="manual", next_check_in_on="2026-09-10", opened_at="2026-08-01T08:00:00.000Z", state="offered",
    worse=(WorseReport(account=cast.account(ANNA), at="2026-08-30T08:00:00.000Z", what=("sleep",)),),
)  # fmt: skip
STARTED: WaitingRow = msgspec.structs.replace(WAIT, id=uuid(167), state="started", ended_on="2026-08-20", worse=())
MEASURE = SupportMeasureRow(
    id=uuid(168), owner_unit=SCHOOL, child=CHILD, title="Promenader", unit_name="Skolan", starts_on="2026-08-10",
    follow_up_on="2026-09-12", state="running",
)  # fmt: skip
DONE: SupportMeasureRow = msgspec.structs.replace(MEASURE, id=uuid(169), state="done", ended_on="2026-08-20")
CASE: TeamCaseRow = msgspec.structs.replace(NAMED_ROW, state="scheduled")
PAST_CASE: TeamCaseRow = msgspec.structs.replace(NAMED_ROW, id=uuid(195), state="closed")
UNREACHED = UnreachedRow(
    id=uuid(196), owner_unit=SCHOOL, child=CHILD, relation=BO, account=cast.account(BO), notice=uuid(197),
    about="consent", doc=ASKED.id, kind="consent_asked", since="2026-08-31T08:00:00.000Z",
)  # fmt: skip
EVERYTHING = (SOON, LATER, DRAFT, UNDER_WAY, HELD, ASKED, WAIT, STARTED, MEASURE, DONE, CASE, PAST_CASE, UNREACHED)


def closed(around: Around) -> Writes:
    return give(around, Close, AS_MARIA, child=CHILD, last_word=WORDS)


def told(writes: Writes) -> list[tuple[str, str, bool]]:
    return [(one.account, one.kind, one.urgent) for one in writes.notices]


def test_closing_tells_the_family_that_there_is_a_last_word() -> None:
    around = around_child(msgspec.structs.replace(CONSENT_ROW, state="withdrawn"))
    writes = closed(around)
    assert writes.notices == tuple(Notice(one, "child_closed", "child", CHILD) for one in FAMILY)
    after = cast.after(around, writes)
    shown = cast.shown(feature, after, after.get(ChildRow, CHILD))
    assert [shown[scope]["last_word"] for scope in (SCOPE_ANNA, SCOPE_BO, SCOPE_ALVA)] == [WORDS] * 3
    refused(lambda: give(after, Close, AS_MARIA, child=CHILD, last_word=WORDS), "conflict")


def test_closing_tells_only_the_circle_of_a_protected_child() -> None:
    around = around_child(cast.protected(cast.seat(ANNA)), SOON)
    assert told(closed(around)) == [
        (cast.account(ANNA), "child_closed", True),
        (cast.account(JOHAN), "meeting_cancelled", True),
    ]


def test_everything_that_belonged_to_it_ends_in_the_same_decision() -> None:
    around = around_child(*EVERYTHING)
    after = cast.after(around, closed(around))
    meetings = {row.id: row for row in after.all(MeetingRow)}
    for row in (SOON, LATER):
        off = meetings[row.id]
        assert (off.state, off.cancelled_reason, off.cancelled_at, off.sequence) == (
            "cancelled",
            "closed",
            to_text(NOW),
            1,
        )
    assert [meetings[one.id] for one in (UNDER_WAY, HELD)] == [UNDER_WAY, HELD] and DRAFT.id not in meetings
    for id in (CONSENT, ASKED.id):
        consent = after.get(ConsentRow, id)
        assert (consent.state, consent.ended_at) == ("expired", to_text(NOW))
    assert after.get(WaitingRow, WAIT.id) == msgspec.structs.replace(
        WAIT, state="ended", ended_on="2026-09-01", worse=()
    )
    assert after.get(SupportMeasureRow, MEASURE.id) == msgspec.structs.replace(
        MEASURE, state="stopped", ended_on="2026-09-01"
    )
    assert [after.get(WaitingRow, STARTED.id), after.get(SupportMeasureRow, DONE.id)] == [STARTED, DONE]
    assert after.all(TeamCaseRow) == (PAST_CASE,) and after.all(UnreachedRow) == ()


def test_everybody_is_told_once_however_much_ends() -> None:
    """At once only those who would set out for a meeting; the one who closes it hears nothing."""
    samir_to_both = around_child(*EVERYTHING)
    family = [(one, "child_closed", one == cast.account(ANNA)) for one in FAMILY]
    staff = [(cast.account(one), "meeting_cancelled", True) for one in (JOHAN, SAMIR)]
    assert told(closed(samir_to_both)) == [*family, *staff]
    no_meeting = around_child(ASKED)
    assert [one[:2] for one in told(closed(no_meeting))][3:] == [(cast.account(SAMIR), "sharing_ended")]


def test_what_was_shared_leaves_the_receiving_units_and_no_question_can_be_answered() -> None:
    around = around_child(*EVERYTHING)
    registry = load()
    assert (SAMIR, SCOPE_CLINIC) in grants_of(registry, around)
    after = cast.after(around, closed(around))
    assert (SAMIR, SCOPE_CLINIC) not in grants_of(registry, after)
    docs = {
        (scope, entity, id): msgspec.json.decode(doc)
        for (scope, entity, id), doc in publish(registry, after).docs.items()
    }
    assert not any(scope == SCOPE_CLINIC for scope, _, _ in docs)
    for scope in (SCOPE_ANNA, SCOPE_BO):
        for id in (CONSENT, ASKED.id):
            consent = docs[(scope, "consent", id)]
            assert consent["state"] == "not_shared" and not consent.get("withdrawable")
    assert docs[(SCOPE_ANNA, "meeting", LATER.id)]["state"] == "cancelled"
    assert docs[(SCOPE_COORDINATOR, "consent", ASKED.id)]["state"] == "expired"
    answer = registry.commands["consent.answer"]
    refused(lambda: give(after, answer, AS_ANNA, consent=ASKED.id, answer="yes"), "conflict")


def test_nothing_is_said_or_done_later_of_what_has_ended() -> None:
    around = around_child(*EVERYTHING)
    ended = {row.id for row in EVERYTHING if row is not UNDER_WAY} | {CONSENT, CHILD}
    before = {record for record, *_ in reminders_of(load(), around)}
    assert {SOON.id, LATER.id, HELD.id, ASKED.id, CONSENT, WAIT.id, MEASURE.id, CHILD} <= before
    after = {record for record, *_ in reminders_of(load(), cast.after(around, closed(around)))}
    assert after & ended == set()


@pytest.mark.parametrize("command", [InviteGuardian, InviteYoung, InviteSupporter])
def test_nobody_is_invited_to_what_has_ended(command: type[InviteGuardian]) -> None:
    around = around_child(msgspec.structs.replace(cast.CHILD_ROW, state="closed"), without=(ALVA,))
    refused(lambda: give(around, command, AS_MARIA, child=CHILD, name_shown="Kim"), "conflict")
