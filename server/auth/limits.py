"""Limits on guessing, counted in the database so that several processes share them.

Three counters stop a campaign against the typed codes, and none of them lets an attacker shut anybody else
out:

- every *address* (IPv4 address, IPv6 /64) has a few tries of its own that no neighbour and no flood can use
  up;
- beyond those, tries count against the *prefix* (/24, /56) and against the *whole house*, and are refused
when either is spent;
- the same *code* is tried a few times at most, wherever from.

The link or QR on the same card carries 256 bits, needs no counting and therefore always works, also behind a
shared address that somebody is attacking from.
Source: promises.md P9.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address

from server.domain.instants import to_text
from server.storage.engine import Tx


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `count` tries in one fixed window of `window_s` seconds."""

    count: int
    window_s: int


OWN = Limit(5, 60)
PER_CODE = Limit(10, 600)
PER_PREFIX = Limit(30, 60)
PER_SITE = Limit(100, 60)
WHOLE_HOUSE = Limit(300, 60)
"""With 500 live codes, 300 tries a minute for the seven days of a code hit one with odds of 2^-19; with the
100 of the promise, 2^-21. Addresses' own tries come on top: a campaign of n tries against k live codes hits
with odds n·k/2^50.
"""

SIGN_IN_STARTS = Limit(30, 60)
"""Challenges one address may ask for in a minute, so that nobody fills the table; a whole school shares an
address.
"""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a request came from, as far as counting is concerned; never stored beyond its window."""

    own: str
    prefix: str
    site: str | None = None


def place_of(client: str | None) -> Place:
    """Address and prefix of a client; everything without a readable address shares one place."""
    try:
        address = ip_address((client or "").partition("%")[0])
    except ValueError:
        return Place("unknown", "unknown")
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    if isinstance(address, IPv4Address):
        return Place(str(address), _cut(address, 24))
    return Place(_cut(address, 64), _cut(address, 56), _cut(address, 48))


async def may_guess(tx: Tx, place: Place, code_hash: str, now: datetime) -> int:
    """Counts one try of a typed code. 0 when it may go on, otherwise the seconds until it is worth trying
    again.

    Counts in the caller's transaction: commit it also when the try fails.
    """
    wait = await _place_wait(tx, place, now)
    return wait or await over(tx, f"code/{code_hash}", PER_CODE, now)


async def _place_wait(tx: Tx, place: Place, now: datetime) -> int:
    own_spent = await over(tx, f"own/{place.own}", OWN, now)
    if not own_spent and place.site is not None:
        # One IPv6 network (/48) holds 65,536 of what we count as one address: together they have a limit too.
        own_spent = await over(tx, f"site/{place.site}", PER_SITE, now)
    if not own_spent:
        return 0
    wait = await over(tx, f"prefix/{place.prefix}", PER_PREFIX, now)
    return wait or await over(tx, "house", WHOLE_HOUSE, now)


async def may_start(tx: Tx, place: Place, now: datetime) -> int:
    """Counts one begun sign-in from an address; 0, or the seconds to wait."""
    return await over(tx, f"start/{place.own}", SIGN_IN_STARTS, now)


async def over(tx: Tx, bucket: str, limit: Limit, now: datetime) -> int:
    """Counts one in `bucket`, in one atomic statement; 0 within `limit`, otherwise the seconds left of the
    window.
    """
    seconds = int(now.timestamp())
    start = now.replace(microsecond=0) - timedelta(seconds=seconds % limit.window_s)
    count = await tx.fetch_value(
        "INSERT INTO guess (bucket, window_start, count) VALUES ($1, $2, 1) "
        "ON CONFLICT (bucket, window_start) DO UPDATE SET count = guess.count + 1 RETURNING count",
        bucket,
        to_text(start),
    )
    return 0 if int(count) <= limit.count else limit.window_s - seconds % limit.window_s


async def forget_counts(tx: Tx, now: datetime) -> int:
    """Removes windows older than a day; returns how many. Addresses are personal data and are not kept
    longer.
    """
    return await tx.execute("DELETE FROM guess WHERE window_start < $1", to_text(now - timedelta(days=1)))


def _cut(address: IPv4Address | IPv6Address, bits: int) -> str:
    kept = int(address) >> (address.max_prefixlen - bits) << (address.max_prefixlen - bits)
    return f"{type(address)(kept)}/{bits}"
