"""Devices for the walks: two cores behind one face, the Python client's copy and the app's own TypeScript core.

A device is told what the network does (opened, a frame, closed) and says what it sends. Both are driven line by line,
so that the same walk can be walked with either. Both can be started again from what they had stored.
"""

from __future__ import annotations

import asyncio
import functools
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from server.domain.instants import to_text
from server.domain.version import SCHEMA
from server.features.contract import contract
from server.ids import new_id
from server.sync.replica import Copy, Gap

ROOT = Path(__file__).resolve().parents[2]
NPM = ROOT / "tools" / "npm"
OLDER = SCHEMA - 1
"""What an app from before says it knows."""
LATER = ("task", "voice")
"""What an app from before has not heard of: entities, and the commands on them."""
Scopes = dict[str, tuple[int, list[tuple[str, str, int]]]]
"""{scope: (cursor, [(entity, id, version)] in version order)}"""


class Clock(Protocol):
    """The device's own, which may be wrong."""

    def __call__(self) -> datetime: ...


class Device(Protocol):
    """`sends` collects what it wants sent since the last look; `hangs_up` is true when it ends the connection."""

    sends: list[dict[str, Any]]
    hangs_up: bool

    async def opened(self) -> None: ...
    async def frame(self, frame: dict[str, Any]) -> None: ...
    async def late(self, frame: dict[str, Any], ago: int) -> None:
        """One of the connection opened `ago` times before the latest, which it has given up: nothing comes of it."""
        ...

    async def closed(self, code: int) -> None: ...
    async def tick(self, ms: int) -> None:
        """So much time has passed."""
        ...

    async def again(self, schema: int, now: Clock) -> None:
        """It died and starts from what it had stored, as an app that knows `schema`, by this clock."""
        ...

    async def command(self, name: str, args: dict[str, Any]) -> str:
        """Wishes for it; the command's id."""
        ...

    async def waiting(self) -> int:
        """Commands without the server's word."""
        ...

    async def given_up(self) -> set[str]:
        """Commands that it took back unsent, since what they are about is not shared any more."""
        ...

    async def scopes(self) -> Scopes: ...
    async def end(self) -> None: ...


class PythonDevice:
    """Copy and outbox as the protocol describes them. Rows are stored now and then, what was written at once."""

    def __init__(self, seat: str, schema: int, now: Clock) -> None:
        self.seat, self._schema, self._now = seat, schema, now
        self.copy = Copy()
        self.replica = new_id(now())
        self.outbox: list[dict[str, Any]] = []
        self.sends: list[dict[str, Any]] = []
        self.hangs_up = False
        self.online = False
        self.n = 0
        self._highest: dict[str, int] = {}
        self._stored = Copy()

    async def opened(self) -> None:
        self.sends.append(
            {
                "t": "hello", "protocol": 1, "schema": self._schema, "seat": self.seat, "replica": self.replica,
                "cursors": self.copy.cursors(), "epoch": self.copy.epoch, "lang": "sv",
            }
        )  # fmt: skip

    async def frame(self, frame: dict[str, Any]) -> None:
        try:
            lost = self.copy.apply(frame)
        except Gap:
            raise AssertionError("a gap in a scope") from None
        if frame["t"] == "welcome":
            self.online = True
            self.n = max(self.n, frame["last_n"])
            # Again from the first that has no answer, with the same ids: those decided are answered from receipts.
            self.sends += self.outbox
        elif frame["t"] in ("ack", "nack"):
            self.outbox = [one for one in self.outbox if one["id"] != frame["id"]]
        if lost:
            self.sends.append({"t": "dropped", "scopes": lost})
        dropped = frame["drop"] if frame["t"] == "scopes" else ()
        for name in list(self._highest):
            if name not in self.copy.scopes or name in dropped:
                del self._highest[name]
        for name, held in self.copy.scopes.items():
            assert held.cursor >= self._highest.get(name, 0) or frame.get("reset"), "a cursor went back"
            self._highest[name] = held.cursor
        if lost or dropped or frame["t"] == "synced":
            self._stored = _on_disk(self.copy)

    async def late(self, frame: dict[str, Any], ago: int) -> None:
        return None

    async def closed(self, code: int) -> None:
        self.online = False

    async def tick(self, ms: int) -> None:
        return None

    async def again(self, schema: int, now: Clock) -> None:
        self._schema, self._now = schema, now
        self.copy, self.online = _on_disk(self._stored), False
        self._highest = self.copy.cursors()
        self.sends.clear()

    async def command(self, name: str, args: dict[str, Any]) -> str:
        self.n += 1
        now = self._now()
        sent = {"t": "command", "id": new_id(now), "n": self.n, "name": name, "args": args, "at": to_text(now)}
        self.outbox.append(sent)
        if self.online:
            self.sends.append(sent)
        return str(sent["id"])

    async def waiting(self) -> int:
        return len(self.outbox)

    async def given_up(self) -> set[str]:
        return set()

    async def scopes(self) -> Scopes:
        return scopes_of(self.copy)

    async def end(self) -> None:
        return None


