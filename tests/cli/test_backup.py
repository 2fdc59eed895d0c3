"""Backup under load, and the drill: restored into a clean place, whole, and without what was withdrawn."""

from __future__ import annotations

import asyncio
import json
import shutil
import sqlite3
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from server.app import Parts
from server.auth.invitations import Subject, create_invitation
from server.auth.sessions import start_session
from server.cli import opening, snapshot
from server.demo.stage import Person
from server.domain.actors import SeatKind
from server.ids import new_id
from server.storage.sqlite import FILE
from server.sync import push
from tests.cli.conftest import Line
from tests.people import World


async def act(parts: Parts, who: Person, name: str, /, **args: Any) -> Mapping[str, Any]:
    house = parts.house
    command = house.registry.commands[name].model_validate(args)
    return await push.act(house, command, new_id(datetime.now(UTC)), who.actor)


async def one(parts: Parts, sql: str, *args: object) -> Any:
    async with parts.engine.read() as tx:
        return await tx.fetch_value(sql, *args)


async def agreed(parts: Parts, world: World) -> str:
    """A consent both guardians have given."""
    asked = await act(
        parts,
        world["maria"],
        "consent.ask",
        child=world.elsa,
        to_units=[world.units["clinic"]],
        purpose="coordination",
        information_kinds=["child", "waiting"],
        people=[world["jonas"].seat],
    )
    for name in ("anna", "omar"):
        await act(parts, world[name], "consent.answer", consent=str(asked["consent"]), answer="yes")
    return str(asked["consent"])


HELD = (
    "SELECT count(*) FROM grant_ g JOIN scope s ON s.id = g.scope_id WHERE g.seat_id = $1 AND s.name LIKE 'consent:%'"
)


def test_the_drill(line: Line, elsewhere: Line, world: World, tmp_path: Path) -> None:
    async def before(parts: Parts) -> str:
        now = datetime.now(UTC)
        async with parts.engine.write() as tx:
            await start_session(tx, world["anna"].actor, "test", now)
            await create_invitation(tx, SeatKind.GUARDIAN, world.elsa, Subject(name="Kim"), "test", now)
        return str(await one(parts, "SELECT value FROM meta WHERE key = 'epoch'"))

    epoch = line.do(before)
    taken = line.well("backup", tmp_path / "copy")
    manifest = snapshot.read(tmp_path / "copy")
    assert taken["rows"] == sum(manifest.rows.values()) > 100 and manifest.epoch == epoch
    told = elsewhere.well("restore", tmp_path / "copy", "--without-journal")
    assert told["now"].startswith("nothing was changed")
    done = elsewhere.well("restore", tmp_path / "copy", "--without-journal", "--yes")
    assert (done["sessions ended"], done["invitations ended"], done["verified"]) == (1, 1, True)
    assert elsewhere.well("verify")["problems"] == []
    assert (elsewhere.data / "vapid.pem").read_bytes() == (line.data / "vapid.pem").read_bytes()
    assert not opening.marker(elsewhere.settings).exists()

    async def after(parts: Parts) -> tuple[str, int, dict[str, int]]:
        async with parts.engine.read() as tx:
            found = await snapshot.described(tx)
            live = int(await tx.fetch_value("SELECT count(*) FROM session WHERE ended_at IS NULL"))
        return found.epoch, live, dict(found.rows)

    new_epoch, live, rows = elsewhere.do(after)
    assert new_epoch != epoch and live == 0
    changed = {name for name in rows if rows[name] != manifest.rows[name]}
    assert changed <= {"audit", "audit_head", "touched"}


def test_what_was_withdrawn_after_the_backup_stays_withdrawn(
    line: Line, elsewhere: Line, world: World, tmp_path: Path
) -> None:
    jonas = world["jonas"].seat

    async def before(parts: Parts) -> tuple[str, int]:
        return await agreed(parts, world), int(await one(parts, HELD, jonas))

    consent, held = line.do(before)
    assert held == 1
    line.well("backup", tmp_path / "copy")

    async def later(parts: Parts) -> None:
        await act(parts, world["anna"], "consent.withdraw", consent=consent)
        await act(parts, world["maria"], "guardian.end", child=world.elsa, relation=world.relations["omar"])

    line.do(later)
    refused = elsewhere("restore", tmp_path / "copy", "--yes")
    assert refused.exit_code == 1 and "journal of revocations" in refused.output
    journal = line.settings.journal_path
    done = elsewhere.well("restore", tmp_path / "copy", "--journal", journal, "--yes")
    assert done["revocations replayed"] >= 2

    async def after(parts: Parts) -> tuple[str, int, int, str | None]:
        body = json.loads(await one(parts, "SELECT body FROM record WHERE id = $1", consent))
        omar = world["omar"].seat
        return (
            body.get("state", ""),
            int(await one(parts, HELD, jonas)),
            int(await one(parts, "SELECT count(*) FROM grant_ WHERE seat_id = $1", omar)),
            await one(parts, "SELECT ended_at FROM seat WHERE id = $1", omar),
        )

    state, held, omars, ended = elsewhere.do(after)
    assert (state, held, omars) == ("withdrawn", 0, 0) and ended is not None
    assert elsewhere.well("verify")["problems"] == []


