"""Reading lists: every problem has its line and column, and a clean file is read the same in every guise."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.features import words
from server.features.import_columns import COLUMNS, Kind
from server.features.import_csv import MOST_ROWS, Known, Problem, read
from server.texts import ROOT

SCHOOL = "the-school"
KNOWN = Known(
    units={"lillåns skola": SCHOOL, "lillåns skola, mariestad": SCHOOL},
    areas={"norra skaraborg": "the-area", "norra-skaraborg": "the-area"},
    kinds=words.spellings(words.KINDS),
    functions=words.spellings(words.FUNCTIONS),
    there=frozenset({("units", "lillåns skola", "mariestad"), ("people", SCHOOL, "maria ekdahl")}),
)
PEOPLE = (
    "Namn;Befattning;Enhet;Funktioner;Telefon;E-post;Chef\n"
    "Maja Öberg;Kurator;lillåns skola;Skolsköterska, counsellor;070-174 06 21;Maja@Skola.test;ja\n"
)
MAJA = {
    "name": "Maja Öberg", "title": "Kurator", "unit": SCHOOL, "functions": "nurse counsellor",
    "phone": "+46701740621", "leads": "yes",
}  # fmt: skip


def problems(kind: Kind, text: str) -> list[Problem]:
    return list(read(kind, text.encode(), KNOWN).problems)


@pytest.mark.parametrize(
    ("data", "encoding", "delimiter"),
    [
        (PEOPLE.encode(), "utf-8", ";"),
        (b"\xef\xbb\xbf" + PEOPLE.encode(), "utf-8", ";"),
        (PEOPLE.encode("windows-1252"), "windows-1252", ";"),
        (PEOPLE.replace(";", "\t").encode("utf-16"), "utf-16", "\t"),
        (PEOPLE.replace(", ", "|").replace(";", ",").encode(), "utf-8", ","),
        (PEOPLE.replace(";", "\t").replace("\n", "\r\n").encode(), "utf-8", "\t"),
        (f"\n;;;\n{PEOPLE}\n;;\n".encode(), "utf-8", ";"),
        (f"sep=;\r\n{PEOPLE}".encode(), "utf-8", ";"),
    ],
)
def test_a_clean_file_is_read_in_every_guise(data: bytes, encoding: str, delimiter: str) -> None:
    preview = read("people", data, KNOWN)
    assert (preview.encoding, preview.delimiter) == (encoding, delimiter)
    assert ([one.values for one in preview.rows], preview.problems) == ([MAJA], ())
    assert preview.unused == ("E-post",) and not preview.refused


def test_first_and_last_name_may_stand_apart() -> None:
    text = "Förnamn;Efternamn;Titel;Enhet\nMaja;Öberg;Kurator;Lillåns skola\n;;Kurator;Lillåns skola\n"
    preview = read("people", text.encode(), KNOWN)
    assert [one.values["name"] for one in preview.rows] == ["Maja Öberg"]
    assert preview.problems == (Problem(3, "name", "required"),)


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"Namn;\x00", b"Namn;\x81"])
def test_what_is_no_text_is_one_problem(data: bytes) -> None:
    preview = read("people", data, KNOWN)
    assert preview.problems == (Problem(0, "", "encoding"),) and preview.refused


@pytest.mark.parametrize("text", ["", "\n \n", "name;title;unit\n"])
def test_an_empty_file_says_so(text: str) -> None:
    assert problems("people", text) == [Problem(0, "", "no_rows")]


def test_the_heading_names_what_is_missing_or_there_twice_and_then_nothing_is_kept() -> None:
    preview = read("people", b"namn;name;f\xe4rg\nMaja;Maja;bl\xe5\n", KNOWN)
    assert preview.problems == (
        Problem(1, "name", "double_column"),
        Problem(1, "title", "missing_column"),
        Problem(1, "unit", "missing_column"),
    )
    assert preview.refused and preview.rows == ()


@pytest.mark.parametrize(
    "heading", ["Personnummer", "personnr", "Pers.nr", "P-nr", "Samordningsnummer", "Födelsedatum"]
)
def test_a_column_of_identity_numbers_refuses_the_whole_list(heading: str) -> None:
    preview = read("people", f"namn;titel;enhet;{heading}\nMaja;Kurator;Lillåns skola;\n".encode(), KNOWN)
    assert preview.refused and preview.rows == () and preview.left_out == ()
    assert preview.problems == (Problem(1, heading, "identity_number"),)


@pytest.mark.parametrize("number", ["811218-9876", "198112189876", "8112189876", "19811218-9876", "701063-2391"])
def test_an_identity_number_anywhere_refuses_the_whole_list_and_is_not_repeated(number: str) -> None:
    preview = read("people", f"namn;titel;enhet;id\nMaja;Kurator;Lillåns skola;{number}\n".encode(), KNOWN)
    assert preview.problems == (Problem(2, "id", "identity_number"),) and preview.refused
    assert number not in str(preview.problems)
    hidden = read("people", f"namn;titel;enhet\nMaja {number};Kurator;Lillåns skola\n".encode(), KNOWN)
    assert hidden.problems == (Problem(2, "namn", "identity_number"),)


@pytest.mark.parametrize("phone", ["0701740621", "070-174 06 21", "+46 70 174 06 21", "070/174 06 21", "0046701740621"])
def test_phones_are_read_as_lists_write_them(phone: str) -> None:
    text = f"namn;titel;enhet;mobil;telefon hem\nMaja;Kurator;Lillåns skola;{phone};0701740613\n"
    preview = read("people", text.encode(), KNOWN)
    assert [one.values["phone"] for one in preview.rows] == ["+46701740621"], preview.problems


def test_every_problem_of_a_line_is_named_and_the_others_are_kept() -> None:
    text = "name;title;unit;functions;phone;leads\n;Kurator;Skolan;nurse pilot;12;kanske;mer\nKim;K;Lillåns skola\n"
    preview = read("people", text.encode(), KNOWN)
    assert list(preview.problems) == [
        Problem(2, "", "too_many_cells", "mer"),
        Problem(2, "unit", "unknown_unit", "Skolan"),
        Problem(2, "functions", "unknown_function", "nurse pilot"),
        Problem(2, "phone", "bad_phone", "12"),
        Problem(2, "leads", "not_yes_or_no", "kanske"),
        Problem(2, "name", "required"),
    ]
    assert ([one.line for one in preview.rows], [one.line for one in preview.left_out]) == ([3], [2])
    assert preview.left_out[0].cells == ("", "Kurator", "Skolan", "nurse pilot", "12", "kanske", "mer")


def test_the_same_twice_names_the_first_line_also_after_a_cell_of_several_lines() -> None:
    text = (
        'name;title;unit\n"Maja\nÖberg";Kurator;Lillåns skola\nKim;Kurator;Lillåns skola\nkim;kurator;LILLÅNS SKOLA\n'
    )
    preview = read("people", text.encode(), KNOWN)
    assert preview.problems == (Problem(5, "", "duplicate", "4"),)
    assert preview.rows[0].values["name"] == "Maja Öberg"


def test_what_is_there_already_is_left_out() -> None:
    assert problems("people", "name;title;unit\nmaria EKDAHL;Kurator;Lillåns skola\n") == [Problem(2, "", "exists")]


def test_signs_that_are_not_seen_are_taken_away() -> None:
    text = "name;title;unit\nMa\u202eja\u200b;Kurator\u2028nu;Lillåns\u00a0skola\n"
    (row,) = read("people", text.encode(), KNOWN).rows
    assert row.values == {"name": "Maja", "title": "Kurator nu", "unit": SCHOOL}


def test_what_was_left_out_can_be_mended_and_read_again() -> None:
    """The file of what was left out marks what a spreadsheet would run, and has two columns more."""
    text = "Rad;Gör så här;Namn;Titel;Enhet;Telefon\n3;Rätta.;Kim;Kurator;Lillåns skola;'+46 70 174 06 21\n"
    preview = read("people", text.encode(), KNOWN)
    assert [one.values["phone"] for one in preview.rows] == ["+46701740621"]
    assert preview.unused == ("Rad", "Gör så här")


def test_units_are_new_and_in_a_known_area() -> None:
    text = "namn;typ;ort;område;huvudman;telefon\n"
    text += "Nya skolan;Elevhälsa;Mariestad;norra-skaraborg;Kommunen;0501-39 06 00\n"
    text += "Lillåns skola;grundskola;Töreboda;Norra Skaraborg;;\n"
    preview = read("units", text.encode(), KNOWN)
    assert preview.problems == () and preview.unused == ("huvudman",)
    assert preview.rows[0].values == {
        "name": "Nya skolan", "kind": "school_health", "town": "Mariestad", "area": "the-area",
        "phone": "+46501390600",
    }  # fmt: skip
    assert preview.rows[1].values["kind"] == "school_health"
    assert problems("units", "name;kind;town;area\nLillåns skola;flyg;Mariestad;Söder\n") == [
        Problem(2, "kind", "unknown_kind", "flyg"),
        Problem(2, "area", "unknown_area", "Söder"),
    ]
    assert problems("units", "name;kind;town;area\nLillåns skola;skola;Mariestad;norra skaraborg\n") == [
        Problem(2, "", "exists")
    ]


def test_directory_rows_have_a_known_function_and_badge() -> None:
    text = "enhet;funktion;ersättare;märke\nLillåns skola;Skolsköterska;Kim;BUSE\nLillåns skola;pilot;;stjärna\n"
    preview = read("functions", text.encode(), KNOWN)
    assert preview.rows[0].values == {"unit": SCHOOL, "function": "nurse", "deputy": "Kim", "badge": "buse"}
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


def test_a_list_has_an_end() -> None:
    lines = "".join(f"P{n};K;Lillåns skola\n" for n in range(MOST_ROWS + 1))
    full = read("people", f"name;title;unit\n{lines[: lines.index(f'P{MOST_ROWS};')]}".encode(), KNOWN)
    assert len(full.rows) == MOST_ROWS
    assert problems("people", f"name;title;unit\n{lines}") == [Problem(0, "", "too_many_rows", str(MOST_ROWS + 1))]


@given(st.sampled_from(sorted(COLUMNS)), st.binary(max_size=400))
def test_any_file_has_an_answer(kind: Kind, data: bytes) -> None:
    preview = read(kind, data, KNOWN)
    assert preview.problems or preview.rows
    assert not (preview.refused and preview.rows)


@pytest.mark.parametrize(
    ("table", "path", "name"),
    [
        (words.FUNCTIONS, "professional/words.ts", "export const FUNCTIONS"),
        (words.KINDS, "staff/words.ts", "export const UNIT_KINDS"),
    ],
)
def test_the_client_calls_everything_the_same(table: dict[str, str], path: str, name: str) -> None:
    source = (ROOT / "pwa" / "src" / "views" / path).read_text(encoding="utf-8")
    block = source[source.index(name) :]
    block = block[: block.index("};")]
    assert dict(re.findall(r'(\w+): N_\("([^"]+)"\)', block)) == dict(table)


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t=", " =", "'=", "\uff1d", "\u200b+"])
def test_a_name_that_a_spreadsheet_would_run_is_left_out_with_its_line(sign: str) -> None:
    text = f'Namn;Titel;Enhet\nMaja Öberg;Kurator;Lillåns skola\n"{sign}cmd|calc";Kurator;Lillåns skola\n'
    preview = read("people", text.encode(), KNOWN)
    assert [one.values["name"] for one in preview.rows] == ["Maja Öberg"]
    assert [(one.line, one.column, one.code) for one in preview.problems] == [(3, "name", "formula_sign")]
    parted = f'Förnamn;Efternamn;Titel;Enhet\n"{sign}Maja";Öberg;Kurator;Lillåns skola\n'
    assert [(one.column, one.code) for one in problems("people", parted)] == [("first_name", "formula_sign")]
    deputy = f'Enhet;Funktion;Ersättare\nLillåns skola;Kurator;"{sign}Maja"\n'
    assert [(one.column, one.code) for one in problems("functions", deputy)] == [("deputy", "formula_sign")]
    unit = f'Namn;Typ;Ort;Område\n"{sign}Skolan";Skola;Töreboda;Norra Skaraborg\n'
    assert [(one.column, one.code) for one in problems("units", unit)] == [("name", "formula_sign")]


@pytest.mark.parametrize("cell", ["20110101-1234", "1234", "--", "070 174 06 06"])
def test_a_name_without_a_letter_is_left_out(cell: str) -> None:
    """Also the digits of somebody that are no right identity number."""
    assert [one.code for one in problems("people", f"Namn;Titel;Enhet\n{cell};Kurator;Lillåns skola\n")] in (
        ["not_a_name"],
        ["formula_sign"],
    )


def test_a_mistyped_number_with_a_letter_in_it_is_left_out() -> None:
    text = "Namn;Titel;Enhet;Telefon\nMaja Öberg;Kurator;Lillåns skola;0501-12 34 5x\n"
    assert [(one.line, one.code) for one in problems("people", text)] == [(2, "bad_phone")]


def test_a_tab_before_a_name_is_taken_off() -> None:
    (row,) = read("people", 'Namn;Titel;Enhet\n"\tMaja Öberg";Kurator;Lillåns skola\n'.encode(), KNOWN).rows
    assert row.values["name"] == "Maja Öberg"