def _on_disk(copy: Copy) -> Copy:
    """What of a copy is there again after the device has died: nothing of what was only ever in memory."""
    kept = {name: replace(held, rows=dict(held.rows)) for name, held in copy.scopes.items() if held.store == "keep"}
    return Copy(kept, copy.epoch, copy.last_n)


class Nodes:
    """Processes with the app's core in Node. One that a device has done with serves the next: starting takes long."""

    def __init__(self, core: Path) -> None:
        self._core = core
        self.free: list[asyncio.subprocess.Process] = []
        self._all: list[asyncio.subprocess.Process] = []

    async def take(self) -> asyncio.subprocess.Process:
        if self.free:
            return self.free.pop()
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec("node", str(self._core), stdin=pipe, stdout=pipe, limit=1 << 24)
        self._all.append(process)
        return process

    async def end(self) -> None:
        for process in self._all:
            process.kill()
            await process.wait()


@asynccontextmanager
async def nodes(core: Path) -> AsyncIterator[Nodes]:
    """As many as are wanted, ended with the block. `core` is the built pwa/src/sync/headless.ts."""
    kept = Nodes(core)
    try:
        yield kept
    finally:
        await kept.end()


class NodeDevice:
    """The app's core in Node, over its standard input and output (pwa/src/sync/headless.ts)."""

    def __init__(self, nodes: Nodes, process: asyncio.subprocess.Process) -> None:
        self._nodes, self._process = nodes, process
        self.sends: list[dict[str, Any]] = []
        self.hangs_up = False
        self._wished: dict[str, str] = {}

    @classmethod
    async def start(cls, nodes: Nodes, seat: str, kind: str, schema: int, now: Clock) -> NodeDevice:
        device = cls(nodes, await nodes.take())
        await device._feed({"init": {"seat": seat, "kind": kind, **_app(schema), "now": _ms(now)}})
        return device

    async def _feed(self, line: dict[str, Any]) -> list[dict[str, Any]]:
        """What it said, but for what it sends and the end of the connection."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps(line).encode() + b"\n")
        told: list[dict[str, Any]] = []
        while True:
            said = json.loads(await self._process.stdout.readline())
            if said.get("done"):
                return told
            assert "error" not in said, said
            if "send" in said:
                self.sends.append(said["send"])
            elif said.get("effect", {}).get("do") == "close":
                self.hangs_up = True
            else:
                told.append(said)

    async def opened(self) -> None:
        await self._feed({"open": True})

    async def frame(self, frame: dict[str, Any]) -> None:
        await self._feed({"frame": frame})

    async def late(self, frame: dict[str, Any], ago: int) -> None:
        told = await self._feed({"late": frame, "ago": ago})
        assert not told, f"a socket that was given up is listened to: {frame}, {told}"

    async def closed(self, code: int) -> None:
        await self._feed({"close": code})

    async def tick(self, ms: int) -> None:
        await self._feed({"tick": ms})

    async def again(self, schema: int, now: Clock) -> None:
        self.sends.clear()
        await self._feed({"crash": {**_app(schema), "now": _ms(now)}})

    async def command(self, name: str, args: dict[str, Any]) -> str:
        told = await self._feed({"command": {"name": name, "args": args}})
        id = next(str(said["queued"]) for said in told if "queued" in said)
        self._wished[id] = name
        return id

    async def _dumped(self) -> dict[str, Any]:
        return next(said for said in await self._feed({"dump": True}) if "dump" in said)

    async def waiting(self) -> int:
        outbox = (await self._dumped())["state"]["outbox"]
        # One that is done says `sent` too, and has no number any more.
        return sum(one["state"] == "waiting" or (one["state"] == "sent" and one["n"] is not None) for one in outbox)

    async def given_up(self) -> set[str]:
        outbox = (await self._dumped())["state"]["outbox"]
        drafts = {one["id"] for one in outbox if one["state"] == "draft"}
        return drafts | {
            id for id, name in self._wished.items() if _contract()["commands"][name]["on_scope_loss"] == "purge"
        }

    async def scopes(self) -> Scopes:
        return {
            name: (held["cursor"], [(row[0], row[1], row[2]) for row in held["rows"]])
            for name, held in (await self._dumped())["dump"].items()
        }

    async def end(self) -> None:
        self._nodes.free.append(self._process)


@functools.cache
def _contract() -> dict[str, Any]:
    return dict(json.loads(contract()))


def _app(schema: int) -> dict[str, Any]:
    """The contract that an app which knows `schema` was built with."""
    known = _contract()
    if schema < SCHEMA:
        parts = ("commands", "entities")
        known = {**known, **{part: {n: v for n, v in known[part].items() if not is_later(n)} for part in parts}}
    return {"schema": schema, "contract": {**known, "schema": schema}}


def is_later(name: str) -> bool:
    """Whether an app from before does not know this command or entity."""
    return name.partition(".")[0] in LATER


def _ms(now: Clock) -> int:
    return int(now().timestamp() * 1000)


def scopes_of(copy: Copy) -> Scopes:
    """What a copy holds, to compare."""
    return {
        name: (held.cursor, sorted(((e, id, v) for (e, id), (v, _) in held.rows.items()), key=lambda row: row[2]))
        for name, held in copy.scopes.items()
    }
