"""What nobody needs any more goes, and what is needed stays."""

from __future__ import annotations

from datetime import timedelta

import pytest

from server.domain.instants import to_text
from server.push.tidy import KEPT, tidy
from tests.push.house import PushHouse

COUNTED = ("delivery", "push_subscription", "receipt", "reminder", "invitation", "session", "replica")


async def counts(house: PushHouse) -> dict[str, int]:
    async with house.parts.engine.read() as tx:
        found = {name: int(await tx.fetch_value(f"SELECT count(*) FROM {name}")) for name in COUNTED}
        found["tombstone"] = int(await tx.fetch_value("SELECT count(*) FROM feed WHERE doc IS NULL"))
    return found


async def fill(house: PushHouse) -> None:
    """One old thing of each kind, and one of each that is still needed."""
    now = house.clock.now()
    account, seat = house.world["anna"].account, house.world["anna"].seat
    async with house.parts.engine.write() as tx:
        for n, (what, age) in enumerate((what, age) for what in KEPT for age in ("old", "young")):
            kept = KEPT[what]
            at = to_text(now - (kept + timedelta(minutes=5) if age == "old" else kept - timedelta(minutes=5)))
            id = f"{n}"
            match what:
                case "touched":
                    pass  # below: it is forgotten in the order it was written
                case "delivery":
                    await tx.execute(
                        "INSERT INTO delivery (id, reminder_id, subscription_id, state, attempts, next_at, at)"
                        " VALUES ($1, $1, 'x', 'sent', 1, $2, $2)",
                        id,
                        at,
                    )
                case "push_subscription":
                    await tx.execute(
                        "INSERT INTO push_subscription (id, account_id, seat_id, session_id, endpoint, p256dh, auth,"
                        " lang, created_at, confirm_token, confirmed_at, dead_at)"
                        " VALUES ($1, $2, $3, 's', $1, '', '', 'sv', $4, $1, $4, $4)",
                        id,
                        account,
                        seat,
                        at,
                    )
                case "receipt":
                    await tx.execute(
                        "INSERT INTO receipt (account_id, seat_id, replica_id, n, command_id, first, answer,"
                        " decided_at)"
                        " VALUES ($1, $2, 'r', $3, $4, 1, '{}', $5)",
                        account,
                        seat,
                        n,
                        id,
                        at,
                    )
                case "reminder":
                    for kind in ("meeting_day", "act:notice.forget"):
                        await tx.execute(
                            "INSERT INTO reminder (id, aggregate_id, record_id, kind, account_id, due_at, state,"
                            " attempts, data) VALUES ($1, 'a', 'gone', $2, '', $3, 'done', 1, '{}')",
                            f"{id}{kind}",
                            kind,
                            at,
                        )
                case "invitation":
                    await tx.execute(
                        "INSERT INTO invitation (id, token_hash, code_hash, kind, aggregate_id, subject, created_by,"
                        " created_at, expires_at, tries) VALUES ($1, $1, $1, 'guardian', 'a', '{}', 'x', $2, $2, 0)",
                        id,
                        at,
                    )
                case "session" | "wiped session":
                    await tx.execute(
                        "INSERT INTO session (id, token_hash, account_id, seat_id, assurance, label, created_at,"
                        " seen_at, idle_until, absolute_until, ended_at, end_reason)"
                        " VALUES ($1, $1, $2, $3, 'eid', '', $4, $4, $4, $4, $4, $5)",
                        id,
                        account,
                        seat,
                        at,
                        "signed_out" if what == "session" else "wipe",
                    )
                case "replica":
                    await tx.execute(
                        "INSERT INTO replica (id, account_id, seat_id, session_id, last_n, assurance, created_at,"
                        " seen_at) VALUES ($1, $2, $3, 's', 0, 'eid', $4, $4)",
                        id,
                        account,
                        seat,
                        at,
                    )
                case "tombstone":
                    scope = await tx.fetch_value("SELECT min(id) FROM scope")
                    await tx.execute("UPDATE scope SET version = version + 1 WHERE id = $1", scope)
                    version = await tx.fetch_value("SELECT version FROM scope WHERE id = $1", scope)
                    await tx.execute(
                        "INSERT INTO feed (scope_id, entity, doc_id, version, doc, hash, aggregate_id, changed_at)"
                        " VALUES ($1, 'child', $2, $3, NULL, '', 'a', $4)",
                        scope,
                        id,
                        version,
                        at,
                    )
                case _:
                    pytest.fail(f"{what} is kept, but not looked at here")


async def test_each_thing_goes_when_its_time_is_over_and_not_before(house: PushHouse) -> None:
    await tidy(house.parts.house)
    before = await counts(house)
    await fill(house)
    filled = await counts(house)
    await tidy(house.parts.house)
    after = await counts(house)
    gone = {name: filled[name] - after[name] for name in filled}
    assert gone == dict.fromkeys(filled, 1) | {"reminder": 2, "session": 2}
    assert {name: after[name] - before[name] for name in after} == gone
    assert await tidy(house.parts.house) == 0


async def test_the_horizon_is_raised_to_the_newest_that_was_forgotten(house: PushHouse) -> None:
    await fill(house)
    async with house.parts.engine.read() as tx:
        version = await tx.fetch_value("SELECT min(version) FROM feed WHERE doc IS NULL AND entity = 'child'")
    await tidy(house.parts.house)
    async with house.parts.engine.read() as tx:
        scope, horizon = (await tx.fetch("SELECT id, horizon FROM scope ORDER BY id LIMIT 1"))[0]
        assert horizon == version
        left = await tx.fetch_value("SELECT count(*) FROM feed WHERE scope_id = $1 AND version <= $2 AND doc IS NULL",
                                    scope, horizon)  # fmt: skip
    assert left == 0


async def test_what_is_still_planned_or_due_is_never_tidied(house: PushHouse) -> None:
    await house.device("anna")
    await house.meeting("2026-10-21T13:00")
    await house.tick()
    planned = await house.states("reminder")
    house.clock.advance(days=200)
    await tidy(house.parts.house)
    assert (await house.states("reminder"))["due"] == planned["due"]


async def test_the_log_of_what_was_touched_is_short(house: PushHouse) -> None:
    house.clock.advance(hours=3)
    await house.meeting("2026-10-21T13:00")
    await tidy(house.parts.house)
    async with house.parts.engine.read() as tx:
        assert await tx.fetch_value("SELECT min(at) FROM touched") == to_text(house.clock.now())
