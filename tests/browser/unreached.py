"""What the house notes after hours of trying: somebody in a family who was not reached. Written while the server rests."""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from server import app as composition
from server.ids import new_id
from server.settings import Settings
from server.sync import push
from tests.browser.house import Others, Server


@dataclass(frozen=True)
class Missed:
    """About which meeting, and what Maria was told of it."""

    meeting: str
    notice: str


def miss(server: Server) -> Missed:
    """Anna has not been reached about Maria's coming meeting. The server is stopped for it, and started again."""
    with Others(server.origin) as people:
        meetings = people.documents("maria", "meeting")
        own = {one["id"] for one in people.documents("anna", "meeting")}
        meeting = next(one for one in meetings if one["id"] in own and one["state"] in ("invited", "confirmed"))
        relation = next(one["who"] for one in meeting["answers"] if one["kind"] == "guardian")
        # What has been opened counts as reached: this one has not, whoever it is for.
        notices = [one for persona in ("anna", "omar", "maria") for one in people.documents(persona, "notice")]
        notice = next(one["id"] for one in notices if not one.get("read"))
    server.stop()
    with ThreadPoolExecutor(1) as aside:  # Playwright runs a loop of its own in this thread
        aside.submit(lambda: asyncio.run(_mark(server, meeting["child"], relation, meeting["id"], notice))).result()
    server.start()
    with Others(server.origin) as people:
        told = next(one["id"] for one in people.documents("maria", "notice") if one["kind"] == "not_reached")
    return Missed(meeting["id"], told)


async def _mark(server: Server, child: str, relation: str, meeting: str, notice: str) -> None:
    parts = composition.build_parts(Settings(port=server.port, data=server.data, demo=True))
    async with composition.running(parts):
        async with parts.engine.read() as tx:
            account = json.loads(await tx.fetch_value("SELECT body FROM record WHERE id = $1", relation))["account"]
        seed = new_id(parts.house.clock.now())
        args = {"child": child, "account": account, "notice": notice, "about": "meeting", "doc": meeting}
        command = parts.house.registry.commands["unreached.mark"]
        await push.act(parts.house, command.model_validate({**args, "kind": "meeting_invited"}), seed)
