"""The columns of lists that can be read in: their names here, the headings they are known by, what stands in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["units", "people", "functions"]
Check = Literal["text", "phone", "yes_no", "unit", "area", "kind", "function", "functions", "badge"]


@dataclass(frozen=True)
class Column:
    """A column: its name here, the headings it is known by, and what its cells must be."""

    name: str
    headings: tuple[str, ...]
    check: Check = "text"
    required: bool = False
    longest: int = 80


_PHONE = Column("phone", ("phone", "telefon", "telefonnummer", "tel", "mobil", "mobiltelefon"), "phone")
_HOURS = Column("hours", ("hours", "öppettider", "telefontid", "tider", "nås"))
_OFFERS = Column("offers", ("offers", "erbjuder", "beskrivning", "hjälper med"), longest=500)
_UNIT = Column(
    "unit", ("unit", "enhet", "verksamhet", "arbetsplats", "tjänsteställe", "skola"), "unit", required=True, longest=160
)
COLUMNS: Final[Mapping[Kind, tuple[Column, ...]]] = {
    "units": (
        Column("name", ("name", "namn", "enhet", "enhetsnamn", "verksamhet", "skola"), required=True),
        Column("kind", ("kind", "typ", "slag", "verksamhetstyp"), "kind", required=True),
        Column("town", ("town", "ort", "kommun", "stadsdel"), required=True),
        Column("area", ("area", "område", "närområde", "samverkansområde"), "area", required=True),
        _PHONE,
        _HOURS,
        _OFFERS,
    ),
    "people": (
        Column("name", ("name", "namn"), required=True),
        Column("first_name", ("first name", "förnamn", "tilltalsnamn")),
        Column("last_name", ("last name", "efternamn")),
        Column("title", ("title", "titel", "roll", "befattning", "yrke"), required=True),
        _UNIT,
        Column("functions", ("functions", "function", "funktioner", "funktion"), "functions", longest=300),
        _PHONE,
        Column("leads", ("leads", "chef", "leder", "ledare"), "yes_no"),
    ),
    "functions": (
        _UNIT,
        Column("function", ("function", "funktion"), "function", required=True),
        Column("name", ("name", "namn")),
        _PHONE,
        _HOURS,
        Column("deputy", ("deputy", "ersättare")),
        Column("deputy_phone", ("deputy phone", "ersättare telefon", "ersättares telefon"), "phone"),
        _OFFERS,
        Column("how_to", ("how to", "så gör du", "kontaktväg"), longest=500),
        Column("municipality", ("municipality", "kommun")),
        Column("badge", ("badge", "märke"), "badge"),
    ),
}
