"""`samled doctor`: is this installation fit to hold what families say?"""

from __future__ import annotations

import shutil
import stat
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import click

from server.app import Parts
from server.cli import checks, opening
from server.push import state
from server.settings import Settings
from server.storage.engine import TransientFault
from server.storage.migrate import at_head

CLIENT = Path(__file__).resolve().parents[2] / "pwa" / "dist" / "index.html"
FREE_BYTES = 1 << 30
LATE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: `ok`, `warn` (works, but look at it) or `bad` (do not go on like this)."""

    what: str
    verdict: str
    text: str


@click.command()
@opening.json_option
def doctor(as_json: bool) -> None:
    """Look at settings, files, database, schema, reminders and the built client. Ends with 1 if something is bad."""
    settings = opening.settings()
    findings = [*_settings(settings), *_files(settings), *opening.go(_database(settings))]
    opening.say({one.what: f"{one.verdict}: {one.text}" for one in findings}, as_json=as_json)
    sys.exit(opening.WRONG if any(one.verdict == "bad" for one in findings) else 0)


def _settings(settings: Settings) -> list[Finding]:
    found = [Finding("origin", "ok", settings.origin)]
    if settings.secure and not settings.proxies:
        found.append(Finding("proxy", "warn", "SAMLED_PROXIES is empty: behind a proxy every visitor has its address"))
    if settings.secure and not settings.vapid_subject:
        found.append(Finding("push contact", "warn", "SAMLED_VAPID_SUBJECT is empty: a push service may ask for it"))
    if not settings.oidc and not settings.demo:
        found.append(Finding("e-ID", "warn", "SAMLED_OIDC is empty: people sign in by invitation and passkey only"))
    return [*found, *([] if settings.demo else _operator(settings))]


def _operator(settings: Settings) -> list[Finding]:
    """What the pages on privacy and accessibility cannot say, though the law wants it said."""
    pages = "/integritet and /tillganglighet"
    found = []
    if not settings.operator_name:
        found.append(Finding("operator", "warn", f"SAMLED_OPERATOR_NAME is empty: {pages} name nobody responsible"))
    if not settings.operator_contact and not settings.operator_report_url:
        way = "SAMLED_OPERATOR_REPORT_URL and SAMLED_OPERATOR_CONTACT are empty"
        found.append(Finding("report", "warn", f"{way}: /tillganglighet gives no way to tell what does not work"))
    if not settings.operator_contact and not settings.operator_data_protection_url:
        way = "SAMLED_OPERATOR_DATA_PROTECTION_URL and SAMLED_OPERATOR_CONTACT are empty"
        found.append(Finding("data protection", "warn", f"{way}: /integritet gives no way to ask"))
    return found


def _files(settings: Settings) -> list[Finding]:
    found = [
        Finding("client", "ok", "built") if CLIENT.exists() else Finding("client", "bad", "not built: run `make build`")
    ]
    if settings.data.exists():
        free = shutil.disk_usage(settings.data).free
        found.append(Finding("disk", "ok" if free > FREE_BYTES else "bad", f"{free >> 20} MiB free in {settings.data}"))
    found += [_private(path) for path in (settings.vapid_path, settings.journal_path) if path.exists()]
    journal, data = settings.journal_path.parent.resolve(), settings.data.resolve()
    if settings.secure and not settings.database_url and journal == data:
        found.append(
            Finding("journal", "warn", "SAMLED_JOURNAL lies beside the database: a disk that fails takes both")
        )
    if opening.marker(settings).exists():
        found.append(Finding("restore", "bad", "has begun and not ended: run `samled restore` again"))
    return found


def _private(path: Path) -> Finding:
    others = stat.S_IMODE(path.stat().st_mode) & 0o077
    return Finding(path.name, "bad" if others else "ok", "others may read it" if others else "only the owner reads it")


async def _database(settings: Settings) -> list[Finding]:
    try:
        async with opening.opened(settings) as parts:
            async with parts.engine.read() as tx:
                ours = await checks.has_schema(tx)
            if not ours:
                return [Finding("database", "bad", "empty: run `samled migrate`")]
            head = await at_head(parts.engine)
            if not head:
                return [Finding("database", "bad", "a schema step is missing: run `samled migrate`")]
            return [
                Finding("database", "ok", f"{parts.engine.dialect}, schema at head"),
                *await _durable(parts),
                _waiting(await state.gauges(parts.engine, parts.house.clock.now())),
            ]
    except TransientFault as fault:
        return [Finding("database", "bad", f"does not answer ({fault})")]


async def _durable(parts: Parts) -> list[Finding]:
    if parts.engine.dialect == "sqlite":
        return []
    async with parts.engine.read() as tx:
        found = {name: str(await tx.fetch_value(f"SHOW {name}")) for name in ("fsync", "full_page_writes")}
        version = str(await tx.fetch_value("SHOW server_version"))
    off = sorted(name for name, value in found.items() if value != "on")
    return [
        Finding("PostgreSQL", "bad" if off else "ok", f"{version}, {', '.join(off)} off" if off else version),
    ]


def _waiting(gauges: Mapping[str, float]) -> Finding:
    late_s = gauges["reminders_oldest_s"]
    text = f"{gauges['reminders_due']:.0f} due, the oldest since {late_s:.0f} s"
    if late_s > LATE.total_seconds():
        return Finding("reminders", "bad", f"{text}: is a worker running?")
    return Finding("reminders", "ok", text)
