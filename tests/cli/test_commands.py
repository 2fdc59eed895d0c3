"""The smaller commands: exit codes, masks, invitations, the worker as a process."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from server.app import Parts
from server.auth.invitations import redeem
from server.auth.limits import place_of
from server.cli import main
from server.domain.actors import SeatKind
from server.domain.instants import to_text
from server.settings import Settings
from server.sync.joining import Joining
from tests.cli.conftest import Line
from tests.people import World

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def alone(sqlite_folder: Path) -> Line:
    """A house on SQLite."""
    return Line(sqlite_folder, None)


@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_command_says_what_it_does(alone: Line, name: str) -> None:
    result = alone(name, "--help")
    assert result.exit_code == 0 and "Usage: samled" in result.output


def test_a_faulty_setting_ends_with_2_and_a_sentence(alone: Line) -> None:
    for name, value, word in (
        ("SAMLED_PROT", "8000", "unknown: SAMLED_PROT"),
        ("SAMLED_PORT", "many", "SAMLED_PORT"),
        ("SAMLED_ORIGIN", "http://samled.example", "must be https://"),
    ):
        result = alone("config", "check", **{name: value})
        assert result.exit_code == 2 and word in result.output and "Traceback" not in result.output


def test_a_database_that_does_not_answer_ends_with_3(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.storage.postgres.START_S", 0.1)
    result = Line(tmp_path, "postgresql://samled@127.0.0.1:1/none")("migrate")
    assert result.exit_code == 3 and "does not answer" in result.output


def test_no_secret_is_shown(alone: Line) -> None:
    shown = alone(
        "config",
        "check",
        SAMLED_METRICS_TOKEN="s3cret" * 8,
        SAMLED_SMTP_HOST="localhost",
        SAMLED_SMTP_FROM="a@b.se",
        SAMLED_SMTP_USER="u",
        SAMLED_SMTP_PASSWORD="s3cret",
        SAMLED_DATABASE_URL="postgresql://samled:s3cret@db/samled?sslmode=require&password=s3cret",
        SAMLED_OIDC='[{"key":"bank","name":"Bank","issuer":"https://id.example","client_id":"c",'
        '"client_secret":"s3cret","acr_values":["loa3"]}]',
    )
    assert shown.exit_code == 0 and "s3cret" not in shown.output
    assert "postgresql://samled:********@db/samled?sslmode=require&password=********" in shown.output
    for name in Settings.model_fields:
        assert f"SAMLED_{name}".upper() in shown.output


def test_the_first_admin_comes_in_by_the_printed_link_or_code(line: Line) -> None:
    told = line.well("invite", "admin", "--name", "Eva Admin")
    assert told["link"].startswith("http://localhost:8000/invitation#")

    async def come_in(parts: Parts) -> tuple[str, str]:
        now = datetime.now(UTC)
        async with parts.engine.write() as tx:
            done = await redeem(
                tx,
                code=told["code"],
                place=place_of("192.0.2.1"),
                label="",
                now=now,
                on_redeemed=Joining(parts.house).on_redeemed,
            )
            assert done.session is not None
            row = await tx.fetch_one(
                "SELECT s.kind, s.organisation_id FROM seat s JOIN session t ON t.seat_id = s.id WHERE t.id = $1",
                done.session.session_id,
            )
        assert row is not None
        return row[0], row[1]

    assert line.do(come_in) == (SeatKind.ADMIN, told["to"])
    assert line.well("verify")["problems"] == []


def test_staff_are_invited_to_a_unit_that_exists(line: Line, world: World) -> None:
    told = line.well("invite", "staff", "--name", "Kim", "--unit", world.units["school"])
    assert told["to"] == world.units["school"] and len(told["code"]) == 10
    assert line("invite", "staff", "--name", "Kim").exit_code == 2
    assert line("invite", "staff", "--name", "Kim", "--unit", world.area).exit_code == 1
    assert line.well("invite", "process-lead", "--name", "Kim", "--area", world.area)["to"] == world.area
    assert line("invite", "admin", "--name", "Kim", "--unit", world.units["school"]).exit_code == 2


def test_an_area_begins_once(line: Line) -> None:
    area = line.well("area", "Västra området", "--slug", "vastra")["area"]
    assert len(area) == 36
    assert line("area", "Igen", "--slug", "vastra").exit_code == 1
    assert line("area", "Igen", "--slug", "Två ord").exit_code == 2
    assert line.well("verify")["problems"] == []


def test_staff_invited_from_the_command_line_can_work(line: Line, world: World) -> None:
    told = line.well(
        "invite", "staff", "--name", "Kim", "--unit", world.units["school"], "--title", "Kurator", "--function",
        "consultant", "--leads",
    )  # fmt: skip

    async def come_in(parts: Parts) -> dict[str, Any]:
        async with parts.engine.write() as tx:
            done = await redeem(
                tx, code=told["code"], place=place_of("192.0.2.1"), label="", now=datetime.now(UTC),
                on_redeemed=Joining(parts.house).on_redeemed,
            )  # fmt: skip
            assert done.session is not None
            body = await tx.fetch_value(
                "SELECT r.body FROM record r JOIN session t ON t.seat_id = r.id WHERE t.id = $1 AND r.entity = 'staff'",
                done.session.session_id,
            )
        found: dict[str, Any] = json.loads(body)
        return found

    person = line.do(come_in)
    assert (person["name"], person["title"], person["functions"]) == ("Kim", "Kurator", ["consultant"])
    assert line.well("verify")["problems"] == []


def test_a_new_push_key_lets_every_device_subscribe_anew(line: Line, world: World) -> None:
    async def subscribe(parts: Parts) -> bytes:
        async with parts.engine.write() as tx:
            await tx.execute(
                "INSERT INTO push_subscription (id, account_id, seat_id, session_id, endpoint, p256dh, auth, lang,"
                " created_at, confirm_token) VALUES ('p', $1, $2, 's', 'https://x', 'a', 'b', 'sv', $3, 't')",
                world["anna"].account,
                world["anna"].seat,
                to_text(datetime.now(UTC)),
            )
        return parts.settings.vapid_path.read_bytes()

    before = line.do(subscribe)
    assert line.well("vapid-rotate")["devices that must subscribe anew"] == 1
    assert line.settings.vapid_path.read_bytes() == before
    line.well("vapid-rotate", "--yes")
    assert line.settings.vapid_path.read_bytes() != before
    assert line.well("vapid-rotate")["devices that must subscribe anew"] == 0


def test_the_doctor_asks_who_runs_the_site(alone: Line) -> None:
    asked = alone.well("doctor")
    assert all(asked[what].startswith("warn: SAMLED_OPERATOR_") for what in ("operator", "report", "data protection"))
    named = alone.well("doctor", SAMLED_OPERATOR_NAME="Exempel", SAMLED_OPERATOR_CONTACT="0470-174 06 00")
    assert not {"operator", "report", "data protection"} & named.keys()
    demo = alone.well("doctor", SAMLED_DEMO="true")
    assert "operator" not in demo


def test_the_doctor_names_what_is_wrong(alone: Line, tmp_path: Path) -> None:
    assert alone("doctor").exit_code == 0
    (alone.data / "vapid.pem").chmod(0o644)
    ill = alone("doctor")
    assert ill.exit_code == 1 and "vapid.pem: bad" in ill.output

    async def forget(parts: Parts) -> None:
        async with parts.engine.write() as tx:
            late = to_text(datetime.now(UTC) - timedelta(hours=1))
            await tx.execute(
                "INSERT INTO reminder (id, aggregate_id, record_id, kind, account_id, due_at, state, attempts, data)"
                " VALUES ('r', 'a', 'r', 'meeting_day', 'x', $1, 'due', 0, '{}')",
                late,
            )

    alone.do(forget)
    assert "is a worker running?" in alone("doctor").output
    assert Line(tmp_path / "new", None)("doctor").exit_code == 1


def test_migrate_can_be_said_twice(tmp_path: Path) -> None:
    new = Line(tmp_path / "new", None)
    assert "up to date" in new("migrate").output
    assert "Steps applied: 0" in new("migrate").output


def test_the_worker_is_a_process_that_stops_when_told(alone: Line) -> None:
    env = {name: value for name, value in os.environ.items() if not name.startswith("SAMLED_")}
    env["SAMLED_DATA"] = str(alone.data)
    process = subprocess.Popen(
        [sys.executable, "-m", "server", "worker"], cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    try:
        assert process.stdout is not None
        assert b"worker_started" in process.stdout.readline()
        time.sleep(0.3)
        process.send_signal(signal.SIGTERM)
        rest, _ = process.communicate(timeout=20)
        assert (process.returncode, rest) == (0, b"")
    finally:
        process.kill()
