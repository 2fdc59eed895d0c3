"""The sync edge: `GET /sync` (WebSocket), `POST /sync` and `/contract.json` (PROTOCOL.md 2)."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import brotli  # type: ignore[import-untyped]
import msgspec
from litestar import Request, Response, WebSocket, get, post
from litestar.exceptions import WebSocketDisconnect
from litestar.handlers import HTTPRouteHandler, WebsocketRouteHandler, websocket

from server.auth.cookies import session_cookie_name
from server.auth.people import live_seats
from server.auth.sessions import SignedIn, signed_in
from server.features.contract import contract
from server.storage.engine import TransientFault
from server.sync import frames, session
from server.sync.connection import Connection
from server.sync.house import House
from server.sync.hub import Hub
from server.sync.rate import Rate

MAX_POST_BYTES = 1 << 20
MAX_ANSWER_BYTES = 4 << 20
MAX_POST_FRAMES = 100
BROTLI_QUALITY = 4


@dataclass(frozen=True)
class SyncEdge:
    """What the routes share."""

    house: House
    hub: Hub
    rate: Rate
    secure: bool

    async def who(self, connection: WebSocket[Any, Any, Any] | Request[Any, Any, Any]) -> tuple[SignedIn | None, int]:
        """Whose request this is, and how many seats that account has."""
        token = connection.cookies.get(session_cookie_name(secure=self.secure))
        found = await signed_in(self.house.engine, token, self.house.clock.now())
        if found is None or found.ended is not None:
            return found, 0
        async with self.house.engine.read() as tx:
            return found, len(await live_seats(tx, found.actor.account))


def sync_routes(edge: SyncEdge) -> list[HTTPRouteHandler | WebsocketRouteHandler]:
    """The handlers, bound to this house."""

    @websocket("/sync")
    async def sync_socket(socket: WebSocket[Any, Any, Any]) -> None:
        await _serve(edge, socket)

    @post("/sync", status_code=200)
    async def sync_post(request: Request[Any, Any, Any]) -> Response[bytes]:
        return await _exchange(edge, request)

    @get("/contract.json")
    async def contract_json() -> Response[bytes]:
        return Response(contract(), media_type="application/json", headers={"cache-control": "no-cache"})

    return [sync_socket, sync_post, contract_json]


async def _serve(edge: SyncEdge, socket: WebSocket[Any, Any, Any]) -> None:
    """One WebSocket from handshake to end. Origin and Host were checked before it got here."""
    if "samled.sync.v1" in socket.scope.get("subprotocols", []):
        await socket.accept(subprotocols="samled.sync.v1")
    else:
        await socket.accept()

    async def send(data: bytes) -> None:
        await socket.send_data(data.decode(), mode="text")

    async def end(code: int) -> None:
        with suppress(Exception):
            await socket.close(code=code)

    try:
        found, seats = await edge.who(socket)
    except TransientFault:
        await send(frames.bye("restart", 1000))
        await end(frames.CLOSE_CODES["restart"])
        return
    if found is None or found.ended is not None:
        reason = "wipe" if found is not None and found.ended == "wipe" else "signed_out"
        await send(frames.bye(reason))
        await end(frames.CLOSE_CODES[reason])
        return
    connection = Connection(
        edge.house, edge.hub, edge.rate, actor=found.actor, session_id=found.session_id, seats=seats, send=send, end=end
    )
    writer = asyncio.create_task(connection.run_writer())
    late = asyncio.get_running_loop().call_later(session.HELLO_WITHIN_S, connection.late)
    try:
        while not connection.closed.is_set():
            message = await socket.receive()
            if message["type"] == "websocket.disconnect":
                break
            text = message.get("text")
            await connection.receive(text if isinstance(text, str) else None)
    except (WebSocketDisconnect, RuntimeError):
        pass
    finally:
        late.cancel()
        connection.close("")
        if connection.closed.is_set():
            writer.cancel()
        with suppress(asyncio.CancelledError, TimeoutError):
            await asyncio.wait_for(writer, 5)
        connection.finish()


async def _exchange(edge: SyncEdge, request: Request[Any, Any, Any]) -> Response[bytes]:
    """One `POST /sync`: the same core, its frames collected into one answer."""
    try:
        found, seats = await edge.who(request)
    except TransientFault:
        return _answer(request, [frames.bye("restart", 1000)], 503)
    if found is None or found.ended is not None:
        reason = "wipe" if found is not None and found.ended == "wipe" else "signed_out"
        return _answer(request, [frames.bye(reason)], 401)
    body = await request.body()
    if len(body) > MAX_POST_BYTES:
        return _answer(request, [frames.bye("bad_frame")], 413)
    try:
        value = msgspec.json.decode(body)
        sent = value["frames"] if isinstance(value, dict) and set(value) == {"frames"} else None
        if not isinstance(sent, list) or not 0 < len(sent) <= MAX_POST_FRAMES:
            raise frames.BadFrame
        taken = [_checked(one) for one in sent]
    except (msgspec.DecodeError, UnicodeDecodeError, frames.BadFrame, RecursionError):
        return _answer(request, [frames.bye("bad_frame")], 400)

    async def nowhere(_: object) -> None:
        return None

    connection = Connection(
        edge.house,
        edge.hub,
        edge.rate,
        actor=found.actor,
        session_id=found.session_id,
        seats=seats,
        send=nowhere,
        end=nowhere,
    )
    return _answer(request, _within(await connection.exchange(taken)), 200)


def _checked(one: Any) -> frames.ClientFrame:
    if len(msgspec.json.encode(one)) > frames.MAX_FRAME_BYTES:
        raise frames.BadFrame
    return frames.from_value(one)


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


def _answer(request: Request[Any, Any, Any], collected: list[bytes], status: int) -> Response[bytes]:
    body = b'{"frames":[' + b",".join(collected) + b"]}"
    headers = {"cache-control": "no-store", "vary": "accept-encoding"}
    if "br" in request.headers.get("accept-encoding", "") and len(body) > 1024:
        body = brotli.compress(body, quality=BROTLI_QUALITY)
        headers["content-encoding"] = "br"
    return Response(body, status_code=status, media_type="application/json", headers=headers)
