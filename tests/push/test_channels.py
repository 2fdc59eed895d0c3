"""E-mail and SMS: a real server on this machine; what may pass is tried again, what is for good is not."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from server import app as composition
from server.push import payload
from server.push.channels.email import Email, MailServer
from server.push.channels.fault import ChannelFault
from server.push.channels.logged import Logging
from server.push.channels.sms import HttpSms, Supplier
from server.settings import Settings
from server.texts import LANGUAGES
from tests.clock import FrozenClock
from tests.ports import free_port
from tests.push.mail import MailHouse, TextHouse, mail_house, text_house

TEXT = "Hej! Öppna Samled."


@pytest.fixture
async def mail() -> AsyncIterator[MailHouse]:
    async with mail_house() as house:
        yield house


@pytest.fixture
async def texts() -> AsyncIterator[TextHouse]:
    async with text_house() as house:
        yield house


def email_to(house: MailHouse) -> Email:
    return Email(MailServer("127.0.0.1", house.port, "none", "no-reply@samled.example"), FrozenClock())


async def test_a_mail_says_nothing_but_the_text(mail: MailHouse, clock: FrozenClock) -> None:
    await email_to(mail).send("anna@example.org", TEXT, id="some-id", lang="sv")
    ((to, got),) = mail.got
    assert to == "anna@example.org" and mail.to(to) == [TEXT + "\n"]
    assert {name.lower() for name in got} == {
        *("from", "to", "subject", "date", "message-id", "auto-submitted", "content-language"),
        *("content-type", "content-transfer-encoding", "mime-version"),
    }
    assert (got["subject"], got["from"]) == ("Samled", "Samled <no-reply@samled.example>")
    assert (got["message-id"], got["auto-submitted"]) == ("<some-id@samled.example>", "auto-generated")


@pytest.mark.parametrize(
    ("answer", "permanent"),
    [(550, True), (553, True), (450, False), (421, False), (("data", 554), True), (("data", 452), False)],
)
async def test_what_a_mail_server_answers(mail: MailHouse, answer: int | tuple[str, int], permanent: bool) -> None:
    mail.answers = [answer]
    with pytest.raises(ChannelFault) as caught:
        await email_to(mail).send("anna@example.org", TEXT, id="i", lang="sv")
    assert caught.value.permanent is permanent and mail.got == []
    assert caught.value.__cause__ is None and "anna" not in str(caught.value)


async def test_a_mail_server_that_is_not_there_is_tried_again() -> None:
    channel = Email(MailServer("127.0.0.1", free_port(), "none", "a@b.example"), FrozenClock())
    with pytest.raises(ChannelFault) as caught:
        await channel.send("anna@example.org", TEXT, id="i", lang="sv")
    assert not caught.value.permanent


async def test_without_starttls_nothing_is_sent(mail: MailHouse) -> None:
    channel = Email(MailServer("127.0.0.1", mail.port, "starttls", "a@b.example"), FrozenClock())
    with pytest.raises(ChannelFault) as caught:
        await channel.send("anna@example.org", TEXT, id="i", lang="sv")
    assert not caught.value.permanent and mail.got == []


async def test_a_text_goes_to_the_supplier(texts: TextHouse, clock: FrozenClock) -> None:
    channel = HttpSms(Supplier(texts.url, "a-secret", "Samled"), clock.now)
    await channel.send("+46701740605", TEXT, id="some-id", lang="sv")
    assert texts.got == [{"id": "some-id", "to": "+46701740605", "from": "Samled", "text": TEXT}]
    for status, permanent in (
        (400, True),
        (404, True),
        (401, False),
        (403, False),
        (429, False),
        (503, False),
        (307, True),
    ):
        texts.answers = [status]
        with pytest.raises(ChannelFault) as caught:
            await channel.send("+46701740605", TEXT, id="i", lang="sv")
        assert caught.value.permanent is permanent, status
    assert len(texts.got) == 1
    await channel.close()


async def test_the_logging_one_says_neither_whom_nor_what(capsys: pytest.CaptureFixture[str]) -> None:
    await Logging("sms").send("+46701740605", TEXT, id="some-id", lang="sv")
    said = capsys.readouterr().out
    assert "message_logged" in said
    assert all(secret not in said for secret in ("0701740605", "46701740605", TEXT, "some-id"))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_message_says_where_to_read_and_nothing_of_what(lang: str) -> None:
    told = {
        payload.message(kind=kind, lang=lang, origin="https://samled.example", urgent=urgent, long=long)
        for kind in ("meeting_day", "meeting_cancelled", "consent_asked", "waiting_worse", "anything")
        for urgent in (True, False)
        for long in (True, False)
    }
    assert len(told) == 6  # three texts, short and long
    assert all("https://samled.example/" in one and "/n/" not in one for one in told)
    assert all(len(one) <= 160 for one in told if "\n" not in one)
    assert "012345" in payload.code_message(code="012345", lang=lang)


def test_only_what_is_set_up_is_offered_and_the_demonstration_sends_nothing(tmp_path: Path) -> None:
    def channels(**more: Any) -> dict[str, str]:
        parts = composition.build_parts(Settings(data=tmp_path, **more), FrozenClock())
        return {name: type(one).__name__ for name, one in parts.means.channels.items()}

    assert channels() == {}
    assert channels(demo=True) == {"email": "Logging", "sms": "Logging"}
    assert channels(smtp_host="localhost", smtp_from="a@b.example") == {"email": "Email"}
    assert channels(sms_url="https://sms.example/x", sms_token="t") == {"sms": "HttpSms"}
    for unsafe in ({"sms_url": "http://sms.example/x", "sms_token": "t"}, {"sms_url": "https://sms.example/x"}):
        with pytest.raises(ValidationError):
            Settings(data=tmp_path, **unsafe)


def test_codes_are_six_digits_by_chance_and_known_only_in_the_demonstration(tmp_path: Path) -> None:
    made = composition.build_parts(Settings(data=tmp_path), FrozenClock()).means.make_code
    codes = {made() for _ in range(200)}
    assert len(codes) > 190 and all(re.fullmatch(r"\d{6}", code) for code in codes)
    assert composition.build_parts(Settings(data=tmp_path, demo=True), FrozenClock()).means.make_code() == "123456"
