"""The app's texts, from the same compiled catalogs the app reads, so that a test names a text by its msgid."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CATALOGS = ROOT / "pwa" / "src" / "generated"


@cache
def catalog(lang: str) -> dict[str, str | list[str]]:
    """msgid → text, or its plural forms. Raises: `LookupError` before the client has been built."""
    path = CATALOGS / "i18n" / f"{lang}.json"
    if not path.is_file():
        raise LookupError("the catalogs are not compiled: run `make build`")
    messages: dict[str, str | list[str]] = json.loads(path.read_text(encoding="utf-8"))["messages"]
    return messages


def text(msgid: str, lang: str = "sv", *, n: int | None = None, **values: object) -> str:
    """`msgid` in `lang` with its values put in; `n` chooses between one and several (Swedish and English)."""
    found = catalog(lang).get(msgid)
    if found is None:
        raise LookupError(f"no text {msgid!r} in the catalog")
    if isinstance(found, list):
        found = found[0 if n == 1 else 1]
    for name, value in {**values, **({} if n is None else {"n": n})}.items():
        found = found.replace(f"{{{name}}}", str(value))
    return found


def pattern(msgid: str, lang: str = "sv") -> re.Pattern[str]:
    """What `msgid` can look like, whatever its values are."""
    parts = re.split(r"\{\w+\}", str(catalog(lang)[msgid]))
    return re.compile(".+?".join(re.escape(part) for part in parts))
