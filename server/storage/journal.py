"""The journal of revocations, kept outside the database: what was withdrawn stays withdrawn also after a restore.

Before a commit that ends a grant becomes durable, the rows that ended it are appended here and flushed to disk. After a
restore `samled restore` keeps those rows anew and publishes their aggregates before the server is ready. An entry whose
commit never happened does no harm: the person asked for it, and their device asks again. Source: sync-protocol 5.8.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from server.storage.change import StoredRecord


class Journal:
    """Append-only file of JSON lines. `path` None keeps nothing (tests of pure parts)."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._lock = asyncio.Lock()
        # Of its own: a name server that is silent keeps the threads of the loop, and a withdrawal must not wait for it.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="journal")

    async def append(self, rows: Iterable[StoredRecord], now: str) -> None:
        """Returns when the rows are on disk."""
        if self._path is None:
            return
        lines = "".join(
            json.dumps(
                {
                    "at": now,
                    "id": row.id,
                    "entity": row.entity,
                    "aggregate": row.aggregate_id,
                    "owner_unit": row.owner_unit,
                    "body": row.body,
                },
                ensure_ascii=False,
            )
            + "\n"
            for row in rows
        )
        async with self._lock:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._write, lines)

    def _write(self, lines: str) -> None:
        assert self._path is not None
        descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            # The line break comes first: a line torn by a crash then never swallows the one after it.
            left = memoryview(("\n" + lines).encode())
            while left:
                left = left[os.write(descriptor, left) :]
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def entries(self) -> list[tuple[str, StoredRecord]]:
        """(instant, row) of every whole line, oldest first; a line torn by a crash is the last and is left out."""
        if self._path is None or not self._path.exists():
            return []
        found: list[tuple[str, StoredRecord]] = []
        for line in self._path.read_text(encoding="utf-8").split("\n"):
            try:
                entry = json.loads(line)
            except json.JSONDecodeError:
                continue
            found.append(
                (
                    entry["at"],
                    StoredRecord(entry["id"], entry["entity"], entry["aggregate"], entry["owner_unit"], entry["body"]),
                )
            )
        return found
