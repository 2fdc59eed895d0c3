"""Invitations of the family: there is one young person, whatever happened to the first link."""

from __future__ import annotations

import msgspec

from server.domain.actors import SeatKind
from server.features import circle
from server.features.relation import InviteGuardian, InviteYoung
from server.features.rows import RelationRow
from server.features.shape import Effect
from tests.features import cast
from tests.features.cast import ALVA, AS_MARIA, CHILD, around_child, give, relation
from tests.features.consenting import refused

UNUSED = msgspec.structs.replace(
    relation(ALVA, cast.SeatKind.YOUNG, "Alva"), account=None, seat=None, joined_at=None
)  # fmt: skip


def test_a_new_invitation_of_the_young_person_ends_the_one_that_was_not_used() -> None:
    writes = give(around_child(UNUSED), InviteYoung, AS_MARIA, child=CHILD, name_shown="Alva")
    alive = [row for row in writes.rows if isinstance(row, RelationRow) and row.ended_at is None]
    assert [row.id for row in writes.rows if row not in alive] == [ALVA]
    assert len(alive) == 1
    end, made = writes.effects
    assert end == Effect("relation.ended", {"seat": None, "relation": ALVA, "aggregate": CHILD})
    assert made.name == "invitation.create" and made.args["relation"] == alive[0].id


def test_a_young_person_who_has_joined_is_not_invited_anew() -> None:
    refused(lambda: give(around_child(), InviteYoung, AS_MARIA, child=CHILD, name_shown="Alva"), "conflict")


def test_a_new_guardian_ends_nobody() -> None:
    writes = give(around_child(), InviteGuardian, AS_MARIA, child=CHILD, name_shown="Kim")
    assert [type(row) for row in writes.rows] == [RelationRow]
    assert len(writes.effects) == 1


def test_an_invitation_that_lies_unused_beside_the_young_person_who_joined_is_nobody() -> None:
    """Such pairs were made before a new invitation ended the old one."""
    unused = msgspec.structs.replace(
        relation(cast.uuid(98), SeatKind.YOUNG, "Alva"), account=None, seat=None, joined_at=None
    )
    here = around_child(unused)
    assert [one.id for one in circle.young(here)] == [ALVA]
    assert unused.id not in {one["relation"] for one in circle.family_people(here)}
    alone = around_child(unused, without=(ALVA,))
    assert [one.id for one in circle.young(alone)] == [unused.id]
