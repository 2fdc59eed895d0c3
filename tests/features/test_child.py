"""A child's coordination ends with a last word, and the family hears that there is one."""

from __future__ import annotations

from server.features.child import Close, feature
from server.features.rows import ChildRow
from server.features.shape import Notice
from tests.features import cast
from tests.features.cast import ALVA, ANNA, AS_MARIA, BO, CHILD, SCOPE_ALVA, SCOPE_ANNA, SCOPE_BO, around_child, give
from tests.features.consenting import refused

WORDS = "Tack för att vi fick följa er. Ring när ni vill."


def test_closing_tells_the_family_that_there_is_a_last_word() -> None:
    around = around_child()
    writes = give(around, Close, AS_MARIA, child=CHILD, last_word=WORDS)
    accounts = sorted(cast.account(one) for one in (ANNA, BO, ALVA))
    assert writes.notices == tuple(Notice(one, "child_closed", "child", CHILD) for one in accounts)
    after = cast.after(around, writes)
    shown = cast.shown(feature, after, after.get(ChildRow, CHILD))
    assert [shown[scope]["last_word"] for scope in (SCOPE_ANNA, SCOPE_BO, SCOPE_ALVA)] == [WORDS] * 3
    refused(lambda: give(after, Close, AS_MARIA, child=CHILD, last_word=WORDS), "conflict")


def test_closing_tells_only_the_circle_of_a_protected_child() -> None:
    around = around_child(cast.protected(cast.seat(ANNA)))
    told = give(around, Close, AS_MARIA, child=CHILD, last_word=WORDS).notices
    assert [one.account for one in told] == [cast.account(ANNA)]
