"""For any history of answers, withdrawals and days, those rooms are open that a small reading of the rules opens."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from server.domain import scopes
from server.domain.actors import SYSTEM
from server.domain.instants import end_of_day
from server.errors import Refused
from server.features import circle, load
from server.features.consent import grants
from server.features.consent_commands import Expire, Give, Withdraw
from server.features.publish import publish
from server.features.rows import ConsentRow
from tests.features import cast
from tests.features.cast import (
    ANNA,
    AS_ANNA,
    AS_BO,
    AS_MARIA,
    BO,
    CLINIC,
    LENA,
    MARIA,
    NOW,
    SAMIR,
    SCOPE_ANNA,
    SCOPE_BO,
)  # fmt: skip
from tests.features.consenting import asked, docs, give

FEATURES = load()  # before the first history, whose time is taken
STEP = st.one_of(
    st.tuples(st.just("answer"), st.sampled_from([ANNA, BO]), st.sampled_from(["yes", "no", "yes_without_name"])),
    st.tuples(st.just("withdraw"), st.sampled_from([ANNA, BO, MARIA]), st.just("")),
    st.tuples(st.just("days"), st.just(""), st.integers(min_value=1, max_value=200)),
    st.tuples(st.just("expire"), st.just(""), st.just("")),
)


class Oracle:
    """The rules said a second time, as shortly as possible: the last words of two people, and a clock."""

    def __init__(self, until: datetime) -> None:
        self.said: dict[str, str] = {}
        self.dead = False
        self.until = until

    def done(self) -> bool:
        return len(self.said) == 2

    def answer(self, who: str, what: str, now: datetime) -> None:
        if self.dead or self.done() or now >= self.until:
            return
        self.said[who] = what
        self.dead = what == "no"

    def withdraw(self) -> None:
        self.dead = True

    def open(self, now: datetime) -> bool:
        return not self.dead and now < self.until and list(self.said.values()) == ["yes", "yes"]


@given(st.lists(STEP, max_size=12), st.sampled_from(["2026-09-01", "2026-10-15", "2027-06-15"]))
def test_for_any_history_the_open_rooms_are_those_of_the_oracle(steps: list[Any], until: str) -> None:
    around, row, _ = asked(people=[SAMIR, LENA], valid_until=until)
    oracle = Oracle(end_of_day(date.fromisoformat(until)))
    actors = {ANNA: AS_ANNA, BO: AS_BO, MARIA: AS_MARIA}
    now = NOW
    for step, who, what in steps:
        try:
            if step == "days":
                now += timedelta(days=what)
                around = cast.at(around, now)
            elif step == "answer":
                oracle.answer(who, what, now)
                around = cast.after(around, give(around, Give, actors[who], consent=row.id, answer=what))
            elif step == "withdraw":
                oracle.withdraw()
                around = cast.after(around, give(around, Withdraw, actors[who], consent=row.id))
            else:
                around = cast.after(around, give(around, Expire, SYSTEM, record=row.id))
        except Refused:
            pass
        room = scopes.consent(row.id, CLINIC)
        expected = [(SAMIR, room, oracle.until), (LENA, room, oracle.until)] if oracle.open(now) else []
        assert sorted(grants(around)) == expected
        published = publish(FEATURES, around)
        assert {(seat, scope) for seat, scope in published.grants if scope.startswith("consent:")} == {
            (seat, scope) for seat, scope, _ in expected
        }
        assert (room in {scope for scope, *_ in published.docs}) == oracle.open(now)
        own = docs(around, around.get(ConsentRow, row.id))
        shared = {own[scope]["state"] == "shared" for scope in (SCOPE_ANNA, SCOPE_BO) if scope in own}
        assert shared <= {oracle.open(now)}
        assert circle.live_consents(around, unit=CLINIC, kind="team") == (
            (around.get(ConsentRow, row.id),) if oracle.open(now) else ()
        )
        assert circle.live_consents(around, kind="waiting") == ()
