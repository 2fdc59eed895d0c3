"""Phones that may be told things: each of the company's and some of the families', a few of them dead.

Their addresses are no push service's, so nothing is ever sent there. Those whom one signs in as have none but the dead
ones: they subscribe with the browser at hand.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta

from server.auth.sessions import start_session
from server.demo.play import Play
from server.demo.stage import Person
from server.domain.instants import to_text
from server.push import health
from server.storage.engine import Tx
from server.sync import notes

SUBSCRIBED = 150
DEAD = ("hanna", "elin", "tove", "petra")
"""Whose old phone is dead, of those with a name; two of the others' are as well."""
MORE_DEAD = 2
AT = "https://push.samled.example/"


async def phones(play: Play) -> None:
    """All subscriptions, made when everything else has happened."""
    dead = [play.people[key] for key in DEAD]
    known = {person.account for seats in play.personas.values() for person, _ in seats}
    others = [one for one in play.people.values() if one.account not in known and one not in dead]
    async with play.stage.house.engine.read() as tx:
        families = await tx.fetch(
            "SELECT account_id, min(id) FROM seat WHERE kind IN ('guardian', 'young_person') AND ended_at IS NULL"
            " GROUP BY account_id ORDER BY account_id"
        )
    unique = {one.account: one for one in others}
    for account, seat in families:
        if account not in known and len(dead) + len(unique) < SUBSCRIBED:
            unique[account] = await play.stage.person(account, seat)
    living = list(unique.values())[: SUBSCRIBED - len(dead)]
    dead += living[:MORE_DEAD]
    for n, who in enumerate((*dead, *living[MORE_DEAD:])):
        async with play.stage.house.engine.write() as tx:
            session = await _subscribed(play, tx, who, n, is_dead=n < len(dead))
        if n < len(dead):
            await notes.note_device(play.stage.house, who.actor, session)
            await health.note(play.stage.house, _name(who))


async def _subscribed(play: Play, tx: Tx, who: Person, n: int, *, is_dead: bool) -> str:
    """A session that is opened now and then, with its subscription; the session's id."""
    now, name = play.stage.clock.now(), _name(who)
    session = (await start_session(tx, who.actor, "Chrome · Android", now)).session_id
    later, since = to_text(now + timedelta(days=300)), to_text(now - timedelta(days=20 + n % 90))
    await tx.execute("UPDATE session SET idle_until = $2, absolute_until = $2 WHERE id = $1", session, later)
    await tx.execute(
        "INSERT INTO push_subscription (id, account_id, seat_id, session_id, endpoint, p256dh, auth, lang, created_at,"
        " confirm_token, confirmed_at, last_ok_at, dead_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $9, $9, $11)",
        name,
        who.account,
        who.seat,
        session,
        AT + name,
        "B" + name.replace("-", "") * 2,
        name.replace("-", "")[:22],
        who.actor.lang or "sv",
        since,
        f"demo-{name}",
        to_text(now - timedelta(days=3)) if is_dead else None,
    )
    return session


def _name(who: Person) -> str:
    hashed = hashlib.sha256(who.account.encode()).hexdigest()
    return f"{hashed[:8]}-{hashed[8:12]}-7{hashed[13:16]}-8{hashed[17:20]}-{hashed[20:32]}"
