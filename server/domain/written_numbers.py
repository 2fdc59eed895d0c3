"""Numbers of persons and telephones in a folded text (`spelling.plain`), however they are spelled.

A text is read as a row of chunks of digits (and digits in words: "åtta ett ett två"); neighbouring chunks
are joined and tried. What is plainly a date with a time, a time span or a public help number is left
alone. Each function gives (start, end) spans, end exclusive.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from server.domain.identifiers import SHORT_CODES, birth_part_kind, is_reserve_number, luhn_ok

Spans = Iterator[tuple[int, int]]

_WIDEST_GAP: Final = 40
_SHORT_GAP: Final = 12
_LAST_DIGITS: Final = 4
_LETTER = re.compile(r"[^\W\d_]")
_STOP = re.compile(r"[.!?]")
_ONES: Final = {
    "noll": "0", "nolla": "0", "ett": "1", "etta": "1", "två": "2", "tvåa": "2", "tre": "3", "trea": "3",
    "fyra": "4", "fem": "5", "femma": "5", "sex": "6", "sexa": "6", "sju": "7", "sjua": "7", "åtta": "8",
    "nio": "9", "nia": "9",
}  # fmt: skip
_TEENS: Final = {
    "tio": "10", "elva": "11", "tolv": "12", "tretton": "13", "fjorton": "14", "femton": "15",
    "sexton": "16", "sjutton": "17", "arton": "18", "nitton": "19",
}  # fmt: skip
_TENS: Final = {
    "tjugo": "2", "trettio": "3", "fyrtio": "4", "femtio": "5", "sextio": "6", "sjuttio": "7",
    "åttio": "8", "nittio": "9",
}  # fmt: skip
_DIGITS = re.compile(r"\d+")
_SPOKEN = re.compile(
    rf"\d+|\b(?:(?P<ten>{'|'.join(_TENS)})(?P<unit>{'|'.join(_ONES)})?"
    rf"|(?P<plain>{'|'.join(sorted((*_ONES, *_TEENS), key=len, reverse=True))}))\b",
    re.IGNORECASE,
)
_TIME = r"(?:[01]?\d|2[0-4])[.:][0-5]\d"
_DAY_OF_YEAR = r"20[2-9]\d[-/.](?:0?[1-9]|1[0-2])[-/.](?:0?[1-9]|[12]\d|3[01])"
_HOUR = r"(?:[01]?\d|2[0-4])"
_CALENDAR = re.compile(
    rf"(?<![\d-]){_DAY_OF_YEAR}(?:\s?-\s?{_DAY_OF_YEAR})?(?![-\d])"
    r"|(?<!\d)(?:0?[1-9]|[12]\d|3[01])[-/.](?:0?[1-9]|1[0-2])(?:[-/. ]{1,2}20[2-9]\d)?(?![\d-])"
    rf"|(?<![\d.:]){_TIME}(?:\s?-\s?{_TIME})?(?![.:]?\d)"
    rf"|(?<![\d-]){_HOUR}\s?-\s?{_HOUR}(?![-\d])"
    r"|(?<![\d-])20[2-9]\d(?![\d-])"
)
"""Dates from 2020 on, times, spans of hours and years. Those the service is for were born before, so
that a birth date is not taken for the date of a meeting."""
_FRACTION = re.compile(r"[.,]\d")
_AREA_CODE = re.compile(r"0[1-9]\d+")
_TIGHT = re.compile(r"[ \-./()\n]{0,4}")
_LISTED = re.compile(r"[ ,;]{1,3}")
_RESERVE_LETTER = re.compile(r"(?<![^\W\d_])([KMX])[\W_]*\Z", re.IGNORECASE)
_NUMBER_CUE = re.compile(
    r"\b(?:person-?(?:nummer|nr)|pnr|p-?nr|samordnings-?(?:nummer|nr)|födelse-?nummer|reserv-?nummer|födelse(?:datum|dag\w*)"
    r"|född(?:es|e)?)\b[^\d.!?]{0,15}",
    re.IGNORECASE,
)
_BIRTHDAY = re.compile(
    r"\bfödd(?:es|e)?\s(?:den\s)?\d{1,2}(?::?e)?\s(?:jan|feb|mar|apr|maj|jun|jul|aug|sep|okt|nov|dec)\w*",
    re.IGNORECASE,
)
_PHONE_CUE = re.compile(
    r"\b(?:tel|telefon\w*|tfn|mobil\w*|sms\w*|swish\w*|ring|ringa|ringer|nås)\b[^\d.!?]{0,20}", re.IGNORECASE
)
_PUBLIC_NUMBERS: Final = frozenset({"0104358650", "0852449910", "0771505050", "020852000", "020181800", "020505050"})
"""Help lines that everybody may be given (rules.md 7)."""


@dataclass(frozen=True)
class _Chunk:
    digits: str
    start: int
    end: int


def person_numbers(text: str) -> Spans:
    """Personnummer, samordningsnummer and reservnummer, and birth dates that are named as such."""
    calendar = _calendar_spans(text)
    written = _chunks(text, _DIGITS)
    spoken = _chunks(text, _SPOKEN)
    for chunks in (written,) if spoken == written else (written, spoken):
        for window in _windows(chunks, most=12):
            numbered = _is_person_number(window) and _is_one_number(text, window, calendar)
            if numbered or _is_reserve_number(text, window):
                yield window[0].start, window[-1].end
    for cue in _NUMBER_CUE.finditer(text):
        named = _tight_run(text, [chunk for chunk in written if chunk.start >= cue.end()])
        if named and named[0].start == cue.end() and len(_joined(named)) >= 6:
            yield named[0].start, named[-1].end
    yield from (found.span() for found in _BIRTHDAY.finditer(text))


def phones(text: str) -> Spans:
    """Telephone numbers, Swedish and foreign; short codes and public help lines may stand."""
    calendar = _calendar_spans(text)
    for chunks in (_chunks(text, _DIGITS), _chunks(text, _SPOKEN)):
        for place, first in enumerate(chunks):
            if any(start < first.start < end for start, end in calendar):
                continue
            run = _tight_run(text, chunks[place:])
            for window in (run, _loose_run(text, chunks[place:])):
                end = _phone_end(text, window)
                if end and not _all_inside(window[:end], calendar):
                    yield first.start, window[end - 1].end
    written = _chunks(text, _DIGITS)
    for cue in _PHONE_CUE.finditer(text):
        run = _tight_run(text, [chunk for chunk in written if chunk.start >= cue.end()])
        digits = _joined(run)
        named = bool(run) and run[0].start == cue.end() and 6 <= len(digits) <= 12
        if named and not _is_public(digits) and not _all_inside(run, calendar):
            yield run[0].start, run[-1].end


def _chunks(text: str, pattern: re.Pattern[str]) -> list[_Chunk]:
    return [_Chunk(_digits_of(found), *found.span()) for found in pattern.finditer(text)]


def _digits_of(found: re.Match[str]) -> str:
    if found[0].isdigit():
        return found[0]
    parts = found.groupdict()
    if parts["ten"]:
        return _TENS[parts["ten"].lower()] + _ONES[(parts["unit"] or "noll").lower()]
    word = found[0].lower()
    return _ONES.get(word) or _TEENS[word]


def _windows(chunks: Sequence[_Chunk], *, most: int) -> Iterator[Sequence[_Chunk]]:
    """Every row of neighbouring chunks with at most `most` digits and no wide gap inside."""
    for first in range(len(chunks)):
        length = 0
        for last in range(first, len(chunks)):
            if last > first and chunks[last].start - chunks[last - 1].end > _WIDEST_GAP:
                break
            length += len(chunks[last].digits)
            if length > most:
                break
            yield chunks[first : last + 1]


def _is_person_number(window: Sequence[_Chunk]) -> bool:
    digits = _joined(window)
    if len(digits) not in (10, 12) or not luhn_ok(digits[-10:]):
        return False
    return birth_part_kind(digits[:-10], digits[-10:-4]) is not None


def _is_one_number(text: str, window: Sequence[_Chunk], calendar: Sequence[tuple[int, int]]) -> bool:
    """True unless the chunks come from dates and times, or more stands between than spelling would put there.

    Words may stand before the last four digits; anywhere else they are short and end no sentence.
    """
    first, last = window[0].start, window[-1].end
    if _all_inside(window, calendar) or any(s < first < e or s < last < e for s, e in calendar):
        return False
    pairs = itertools.pairwise(window)
    gaps = [(place, text[left.end : right.start]) for place, (left, right) in enumerate(pairs, start=1)]
    worded = [(place, gap) for place, gap in gaps if _LETTER.search(gap)]
    if len(worded) == 1 and len(_joined(window[worded[0][0] :])) == _LAST_DIGITS:
        return not _all_inside(window[: worded[0][0]], calendar)
    return all(len(gap) <= _SHORT_GAP and not _STOP.search(gap) for _, gap in worded)


def _is_reserve_number(text: str, window: Sequence[_Chunk]) -> bool:
    """Eight digits, then K M or X right before the last three."""
    for place in range(1, len(window)):
        head, tail = _joined(window[:place]), _joined(window[place:])
        letter = _RESERVE_LETTER.search(text, window[place - 1].end, window[place].start)
        if len(head) == 8 and letter and is_reserve_number(head + letter[1].upper() + tail):
            return True
    return False


def _tight_run(text: str, chunks: Sequence[_Chunk]) -> Sequence[_Chunk]:
    """The chunks from the first that only spaces, hyphens, dots, slashes and brackets part."""
    for place in range(1, len(chunks)):
        left, right = chunks[place - 1], chunks[place]
        gap = text[left.end : right.start]
        listed = len(left.digits) == len(right.digits) == 1 and _LISTED.fullmatch(gap)
        if not _TIGHT.fullmatch(gap) and not listed:
            return chunks[:place]
    return chunks


def _loose_run(text: str, chunks: Sequence[_Chunk]) -> Sequence[_Chunk]:
    """The chunks from the first with words between, if it opens like an area code or a country code."""
    first = chunks[0]
    if not _AREA_CODE.fullmatch(first.digits) and text[first.start - 1 : first.start] != "+":
        return ()
    for place in range(1, len(chunks)):
        if chunks[place].start - chunks[place - 1].end > _WIDEST_GAP:
            return chunks[:place]
    return chunks


def _phone_end(text: str, run: Sequence[_Chunk]) -> int:
    """How many chunks of the run make a telephone number (the most that fit), or 0."""
    best, digits = 0, ""
    foreign = bool(run) and text[run[0].start - 1 : run[0].start] == "+"
    for count, chunk in enumerate(run, start=1):
        digits += chunk.digits
        if len(digits) > 15:
            break
        if _is_phone(digits, foreign=foreign, whole=count == len(run)) and not _is_decimal(text, run):
            best = count
    return 0 if _is_public(_joined(run[:best])) else best


def _is_phone(digits: str, *, foreign: bool, whole: bool) -> bool:
    if foreign or digits.startswith("00"):
        return 9 <= len(digits) <= 15
    if digits.startswith("0"):
        return 8 <= len(digits) <= 10
    mobile = digits.removeprefix("46")
    return whole and len(mobile) == 9 and mobile[0] == "7" and mobile[1] in "02369"


def _is_decimal(text: str, run: Sequence[_Chunk]) -> bool:
    """True for 0,5 and 0.25: a zero with a fraction opens no number."""
    return run[0].digits == "0" and _FRACTION.match(text, run[0].end) is not None


def _is_public(digits: str) -> bool:
    national = re.sub(r"\A(?:00)?46(?=\d{8})", "0", digits)
    return digits in SHORT_CODES or national in _PUBLIC_NUMBERS


def _calendar_spans(text: str) -> list[tuple[int, int]]:
    return [found.span() for found in _CALENDAR.finditer(text)]


def _all_inside(chunks: Sequence[_Chunk], spans: Sequence[tuple[int, int]]) -> bool:
    return all(any(start <= chunk.start and chunk.end <= end for start, end in spans) for chunk in chunks)


def _joined(chunks: Sequence[_Chunk]) -> str:
    return "".join(chunk.digits for chunk in chunks)
