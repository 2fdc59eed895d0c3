"""E-mail: one short neutral message to a confirmed address. The same message sent again has the same id."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import format_datetime, formataddr, parseaddr
from typing import Literal

import aiosmtplib

from server import metrics
from server.clock import Clock
from server.push.channels.fault import ChannelFault

TIMEOUT_S = 15.0
_METHOD = re.compile(rb"^METHOD:([A-Z]+)\r?$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed over. `sender` is an address, with or without a name before it."""

    host: str
    port: int
    security: Literal["starttls", "tls", "none"]
    sender: str
    user: str | None = None
    password: str | None = field(default=None, repr=False)


class Email:
    """Hands mail to one server."""

    def __init__(self, server: MailServer, clock: Clock) -> None:
        self._server, self._clock = server, clock

    async def send(self, address: str, text: str, *, id: str, lang: str, calendar: bytes | None = None) -> None:
        """Returns when the server has taken it, with a calendar file if one is given. Raises `ChannelFault`."""
        server = self._server
        try:
            await aiosmtplib.send(
                self._message(address, text, id, lang, calendar),
                hostname=server.host,
                port=server.port,
                username=server.user,
                password=server.password,
                use_tls=server.security == "tls",
                start_tls=server.security == "starttls",
                timeout=TIMEOUT_S,
            )
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            fault = fault_of(error)
            metrics.message("email", "failed" if fault.permanent else "put_off")
            raise fault from None  # the error's own text names the address
        metrics.message("email", "sent")

    async def close(self) -> None:
        """Nothing is kept open."""

    def _message(self, address: str, text: str, id: str, lang: str, calendar: bytes | None = None) -> EmailMessage:
        name, sender = parseaddr(self._server.sender)
        message = EmailMessage()
        message["From"] = formataddr((name or "Samled", sender))
        message["To"] = address
        message["Subject"] = "Samled"
        message["Date"] = format_datetime(self._clock.now())
        message["Message-ID"] = f"<{id}@{sender.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(text)
        message["Content-Language"] = lang
        if calendar is not None:
            # RFC 6047: without these a mail program reads another alphabet, and leaves a cancelled time where it is.
            method = _METHOD.search(calendar)
            params = {"charset": "utf-8", "method": method[1].decode() if method else "PUBLISH"}
            message.add_attachment(calendar, maintype="text", subtype="calendar", filename="tid.ics", params=params)
        return message


def fault_of(error: Exception) -> ChannelFault:
    """For good only when the server refuses this very receiver or message (5xx); any other trouble may pass."""
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        codes = [one.code for one in error.recipients]
        code = codes[0] if codes else 0
        return ChannelFault(permanent=code >= 500, status=code)
    if isinstance(error, aiosmtplib.SMTPRecipientRefused | aiosmtplib.SMTPDataError):
        return ChannelFault(permanent=error.code >= 500, status=error.code)
    status = error.code if isinstance(error, aiosmtplib.SMTPResponseException) else 0
    return ChannelFault(permanent=False, status=status)
