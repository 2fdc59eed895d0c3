"""Devices: one for each session, seen by its owner only, and gone when forgotten."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from server.domain import scopes
from server.domain.actors import SYSTEM
from server.features.around import Around
from server.features.device import DeviceRow, Forget, Gone, Seen, Subscribe, Unsubscribe, feature
from server.features.settings import SettingsRow
from server.features.shape import Effect, Writes
from server.web.errors import fields_of
from tests.features import cast
from tests.features.cast import AS_ANNA, NOW
from tests.features.consenting import refused
from tests.push_keys import AUTH, KEYS, P256DH

ACCOUNT, SESSION, SEAT = cast.uuid(61), cast.uuid(62), cast.uuid(63)
ROW = DeviceRow(id=SESSION, owner_unit="", user=ACCOUNT, label="Chrome, Android", seat=SEAT, seen_on="2026-09-01")
SEEN = {"account": ACCOUNT, "session": SESSION, "label": "Chrome, Android", "seat": SEAT}


def mine(*rows: Any) -> Around:
    return Around(id=ACCOUNT, kind="user", owner_unit="", now=NOW, rows=rows)


def test_a_device_seen_for_the_first_time_brings_the_settings_along() -> None:
    writes = cast.give(mine(), Seen, SYSTEM, **SEEN)
    settings = writes.rows[1]
    assert writes.rows == (ROW, SettingsRow(id=settings.id, owner_unit="", user=ACCOUNT))
    later = cast.after(mine(), writes)
    assert cast.after(later, cast.give(later, Seen, SYSTEM, **SEEN)) == later


def test_push_health_is_kept_until_it_changes() -> None:
    around = cast.after(mine(), cast.give(mine(), Seen, SYSTEM, **SEEN, push="ok"))
    assert around.get(DeviceRow, SESSION).push == "ok"
    again = cast.after(around, cast.give(around, Seen, SYSTEM, **SEEN))
    assert again.get(DeviceRow, SESSION).push == "ok"
    assert cast.after(again, cast.give(again, Seen, SYSTEM, **SEEN, push="dead")).get(DeviceRow, SESSION).push == "dead"


def test_only_the_owner_sees_it() -> None:
    assert cast.shown(feature, mine(ROW), ROW) == {
        scopes.user(ACCOUNT): {
            "id": SESSION, "label": "Chrome, Android", "seat": SEAT, "seen_on": "2026-09-01", "push": "none",
        }
    }  # fmt: skip


def test_forgetting_ends_its_session() -> None:
    assert cast.give(mine(ROW), Forget, AS_ANNA, device=SESSION) == Writes(
        remove=(SESSION,), effects=(Effect("session.forget", {"session": SESSION}),)
    )
    refused(lambda: cast.give(mine(), Forget, AS_ANNA, device=SESSION), "not_found")
    assert cast.give(mine(ROW), Gone, SYSTEM, account=ACCOUNT, session=SESSION) == Writes(remove=(SESSION,))
    assert cast.give(mine(), Gone, SYSTEM, account=ACCOUNT, session=SESSION) == Writes()


def test_push_is_carried_out_outside_the_rows() -> None:
    args = {"endpoint": "https://push.test/x", **KEYS, "lang": "sv"}
    assert cast.give(mine(), Subscribe, AS_ANNA, **args) == Writes(effects=(Effect("push.subscribe", args),))
    on = DeviceRow(
        id=SESSION, owner_unit="", user=ACCOUNT, label="Chrome, Android", seat=SEAT, seen_on="2026-09-01", push="ok"
    )
    assert cast.give(mine(on), Unsubscribe, AS_ANNA) == Writes(
        rows=(ROW,), effects=(Effect("push.unsubscribe", {"endpoint": None}),)
    )
    one = cast.give(mine(on), Unsubscribe, AS_ANNA, endpoint="https://push.test/x")
    assert one == Writes(effects=(Effect("push.unsubscribe", {"endpoint": "https://push.test/x"}),))


@pytest.mark.parametrize("endpoint", ["ftp://push.test/x", "https://", "https://a b"])
def test_an_endpoint_is_a_secure_address(endpoint: str) -> None:
    with pytest.raises(ValidationError):
        Subscribe(endpoint=endpoint, **KEYS, lang="sv")


@pytest.mark.parametrize(
    ("field", "key"),
    [
        ("p256dh", P256DH[:-4]),
        ("p256dh", P256DH + "AAAA"),
        ("p256dh", P256DH[:-2] + "AA"),
        ("p256dh", "A" + P256DH[1:]),
        ("p256dh", "A" + P256DH[1:44]),
        ("p256dh", AUTH),
        ("p256dh", "A"),
        ("p256dh", P256DH[:-1] + "+"),
        ("auth", AUTH[:-2]),
        ("auth", AUTH + "AA"),
        ("auth", "A"),
        ("auth", "=" * 22),
        ("auth", ""),
    ],
)
def test_a_key_that_is_none_is_refused_by_its_name(field: str, key: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Subscribe(endpoint="https://push.test/x", lang="sv", **{**KEYS, field: key})
    assert fields_of(caught.value) == {field: "not_allowed_value"}


def test_keys_may_be_padded() -> None:
    assert (
        Subscribe(endpoint="https://push.test/x", p256dh=f"{P256DH}=", auth=f"{AUTH}==", lang="sv").auth == f"{AUTH}=="
    )
