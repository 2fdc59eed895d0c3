"""The sync edge: `GET /sync` (WebSocket) and `POST /sync` (PROTOCOL.md 2)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

import brotli  # type: ignore[import-untyped]
import msgspec
from litestar import Litestar, Request, Response, WebSocket, post
from litestar.enums import ScopeType
from litestar.handlers import HTTPRouteHandler, WebsocketRouteHandler, websocket
from litestar.types import ASGIApp, Receive, Scope, Send

from server.auth.cookies import session_cookie_name
from server.auth.people import live_seats
from server.auth.sessions import SignedIn, authenticate, touch
from server.storage.engine import TransientFault
from server.sync import frames, outgoing, session
from server.sync.connection import Connection
from server.sync.house import House
from server.sync.hub import Hub
from server.sync.rate import Rate

SUBPROTOCOL = "samled.sync.v1"
MAX_POST_BYTES = 1 << 20
MAX_ANSWER_BYTES = 4 << 20
MAX_POST_FRAMES = 100
BROTLI_QUALITY = 4
COMPRESSED_ASIDE_BYTES = 128 * 1024
_ASIDE = ThreadPoolExecutor(2, thread_name_prefix="compress")
"""Not the loop's own, which a name server that does not answer may keep busy."""


@dataclass(frozen=True)
class SyncEdge:
    """What the routes share."""

    house: House
    hub: Hub
    rate: Rate
    secure: bool

    async def who(self, cookies: str) -> tuple[SignedIn | None, int]:
        """Whose request this is, and how many seats that account has. `cookies` is the header as it came."""
        token, now = _cookie(cookies, session_cookie_name(secure=self.secure)), self.house.clock.now()
        async with self.hub.admission:
            async with self.house.engine.read() as tx:
                found = await authenticate(tx, token, now)
                if found is None or found.ended is not None:
                    return found, 0
                seats = len(await live_seats(tx, found.actor.account))
            if found.touch_due:
                async with self.house.engine.write() as tx:
                    await touch(tx, found, now)
        return found, seats

    def connection(
        self,
        found: SignedIn,
        seats: int,
        send: outgoing.Send,
        end: outgoing.End,
        cut: Callable[[], object] = lambda: None,
    ) -> Connection:
        """The core of the protocol for that session, before its hello."""
        return Connection(
            self.house,
            self.hub,
            self.rate,
            actor=found.actor,
            session_id=found.session_id,
            seats=seats,
            send=send,
            end=end,
            cut=cut,
        )


def _goodbye(found: SignedIn | None) -> str:
    """Why there is no session (any more)."""
    return "wipe" if found is not None and found.ended == "wipe" else "signed_out"


def _cookie(header: str, name: str) -> str | None:
    """The value of one cookie; our own need no unquoting."""
    for part in header.split(";"):
        key, _, value = part.strip().partition("=")
        if key == name:
            return value
    return None


class SyncSocket:
    """ASGI: serves sockets to `/sync` itself and leaves the rest to the application.

    The framework's own objects would weigh several kilobytes for each of thousands of idle connections.
    """

    def __init__(self, app: ASGIApp, edge: SyncEdge) -> None:
        self.app, self.edge = app, edge

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == ScopeType.WEBSOCKET and scope["path"] == "/sync":
            await _serve(self.edge, scope, receive, send)
        else:
            await self.app(scope, receive, send)


def install_sync(app: Litestar, edge: SyncEdge) -> Litestar:
    """The same application with its sync sockets served directly; guards go around it, so install them after."""
    app.asgi_handler = SyncSocket(app.asgi_handler, edge)
    return app


def sync_routes(edge: SyncEdge) -> list[HTTPRouteHandler | WebsocketRouteHandler]:
    """The handlers, bound to this house."""

    @websocket("/sync")
    async def sync_socket(socket: WebSocket[Any, Any, Any]) -> None:
        await _serve(edge, socket.scope, socket.receive, socket.send)

    @post("/sync", status_code=200)
    async def sync_post(request: Request[Any, Any, Any]) -> Response[bytes]:
        return await _exchange(edge, request)

    return [sync_socket, sync_post]


