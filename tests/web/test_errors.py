"""Errors have one shape and nothing of the inside; a person gets a page in her language."""

from __future__ import annotations

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from tests.web.conftest import CANARY


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/broken", 500, "failed"),
        ("/busy", 503, "unavailable"),
        ("/slow-down", 429, "rate_limited"),
        ("/too-large", 413, "too_large"),
        ("/refused", 409, "taken"),
        ("/nowhere", 404, "not_found"),
    ],
)
def test_error_is_a_code_and_a_request_id(client: TestClient[Litestar], path: str, status: int, code: str) -> None:
    answer = client.get(path)
    body = answer.json()
    assert (answer.status_code, body["code"]) == (status, code)
    assert body["request_id"] == answer.headers["x-request-id"]
    assert set(body) <= {"code", "request_id", "data"}
    assert CANARY not in answer.text
    assert "Traceback" not in answer.text


def test_try_again_says_when(client: TestClient[Litestar]) -> None:
    assert client.get("/slow-down").headers["retry-after"] == "30"
    assert client.get("/busy").headers["retry-after"] == "30"


def test_wrong_method_says_which_are_right(client: TestClient[Litestar]) -> None:
    answer = client.post("/health/live")
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
    assert "GET" in answer.headers["allow"]


def test_wrong_fields_are_named_but_not_their_content(client: TestClient[Litestar]) -> None:
    answer = client.post("/strict", json={"age": CANARY, CANARY: 1})
    assert answer.status_code == 400
    assert answer.json()["fields"] == {"name": "required", "age": "type", "?": "unknown"}
    assert CANARY not in answer.text


def test_litestars_own_validation_has_the_same_shape(client: TestClient[Litestar]) -> None:
    answer = client.get("/number/1", params={"limit": CANARY})
    assert answer.json()["code"] == "invalid"
    assert answer.json()["fields"] == {"limit": "not_allowed_value"}
    assert CANARY not in answer.text


@pytest.mark.parametrize(("lang", "direction"), [("sv", "ltr"), ("en", "ltr"), ("ar", "rtl")])
def test_person_gets_a_page_in_her_language(client: TestClient[Litestar], lang: str, direction: str) -> None:
    answer = client.get("/broken", headers={"accept": "text/html", "accept-language": f"{lang}-XX,en;q=0.5"})
    assert answer.status_code == 500
    assert f'<html lang="{lang}" dir="{direction}">' in answer.text
    assert "112" in answer.text
    assert CANARY not in answer.text


def test_page_for_a_handlers_own_404_is_not_the_client(client: TestClient[Litestar]) -> None:
    answer = client.get("/public/areas/unknown", headers={"accept": "text/html", "accept-language": "sv"})
    assert answer.status_code == 404
    assert "Sidan finns inte här" in answer.text
