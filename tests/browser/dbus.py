"""Messages of D-Bus, little-endian, as much of them as a desktop's notifications need."""

from __future__ import annotations

import itertools
import struct
from dataclasses import dataclass, field
from typing import Any

CALL, RETURN, ERROR, SIGNAL = 1, 2, 3, 4
PATH, INTERFACE, MEMBER, ERROR_NAME, REPLY_SERIAL, DESTINATION, SENDER, SIGNATURE = range(1, 9)
_FIELDS = {PATH: "o", INTERFACE: "s", MEMBER: "s", ERROR_NAME: "s", REPLY_SERIAL: "u", DESTINATION: "s", SENDER: "s"}
_NUMBERS = {"y": "B", "b": "I", "n": "h", "q": "H", "i": "i", "u": "I", "x": "q", "t": "Q", "d": "d", "h": "I"}
_serials = itertools.count(1)


@dataclass
class Message:
    """One message. `fields` by their numbers, `body` as Python values."""

    type: int
    serial: int
    fields: dict[int, Any]
    body: list[Any] = field(default_factory=list)

    @property
    def member(self) -> str:
        return str(self.fields.get(MEMBER, ""))


def length_of(head: bytes) -> int:
    """Bytes of a whole message, from its first sixteen."""
    body, _, fields = struct.unpack("<III", head[4:16])
    return int(16 + fields + -fields % 8 + body)


def read(data: bytes) -> Message:
    """The message in `data`."""
    assert data[:1] == b"l", "the other end is not little-endian"
    serial = struct.unpack("<I", data[8:12])[0]
    reader = _Reader(data, 12)
    fields: dict[int, Any] = dict(reader.value("a(yv)"))
    reader.at += -reader.at % 8
    body = [reader.value(one) for one in parts(fields.get(SIGNATURE, ""))]
    return Message(data[1], serial, fields, body)


def written(type: int, fields: dict[int, Any], signature: str = "", body: tuple[Any, ...] = ()) -> bytes:
    """A message as bytes."""
    packed = _Writer()
    for one, value in zip(parts(signature), body, strict=True):
        packed.value(one, value)
    head = _Writer(bytearray(struct.pack("<BBBBII", ord("l"), type, 1, 1, len(packed.data), next(_serials))))
    listed = _Writer()
    for number, value in {**fields, **({SIGNATURE: signature} if signature else {})}.items():
        listed.pad(8)
        listed.value("y", number)
        kind = "g" if number == SIGNATURE else _FIELDS[number]
        listed.value("g", kind)
        listed.value(kind, value)
    head.value("u", len(listed.data))
    head.data += listed.data
    head.pad(8)
    return bytes(head.data + packed.data)


def parts(signature: str) -> list[str]:
    """The single complete types of a signature."""
    found: list[str] = []
    while signature:
        length = _complete(signature)
        found.append(signature[:length])
        signature = signature[length:]
    return found


def _complete(signature: str) -> int:
    if signature[0] == "a":
        return 1 + _complete(signature[1:])
    if signature[0] not in "({":
        return 1
    depth = 0
    for index, sign in enumerate(signature):
        depth += (sign in "({") - (sign in ")}")
        if depth == 0:
            return index + 1
    raise ValueError(signature)


def _alignment(kind: str) -> int:
    if kind[0] in "({":
        return 8
    if kind[0] in _NUMBERS:
        return struct.calcsize(_NUMBERS[kind[0]])
    return {"g": 1, "v": 1}.get(kind[0], 4)


class _Reader:
    def __init__(self, data: bytes, at: int) -> None:
        self.data, self.at = data, at

    def value(self, kind: str) -> Any:
        self.at += -self.at % _alignment(kind)
        first = kind[0]
        if first in _NUMBERS:
            (found,) = struct.unpack_from(f"<{_NUMBERS[first]}", self.data, self.at)
            self.at += struct.calcsize(_NUMBERS[first])
            return found
        if first in "sog":
            length = self.value("y" if first == "g" else "u")
            text = self.data[self.at : self.at + length].decode()
            self.at += length + 1
            return text
        if first == "v":
            return self.value(self.value("g"))
        if first == "a":
            return self._array(kind[1:])
        return tuple(self.value(one) for one in parts(kind[1:-1]))

    def _array(self, kind: str) -> Any:
        length = self.value("u")
        self.at += -self.at % _alignment(kind)
        end = self.at + length
        found = []
        while self.at < end:
            found.append(self.value(kind))
        return dict(found) if kind[0] == "{" else found


class _Writer:
    def __init__(self, data: bytearray | None = None) -> None:
        self.data = bytearray() if data is None else data

    def pad(self, to: int) -> None:
        self.data += bytes(-len(self.data) % to)

    def value(self, kind: str, value: Any) -> None:
        self.pad(_alignment(kind))
        first = kind[0]
        if first in _NUMBERS:
            self.data += struct.pack(f"<{_NUMBERS[first]}", value)
        elif first in "sog":
            text = value.encode()
            self.value("y" if first == "g" else "u", len(text))
            self.data += text + b"\0"
        elif kind == "as":
            listed = _Writer()
            for one in value:
                listed.value("s", one)
            self.value("u", len(listed.data))
            self.data += listed.data
        else:
            raise ValueError(kind)
