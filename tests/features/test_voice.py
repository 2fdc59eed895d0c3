"""The young person's words: theirs until released, then for exactly those who were named beforehand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from pydantic import ValidationError

from server.domain.access import Refusal, may
from server.errors import Refused
from server.features import belonging
from server.features.around import Around
from server.features.meeting.planning import Cancel, Invite, Propose
from server.features.meeting.rows import MeetingRow
from server.features.meeting.taking_part import Respond
from server.features.shape import Notice
from server.features.voice import ANSWERS, Release, TakeBack, TakePart, VoiceRow, feature
from tests.features import cast
from tests.features.cast import (
    ALVA,
    ANNA,
    AS_ALVA,
    AS_ANNA,
    AS_MARIA,
    AS_SAMIR,
    BO,
    CHILD,
    MARIA,
    SAMIR,
    SCOPE_ALVA,
    SCOPE_ANNA,
    SCOPE_BO,
    SCOPE_CLINIC,
    SCOPE_COORDINATOR,
    account,
    around_child,
    give,
    shown,
)  # fmt: skip

STARTS = datetime(2026, 9, 16, 13, 0, tzinfo=UTC)
SAY = {"good": "Tisdagar", "not_want": ""}


def planned(*more: Any, invited: tuple[str, ...] = (ANNA, ALVA)) -> Around:
    here = around_child(*more)
    return cast.after(here, give(
        here, Propose, AS_MARIA, child=CHILD, kind="network", starts_local="2026-09-16T15:00", invited=list(invited),
        staff=[MARIA, SAMIR], invite=True,
    ))  # fmt: skip


def meeting(here: Around) -> MeetingRow:
    (row,) = here.all(MeetingRow)
    return row


def voice(here: Around) -> VoiceRow:
    (row,) = here.all(VoiceRow)
    return row


def released(here: Around, now: datetime | None = None, /, **args: Any) -> Around:
    wish = {"meeting": meeting(here).id, "take_part": "sound_only", "to": "everyone_invited", "say": SAY, **args}
    return cast.after(here, give(here, Release, AS_ALVA, now, **wish))


def code(run: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        run()
    return refused.value.code


@pytest.mark.parametrize(
    ("to", "readers", "names"),
    [
        ("coordinator", set(), ["Maria Ekdahl", "Johan Lind"]),
        ("professionals", {SCOPE_CLINIC}, ["Maria Ekdahl", "Johan Lind", "Samir Haddad"]),
        ("everyone_invited", {SCOPE_CLINIC, SCOPE_ANNA}, ["Maria Ekdahl", "Johan Lind", "Samir Haddad", "Anna"]),
    ],
)
def test_words_reach_exactly_those_chosen(to: str, readers: set[str], names: list[str]) -> None:
    here = released(planned(), to=to, not_about=["Kompisar"], read_aloud=True)
    words = {
        "id": voice(here).id, "child": CHILD, "meeting": meeting(here).id, "take_part": "sound_only",
        "say": {"good": "Tisdagar"}, "not_about": ["Kompisar"], "to": to, "read_aloud": True,
        "released_at": "2026-09-01T08:00:00.000Z",
    }  # fmt: skip
    assert shown(feature, here, voice(here)) == {
        SCOPE_ALVA: {**words, "seen_by": names, "until": "2026-09-16T13:00:00.000Z"},
        **dict.fromkeys({SCOPE_COORDINATOR, *readers}, words),
    }


def test_release_tells_the_coordinator_and_answers_the_invitation() -> None:
    here = planned()
    writes = give(here, Release, AS_ALVA, meeting=meeting(here).id, take_part="phone", to="coordinator")
    row = voice(cast.after(here, writes))
    assert writes.result == {"voice": row.id}
    assert writes.notices == (Notice(account(MARIA), "voice_released", "voice", row.id),)
    assert meeting(cast.after(here, writes)).answers[ALVA].answer == "phone"
    answered = cast.after(here, give(here, Respond, AS_ALVA, meeting=meeting(here).id, answer="yes"))
    assert meeting(released(answered, take_part="written")).answers[ALVA].answer == "no", "the newest word counts"


def test_every_way_to_take_part_answers_the_invitation() -> None:
    assert set(ANSWERS) == set(TakePart.__args__)


def test_releasing_again_replaces_the_words() -> None:
    here = released(planned())
    again = released(here, say={"want": "Börja tio"}, to="coordinator")
    assert voice(again).id == voice(here).id
    assert (voice(again).say, set(shown(feature, again, voice(again)))) == (
        {"want": "Börja tio"}, {SCOPE_ALVA, SCOPE_COORDINATOR}
    )  # fmt: skip


def test_who_is_invited_later_reads_nothing() -> None:
    here = released(planned())
    here = cast.after(here, give(here, Invite, AS_MARIA, meeting=meeting(here).id, invited=[ANNA, BO, ALVA]))
    assert SCOPE_BO not in shown(feature, here, voice(here))
    without = cast.after(here, give(here, Invite, AS_MARIA, meeting=meeting(here).id, invited=[ALVA], staff=[MARIA]))
    documents = shown(feature, without, voice(without))
    assert set(documents) == {SCOPE_ALVA, SCOPE_COORDINATOR}
    assert documents[SCOPE_ALVA]["seen_by"] == ["Maria Ekdahl", "Johan Lind"]


def test_a_unit_whose_consent_leaves_out_the_voice_reads_nothing() -> None:
    here = planned(msgspec.structs.replace(cast.CONSENT_ROW, information_kinds=("child", "meeting")))
    here = released(here)
    assert set(shown(feature, here, voice(here))) == {SCOPE_ALVA, SCOPE_COORDINATOR, SCOPE_ANNA}
    assert voice(here).seen_by_units == ()


def test_a_withdrawn_consent_takes_the_words_away() -> None:
    here = released(planned())
    rows = (meeting(here), voice(here), msgspec.structs.replace(cast.CONSENT_ROW, state="withdrawn"))
    assert SCOPE_CLINIC not in shown(feature, around_child(*rows), voice(here))


def test_words_are_taken_back_from_everybody_until_the_start() -> None:
    here = released(planned())
    writes = give(here, TakeBack, AS_ALVA, STARTS - timedelta(seconds=1), voice=voice(here).id)
    assert (writes.remove, writes.notices) == ((voice(here).id,), ())
    assert code(lambda: give(here, TakeBack, AS_ALVA, STARTS, voice=voice(here).id)) == "too_late"


def test_the_answer_that_words_gave_changes_and_goes_with_them() -> None:
    later = cast.NOW + timedelta(minutes=5)
    here = released(planned())
    assert meeting(here).answers[ALVA].answer == "digital"
    again = released(here, later, take_part="in_person")
    assert meeting(again).answers[ALVA].answer == "yes"
    taken = cast.after(again, give(again, TakeBack, AS_ALVA, later, voice=voice(again).id))
    assert ALVA not in meeting(taken).answers
    answered = cast.after(here, give(here, Respond, AS_ALVA, later, meeting=meeting(here).id, answer="no"))
    kept = cast.after(answered, give(answered, TakeBack, AS_ALVA, later, voice=voice(answered).id))
    assert meeting(kept).answers[ALVA].answer == "no", "her own answer is not the words'"


def test_release_is_refused_when_it_is_too_late_or_off() -> None:
    here = planned()
    assert code(lambda: released(here, STARTS)) == "too_late"
    cancelled = cast.after(here, give(here, Cancel, AS_MARIA, meeting=meeting(here).id))
    assert code(lambda: released(cancelled)) == "conflict"
    held = around_child(msgspec.structs.replace(meeting(here), state="held"))
    assert code(lambda: released(held)) == "too_late"


def test_only_the_young_person_speaks() -> None:
    here = released(planned())
    for other in (AS_ANNA, AS_MARIA, AS_SAMIR):
        relations = belonging.relations(here, other)
        assert [may(other, relations, one.rule) for one in (Release, TakeBack)] == [Refusal("not_allowed")] * 2
    sibling = msgspec.structs.replace(voice(here), relation=ANNA)
    assert (
        code(lambda: give(around_child(meeting(here), sibling), TakeBack, AS_ALVA, voice=sibling.id)) == "not_allowed"
    )
    gone = around_child(meeting(here), without=(ALVA,))
    assert code(lambda: released(gone)) == "not_allowed"


def test_words_without_their_meeting_are_shown_to_nobody() -> None:
    here = released(planned())
    assert shown(feature, around_child(voice(here)), voice(here)) == {}


@pytest.mark.parametrize(
    "args",
    [
        {"take_part": "hologram"},
        {"to": "school"},
        {"say": {"good": "x" * 501}},
        {"say": {"angry": "x"}},
        {"not_about": ["x"] * 9},
        {"not_about": [" "]},
    ],
)
def test_words_of_another_shape_are_invalid(args: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Release.model_validate({"meeting": cast.uuid(99), "take_part": "phone", "to": "coordinator", **args})
