"""Reading lists of units, people and directory rows: what would be kept, and every problem by line and column.

Pure: bytes in, rows and problems out. Nothing is kept here, and a file with problems is never half kept: the caller
shows the preview and keeps all or nothing.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from typing import Final, Literal

from server.domain.identifiers import normalise_phone

Kind = Literal["units", "people", "functions"]
Check = Literal[
    "text", "phone", "yes_no", "unit", "new_unit", "area", "kind", "function", "functions", "badge", "email"
]
BADGES: Final = frozenset({"buse"})
YES: Final = frozenset({"1", "x", "ja", "yes", "true"})
NO: Final = frozenset({"", "0", "nej", "no", "false"})
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(frozen=True)
class Column:
    """A column: its name here, the headings it is known by, and what its cells must be."""

    name: str
    headings: tuple[str, ...]
    check: Check = "text"
    required: bool = False
    longest: int = 80


COLUMNS: Final[Mapping[Kind, tuple[Column, ...]]] = {
    "units": (
        Column("name", ("name", "namn", "enhet", "verksamhet"), "new_unit", required=True),
        Column("kind", ("kind", "typ"), "kind", required=True),
        Column("town", ("town", "ort", "kommun"), required=True),
        Column("area", ("area", "område"), "area", required=True),
        Column("organisation", ("organisation", "huvudman"), required=True),
        Column("phone", ("phone", "telefon"), "phone"),
        Column("hours", ("hours", "öppettider", "telefontid")),
        Column("offers", ("offers", "erbjuder"), longest=500),
    ),
    "people": (
        Column("name", ("name", "namn"), required=True),
        Column("title", ("title", "titel", "roll"), required=True),
        Column("unit", ("unit", "enhet", "verksamhet"), "unit", required=True),
        Column("functions", ("functions", "funktioner", "funktion"), "functions", longest=300),
        Column("phone", ("phone", "telefon"), "phone"),
        Column("email", ("email", "e-post", "epost"), "email"),
        Column("leads", ("leads", "chef", "leder"), "yes_no"),
    ),
    "functions": (
        Column("unit", ("unit", "enhet", "verksamhet"), "unit", required=True),
        Column("function", ("function", "funktion"), "function", required=True),
        Column("name", ("name", "namn")),
        Column("phone", ("phone", "telefon"), "phone"),
        Column("hours", ("hours", "öppettider", "telefontid")),
        Column("deputy", ("deputy", "ersättare")),
        Column("deputy_phone", ("deputy_phone", "ersättare telefon"), "phone"),
        Column("offers", ("offers", "erbjuder"), longest=500),
        Column("how_to", ("how_to", "så gör du"), longest=500),
        Column("municipality", ("municipality", "kommun")),
        Column("badge", ("badge", "märke"), "badge"),
    ),
}
_ONCE: Final[Mapping[Kind, tuple[str, ...]]] = {
    "units": ("name", "town"),
    "people": ("name", "unit", "title"),
    "functions": ("unit", "function", "name"),
}
"""What may stand only once in a file."""


@dataclass(frozen=True)
class Known:
    """What the house knows already: names of units, names and slugs of areas, kinds of unit, keys of functions."""

    units: Set[str] = frozenset()
    areas: Set[str] = frozenset()
    kinds: Set[str] = frozenset()
    functions: Set[str] = frozenset()


@dataclass(frozen=True)
class Problem:
    """Why the file cannot be kept: `line` as in the file (the heading is 1; 0 is the file itself).

    `code`: `encoding no_rows missing_column unknown_column double_column too_many_cells required too_long duplicate
    exists unknown_unit unknown_area unknown_kind unknown_function unknown_badge bad_phone bad_email not_yes_or_no`.
    """

    line: int
    column: str
    code: str
    value: str = ""


@dataclass(frozen=True)
class Preview:
    """What the file says. `rows` are {column name: cleaned text}; phones as E.164, functions joined by a space."""

    encoding: str
    delimiter: str
    rows: tuple[Mapping[str, str], ...] = ()
    problems: tuple[Problem, ...] = field(default=())


def read(kind: Kind, data: bytes, known: Known) -> Preview:
    """The preview of a file. Semicolon, comma or tab; UTF-8 with or without a mark, otherwise Latin-1."""
    text, encoding = decoded(data)
    if text is None:
        return Preview(encoding, "", problems=(Problem(0, "", "encoding"),))
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(";,\t", key=first.count) if first else ";"
    try:
        numbered = list(_numbered(text, delimiter))
    except csv.Error:
        return Preview(encoding, delimiter, problems=(Problem(0, "", "encoding"),))
    lines = [(number, [cell.strip() for cell in cells]) for number, cells in numbered if any(map(str.strip, cells))]
    if not lines:
        return Preview(encoding, delimiter, problems=(Problem(0, "", "no_rows"),))
    columns, problems = _headed(kind, *lines[0])
    rows: list[dict[str, str]] = []
    seen: dict[tuple[str, ...], int] = {}
    for number, cells in lines[1:]:
        row, wrong = _row(columns, number, cells, known)
        once = tuple(row.get(name, "").casefold() for name in _ONCE[kind])
        if once in seen:
            wrong.append(Problem(number, "", "duplicate", str(seen[once])))
        seen.setdefault(once, number)
        rows.append(row)
        problems.extend(wrong)
    if not rows:
        problems.append(Problem(0, "", "no_rows"))
    return Preview(encoding, delimiter, tuple(rows), tuple(problems))


def decoded(data: bytes) -> tuple[str | None, str]:
    """(the text, how it was read); None for what is no text in these encodings."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in data:
        return None, "unknown"
    try:
        return data.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        return data.decode("latin-1"), "latin-1"


