"""Ids sort by time, look like UUIDv7 and follow from their seed."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from server.clock import SystemClock
from server.ids import derived_id, new_id

NOW = datetime(2026, 9, 1, 8, 0, 0, 123456, tzinfo=UTC)


@pytest.mark.parametrize("made", [new_id(NOW), derived_id(NOW, "seed", 0)], ids=["new", "derived"])
def test_id_is_a_lower_case_uuid_of_version_7(made: str) -> None:
    parsed = uuid.UUID(made)
    assert str(parsed) == made == made.lower()
    assert (parsed.version, parsed.variant) == (7, uuid.RFC_4122)
    assert parsed.int >> 80 == int(NOW.timestamp() * 1000)


def test_new_ids_differ_and_sort_by_time() -> None:
    assert len({new_id(NOW) for _ in range(1000)}) == 1000
    assert new_id(NOW) < new_id(NOW + timedelta(milliseconds=1))


def test_derived_id_is_a_function_of_its_arguments() -> None:
    assert derived_id(NOW, "a", 1) == derived_id(NOW, "a", 1)
    others = {derived_id(NOW, "a", 1), derived_id(NOW, "a", 2), derived_id(NOW, "b", 1), derived_id(NOW, "1/a", 1)}
    assert len(others) == 4


def test_naive_instant_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        new_id(datetime(2026, 9, 1))
    with pytest.raises(ValueError, match="zone"):
        derived_id(datetime(2026, 9, 1), "a", 1)


def test_system_clock_is_aware() -> None:
    assert SystemClock().now().utcoffset() == timedelta(0)
