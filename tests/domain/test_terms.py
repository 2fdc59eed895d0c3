"""School terms and breaks."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

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


def test_an_areas_own_days_hold_for_that_term_alone() -> None:
    dates = terms.TermDates(own=(terms.stated("HT 2026", date(2026, 8, 20), date(2026, 12, 18)),))
    assert terms.current_term(date(2026, 8, 17), dates) is None
    assert terms.current_term(date(2026, 8, 17)) is not None
    assert terms.term("HT", 2027, dates) == terms.term("HT", 2027)
    assert terms.term_from_label("HT 2026", dates).ends_on == date(2026, 12, 18)
    (christmas,) = (one for one in terms.school_breaks(2026, dates) if one.kind == "christmas")
    assert christmas.starts_on == date(2026, 12, 19)
    for first, last in ((date(2026, 7, 31), date(2026, 12, 1)), (date(2026, 12, 1), date(2026, 8, 20))):
        with pytest.raises(ValueError, match="not the days"):
            terms.stated("HT 2026", first, last)
    assert terms.stated("VT 2027", date(2027, 1, 11), date(2027, 6, 11)).season == "VT"
    with pytest.raises(ValueError, match="not the days"):
        terms.stated("VT 2027", date(2027, 1, 11), date(2027, 8, 11))


def test_the_latest_term_is_also_known_between_terms() -> None:
    assert terms.latest_term(date(2026, 7, 1)).label == "VT 2026"
    assert terms.latest_term(date(2026, 12, 30)).label == "HT 2026"
    assert terms.latest_term(date(2027, 1, 3)).label == "HT 2026"
    assert terms.usual_days("VT") == ("01-07", "06-15")


def test_spans_to_avoid_are_the_days_to_avoid_and_no_others() -> None:
    first, last = date(2026, 1, 1), date(2027, 12, 31)
    spans = terms.days_off_between(first, last)
    for n in range((last - first).days + 1):
        day = first + timedelta(days=n)
        told = next((one.kind for one in spans if one.starts_on <= day <= one.ends_on), None)
        assert told == terms.avoid_for_meetings(day)
    assert all(one.ends_on < two.starts_on for one, two in pairwise(spans))