def _numbered(text: str, delimiter: str) -> Iterable[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    before = 0
    for cells in reader:
        yield before + 1, cells
        before = reader.line_num


def _headed(kind: Kind, number: int, cells: list[str]) -> tuple[list[Column | None], list[Problem]]:
    by_heading = {heading: column for column in COLUMNS[kind] for heading in column.headings}
    columns: list[Column | None] = []
    problems: list[Problem] = []
    for cell in cells:
        column = by_heading.get(cell.casefold())
        if column is None and cell:
            problems.append(Problem(number, cell, "unknown_column"))
        if column is not None and column in columns:
            problems.append(Problem(number, column.name, "double_column"))
        columns.append(column)
    problems.extend(
        Problem(number, column.name, "missing_column")
        for column in COLUMNS[kind]
        if column.required and column not in columns
    )
    return columns, problems


def _row(
    columns: list[Column | None], number: int, cells: list[str], known: Known
) -> tuple[dict[str, str], list[Problem]]:
    problems = [Problem(number, "", "too_many_cells", cell) for cell in cells[len(columns) :] if cell]
    row: dict[str, str] = {}
    padded = [*cells, *[""] * (len(columns) - len(cells))]
    for column, cell in zip(columns, padded, strict=False):
        if column is None:
            continue
        if not cell:
            if column.required:
                problems.append(Problem(number, column.name, "required"))
            continue
        value, code = _checked(column, cell, known)
        if code:
            problems.append(Problem(number, column.name, code, cell[:80]))
        row[column.name] = value
    return row, problems


def _checked(column: Column, cell: str, known: Known) -> tuple[str, str]:
    """(the cleaned text, the code of what is wrong or nothing)"""
    if len(cell) > column.longest:
        return cell, "too_long"
    match column.check:
        case "phone":
            number = normalise_phone(cell)
            return (number.stored, "") if number else (cell, "bad_phone")
        case "email":
            return cell.casefold(), "" if _EMAIL.fullmatch(cell) else "bad_email"
        case "yes_no":
            low = cell.casefold()
            return ("yes" if low in YES else "", "" if low in YES | NO else "not_yes_or_no")
        case "unit":
            return _one_of(cell, known.units, "unknown_unit")
        case "new_unit":
            found, missing = _one_of(cell, known.units, "new")
            return found, "" if missing else "exists"
        case "area":
            return _one_of(cell, known.areas, "unknown_area")
        case "kind":
            return _one_of(cell, known.kinds, "unknown_kind")
        case "function":
            return _one_of(cell, known.functions, "unknown_function")
        case "badge":
            return _one_of(cell, BADGES, "unknown_badge")
        case "functions":
            keys = [_one_of(one, known.functions, "unknown_function") for one in re.split(r"[\s,;|]+", cell) if one]
            return " ".join(dict.fromkeys(key for key, _ in keys)), next((code for _, code in keys if code), "")
        case "text":
            return cell, ""


def _one_of(cell: str, known: Set[str], code: str) -> tuple[str, str]:
    """The known spelling of the cell, whatever its case."""
    found = next((one for one in known if one.casefold() == cell.casefold()), None)
    return (cell, code) if found is None else (found, "")
