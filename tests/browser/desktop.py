"""A desktop's notifications: a session bus with nothing on it but the place that shows them.

What a browser asks to be shown is kept here, and `press` does what a finger does: the browser hears of it from outside,
as it does from a real desktop, and so counts it as somebody's press.
"""

from __future__ import annotations

import asyncio
import tempfile
import threading
import time
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self, TypeVar

from tests.browser import dbus
from tests.browser.dbus import Message

T = TypeVar("T")
OURS = "org.freedesktop.Notifications"
OBJECT = "/org/freedesktop/Notifications"
ERROR = "org.freedesktop.DBus.Error"
DISMISSED = 2
GUID = "0" * 31 + "1"


@dataclass
class Shown:
    """One notification, as the browser asked for it."""

    id: int
    title: str
    body: str
    actions: list[str]
    closed: bool = False


class Desktop:
    """Runs on a thread of its own from `with` to its end. Give a browser `environment`."""

    def __init__(self) -> None:
        self.shown: list[Shown] = []
        self._streams: list[asyncio.StreamWriter] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        # A short path: the name of a socket may have a hundred letters.
        self._folder = tempfile.TemporaryDirectory(prefix="bus-")
        self._path = Path(self._folder.name) / "bus"

    def __enter__(self) -> Self:
        self._thread.start()
        self._server = self._run(asyncio.start_unix_server(self._talk, str(self._path)))
        return self

    def __exit__(self, *_: object) -> None:
        self._server.close()
        self._run(self._leave())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()
        self._folder.cleanup()

    @property
    def environment(self) -> dict[str, str]:
        return {"DBUS_SESSION_BUS_ADDRESS": f"unix:path={self._path}"}

    @property
    def open(self) -> list[Shown]:
        """What stands on the screen, oldest first."""
        return [one for one in self.shown if not one.closed]

    def wait(self, count: int = 1, timeout_s: float = 60.0) -> Shown:
        """The latest, when at least `count` have been shown."""
        until = time.monotonic() + timeout_s
        while len(self.shown) < count:
            assert time.monotonic() < until, f"{len(self.shown)} of {count} were shown within {timeout_s} s"
            time.sleep(0.05)
        return self.shown[-1]

    def press(self, shown: Shown) -> None:
        """Somebody presses it."""
        self._run(self._signal("ActionInvoked", "us", shown.id, "default"))
        self._run(self._close(shown))

    # ---- the bus

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            await self._greet(reader, writer)
            self._streams.append(writer)
            while True:
                head = await reader.readexactly(16)
                message = dbus.read(head + await reader.readexactly(dbus.length_of(head) - 16))
                if message.type == dbus.CALL:
                    writer.write(await self._answer(message))
                    await writer.drain()
        writer.close()

    async def _greet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert await reader.readexactly(1) == b"\0"
        while (line := (await reader.readline()).decode().split())[:1] != ["BEGIN"]:
            if line == ["AUTH", "EXTERNAL"]:
                answer = "DATA"
            elif line[:2] == ["AUTH", "EXTERNAL"] or line[:1] == ["DATA"]:
                answer = f"OK {GUID}"
            elif line[:1] == ["AUTH"]:
                answer = "REJECTED EXTERNAL"
            elif line:
                answer = "ERROR"
            else:
                raise ConnectionError("gone before it had begun")
            writer.write(f"{answer}\r\n".encode())
            await writer.drain()

    async def _answer(self, call: Message) -> bytes:
        fields: dict[int, Any] = {dbus.REPLY_SERIAL: call.serial}
        to_bus = call.fields.get(dbus.DESTINATION) == "org.freedesktop.DBus"
        fields[dbus.SENDER] = "org.freedesktop.DBus" if to_bus else ":1.0"
        found = self._bus(call) if to_bus else await self._notifications(call)
        if found is None:
            return dbus.written(dbus.ERROR, {**fields, dbus.ERROR_NAME: f"{ERROR}.UnknownMethod"})
        signature, *body = found
        return dbus.written(dbus.RETURN, fields, signature, tuple(body))

    def _bus(self, call: Message) -> tuple[Any, ...] | None:
        name = call.body[0] if call.body else ""
        match call.member:
            case "Hello":
                return "s", f":1.{len(self._streams)}"
            case "AddMatch" | "RemoveMatch":
                return ("",)
            case "RequestName" | "ReleaseName":
                return "u", 1
            case "StartServiceByName" if name == OURS:
                return "u", 2
            case "NameHasOwner":
                return "b", name == OURS
            case "GetNameOwner" if name == OURS:
                return "s", ":1.0"
            case "ListNames" | "ListActivatableNames":
                return "as", ["org.freedesktop.DBus", OURS]
        return None

    async def _notifications(self, call: Message) -> tuple[Any, ...] | None:
        match call.member:
            case "GetCapabilities":
                return "as", ["actions", "body", "persistence"]
            case "GetServerInformation":
                return "ssss", "desktop", "samled", "1", "1.2"
            case "Notify":
                _, replaced, _, title, body, actions, *_ = call.body
                known = next((one for one in self.shown if one.id == replaced), None)
                if known:
                    known.title, known.body, known.actions = title, body, actions
                    return "u", known.id
                self.shown.append(Shown(len(self.shown) + 1, title, body, actions))
                return "u", len(self.shown)
            case "CloseNotification":
                for one in self.shown:
                    if one.id == call.body[0]:
                        await self._close(one)
                return ("",)
        return None

    async def _close(self, shown: Shown) -> None:
        if not shown.closed:
            shown.closed = True
            await self._signal("NotificationClosed", "uu", shown.id, DISMISSED)

    async def _signal(self, member: str, signature: str, *body: Any) -> None:
        fields = {dbus.PATH: OBJECT, dbus.INTERFACE: OURS, dbus.MEMBER: member, dbus.SENDER: ":1.0"}
        for writer in list(self._streams):
            with suppress(ConnectionError):
                writer.write(dbus.written(dbus.SIGNAL, fields, signature, body))
                await writer.drain()

    async def _leave(self) -> None:
        for writer in self._streams:
            writer.close()
        await asyncio.sleep(0)

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(20)
