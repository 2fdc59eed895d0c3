"""A backup: a folder with the database, the key of push and a list of what is in it. Read and written here.

The list (`manifest.json`) names every file with its size and SHA-256, and for each table how many rows it has, so that
what was restored can be held against what was saved. The folder appears under its name only when it is whole.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec

from server.storage.engine import Tx

MANIFEST = "manifest.json"
DATABASE = {"sqlite": "samled.sqlite3", "postgres": "samled.dump"}
KEY = "vapid.pem"
FORMAT = 1


class NotABackup(Exception):
    """The folder holds no backup, or one that has been changed since it was made."""


class File(msgspec.Struct, frozen=True):
    """One file of a backup."""

    size: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a backup holds. `taken_at` is an instant before the first byte was read."""

    format: int = FORMAT
    taken_at: str
    engine: Literal["sqlite", "postgres"]
    epoch: str
    steps: tuple[str, ...]
    rows: Mapping[str, int]
    files: Mapping[str, File]


@dataclass(frozen=True, slots=True)
class Described:
    """What is in a database: its epoch, the schema steps it has, and {table: rows}."""

    epoch: str
    steps: tuple[str, ...]
    rows: Mapping[str, int]


EPOCH_OF = "SELECT value FROM meta WHERE key = 'epoch'"
STEPS_OF = "SELECT name FROM schema_step ORDER BY number"
TABLES_OF = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
    "postgres": "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename",
}


async def described(tx: Tx) -> Described:
    """What this transaction sees."""
    tables = [str(name) for (name,) in await tx.fetch(TABLES_OF[tx.dialect])]
    return Described(
        str(await tx.fetch_value(EPOCH_OF) or ""),
        tuple(str(name) for (name,) in await tx.fetch(STEPS_OF)),
        {name: int(await tx.fetch_value(f'SELECT count(*) FROM "{name}"')) for name in tables},
    )


def mark_of(path: Path) -> File:
    """Size and hash of a file."""
    hashed = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            hashed.update(chunk)
    return File(path.stat().st_size, hashed.hexdigest())


def begin(dest: Path) -> Path:
    """The folder to fill, beside `dest`; only its owner may look into it. Raises `FileExistsError`."""
    if dest.exists():
        raise FileExistsError(dest)
    dest.parent.mkdir(parents=True, exist_ok=True)
    unfinished = dest.with_name(f"{dest.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    return unfinished


def finish(folder: Path, dest: Path, manifest: Manifest) -> None:
    """Writes the list, brings everything to the disk and gives the folder its name."""
    (folder / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(manifest), indent=2))
    for path in (*folder.iterdir(), folder):
        path.chmod(0o700 if path.is_dir() else 0o600)
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    folder.rename(dest)


def read(folder: Path) -> Manifest:
    """The list of a backup whose files are as they were written. Raises `NotABackup`."""
    try:
        manifest = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
    except (OSError, msgspec.MsgspecError) as error:
        raise NotABackup(f"{folder} is not a backup: {MANIFEST} cannot be read") from error
    if manifest.format != FORMAT:
        raise NotABackup(f"{folder} has format {manifest.format}; this version reads {FORMAT}")
    for name, file in manifest.files.items():
        path = folder / name
        if not path.is_file() or mark_of(path) != file:
            raise NotABackup(f"{path} is missing or not as it was written")
    return manifest
