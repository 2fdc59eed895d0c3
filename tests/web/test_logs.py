"""Log lines are JSON with a request id, and nothing a person wrote can get into one."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from litestar import Litestar
from litestar.testing import TestClient

from server import logs
from tests.web.conftest import CANARY, SECRET

NUMBER = "811218-9876"


@pytest.fixture
def lines() -> Iterator[Any]:
    """Everything logged so far, decoded; not JSON is a failure."""
    stream = io.StringIO()
    root = logging.getLogger()
    before = root.handlers, root.level
    logs.configure(stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.handlers, root.level = before
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def test_whole_walk_leaves_no_canary(client: TestClient[Litestar], lines: Any) -> None:
    headers = {"cookie": f"__Host-sid={CANARY}", "authorization": f"Bearer {CANARY}", "user-agent": CANARY}
    for path in (
        "/",
        "/broken",
        "/busy",
        f"/{CANARY}/{NUMBER}",
        f"/calendar/{SECRET}.ics",
        f"/public/areas/{CANARY}",
    ):
        client.get(path, params={"name": CANARY}, headers=headers)
    client.post("/strict", json={"name": CANARY, "age": NUMBER}, headers=headers)
    written = lines()
    text = json.dumps(written)
    assert CANARY not in text
    assert NUMBER not in text
    assert SECRET not in text
    requests = [line for line in written if line["event"] == "request"]
    assert len(requests) == 7
    assert all(len(line["request_id"]) == 16 for line in written)
    assert {line["route"] for line in requests} >= {"/broken", "unmatched", "/calendar/{name}"}


def test_failure_says_where_but_not_what(client: TestClient[Litestar], lines: Any) -> None:
    answer = client.get("/broken")
    (failure,) = [line for line in lines() if line["event"] == "request_failed"]
    assert failure["error"] == "RuntimeError"
    assert {line["request_id"] for line in lines()} == {answer.headers["x-request-id"]}
    assert any("tests/web/conftest.py" in frame for frame in failure["trace"])


def test_unlisted_fields_and_free_text_are_dropped(lines: Any) -> None:
    logs.get_logger().info("push_sent", status=201, child=CANARY, body={"x": CANARY}, reason=f"«{CANARY}»", code=NUMBER)
    logs.get_logger().info(f"Hello {CANARY} {NUMBER}!")
    first, second = lines()
    assert (first["event"], first["status"], first["reason"], first["code"]) == ("push_sent", 201, "?", "?")
    assert not {"child", "body"} & set(first)
    assert second["event"] == "unnamed"


def test_libraries_are_heard_without_their_words(lines: Any) -> None:
    try:
        raise ValueError(CANARY)
    except ValueError:
        logging.getLogger("uvicorn.error").exception("could not serve %s", CANARY)
    logging.getLogger("uvicorn.access").error("GET /%s", CANARY)
    (line,) = lines()
    assert (line["event"], line["logger"], line["error"]) == ("library", "uvicorn.error", "ValueError")
    assert CANARY not in json.dumps(line)


def test_bound_fields_follow_the_task(lines: Any) -> None:
    logs.bind(process="worker")
    logs.get_logger().warning("late", exc_info=(ValueError, ValueError(CANARY), None))
    logs.get_logger().warning("later", exc_info=True)
    first, second = lines()
    assert (first["process"], first["error"]) == ("worker", "ValueError")
    assert "error" not in second
