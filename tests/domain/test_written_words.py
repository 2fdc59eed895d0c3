"""Addresses, e-mail, links, schools and names in running text."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from server.domain import written_words as words

Finder = Callable[[str], Iterator[tuple[int, int]]]


def found(finder: Finder, text: str) -> list[str]:
    return [text[start:end] for start, end in finder(text)]


@pytest.mark.parametrize(
    ("finder", "text", "expected"),
    [
        (words.emails, "Skriv till alva.b@post.se.", ["alva.b@post.se"]),
        (words.emails, "alva (at) post punkt se", ["alva (at) post punkt se"]),
        (words.emails, "alva snabel-a post.se", ["alva snabel-a post.se"]),
        (words.emails, "alva@hemma", ["alva@hemma"]),
        (words.emails, "hemma at home", []),
        (words.links, "Se https://exempel.invalid/a?b och www.x.y", ["https://exempel.invalid/a?b", "www.x.y"]),
        (words.links, "på 1177.se, www.umo.se/sex och bris.se.", []),
        (words.links, "kontot @alva_b på nätet", ["@alva_b"]),
        (words.links, "skolan.kommun.se/klass", ["skolan.kommun.se/klass"]),
        (words.links, "t.ex. bl.a. m.m. kl.13", []),
        (words.addresses, "Bor på Storgatan 5 b.", ["Storgatan 5 b", "Storgatan"]),
        (words.addresses, "lilla kvarnvägen 12", ["kvarnvägen 12"]),
        (words.addresses, "på skolvägen 3 dagar i veckan, hemvägen 20 min", []),
        (words.addresses, "på vägen 2 och gatan 4", []),
        (words.addresses, "familjen flyttade hem till Björkstigen i år", ["Björkstigen"]),
        (words.addresses, "411 05 Göteborg", ["411 05 Göteborg"]),
        (words.addresses, "114 14 Polisen och 90101 Självmordslinjen", []),
        (words.addresses, "Box 123, lgh 1102", ["Box 123", "lgh 1102"]),
        (words.schools, "går på Fässbergsskolan", ["Fässbergsskolan"]),
        (words.schools, "Grundskolan, Musikskolan och Gymnasieskolan", []),
        (words.schools, "i Hjällbos skola, Deras skola", ["Hjällbos skola", "Deras skola"]),
        (words.schools, "Elevens skola vet.", []),
        (words.schools, "på kvarnbergsskolan nu", ["kvarnbergsskolan"]),
        (words.schools, "klass 8B, åk 9c och åk 8 A", ["klass 8B", "åk 9c", "åk 8 A"]),
        (words.schools, "åk 8 a eller åk 8, klass 4", []),
        (words.schools, "Sömnskola på onsdagar, Läxskolan", []),
        (words.schools, "går i 7B, i 3D och i 4 veckor", ["i 7B"]),
    ],
)
def test_words_that_tell(finder: Finder, text: str, expected: list[str]) -> None:
    assert found(finder, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Elsa sover dåligt.", ["Elsa"]),
        ("Vi pratade med Elsas mamma", ["Elsas"]),
        ("pojken omar är trött", ["omar"]),
        ("Eleven heter Xandrine och", ["Xandrine"]),
        ("Mamman: Qamile, pappa är Rustam", ["Qamile", "Rustam"]),
        ("hos Elsa Lind-Berg i dag", ["Elsa Lind-Berg"]),
        ("hos Xandrine Quvist i dag", ["Xandrine Quvist"]),
        ("läkaren Malmström sade", ["Malmström"]),
        ("initialer A.S. och B. T.", ["A.S.", "B. T."]),
        ("det var Klara som ringde", ["Klara"]),
        ("det var klara besked, P.S. bra", []),
        ("Klara besked. Hans mamma. Per automatik. Max 6. Inga svar.", []),
        ("Västra Götaland, Göteborgs Stad, BUP Skaraborg, Unga Klara", ["Klara"]),
        ("mamma Sverige mamma, eleven Minecraft", []),
        ("Vi ses på Första Linjen i Borås", []),
        ("Läraren Bris rektor SIP", []),
        ("Ett Två", []),
        ("eleven A kom", []),
        ("", []),
    ],
)
def test_names(text: str, expected: list[str]) -> None:
    assert found(words.names, text) == expected


def test_names_of_the_professionals_may_stand() -> None:
    text = "Jonas svarade Elsa. Mvh Maria Lund"
    allowed = ["Jonas", "Maria Lund"]
    assert [text[start:end] for start, end in words.names(text, allowed)] == ["Elsa"]
