"""The channel against a real push service: encrypted, signed, posted once, and never anywhere else."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp.abc import ResolveResult

from server.push.channels import webpush
from server.push.channels.fault import ChannelFault
from server.push.channels.webpush import SIGNED_MOST, Device, PublicResolver, WebPush
from server.push.keys import load_key
from server.settings import PUSH_SERVICES
from tests.clock import FrozenClock
from tests.push import service as push
from tests.push.service import PushService, push_service
from tests.push.test_plan import HOSTILE

TOPIC = "0" * 32


@pytest.fixture
async def there(clock: FrozenClock) -> AsyncIterator[PushService]:
    async with push_service(clock.now) as running:
        yield running
        assert running.faults == []


@pytest.fixture
async def channel(there: PushService, clock: FrozenClock, tmp_path: Path) -> AsyncIterator[WebPush]:
    host = there.origin.removeprefix("http://")
    made = WebPush(load_key(tmp_path / "vapid.pem"), hosts=(host,), subject="mailto:a@b.se", local=True, now=clock.now)
    yield made
    await made.close()


def target(device: push.Device) -> Device:
    return Device(device.endpoint, **device.keys)


async def test_what_arrives_can_be_read_by_the_device_alone_and_names_us(there: PushService, channel: WebPush) -> None:
    device, other = there.device(), there.device()
    assert await channel.send(target(device), b'{"id":"x"}', topic=TOPIC) == 201
    (got,) = device.got
    assert got.payload == {"id": "x"}
    assert (got.headers["TTL"], got.headers["Urgency"], got.headers["Topic"]) == ("86400", "normal", TOPIC)
    with pytest.raises(push.http_ece.ECEException):
        other.open(got.sealed)


@pytest.mark.parametrize("status", [404, 410, 413, 400, 403])
async def test_for_good(there: PushService, channel: WebPush, status: int) -> None:
    device = there.device()
    device.answers = [status]
    with pytest.raises(ChannelFault) as caught:
        await channel.send(target(device), b"{}", topic=TOPIC)
    assert (caught.value.permanent, caught.value.status) == (True, status)


async def test_429_and_500_are_tried_later(there: PushService, channel: WebPush) -> None:
    device = there.device()
    device.answers = [(429, {"retry-after": "77"}), 500]
    for status, wait in ((429, 77), (500, None)):
        with pytest.raises(ChannelFault) as caught:
            await channel.send(target(device), b"{}", topic=TOPIC)
        assert (caught.value.permanent, caught.value.status, caught.value.retry_after_s) == (False, status, wait)


async def test_no_answer_and_a_broken_connection_are_tried_later(
    there: PushService, channel: WebPush, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webpush, "TIMEOUT_S", 0.3)
    device = there.device()
    device.answers = [push.HANG, push.RESET]
    for _ in range(2):
        with pytest.raises(ChannelFault) as caught:
            await channel.send(target(device), b"{}", topic=TOPIC)
        assert (caught.value.permanent, caught.value.status) == (False, 0)


async def test_a_redirect_is_never_followed(there: PushService, channel: WebPush) -> None:
    device = there.device()
    device.answers = [push.REDIRECT]
    with pytest.raises(ChannelFault) as caught:
        await channel.send(target(device), b"{}", topic=TOPIC)
    assert caught.value.permanent and there.connections == 1 and there.strangers == []


async def test_too_much_is_refused_by_the_service_for_good(there: PushService, channel: WebPush) -> None:
    device = there.device()
    with pytest.raises(ChannelFault) as caught:
        await channel.send(target(device), b'"' + b"x" * 4000 + b'"', topic=TOPIC)
    assert (caught.value.permanent, caught.value.status) == (True, 413)


@pytest.mark.parametrize("keys", [{"p256dh": "AAAA"}, {"auth": "A"}, {"p256dh": "BN" + "A" * 85}, {"p256dh": "é"}])
async def test_a_key_that_is_none_is_a_fault_for_good(
    there: PushService, channel: WebPush, keys: dict[str, str]
) -> None:
    device = there.device()
    with pytest.raises(ChannelFault) as caught:
        await channel.send(Device(device.endpoint, **(device.keys | keys)), b"{}", topic=TOPIC)
    assert caught.value.permanent and there.connections == 0


async def test_two_services_get_two_signatures(
    there: PushService, channel: WebPush, clock: FrozenClock, tmp_path: Path
) -> None:
    async with push_service(clock.now) as other:
        hosts = tuple(one.origin.removeprefix("http://") for one in (there, other))
        both = WebPush(
            load_key(tmp_path / "vapid.pem"), hosts=hosts, subject="mailto:a@b.se", local=True, now=clock.now
        )
        for one in (there, other, there):
            device = one.device()
            await both.send(target(device), b"{}", topic=TOPIC)
        clock.advance(hours=20)  # the first signatures have run out
        await both.send(target(there.device()), b"{}", topic=TOPIC)
        await both.close()
        assert other.faults == []


class Watched:
    """What the process asked of the network."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked: list[Any] = []

        def ask(*args: Any, **_more: Any) -> Any:
            self.asked.append(args)
            raise OSError("no network in this test")

        monkeypatch.setattr(socket, "getaddrinfo", ask)
        monkeypatch.setattr(asyncio.get_running_loop(), "sock_connect", ask)


