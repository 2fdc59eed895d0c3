"""Settings: defaults until something is chosen, and only what is given is changed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from server.domain import scopes
from server.domain.actors import SYSTEM
from server.errors import Refused
from server.features.addresses import Confirm, Drop, Give, Told, hash_of, normal
from server.features.around import Around
from server.features.settings import Change, SettingsRow, feature, invited_in
from server.features.shape import Target, Writes
from server.texts import LANGUAGES
from tests.features import cast
from tests.features.cast import AS_ANNA, NOW

ACCOUNT = AS_ANNA.account


def mine(*rows: Any) -> Around:
    return Around(id=ACCOUNT, kind="user", owner_unit="", now=NOW, rows=rows)


def test_the_first_change_makes_them_and_the_next_leaves_the_rest() -> None:
    writes = cast.give(mine(), Change, AS_ANNA, language="ar", kinds={"waiting_news": "in_app"})
    row = writes.rows[0]
    assert row == SettingsRow(id=row.id, owner_unit="", user=ACCOUNT, language="ar", kinds={"waiting_news": "in_app"})
    around = cast.after(mine(), writes)
    more = cast.give(around, Change, AS_ANNA, quiet_from="19:30", quiet_to="08:00", kinds={"consent_asked": "none"})
    kept = cast.after(around, more)
    assert cast.shown(feature, kept, kept.rows[0]) == {
        scopes.user(ACCOUNT): {
            "id": row.id,
            "language": "ar",
            "quiet_from": "19:30",
            "quiet_to": "08:00",
            "kinds": {"waiting_news": "in_app", "consent_asked": "none"},
        }
    }
    assert cast.give(kept, Change, AS_ANNA) == Writes(rows=kept.rows)


def test_every_language_with_texts_can_be_chosen_and_the_contract_names_them() -> None:
    for language in LANGUAGES:
        assert Change.model_validate({"language": language}).language == language
    chosen = Change.model_json_schema()["properties"]["language"]["anyOf"][0]
    assert chosen == {"type": "string", "enum": list(LANGUAGES)}


def test_the_language_of_an_invitation_is_a_setting_until_another_is_chosen() -> None:
    (row,) = invited_in(mine(), "ar", cast.moment())
    assert row.language == "ar"
    assert invited_in(mine(row), "en", cast.moment()) == ()
    assert invited_in(mine(), "so", cast.moment()) == ()


def test_they_are_ones_own() -> None:
    assert Change().targets(AS_ANNA) == (Target(ACCOUNT, create="user"),)


@pytest.mark.parametrize(
    "args",
    [
        *({"quiet_from": "24:00"}, {"quiet_to": "7:00"}, {"kinds": {"x": "letter"}}, {"kinds": {"X!": "push"}}),
        *({"language": "xx"}, {"language": "so"}, {"language": "sv-SE"}),
    ],
)
def test_the_shape(args: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Change.model_validate(args)


# --- addresses

EMAIL = {"channel": "email", "address": "anna@example.org"}


def refusal(around: Around, command: Any, actor: Any, **args: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        cast.give(around, command, actor, **args)
    return caught.value


def given(minutes_ago: int = 0, **more: Any) -> Around:
    """Anna has given an address and the house has sent the code 123456."""
    asked = cast.give(mine(), Give, AS_ANNA, NOW - timedelta(minutes=minutes_ago), **(EMAIL | more))
    row = asked.rows[0]
    assert isinstance(row, SettingsRow)
    one = row.addresses[more.get("channel", "email")]
    sent = {"account": cast.uuid(61), "channel": more.get("channel", "email"), "ask": one.ask}
    around = cast.after(mine(), asked)
    code_hash = hash_of(one.ask, "123456")
    told = cast.give(around, Told, SYSTEM, NOW - timedelta(minutes=minutes_ago), code_hash=code_hash, **sent)
    return cast.after(around, told)


def shown(around: Around) -> Any:
    row = around.first(SettingsRow)
    return cast.shown(feature, around, row)[scopes.user(ACCOUNT)].get("addresses")


def test_an_address_is_used_only_after_its_code() -> None:
    around = given()
    row = around.first(SettingsRow)
    assert row is not None and row.confirmed("email") is None
    assert shown(around)["email"]["state"] == "sent" and shown(around)["email"]["left"] == 5
    done = cast.give(around, Confirm, AS_ANNA, channel="email", code="123456")
    assert done.result == {"confirmed": True, "left": 5}
    after = cast.after(around, done)
    row = after.first(SettingsRow)
    assert row is not None and row.confirmed("email") == "anna@example.org"
    assert shown(after) == {"email": {"address": "anna@example.org", "state": "confirmed"}}
    assert refusal(after, Confirm, AS_ANNA, channel="email", code="123456").code == "conflict"
    gone = cast.after(after, cast.give(after, Drop, AS_ANNA, channel="email"))
    assert shown(gone) is None


def test_a_code_is_tried_five_times_and_lives_ten_minutes() -> None:
    around = given()
    for left in (4, 3, 2, 1, 0):
        wrong = cast.give(around, Confirm, AS_ANNA, channel="email", code="654321")
        assert wrong.result == {"confirmed": False, "left": left}
        around = cast.after(around, wrong)
    assert refusal(around, Confirm, AS_ANNA, channel="email", code="123456").code == "too_late"
    assert refusal(given(minutes_ago=10), Confirm, AS_ANNA, channel="email", code="123456").code == "too_late"


def test_a_code_is_good_for_the_address_it_was_sent_to_alone() -> None:
    around = given()
    other = cast.after(around, cast.give(around, Give, AS_ANNA, **EMAIL | {"address": "b@example.org"}))
    assert refusal(other, Confirm, AS_ANNA, channel="email", code="123456").code == "conflict"
    row = around.first(SettingsRow)
    assert row is not None
    late = {"account": cast.uuid(61), "channel": "email", "ask": row.addresses["email"].ask, "code_hash": "x"}
    assert refusal(other, Told, SYSTEM, **late).code == "conflict"


def test_nobody_is_written_to_again_and_again() -> None:
    around = mine()
    for n in range(3):
        around = cast.after(around, cast.give(around, Give, AS_ANNA, **EMAIL | {"address": f"a{n}@example.org"}))
    assert refusal(around, Give, AS_ANNA, **EMAIL).code == "too_many"


@pytest.mark.parametrize(
    ("channel", "address", "kept"),
    [
        ("email", "anna.berg+x@example.org", "anna.berg+x@example.org"),
        ("sms", "070-174 06 05", "+46701740605"),
        ("email", "anna", None),
        ("email", "anna@example.org\r\nBcc: b@example.org", None),
        ("email", "anna@example.org, b@example.org", None),
        ("email", "Anna <anna@example.org>", None),
        ("email", "a..b@example.org", None),
        ("email", "a@-example.org", None),
        ("email", "ännä@example.org", None),
        ("sms", "112", None),
        ("sms", "12345", None),
    ],
)
def test_the_form_of_an_address(channel: Any, address: str, kept: str | None) -> None:
    assert normal(channel, address) == kept
    if kept is None:
        refused = refusal(mine(), Give, AS_ANNA, channel=channel, address=address)
        assert (refused.code, refused.fields) == ("invalid", {"address": "not_allowed_value"})
