"""How each person is told: by device, e-mail or text as they chose, by the next way when none answers, and "not reached"."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from server.features.settings import SettingsRow
from server.push import fallback
from server.push.wanted import settings_of
from tests.clock import FrozenClock
from tests.conftest import Place
from tests.push.house import PushHouse, push_house
from tests.push.mail import MailHouse, TextHouse, mail_house, text_house
from tests.push.test_saying import at, count, newest, times

ANNA_MAIL, ANNA_PHONE = "anna@example.org", "+46701740605"


@dataclass
class Ways:
    """A house with a mail server and a supplier of texts."""

    house: PushHouse
    mail: MailHouse
    texts: TextHouse

    async def give(self, who: str, channel: str, address: str, typed: str = "") -> None:
        """Gives and confirms an address, with the code that came there."""
        came = self.mail if channel == "email" else self.texts
        before = len(came.to(address))
        await self.house.act(who, "settings.give_address", channel=channel, address=typed or address)
        await self.house.tick()
        code = re.search(r"\d{6}", came.to(address)[before])
        assert code is not None
        done = await self.house.act(who, "settings.confirm_address", channel=channel, code=code.group())
        assert done == {"confirmed": True, "left": 5}
        came.got.clear()

    async def settings(self, who: str) -> SettingsRow:
        account = self.house.world[who].account
        async with self.house.parts.engine.read() as tx:
            return (await settings_of(tx, [account]))[account]

    async def unreached(self) -> list[dict[str, Any]]:
        """What Elsa's coordinators see."""
        async with self.house.parts.engine.read() as tx:
            rows = await tx.fetch(
                "SELECT f.doc, s.name FROM feed f JOIN scope s ON s.id = f.scope_id"
                " WHERE f.entity = 'unreached' AND f.doc IS NOT NULL"
            )
        assert {name for _, name in rows} <= {
            f"child:{self.house.world.elsa}:coordinator:{self.house.world.units['school']}"
        }
        return [json.loads(doc) for doc, _ in rows]


@pytest.fixture
async def ways(place: Place, tmp_path: Path, clock: FrozenClock) -> AsyncIterator[Ways]:
    async with mail_house() as mail, text_house() as texts:
        more = {"smtp_host": "127.0.0.1", "smtp_port": mail.port, "smtp_security": "none",
                "smtp_from": "no-reply@samled.example", "sms_url": texts.url, "sms_token": "a-secret"}  # fmt: skip
        async with push_house(place["data"] or tmp_path / "files", place["database_url"], clock, **more) as house:
            yield Ways(house, mail, texts)


async def test_a_kind_comes_by_mail_or_text_as_chosen_and_says_nothing(ways: Ways) -> None:
    anna = await ways.house.device("anna")
    await ways.give("anna", "email", ANNA_MAIL)
    await ways.give("anna", "sms", ANNA_PHONE, typed="070-174 06 05")
    await ways.house.act("anna", "settings.change", kinds={"meeting_invited": "email", "meeting_week": "sms"})
    await ways.house.meeting("2026-09-21T13:00", title="Kanarietitel", place="Kanarieplats")
    await ways.house.tick()
    (mail,) = ways.mail.to(ANNA_MAIL)
    assert mail.startswith("Du har något inbokat. Öppna för att se mer.\n\nhttp://localhost")
    assert anna.taken == []
    await ways.house.act("anna", "notice.read", notice=await newest(ways.house, "anna"))
    await ways.house.through(at("2026-09-14 09:00"))
    assert len(ways.texts.to(ANNA_PHONE)) == 1 and len(ways.texts.to(ANNA_PHONE)[0]) <= 160
    everything = f"{ways.mail.got} {[m.as_string() for _, m in ways.mail.got]} {ways.texts.got}"
    assert all(canary not in everything for canary in ("Kanarie", "Elsa", "Maria", "Anna ", "meeting"))


