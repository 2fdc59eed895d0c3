"""Addresses, e-mail, links, schools and names in a folded text (`spelling.plain`).

Each function gives (start, end) spans, end exclusive. Patterns err towards asking; what is plainly
general (grundskolan, bris.se, "på vägen") is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from server.domain.identifiers import SHORT_CODES
from server.domain.names import ALSO_WORDS, CAPITALISED, FIRST_NAMES, NAME_CUES, NO_GENITIVES, SURNAME_ENDINGS

Spans = Iterator[tuple[int, int]]

_AT = r"(?:\s?@\s?|\s?[(\[{<]\s?(?:at|a|snabel-?a|@)\s?[)\]}>]\s?|\s(?:at|snabel-?a|alfa-?krull)\s)"
_DOT = r"(?:\s?\.\s?|\s?[(\[{<]\s?(?:dot|punkt|\.)\s?[)\]}>]\s?|\s(?:dot|punkt)\s)"
_EMAIL = re.compile(rf"[\w.+%-]+{_AT}[\w-]+(?:{_DOT}[\w-]+)*{_DOT}[a-zåäö]{{2,}}\b|[\w.+%-]+@[\w-]+", re.IGNORECASE)
_LINK = re.compile(
    r"\bhttps?://\S+|\bwww\.\S+|(?<![\w.])@\w{3,}"
    r"|(?<![\w@])(?:[\w-]+\.)+(?:se|com|nu|org|net|io|eu|info|me|app|fi|no|dk|de|link|gg)\b(?:/\S*)?"
)
_OPEN_SITES: Final = frozenset(
    {
        "1177.se",
        "bris.se",
        "digg.se",
        "jourhavandekompis.se",
        "mind.se",
        "sjalvmordslinjen.se",
        "skolverket.se",
        "socialstyrelsen.se",
        "umo.se",
        "vardsamverkan.se",
        "vgregion.se",
        "youmo.se",
    }
)

_STREET_END = (
    r"(?:gatan|vägen|gränd(?:en)?|stigen|torget|allén|backen|platsen|leden|gången|gata|väg|allé|stig"
    r"|gärdet|höjden|kroken|slingan|svängen|rundan|promenaden|esplanaden|strand(?:en)?|kajen)"
)
_UNITS = (
    r"(?:gång|ggr|dag|veck|timm|tim\b|min|år\b|åri|månad|mån\b|km|kilo|meter|mil\b|m\b|elev|barn|person|st\b|%"
    r"|procent|kr|familj|möte|och\b|eller\b)"
)
_STREET = re.compile(
    rf"\b[a-zåäöéü]{{2,}}{_STREET_END}\s+(?:nr\s*)?\d{{1,4}}(?:\s?[a-h]\b)?(?!\d|[.:,]\d|\s*-?\s*{_UNITS})",
    re.IGNORECASE,
)
_STREET_ALONE = re.compile(
    rf"(?i:\b(?:bor|bott|bodde|boende|hemma|hem|flyttat?|adress\w*)\b[^.!?\n]{{0,20}}?\b(?:på|till|vid|är|:)\s*)"
    rf"([A-ZÅÄÖ][a-zåäöéü]+{_STREET_END})\b"
)
_POSTCODE = re.compile(r"\b(?:SE?-?)?(\d{3} ?\d{2}) +[A-ZÅÄÖ][a-zåäöé]{2,}")
_BOX = re.compile(r"\b(?:box|lgh|lägenhet)\s*(?:nr\s*)?\d{1,5}\b", re.IGNORECASE)

_SCHOOL_END = r"(?:skolan?|gymnasi(?:et|um)|förskolan?|friskolan?|lärcentrum)"
_SCHOOL = re.compile(r"\b([A-ZÅÄÖ][a-zåäöéü]+?)s?(?:skolan|gymnasi(?:et|um)|lärcentrum)s?\b")
_SCHOOL_APART = re.compile(rf"\b([A-ZÅÄÖ][a-zåäöéü]+s)\s+(?:fria\s+)?{_SCHOOL_END}s?\b")
_SCHOOL_SMALL = re.compile(
    r"\b[a-zåäö]{2,}(?:berga?|lund|dal|torp|vik|hult|näs|holm|kulla|forsa?|sjö|åker|vall|ryd|backa|hamn)s?"
    rf"{_SCHOOL_END}s?\b"
)
_CLASS = re.compile(r"\b(?:klass(?:en)?|åk|årskurs)\s*\d{1,2}(?:\s?[A-H]|[a-h])\b|\bi [1-9][A-CEF]\b", re.IGNORECASE)
_CLASS_SPACED_SMALL = re.compile(r"\d\s[a-h]\Z")
_BEFORE_SCHOOL: Final = """
anknytnings anpassad barn bil by dag dans distans familje flick folkhög fri friluft för föräldra
grannskaps grund grundsär gymnasie gymnasiesär hel helg hem hög högstadie idrotts kris kultur kvälls kör
läx låg lågstadie mamma mellan mellanstadie musik må natur nya nät pappa pojk resurs rid ridnings same
sex sim sjukhus smärt små social sommar special språk stall stress sär sömn söndags tränings ungdoms
universitets vuxen yrkes ångest öppna
"""
_GENERAL_SCHOOLS: Final = frozenset(_BEFORE_SCHOOL.split())
_WORD = re.compile(r"[^\W\d_]+(?:[-'][^\W\d_]+)*")
_KNOWN: Final = FIRST_NAMES | CAPITALISED
_INITIALS = re.compile(r"(?<![\w.])(?!P\.\s?S\.)[A-ZÅÄÖ]\.\s?[A-ZÅÄÖ]\.")
_SENTENCE_END: Final = frozenset('.!?:\n•*"”“»')


def emails(text: str) -> Spans:
    """E-mail addresses, also with `(at)`, `snabel-a`, `punkt` or spaces."""
    return (found.span() for found in _EMAIL.finditer(text))


def links(text: str) -> Spans:
    """Links and handles; the sites that everybody is sent to may stand."""
    for found in _LINK.finditer(text):
        site = re.sub(r"^(?:https?://)?(?:www\.)?", "", found[0]).split("/")[0].rstrip(".,;:)!?")
        if site not in _OPEN_SITES:
            yield found.span()


def addresses(text: str) -> Spans:
    """Streets with a number, streets somebody lives on, postcodes with a town, boxes and flats."""
    yield from (found.span() for found in _STREET.finditer(text))
    yield from (found.span(1) for found in _STREET_ALONE.finditer(text))
    yield from (found.span() for found in _BOX.finditer(text))
    for found in _POSTCODE.finditer(text):
        if found[1].replace(" ", "") not in SHORT_CODES:
            yield found.span()


def schools(text: str) -> Spans:
    """Names of schools, and a class by its letter (`klass 8B`); a year (`åk 8`) tells nobody."""
    for found in _SCHOOL.finditer(text):
        # The s before the ending may be the word's own: resursskolan, idrottsskolan.
        if _GENERAL_SCHOOLS.isdisjoint((found[1].lower(), f"{found[1].lower()}s")):
            yield found.span()
    for found in _SCHOOL_APART.finditer(text):
        if not _starts_sentence(text, found.start()):
            yield found.span()
    yield from (found.span() for found in _SCHOOL_SMALL.finditer(text))
    for found in _CLASS.finditer(text):
        if not _CLASS_SPACED_SMALL.search(found[0]):
            yield found.span()


def names(text: str, allowed: Iterable[str] = ()) -> Spans:
    """Suspected names of persons; neighbouring ones are one span. Initials count."""
    yield from (found.span() for found in _INITIALS.finditer(text))
    allowed_words = {word.lower() for name in allowed for word in _WORD.findall(name)}
    words = [found for found in _WORD.finditer(text) if _bare(found[0]) not in allowed_words]
    held: tuple[int, int] | None = None
    for place, found in enumerate(words):
        before = words[place - 1] if place else None
        cue = words[place - 2] if place > 1 and before is not None and before[0] == "är" else before
        after = words[place + 1] if place + 1 < len(words) else None
        if not (_is_name(text, found) or _follows_cue(text, cue, found) or _is_pair(text, before, found, after)):
            continue
        if held is not None and text[held[1] : found.start()].strip(" -") == "":
            held = held[0], found.end()
            continue
        if held is not None:
            yield held
        held = found.span()
    if held is not None:
        yield held


def _is_name(text: str, found: re.Match[str]) -> bool:
    word, bare = found[0], _bare(found[0])
    first = bare in FIRST_NAMES
    if not word[0].isupper():
        return first and bare not in ALSO_WORDS and len(bare) > 3
    if first:
        return bare not in ALSO_WORDS or not _starts_sentence(text, found.start())
    return bare not in CAPITALISED and bare.endswith(SURNAME_ENDINGS) and len(bare) > 6


def _follows_cue(text: str, before: re.Match[str] | None, found: re.Match[str]) -> bool:
    """A capitalised word right after `mamma`, `eleven`, `heter` … that is no place or service."""
    if before is None or before[0].lower() not in NAME_CUES or not _is_unknown_capital(found[0]):
        return False
    return text[before.end() : found.start()].strip(" ,") in ("", ":", "är")


def _is_pair(text: str, before: re.Match[str] | None, found: re.Match[str], after: re.Match[str] | None) -> bool:
    """One of two unknown capitalised words side by side inside a sentence: first name and surname."""
    for left, right in ((before, found), (found, after)):
        if left is None or right is None or text[left.end() : right.start()] != " ":
            continue
        both = _is_unknown_capital(left[0]) and _is_unknown_capital(right[0])
        if both and (_bare(left[0]) in FIRST_NAMES or not _starts_sentence(text, left.start())):
            return True
    return False


def _is_unknown_capital(word: str) -> bool:
    return (
        len(word) > 1
        and word[0].isupper()
        and not word.isupper()
        and word.lower() not in CAPITALISED
        and _bare(word) not in CAPITALISED
    )


def _bare(word: str) -> str:
    """The word in lower case without the Swedish genitive: Elsas and Elsa's are Elsa."""
    low = word.lower()
    if low in FIRST_NAMES or low in NO_GENITIVES:
        return low
    for ending in ("'s", "s"):
        if low.endswith(ending) and low.removesuffix(ending) in _KNOWN:
            return low.removesuffix(ending)
    return low


def _starts_sentence(text: str, start: int) -> bool:
    before = text[:start].rstrip(" \t-(")
    return before == "" or before[-1] in _SENTENCE_END
