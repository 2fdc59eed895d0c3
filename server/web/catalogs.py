"""Builds the catalogs: source files → messages.pot → messages.po per language → JSON for the client.

Run as `python -m server.web.catalogs extract|update|compile|check`; reading texts is `server.texts`. What it
writes is a function of the sources alone (no dates, no line numbers): two people who build the same texts
write the same bytes.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import check_and_call_extract_file
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

from server.domain.names import ALSO_WORDS, FIRST_NAMES
from server.texts import DEFAULT_LANGUAGE, LANGUAGES, N_, ROOT, SOURCE_LANGUAGE, Texts, direction, forget

KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "gettext": None,
    "ngettext": (1, 2),
    "N_": None,
    "t": None,
    "tn": (1, 2),
}
SOURCES = ("server", "pwa/src")
# Texts of the server's own pages; the client never shows them, so it does not carry them.
_SERVER_ONLY = ("server/web/", "server/push/", "server/auth/")
_STAFF_ONLY = ("pwa/src/views/staff/", "pwa/src/views/professional/", "pwa/src/ui/staff")
_SKIPPED = {"generated", "node_modules", "__pycache__"}
_CHURN = re.compile(
    rb'^"(?:Project-Id-Version|Report-Msgid-Bugs-To|POT-Creation-Date|PO-Revision-Date|Generated-By'
    rb"|Last-Translator|Language-Team):.*\n",
    re.MULTILINE,
)
# Babel's own Arabic rule counts the last two forms in another order than every editor of catalogs.
_ARABIC = re.compile(rb"nplurals=6; plural=\(n==0 .*?\);")
_ARABIC_RULE = b"nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);"
_HEADER = "# Texts of Samled. Built by `python -m server.web.catalogs`; edit translations in the .po files.\n#"
# The words a date needs beside the names that Babel has.
_DATE_WORDS = {"today": N_("Today"), "tomorrow": N_("Tomorrow"), "yesterday": N_("Yesterday")}
_DATE_PATTERN = {"date": "{weekday} {day} {month}", "date_year": "{weekday} {day} {month} {year}"}
_TIME_PATTERNS = {
    "sv": {"at": "kl. {time}", "time_separator": "."},
    "en": {"at": "at {time}", "time_separator": ":"},
    "ar": {"at": "الساعة {time}", "time_separator": ":"},
}


def source_files(root: Path) -> Iterator[Path]:
    """Every file texts may stand in, in a fixed order."""
    found: list[Path] = list((root / "pwa").glob("*.ts"))
    for folder in SOURCES:
        found += (path for path in (root / folder).rglob("*") if path.suffix in {".py", ".ts", ".tsx"})
    yield from sorted(path for path in found if not _SKIPPED.intersection(path.relative_to(root).parts))


def extract(root: Path = ROOT) -> Catalog:
    """The template: every text once, with the files it stands in."""
    with (root / "locales" / "babel.cfg").open(encoding="utf-8") as mapping:
        methods, options = parse_mapping_cfg(mapping)  # type: ignore[no-untyped-call]
    catalog = Catalog(project="Samled", charset="utf-8", header_comment=_HEADER)
    for path in source_files(root):
        for filename, _line, message, comments, context in check_and_call_extract_file(
            path, methods, options, None, KEYWORDS, (), False, dirpath=root
        ):
            catalog.add(message, None, [(Path(filename).as_posix(), 0)], auto_comments=comments, context=context)
    return catalog


def _bytes(catalog: Catalog) -> bytes:
    out = BytesIO()
    write_po(out, catalog, width=0, sort_output=True, ignore_obsolete=True, include_lineno=False)
    return _ARABIC.sub(_ARABIC_RULE, _CHURN.sub(b"", out.getvalue()))


def po_path(root: Path, lang: str) -> Path:
    """The catalog of one language."""
    return root / "locales" / lang / "LC_MESSAGES" / "messages.po"


def read_catalog(root: Path, lang: str) -> Catalog:
    """The catalog of one language; an empty one if the file does not exist yet."""
    path = po_path(root, lang)
    if not path.is_file():
        return Catalog(locale=lang, project="Samled", charset="utf-8", fuzzy=False)
    with path.open("rb") as source:
        return read_po(source, locale=lang)


def write_catalog(root: Path, lang: str, catalog: Catalog) -> None:
    """Writes one language's catalog, its folder included."""
    catalog.fuzzy = False
    catalog.header_comment = _HEADER
    path = po_path(root, lang)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_bytes(catalog))


def update(root: Path = ROOT) -> Catalog:
    """Extracts, then brings every language up to the template; texts that are gone lose their translation."""
    template = extract(root)
    (root / "locales" / "messages.pot").write_bytes(_bytes(template))
    for lang in LANGUAGES:
        catalog = read_catalog(root, lang)
        catalog.update(template, no_fuzzy_matching=True)
        write_catalog(root, lang, catalog)
    return template


