"""P9 as somebody outside meets it: a server of its own process, asked over HTTP by codes that are guessed, raced and replayed.

The in-process tests of the same are in tests/auth/test_invitations.py. Whoever asks comes from the address that the proxy
names (the test), so that a campaign has many.
"""

from __future__ import annotations

import asyncio
import itertools
import math
import random
import re
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio

from server import app as composition
from server.auth.invitations import LIFETIME, NewInvitation, Subject, create_invitation
from server.auth.limits import OWN, WHOLE_HOUSE
from server.auth.tokens import CODE_ALPHABET, CODE_LENGTH, new_code, new_token
from server.domain.actors import SeatKind
from server.settings import Settings
from tests.answering import answers
from tests.people import make_world
from tests.ports import free_port
from tests.promises.forked import forked

pytestmark = pytest.mark.asyncio(loop_scope="module")
LIVE = 100
PLACES = 64
RACERS = 50
AT_ONCE_S = 60.0
UP_S = 60.0
ANSWER_S = 0.005
REQUEST_ID = re.compile(rb'"request_id":"[0-9a-f]+"')
OF_ITS_TIME = {"date", "x-request-id"}
Answer = tuple[int, bytes, tuple[tuple[str, str], ...]]


@dataclass
class Door:
    """The running server's way in, and who is invited."""

    origin: str
    live: list[NewInvitation]
    spare: list[NewInvitation]
    used: list[NewInvitation]
    expired: list[NewInvitation]
    http: aiohttp.ClientSession

    async def knock(self, client: str, **by: str) -> Answer:
        """Status, body and headers, but for what is another each time. From the address `client`."""
        headers = {"Origin": self.origin, "X-Forwarded-For": client}
        async with self.http.post(f"{self.origin}/auth/invitation/redeem", json=by, headers=headers) as answer:
            body = REQUEST_ID.sub(b"", await answer.read())
            told = sorted((name.lower(), value) for name, value in answer.headers.items())
        return answer.status, body, tuple(one for one in told if one[0] not in OF_ITS_TIME)


async def _invited(data: Path, count: int) -> dict[str, list[NewInvitation]]:
    """A house with the cast in it and colleagues invited: live, spare, used, expired."""
    parts = composition.build_parts(Settings(data=data))
    found: dict[str, list[NewInvitation]] = defaultdict(list)
    async with composition.running(parts):
        now = datetime.now(UTC)
        world = await make_world(parts.house, now)
        maria = world["maria"].actor
        assert maria.unit
        subject = Subject("Ylva", unit=maria.unit, area=maria.area, organisation=maria.organisation)
        async with parts.engine.write() as tx:
            for sort, many in {"live": LIVE, "spare": 8, "used": count, "expired": count}.items():
                at = now - LIFETIME - timedelta(minutes=1) if sort == "expired" else now
                for _ in range(many):
                    found[sort].append(
                        await create_invitation(tx, SeatKind.STAFF, maria.unit, subject, maria.account, at)
                    )
            used = [one.id for one in found["used"]]
            await tx.execute("UPDATE invitation SET used_at = created_at, used_by = $1 WHERE id = any($2)", "x", used)
    return found


@asynccontextmanager
async def open_door(data: Path, count: int) -> AsyncIterator[Door]:
    invited = await _invited(data, count)
    port = free_port()
    settings = {
        "SAMLED_DATA": str(data), "SAMLED_PORT": str(port), "SAMLED_LOG_LEVEL": "error", "SAMLED_PROXIES": "127.0.0.1",
    }  # fmt: skip
    process = forked(settings)
    origin = f"http://localhost:{port}"
    try:
        async with aiohttp.ClientSession(
            cookie_jar=aiohttp.DummyCookieJar(), connector=aiohttp.TCPConnector(limit=PLACES + RACERS)
        ) as http:
            await answers(f"{origin}/health/ready", lambda: not process.is_alive(), UP_S)
            yield Door(origin, **invited, http=http)
    finally:
        process.kill()
        await asyncio.to_thread(process.join)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def door(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Door]:
    """Enough used and expired codes for each to be tried less often than a code may be."""
    async with open_door(tmp_path_factory.mktemp("door"), 300) as opened:
        yield opened


def addresses() -> Callable[[], str]:
    """One address after the other, each of a network of its own."""
    numbers = itertools.count()
    return lambda: (lambda n: f"10.{n // 250 % 250}.{n % 250}.1")(next(numbers))