def test_a_restore_without_the_journal_would_bring_it_back(
    line: Line, elsewhere: Line, world: World, tmp_path: Path
) -> None:
    """Shows that the test above would notice."""
    consent = line.do(lambda parts: agreed(parts, world))
    line.well("backup", tmp_path / "copy")
    line.do(lambda parts: act(parts, world["anna"], "consent.withdraw", consent=consent))
    elsewhere.well("restore", tmp_path / "copy", "--without-journal", "--yes")
    assert elsewhere.do(lambda parts: one(parts, HELD, world["jonas"].seat)) == 1


def test_a_backup_under_load_is_one_moment_and_holds_nobody_up(
    line: Line, elsewhere: Line, world: World, tmp_path: Path
) -> None:
    async def load(parts: Parts) -> tuple[int, int, float]:
        waits: list[float] = []
        stop = asyncio.Event()

        async def writer(who: str, child: str) -> int:
            done = 0
            while not stop.is_set():
                begun = asyncio.get_running_loop().time()
                await act(parts, world[who], "child.rename", child=child, display_name=f"Elsa {done}")
                waits.append(asyncio.get_running_loop().time() - begun)
                done += 1
            return done

        writers = [asyncio.create_task(writer("anna", world.elsa)), asyncio.create_task(writer("noor", world.noor))]
        await asyncio.sleep(0.3)
        first = len(waits)
        result = await asyncio.to_thread(line, "backup", tmp_path / "copy")
        assert result.exit_code == 0, result.output
        stop.set()
        await asyncio.gather(*writers)
        return first, len(waits), max(waits)

    first, last, longest_s = line.do(load)
    assert last > first + 3 and longest_s < 2
    elsewhere.well("restore", tmp_path / "copy", "--without-journal", "--yes")
    assert elsewhere.well("verify")["problems"] == []
    restored = elsewhere.do(lambda parts: one(parts, "SELECT count(*) FROM audit WHERE action = 'child.rename'"))
    assert first <= restored <= last


def test_a_backup_is_never_written_over_another_and_fails_whole(line: Line, world: World, tmp_path: Path) -> None:
    line.well("backup", tmp_path / "copy")
    again = line("backup", tmp_path / "copy")
    assert again.exit_code == 1 and "exists already" in again.output
    missing = Line(tmp_path / "nowhere", None)("backup", tmp_path / "other")
    assert missing.exit_code == 1 and "there is no database" in missing.output
    assert [path.name for path in tmp_path.glob("other*")] == []


@pytest.mark.parametrize("name", ["manifest.json", "database"])
def test_a_backup_that_was_changed_is_refused(
    line: Line, elsewhere: Line, world: World, tmp_path: Path, name: str
) -> None:
    line.well("backup", tmp_path / "copy")
    file = tmp_path / "copy" / (snapshot.DATABASE["postgres" if line.url else "sqlite"] if name == "database" else name)
    file.write_bytes(file.read_bytes()[:-10] + b"0123456789")
    result = elsewhere("restore", tmp_path / "copy", "--without-journal", "--yes")
    assert result.exit_code == 1
    assert not (elsewhere.data / FILE).exists()


def test_a_database_is_only_replaced_when_asked_and_never_in_use(line: Line, world: World, tmp_path: Path) -> None:
    line.well("backup", tmp_path / "copy")
    refused = line("restore", tmp_path / "copy", "--without-journal", "--yes")
    assert refused.exit_code == 1 and "--replace" in refused.output
    args = ("restore", tmp_path / "copy", "--without-journal", "--yes", "--replace", "--json")

    async def in_use(parts: Parts) -> None:
        async with parts.engine.read() as tx:
            await tx.fetch("SELECT 1 FROM meta")
        result = await asyncio.to_thread(line, *args)
        assert result.exit_code == 1 and "in use" in result.output

    line.do(in_use)
    done = json.loads(line(*args).stdout)
    assert line.well("verify")["problems"] == []
    if line.url is None:
        with sqlite3.connect(done["set aside"]) as aside:
            assert aside.execute("SELECT count(*) FROM account").fetchone()[0] > 5
        aside.close()


def test_nothing_starts_while_a_restore_has_not_ended(line: Line) -> None:
    line.data.mkdir(exist_ok=True)
    opening.marker(line.settings).touch()
    for command in ("run", "worker"):
        result = line(command)
        assert result.exit_code == 1 and "restore" in result.output
    assert "begun and not ended" in line("doctor").output


def test_another_kind_of_database_is_refused(line: Line, world: World, tmp_path: Path) -> None:
    line.well("backup", tmp_path / "copy")
    other = Line(tmp_path / "other", None if line.url else "postgresql://samled@127.0.0.1:1/none")
    result = other("restore", tmp_path / "copy", "--without-journal", "--yes")
    assert result.exit_code == 1 and "the settings say" in result.output
    shutil.rmtree(tmp_path / "copy")
