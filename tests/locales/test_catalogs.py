"""The texts that are shown, and that each fault a translator could make is found."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from server.texts import LANGUAGES, ROOT, Texts, choose_language, forget, plural_index
from server.web import catalogs
from server.web.catalog_check import check, longest_sentence
from server.web.catalog_extract import computed_calls

SOURCE = """
import { N_, t, tn } from "./i18n";
// t("in a comment")
const later = N_("Later");
export function Card({ n, name }: { n: number; name: string }) {
  return <p title={t("Call {name}", { name })}>It's {tn("{n} day", "{n} days", n)} {t('Say "no"')} {at("not")}
    {t("Joined " + "text")}</p>;
}
"""
PYTHON = """
from server.texts import N_, Texts
page = f"<p>{Texts('sv').gettext('In an f-string')}</p>" + N_("Marked")
"""
GOOD = {
    "Later": "Senare",
    "Call {name}": "Ring {name}",
    'Say "no"': 'Säg "nej"',
    "Joined text": "Hel text",
    "In an f-string": "I en sträng",
    "Marked": "Märkt",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with one screen, one module and complete catalogs."""
    (tmp_path / "locales").mkdir()
    (tmp_path / "locales" / "babel.cfg").write_text((ROOT / "locales" / "babel.cfg").read_text())
    (tmp_path / "pwa" / "src" / "views" / "family").mkdir(parents=True)
    (tmp_path / "pwa" / "src" / "views" / "family" / "card.tsx").write_text(SOURCE)
    (tmp_path / "server").mkdir()
    (tmp_path / "server" / "page.py").write_text(PYTHON)
    catalogs.update(tmp_path)
    for lang in ("sv", "ar"):
        catalog = catalogs.read_catalog(tmp_path, lang)
        for message in catalog:
            if isinstance(message.id, str) and message.id:
                message.string = GOOD[message.id]
            elif message.id:
                message.string = ("{n} dag", "{n} dagar", "två", "{n} d", "{n} d", "{n} d")[: catalog.num_plurals]
        catalogs.write_catalog(tmp_path, lang, catalog)
    forget()
    return tmp_path


def plant(project: Path, lang: str, before: str, after: str) -> list[str]:
    """The faults after one change to a catalog."""
    path = catalogs.po_path(project, lang)
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")
    return check(project)


def test_texts_of_the_product_are_in_order() -> None:
    assert check(ROOT) == []


def test_catalogs_of_the_product_are_what_a_build_would_write(tmp_path: Path) -> None:
    is_today = catalogs._bytes(catalogs.extract(ROOT)) == (ROOT / "locales" / "messages.pot").read_bytes()
    assert is_today, "run `python -m server.web.catalogs extract` and `update`"
    for lang in LANGUAGES:
        before = catalogs.po_path(ROOT, lang).read_bytes()
        assert catalogs._bytes(catalogs.read_catalog(ROOT, lang)).split(b"\n\n")[1:] == before.split(b"\n\n")[1:]
        assert not re.search(rb"Creation-Date|Revision-Date|\.py:\d|\.tsx?:\d", before)


def test_complete_project_has_no_faults(project: Path) -> None:
    assert check(project) == []


@pytest.mark.parametrize(
    ("lang", "before", "after", "fault"),
    [
        ("sv", 'msgstr "Ring {name}"', 'msgstr ""', "sv: 'Call {name}' is not translated"),
        ("ar", 'msgstr "Ring {name}"', 'msgstr ""', "ar: 'Call {name}' is not translated"),
        ("ar", 'msgstr[4] "{n} d"', 'msgstr[4] ""', "ar: '{n} day' is not translated"),
        ("sv", '\nmsgid "Later"', '\n#, fuzzy\nmsgid "Later"', "sv: 'Later' is marked fuzzy"),
        ("sv", "Ring {name}", "Ring {who}", "sv: 'Call {name}' has unknown placeholders ['who']"),
        ("sv", "Ring {name}", "Ring", "sv: 'Call {name}' lacks placeholders ['name']"),
        ("sv", "Ring {name}", "Ring {name} {Name}", "sv: 'Call {name}' has a broken placeholder"),
        (
            "sv",
            "Ring {name}",
            "Ring {name}, er handläggare",
            "sv: 'Ring {name}, er handläggare' says 'handläggare'",
        ),
        ("sv", "Senare", "Er remiss", "sv: 'Er remiss' says 'remiss' to families"),
        ("sv", "Senare", "ord " * 21, f"sv: {'ord ' * 21!r} has a sentence of 21 words"),
        ("ar", "Senare", "Ring 116 111", "ar: 'Later' has the number '116 111' outside U+2066 … U+2069"),
        ("sv", 'msgid "Later"', 'msgid "Sooner"', "sv: 'Later' is not in the catalog; run update"),
    ],
)
def test_planted_fault_is_found(project: Path, lang: str, before: str, after: str, fault: str) -> None:
    assert fault in plant(project, lang, before, after)


def test_words_of_staff_are_allowed_where_only_staff_read(project: Path) -> None:
    assert check(project) == []
    path = catalogs.po_path(project, "sv")
    path.write_text(path.read_text(encoding="utf-8").replace("Märkt", "Remiss"), encoding="utf-8")
    assert check(project) == []
    (project / "server" / "page.py").write_text(f"# texts: family\n{PYTHON}")
    assert check(project) == ["sv: 'Remiss' says 'Remiss' to families"]


