"""School terms and breaks."""

from __future__ import annotations

from datetime import date

import pytest

from server.domain import terms


def day(text: str) -> date:
    return date.fromisoformat(text)


def test_terms_have_swedish_labels_and_default_dates() -> None:
    autumn, spring = terms.term("HT", 2026), terms.term("VT", 2027)
    assert (autumn.label, autumn.starts_on, autumn.ends_on) == ("HT 2026", day("2026-08-15"), day("2026-12-22"))
    assert (spring.label, spring.starts_on, spring.ends_on) == ("VT 2027", day("2027-01-07"), day("2027-06-15"))
    assert terms.term_from_label("HT 2026") == autumn
    assert terms.term_from_label("VT 2027") == spring


@pytest.mark.parametrize("label", ["", "HT", "ST 2026", "HT2026", "HT 26", "ht 2026", "HT ٢٠٢٦"])
def test_other_labels_are_refused(label: str) -> None:
    with pytest.raises(ValueError):
        terms.term_from_label(label)


def test_the_current_and_the_next_term() -> None:
    assert terms.current_term(day("2026-11-23")) == terms.term("HT", 2026)
    assert terms.current_term(day("2026-07-01")) is None
    assert terms.next_term(day("2026-01-01")) == terms.term("VT", 2026)
    assert terms.next_term(day("2026-01-07")) == terms.term("HT", 2026)
    assert terms.next_term(day("2026-08-15")) == terms.term("VT", 2027)


def test_an_organiser_has_dates_of_its_own() -> None:
    dates = terms.TermDates(autumn_first=(8, 19), autumn_last=(12, 18), spring_first=(1, 8), spring_last=(6, 12))
    assert terms.term("HT", 2025, dates).ends_on == day("2025-12-18")
    assert terms.break_on(day("2026-06-13"), dates) == "summer"
    assert terms.break_on(day("2025-08-18"), dates) == "summer"


def test_breaks_of_a_year() -> None:
    assert [(one.kind, one.starts_on, one.ends_on) for one in terms.school_breaks(2027)] == [
        ("sports", day("2027-02-15"), day("2027-02-21")),
        ("easter", day("2027-03-22"), day("2027-03-29")),
        ("summer", day("2027-06-16"), day("2027-08-14")),
        ("autumn", day("2027-11-01"), day("2027-11-07")),
        ("christmas", day("2027-12-23"), day("2028-01-06")),
    ]


def test_a_break_that_began_last_year_still_counts() -> None:
    assert terms.break_on(day("2027-01-06")) == "christmas"
    assert terms.break_on(day("2027-01-07")) is None


def test_days_to_avoid_for_term_meetings() -> None:
    avoided = {
        text: terms.avoid_for_meetings(day(text))
        for text in (
            "2026-10-28",
            "2026-12-15",
            "2026-12-16",
            "2027-01-07",
            "2027-02-17",
            "2027-04-02",
            "2027-04-05",
            "2027-06-20",
            "2027-12-20",
        )
    }
    assert avoided == {
        "2026-10-28": "autumn", "2026-12-15": "christmas", "2026-12-16": "christmas", "2027-01-07": "christmas",
        "2027-02-17": "sports", "2027-04-02": "easter", "2027-04-05": None, "2027-06-20": "summer",
        "2027-12-20": "christmas",
    }  # fmt: skip
    assert terms.avoid_for_meetings(day("2026-11-11")) is None
