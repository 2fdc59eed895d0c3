"""Frames: what travels on the wire, read strictly and written as ready bytes (PROTOCOL.md 3 and 4). Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec

MAX_FRAME_BYTES: Final = 65_536
MAX_DELTA_ROWS: Final = 500
MAX_DELTA_BYTES: Final = 256 * 1024

CLOSE_CODES: Final = {
    "bad_frame": 1008,
    "restart": 1012,
    "too_slow": 1013,
    "resync": 4000,
    "upgrade": 4001,
    "signed_out": 4401,
    "wipe": 4410,
}

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.ASCII)
_UUID7 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})", re.ASCII)
_LANG = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*", re.ASCII)
_ENTITY = re.compile(r"[a-z][a-z0-9_]{0,63}", re.ASCII)
_DIGEST = re.compile(r"\d{1,16}:[0-9a-f]{8}", re.ASCII)
_MAX_VERSION = 2**53 - 1


class BadFrame(Exception):
    """The peer broke the protocol: `bye: bad_frame`."""


@dataclass(frozen=True, slots=True)
class Hello:
    protocol: int
    schema: int
    seat: str | None
    replica: str
    cursors: Mapping[str, int]
    epoch: str | None
    lang: str


@dataclass(frozen=True, slots=True)
class CommandFrame:
    """`fault` is set when anything beyond `id` and `n` is wrong: refused as `invalid`, and that is kept."""

    id: str
    n: int
    name: str
    args: Mapping[str, Any]
    at: str
    fault: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class DigestFrame:
    scopes: Mapping[str, tuple[int, str]]


@dataclass(frozen=True, slots=True)
class ReadFrame:
    id: str
    entity: str
    doc: str
    at: str


@dataclass(frozen=True, slots=True)
class DroppedFrame:
    scopes: tuple[str, ...]


ClientFrame = Hello | CommandFrame | DigestFrame | ReadFrame | DroppedFrame


def read_frame(data: str | bytes) -> ClientFrame:
    """The frame of one text message. Raises `BadFrame` for anything the protocol does not know."""
    raw = data.encode() if isinstance(data, str) else data
    if len(raw) > MAX_FRAME_BYTES:
        raise BadFrame
    try:
        value = msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadFrame from error
    return from_value(value)


def from_value(value: Any) -> ClientFrame:
    """The frame of a decoded JSON value. Raises `BadFrame`."""
    if not isinstance(value, dict):
        raise BadFrame
    kind = value.get("t")
    reader = _READERS.get(kind) if isinstance(kind, str) else None
    if reader is None:
        raise BadFrame
    return reader(value)


def _exactly(value: dict[str, Any], *keys: str) -> None:
    if set(value) != {"t", *keys}:
        raise BadFrame


def _uuid(value: Any) -> str:
    if not isinstance(value, str) or not _UUID.fullmatch(value):
        raise BadFrame
    return value


def _uuid7(value: Any) -> str:
    """What a client makes itself for one intention or one reading."""
    return _text(value, _UUID7)


def _int(value: Any, least: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= _MAX_VERSION:
        raise BadFrame
    return value


def _text(value: Any, pattern: re.Pattern[str]) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise BadFrame
    return value


def _hello(value: dict[str, Any]) -> Hello:
    _exactly(value, "protocol", "schema", "seat", "replica", "cursors", "epoch", "lang")
    cursors, epoch, seat = value["cursors"], value["epoch"], value["seat"]
    if not isinstance(cursors, dict) or not (epoch is None or isinstance(epoch, str)):
        raise BadFrame
    return Hello(
        protocol=_int(value["protocol"], 0),
        schema=_int(value["schema"], 0),
        seat=None if seat is None else _uuid(seat),
        replica=_uuid(value["replica"]),
        cursors={name: _int(version, 0) for name, version in cursors.items()},
        epoch=epoch,
        lang=_text(value["lang"], _LANG),
    )


def _command(value: dict[str, Any]) -> CommandFrame:
    id, n = _uuid(value.get("id")), _int(value.get("n"), 1)
    fault: dict[str, str] = {key: "unknown" for key in value if key not in ("t", "id", "n", "name", "args", "at")}
    if not _UUID7.fullmatch(id):
        fault["id"] = "not_allowed_value"
    name, args, at = value.get("name"), value.get("args"), value.get("at")
    for key, held, right in (("name", name, str), ("args", args, dict), ("at", at, str)):
        if key not in value:
            fault[key] = "required"
        elif not isinstance(held, right):
            fault[key] = "type"
    if isinstance(at, str) and not _INSTANT.fullmatch(at):
        fault["at"] = "type"
    if isinstance(args, dict):
        fault |= dict.fromkeys(_nul_in(args), "not_allowed_value")
    return CommandFrame(
        id=id,
        n=n,
        name=name if isinstance(name, str) else "",
        args=args if isinstance(args, dict) else {},
        at=at if isinstance(at, str) else "",
        fault=fault or None,
    )


def _nul_in(value: Any, where: str = "") -> Iterator[str]:
    """Where (`times.0.place`) a text holds U+0000, which no database text can. A key that does is not repeated."""
    if isinstance(value, str) and "\x00" in value:
        yield where
    elif isinstance(value, dict):
        for key, item in value.items():
            if "\x00" in key:
                yield where or "args"
            else:
                yield from _nul_in(item, f"{where}.{key}" if where else key)
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from _nul_in(item, f"{where}.{place}")


def _digest(value: dict[str, Any]) -> DigestFrame:
    _exactly(value, "scopes")
    if not isinstance(value["scopes"], dict):
        raise BadFrame
    asked: dict[str, tuple[int, str]] = {}
    for name, pair in value["scopes"].items():
        if not isinstance(pair, list) or len(pair) != 2:
            raise BadFrame
        asked[name] = (_int(pair[0], 0), _text(pair[1], _DIGEST))
    return DigestFrame(asked)


def _read(value: dict[str, Any]) -> ReadFrame:
    _exactly(value, "id", "entity", "doc", "at")
    entity = _text(value["entity"], _ENTITY)
    return ReadFrame(_uuid7(value["id"]), entity, _uuid(value["doc"]), _text(value["at"], _INSTANT))


def _dropped(value: dict[str, Any]) -> DroppedFrame:
    _exactly(value, "scopes")
    names = value["scopes"]
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names) or any(_nul_in(names)):
        raise BadFrame
    return DroppedFrame(tuple(names))


_READERS: dict[str, Callable[[dict[str, Any]], ClientFrame]] = {
    "hello": _hello,
    "command": _command,
    "digest": _digest,
    "read": _read,
    "dropped": _dropped,
}


# --- what the server says

_encode = msgspec.json.Encoder().encode


def frame(t: str, **keys: Any) -> bytes:
    """One server frame as bytes."""
    return _encode({"t": t, **keys})


def bye(reason: str, retry_after_ms: int | None = None) -> bytes:
    """The last frame of a connection; close with `CLOSE_CODES[reason]` after it."""
    return frame("bye", reason=reason, retry_after_ms=retry_after_ms)


Row = tuple[str, str, int, str | None]
"""(entity, document id, version, JSON text or None for a tombstone)"""


def deltas(scope: str, rows: Sequence[Row], *, since: int, to: int, reset: bool = False) -> list[bytes]:
    """The frames that carry these rows (in version order), each within 500 rows and 256 KiB.

    The last one ends at `to`, the scope's version; those before it end at their last row and say `more`. Documents are
    stored as ready JSON and are copied, never decoded.
    """
    frames: list[bytes] = []
    name = _encode(scope).decode()
    start = 0
    while True:
        size, end = 0, start
        parts: list[str] = []
        while end < len(rows) and end - start < MAX_DELTA_ROWS:
            entity, id, version, doc = rows[end]
            text = f'["{entity}","{id}",{version},{doc if doc is not None else "null"}]'
            size += len(text) + 1 if text.isascii() else len(text.encode()) + 1
            if parts and size > MAX_DELTA_BYTES - 512:
                break
            parts.append(text)
            end += 1
        more = end < len(rows)
        until = rows[end - 1][2] if more else to
        head = f'{{"t":"delta","scope":{name},"from":{since},"to":{until},'
        flags = ('"reset":true,' if reset and start == 0 else "") + ('"more":true,' if more else "")
        frames.append(f'{head}{flags}"rows":[{",".join(parts)}]}}'.encode())
        if not more:
            return frames
        since, start = until, end