def test_missing_catalog_and_template_literal_are_found(project: Path) -> None:
    catalogs.po_path(project, "ar").unlink()
    (project / "pwa" / "src" / "bad.ts").write_text("// t(`no`)\nt(`Hi ${name}`);\n")
    faults = check(project)
    assert "ar: no catalog; run update" in faults
    assert "pwa/src/bad.ts:2 translates a template literal" in faults


def test_update_twice_changes_nothing_and_keeps_translations(project: Path) -> None:
    before = {lang: catalogs.po_path(project, lang).read_bytes() for lang in LANGUAGES}
    catalogs.update(project)
    assert {lang: catalogs.po_path(project, lang).read_bytes() for lang in LANGUAGES} == before


def test_compiled_language_for_the_client(project: Path) -> None:
    catalogs.compile_catalogs(project)
    folder = project / "pwa" / "src" / "generated" / "i18n"
    swedish, english, arabic = (json.loads((folder / f"{lang}.json").read_text()) for lang in ("sv", "en", "ar"))
    assert (swedish["lang"], swedish["dir"], swedish["plural"]) == ("sv", "ltr", "one_other")
    assert (arabic["dir"], arabic["plural"]) == ("rtl", "arabic")
    assert swedish["messages"]["{n} day"] == ["{n} dag", "{n} dagar"]
    assert len(arabic["messages"]["{n} day"]) == 6
    assert english["messages"] == {"{n} day": ["{n} day", "{n} days"]}
    assert swedish["dates"]["days"][0] == "måndag"
    assert swedish["dates"]["months"][10] == "november"
    assert swedish["dates"]["time_separator"] == "."
    assert "untranslated" not in arabic


def test_english_may_say_it_in_other_words_than_the_code(project: Path) -> None:
    english = catalogs.read_catalog(project, "en")
    english["Call {name}"].string = "Give {name} a call"
    catalogs.write_catalog(project, "en", english)
    catalogs.update(project)
    catalogs.compile_catalogs(project)
    compiled = json.loads((project / "pwa" / "src" / "generated" / "i18n" / "en.json").read_text())["messages"]
    assert compiled == {"Call {name}": "Give {name} a call", "{n} day": ["{n} day", "{n} days"]}
    assert Texts("en", project / "locales").gettext("Call {name}", name="Maria") == "Give Maria a call"
    assert check(project) == []


def test_texts_of_staff_alone_are_apart(project: Path) -> None:
    staff = project / "pwa" / "src" / "views" / "staff"
    staff.mkdir()
    (staff / "list.ts").write_text('t("Later"); t("Only here");')
    catalogs.update(project)
    plant(project, "sv", 'msgid "Only here"\nmsgstr ""', 'msgid "Only here"\nmsgstr "Bara här"')
    catalogs.compile_catalogs(project)
    parts = {
        name: set(json.loads((project / "pwa" / "src" / "generated" / name / "sv.json").read_text())["messages"])
        for name in ("i18n", "i18n-core", "i18n-staff")
    }
    assert parts["i18n-staff"] == {"Only here"}
    assert parts["i18n-core"] == parts["i18n"] - {"Only here"}
    assert "Later" in parts["i18n-core"]


def test_missing_translation_is_swedish_and_says_so(project: Path) -> None:
    plant(project, "ar", 'msgstr "Ring {name}"', 'msgstr ""')
    catalogs.compile_catalogs(project)
    arabic = json.loads((project / "pwa" / "src" / "generated" / "i18n" / "ar.json").read_text())
    assert arabic["messages"]["Call {name}"] == "Ring {name}"
    assert arabic["untranslated"] == ["Call {name}"]


def test_server_texts_fall_back_and_fill(project: Path) -> None:
    folder = project / "locales"
    assert Texts("sv", folder).gettext("Call {name}", name="Maria") == "Ring Maria"
    assert Texts("en", folder).gettext("Call {name}", name="Maria") == "Call Maria"
    assert Texts("ar", folder).gettext("Call {name}", name="Maria") == "Ring \u2068Maria\u2069"
    assert Texts("xx", folder).lang == "sv"
    assert Texts("sv", folder).gettext("Unknown {x}") == "Unknown {x}"
    assert Texts("sv", folder).gettext("{name.__class__}", name="x") == "{name.__class__}"
    assert [Texts("sv", folder).ngettext("{n} day", "{n} days", n) for n in (0, 1, 2)] == [
        "0 dagar",
        "1 dag",
        "2 dagar",
    ]
    assert Texts("en", folder).ngettext("{n} day", "{n} days", 2) == "2 days"


def test_arabic_plural_forms_follow_the_language() -> None:
    numbers = [0, 1, 2, 3, 10, 11, 99, 100, 101, 102, 103, 111]
    assert [plural_index("ar", n) for n in numbers] == [0, 1, 2, 3, 3, 4, 4, 5, 5, 5, 3, 4]


def test_best_language_of_what_the_browser_says() -> None:
    assert choose_language("ar-SY,en;q=0.5") == "ar"
    assert choose_language("so,uk;q=0.9") == "sv"
    assert choose_language("en;q=0, ar;q=0.1") == "ar"
    assert choose_language("", wanted="en") == "en"
    assert choose_language("en", wanted="xx") == "en"


def test_sentences_are_counted_in_words() -> None:
    assert longest_sentence("En två tre. Fyra fem – sex sju!") == 4
    assert computed_calls("t(`a`)\nt('b')") == [1]
