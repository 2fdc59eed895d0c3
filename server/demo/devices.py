"""What devices tell without being asked: that they hold something, that somebody opened it, that it is erased."""

from __future__ import annotations

from server.auth.sessions import start_session
from server.demo.stage import Person, Stage
from server.domain.instants import to_text
from server.sync import notes, pull
from server.sync.frames import DroppedFrame, Hello, ReadFrame
from server.sync.push import Replica


async def device(stage: Stage, who: Person, label: str) -> Replica:
    """A device on which that person is signed in, and which holds what they may see."""
    now, id = stage.clock.now(), stage.new_id()
    async with stage.house.engine.write() as tx:
        session = (await start_session(tx, who.actor, label, now)).session_id
    hello = Hello(1, 1, who.seat, id, {}, None, who.actor.lang)
    await pull.register_replica(stage.house.engine, who.actor, session, hello, now)
    await notes.note_device(stage.house, who.actor, session)
    return Replica(id, session)


async def opened(stage: Stage, who: Person, entity: str, doc: str) -> None:
    """That person opened a document; around a child the family is shown which unit looked."""
    at = to_text(stage.clock.now())
    await notes.note_read(stage.house, who.actor, "", ReadFrame(stage.new_id(), entity, doc, at))


async def erased(stage: Stage, held: Replica, scope: str) -> None:
    """A device confirms that it has erased what it held of a scope."""
    await notes.note_dropped(stage.house, held, DroppedFrame((scope,)))
