"""The circle: who stands around a child, and which scopes that opens. Pure questions, asked by many features.

What a document's audience is follows from here, so that a rule such as "a guardian's access ends on the 18th birthday"
or "a consent opens exactly its kinds to exactly its units" stands once.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from server.domain import ages, deadlines, scopes
from server.domain.actors import SeatKind
from server.domain.calendar import is_working_day, next_working_day
from server.domain.instants import end_of_day, local_wall, time_from_text
from server.domain.reminders import REMIND_AT
from server.errors import Refused
from server.features.around import Around, answered_once
from server.features.person import AreaRow, StaffRow, UnitRow
from server.features.rows import ChildRow, ConsentRow, CoordinatorRow, PostRow, RelationRow
from server.features.shape import Row


@answered_once
def child(around: Around) -> ChildRow:
    """The child of this aggregate. Raises `Refused("not_found")` in any other."""
    row = around.first(ChildRow)
    if row is None:
        raise Refused("not_found")
    return row


def called(around: Around) -> str:
    """What the child is called here: the name the family chose, or the alias under protected identity."""
    row = child(around)
    return row.protection.alias if row.protection else row.display_name


@answered_once
def coordinator(around: Around) -> CoordinatorRow:
    """The one coordinator row. Raises `Refused("not_found")` outside a child."""
    row = around.first(CoordinatorRow)
    if row is None:
        raise Refused("not_found")
    return row


# --- the family


@answered_once
def family(around: Around) -> tuple[RelationRow, ...]:
    """Everybody of the family whose relation has not ended (guardians: nor passed the 18th birthday).

    There is one young person: an invitation to them that lies unused beside the one they joined by is nobody.
    """
    row = around.first(ChildRow)
    of_age = row is not None and row.turns_18 <= around.today
    known = [one for one in around.all(RelationRow) if one.ended_at is None and not (of_age and ends_at_18(one))]
    has_joined = any(one.kind == SeatKind.YOUNG and one.account for one in known)
    return tuple(one for one in known if one.account or not has_joined or one.kind != SeatKind.YOUNG)


def ends_at_18(row: RelationRow) -> bool:
    """True for guardians: their part ends when the child comes of age."""
    return row.kind == SeatKind.GUARDIAN


@answered_once
def guardians(around: Around) -> tuple[RelationRow, ...]:
    """The guardians whose part has not ended."""
    return tuple(row for row in family(around) if row.kind == SeatKind.GUARDIAN)


@answered_once
def young(around: Around) -> tuple[RelationRow, ...]:
    """The young person, or an invitation of theirs that is not used yet."""
    return tuple(row for row in family(around) if row.kind == SeatKind.YOUNG)


@answered_once
def supporters(around: Around) -> tuple[RelationRow, ...]:
    """Those the family has chosen to have beside them."""
    return tuple(row for row in family(around) if row.kind == SeatKind.SUPPORTER)


@answered_once
def family_accounts(around: Around) -> frozenset[str]:
    """The accounts of everybody in the family who has come in."""
    return frozenset(row.account for row in family(around) if row.account)


def relation_of(around: Around, account: str) -> RelationRow | None:
    """The relation by which this account belongs to the child."""
    return next((row for row in family(around) if row.account == account), None)


def scope_of(row: RelationRow, child_id: str) -> str:
    """The one scope in which this family member sees everything of the child that is theirs to see."""
    account = row.account or ""
    if row.kind == SeatKind.GUARDIAN:
        return scopes.guardian(child_id, account)
    if row.kind == SeatKind.YOUNG:
        return scopes.young(child_id)
    return scopes.supporter(child_id, account)


def may_have_own_account(around: Around) -> bool:
    """From the 13th birthday the young person has an account of their own."""
    return ages.has_own_account(child(around).turns_13, around.today)


def family_people(around: Around) -> tuple[dict[str, str], ...]:
    """For the coordinator: each family member and how far they have come. Never shown to the family itself."""
    return tuple(
        {
            "relation": row.id,
            "kind": row.kind,
            "name": row.name,
            "state": "verified" if row.verified_at else "joined" if row.account else "invited",
        }
        for row in family(around)
    )


# --- the professionals


def works_in(around: Around, seat: str, unit: str) -> bool:
    """True when this is a seat of somebody who works in the unit now."""
    person = around.known(StaffRow, seat)
    return person is not None and person.owner_unit == unit and person.ended_at is None


@answered_once
def unit_of(around: Around) -> UnitRow:
    """The unit that owns the aggregate. Raises `Refused("not_found")`."""
    row = around.known(UnitRow, around.owner_unit)
    if row is None:
        raise Refused("not_found")
    return row


@answered_once
def unit_leads(around: Around) -> tuple[StaffRow, ...]:
    """Those who lead the owning unit."""
    people = (around.known(StaffRow, seat) for seat in unit_of(around).leads)
    return tuple(person for person in people if person is not None and person.ended_at is None)


@answered_once
def baton(around: Around) -> tuple[StaffRow, ...]:
    """Coordinator first, then deputy."""
    row = coordinator(around)
    people = (around.known(StaffRow, row.seat), around.known(StaffRow, row.deputy))
    return tuple(person for person in people if person is not None)


@answered_once
def answering(around: Around) -> tuple[StaffRow, ...]:
    """Who is told of what happens around the child: the baton, and the unit's leads while nobody is named."""
    meanwhile = () if coordinator(around).seat else unit_leads(around)
    return tuple({person.id: person for person in (*baton(around), *meanwhile)}.values())


