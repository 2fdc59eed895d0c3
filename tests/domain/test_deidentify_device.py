"""The guard on the device, which warns while one writes, held against the texts of the server's finer net."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from server.domain.deidentify import blocking
from tests.domain.data.texts import HARMLESS, drawn, identifying

Read = list[list[tuple[str, str]]]
PWA = Path(__file__).resolve().parents[2] / "pwa"
GUARD = PWA / "src" / "views" / "staff" / "deidentify.ts"
TELL = """import { suspects } from "./guard.mjs";
let given = "";
for await (const part of process.stdin) given += part;
const marked = (text) => suspects(text).map(({ kind, start, end }) => [kind, text.slice(start, end)]);
console.log(JSON.stringify(JSON.parse(given).map(marked)));
"""


@pytest.fixture(scope="module")
def guard(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The device's guard as a program that node runs: texts in, what it marks in each out."""
    folder = tmp_path_factory.mktemp("guard")
    bundle = [str(GUARD), "--bundle", "--format=esm", f"--outfile={folder / 'guard.mjs'}", "--log-level=error"]
    subprocess.run([PWA.parent / "tools" / "npm", "exec", "--", "esbuild", *bundle], check=True)
    (folder / "tell.mjs").write_text(TELL, encoding="utf-8")
    return folder / "tell.mjs"


def marked(guard: Path, texts: list[str]) -> Read:
    ended = subprocess.run(["node", guard], input=json.dumps(texts), capture_output=True, text=True, check=True)
    return [[(kind, text) for kind, text in one] for one in json.loads(ended.stdout)]


@pytest.mark.parametrize("seed", [20261123, 7, 2031])
def test_it_warns_of_all_of_two_thousand_spellings_as_the_server_refuses_them(guard: Path, seed: int) -> None:
    texts = [text for _, text in identifying(2000, seed=seed)]
    missed = [text for text, found in zip(texts, marked(guard, texts), strict=True) if not found]
    assert missed == [] and all(blocking(text) for text in texts)


@pytest.mark.parametrize(
    "text", ["Ring 020 - 18 18 00", "1177, 112 eller 116 111", "Vi ses 2026-10-12 13.30, sal 4", "ett två tre fyra fem",
             "kl 8.10, 9.20, 10.30 och 11.40", "åk 1, 2, 3, 4, 5, 6, 7, 8, 9"],
)  # fmt: skip
def test_everyday_numbers_pass(guard: Path, text: str) -> None:
    assert marked(guard, [text]) == [[]]


def test_a_thousand_harmless_texts_give_at_most_one_percent_warnings(guard: Path) -> None:
    for texts in (HARMLESS, drawn(1000, seed=20261122)):
        alarms = [(text, found) for text, found in zip(texts, marked(guard, texts), strict=True) if found]
        assert len(alarms) <= len(texts) // 100, alarms


def test_a_first_name_alone_is_marked_where_a_sentence_begins(guard: Path) -> None:
    said = ["Elsa sover dåligt.", "Yusuf är ledsen", "Det är Elsas fel. Omars också.", "elsa sover dåligt"]
    names = [[text for kind, text in one if kind == "name"] for one in marked(guard, said)]
    assert names == [["Elsa"], ["Yusuf"], ["Elsas", "Omars"], ["elsa"]]


def test_a_name_that_is_a_word_is_marked_inside_a_sentence_only(guard: Path) -> None:
    assert marked(guard, ["My är trött", "Hej My!", "Liv och lust"]) == [[], [("name", "My")], []]
