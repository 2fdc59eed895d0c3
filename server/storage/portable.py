"""SQL written once, in PostgreSQL's words, as SQLite reads it. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

_TOKENS = re.compile(
    r"""(?P<quoted>'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*)
    | =\s*any\s*\(\s*\$(?P<any>\d+)(?:::\w+(?:\[\])?)?\s*\)
    | <>\s*all\s*\(\s*\$(?P<all>\d+)(?:::\w+(?:\[\])?)?\s*\)
    | (?P<lock>\bfor\s+(?:no\s+key\s+)?(?:update|share)(?:\s+of\s+\w+)?(?:\s+(?:nowait|skip\s+locked))?)
    | \$(?P<value>\d+)
    | (?P<cast>::\w+(?:\[\])?)""",
    re.IGNORECASE | re.VERBOSE,
)


@lru_cache(maxsize=4096)
def rewrite(sql: str) -> str:
    """`sql` as SQLite reads it: `$1` → `?1`, `= any($1)` → a list in JSON, casts and row locks left out.

    Row locks need nothing in their place: a transaction that writes is alone.
    """

    def replaced(match: re.Match[str]) -> str:
        if match["any"]:
            return f"in (select value from json_each(?{match['any']}))"
        if match["all"]:
            return f"not in (select value from json_each(?{match['all']}))"
        if match["value"]:
            return f"?{match['value']}"
        return match["quoted"] or ""

    return _TOKENS.sub(replaced, sql)


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
            values.append(json.dumps(value))
        elif value is None or isinstance(value, (str, int)):
            values.append(value)
        else:
            raise TypeError(f"only text, integers and lists of them are stored, not {type(value).__name__}")
    return values
