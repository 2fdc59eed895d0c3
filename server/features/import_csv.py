"""Reading lists of units, people and directory rows: what would be kept, and every problem by line and column.

Pure: bytes in, rows and problems out. Nothing is kept here. A row with a problem is left out, and is named in the
preview; a list that names people by their identity numbers is refused whole.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from typing import Final

from server.domain.identifiers import is_personal_number, is_reserve_number, normalise_phone
from server.features.import_columns import COLUMNS, Column, Kind

MOST_ROWS: Final = 5_000
BADGES: Final[Mapping[str, str]] = {"buse": "buse"}
YES: Final = frozenset({"1", "x", "ja", "yes", "true", "sant"})
NO: Final = frozenset({"", "0", "nej", "no", "false", "falskt", "-"})
_NUMBERED: Final = re.compile(
    r"person\W{0,2}(nr|nummer)|pers\W{0,2}n(r|ummer)|^p\W?nr$|samordnings|födelse|personal (identity )?number|^ssn$"
)
_TELEPHONE: Final = re.compile(r"tel|mobil|phone|fax|växel")
_LONG_NUMBER: Final = re.compile(r"(?<!\d)(?:\d{6}|\d{8})[-+ ]?(?:\d{4}|[KMXkmx]\d{3})(?!\d)")
_ONCE: Final[Mapping[Kind, tuple[str, ...]]] = {
    "units": ("name", "town"),
    "people": ("unit", "name"),
    "functions": ("unit", "function", "name"),
}
"""What may stand only once, in a file and in the house."""
_NAMED_BY: Final[Mapping[str, str]] = {"first_name": "name", "last_name": "name"}
_NAMES: Final = frozenset({"name", "first_name", "last_name", "deputy"})
_FORMULA: Final = tuple("=+-@\uff1d\uff0b\uff0d\uff20")
"""What a spreadsheet runs when a cell begins with it, also as the wide signs. A tab in front is cleaned away."""


@dataclass(frozen=True)
class Known:
    """What the house knows already: {what may be written, case folded: the id or key}.

    `there` holds what stands only once (`once`): a row that would say it again is left out.
    """

    units: Mapping[str, str] = field(default_factory=dict)
    areas: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    functions: Mapping[str, str] = field(default_factory=dict)
    there: Set[tuple[str, ...]] = frozenset()


@dataclass(frozen=True)
class Problem:
    """Why a row is left out, or (line 0 or 1) why the whole list is: `line` as in the file, where the heading is 1.

    `code`: `encoding no_rows too_many_rows missing_column double_column too_many_cells required too_long duplicate
    exists unknown_unit unknown_area unknown_kind unknown_function unknown_badge bad_phone not_yes_or_no
    formula_sign not_a_name identity_number`. An identity number is never repeated in `value`.
    """

    line: int
    column: str
    code: str
    value: str = ""


@dataclass(frozen=True)
class Entry:
    """One line: what would be kept (ids and keys; phones as E.164) and what stood there, cell by cell."""

    line: int
    values: Mapping[str, str]
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Preview:
    """What the file says. `rows` are those without a problem; `left_out` the others; `unused` headings nobody reads."""

    encoding: str
    delimiter: str
    heading: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    """For each heading what it is read as; empty for those that are not used."""
    rows: tuple[Entry, ...] = ()
    left_out: tuple[Entry, ...] = ()
    problems: tuple[Problem, ...] = ()
    refused: bool = False
    """Nothing of it can be kept."""

    @property
    def unused(self) -> tuple[str, ...]:
        return tuple(cell for cell, column in zip(self.heading, self.columns, strict=True) if cell and not column)


def once(kind: Kind, values: Mapping[str, str]) -> tuple[str, ...]:
    """What may stand only once of a row."""
    return (kind, *(values.get(name, "").casefold() for name in _ONCE[kind]))


def read(kind: Kind, data: bytes, known: Known) -> Preview:
    """The preview of a file. Semicolon, comma or tab; UTF-8 with or without a mark, UTF-16, otherwise Windows-1252."""
    text, encoding = decoded(data)
    if text is None:
        return Preview(encoding, "", problems=(Problem(0, "", "encoding"),), refused=True)
    text, told = _told_delimiter(text)
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = told or (max(";,\t", key=first.count) if first else ";")
    try:
        numbered = list(_numbered(text, delimiter, 2 if told else 1))
    except csv.Error:
        return Preview(encoding, delimiter, problems=(Problem(0, "", "encoding"),), refused=True)
    lines = [(number, tuple(map(_clean, cells))) for number, cells in numbered if any(map(str.strip, cells))]
    if not lines:
        return Preview(encoding, delimiter, problems=(Problem(0, "", "no_rows"),), refused=True)
    number, heading = lines[0]
    columns, wrong = _headed(kind, number, heading)
    wrong += _identity_numbers(heading, columns, lines)
    if len(lines) == 1:
        wrong.append(Problem(0, "", "no_rows"))
    if len(lines) > MOST_ROWS + 1:
        wrong.append(Problem(0, "", "too_many_rows", str(len(lines) - 1)))
    names = tuple(column.name if column else "" for column in columns)
    if wrong:
        return Preview(encoding, delimiter, heading, names, problems=tuple(wrong), refused=True)
    rows, left_out, problems = _rows(kind, columns, lines[1:], known)
    return Preview(encoding, delimiter, heading, names, tuple(rows), tuple(left_out), tuple(problems))


def decoded(data: bytes) -> tuple[str | None, str]:
    """(the text, how it was read); None for what is no text in these encodings."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _tried(data, "utf-16")
    if b"\x00" in data:
        return None, "unknown"
    text, _ = _tried(data, "utf-8-sig")
    return (text, "utf-8") if text is not None else _tried(data, "windows-1252")


