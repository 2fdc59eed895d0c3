"""Every error as one shape, never with anything of the inside.

A program gets `{"code", "fields"?, "data"?, "request_id"}`; a person who followed a link gets a page in her
language. An address nobody knows that asks for a page is one of the client's screens and gets the client.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException, NotFoundException, ValidationException
from litestar.types import ExceptionHandlersMap
from pydantic import ValidationError

from server.errors import Refused, field_code
from server.logs import get_logger
from server.texts import N_, Texts
from server.web.pages import page_language, page_response, paragraph, render_page
from server.web.requests import request_id

Shell = Callable[[Request[Any, Any, Any]], Response[bytes]]

RETRY_AFTER_S = 30
_FIELD = re.compile(r"[A-Za-z_][A-Za-z0-9_.]{0,63}")
_CODES = {
    400: "invalid",
    401: "not_signed_in",
    403: "not_allowed",
    404: "not_found",
    405: "method_not_allowed",
    406: "invalid",
    408: "too_slow",
    409: "conflict",
    411: "invalid",
    413: "too_large",
    414: "too_large",
    415: "invalid",
    422: "invalid",
    429: "rate_limited",
    431: "too_large",
    503: "unavailable",
}
_PAGES = {
    401: (N_("You need to sign in"), N_("Open Samled and sign in. Then you come back here.")),
    404: (N_("The page is not here"), N_("The link may be old, or what it led to is no longer shared.")),
    429: (N_("Many tries in a short time"), N_("Wait half a minute and try again.")),
    503: (
        N_("Samled is resting for a moment"),
        N_("Try again in a minute. What you have written is still on your phone."),
    ),
    500: (
        N_("Something went wrong with us"),
        N_("The fault is ours, not yours. What you wrote is still here."),
    ),
}


def wants_page(request: Request[Any, Any, Any]) -> bool:
    """Whether a person followed a link, rather than a program asking for data."""
    return request.method in ("GET", "HEAD") and "text/html" in request.headers.get("accept", "")


def fields_of(error: ValidationError) -> dict[str, str]:
    """Which fields are wrong and how; never what was written in them."""
    found: dict[str, str] = {}
    for item in error.errors(include_url=False, include_context=False, include_input=False):
        name = ".".join(str(part) for part in item["loc"])
        kind = str(item["type"])
        # A field nobody knows is named by the sender: it could hold anything.
        known = _FIELD.fullmatch(name) and kind != "extra_forbidden"
        found[name if known else "?"] = field_code(kind)
    return found


def _fields_of_litestar(extra: object) -> dict[str, str]:
    """The same from Litestar's own list of faults."""
    if not isinstance(extra, list):
        return {}
    keys = (str(item.get("key", "")) for item in extra if isinstance(item, dict))
    return {key: "not_allowed_value" for key in keys if _FIELD.fullmatch(key)}


def error_response(
    request: Request[Any, Any, Any],
    status: int,
    code: str,
    *,
    fields: Mapping[str, str] | None = None,
    data: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response[Any]:
    """The answer for one error, as data or as a page."""
    extra = dict(headers or {})
    if status in (429, 503):
        extra.setdefault("retry-after", str(RETRY_AFTER_S))
    if wants_page(request):
        texts = Texts(page_language(request))
        title, text = _PAGES.get(status, _PAGES[500 if status >= 500 else 404])
        response: Response[Any] = page_response(
            render_page(texts, texts.gettext(title), paragraph(texts.gettext(text))),
            texts.lang,
            status=status,
        )
        response.headers.update(extra)
        return response
    body: dict[str, Any] = {"code": code, "request_id": request_id(request.scope)}
    if fields:
        body["fields"] = dict(fields)
    if data:
        body["data"] = dict(data)
    return Response(body, status_code=status, headers=extra, media_type="application/json")


def error_handlers(shell: Shell, *, transient: Iterable[type[Exception]] = ()) -> ExceptionHandlersMap:
    """What Litestar shall do with each kind of exception; `transient` kinds mean try again (503)."""

    def refused(request: Request[Any, Any, Any], error: Refused) -> Response[Any]:
        return error_response(request, error.status, error.code, fields=error.fields, data=error.data)

    def invalid(request: Request[Any, Any, Any], error: ValidationError) -> Response[Any]:
        return error_response(request, 400, "invalid", fields=fields_of(error))

    def undecodable(request: Request[Any, Any, Any], _error: Exception) -> Response[Any]:
        return error_response(request, 400, "invalid")

    def http(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
        status = error.status_code
        unknown = isinstance(error, NotFoundException) and request.scope.get("route_handler") is None
        if unknown and wants_page(request):
            return shell(request)
        if status >= 500:
            get_logger().error("request_failed", error=type(error).__name__, status=status)
        fields = _fields_of_litestar(error.extra) if isinstance(error, ValidationException) else {}
        code = _CODES.get(status, "failed" if status >= 500 else "invalid")
        kept = {
            name: value for name, value in (error.headers or {}).items() if name.lower() in {"allow", "retry-after"}
        }
        return error_response(request, status, code, fields=fields, headers=kept)

    def unavailable(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
        get_logger().warning("unavailable", error=type(error).__name__)
        return error_response(request, 503, "unavailable")

    def failed(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
        get_logger().error("request_failed", exc_info=error, status=500)
        return error_response(request, 500, "failed")

    handlers: dict[Any, Any] = {
        Refused: refused,
        ValidationError: invalid,
        msgspec.ValidationError: undecodable,
        msgspec.DecodeError: undecodable,
        HTTPException: http,
        Exception: failed,
    }
    handlers.update(dict.fromkeys(transient, unavailable))
    return handlers
