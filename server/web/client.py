"""The client over HTTP: its files, the page every navigation gets, and the few files robots ask for."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from litestar import Request, Response, route
from litestar.enums import HttpMethod
from litestar.handlers import HTTPRouteHandler

from server.clock import Clock
from server.features.contract import contract
from server.texts import N_, Texts
from server.web.pages import page_language, page_response, paragraph, render_page
from server.web.region import build_region
from server.web.static import Asset, Build

_READING = [HttpMethod.GET, HttpMethod.HEAD]
_STABLE = frozenset({"/public/region.json", "/manifest.webmanifest", "/sw.js"})
"""Files whose addresses others rely on: described in `/openapi.json`."""
_ROBOTS = "User-agent: *\nAllow: /public/\nAllow: /tillganglighet\nAllow: /integritet\nDisallow: /\n"


def _answer(request: Request[Any, Any, Any], asset: Asset) -> Response[bytes]:
    return asset.answer(
        request.headers.get("accept-encoding", ""),
        request.headers.get("if-none-match", ""),
        head=request.method == "HEAD",
    )


def shell_response(build: Build, request: Request[Any, Any, Any]) -> Response[Any]:
    """The client's one page; a plain 503 page that says what to do when it has not been built."""
    if build.shell is not None:
        return _answer(request, build.shell)
    texts = Texts(page_language(request))
    title = texts.gettext(N_("Samled is not ready yet"))
    body = paragraph(texts.gettext(N_("The pages of the app have not been built. Run: make build")))
    return page_response(render_page(texts, title, body), texts.lang, status=503)


def security_txt(contact: str, clock: Clock) -> str:
    """Where to report a weakness (RFC 9116); valid for a year from the start of the process."""
    expires = (clock.now() + timedelta(days=364)).strftime("%Y-%m-%dT00:00:00Z")
    return f"Contact: {contact}\nExpires: {expires}\nPreferred-Languages: sv, en\n"


def client_handlers(build: Build, *, security_contact: str, clock: Clock) -> list[HTTPRouteHandler]:
    """Every file of the build at its own address, `/`, the contract, the region, robots and security.txt."""
    region = json.dumps(build_region(), ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"
    files = {
        "/robots.txt": Asset.of("robots.txt", _ROBOTS.encode()),
        **build.files,
        "/public/region.json": Asset.of("region.json", region.encode()),
    }
    if security_contact:
        text = security_txt(security_contact, clock)
        files["/.well-known/security.txt"] = Asset.of("security.txt", text.encode())

    @route(sorted(files.keys() - _STABLE), http_method=_READING, include_in_schema=False, sync_to_thread=False)
    def file(request: Request[Any, Any, Any]) -> Response[bytes]:
        return _answer(request, files[request.scope["path"]])

    @route(sorted(files.keys() & _STABLE), http_method=_READING, sync_to_thread=False)
    def stable_file(request: Request[Any, Any, Any]) -> Response[bytes]:
        return _answer(request, files[request.scope["path"]])

    @route("/", http_method=_READING, include_in_schema=False, sync_to_thread=False)
    def shell(request: Request[Any, Any, Any]) -> Response[Any]:
        return shell_response(build, request)

    described = Asset.of("contract.json", contract())

    @route("/contract.json", http_method=_READING, sync_to_thread=False)
    def contract_json(request: Request[Any, Any, Any]) -> Response[bytes]:
        return _answer(request, described)

    return [file, stable_file, shell, contract_json]
