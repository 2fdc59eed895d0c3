"""The built client: right bytes, cached for as long as is safe, and nothing outside the folder."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import brotli
import pytest
from litestar import Litestar
from litestar.testing import TestClient

from server.features.contract import contract
from server.web.static import HASHED, Asset, choose_coding, matches, read_build
from tests.web.conftest import CANARY

SCRIPT = "/assets/app-K3J2H1G0.js"


def test_hashed_file_is_kept_for_ever_and_comes_in_the_best_coding(client: TestClient[Litestar]) -> None:
    answer = client.get(SCRIPT, headers={"accept-encoding": "gzip"})
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["vary"] == "Accept-Encoding"
    assert answer.text == "export const a = 1;" * 50
    plain = client.get(SCRIPT, headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.headers["etag"] != answer.headers["etag"]


def test_precompressed_file_of_the_build_is_used(dist: Path) -> None:
    build = read_build(dist)
    assert build.files[SCRIPT].variants["br"] == b"ready made"
    assert f"{SCRIPT}.br" not in build.files


@pytest.mark.parametrize("path", ["/", SCRIPT, "/sw.js", "/manifest.webmanifest", "/public/region.json"])
def test_unchanged_is_304_without_a_body(client: TestClient[Litestar], path: str) -> None:
    first = client.get(path, headers={"accept-encoding": "gzip"})
    again = client.get(path, headers={"accept-encoding": "gzip", "if-none-match": f'W/{first.headers["etag"]}, "x"'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert client.get(path, headers={"if-none-match": '"other"'}).status_code == 200


@pytest.mark.parametrize("path", ["/", "/sw.js", "/manifest.webmanifest", "/public/region.json"])
def test_what_may_change_is_asked_for_anew(client: TestClient[Litestar], path: str) -> None:
    assert client.get(path).headers["cache-control"] == "no-cache"


def test_head_tells_the_length_and_sends_nothing(client: TestClient[Litestar]) -> None:
    answer = client.head("/sw.js", headers={"accept-encoding": "identity"})
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-length"] == "500"


def test_contract_is_compressed_and_not_sent_again(client: TestClient[Litestar]) -> None:
    answer = client.get("/contract.json", headers={"accept-encoding": "br"})
    assert (answer.status_code, answer.headers["content-encoding"]) == (200, "br")
    assert answer.json() == json.loads(contract())
    again = client.get("/contract.json", headers={"accept-encoding": "br", "if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("path", ["/family/meetings/1", "/auth-less/page", "/health/nothing"])
def test_navigation_to_an_unknown_address_gets_the_client(client: TestClient[Litestar], path: str) -> None:
    answer = client.get(path, headers={"accept": "text/html,application/xhtml+xml"})
    assert answer.status_code == 200
    assert answer.text.startswith("<!doctype html><title>Samled")
    assert client.get(path, headers={"accept": "application/json"}).status_code == 404
    assert client.post(path, headers={"accept": "text/html"}).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/..%2fsecret.txt",
        "/assets/..%2f..%2fsecret.txt",
        "/%2e%2e/secret.txt",
        "/assets//..//..//secret.txt",
        "/link.txt",
        "/.hidden",
        "/csp.json",
        "/assets/..\\..\\secret.txt",
        "/index.html%00.js",
    ],
)
def test_nothing_outside_the_build_has_an_address(client: TestClient[Litestar], path: str) -> None:
    for accept in ("text/html", "*/*"):
        assert CANARY not in client.get(path, headers={"accept": accept}).text
    assert client.get(path, headers={"accept": "*/*"}).status_code in (400, 404)


def test_without_a_build_the_page_says_so(make_client: Callable[..., TestClient[Litestar]], tmp_path: Path) -> None:
    client = make_client(dist=tmp_path / "none")
    for path in ("/", "/family"):
        answer = client.get(path, headers={"accept": "text/html", "accept-language": "en"})
        assert answer.status_code == 503
        assert "make build" in answer.text
    assert client.get("/health/live").status_code == 200


def test_robots_and_security_contact(client: TestClient[Litestar]) -> None:
    assert "Disallow: /\n" in client.get("/robots.txt").text
    text = client.get("/.well-known/security.txt").text
    assert text.startswith("Contact: mailto:security@example.org\nExpires: 2027-11-21T")


def test_hash_in_a_name_is_told_from_a_word() -> None:
    assert HASHED.search("app-K3J2H1G0.js")
    assert HASHED.search("font.0a1b2c3d4e.css")
    assert not HASHED.search("samled-notification.png")
    assert not HASHED.search("sw.js")


def test_coding_refused_by_weight_is_not_sent() -> None:
    variants = {"": b"", "br": b"", "gzip": b""}
    assert choose_coding("gzip, br", variants) == "br"
    assert choose_coding("br;q=0, gzip;q=0.5", variants) == "gzip"
    assert choose_coding("", variants) == ""
    assert choose_coding("br", {"": b""}) == ""
    assert matches("*", '"a"')


def test_small_or_packed_files_are_not_packed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    assert list(Asset.of("a.js", b"short").variants) == [""]
    assert list(Asset.of("a.png", b"x" * 1000).variants) == [""]
    monkeypatch.setattr(brotli, "compress", None)
    monkeypatch.setattr(gzip, "compress", None)
    body = b"x" * 1000
    assert Asset.of("a.js", body, {"br": b"1", "gzip": b"2"}).variants == {"": body, "br": b"1", "gzip": b"2"}
