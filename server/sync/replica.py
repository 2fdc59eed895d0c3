"""A client's copy, as the protocol describes it, without storage or network: for the Python client and the walks. Pure.

Applying the same frames in the same order always gives the same copy; applying up to any point and going on equals
applying all at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from server.domain import digest, scopes


class Gap(Exception):
    """A delta begins after the cursor: the connection must be opened anew."""


@dataclass(slots=True)
class ScopeCopy:
    """What is held of one scope: {(entity, id): (version, document)}."""

    cursor: int = 0
    rows: dict[tuple[str, str], tuple[int, dict[str, Any]]] = field(default_factory=dict)
    until: str = ""
    store: str = "keep"


@dataclass(slots=True)
class Copy:
    """Everything one replica holds."""

    scopes: dict[str, ScopeCopy] = field(default_factory=dict)
    epoch: str | None = None
    last_n: int = 0
    synced: bool = False

    def cursors(self) -> dict[str, int]:
        return {name: held.cursor for name, held in self.scopes.items() if held.cursor}

    def apply(self, frame: Mapping[str, Any]) -> list[str]:
        """Takes one server frame; returns the scopes that were lost by it. Raises `Gap`."""
        match frame["t"]:
            case "welcome":
                return self._welcome(frame)
            case "scopes":
                lost = [name for name in frame["drop"] if self.scopes.pop(name, None) is not None]
                for one in frame["add"]:
                    self._hold(one)
                    self.synced = False
                return lost
            case "delta":
                self._delta(frame)
            case "synced":
                self.synced = True
        return []

    def _welcome(self, frame: Mapping[str, Any]) -> list[str]:
        held = {one["scope"] for one in frame["scopes"]}
        lost = [name for name in self.scopes if name not in held]
        for name in lost:
            del self.scopes[name]
        for one in frame["scopes"]:
            self._hold(one)
        self.epoch, self.last_n, self.synced = frame["epoch"], frame["last_n"], False
        return lost

    def _hold(self, one: Mapping[str, str]) -> None:
        copy = self.scopes.setdefault(one["scope"], ScopeCopy())
        copy.until, copy.store = one["until"], one["store"]

    def _delta(self, frame: Mapping[str, Any]) -> None:
        copy = self.scopes.get(frame["scope"])
        if copy is None:
            return
        if frame.get("reset"):
            copy.rows.clear()
            copy.cursor = 0
        elif frame["from"] > copy.cursor:
            raise Gap(frame["scope"])
        for entity, id, version, doc in frame["rows"]:
            if version <= copy.cursor and not frame.get("reset"):
                continue
            if doc is None:
                copy.rows.pop((entity, id), None)
            else:
                copy.rows[(entity, id)] = (version, doc)
        copy.cursor = max(copy.cursor, frame["to"])

    def digest(self, scope: str) -> str:
        """The digest of what is held of a scope."""
        rows = self.scopes[scope].rows
        return digest.of_rows((entity, id, version) for (entity, id), (version, _) in rows.items())

    def all(self, entity: str) -> Iterator[dict[str, Any]]:
        """Every document of an entity, each in the projection of the scope ranked first."""
        seen: dict[str, tuple[int, dict[str, Any]]] = {}
        for name, copy in self.scopes.items():
            rank = scopes.rank(name)
            for (kind, id), (_, doc) in copy.rows.items():
                if kind == entity and (id not in seen or rank < seen[id][0]):
                    seen[id] = (rank, doc)
        return (doc for _, doc in seen.values())
