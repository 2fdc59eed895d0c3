"""Where a consent stands, and what follows when it comes to stand elsewhere. Pure; the commands are in `consent`.

The rules themselves (any no refuses, what an exception replaces) are `server.domain.consent`; here they meet the rows.
"""

from __future__ import annotations

from datetime import date

import msgspec

from server.domain import consent as rules
from server.domain.actors import SeatKind
from server.domain.instants import from_text, to_text
from server.features import belonging, circle
from server.features.around import Around
from server.features.person import StaffRow
from server.features.rows import ConsentRow, PostRow, RelationRow
from server.features.shape import Moment, Notice, Writes

NOTICES = {
    "complete": "consent_complete",
    "refused": "consent_refused",
    "withdrawn": "consent_withdrawn",
    "expired": "consent_expired",
}
"""What coordinator and deputy are told when a consent comes to stand there."""


def required_now(around: Around, *, also_young: bool) -> tuple[str, ...]:
    """Party ids stamped into a consent asked now: each guardian, and the young person if asked too.

    A young person without an account is known by the child's own id: their answer is given orally.
    """
    found = [row.id for row in circle.guardians(around)]
    if also_young:
        own = [row.id for row in circle.young(around) if row.account]
        found.extend(own or [around.id])
    return tuple(found)


def party_of(row: ConsentRow, around: Around, relation: RelationRow) -> str | None:
    """The party this family member is in the consent; None for somebody who was not asked."""
    if relation.id in row.required_parties:
        return relation.id
    if relation.kind == SeatKind.YOUNG and around.id in row.required_parties:
        return around.id
    return None


def party_kind(around: Around, party: str) -> rules.Capacity:
    """In which capacity the party answers."""
    relation = next((one for one in around.all(RelationRow) if one.id == party), None)
    if relation is not None and relation.kind == SeatKind.GUARDIAN:
        return SeatKind.GUARDIAN.value
    return SeatKind.YOUNG.value


def stored(row: ConsentRow, around: Around) -> rules.Standing:
    """Where the consent stands as it was last settled; past its last day it has expired whatever is stored."""
    over = circle.consent_ends(row) <= around.now and row.state in ("asked", "complete")
    return rules.Standing(
        state=rules.State.EXPIRED if over else rules.State(row.state),
        without_name=row.without_name,
        waiting_for=standing(row, around).waiting_for if row.state == "asked" and not over else (),
        live=row in circle.live_consents(around),
    )


def standing(row: ConsentRow, around: Around) -> rules.Standing:
    """Where the answers bring the consent at this instant."""
    parties = [rules.Party(party, party_kind(around, party)) for party in row.required_parties]
    answers = {party: rules.Answer(one.answer) for party, one in row.answers.items()}
    withdrawn_at = from_text(row.ended_at) if row.state == "withdrawn" and row.ended_at else None
    return rules.standing(
        terms(row), parties, answers, around.now, exceptions=_exceptions(row), withdrawn_at=withdrawn_at
    )


def terms(row: ConsentRow) -> rules.Terms:
    """What it says, as the rules read it."""
    return rules.Terms(
        information_kinds=frozenset(row.information_kinds),
        to_units=frozenset(row.to_units),
        valid_from=date.fromisoformat(row.valid_from),
        valid_until=date.fromisoformat(row.valid_until),
        excludes=frozenset(row.excludes),
    )


def overruled(row: ConsentRow, party: str) -> bool:
    """True for a guardian in whose place the social welfare board has decided."""
    return row.exception is not None and row.exception["kind"] == "social_board" and row.exception["party"] == party


def is_over(row: ConsentRow, around: Around) -> bool:
    """True once nothing more can be answered: refused, withdrawn, or past its last day."""
    return stored(row, around).state not in (rules.State.ASKED, rules.State.COMPLETE)


def settled(row: ConsentRow, around: Around, at: Moment) -> Writes:
    """The row with the state its answers give, the posts that a completion brings, and who is told.

    `row` carries the new answers, `around` the consent as it was.
    """
    found = standing(row, around)
    now = to_text(at.now)
    before = next((one for one in around.all(ConsentRow) if one.id == row.id), None)
    state = found.state.value
    if before is not None and before.state == state:
        return Writes(rows=(row,))
    ended = None if state in ("asked", "complete") else row.ended_at or now
    complete = state == "complete"
    row = msgspec.structs.replace(
        row,
        state=state,
        ended_at=ended,
        without_name=found.without_name if complete else row.without_name,
        completed_at=now if complete else row.completed_at,
    )
    notices = list(to_coordinator(around, row, NOTICES.get(state)))
    posts: tuple[PostRow, ...] = ()
    if complete and found.live:
        posts = _posts(row, around, at, now)
        staff = {post.seat for post in (*circle.posts(around), *posts) if post.unit in row.to_units}
        notices.extend(_to_staff(around, staff, "consent_opened", row.id))
    if before is not None and before.state == "complete":
        notices.extend(sharing_ended(around, before))
    return Writes(rows=(row, *posts), notices=tuple(notices))


def to_coordinator(around: Around, row: ConsentRow, kind: str | None) -> tuple[Notice, ...]:
    """Tells those who hold the baton."""
    if kind is None:
        return ()
    accounts = dict.fromkeys(person.account for person in circle.answering(around))
    return tuple(Notice(one, kind, "consent", row.id) for one in accounts if belonging.hears(around, one))


def to_parties(around: Around, row: ConsentRow) -> tuple[Notice, ...]:
    """Asks each party who has not answered yet."""
    return tuple(
        Notice(relation.account, "consent_asked", "consent", row.id)
        for relation in circle.family(around)
        if relation.account
        and (party := party_of(row, around, relation)) is not None
        and party not in row.answers
        and belonging.hears(around, relation.account)
    )


def sharing_ended(around: Around, row: ConsentRow) -> tuple[Notice, ...]:
    """Tells receiving staff that something is no longer shared: not what, nor whose."""
    if row.without_name:
        return ()
    seats = {post.seat for post in circle.posts(around) if post.unit in row.to_units}
    return tuple(_to_staff(around, seats, "sharing_ended", ""))


def _to_staff(around: Around, seats: set[str], kind: str, doc: str) -> list[Notice]:
    people = (around.known(StaffRow, seat) for seat in sorted(seats))
    accounts = dict.fromkeys(one.account for one in people if one is not None and one.ended_at is None)
    return [Notice(one, kind, "consent" if doc else "", doc) for one in accounts if belonging.hears(around, one)]


def _posts(row: ConsentRow, around: Around, at: Moment, now: str) -> tuple[PostRow, ...]:
    """Seats around the child for the people the consent names, who still work where they did."""
    seated = {post.seat for post in circle.posts(around)}
    family = circle.family_accounts(around)
    made = []
    for seat in row.people:
        person = around.known(StaffRow, seat)
        if person is None or person.ended_at is not None or seat in seated or person.account in family:
            continue
        if person.owner_unit in row.to_units:
            made.append(
                PostRow(
                    id=at.new_id(),
                    owner_unit=around.owner_unit,
                    child=around.id,
                    seat=seat,
                    unit=person.owner_unit,
                    since=now,
                )
            )
    return tuple(made)


def _exceptions(row: ConsentRow) -> tuple[rules.ConsentException, ...]:
    one = row.exception
    if one is None:
        return ()
    kind: rules.ExceptionKind = "social_board" if one["kind"] == "social_board" else "prevented"
    return (rules.ConsentException(kind, one["party"], date.fromisoformat(one["date"]), one["reference"]),)