@pytest.mark.parametrize("by_code", [True, False])
async def test_fifty_at_once_over_http_exactly_one_comes_in(door: Door, by_code: bool) -> None:
    one = door.spare.pop()
    by = {"code": one.code} if by_code else {"token": one.token}
    answers = await asyncio.gather(*(door.knock(f"192.0.{n}.7", **by) for n in range(RACERS)))
    told = Counter(status for status, _, _ in answers)
    # The same code is tried ten times at most, wherever from.
    assert told[204] == 1 and told[404] + told[429] == RACERS - 1 and (by_code or not told[429])
    assert (await door.knock("192.0.200.7", token=one.token))[0] == 404


@pytest.mark.parametrize("pairs", [40, pytest.param(2_000, marks=pytest.mark.promise(about_s=90))])
async def test_wrong_used_and_expired_read_and_take_alike_over_http(
    door: Door, pairs: int, tell: Callable[[str], None]
) -> None:
    """Each round asks once for each, one after the other, beginning with another each time."""
    place = addresses()
    sorts: dict[str, Callable[[int], dict[str, str]]] = {
        "unknown code": lambda _: {"code": new_code()},
        "used code": lambda n: {"code": door.used[n % len(door.used)].code},
        "expired code": lambda n: {"code": door.expired[n % len(door.expired)].code},
        "no code at all": lambda _: {"code": "nonsense"},
        "unknown link": lambda _: {"token": new_token()},
        "used link": lambda n: {"token": door.used[n % len(door.used)].token},
        "expired link": lambda n: {"token": door.expired[n % len(door.expired)].token},
    }
    took: dict[str, list[float]] = {sort: [] for sort in sorts}
    answers: set[Answer] = set()
    for n in range(pairs):
        order = list(sorts)
        for sort in order[n % len(order) :] + order[: n % len(order)]:
            by, client = sorts[sort](n), place()
            began = time.perf_counter()
            answer = await door.knock(client, **by)
            took[sort].append(time.perf_counter() - began)
            # What cannot be a code is one code for all: it is soon tried too often, whoever tries.
            answers |= {answer} if answer[0] != 429 or sort != "no code at all" else set()
    assert {status for status, _, _ in answers} == {404} and len(answers) == 1
    against = {sort: "unknown code" if "code" in sort else "unknown link" for sort in sorts}
    differences = {
        sort: abs(statistics.median(a - b for a, b in zip(took[sort], took[other], strict=True)))
        for sort, other in against.items()
        if sort != other and sort != "no code at all"
    }
    tell(", ".join(f"{sort} {1000 * by:.3f} ms" for sort, by in differences.items()) + f" over {pairs} pairs")
    assert max(differences.values()) < ANSWER_S


@pytest.mark.parametrize("guesses", [1_280, pytest.param(20_000, marks=pytest.mark.promise(about_s=90))])
async def test_guesses_over_http_hit_nothing_and_shut_nobody_out(
    door: Door, guesses: int, tell: Callable[[str], None]
) -> None:
    """64 guess as fast as they can, each from a network of its own; meanwhile one comes in by code, one by the link from
    the address of an attacker."""
    told: Counter[int] = Counter()
    dice = random.Random(9)
    left = iter(range(guesses))
    began = time.monotonic()

    async def guess(n: int) -> None:
        for _ in left:
            code = "".join(dice.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
            told[(await door.knock(f"203.0.{n}.1", code=code))[0]] += 1

    async def come_in(client: str, **by: str) -> float:
        started = time.monotonic()
        while (await door.knock(client, **by))[0] != 204:
            assert time.monotonic() - started < AT_ONCE_S
            await asyncio.sleep(1)
        return time.monotonic() - started

    workers = [asyncio.create_task(guess(n)) for n in range(PLACES)]
    while told.total() < guesses / 2:
        await asyncio.sleep(0.01)
    by_code, by_link, neighbour = door.spare.pop(), door.spare.pop(), door.spare.pop()
    waited = await asyncio.gather(
        come_in("198.51.100.9", code=by_code.code),
        come_in("203.0.5.1", token=by_link.token),
        come_in("203.0.6.200", code=neighbour.code),
    )
    assert not all(one.done() for one in workers), "the attack was over when they came"
    await asyncio.gather(*workers)
    took_s = time.monotonic() - began
    assert told.keys() <= {404, 429} and told[429], told
    # Each minute: its own few tries for each address, and what the house bears beyond them.
    minutes = math.ceil(took_s / 60) + 1
    assert told[404] <= minutes * (PLACES * OWN.count + WHOLE_HOUSE.count)
    assert guesses * LIVE / len(CODE_ALPHABET) ** CODE_LENGTH < 2**-20
    tell(f"{guesses} guesses in {took_s:.0f} s: {dict(told)}; came in after {max(waited):.2f} s at most")