async def test_an_address_that_is_not_confirmed_is_never_written_to_but_for_its_code(ways: Ways) -> None:
    anna = await ways.house.device("anna")
    await ways.house.act("anna", "settings.give_address", channel="email", address=ANNA_MAIL)
    await ways.house.act("anna", "settings.change", kinds={"meeting_invited": "email"})
    await ways.house.tick()
    assert len(ways.mail.got) == 1
    wrong = await ways.house.act("anna", "settings.confirm_address", channel="email", code="000000")
    assert wrong["confirmed"] is False or wrong == {"confirmed": True, "left": 5}
    if not wrong["confirmed"]:
        await ways.house.meeting("2026-09-21T13:00")
        await ways.house.tick()
        assert len(anna.taken) == 1 and len(ways.mail.got) == 1


async def test_a_code_is_kept_only_as_a_hash_and_comes_again_after_a_fault(ways: Ways) -> None:
    ways.mail.answers = [451]
    await ways.house.act("anna", "settings.give_address", channel="email", address=ANNA_MAIL)
    await ways.house.tick()
    assert ways.mail.got == []
    await ways.house.through(ways.house.clock.now() + timedelta(minutes=1))
    (text,) = ways.mail.to(ANNA_MAIL)
    code = re.search(r"\d{6}", text)
    assert code is not None
    async with ways.house.parts.engine.read() as tx:
        kept = [str(await tx.fetch(f"SELECT * FROM {table}")) for table in ("record", "feed", "reminder", "delivery")]
    assert all(code.group() not in re.sub(r"[0-9a-f-]{32,}", "", one) for one in kept)
    assert (await ways.house.act("anna", "settings.confirm_address", channel="email", code=code.group()))["confirmed"]


async def test_an_address_that_is_refused_is_shown_as_failed(ways: Ways) -> None:
    ways.mail.answers = [550]
    await ways.house.act("anna", "settings.give_address", channel="email", address=ANNA_MAIL)
    await ways.house.tick()
    assert (await ways.settings("anna")).addresses["email"].state == "failed"


async def test_quiet_hours_hold_for_mail_and_a_code_comes_at_once(ways: Ways) -> None:
    ways.house.clock.set(at("2026-09-01 21:30"))
    await ways.give("anna", "email", ANNA_MAIL)
    await ways.house.act("anna", "settings.change", kinds={"meeting_invited": "email"})
    await ways.house.meeting("2026-09-21T13:00")
    await ways.house.through(at("2026-09-02 06:59"))
    assert ways.mail.got == []
    await ways.house.through(at("2026-09-02 07:00"))
    assert len(ways.mail.got) == 1


async def test_what_no_device_has_shown_comes_by_mail_and_if_that_is_refused_by_text(ways: Ways) -> None:
    anna = await ways.house.device("anna")
    await ways.give("anna", "email", ANNA_MAIL)
    await ways.give("anna", "sms", ANNA_PHONE)
    begun = ways.house.clock.now()
    await ways.house.meeting("2026-09-21T13:00", invited=("anna",))
    await ways.house.through(begun + timedelta(minutes=119))
    assert len(anna.taken) == 1 and ways.mail.got == []  # accepted by the service; not more
    ways.mail.answers = [550]
    await ways.house.through(begun + timedelta(minutes=121))
    assert ways.mail.got == [] and ways.texts.got == []
    await ways.house.through(begun + timedelta(minutes=130))
    assert len(ways.texts.to(ANNA_PHONE)) == 1
    await ways.house.through(begun + timedelta(minutes=180))
    assert (len(ways.mail.got), len(ways.texts.got), len(anna.taken)) == (0, 1, 1)
    assert await ways.unreached() == []