def _tried(data: bytes, encoding: str) -> tuple[str | None, str]:
    try:
        return data.decode(encoding), encoding
    except UnicodeDecodeError:
        return None, "unknown"


def _told_delimiter(text: str) -> tuple[str, str]:
    """(the rest, the delimiter) of a file that says `sep=;` in its first line, as Excel writes it."""
    found = re.match(r'"?sep=([;,\t])"?\r?\n', text, re.IGNORECASE)
    return (text[found.end() :], found[1]) if found else (text, "")


def _numbered(text: str, delimiter: str, first: int) -> Iterable[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    before = 0
    for cells in reader:
        yield before + first, cells
        before = reader.line_num


def _clean(cell: str) -> str:
    """Without signs that are not seen, in one line; and without the mark that kept a spreadsheet from running it."""
    cell = cell[1:] if cell[:1] == "'" and cell[1:2] in "=+-@" else cell
    seen = "".join(" " if unicodedata.category(one) in ("Cc", "Zl", "Zp") else one for one in cell)
    return " ".join("".join(one for one in seen if unicodedata.category(one) != "Cf").split())


def _heading(cell: str) -> str:
    return " ".join(re.split(r"[\s_]+", cell.strip(" *:").casefold()))


def _headed(kind: Kind, number: int, cells: tuple[str, ...]) -> tuple[list[Column | None], list[Problem]]:
    by_heading = {heading: column for column in COLUMNS[kind] for heading in column.headings}
    columns: list[Column | None] = []
    problems: list[Problem] = []
    for cell in cells:
        column = by_heading.get(_heading(cell))
        if column is not None and column in columns:
            problems.append(Problem(number, cell, "double_column"))
        columns.append(column)
    there = {column.name for column in columns if column}
    there |= {whole for part, whole in _NAMED_BY.items() if part in there}
    problems.extend(
        Problem(number, column.name, "missing_column")
        for column in COLUMNS[kind]
        if column.required and column.name not in there
    )
    return columns, problems


def _identity_numbers(
    heading: tuple[str, ...], columns: list[Column | None], lines: list[tuple[int, tuple[str, ...]]]
) -> list[Problem]:
    """The first place in each column where somebody's identity number stands; its heading alone is enough."""
    found = []
    for place, cell in enumerate(heading):
        column = columns[place]
        if column is None and _NUMBERED.search(_heading(cell)):
            found.append(Problem(lines[0][0], cell, "identity_number"))
            continue
        phone = (column is not None and column.check == "phone") or bool(_TELEPHONE.search(_heading(cell)))
        line = next((n for n, cells in lines[1:] if place < len(cells) and _has_number(cells[place], phone)), None)
        if line is not None:
            found.append(Problem(line, cell, "identity_number"))
    return found


def _has_number(cell: str, phone: bool) -> bool:
    if phone and cell.startswith(("0", "+")) and normalise_phone(cell):
        return False
    return any(
        is_personal_number(one.replace(" ", "")) or is_reserve_number(one.replace("-", "").upper())
        for one in _LONG_NUMBER.findall(cell)
    )


def _rows(
    kind: Kind, columns: list[Column | None], lines: list[tuple[int, tuple[str, ...]]], known: Known
) -> tuple[list[Entry], list[Entry], list[Problem]]:
    rows: list[Entry] = []
    left_out: list[Entry] = []
    problems: list[Problem] = []
    seen: dict[tuple[str, ...], int] = {}
    for number, cells in lines:
        values, wrong = _row(kind, columns, number, cells, known)
        key = once(kind, values)
        if not wrong and key in known.there:
            wrong.append(Problem(number, "", "exists"))
        if not wrong and key in seen:
            wrong.append(Problem(number, "", "duplicate", str(seen[key])))
        if not wrong:
            seen[key] = number
        (left_out if wrong else rows).append(Entry(number, values, cells))
        problems.extend(wrong)
    return rows, left_out, problems


def _row(
    kind: Kind, columns: list[Column | None], number: int, cells: tuple[str, ...], known: Known
) -> tuple[dict[str, str], list[Problem]]:
    problems = [Problem(number, "", "too_many_cells", cell[:80]) for cell in cells[len(columns) :] if cell]
    row: dict[str, str] = {}
    padded = [*cells, *[""] * (len(columns) - len(cells))]
    for column, cell in zip(columns, padded, strict=False):
        if column is None or not cell:
            continue
        value, code = _checked(column, cell, known)
        if code:
            problems.append(Problem(number, column.name, code, cell[:80]))
        row[column.name] = value
    parts = [row.pop(part) for part in ("first_name", "last_name") if part in row]
    if parts and "name" not in row:
        row["name"] = " ".join(parts)
        if len(row["name"]) > 80:
            problems.append(Problem(number, "name", "too_long", row["name"][:80]))
    problems.extend(
        Problem(number, column.name, "required")
        for column in COLUMNS[kind]
        if column.required and column.name not in row
    )
    return row, problems


def _checked(column: Column, cell: str, known: Known) -> tuple[str, str]:
    """(the cleaned text, the code of what is wrong or nothing)"""
    if len(cell) > column.longest:
        return cell, "too_long"
    if column.name in _NAMES and cell.startswith(_FORMULA):
        return cell, "formula_sign"
    if column.name in _NAMES and not any(sign.isalpha() for sign in cell):
        return cell, "not_a_name"
    match column.check:
        case "phone":
            number = normalise_phone(cell)
            return (number.stored, "") if number else (cell, "bad_phone")
        case "yes_no":
            low = cell.casefold()
            return ("yes" if low in YES else "", "" if low in YES | NO else "not_yes_or_no")
        case "unit":
            return _one_of(cell, known.units, "unknown_unit")
        case "area":
            return _one_of(cell, known.areas, "unknown_area")
        case "kind":
            return _one_of(cell, known.kinds, "unknown_kind")
        case "function":
            return _one_of(cell, known.functions, "unknown_function")
        case "badge":
            return _one_of(cell, BADGES, "unknown_badge")
        case "functions":
            return _functions(cell, known)
        case "text":
            return cell, ""


def _functions(cell: str, known: Known) -> tuple[str, str]:
    """Several of them: between commas or bars, and as keys also between spaces."""
    words = [word.strip() for word in re.split(r"[,;|/]+", cell) if word.strip()]
    if len(words) == 1 and words[0].casefold() not in known.functions:
        words = words[0].split()
    keys = [_one_of(word, known.functions, "unknown_function") for word in words]
    return " ".join(dict.fromkeys(key for key, _ in keys)), next((code for _, code in keys if code), "")


def _one_of(cell: str, known: Mapping[str, str], code: str) -> tuple[str, str]:
    """What stands behind the cell, whatever its case."""
    found = known.get(cell.casefold())
    return (cell, code) if found is None else (found, "")
