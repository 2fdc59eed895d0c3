"""What must be true of the texts before anybody sees them. Returns faults as sentences; changes nothing.

Plain language is checked here because nobody notices it in review: long sentences, and the words an
authority uses about people when it talks to itself. Source: experience.md (plain, warm Swedish), rules.md 6.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message

from server.texts import LANGUAGES, SOURCE_LANGUAGE, direction, placeholders
from server.web.catalog_extract import computed_calls
from server.web.catalogs import extract, po_path, read_catalog, source_files

LONGEST_SENTENCE = 20
# A coordinator is never a case worker, a person never a client, and nobody is referred away.
_NEVER = re.compile(r"\b(handläggar\w*|klient\w*|hänvisa\w*)", re.IGNORECASE)
_NOT_TO_FAMILIES = re.compile(r"\b(ärende\w*|remiss\w*|insats\w*|psykisk ohälsa)", re.IGNORECASE)
# The client's own screens speak to everybody unless they are made for staff alone.
_FAMILY_FILES = re.compile(r"^server/(?:web|push)/|^pwa/src/(?!generated/|ui/staff|views/(?:staff|lead|admin)[/.-])")
_FAMILY_MARK = "texts: family"
_BRACES = re.compile(r"[{}]")
_SENTENCE_END = re.compile(r"[.!?:;](?:\s+|$)|\n")
_WORD = re.compile(r"\w")
# Groups of digits change places in a right-to-left sentence, and 116 111 would be read as 111 116.
_NUMBER_GROUPS = re.compile(r"\d+(?:[ –-]\d+)+")
_ISOLATED = re.compile("\u2066[^\u2066\u2069]*\u2069")


def is_family_file(root: Path, name: str) -> bool:
    """Whether families or young people read what stands in this file: by its place, or because it says so."""
    if _FAMILY_FILES.search(name):
        return True
    path = root / name
    return path.is_file() and _FAMILY_MARK in path.read_text(encoding="utf-8")[:2000]


def longest_sentence(text: str) -> int:
    """Words in the longest sentence."""
    return max(sum(1 for word in part.split() if _WORD.search(word)) for part in _SENTENCE_END.split(f"{text} "))


def has_broken_braces(text: str) -> bool:
    """Whether a brace stands in the text that belongs to no placeholder, as in `{Name}` or `{name`."""
    return len(_BRACES.findall(text)) != sum(text.count(f"{{{key}}}") * 2 for key in placeholders(text))


def _forms(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return tuple(value) if isinstance(value, list | tuple) else ()


def _message_faults(lang: str, message: Message) -> Iterator[str]:
    """Faults of one translation: missing, uncertain, or with other placeholders than its source."""
    sources, values = _forms(message.id), _forms(message.string)
    name = f"{lang}: {sources[0]!r}"
    if message.fuzzy:
        yield f"{name} is marked fuzzy"
    if not values or not all(values):
        if lang != SOURCE_LANGUAGE:
            yield f"{name} is not translated"
        return
    known = frozenset().union(*(placeholders(source) for source in sources))
    # Some numbers are said in a word ("both"), so a form of a plural may leave the number out.
    optional = {"n"} if len(sources) > 1 else set()
    for value in values:
        found = placeholders(value)
        if unknown := sorted(found - known):
            yield f"{name} has unknown placeholders {unknown}"
        if lost := sorted(known - found - optional):
            yield f"{name} lacks placeholders {lost}"
        if direction(lang) == "rtl" and (found_number := _NUMBER_GROUPS.search(_ISOLATED.sub("", value))):
            yield f"{name} has the number {found_number.group()!r} outside U+2066 … U+2069"
        if has_broken_braces(value):
            yield f"{name} has a broken placeholder"


def _swedish_faults(root: Path, catalog: Catalog) -> Iterator[str]:
    family: dict[str, bool] = {}
    for message in catalog:
        if not message.id:
            continue
        files = [file for file, _ in message.locations]
        for file in files:
            family.setdefault(file, is_family_file(root, file))
        for value in _forms(message.string):
            if found := _NEVER.search(value):
                yield f"sv: {value!r} says {found.group()!r}"
            if any(family[file] for file in files) and (found := _NOT_TO_FAMILIES.search(value)):
                yield f"sv: {value!r} says {found.group()!r} to families"
            if (words := longest_sentence(value)) > LONGEST_SENTENCE:
                yield f"sv: {value!r} has a sentence of {words} words"


def check(root: Path) -> list[str]:
    """Every fault found; empty when the texts may be shown."""
    faults: list[str] = []
    template = extract(root)
    wanted = {_forms(message.id) for message in template if message.id}
    for path in source_files(root):
        if path.suffix in {".ts", ".tsx"}:
            lines = computed_calls(path.read_text(encoding="utf-8"))
            name = path.relative_to(root).as_posix()
            faults += [f"{name}:{line} translates a template literal" for line in lines]
    for message in template:
        for source in _forms(message.id) if message.id else ():
            if has_broken_braces(source):
                faults.append(f"{source!r} has a broken placeholder")
    for lang in LANGUAGES:
        if not po_path(root, lang).is_file():
            faults.append(f"{lang}: no catalog; run update")
            continue
        catalog = read_catalog(root, lang)
        have = {_forms(message.id) for message in catalog if message.id}
        faults += [f"{lang}: {ids[0]!r} is not in the catalog; run update" for ids in sorted(wanted - have)]
        faults += [f"{lang}: {ids[0]!r} is no longer used; run update" for ids in sorted(have - wanted)]
        for message in catalog:
            if message.id:
                faults += _message_faults(lang, message)
        if lang == "sv":
            faults += _swedish_faults(root, catalog)
    return faults
