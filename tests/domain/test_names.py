"""The word lists of the name check."""

from __future__ import annotations

from server.domain import names


def test_lists_are_lower_case_and_words_that_are_names_are_names() -> None:
    for listed in (names.FIRST_NAMES, names.ALSO_WORDS, names.NAME_CUES, names.CAPITALISED):
        assert all(word == word.lower() for word in listed)
    assert not names.FIRST_NAMES & names.CAPITALISED
    assert not names.FIRST_NAMES & names.NAME_CUES


def test_demo_people_are_known() -> None:
    assert {"anna", "omar", "samira", "noor", "maria", "johan", "jonas", "karin", "lena", "elsa"} <= names.FIRST_NAMES
