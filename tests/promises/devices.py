"""Devices for the walks: two cores behind one face, the Python client's copy and the app's own TypeScript core.

A device is told what the network does (opened, a frame, closed) and says what it sends. Both are driven line by line,
so that the same walk can be walked with either.
"""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any, Protocol

from server.domain.version import SCHEMA
from server.features.contract import contract
from server.ids import new_id
from server.sync.replica import Copy, Gap

ROOT = Path(__file__).resolve().parents[2]
NPM = ROOT / "tools" / "npm"
HEADLESS = ROOT / "pwa" / "dist-node" / "headless.mjs"
Scopes = dict[str, tuple[int, list[tuple[str, str, int]]]]
"""{scope: (cursor, [(entity, id, version)] in version order)}"""


class Device(Protocol):
    """`sends` collects what it wants sent since the last look."""

    sends: list[dict[str, Any]]
    wants: str
    """`connect` or `close` when it asks for that, else empty."""

    async def opened(self) -> None: ...
    async def frame(self, frame: dict[str, Any]) -> None: ...
    async def closed(self, code: int) -> None: ...
    async def command(self, name: str, args: dict[str, Any]) -> None: ...
    async def waiting(self) -> int:
        """Commands without the server's word."""
        ...

    async def scopes(self) -> Scopes: ...
    async def end(self) -> None: ...


class PythonDevice:
    """Copy and outbox as the protocol describes them."""

    def __init__(self, seat: str, now: Any) -> None:
        self.seat, self._now = seat, now
        self.copy = Copy()
        self.replica = new_id(now())
        self.outbox: list[dict[str, Any]] = []
        self.sends: list[dict[str, Any]] = []
        self.wants = "connect"
        self.online = False
        self.n = 0
        self._highest: dict[str, int] = {}

    async def opened(self) -> None:
        self.wants = ""
        self.sends.append(
            {
                "t": "hello", "protocol": 1, "schema": SCHEMA, "seat": self.seat, "replica": self.replica,
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

    async def closed(self, code: int) -> None:
        self.online, self.wants = False, "connect"

    async def command(self, name: str, args: dict[str, Any]) -> None:
        self.n += 1
        now = self._now()
        sent = {
            "t": "command", "id": new_id(now), "n": self.n, "name": name, "args": args, "at": "2026-11-02T09:00:00Z"
        }  # fmt: skip
        self.outbox.append(sent)
        if self.online:
            self.sends.append(sent)

    async def waiting(self) -> int:
        return len(self.outbox)

    async def scopes(self) -> Scopes:
        return scopes_of(self.copy)

    async def end(self) -> None:
        return None


class NodeDevice:
    """The app's core in Node, over its standard input and output (pwa/src/sync/headless.ts)."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.sends: list[dict[str, Any]] = []
        self.wants = "connect"

    @classmethod
    async def start(cls, seat: str, kind: str, now: Any) -> NodeDevice:
        process = await asyncio.create_subprocess_exec(
            "node", str(HEADLESS), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=1 << 24
        )
        device = cls(process)
        about = {"seat": seat, "kind": kind, "schema": SCHEMA, "contract": json.loads(contract())}
        await device._feed({"init": {**about, "now": int(now().timestamp() * 1000)}})
        return device

    async def _feed(self, line: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps(line).encode() + b"\n")
        await self._process.stdin.drain()
        dumped: dict[str, Any] = {}
        while True:
            said = json.loads(await self._process.stdout.readline())
            if said.get("done"):
                return dumped
            assert "error" not in said, said
            if "send" in said:
                self.sends.append(said["send"])
            elif "dump" in said:
                dumped = said
            elif said.get("effect", {}).get("do") in ("connect", "close"):
                self.wants = said["effect"]["do"]

    async def opened(self) -> None:
        self.wants = ""
        await self._feed({"open": True})

    async def frame(self, frame: dict[str, Any]) -> None:
        await self._feed({"frame": frame})

    async def closed(self, code: int) -> None:
        await self._feed({"close": code})
        self.wants = "connect"

    async def command(self, name: str, args: dict[str, Any]) -> None:
        await self._feed({"command": {"name": name, "args": args}})

    async def waiting(self) -> int:
        outbox = (await self._feed({"dump": True}))["state"]["outbox"]
        return sum(one["state"] in ("waiting", "sent") and one["n"] is not None for one in outbox)

    async def scopes(self) -> Scopes:
        dump = (await self._feed({"dump": True}))["dump"]
        return {
            name: (held["cursor"], [(row[0], row[1], row[2]) for row in held["rows"]]) for name, held in dump.items()
        }

    async def end(self) -> None:
        self._process.kill()
        await self._process.wait()


def scopes_of(copy: Copy) -> Scopes:
    """What a copy holds, to compare."""
    return {
        name: (held.cursor, sorted(((e, id, v) for (e, id), (v, _) in held.rows.items()), key=lambda row: row[2]))
        for name, held in copy.scopes.items()
    }