async def test_a_device_that_waits_as_its_service_asked_is_not_told_on_top_of_the_mail(ways: Ways) -> None:
    anna = await ways.house.device("anna")
    await ways.give("anna", "email", ANNA_MAIL)
    anna.got.clear()
    anna.answers = [(429, {"retry-after": "10800"})]
    begun = ways.house.clock.now()
    await ways.house.meeting("2026-09-21T13:00", invited=("anna",))
    await ways.house.through(begun + timedelta(minutes=125))
    assert len(ways.mail.to(ANNA_MAIL)) == 1
    await ways.house.meeting("2026-09-22T13:00", invited=("anna",))
    await ways.house.through(begun + timedelta(minutes=179))
    assert len(anna.got) == 1  # nor anything else in the pause
    await ways.house.through(begun + timedelta(minutes=200))
    assert len(anna.taken) == 1 and len(ways.mail.got) == 1


async def test_what_a_device_has_shown_or_the_person_has_read_goes_no_further(ways: Ways) -> None:
    anna = await ways.house.device("anna")
    await ways.give("anna", "email", ANNA_MAIL)
    await ways.house.meeting("2026-09-21T13:00", invited=("anna",))
    await ways.house.tick()
    await ways.house.seen(anna)
    await ways.house.meeting("2026-09-22T13:00", invited=("anna",))
    await ways.house.tick()
    await ways.house.act("anna", "notice.read", notice=await newest(ways.house, "anna"))
    await ways.house.through(ways.house.clock.now() + timedelta(hours=5))
    assert ways.mail.got == [] and await ways.unreached() == []


async def test_what_is_urgent_goes_on_sooner(ways: Ways) -> None:
    await ways.house.device("anna")
    await ways.give("anna", "email", ANNA_MAIL)
    meeting = await ways.house.meeting("2026-09-01T17:00", invited=("anna",))
    await ways.house.tick()
    ways.mail.got.clear()
    begun = ways.house.clock.now()
    await ways.house.act("maria", "meeting.cancel", meeting=meeting)
    await ways.house.through(begun + timedelta(minutes=14))
    assert ways.mail.got == []
    await ways.house.through(begun + timedelta(minutes=16))
    assert len(ways.mail.to(ANNA_MAIL)) == 1


async def test_whom_no_way_reaches_is_shown_to_those_on_duty_until_they_open_it(ways: Ways) -> None:
    anna, omar = await ways.house.device("anna"), await ways.house.device("omar")
    meeting = await ways.house.meeting("2026-09-21T13:00")
    await ways.house.tick()
    await ways.house.seen(omar)
    told = await count(ways.house, "maria", "not_reached")
    await ways.house.through(ways.house.clock.now() + timedelta(hours=2, minutes=5))
    (shown,) = await ways.unreached()
    assert (shown["relation"], shown["about"], shown["doc"]) == (ways.house.world.relations["anna"], "meeting", meeting)
    assert (shown["name"], shown["kind"]) == ("Anna", "meeting_invited") or shown["kind"] == "meeting_invited"
    assert await count(ways.house, "maria", "not_reached") == told + 1
    async with ways.house.parts.engine.read() as tx:
        device = json.loads(
            await tx.fetch_value("SELECT body FROM record WHERE id = $1", ways.house.sessions[anna.name])
        )
    assert (device["push"], device["unanswered_since"]) == ("ok", "2026-09-01")
    assert await fallback.settle(ways.house.parts.house) == 0
    await ways.house.act("anna", "notice.read", notice=await newest(ways.house, "anna"))
    assert await fallback.settle(ways.house.parts.house) == 1
    assert await ways.unreached() == []


async def test_nobody_is_called_unreached_who_wants_no_sound_or_of_what_does_not_matter(ways: Ways) -> None:
    await ways.house.act("anna", "settings.change", kinds={"meeting_invited": "in_app"})
    await ways.house.meeting("2026-09-21T13:00", invited=("anna",))
    await ways.house.through(ways.house.clock.now() + timedelta(hours=5))
    assert await ways.unreached() == []


async def test_without_any_device_the_next_way_is_taken_at_once(ways: Ways) -> None:
    await ways.give("anna", "email", ANNA_MAIL)
    await ways.house.meeting("2026-09-21T13:00", invited=("anna",))
    await ways.house.through(ways.house.clock.now() + timedelta(minutes=1))
    assert len(ways.mail.to(ANNA_MAIL)) == 1


