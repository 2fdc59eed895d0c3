"""Reading lists: every problem has its line and column, and a clean file is read the same in every guise."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.features.import_csv import COLUMNS, Kind, Known, Problem, read

KNOWN = Known(
    units=frozenset({"Lillåns skola"}),
    areas=frozenset({"Norra Skaraborg", "norra-skaraborg"}),
    kinds=frozenset({"school_health"}),
    functions=frozenset({"counsellor", "nurse"}),
)
PEOPLE = (
    "Namn;Titel;Enhet;Funktioner;Telefon;E-post;Chef\n"
    "Maja Öberg;Kurator;lillåns skola;Nurse counsellor;070-174 06 21;Maja@Skola.test;ja\n"
)
MAJA = {
    "name": "Maja Öberg", "title": "Kurator", "unit": "Lillåns skola", "functions": "nurse counsellor",
    "phone": "+46701740621", "email": "maja@skola.test", "leads": "yes",
}  # fmt: skip


def problems(kind: Kind, text: str) -> list[Problem]:
    return list(read(kind, text.encode(), KNOWN).problems)


@pytest.mark.parametrize(
    ("data", "encoding", "delimiter"),
    [
        (PEOPLE.encode(), "utf-8", ";"),
        (b"\xef\xbb\xbf" + PEOPLE.encode(), "utf-8", ";"),
        (PEOPLE.encode("latin-1"), "latin-1", ";"),
        (PEOPLE.replace(";", ",").encode(), "utf-8", ","),
        (PEOPLE.replace(";", "\t").replace("\n", "\r\n").encode(), "utf-8", "\t"),
        (f"\n;;;\n{PEOPLE}\n;;\n".encode(), "utf-8", ";"),
    ],
)
def test_a_clean_file_is_read_in_every_guise(data: bytes, encoding: str, delimiter: str) -> None:
    preview = read("people", data, KNOWN)
    assert (preview.encoding, preview.delimiter) == (encoding, delimiter)
    assert (preview.rows, preview.problems) == ((MAJA,), ())


@pytest.mark.parametrize("data", [PEOPLE.encode("utf-16"), b"Namn;\x00"])
def test_what_is_no_text_is_one_problem(data: bytes) -> None:
    assert read("people", data, KNOWN).problems == (Problem(0, "", "encoding"),)


@pytest.mark.parametrize("text", ["", "\n \n", "name;title;unit\n"])
def test_an_empty_file_says_so(text: str) -> None:
    assert problems("people", text) == [Problem(0, "", "no_rows")]


def test_the_heading_names_what_is_missing_unknown_or_there_twice() -> None:
    assert problems("people", "namn;name;färg\nMaja;Maja;blå\n") == [
        Problem(1, "name", "double_column"),
        Problem(1, "färg", "unknown_column"),
        Problem(1, "title", "missing_column"),
        Problem(1, "unit", "missing_column"),
    ]


def test_every_problem_of_a_line_is_named() -> None:
    text = "name;title;unit;functions;phone;email;leads\n;Kurator;Skolan;nurse pilot;12;maja;kanske;mer\n"
    assert problems("people", text) == [
        Problem(2, "", "too_many_cells", "mer"),
        Problem(2, "name", "required"),
        Problem(2, "unit", "unknown_unit", "Skolan"),
        Problem(2, "functions", "unknown_function", "nurse pilot"),
        Problem(2, "phone", "bad_phone", "12"),
        Problem(2, "email", "bad_email", "maja"),
        Problem(2, "leads", "not_yes_or_no", "kanske"),
    ]


def test_the_same_twice_names_the_first_line_also_after_a_cell_of_several_lines() -> None:
    text = (
        'name;title;unit\n"Maja\nÖberg";Kurator;Lillåns skola\nKim;Kurator;Lillåns skola\nkim;kurator;LILLÅNS SKOLA\n'
    )
    assert problems("people", text) == [Problem(5, "", "duplicate", "4")]


def test_units_are_new_and_in_a_known_area() -> None:
    text = "namn;typ;ort;område;huvudman;telefon\n"
    text += "Nya skolan;school_health;Mariestad;norra-skaraborg;Kommunen;0501-39 06 00\n"
    preview = read("units", text.encode(), KNOWN)
    assert preview.problems == ()
    assert preview.rows[0] == {
        "name": "Nya skolan", "kind": "school_health", "town": "Mariestad", "area": "norra-skaraborg",
        "organisation": "Kommunen", "phone": "+46501390600",
    }  # fmt: skip
    assert problems("units", "name;kind;town;area;organisation\nLillåns skola;skola;Mariestad;Söder;Kommunen\n") == [
        Problem(2, "name", "exists", "Lillåns skola"),
        Problem(2, "kind", "unknown_kind", "skola"),
        Problem(2, "area", "unknown_area", "Söder"),
    ]


def test_directory_rows_have_a_known_function_and_badge() -> None:
    text = "enhet;funktion;ersättare;märke\nLillåns skola;Nurse;Kim;BUSE\nLillåns skola;pilot;;stjärna\n"
    preview = read("functions", text.encode(), KNOWN)
    assert preview.rows[0] == {"unit": "Lillåns skola", "function": "nurse", "deputy": "Kim", "badge": "buse"}
    assert preview.problems == (
        Problem(3, "function", "unknown_function", "pilot"),
        Problem(3, "badge", "unknown_badge", "stjärna"),
    )


def test_a_cell_no_list_has_is_no_text() -> None:
    (problem,) = read("people", b"name;title;unit\n" + b"x" * 200_000, KNOWN).problems
    assert problem == Problem(0, "", "encoding")


def test_a_cell_that_is_too_long_is_named_by_its_beginning() -> None:
    (problem,) = problems("functions", f"unit;function;hours\nLillåns skola;nurse;{'x' * 81}\n")
    assert (problem.code, len(problem.value)) == ("too_long", 80)


@given(st.sampled_from(sorted(COLUMNS)), st.binary(max_size=400))
def test_any_file_has_an_answer(kind: Kind, data: bytes) -> None:
    preview = read(kind, data, KNOWN)
    assert preview.problems or preview.rows
