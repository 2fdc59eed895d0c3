"""Numbers of persons and telephones in running text."""

from __future__ import annotations

import pytest

from server.domain.spelling import plain
from server.domain.written_numbers import person_numbers, phones


def persons(text: str) -> set[str]:
    folded = plain(text).text
    return {folded[start:end] for start, end in person_numbers(folded)}


def numbers(text: str) -> set[str]:
    folded = plain(text).text
    return {folded[start:end] for start, end in phones(folded)}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Det är 811218-9876.", "811218-9876"),
        ("811218 och de fyra sista 9876", "811218 och de fyra sista 9876"),
        ("81 sen 12 sen 18 sen 9876", "81 sen 12 sen 18 sen 9876"),
        ("åtta ett ett två ett åtta nio åtta sju sex", "åtta ett ett två ett åtta nio åtta sju sex"),
        ("åttioett tolv arton nittioåtta sjuttiosex", "åttioett tolv arton nittioåtta sjuttiosex"),
        ("19810829M071", "19810829M071"),
        ("19450829 sedan k-088", "19450829 sedan k-088"),
        ("född 2014-05-03", "2014-05-03"),
        ("personnummer: 811218-9875", "811218-9875"),
        ("pnr 140503", "140503"),
        ("född den 3 maj", "född den 3 maj"),
    ],
)
def test_what_is_a_number_of_a_person(text: str, found: str) -> None:
    assert found in persons(text)


@pytest.mark.parametrize(
    "text",
    [
        "811218-9875",
        "2026-11-28. Vi har läst på 1177",
        "vecka 7, kl. 09.15-10.30. Vi har läst på 1177",
        "2027-07-31-2027-09-05",
        "Skattningen var 2 av 10. Tiderna 10.15 och 11.30",
        "född 2014",
        "Ange aldrig personnummer. Mötet 2026-11-23",
        "personnummer 12",
        "811218" + " " * 60 + "9876",
        "19810829 M 072",
        "trettio och fyrtio",
    ],
)
def test_what_is_not(text: str) -> None:
    assert persons(text) == set()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("070-174 06 05", "070-174 06 05"),
        ("0701740605 kl 13.30", "0701740605"),
        ("+46 (0)70-174 06 05", "46 (0)70-174 06 05"),
        ("0046701740605", "0046701740605"),
        ("+4722334455", "4722334455"),
        ("46701740605", "46701740605"),
        ("70 174 06 05", "70 174 06 05"),
        ("070 och sedan 174 06 05", "070 och sedan 174 06 05"),
        ("0, 7, 0, 1, 7, 4, 0, 6, 0, 5", "0, 7, 0, 1, 7, 4, 0, 6, 0, 5"),
        ("noll sju noll ett sju fyra noll sex noll fem", "noll sju noll ett sju fyra noll sex noll fem"),
        ("tel 390 06 00", "390 06 00"),
        ("öppet 08.00-16.30, 070-174 06 05", "070-174 06 05"),
    ],
)
def test_what_is_a_telephone_number(text: str, found: str) -> None:
    assert found in numbers(text)


@pytest.mark.parametrize(
    "text",
    [
        "Ring 112, 1177 eller 116 111.",
        "En väg in: 010-435 86 50, eller +46 10 435 86 50",
        "08.00-16.30",
        "0,5 mg 2 gånger 2026",
        "15 000 kr för läsåret 2026/27",
        "ring kl 13.30-14.30",
        "ring 2026-11-23",
        "tel 12345",
        "tel",
        "070" + " och" * 20 + " 174 06 05",
        "1234567890123456789",
        "070 123456789012345",
        "06/11 2026",
    ],
)
def test_what_is_no_telephone_number(text: str) -> None:
    assert numbers(text) == set()
