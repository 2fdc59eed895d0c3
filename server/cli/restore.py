"""`samled restore SRC`: a backup becomes the database again, and nothing that was withdrawn since comes back.

SQLite is restored beside the database and takes its place as the last step. On PostgreSQL a file in SAMLED_DATA says
that a restore has begun; `samled run` and `samled worker` refuse to start until it has ended.
"""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import replace
from pathlib import Path

import click

from server.app import Parts
from server.cli import checks, copies, opening, settle, snapshot
from server.domain.instants import to_text
from server.settings import Settings
from server.storage.engine import open_engine
from server.storage.journal import Journal


@click.command()
@click.argument("src", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--journal", type=click.Path(path_type=Path), help="The journal of revocations, if not SAMLED_JOURNAL.")
@click.option("--without-journal", is_flag=True, help="There is no journal: what was withdrawn since may come back.")
@click.option("--replace", "replacing", is_flag=True, help="There is a database already: put this one in its place.")
@opening.yes_option
@opening.json_option
def restore(src: Path, journal: Path | None, without_journal: bool, replacing: bool, yes: bool, as_json: bool) -> None:
    """Restore the backup in the folder SRC. Stop `samled run` and `samled worker` first.

    Afterwards everybody signs in again; their devices send again what was acknowledged after the backup.
    """
    settings = opening.settings()
    path = journal or settings.journal_path
    try:
        manifest = snapshot.read(src)
        plan = _plan(settings, src, manifest, path, without_journal)
        if not yes:
            opening.say({**plan, "now": "nothing was changed; give --yes to do it"}, as_json=as_json)
            return
        done = opening.go(_restore(settings, src, manifest, Journal(path), replacing))
    except (snapshot.NotABackup, copies.CopyFailed) as error:
        raise opening.Stopped(str(error)) from error
    opening.say({**plan, **done}, as_json=as_json)


def _plan(
    settings: Settings, src: Path, manifest: snapshot.Manifest, journal: Path, without_journal: bool
) -> dict[str, object]:
    engine = "postgres" if settings.database_url else "sqlite"
    if manifest.engine != engine:
        raise opening.Stopped(f"The backup is of {manifest.engine}; the settings say {engine}.")
    if not journal.exists() and not without_journal:
        raise opening.Stopped(
            f"There is no journal of revocations at {journal}. What was withdrawn after {manifest.taken_at} would come"
            " back. Give --journal PATH, or --without-journal if none was ever kept."
        )
    return {
        "restore": str(src),
        "taken_at": manifest.taken_at,
        "rows": sum(manifest.rows.values()),
        "journal": str(journal) if journal.exists() else "none",
        "newest revocation": settle.newest(Journal(journal)) or "none",
    }


async def _restore(
    settings: Settings, src: Path, manifest: snapshot.Manifest, journal: Journal, replacing: bool
) -> dict[str, object]:
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    if (src / snapshot.KEY).exists() and not settings.vapid_path.exists():
        settings.vapid_path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(src / snapshot.KEY, settings.vapid_path)
        settings.vapid_path.chmod(0o600)
    if settings.database_url:
        return await _into_postgres(settings, settings.database_url, src, manifest, journal, replacing)
    return await _into_sqlite(settings, src, manifest, journal, replacing)


async def _into_sqlite(
    settings: Settings, src: Path, manifest: snapshot.Manifest, journal: Journal, replacing: bool
) -> dict[str, object]:
    target = copies.database_file(settings.data)
    if target.exists() and not replacing:
        raise opening.Stopped(f"{target} exists. Give --replace to set it aside and put the backup in its place.")
    beside = settings.data / f"{opening.RESTORING}.files"
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(mode=0o700)
    try:
        fresh = copies.database_file(beside)
        await asyncio.to_thread(shutil.copyfile, src / snapshot.DATABASE["sqlite"], fresh)
        fresh.chmod(0o600)
        _compare_counts(manifest, await asyncio.to_thread(copies.describe_sqlite, fresh))
        async with opening.opened(
            settings.model_copy(update={"data": beside, "vapid_key": settings.vapid_path})
        ) as parts:
            done = await _settled(parts, manifest, journal)
        aside: Path | None = None
        if target.exists():
            stamp = to_text(parts.house.clock.now()).replace(":", "")
            aside = copies.set_aside(target, f"{target.stem}.before-{stamp}{target.suffix}")
        copies.into_place(fresh, target)
        return {**done, "set aside": str(aside) if aside else "nothing"}
    finally:
        shutil.rmtree(beside, ignore_errors=True)


async def _into_postgres(
    settings: Settings, url: str, src: Path, manifest: snapshot.Manifest, journal: Journal, replacing: bool
) -> dict[str, object]:
    engine = open_engine(data=None, database_url=url)
    await engine.start()
    try:
        if await copies.others_connected(engine):
            raise copies.CopyFailed("the database is in use: stop `samled run` and `samled worker` first")
        is_empty = await copies.is_empty(engine)
        if not is_empty and not replacing and not opening.marker(settings).exists():
            raise opening.Stopped("The database is not empty. Give --replace to remove what is in it.")
        opening.marker(settings).touch()
        if not is_empty:
            await copies.empty(engine)
    finally:
        await engine.close()
    await copies.load_postgres(url, src / snapshot.DATABASE["postgres"])
    async with opening.opened(settings) as parts:
        async with parts.engine.read() as tx:
            _compare_counts(manifest, await snapshot.described(tx))
        done = await _settled(parts, manifest, journal)
    opening.marker(settings).unlink()
    return done


def _compare_counts(manifest: snapshot.Manifest, found: snapshot.Described) -> None:
    wrong = sorted(name for name, rows in manifest.rows.items() if found.rows.get(name) != rows)
    if wrong or found.epoch != manifest.epoch:
        raise copies.CopyFailed(f"not everything arrived: {', '.join(wrong) or 'another epoch'}")


async def _settled(parts: Parts, manifest: snapshot.Manifest, journal: Journal) -> dict[str, object]:
    # Our own writes are no news for the journal that is being read.
    house = replace(parts.house, journal=Journal(None), wake=lambda: None)
    settled = await settle.settle(house, journal, manifest.taken_at)
    async with house.engine.read() as tx:
        report = await checks.run(tx, house.registry, house.clock.now())
    found = [problem for check in report for problem in check.problems]
    if found:
        raise copies.CopyFailed("what was restored does not agree with itself: " + "; ".join(found[:5]))
    return {**settle.as_dict(settled), "verified": True}
