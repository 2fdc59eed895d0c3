"""The push edge: the key to subscribe with, and what a service worker reports back. Nothing here needs a session.

A service worker speaks with a token or an id that only a push through that very subscription can have brought it.
"""

from collections.abc import Iterable
from typing import Annotated

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody
from pydantic import BaseModel, ConfigDict, StringConstraints

from server.clock import Clock
from server.domain.instants import to_text
from server.push import subscriptions
from server.push.keys import PushKey
from server.storage.engine import Engine

NO_STORE = {"cache-control": "no-store"}


class Confirm(BaseModel):
    """The token that a first push brought."""

    model_config = ConfigDict(extra="forbid", strict=True)

    token: Annotated[str, StringConstraints(min_length=8, max_length=64)]


class Seen(BaseModel):
    """The delivery that was shown."""

    model_config = ConfigDict(extra="forbid", strict=True)

    id: Annotated[str, StringConstraints(min_length=36, max_length=36)]


def push_routes(engine: Engine, clock: Clock, key: PushKey, channels: Iterable[str] = ()) -> list[HTTPRouteHandler]:
    """`GET /push/key`, `POST /push/confirm`, `POST /push/seen`."""

    offered = sorted(channels)

    @get("/push/key", sync_to_thread=False)
    def push_key() -> Response[dict[str, str | list[str]]]:
        return Response({"key": key.public, "channels": offered}, headers=NO_STORE)

    @post("/push/confirm", status_code=204)
    async def push_confirm(data: JSONBody[Confirm]) -> None:
        async with engine.write() as tx:
            await subscriptions.confirm(tx, data.token, to_text(clock.now()))

    @post("/push/seen", status_code=204)
    async def push_seen(data: JSONBody[Seen]) -> None:
        async with engine.write() as tx:
            await subscriptions.seen(tx, data.id, to_text(clock.now()))

    return [push_key, push_confirm, push_seen]
