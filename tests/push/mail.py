"""A mail server and a supplier of texts on this machine, which say what the test tells them to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesParser
from typing import Any

from aiohttp import web


@dataclass
class MailHouse:
    """`answers`: for the next receivers, a code for RCPT or `("data", code)`; when the list is empty, 250."""

    port: int = 0
    got: list[tuple[str, Message]] = field(default_factory=list)
    answers: list[int | tuple[str, int]] = field(default_factory=list)
    talks: int = 0
    when_got: Callable[[str, Message], None] = lambda to, mail: None

    def to(self, address: str) -> list[str]:
        """The texts that came for this address, oldest first."""
        return [
            str(mail.get_payload(decode=True), "utf-8").replace("\r\n", "\n") for to, mail in self.got if to == address
        ]

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One conversation in SMTP (RFC 5321), without extensions."""
        self.talks += 1
        to, on_data = "", 250

        async def say(line: str) -> None:
            writer.write(f"{line}\r\n".encode())
            await writer.drain()

        await say("220 here")
        while line := (await reader.readline()).decode().strip():
            verb = line[:4].upper()
            if verb == "RCPT":
                answer = self.answers.pop(0) if self.answers else 250
                to = line.partition("<")[2].partition(">")[0]
                on_data = answer[1] if isinstance(answer, tuple) else 250
                await say("250 ok" if isinstance(answer, tuple) or answer == 250 else f"{answer} no")
            elif verb == "DATA":
                await say("354 go on")
                body = await reader.readuntil(b"\r\n.\r\n")
                if on_data == 250:
                    self.got.append((to, BytesParser().parsebytes(body[:-5])))
                    self.when_got(*self.got[-1])
                await say(f"{on_data} done")
            elif verb == "QUIT":
                await say("221 bye")
                break
            else:
                await say("250 ok")
        writer.close()


@asynccontextmanager
async def mail_house() -> AsyncIterator[MailHouse]:
    house = MailHouse()
    server = await asyncio.start_server(house.talk, "127.0.0.1", 0)
    house.port = server.sockets[0].getsockname()[1]
    try:
        yield house
    finally:
        server.close()


@dataclass
class TextHouse:
    """`answers`: statuses for the next texts; when the list is empty, 202."""

    url: str = ""
    got: list[dict[str, Any]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    when_got: Callable[[dict[str, Any]], None] = lambda told: None

    def to(self, number: str) -> list[str]:
        return [one["text"] for one in self.got if one["to"] == number]

    async def take(self, request: web.Request) -> web.Response:
        status = self.answers.pop(0) if self.answers else 202
        assert request.headers["authorization"] == "Bearer a-secret"
        if status == 202:
            told = await request.json()
            assert request.headers["idempotency-key"] == told["id"]
            self.got.append(told)
            self.when_got(told)
        if status == 307:
            return web.Response(status=307, headers={"location": f"{self.url}/elsewhere"})
        return web.Response(status=status)


@asynccontextmanager
async def text_house() -> AsyncIterator[TextHouse]:
    house = TextHouse()
    app = web.Application()
    app.router.add_post("/texts", house.take)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    house.url = f"http://127.0.0.1:{runner.addresses[0][1]}/texts"
    try:
        yield house
    finally:
        await runner.cleanup()
