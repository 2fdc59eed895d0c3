"""Texts in the person's language: one set of catalogs for the server and the client.

A text is named by its English source (`msgid`). `Texts("sv").gettext("Call {name}", name="Maria")` is the
Swedish one; a language without a translation falls back to Swedish, English to the source itself.
The catalogs are built by `python -m server.web.catalogs`. Any layer may import this module; it imports none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[1]
LOCALES = ROOT / "locales"
SOURCE_LANGUAGE = "en"
DEFAULT_LANGUAGE = "sv"
LANGUAGES = ("sv", "en", "ar")
OWN_NAMES = {"sv": "Svenska", "en": "English", "ar": "العربية"}
_RIGHT_TO_LEFT = frozenset({"ar", "fa", "ckb", "yi", "ps"})
_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")


def N_(text: str) -> str:
    """The text itself; marks it for extraction where it is written before it is needed."""
    return text


def direction(lang: str) -> str:
    """`rtl` or `ltr`."""
    return "rtl" if lang in _RIGHT_TO_LEFT else "ltr"


def placeholders(text: str) -> frozenset[str]:
    """Names between braces, as in `{name}`."""
    return frozenset(_PLACEHOLDER.findall(text))


def fill(text: str, values: dict[str, object], *, isolate: bool = False) -> str:
    """The text with its placeholders replaced; an unknown one stays as it is.

    Not `str.format`: a translation must never be able to reach an attribute of a value. `isolate` keeps the
    order of a Latin name inside a right-to-left sentence.
    """

    def value(found: re.Match[str]) -> str:
        given = values.get(found.group(1), found.group())
        return f"\u2068{given}\u2069" if isolate and isinstance(given, str) else str(given)

    return _PLACEHOLDER.sub(value, text)


def plural_index(lang: str, n: int) -> int:
    """Which form of a plural text `n` takes, as the catalogs count them (gettext order)."""
    if lang != "ar":
        return 0 if n == 1 else 1
    if n in (0, 1, 2):
        return n
    last_two = n % 100
    if 3 <= last_two <= 10:
        return 3
    return 4 if last_two >= 11 else 5


@lru_cache(maxsize=16)
def _messages(lang: str, folder: Path) -> dict[str, str | tuple[str, ...]]:
    """Translated texts of one language by source text; plural ones as a tuple of forms."""
    path = folder / lang / "LC_MESSAGES" / "messages.po"
    if not path.is_file():
        return {}
    with path.open("rb") as source:
        catalog = read_po(source, locale=lang)
    found: dict[str, str | tuple[str, ...]] = {}
    for message in catalog:
        if not message.id or message.fuzzy:
            continue
        key = message.id if isinstance(message.id, str) else message.id[0]
        value = message.string
        if isinstance(value, str):
            if value:
                found[key] = value
        elif value and all(value):
            found[key] = tuple(value)
    return found


def forget() -> None:
    """Reads the catalogs anew at the next text; for those who have just written them."""
    _messages.cache_clear()


@dataclass(frozen=True)
class Texts:
    """The catalog of one language; an unknown language becomes the default one."""

    lang: str
    folder: Path = LOCALES

    def __post_init__(self) -> None:
        if self.lang not in LANGUAGES:
            object.__setattr__(self, "lang", DEFAULT_LANGUAGE)

    def _find(self, msgid: str) -> tuple[str, str | tuple[str, ...]] | None:
        for lang in (self.lang, *(() if self.lang == SOURCE_LANGUAGE else (DEFAULT_LANGUAGE,))):
            found = _messages(lang, self.folder).get(msgid)
            if found is not None:
                return lang, found
        return None

    def gettext(self, msgid: str, **values: object) -> str:
        """The text in this language with its placeholders filled."""
        found = self._find(msgid)
        text = found[1] if found is not None and isinstance(found[1], str) else msgid
        return fill(text, values, isolate=direction(self.lang) == "rtl")

    def ngettext(self, one: str, many: str, n: int, **values: object) -> str:
        """The form for `n`; `{n}` is filled with the number."""
        found = self._find(one)
        if found is None or isinstance(found[1], str):
            text = one if n == 1 else many
        else:
            text = found[1][plural_index(found[0], n)]
        return fill(text, {"n": n, **values}, isolate=direction(self.lang) == "rtl")


def choose_language(accept_language: str, *, wanted: str | None = None) -> str:
    """The best language we have: the one asked for, then the browser's list in order, then Swedish."""
    if wanted in LANGUAGES:
        return str(wanted)
    ranked: list[tuple[float, int, str]] = []
    for order, part in enumerate(accept_language[:200].split(",")):
        tag, _, parameter = part.strip().partition(";")
        weight = re.fullmatch(r"\s*q=([01](?:\.\d{0,3})?)\s*", parameter)
        ranked.append((-float(weight.group(1)) if weight else -1.0, order, tag.split("-")[0].lower()))
    for weight_, _, lang in sorted(ranked):
        if weight_ < 0 and lang in LANGUAGES:
            return lang
    return DEFAULT_LANGUAGE
