"""Public pages: every language, no script, nothing unescaped, and the help contacts as the rules say."""

from __future__ import annotations

import re
from datetime import date

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from server.texts import LANGUAGES
from server.web.region import build_region

PAGES = ["/integritet", "/tillganglighet", "/public/areas/norra-skaraborg"]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_page_is_whole_in_every_language(client: TestClient[Litestar], path: str, lang: str) -> None:
    answer = client.get(path, params={"lang": lang})
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["content-language"] == lang
    assert f'<html lang="{lang}"' in answer.text
    assert answer.text.count("<h1>") == 1
    assert "<script" not in answer.text
    assert not re.search(r'\sstyle="', answer.text)
    for other in set(LANGUAGES) - {lang}:
        assert f'href="{path}?lang={other}"' in answer.text


def test_inline_style_is_allowed_by_its_hash(client: TestClient[Litestar]) -> None:
    import base64
    import hashlib

    answer = client.get("/integritet")
    css = re.search(r"<style>(.*?)</style>", answer.text, re.DOTALL)
    assert css is not None
    digest = base64.b64encode(hashlib.sha256(css.group(1).encode()).digest()).decode()
    assert f"'sha256-{digest}'" in answer.headers["content-security-policy"]


def test_area_page_escapes_and_links_only_https(client: TestClient[Litestar]) -> None:
    text = client.get("/public/areas/norra-skaraborg?lang=sv").text
    assert "Lillåns &lt;b&gt; skola" in text
    assert "Elevhälsa" in text
    assert '<a href="tel:0701740621"><bdi dir="ltr">070-174 06 21</bdi></a>' in text
    assert "javascript:" not in text
    assert "https://www.bup.se/" in text
    assert "Ingen har bekräftat det här på länge" in text
    assert '<meta property="og:description" content="Vem du kan vända dig till i Norra Skaraborg' in text


def test_language_of_the_query_is_never_echoed(client: TestClient[Litestar]) -> None:
    answer = client.get("/integritet", params={"lang": '"><b>'}, headers={"accept-language": "ar"})
    assert '<html lang="ar"' in answer.text
    assert '"><b>' not in answer.text


def test_region_keeps_short_codes_and_their_order() -> None:
    region = build_region()
    contacts = region["contacts"]
    assert isinstance(contacts, list)
    assert [item["number"] for item in contacts[:4]] == ["112", "116 111", "90101", "90390"]
    assert [item["tel"] for item in contacts[:4]] == ["112", "116111", "90101", "90390"]
    for item in contacts:
        checked, until = date.fromisoformat(item["verified_on"]), date.fromisoformat(item["hours_until"])
        assert until == checked.replace(year=checked.year + 1)
        assert item["audience"] in {"everyone", "child", "adult", "guardian"}


def test_region_is_translated_whole() -> None:
    texts = build_region()["texts"]
    assert isinstance(texts, dict)
    assert set(texts) == set(LANGUAGES)
    assert texts["sv"]["advice"]["danger"] == "Är det fara för livet? Ring 112. Säg vad som hänt och var du är."
    shape = {lang: {part: sorted(values) for part, values in content.items()} for lang, content in texts.items()}
    assert shape["sv"] == shape["en"] == shape["ar"]


def test_region_over_http_is_the_document_of_the_build(client: TestClient[Litestar]) -> None:
    answer = client.get("/public/region.json")
    assert answer.headers["content-type"] == "application/json"
    assert answer.json() == build_region()