async def _serve(edge: SyncEdge, scope: Any, receive: Any, send: Any) -> None:
    """One WebSocket from handshake to end. Origin and Host were checked before it got here."""
    if (await receive())["type"] != "websocket.connect":
        return
    spoken = SUBPROTOCOL if SUBPROTOCOL in scope.get("subprotocols", ()) else None
    await send({"type": "websocket.accept", "subprotocol": spoken, "headers": []})

    async def write(data: bytes) -> None:
        await send({"type": "websocket.send", "text": data.decode()})

    async def end(code: int) -> None:
        with suppress(Exception):
            await send({"type": "websocket.close", "code": code, "reason": ""})

    if spoken is None:  # another protocol than ours, or none
        await write(frames.bye("upgrade"))
        await end(frames.CLOSE_CODES["upgrade"])
        return
    cookies = "; ".join(value.decode("latin-1") for name, value in scope["headers"] if name == b"cookie")
    scope["headers"] = []  # they would be kept for as long as the socket is open
    try:
        found, seats = await edge.who(cookies)
    except TransientFault:
        await write(frames.bye("restart", 1000))
        await end(frames.CLOSE_CODES["restart"])
        return
    if found is None or found.ended is not None:
        reason = _goodbye(found)
        await write(frames.bye(reason))
        await end(frames.CLOSE_CODES[reason])
        return
    reader = asyncio.current_task()
    assert reader is not None
    connection = edge.connection(found, seats, write, end, cut=reader.cancel)
    late = asyncio.get_running_loop().call_later(session.HELLO_WITHIN_S, connection.late)
    del cookies, found, reader
    try:
        while not connection.closed:
            message = await receive()
            if message["type"] == "websocket.disconnect":
                break
            text = message.get("text")
            await connection.receive(text if isinstance(text, str) else None)
            del message, text  # the hello, for one: it would be kept until something else is said
    except asyncio.CancelledError:
        if not connection.closed:
            raise
    finally:
        late.cancel()
        connection.leave()


async def _exchange(edge: SyncEdge, request: Request[Any, Any, Any]) -> Response[bytes]:
    """One `POST /sync`: the same core, its frames collected into one answer."""
    try:
        found, seats = await edge.who(request.headers.get("cookie", ""))
    except TransientFault:
        return await _answer(request, [frames.bye("restart", 1000)], 503)
    if found is None or found.ended is not None:
        return await _answer(request, [frames.bye(_goodbye(found))], 401)
    body = await request.body()
    if len(body) > MAX_POST_BYTES:
        return await _answer(request, [frames.bye("bad_frame")], 413)
    try:
        value = msgspec.json.decode(body)
        sent = value["frames"] if isinstance(value, dict) and set(value) == {"frames"} else None
        if not isinstance(sent, list) or not 0 < len(sent) <= MAX_POST_FRAMES:
            raise frames.BadFrame
        taken = [_checked(sent[0]), *(_readable(one) for one in sent[1:])]
    except (msgspec.DecodeError, UnicodeDecodeError, frames.BadFrame, RecursionError):
        return await _answer(request, [frames.bye("bad_frame")], 400)

    async def nowhere(_: object) -> None:
        return None

    connection = edge.connection(found, seats, nowhere, nowhere)
    return await _answer(request, _within(await connection.exchange(taken)), 200)


def _checked(one: Any) -> frames.ClientFrame:
    if len(msgspec.json.encode(one)) > frames.MAX_FRAME_BYTES:
        raise frames.BadFrame
    return frames.from_value(one)


def _readable(one: Any) -> frames.ClientFrame | None:
    """None for a frame that breaks the protocol: those before it are carried out, and it is answered by the goodbye."""
    try:
        return _checked(one)
    except frames.BadFrame:
        return None


def _within(collected: list[bytes]) -> list[bytes]:
    """At most 4 MiB; what did not fit is asked for again, so it then ends without `synced`."""
    size = 0
    kept: list[bytes] = []
    for data in collected:
        size += len(data) + 1
        if size > MAX_ANSWER_BYTES:
            return [one for one in kept if not one.startswith(b'{"t":"synced"')]
        kept.append(data)
    return kept


async def _answer(request: Request[Any, Any, Any], collected: list[bytes], status: int) -> Response[bytes]:
    body = b'{"frames":[' + b",".join(collected) + b"]}"
    headers = {"cache-control": "no-store", "vary": "accept-encoding"}
    if "br" in request.headers.get("accept-encoding", "") and len(body) > 1024:
        if len(body) > COMPRESSED_ASIDE_BYTES:  # milliseconds that nobody else should wait for
            compress = partial(brotli.compress, body, quality=BROTLI_QUALITY)
            body = await asyncio.get_running_loop().run_in_executor(_ASIDE, compress)
        else:
            body = brotli.compress(body, quality=BROTLI_QUALITY)
        headers["content-encoding"] = "br"
    return Response(body, status_code=status, media_type="application/json", headers=headers)