async def test_who_has_no_way_at_all_has_time_to_open_it_and_a_call_settles_it(ways: Ways) -> None:
    await ways.house.meeting("2026-09-21T13:00", invited=("anna",))
    await ways.house.through(ways.house.clock.now() + timedelta(minutes=119))
    assert await ways.unreached() == []
    await ways.house.through(ways.house.clock.now() + timedelta(minutes=2))
    (shown,) = await ways.unreached()
    await ways.house.act("maria", "unreached.settle", unreached=shown["id"])
    assert await ways.unreached() == []


async def test_professionals_hear_nothing_on_days_off_but_what_is_urgent_and_nothing_is_lost(ways: Ways) -> None:
    maria, anna = await ways.house.device("maria"), await ways.house.device("anna")
    ways.house.clock.set(at("2026-12-23 20:30"))  # after which come three days off and a weekend
    meeting = await ways.house.meeting("2027-01-20T13:00", invited=("anna",))
    await ways.house.tick()
    before = len(anna.taken)
    await ways.house.act("anna", "meeting.ask_new_time", meeting=meeting)
    await ways.house.through(at("2026-12-24 07:00"))
    await ways.house.seen(anna)
    await ways.house.through(at("2026-12-28 06:59"))
    assert maria.taken == [] and len(anna.taken) > before
    await ways.house.through(at("2026-12-28 07:00"))
    assert times(maria) == ["12-28 06:00"]
    await ways.house.act("maria", "settings.change", quiet_weekends=False)
    await ways.house.act("anna", "settings.change", quiet_weekends=True)
    ways.house.clock.set(at("2027-01-02 12:00"))
    await ways.house.act("anna", "meeting.ask_new_time", meeting=meeting)
    await ways.house.tick()
    assert len(maria.taken) == 2


async def test_news_of_a_change_is_said_in_place_of_the_older_news(ways: Ways) -> None:
    anna = await ways.house.device("anna")
    ways.house.clock.set(at("2026-09-01 21:30"))
    meeting = await ways.house.meeting("2026-09-21T13:00", invited=("anna",))
    ways.house.clock.set(at("2026-09-01 22:00"))
    await ways.house.tick()
    await ways.house.act("maria", "meeting.move", meeting=meeting, starts_local="2026-09-21T13:00", place="Rum 2")
    await ways.house.through(at("2026-09-02 07:30"))
    assert len(anna.taken) == 1
    assert await count(ways.house, "anna", "meeting_invited") == await count(ways.house, "anna", "meeting_moved") == 1
    await ways.house.through(at("2026-09-21 14:00"))
    assert len(anna.taken) >= 4  # the reminders stay: the time is the same


async def test_a_device_answers_a_check_and_is_well_again(ways: Ways) -> None:
    anna = await ways.house.device("anna")
    await ways.house.meeting("2026-09-21T13:00", invited=("anna",))
    await ways.house.through(ways.house.clock.now() + timedelta(hours=2, minutes=5))
    effect, actor = ways.house.parts.house.effects["push.check"], ways.house.world["anna"].actor
    now = ways.house.clock.now()
    for sent in (True, True):
        async with ways.house.parts.engine.write() as tx:
            told = await effect(
                tx,
                actor,
                {"session": ways.house.sessions[anna.name]},
                now.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            )
        assert told == {"sent": sent}
    await ways.house.tick()
    assert len(anna.tokens) == 2 and anna.tokens[0] != anna.tokens[1]  # one a minute
    await ways.house.echo(anna)
    await ways.house.tick()
    async with ways.house.parts.engine.read() as tx:
        device = json.loads(
            await tx.fetch_value("SELECT body FROM record WHERE id = $1", ways.house.sessions[anna.name])
        )
    assert (device["push"], device["confirmed_on"], device.get("unanswered_since")) == ("ok", "2026-09-01", None)
    async with ways.house.parts.engine.write() as tx:
        assert await effect(tx, actor, {"session": "none"}, "2026-09-01T12:00:00.000Z") == {"sent": False}