def _date_words(lang: str, texts: Texts) -> dict[str, object]:
    """Names of months and days (Monday first) and the patterns of a date.

    From Babel rather than from the browser: several browsers lack whole languages and answer in another.
    """
    locale = Locale.parse(lang)

    def names(table: Any, first: int, count: int) -> list[str]:
        return [str(table[index]) for index in range(first, first + count)]

    months, days = locale.months["format"], locale.days["format"]
    return {
        "months": names(months["wide"], 1, 12),
        "months_short": [name.rstrip(".") for name in names(months["abbreviated"], 1, 12)],
        "days": names(days["wide"], 0, 7),
        "days_short": names(days["abbreviated"], 0, 7),
        **{key: texts.gettext(msgid) for key, msgid in _DATE_WORDS.items()},
        **_DATE_PATTERN,
        **_TIME_PATTERNS[lang],
    }


def _is_for_staff(message: Message) -> bool:
    """Whether no page of families or young people, and none that all share, shows this text."""
    return all(path.startswith((*_SERVER_ONLY, *_STAFF_ONLY)) for path, _ in message.locations)


def _client_messages(
    catalog: Catalog, fallback: Catalog | None, wanted: Callable[[Message], bool]
) -> tuple[dict[str, object], list[str]]:
    """(source text → translation or plural forms, the texts that are Swedish for want of a translation).

    English keeps plurals and what it says in other words: all other texts are the keys.
    """
    messages: dict[str, object] = {}
    untranslated: list[str] = []
    for message in catalog:
        if not message.id or not wanted(message):
            continue
        if all(path.startswith(_SERVER_ONLY) for path, _ in message.locations):
            continue
        key = message.id if isinstance(message.id, str) else message.id[0]
        value: Any = message.string if isinstance(message.string, str) else list(message.string or ())
        if not (value if isinstance(value, str) else all(value)):
            if catalog.locale_identifier == SOURCE_LANGUAGE:
                if not isinstance(message.id, str):
                    messages[key] = list(message.id)
                continue
            other = fallback.get(message.id) if fallback is not None else None
            # A missing plural falls back to the form for many: the two languages count differently.
            swedish = (other.string if other is not None else "") or ""
            value = swedish if isinstance(swedish, str) else swedish[-1]
            if value:
                untranslated.append(key)
        if value:
            messages[key] = value
    return messages, sorted(untranslated)


# Folder → the texts in it: all of them, those everybody may see, and those that only staff see on top.
_PARTS: dict[str, Callable[[Message], bool]] = {
    "i18n": lambda _message: True,
    "i18n-core": lambda message: not _is_for_staff(message),
    "i18n-staff": _is_for_staff,
}


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"


def compile_catalogs(root: Path = ROOT) -> list[Path]:
    """Writes the client's languages, help contacts and names to warn of; returns the files written."""
    from server.web.region import build_region

    folder = root / "pwa" / "src" / "generated"
    fallback = read_catalog(root, DEFAULT_LANGUAGE)
    forget()
    written: list[Path] = []
    for lang in LANGUAGES:
        texts = Texts(lang, root / "locales")
        other = None if lang == DEFAULT_LANGUAGE else fallback
        head = {"lang": lang, "dir": direction(lang), "plural": "arabic" if lang == "ar" else "one_other"}
        dates = _date_words(lang, texts)
        for name, wanted in _PARTS.items():
            messages, untranslated = _client_messages(read_catalog(root, lang), other, wanted)
            document = {
                **head,
                "dates": dates,
                "messages": messages,
                **({"untranslated": untranslated} if untranslated else {}),
            }
            written.append(_write(folder / name / f"{lang}.json", document))
    written.append(_write(folder / "region.json", build_region(root / "locales")))
    # Those that are words too need a reader of sentences: the server's.
    written.append(_write(folder / "first-names.json", " ".join(sorted(FIRST_NAMES - ALSO_WORDS))))
    return written


def _write(path: Path, document: object) -> Path:
    """Writes the file whole or not at all: a build of the client may be reading."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(f".{os.getpid()}.part")
    beside.write_text(_json(document), encoding="utf-8")
    beside.replace(path)
    return path


def main(arguments: list[str]) -> int:
    """`extract`, `update`, `compile` or `check`; 0 when all is well."""
    if arguments == ["extract"]:
        (ROOT / "locales" / "messages.pot").write_bytes(_bytes(extract()))
    elif arguments == ["update"]:
        update()
    elif arguments == ["compile"]:
        compile_catalogs()
    elif arguments == ["check"]:
        from server.web.catalog_check import check

        faults = check(ROOT)
        sys.stdout.write(("\n".join(faults) or "texts: all translated, placeholders and words in order") + "\n")
        return 1 if faults else 0
    else:
        sys.stdout.write("usage: python -m server.web.catalogs extract|update|compile|check\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
