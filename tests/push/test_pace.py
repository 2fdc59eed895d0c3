"""How many notices a second: said, encrypted and signed, sent."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from server.push import payload
from server.push.channels.webpush import Device, WebPush
from server.push.keys import PushKey
from tests.clock import FrozenClock
from tests.conftest import Place
from tests.push.house import push_house
from tests.push.service import Device as Browser

MEETINGS = 120


@pytest.mark.bench
async def test_pace_of_saying_and_sending(
    place: Place, tmp_path: Path, clock: FrozenClock, capsys: pytest.CaptureFixture[str]
) -> None:
    async with push_house(place["data"] or tmp_path / "files", place["database_url"], clock) as house:
        for _ in range(3):
            await house.device("anna")
            await house.device("omar")
        for n in range(MEETINGS):
            await house.meeting(f"2026-10-{1 + n % 28:02}T{9 + n % 8:02}:00")
        house.service.opens = False
        said_s, said = time.perf_counter(), 0
        while count := await house.parts.worker.remind():
            said += count
        said_s = time.perf_counter() - said_s
        sent_s = time.perf_counter()
        sent = await house.parts.worker.tick()
        sent_s = time.perf_counter() - sent_s
        assert said == MEETINGS * 2 and sent == MEETINGS * 6
    with capsys.disabled():
        dialect = house.parts.engine.dialect
        print(f"\n{dialect}: {said / said_s:.0f} reminders said/s, {sent / sent_s:.0f} deliveries sent/s")


@pytest.mark.bench
async def test_pace_of_encrypting_and_signing(capsys: pytest.CaptureFixture[str]) -> None:
    key = PushKey(ec.generate_private_key(ec.SECP256R1()))
    channel = WebPush(key, hosts=(), subject="mailto:a@b.se", local=True, now=FrozenClock().now)
    browser = Browser("http://127.0.0.1:1", "x")
    data = payload.body(id="i", notice="n", kind="meeting_day", lang="sv", origin="https://samled.example")
    device, rounds = Device(browser.endpoint, **browser.keys), 1000
    begun = time.perf_counter()
    for _ in range(rounds):
        channel._prepared(device, data)
    each_us = (time.perf_counter() - begun) / rounds * 1e6
    with capsys.disabled():
        print(f"\nencrypted and signed: {each_us:.0f} µs each, {1e6 / each_us:.0f}/s on one core")
