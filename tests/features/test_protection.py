"""Protected identity: at once only the circle, in memory, under an alias; and everything back when it is lifted."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import msgspec

from server.domain.access import may
from server.domain.actors import Assurance
from server.features import belonging, load
from server.features.access_entry import AccessEntryRow
from server.features.around import Around
from server.features.protection import Add, Lift, ProtectionRow, Set, feature
from server.features.publish import publish
from server.features.shape import Command, Notice, Reminder, Row
from server.features.waiting import WaitingRow
from tests.features import cast
from tests.features.cast import (
    ANNA,
    AS_ANNA,
    AS_ELIN,
    AS_JOHAN,
    AS_MARIA,
    AS_SAMIR,
    BO,
    CHILD,
    ELIN,
    JOHAN,
    MARIA,
    POST,
    SAMIR,
    SCHOOL,
    SCOPE_ANNA,
    SCOPE_COORDINATOR,
)  # fmt: skip
from tests.features.consenting import refused
from tests.features.test_waiting import ROW as WAITING_ROW

LOOKED = AccessEntryRow(
    id=cast.uuid(43), owner_unit=SCHOOL, child=CHILD, seat=SAMIR, unit=cast.CLINIC, title="Kurator", on="2026-08-31"
)
CONSENT_TO_WAITING = msgspec.structs.replace(cast.CONSENT_ROW, information_kinds=("child", "meeting", "waiting"))
EVERYTHING: tuple[Row, ...] = (
    msgspec.structs.replace(WAITING_ROW, for_young=True),
    CONSENT_TO_WAITING,
    LOOKED,
)


def protect(*add: str) -> Around:
    around = cast.around_child(*EVERYTHING)
    around = cast.after(around, cast.give(around, Set, AS_MARIA, child=CHILD, alias="Kim"))
    for person in add:
        around = cast.after(around, cast.give(around, Add, AS_JOHAN, child=CHILD, person=person))
    return around


def allowed(around: Around, actor: object, command: type[Command]) -> bool:
    return may(actor, belonging.relations(around, actor), command.rule) is None  # type: ignore[arg-type]


def test_setting_it_moves_everything_into_the_circles_room_in_memory() -> None:
    before = publish(load(), cast.around_child(*EVERYTHING))
    assert len({scope for scope, *_ in before.docs}) == 6 and before.stores == {}
    after = publish(load(), protect())
    assert {scope for scope, *_ in after.docs} == {SCOPE_COORDINATOR}
    assert set(after.grants) == {(MARIA, SCOPE_COORDINATOR), (JOHAN, SCOPE_COORDINATOR)}
    assert after.stores == {SCOPE_COORDINATOR: "memory"}
    child = msgspec.json.decode(after.docs[(SCOPE_COORDINATOR, "child", CHILD)])
    assert (child["display_name"], child["protected"]) == ("Kim", True)
    assert "protected" not in msgspec.json.decode(before.docs[(SCOPE_COORDINATOR, "child", CHILD)])


def test_nothing_of_the_real_name_is_left_in_what_is_published() -> None:
    shown = publish(load(), protect())
    assert not any('"Alva"' in doc for (_, entity, _), doc in shown.docs.items() if entity != "child")


def test_reminders_reach_only_the_circle() -> None:
    around = protect()
    nobody = msgspec.structs.replace(cast.COORDINATOR_ROW, deputy=None)
    everybody = publish(load(), cast.around_child(*EVERYTHING)).reminders
    within = publish(load(), around).reminders
    accounts = {account for _, _, account, _ in within}
    assert accounts <= {"", cast.account(MARIA), cast.account(JOHAN)}
    assert {key for key in everybody if key[2] in accounts} == set(within)
    assert not belonging.hears(around, cast.account(ANNA)) and belonging.hears(around, cast.account(JOHAN))
    assert not belonging.hears(cast.around_child(cast.protected(), nobody), cast.account(JOHAN))


def test_what_was_to_be_said_to_others_is_not_said_and_deeds_of_the_house_are() -> None:
    def to_all(row: WaitingRow, _around: Around) -> list[Reminder]:
        return [Reminder(row.id, "x", cast.account(who), cast.NOW) for who in (ANNA, BO, MARIA, SAMIR)] + [
            Reminder(row.id, "act:x", "", cast.NOW)
        ]

    registry = load()
    loud = replace(registry.by_row[WaitingRow], reminders=to_all)
    registry = replace(registry, by_row=MappingProxyType({**registry.by_row, WaitingRow: loud}))
    said = {account for _, kind, account, _ in publish(registry, protect(BO)).reminders if kind in ("x", "act:x")}
    assert said == {"", cast.account(MARIA), cast.account(BO)}


def test_the_circle_is_read_along_with_the_child() -> None:
    assert {ELIN, MARIA} <= set(cast.protected(ELIN).refers_to())


def test_a_colleague_and_a_guardian_can_be_let_in_one_by_one() -> None:
    shown = publish(load(), protect(ELIN, ANNA))
    assert set(shown.grants) == {
        (MARIA, SCOPE_COORDINATOR),
        (JOHAN, SCOPE_COORDINATOR),
        (ELIN, SCOPE_COORDINATOR),
        (cast.seat(ANNA), SCOPE_ANNA),
    }
    assert {scope for scope, *_ in shown.docs} == {SCOPE_COORDINATOR, SCOPE_ANNA}
    assert shown.stores == {SCOPE_COORDINATOR: "memory", SCOPE_ANNA: "memory"}
    assert (SCOPE_ANNA, "protection") not in {(scope, entity) for scope, entity, _ in shown.docs}


def test_the_card_of_the_circle() -> None:
    around = protect(ELIN, ANNA)
    row = around.first(ProtectionRow)
    assert row is not None
    assert cast.shown(feature, around, row) == {
        SCOPE_COORDINATOR: {
            "id": row.id,
            "child": CHILD,
            "alias": "Kim",
            "set_on": "2026-09-01",
            "set_by": MARIA,
            "set_by_name": "Maria Ekdahl",
            "people": [
                {"person": MARIA, "name": "Maria Ekdahl", "title": "Skolkurator"},
                {"person": JOHAN, "name": "Johan Lind", "title": "Skolsköterska"},
                {"person": ELIN, "name": "Elin Berg", "title": "Specialpedagog"},
                {"person": cast.seat(ANNA), "name": "Anna"},
            ],
        }
    }


def test_lifting_takes_another_person_and_restores_everything() -> None:
    around = protect(ELIN)
    refused(lambda: cast.give(around, Lift, AS_MARIA, child=CHILD), "not_allowed")
    for actor in (AS_JOHAN, AS_ELIN):
        lifted = cast.after(around, cast.give(around, Lift, actor, child=CHILD))
        assert publish(load(), lifted) == publish(load(), cast.around_child(*EVERYTHING))


def test_who_may() -> None:
    open_, hidden = cast.around_child(), protect()
    assert allowed(open_, AS_MARIA, Set) and allowed(open_, AS_SAMIR, Set) and not allowed(open_, AS_ELIN, Set)
    assert not allowed(open_, AS_ANNA, Set)
    for command in (Add, Lift):
        assert allowed(hidden, AS_JOHAN, command)
        assert not any(allowed(hidden, actor, command) for actor in (AS_ELIN, AS_SAMIR, AS_ANNA))
        assert command.rule.assurance == Assurance.VERIFIED and command.confirm
    assert allowed(protect(ELIN), AS_ELIN, Lift)


def test_the_other_units_staff_who_set_it_loses_the_child_too() -> None:
    around = cast.around_child(*EVERYTHING)
    around = cast.after(around, cast.give(around, Set, AS_SAMIR, child=CHILD, alias="Kim"))
    assert {seat for seat, _ in publish(load(), around).grants} == {MARIA, JOHAN}
    assert cast.give(around, Lift, AS_MARIA, child=CHILD).rows == (cast.CHILD_ROW,)


def test_while_nobody_is_named_the_units_leads_are_in_the_circle() -> None:
    nobody = msgspec.structs.replace(cast.COORDINATOR_ROW, seat=None, deputy=None)
    shown = publish(load(), cast.around_child(cast.protected(), nobody))
    assert {seat for seat, _ in shown.grants} == {cast.REKTOR, MARIA}


def test_refusals() -> None:
    open_, hidden = cast.around_child(), protect(ELIN)
    refused(lambda: cast.give(hidden, Set, AS_JOHAN, child=CHILD, alias="Kim"), "conflict")
    refused(lambda: cast.give(open_, Add, AS_MARIA, child=CHILD, person=ELIN), "conflict")
    refused(lambda: cast.give(open_, Lift, AS_JOHAN, child=CHILD), "conflict")
    refused(lambda: cast.give(hidden, Add, AS_JOHAN, child=CHILD, person=ELIN), "conflict")
    wrong = {"person": "not_allowed_value"}
    refused(lambda: cast.give(hidden, Add, AS_JOHAN, child=CHILD, person=SAMIR), "invalid", wrong)
    refused(lambda: cast.give(hidden, Add, AS_JOHAN, child=CHILD, person=cast.uuid(99)), "invalid", wrong)
    related = msgspec.structs.replace(next(one for one in cast.STAFF if one.id == ELIN), account=cast.account(BO))
    around = cast.around_child(cast.protected(), related)
    refused(lambda: cast.give(around, Add, AS_JOHAN, child=CHILD, person=ELIN), "not_allowed")


def test_waiting_is_told_to_the_circle_only() -> None:
    around = protect(ANNA)
    row = around.first(WaitingRow)
    assert row is not None and POST in {one.id for one in around.rows}
    shown = publish(load(), around)
    assert {scope for scope, entity, _ in shown.docs if entity == "waiting"} == {SCOPE_COORDINATOR, SCOPE_ANNA}


def test_news_of_the_child_stays_inside_and_other_news_does_not() -> None:
    around = protect(BO)
    about = {"child": Notice(cast.account(ANNA), "child_closed", "child", CHILD), "wait": Notice(
        cast.account(ANNA), "waiting_news", "waiting", WAITING_ROW.id
    ), "inside": Notice(cast.account(BO), "waiting_news", "waiting", WAITING_ROW.id), "else": Notice(
        cast.account(ANNA), "taken_over", "staff", MARIA
    )}  # fmt: skip
    both = {CHILD: around}
    assert belonging.told(about.values(), both, both) == (about["inside"], about["else"])
    gone = {CHILD: cast.around_child(cast.protected())}
    assert belonging.told([about["wait"]], both, gone) == ()
    open_ = {CHILD: cast.around_child(*EVERYTHING)}
    assert belonging.told(about.values(), open_, open_) == tuple(about.values())
