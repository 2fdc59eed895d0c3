"""Notes of a meeting that has been held: said again by the same, by somebody else, and by two at the same time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from server.domain.instants import to_text
from server.features.around import Around
from server.features.meeting import feature
from server.features.meeting.holding import Amend, DecisionDone, Hold
from tests.features.cast import (
    ALVA,
    ANNA,
    AS_JOHAN,
    AS_MARIA,
    CLINIC,
    SCOPE_ANNA,
    SCOPE_COORDINATOR,
    account,
    give,
    shown,
)
from tests.features.meetings import ENDS, do, meeting, planned, refusal

LATER = ENDS + timedelta(hours=1)
HELD = to_text(ENDS)


def held() -> Around:
    here = do(planned(), Hold, AS_MARIA, ENDS, child_heard="Var med.", decisions=[{"what": "Hembesök"}])
    return do(here, DecisionDone, AS_MARIA, ENDS, decision=0)


def amended(here: Around, actor: Any = AS_JOHAN, **args: Any) -> Around:
    return do(here, Amend, actor, LATER, **{"child_heard": "Var med hela tiden.", **args})


def test_what_is_written_anew_replaces_the_words_and_adds_decisions() -> None:
    here = amended(held(), over=HELD, decisions=[{"what": "Ring BUP", "who_unit": CLINIC}], follow_up_on="2026-10-20")
    row = meeting(here)
    assert (row.state, row.held_at, row.child_heard) == ("held", HELD, "Var med hela tiden.")
    assert [(one.what, one.done) for one in row.decisions] == [("Hembesök", True), ("Ring BUP", False)]
    assert row.follow_up_on == "2026-10-20"
    again = meeting(amended(here, over=to_text(LATER)))
    assert (again.follow_up_on, len(again.decisions)) == ("2026-10-20", 2)
    assert shown(feature, here, row)[SCOPE_COORDINATOR]["noted_at"] == to_text(LATER)
    assert "noted_at" not in shown(feature, here, row)[SCOPE_ANNA]


def test_the_family_that_was_invited_is_told_again() -> None:
    writes = give(held(), Amend, AS_JOHAN, LATER, meeting=meeting(held()).id, child_heard="x", over=HELD)
    assert [(one.account, one.kind) for one in writes.notices] == [
        (account(one), "meeting_held") for one in (ANNA, ALVA)
    ]


def test_what_somebody_else_has_written_meanwhile_is_not_written_over_unseen() -> None:
    here = amended(held(), over=HELD)
    assert refusal(lambda: amended(here, AS_MARIA, over=HELD))[0] == "conflict"
    assert refusal(lambda: amended(here, AS_MARIA))[0] == "conflict"
    assert refusal(lambda: amended(here, AS_MARIA, over="nothing"))[0] == "conflict"
    assert meeting(amended(here, AS_MARIA, child_heard="Båda.", over=to_text(LATER))).child_heard == "Båda."
    # One's own: what was sent from one device is no news to the one who wrote it.
    assert meeting(amended(here, AS_JOHAN, child_heard="Rättat.", over=HELD)).child_heard == "Rättat."


def test_only_of_a_meeting_that_has_been_held() -> None:
    assert refusal(lambda: amended(planned(), AS_MARIA))[0] == "conflict"


def test_amending_refuses_days_that_are_past_and_more_decisions_than_a_meeting_has_room_for() -> None:
    here, many = held(), [{"what": "Ring"}] * 20
    assert refusal(lambda: amended(here, over=HELD, follow_up_on="2026-09-01")) == (
        "invalid", {"follow_up_on": "past"},
    )  # fmt: skip
    assert refusal(lambda: amended(here, over=HELD, decisions=many)) == ("invalid", {"decisions": "too_long"})