@answered_once
def on_duty(around: Around) -> tuple[StaffRow, ...]:
    """Who is told what cannot wait for one person: the coordinator, the deputy while they are away, else the leads.

    Under protected identity only those leads who are inside the circle; without any of them the baton, away or not.
    """
    row = coordinator(around)
    today = str(around.today)
    for seat in (row.seat, row.deputy):
        person = around.known(StaffRow, seat)
        if person is not None and person.ended_at is None and (person.away_until or "") < today:
            return (person,)
    shield = child(around).protection
    if shield is None or row.seat is None:
        return unit_leads(around)
    inside = tuple(lead for lead in unit_leads(around) if lead.id in (*shield.circle, shield.set_by))
    return inside or baton(around)


@answered_once
def holders_meanwhile(around: Around) -> frozenset[str]:
    """Who sees the child while a coordinator is being named: those who lead the unit, so that nobody is forgotten."""
    return frozenset(person.id for person in unit_leads(around))


def posts(around: Around, unit: str | None = None) -> tuple[PostRow, ...]:
    """Professionals' seats around the child that have not ended, in one unit or in all."""
    return tuple(row for row in around.all(PostRow) if row.ended_at is None and (unit is None or row.unit == unit))


def staff_people(around: Around) -> tuple[dict[str, str | None], ...]:
    """Professionals with a seat around the child, as documents name them."""
    found = []
    for post in posts(around):
        person, unit = around.known(StaffRow, post.seat), around.known(UnitRow, post.unit)
        if person is not None:
            found.append(
                {
                    "person": post.seat,
                    "name": person.name,
                    "title": person.title,
                    "unit": post.unit,
                    "unit_name": unit.name if unit else None,
                }
            )
    return tuple(found)


# --- consent


def live_consents(around: Around, *, unit: str | None = None, kind: str | None = None) -> tuple[ConsentRow, ...]:
    """Complete consents that hold now, for a receiving unit and an information kind if given."""
    return tuple(
        row
        for row in _complete(around)
        if (unit is None or unit in row.to_units)
        and (kind is None or (kind in row.information_kinds and kind not in row.excludes))
    )


@answered_once
def _complete(around: Around) -> tuple[ConsentRow, ...]:
    return tuple(
        row
        for row in around.all(ConsentRow)
        if row.state == "complete"
        and not row.without_name
        and consent_ends(row) > around.now
        and row.valid_from <= str(around.today)
    )


def consent_ends(row: ConsentRow) -> datetime:
    """The exclusive end of a consent: midnight after its last day."""
    return end_of_day(date.fromisoformat(row.valid_until))


# --- scopes to publish into


def family_scopes(around: Around, *, invited: Iterable[str] | None = None) -> tuple[str, ...]:
    """Scopes of guardians and the young person with an account; of those accounts only, if `invited` is given."""
    wanted = None if invited is None else frozenset(invited)
    return tuple(
        scope_of(row, around.id)
        for row in (*guardians(around), *young(around))
        if row.account and (wanted is None or row.account in wanted)
    )


@answered_once
def supporter_scopes(around: Around) -> tuple[str, ...]:
    """Each supporter's own scope."""
    return tuple(scope_of(row, around.id) for row in supporters(around) if row.account)


@answered_once
def coordinator_scopes(around: Around) -> tuple[str, ...]:
    """The coordinating unit's own scope."""
    row = around.first(CoordinatorRow)
    return () if row is None else (scopes.coordinator(around.id, row.owner_unit),)


def keeper_scopes(around: Around, row: Row, *, still_open: bool) -> tuple[str, ...]:
    """The room of the unit that keeps the row; while it is still to be done, also that of the unit coordinating now."""
    own = scopes.coordinator(around.id, row.owner_unit)
    return tuple(sorted({own, *(coordinator_scopes(around) if still_open else ())}))


def consent_scopes(around: Around, *, kind: str | None = None, unit: str | None = None) -> tuple[str, ...]:
    """One scope for each live consent and receiving unit, if the consent covers `kind`."""
    return tuple(
        scopes.consent(row.id, receiver)
        for row in live_consents(around, kind=kind)
        for receiver in row.to_units
        if unit is None or receiver == unit
    )


# --- promises


@answered_once
def promise_days(around: Around) -> int:
    """Working days within which the unit answers: its own shorter promise, or the area's."""
    unit = unit_of(around)
    area = around.known(AreaRow, unit.area)
    days = area.promise_days if area else deadlines.PROMISE_DAYS
    return min(days, unit.promise_days) if unit.promise_days else days


@answered_once
def closed_days(around: Around) -> frozenset[date]:
    """The days on which the owning unit is closed, beside those of everybody."""
    unit = around.known(UnitRow, around.owner_unit)
    return frozenset(date.fromisoformat(day) for day in unit.closed_days) if unit else frozenset()


def morning(around: Around, day: date) -> datetime:
    """When somebody at the owning unit is reminded of that day: in the morning of it, or of its next working day."""
    closed = closed_days(around)
    return local_wall(day if is_working_day(day, closed) else next_working_day(day, closed), REMIND_AT)


def promise(around: Around, asked_at: datetime) -> deadlines.Promise:
    """By when a request asked now is answered."""
    unit = unit_of(around)
    area = around.known(AreaRow, unit.area)
    return deadlines.contact_guarantee(
        asked_at,
        working_days=promise_days(around),
        due_time=time_from_text(area.due_time) if area else deadlines.DUE_TIME,
        closed_days=closed_days(around),
    )


def promise_date(around: Around, asked_at: datetime) -> date:
    return promise(around, asked_at).due_on
