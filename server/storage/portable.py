"""SQL written once, in PostgreSQL's words, as SQLite reads it. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import repeat
from typing import Any

import msgspec

from server.storage.engine import Asked

_TOKENS = re.compile(
    r"""(?P<quoted>'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*)
    | \bunnest\s*\((?P<columns>[^()]*)\)\s*(?P<table>\w+)\s*\((?P<names>[^()]*)\)
    | =\s*any\s*\(\s*\$(?P<any>\d+)(?:::\w+(?:\[\])?)?\s*\)
    | <>\s*all\s*\(\s*\$(?P<all>\d+)(?:::\w+(?:\[\])?)?\s*\)
    | (?P<lock>\bfor\s+(?:no\s+key\s+)?(?:update|share)(?:\s+of\s+\w+)?(?:\s+(?:nowait|skip\s+locked))?)
    | \$(?P<value>\d+)
    | (?P<cast>::\w+(?:\[\])?)""",
    re.IGNORECASE | re.VERBOSE,
)
_NUMBER = re.compile(r"\$(\d+)")


@lru_cache(maxsize=4096)
def rewrite(sql: str) -> str:
    """`sql` as SQLite reads it: `$1` → `?1`, `= any($1)` → a list in JSON, casts and row locks left out.

    Row locks need nothing in their place: a transaction that writes is alone. `unnest($1::text[]) r (a)` becomes a
    table of the one row that is bound: the statement is for `executemany` (see `each`).
    """

    def replaced(match: re.Match[str]) -> str:
        if match["table"]:
            names = match["names"].split(",")
            columns = _NUMBER.findall(match["columns"])
            row = ", ".join(f"?{column} AS {name.strip()}" for column, name in zip(columns, names, strict=True))
            return f"(SELECT {row}) {match['table']}"
        if match["any"]:
            return f"in (select value from json_each(?{match['any']}))"
        if match["all"]:
            return f"not in (select value from json_each(?{match['all']}))"
        if match["value"]:
            return f"?{match['value']}"
        return match["quoted"] or ""

    return _TOKENS.sub(replaced, sql)


def each(args: Sequence[object]) -> list[tuple[object, ...]]:
    """The rows of these columns; what is no list is in every row."""
    return list(zip(*(arg if isinstance(arg, (list, tuple)) else repeat(arg) for arg in args), strict=False))


def together(statements: Sequence[Asked]) -> tuple[str, list[object]]:
    """Several statements as one for PostgreSQL, each of which sees what was there before all of them."""
    parts, args = _side_by_side(statements)
    return "WITH " + ", ".join(f"w{number} AS ({part})" for number, part in enumerate(parts)) + " SELECT 1", args


def one_after_the_other(statements: Sequence[Asked]) -> Asked:
    """Several questions whose rows have one shape as one, for either engine."""
    parts, args = _side_by_side(statements)
    return " UNION ALL ".join(parts), args


def in_one_row(statements: Sequence[Asked]) -> tuple[str, list[object]]:
    """Several questions as one for PostgreSQL, answered in their order: a column for each, with its rows as a list."""
    parts, args = _side_by_side(statements)
    return "SELECT " + ", ".join(f"(SELECT array_agg(q) FROM ({part}) q)" for part in parts), args


def _side_by_side(statements: Sequence[Asked]) -> tuple[list[str], list[object]]:
    parts: list[str] = []
    args: list[object] = []
    for sql, own in statements:
        parts.append(_moved(sql, len(args)))
        args += own
    return parts, args


@lru_cache(maxsize=4096)
def _moved(sql: str, by: int) -> str:
    return _NUMBER.sub(lambda match: f"${int(match[1]) + by}", sql)


def bound(args: Sequence[object]) -> Sequence[Any]:
    """`args` as SQLite takes them. Raises: `TypeError` for what PostgreSQL's text and bigint columns
    would not take.
    """
    for value in args:
        if value is not None and not isinstance(value, (str, int)):
            break
    else:
        return args
    values: list[object] = []
    for value in args:
        if isinstance(value, (list, tuple)):
            values.append(msgspec.json.encode(value).decode())
        elif value is None or isinstance(value, (str, int)):
            values.append(value)
        else:
            raise TypeError(f"only text, integers and lists of them are stored, not {type(value).__name__}")
    return values