async def test_hostile_addresses_are_never_contacted(
    clock: FrozenClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = push.Device("", "x").keys
    for local in (True, False):
        channel = WebPush(
            load_key(tmp_path / "k"), hosts=PUSH_SERVICES, subject="mailto:a@b.se", local=local, now=clock.now
        )
        watched = Watched(monkeypatch)
        for endpoint in HOSTILE:
            with pytest.raises(ChannelFault) as caught:
                await channel.send(Device(endpoint, **key), b"{}", topic=TOPIC)
            assert caught.value.permanent
        assert watched.asked == []
        with pytest.raises(ChannelFault):  # shows that the watch sees what is asked
            await channel.send(Device("https://fcm.googleapis.com/x", **key), b"{}", topic=TOPIC)
        assert watched.asked != []
        await channel.close()


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.20.0.1",
        "192.168.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1%eth0",
        "fd00::1",
        "ff02::1",
        "::ffff:10.0.0.1",
        "64:ff9b::a00:1",
        "2002:7f00:1::",
        "2001:0:4136:e378:8000:63bf:80ff:fffe",
    ],
)
async def test_a_known_name_that_leads_inside_is_not_followed(
    clock: FrozenClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    class Lying:
        async def resolve(self, host: str, port: int, family: Any) -> list[ResolveResult]:
            family = socket.AF_INET6 if ":" in address else socket.AF_INET
            return [ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=0)]

        async def close(self) -> None:
            pass

    resolver = PublicResolver(allow_loopback=False)
    resolver._inner = Lying()  # type: ignore[assignment]
    with pytest.raises(OSError, match="no public address"):
        await resolver.resolve("fcm.googleapis.com", 443)


def test_devices_that_name_ever_new_services_fill_no_memory(there: PushService, channel: WebPush) -> None:
    device = target(there.device())
    for n in range(2 * SIGNED_MOST):
        channel.sealed(replace(device, endpoint=f"https://s{n}.notify.windows.com/x"), b"{}")
    assert len(channel._signed) <= SIGNED_MOST


async def test_public_addresses_are_followed() -> None:
    resolver = PublicResolver(allow_loopback=False)
    for address in ("142.250.74.10", "2a00:1450:400f:80c::200a", "64:ff9b::8efa:4a0a", "::ffff:142.250.74.10"):
        assert resolver._is_public(address)
    assert PublicResolver(allow_loopback=True)._is_public("127.0.0.1")
