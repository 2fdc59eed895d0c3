"""The calendar subscription over HTTP: what each capacity gets, and when the address leads nowhere."""

from __future__ import annotations

import re
from datetime import timedelta
from types import SimpleNamespace

import aiohttp
import pytest

from server import errors as server_errors
from server.auth.tokens import hash_token
from server.domain.instants import wall_text
from server.features.settings import Address, SettingsRow
from server.push.channels.logged import Logging
from server.sync.client import Client, Refused
from server.web.calendar_mail import CalendarMail
from tests.site import Site


async def fetch(address: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as http, http.get(address) as answer:
        return answer.status, await answer.text()


async def subscribe(client: Client) -> str:
    answer = await client.send("calendar.open")
    return str(answer["result"]["address"])


def times(text: str) -> list[str]:
    return re.findall(r"DTSTART;TZID=Europe/Stockholm:(\S+)", text)


def ahead(site: Site, days: int, hour: int) -> str:
    """Wall time so many days from today."""
    now = site.parts.house.clock.now()
    return wall_text(now + timedelta(days=days))[:11] + f"{hour:02}:00"


def stamp(wall: str) -> str:
    return wall.replace("-", "").replace(":", "") + "00"


async def plan(client: Client, starts: str) -> str:
    made = await client.send("term.plan", term="VT 2027", starts_local=starts, required_functions=["counsellor"])
    return str(made["result"]["term_meeting"])


async def test_staff_get_term_meetings_consultations_and_own_times_and_nothing_about_a_child(site: Site) -> None:
    lena, maria, jonas = [await site.client(name) for name in ("lena", "maria", "jonas")]
    days = [ahead(site, 60, 10), ahead(site, 61, 10), ahead(site, 70, 13)]
    first, second, meeting = map(stamp, days)
    term = await plan(lena, days[2])
    offered = [{"starts_local": day, "minutes": 30} for day in days[:2]]
    made = await jonas.send("slot.publish", times=offered, mode="phone", topics=["sleep"], phone="+46313900601")
    slots = list(made["result"]["slots"])
    await maria.until(lambda: {one["id"] for one in maria.copy.all("slot")} >= set(slots))
    made = await maria.send("slot.book", slot=slots[0], topic="sleep", age_band="13-15", question="Hur?")
    booking = made["result"]["booking"]
    await maria.until(lambda: any(one["id"] == term for one in maria.copy.all("term_meeting")))
    mine, his, leads = [await fetch(await subscribe(one)) for one in (maria, jonas, lena)]
    assert [status for status, _ in (mine, his, leads)] == [200, 200, 200]
    assert times(mine[1]) == [first, meeting] and f"{booking}@samled" in mine[1]
    assert times(his[1]) == [first, second] and f"{slots[0]}@samled" in his[1]
    assert times(leads[1]) == [meeting]
    for _, text in (mine, his, leads):
        assert set(re.findall(r"SUMMARY:(.*)\r", text)) == {"Möte"}
        assert not re.search(r"LOCATION|DESCRIPTION|ATTENDEE|ORGANIZER|URL|Elsa|sleep|Hur", text)


async def test_an_open_hour_stands_with_its_consultant_and_with_those_in_line(site: Site) -> None:
    jonas, maria, elin = [await site.client(name) for name in ("jonas", "maria", "elin")]
    args = {"weekday": 3, "at": "13:00", "minutes": 60, "mode": "phone", "topics": ["sleep"], "phone": "0313900601"}
    hour = str((await jonas.send("open_hour.open", **args))["result"]["open_hour"])
    await maria.until(lambda: any(one["id"] == hour for one in maria.copy.all("open_hour")))
    session = next(one for one in maria.copy.all("open_hour") if one["id"] == hour)["session_on"]
    joined = await maria.send("open_hour.join", open_hour=hour, topic="sleep", age_band="13-15", question="Hur?")
    place = joined["result"]["open_hour_place"]
    his, mine, hers = [await subscribe(one) for one in (jonas, maria, elin)]

    def told(text: str) -> list[tuple[str, ...]]:
        return re.findall(r"DTSTART\S+:(\S+)\r(?:.|\n)*?UID:(\S+)@samled\r\nSEQUENCE:(\d)(?:.|\n)*?STATUS:(\w+)", text)

    at = f"{session.replace('-', '')}T130000"
    texts = [(await fetch(one))[1] for one in (his, mine, hers)]
    assert told(texts[0]) == [(at, f"{hour}-{session}", "0", "CONFIRMED")]
    assert told(texts[1]) == [(at, place, "0", "CONFIRMED")]
    assert told(texts[2]) == [], "open to the whole area, and in nobody's calendar for that"
    for text in texts[:2]:
        assert set(re.findall(r"SUMMARY:(.*)\r", text)) == {"Möte"}
        assert not re.search(r"LOCATION|DESCRIPTION|ATTENDEE|ORGANIZER|URL|Jonas|Maria|sleep|Hur", text)

    await maria.send("open_hour.leave", open_hour_place=place)
    assert told((await fetch(mine))[1]) == [], "whoever has left the line has no place to be cancelled"
    await jonas.send("open_hour.close", open_hour=hour)
    assert told((await fetch(his))[1]) == [(at, f"{hour}-{session}", "1", "CANCELLED")]


async def test_a_place_in_line_can_be_had_as_a_file_by_its_own_person_alone(site: Site) -> None:
    jonas, maria, elin = [await site.client(name) for name in ("jonas", "maria", "elin")]
    args = {"weekday": 3, "at": "13:00", "minutes": 60, "mode": "phone", "topics": ["sleep"], "phone": "0313900601"}
    hour = str((await jonas.send("open_hour.open", **args))["result"]["open_hour"])
    await maria.until(lambda: any(one["id"] == hour for one in maria.copy.all("open_hour")))
    joined = await maria.send("open_hour.join", open_hour=hour, topic="sleep", age_band="13-15")
    place = str(joined["result"]["open_hour_place"])
    statuses = {
        (name, id == place): (await client._http.get(f"{site.origin}/calendar/meeting/{id}.ics")).status
        for name, client in (("jonas", jonas), ("maria", maria), ("elin", elin))
        for id in (hour, place)
    }
    allowed = {key for key, status in statuses.items() if status == 200}
    assert allowed == {("jonas", False), ("maria", True)}
    assert {status for key, status in statuses.items() if key not in allowed} == {404}


async def test_moved_and_cancelled_term_meetings_keep_their_uid_and_count_up(site: Site) -> None:
    lena, maria = await site.client("lena"), await site.client("maria")
    moved = ahead(site, 71, 9)
    term = await plan(lena, ahead(site, 70, 13))
    await maria.until(lambda: any(one["id"] == term for one in maria.copy.all("term_meeting")))
    address = await subscribe(maria)
    seen = []
    for name, more in (("term.move", {"starts_local": moved}), ("term.cancel", {})):
        await lena.send(name, term_meeting=term, **more)
        _, text = await fetch(address)
        seen.append((times(text), re.findall(r"SEQUENCE:(\d+)", text), re.findall(r"STATUS:(\w+)", text)))
        assert f"UID:{term}@samled" in text
    assert seen == [([stamp(moved)], ["1"], ["CONFIRMED"]), ([stamp(moved)], ["2"], ["CANCELLED"])]


async def test_families_get_their_own_meetings_with_one_neutral_word(site: Site) -> None:
    anna, maria = await site.client("anna"), await site.client("maria")
    relation = site.world.relations["anna"]
    made = await maria.send(
        "meeting.propose", child=site.world.elsa, kind="network", starts_local=ahead(site, 20, 15), minutes=45,
        place="Rum 12", invited=[relation], title="Skolgången", invite=True,
    )  # fmt: skip
    await anna.until(lambda: any(one["id"] == made["result"]["meeting"] for one in anna.copy.all("meeting")))
    status, text = await fetch(await subscribe(anna))
    assert status == 200 and stamp(ahead(site, 20, 15)) in times(text)
    assert not re.search(r"Rum|Skolg|Elsa|Maria|LOCATION|DESCRIPTION", text)


async def test_the_secret_is_told_once_kept_as_a_hash_and_dead_when_renewed_or_turned_off(site: Site) -> None:
    maria, other = await site.client("maria"), await site.client("maria")
    first = await subscribe(maria)
    secret = first.rsplit("/", 1)[1].removesuffix(".ics")
    assert len(secret) >= 22 and first == f"{site.origin}/calendar/{secret}.ics"
    async with site.parts.engine.read() as tx:
        kept = await tx.fetch("SELECT secret_hash FROM calendar_link")
        answers = await tx.fetch("SELECT answer FROM receipt")
    assert kept == [(hash_token(secret),)] and not any(secret in answer for (answer,) in answers)
    await other.until(lambda: len(list(other.copy.all("calendar"))) == 1)
    second = await subscribe(other)
    assert (await fetch(first))[0] == 404 and (await fetch(second))[0] == 200
    await maria.send("calendar.close")
    assert (await fetch(second))[0] == 404
    await other.until(lambda: not list(other.copy.all("calendar")))


async def test_the_address_ends_with_the_seat(site: Site) -> None:
    elin, birgitta = await site.client("elin"), await site.client("birgitta")
    address = await subscribe(elin)
    assert (await fetch(address))[0] == 200
    people = {one: site.world[one].seat for one in ("elin", "maria")}
    await birgitta.send(
        "person.leave", unit=site.world.units["school"], person=people["elin"], successor=people["maria"]
    )
    assert (await fetch(address))[0] == 404
    async with site.parts.engine.read() as tx:
        assert await tx.fetch("SELECT 1 FROM calendar_link") == []


async def test_an_address_of_an_ended_seat_leads_nowhere(site: Site) -> None:
    """However the seat came to end: the address asks, each time."""
    elin = await site.client("elin")
    address = await subscribe(elin)
    async with site.parts.engine.write() as tx:
        await tx.execute("UPDATE seat SET ended_at = made_at FROM calendar_link WHERE seat.id = seat_id")
    assert (await fetch(address))[0] == 404


async def test_nothing_at_all_under_protected_identity(site: Site) -> None:
    anna, maria = await site.client("anna"), await site.client("maria")
    address = await subscribe(anna)
    relation = site.world.relations["anna"]
    await maria.send(
        "meeting.propose", child=site.world.elsa, kind="network", starts_local=ahead(site, 20, 15), minutes=45,
        invited=[relation], invite=True,
    )  # fmt: skip
    assert times((await fetch(address))[1])
    await maria.send("protect.set", child=site.world.elsa, alias="Kim")
    await maria.send("protect.add", child=site.world.elsa, person=relation)
    status, text = await fetch(address)
    assert status == 200 and "VEVENT" not in text
    again = await site.client("anna")
    with pytest.raises(Refused, match="not_allowed"):
        await again.send("calendar.open")


async def test_a_colleague_sees_a_childs_meeting_and_no_calendar_holds_it(site: Site) -> None:
    maria = await site.client("maria")
    made = await maria.send(
        "meeting.propose", child=site.world.elsa, kind="network", starts_local=ahead(site, 20, 15), minutes=45,
        invited=[site.world.relations["anna"]], invite=True,
    )  # fmt: skip
    id = str(made["result"]["meeting"])
    await maria.until(lambda: any(one["id"] == id for one in maria.copy.all("meeting")))
    assert times((await fetch(await subscribe(maria)))[1]) == []


def _sid(client: Client) -> str:
    return next(one.value for one in client._http.cookie_jar if one.key == "sid")


class Mailed:
    """Stands in for the mail server, and keeps what it was handed."""

    def __init__(self) -> None:
        self.kept: list[tuple[str, str, bytes | None]] = []

    async def send(self, address: str, text: str, *, id: str, lang: str, calendar: bytes | None = None) -> None:
        self.kept.append((address, text, calendar))


async def test_a_time_is_mailed_to_ones_own_confirmed_address_and_nowhere_else(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    lena, maria, anna = [await site.client(name) for name in ("lena", "maria", "anna")]
    term = await plan(lena, ahead(site, 70, 13))
    await maria.until(lambda: any(one["id"] == term for one in maria.copy.all("term_meeting")))
    mail = Mailed()
    account = site.world["maria"].account
    poster = CalendarMail(site.parts.house, Logging("email"), "sid")
    monkeypatch.setattr(poster, "_channel", mail)

    async def ask(client: Client) -> str:
        try:
            await poster(SimpleNamespace(cookies={"sid": _sid(client)}), term)  # type: ignore[arg-type]
        except server_errors.Refused as refused:
            return f"{refused.code} {(refused.data or {}).get('without', '')}".strip()
        return "sent"

    assert await ask(maria) == "conflict address" and await ask(anna) == "not_found"
    confirmed = Address(address="maria@skola.example", ask="x", asked_at="x", state="confirmed")
    known = next((str(one["id"]) for one in maria.copy.all("settings")), site.world.stage.new_id())
    row = SettingsRow(id=known, owner_unit="", user=account, addresses={"email": confirmed})
    await site.world.stage.keep({account: [row]})
    assert await ask(maria) == "sent"
    ((address, text, body),) = mail.kept
    assert address == "maria@skola.example" and body is not None and f"UID:{term}@samled" in body.decode()
    assert not re.search("termin|Norra|Lena", text + body.decode())
    assert [await ask(maria) for _ in range(10)] == ["sent"] * 9 + ["rate_limited"]
