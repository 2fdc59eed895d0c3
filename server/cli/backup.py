"""`samled backup DEST`: a copy of everything the house holds, taken while it runs."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path
from typing import Literal

import click

from server.app import Parts
from server.cli import copies, opening, snapshot
from server.clock import SystemClock
from server.domain.instants import to_text


@click.command()
@click.argument("dest", type=click.Path(path_type=Path))
@opening.json_option
def backup(dest: Path, as_json: bool) -> None:
    """Save the database and the push key to the new folder DEST. The server may go on running.

    The journal of revocations (SAMLED_JOURNAL) is not part of it: keep it on another disk, where it outlives both.
    """
    try:
        manifest = opening.go(take(dest))
    except FileExistsError as error:
        raise opening.Stopped(f"{dest} exists already; a backup is never written over another.") from error
    except copies.CopyFailed as error:
        raise opening.Stopped(f"No backup was made: {error}") from error
    size = sum(file.size for file in manifest.files.values())
    opening.say(
        {"backup": str(dest), "taken_at": manifest.taken_at, "bytes": size, "rows": sum(manifest.rows.values())},
        as_json=as_json,
    )


async def take(dest: Path) -> snapshot.Manifest:
    """Makes a backup and returns its list. Raises `FileExistsError`, `CopyFailed`."""
    settings = opening.settings()
    folder = snapshot.begin(dest)
    try:
        taken_at = to_text(SystemClock().now())
        engine: Literal["sqlite", "postgres"] = "postgres" if settings.database_url else "sqlite"
        if settings.database_url:
            async with opening.opened(settings) as parts:
                described = await _dump(parts, settings.database_url, folder)
        else:
            described = await _copy(settings.data, folder)
        if settings.vapid_path.exists():
            shutil.copyfile(settings.vapid_path, folder / snapshot.KEY)
        files = {path.name: snapshot.mark_of(path) for path in sorted(folder.iterdir())}
        manifest = snapshot.Manifest(
            taken_at=taken_at,
            engine=engine,
            epoch=described.epoch,
            steps=described.steps,
            rows=described.rows,
            files=files,
        )
        snapshot.finish(folder, dest, manifest)
        return manifest
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


async def _copy(data: Path, folder: Path) -> snapshot.Described:
    source, target = copies.database_file(data), folder / snapshot.DATABASE["sqlite"]
    if not source.exists():
        raise copies.CopyFailed(f"there is no database in {data}")
    await asyncio.to_thread(copies.copy_sqlite, source.resolve(), target)
    # Told from the copy itself: the original has gone on meanwhile.
    return await asyncio.to_thread(copies.describe_sqlite, target)


async def _dump(parts: Parts, url: str, folder: Path) -> snapshot.Described:
    async with parts.engine.read() as tx:
        # This transaction only holds the snapshot while pg_dump reads by it.
        await tx.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        described = await snapshot.described(tx)
        exported = str(await tx.fetch_value("SELECT pg_export_snapshot()"))
        await copies.dump_postgres(url, folder / snapshot.DATABASE["postgres"], exported)
        return described
