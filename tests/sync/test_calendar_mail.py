"""A time mailed to oneself: over HTTP, by SMTP to a mail server that answers, and read as that server got it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from server.features.settings import Address, SettingsRow
from server.sync.client import Client
from tests.push.mail import MailHouse, mail_house
from tests.site import Site, running_site
from tests.sync.test_calendar_feed import ahead, plan, stamp, times

MARIA = "maria@skola.example"
TOLD_NOWHERE = re.compile(r"LOCATION|DESCRIPTION|ATTENDEE|ORGANIZER|URL|[Tt]ermin|\b(Elsa|Lena|Maria|Norra)\b")


@pytest.fixture
async def mail() -> AsyncIterator[MailHouse]:
    async with mail_house() as mail:
        yield mail


@pytest.fixture
async def site(sqlite_folder: Path, mail: MailHouse, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Site]:
    """A site that hands its mail to that server; Maria has confirmed her address."""
    for name, value in (("HOST", "127.0.0.1"), ("PORT", str(mail.port)), ("SECURITY", "none")):
        monkeypatch.setenv(f"SAMLED_SMTP_{name}", value)
    monkeypatch.setenv("SAMLED_SMTP_FROM", "Samled <no-reply@samled.example>")
    async with running_site(sqlite_folder) as site:
        confirmed = Address(address=MARIA, ask="x", asked_at="x", state="confirmed")
        account, id = site.world["maria"].account, site.world.stage.new_id()
        row = SettingsRow(id=id, owner_unit="", user=account, addresses={"email": confirmed})
        await site.world.stage.keep({account: [row]})
        yield site


async def mailed(client: Client, id: str) -> int:
    """Asks for the time by mail; the answer's status."""
    address = f"{client.origin}/calendar/meeting/{id}.ics"
    answer = await client._http.post(address, json={}, headers={"Origin": client.origin})
    return answer.status


def newest(mail: MailHouse) -> tuple[Any, str]:
    """The newest mail, and all that can be read in it."""
    to, message = mail.got[-1]
    assert to == MARIA == message["To"]
    parts: list[Any] = list(message.walk())
    whole = [f"{name}: {value}" for part in parts for name, value in part.items()]
    whole += [str(part.get_payload(decode=True), "utf-8") for part in parts if not part.is_multipart()]
    return message, "\n".join(whole)


async def test_the_file_comes_as_a_calendar_reads_it_and_says_only_when(site: Site, mail: MailHouse) -> None:
    lena, maria = await site.client("lena"), await site.client("maria")
    moved = ahead(site, 71, 9)
    term = await plan(lena, ahead(site, 70, 13))
    await maria.until(lambda: any(one["id"] == term for one in maria.copy.all("term_meeting")))
    for name, more, method, sequence in (
        ("term.move", {"starts_local": moved}, "PUBLISH", 1),
        ("term.cancel", {}, "CANCEL", 2),
    ):
        await lena.send(name, term_meeting=term, **more)
        assert await mailed(maria, term) == 204
        message, whole = newest(mail)
        text, attached = message.get_payload()
        assert (message["Subject"], message["From"]) == ("Samled", "Samled <no-reply@samled.example>")
        assert text.get_content_type() == "text/plain"
        assert attached.get_content_type() == "text/calendar" and attached.get_filename() == "tid.ics"
        # RFC 6047: without them a mail program reads another alphabet, and does not take a cancelled time away.
        assert (attached.get_param("charset"), attached.get_param("method")) == ("utf-8", method)
        file = str(attached.get_payload(decode=True), "utf-8")
        calendar = Calendar.from_ical(file)
        (event,) = calendar.walk("VEVENT")
        assert (calendar["METHOD"], event["UID"], event["SEQUENCE"]) == (method, f"{term}@samled", sequence)
        assert event["SUMMARY"] == "Möte" and times(file) == [stamp(moved)]
        assert (event["STATUS"] == "CANCELLED") == (method == "CANCEL")
        assert not TOLD_NOWHERE.search(whole)
    assert len({message["Message-ID"] for _, message in mail.got}) == 2


async def test_a_childs_meeting_is_mailed_to_nobody(site: Site, mail: MailHouse) -> None:
    maria = await site.client("maria")
    made = await maria.send(
        "meeting.propose", child=site.world.elsa, kind="network", starts_local=ahead(site, 20, 15), minutes=45,
        invited=[site.world.relations["anna"]], invite=True,
    )  # fmt: skip
    assert await mailed(maria, str(made["result"]["meeting"])) == 404
    assert mail.talks == 0


async def test_a_mail_server_that_says_no_is_told(site: Site, mail: MailHouse) -> None:
    lena, maria = await site.client("lena"), await site.client("maria")
    term = await plan(lena, ahead(site, 70, 13))
    await maria.until(lambda: any(one["id"] == term for one in maria.copy.all("term_meeting")))
    mail.answers = [550]
    assert await mailed(maria, term) == 409
    assert mail.got == []
    assert await mailed(maria, term) == 204
