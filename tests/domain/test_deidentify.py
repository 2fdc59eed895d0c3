"""What a de-identified text may and may not hold (promise P12)."""

from __future__ import annotations

import pytest

from server.domain.deidentify import REFUSED_FOR_GOOD, Suspect, blocking, substring, suspects
from tests.domain.data.texts import HARMLESS, drawn, identifying


def found(text: str, **more: list[str]) -> list[tuple[str, str]]:
    return [(one.kind, substring(text, one)) for one in suspects(text, **more)]


def test_two_thousand_spellings_are_all_refused_for_good() -> None:
    missed = [
        (kind, text)
        for kind, text in identifying(2000, seed=20261123)
        if not any(one.kind in REFUSED_FOR_GOOD for one in suspects(text))
    ]
    assert missed == []


def test_a_thousand_harmless_texts_give_at_most_one_percent_alarms() -> None:
    assert len(set(HARMLESS)) == 1000
    alarms = [(text, found(text)) for text in HARMLESS if suspects(text)]
    assert len(alarms) <= 10, alarms


@pytest.mark.exhaustive
def test_a_thousand_more_from_the_grammar_give_at_most_one_percent_alarms() -> None:
    alarms = [(text, found(text)) for text in drawn(1000, seed=20261122) if suspects(text)]
    assert len(alarms) <= 10, alarms


def test_a_class_is_nobody_called_klas() -> None:
    assert found("Kusinen går i samma klass. Klass är inte allt.") == []
    assert found("Det var klas fel, säger Klas") == [("name", "klas"), ("name", "Klas")]


def test_a_kind_of_school_that_ends_with_an_s_is_no_school_of_a_name() -> None:
    assert found("Resursskolan har kö, Idrottsskolan med.") == []
    assert found("Hen går på Almåsskolan.") == [("school", "Almåsskolan")]


@pytest.mark.parametrize(
    "text", ["åk 8", "kl 13.30", "2 gånger i veckan", "2026-11-23", "2026-11-23 kl. 13.30-14.15", "v. 47", ""]
)
def test_everyday_numbers_pass(text: str) -> None:
    assert suspects(text) == []


def test_positions_count_utf16_units() -> None:
    text = "😀 Elsa ringde från 070-174 06 05"
    assert suspects(text) == [Suspect("name", 3, 7), Suspect("phone", 20, 33)]


def test_a_number_is_one_suspect_even_where_patterns_overlap() -> None:
    assert found("Bor på Storgatan 5, tel 0701740605") == [("address", "Storgatan 5"), ("phone", "0701740605")]
    assert found("pnr 811218-9876") == [("personal_number", "811218-9876")]


def test_a_name_is_refused_once_and_accepted_when_confirmed_exactly() -> None:
    text = "Elsa och Omar är trötta"
    assert [one.kind for one in blocking(text)] == ["name", "name"]
    assert blocking(text, confirmed=["Omar", "Elsa"]) == []
    assert len(blocking(text, confirmed=["Elsa"])) == 2
    assert len(blocking(text, confirmed=["Elsa", "Omar", "Anna"])) == 2
    assert blocking("Eleven är trött", confirmed=[]) == []


def test_what_is_refused_for_good_cannot_be_confirmed() -> None:
    text = "Elsa, 811218-9876"
    assert [one.kind for one in blocking(text, confirmed=["Elsa"])] == ["personal_number"]
    assert len(blocking(text, confirmed=["Elsa", "811218-9876"])) == 2


def test_every_kind_but_a_name_is_refused_for_good() -> None:
    text = "811218-9876 070-1740605 a@b.se x.kommun.se Storgatan 5 Fässbergsskolan Elsa"
    kinds = [one.kind for one in suspects(text)]
    assert kinds == ["personal_number", "phone", "email", "url", "address", "school", "name"]
    assert set(kinds) - REFUSED_FOR_GOOD == {"name"}


def test_names_of_those_who_ask_may_stand() -> None:
    assert found("Hälsningar Maria", allowed_names=["Maria Lund"]) == []


def test_a_long_text_is_judged_in_reasonable_time() -> None:
    assert suspects("Eleven i åk 8 sover 5 timmar. " * 400) == []
    assert len(suspects("8 1 1 2 1 8 9 8 7 6 och " * 100)) == 100
