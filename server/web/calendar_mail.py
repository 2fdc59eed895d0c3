"""One time mailed to the person themselves, as a file for their calendar: to their confirmed address and nowhere else.

Professionals only, and only what their own calendar may hold; the message and the file say no more than when.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import msgspec
from litestar import Request

from server.auth.limits import Limit, over
from server.auth.sessions import signed_in
from server.errors import Refused
from server.features.settings import SettingsRow
from server.ids import new_id
from server.push.channels import Channel
from server.push.channels.email import Email
from server.push.channels.fault import ChannelFault
from server.push.channels.logged import Logging
from server.storage.engine import Tx
from server.storage.read import records_of
from server.sync.calendars import own_time
from server.sync.house import House
from server.texts import N_, Texts
from server.web.ics import CalendarEvent, render_calendar

AT_MOST = Limit(10, 3600)
"""Mails that one account may ask for in an hour."""
TEXT = N_("Here is the time you asked for. Open the file to put it in your calendar.")


class CalendarMail:
    """Bound to the house, its mail server if it has one, and the name of the session's cookie."""

    def __init__(self, house: House, channel: Channel | None, cookie: str) -> None:
        self._house, self._cookie = house, cookie
        self._channel = channel if isinstance(channel, Email | Logging) else None

    async def __call__(self, request: Request[Any, Any, Any], id: str) -> None:
        """Sends it. Refuses `not_found`, `conflict` without a confirmed address or a mail server, `rate_limited`."""
        house, token = self._house, request.cookies.get(self._cookie)
        now = house.clock.now()
        session = await signed_in(house.engine, token, now)
        if session is None or session.ended is not None:
            raise Refused("not_signed_in")
        found = await own_time(house, token, id) if session.actor.is_professional else None
        if found is None:
            raise Refused("not_found")
        entry, actor = found
        async with house.engine.write() as tx:
            address = await _address(tx, actor.account)
            wait = await over(tx, f"mail/{actor.account}", AT_MOST, now) if address else 0
        if address is None or self._channel is None:
            raise Refused("conflict", data={"without": "address" if self._channel else "mail"})
        if wait:
            raise Refused("rate_limited")
        body = render_calendar([CalendarEvent(**asdict(entry))], actor.lang, now)
        try:
            text = Texts(actor.lang).gettext(TEXT)
            await self._channel.send(address, text, id=new_id(now), lang=actor.lang, calendar=body)
        except ChannelFault:
            raise Refused("conflict", data={"without": "answer"}) from None


async def _address(tx: Tx, account: str) -> str | None:
    """Where the person has said that e-mail reaches them, and has shown it."""
    rows = (row for row in await records_of(tx, [account]) if row.entity == SettingsRow.entity)
    return next((msgspec.json.decode(row.body, type=SettingsRow).confirmed("email") for row in rows), None)
