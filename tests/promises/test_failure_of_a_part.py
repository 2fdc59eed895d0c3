"""P20: the failure of a part is not the failure of the whole; what failed comes back without hands."""

from __future__ import annotations

import asyncio
import resource
import signal
import time
from pathlib import Path

import aiohttp
import pytest

from server.storage.sqlite import FILE
from server.sync.client import Client, Ended
from tests.load.crowd import scene
from tests.load.house import running_house
from tests.postgres import running_postgres
from tests.site import Site, running_site

TRUTH_S = 2.0
RECOVERY_S = 30.0


async def ready(origin: str) -> tuple[int, float]:
    """(status, seconds it took) of `/health/ready`"""
    begun = time.monotonic()
    async with aiohttp.ClientSession() as http, http.get(f"{origin}/health/ready") as answer:
        return answer.status, time.monotonic() - begun


async def becomes(origin: str, status: int, within_s: float) -> float:
    """How long it took until `/health/ready` said so, in seconds."""
    begun = time.monotonic()
    while True:
        got, took = await ready(origin)
        assert took <= TRUTH_S
        if got == status:
            return time.monotonic() - begun
        assert time.monotonic() - begun < within_s, got
        await asyncio.sleep(0.05)


async def returned(client: Client, within_s: float = RECOVERY_S) -> None:
    """Connects as a device does: again and again."""
    async with asyncio.timeout(within_s):
        while True:
            try:
                await client.connect()
                return
            except Ended as end:
                assert end.reason in ("restart", ""), end
            await asyncio.sleep(0.2)


def name_of_elsa(client: Client, site: Site) -> str:
    return str(next(doc for doc in client.copy.all("child") if doc["id"] == site.world.elsa)["display_name"])


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT])
async def test_database_gone_is_told_at_once_and_its_return_needs_no_hands(tmp_path: Path, how: signal.Signals) -> None:
    with running_postgres() as server:
        async with running_site(tmp_path / "data", server.url()) as site:
            anna, maria = await site.client("anna"), await site.client("maria")
            assert (await ready(site.origin))[0] == 200
            command = anna.next_command("child.rename", {"child": site.world.elsa, "display_name": "Elsie"})

            server.stop(how)
            await becomes(site.origin, 503, TRUTH_S)
            with pytest.raises(Ended, match="restart"):
                await maria.until(lambda: False, 30)
            # What was synced before is still in the device's own copy.
            assert name_of_elsa(maria, site) == "Elsa"
            with pytest.raises(Ended, match="restart"):
                await maria.connect()

            server.start()
            begun = time.monotonic()
            await becomes(site.origin, 200, RECOVERY_S)
            await returned(anna)
            await returned(maria)
            assert time.monotonic() - begun < RECOVERY_S
            assert (await anna.deliver(command))["ok"]
            await maria.until(lambda: name_of_elsa(maria, site) == "Elsie")


async def test_numbers_that_a_crashed_database_gives_out_again_hide_nothing(tmp_path: Path) -> None:
    with running_postgres() as server:
        async with running_site(tmp_path / "data", server.url()) as site:
            anna, maria = await site.client("anna"), await site.client("maria")
            hub = site.parts.hub
            hub._tasks[0].cancel()
            await anna.deliver(anna.next_command("child.rename", {"child": site.world.elsa, "display_name": "Elsie"}))
            # As after a crash: it had looked past transactions that were never written down, and cannot know which.
            hub._mark += 50
            hub._unsure = True
            await hub._look()
            await maria.until(lambda: name_of_elsa(maria, site) == "Elsie")


async def test_full_disk_is_never_a_refusal_and_goes_by_itself(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    async with scene(folder, None) as made:
        device = await made.device(made.world["anna"])
        elsa = made.world.elsa
    async with running_house(folder, None) as house:
        client = Client(house.origin)
        client.use_cookie("sid", device.cookie)
        await client.connect()
        await client.send("child.rename", child=elsa, display_name="Elsa 1")

        before = resource.prlimit(house.process.pid, resource.RLIMIT_FSIZE)
        written = max((folder / f"{FILE}{end}").stat().st_size for end in ("", "-wal"))
        resource.prlimit(house.process.pid, resource.RLIMIT_FSIZE, (written, before[1]))
        sent = 0
        command = {}
        with pytest.raises(Ended, match="restart"):
            # Every commit grows the log; the one that no longer fits is not answered.
            for sent in range(2, 1000):
                command = client.next_command("child.rename", {"child": elsa, "display_name": f"Elsa {sent}"})
                assert (await client.deliver(command))["ok"]
        async with aiohttp.ClientSession() as http, http.get(f"{house.origin}/health/live") as answer:
            assert answer.status == 200
        await returned(client, 10)
        with pytest.raises(Ended, match="restart"):
            await client.deliver(command)

        resource.prlimit(house.process.pid, resource.RLIMIT_FSIZE, before)
        await returned(client)
        assert (await client.deliver(command))["ok"]
        again = await client.deliver(command)
        assert again["ok"] and client.copy.last_n <= command["n"]
        await client.until(lambda: any(doc["display_name"] == f"Elsa {sent}" for doc in client.copy.all("child")))
        await client.leave()
