"""The public page of an area: whom to turn to, by unit; for anybody, not signed in, without scripts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Any

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from server.features.words import KINDS
from server.texts import Texts
from server.web.pages import page_language, page_response, paragraph, phone_link, render_page, web_link

# An area changes a few times a year; five minutes spare the database a link shared in a parents' group.
_CACHE = "public, max-age=300"


@dataclass(frozen=True)
class AreaContact:
    """One unit to turn to, never a person. `kind` is of `KINDS`; `is_stale`: nobody confirmed it lately."""

    kind: str
    unit_name: str
    phone: str
    hours: str
    offers: str = ""
    is_stale: bool = False


@dataclass(frozen=True)
class AreaPage:
    """What one area tells the public. Names and texts are the area's own, in the language `lang`."""

    slug: str
    name: str
    about: str
    contacts: tuple[AreaContact, ...]
    links: tuple[tuple[str, str], ...] = ()
    confirmed_on: date | None = None
    is_stale: bool = False
    lang: str = "sv"


AreaLookup = Callable[[str], Awaitable[AreaPage | None]]


def _own(text: str, page: AreaPage) -> str:
    """A text of the area's, marked with its own language."""
    return f'<span lang="{escape(page.lang)}" dir="auto">{escape(text)}</span>'


def _contact(contact: AreaContact, page: AreaPage, texts: Texts) -> str:
    lines = [f"<h2>{_own(contact.unit_name, page)}</h2>"]
    if contact.kind in KINDS:
        lines.append(paragraph(texts.gettext(KINDS[contact.kind]), "muted"))
    if contact.offers:
        lines.append(f"<p>{_own(contact.offers, page)}</p>")
    if contact.phone:
        hours = f' <span class="muted">{_own(contact.hours, page)}</span>' if contact.hours else ""
        lines.append(f"<p>{phone_link(contact.phone)}{hours}</p>")
    if contact.is_stale:
        lines.append(paragraph(texts.gettext("Nobody has confirmed this lately. Call to be sure."), "muted"))
    return f'<section class="card">{"".join(lines)}</section>'


def render_area(page: AreaPage, lang: str) -> str:
    """The page in one language."""
    texts = Texts(lang)
    body = [f"<p>{_own(page.about, page)}</p>"] if page.about else []
    body.append(paragraph(texts.gettext("You can call any of them. They help you on to the right person.")))
    if page.is_stale:
        body.append(
            paragraph(texts.gettext("Check before you rely on it: nobody has confirmed this page for half a year."))
        )
    elif page.confirmed_on is not None:
        body.append(paragraph(texts.gettext("Confirmed {date}", date=page.confirmed_on.isoformat()), "muted"))
    body += [_contact(contact, page, texts) for contact in page.contacts]
    if page.links:
        links = "".join(f"<li>{web_link(url, name)}</li>" for name, url in page.links)
        body.append(f"<h2>{escape(texts.gettext('More to read'))}</h2><ul>{links}</ul>")
    description = texts.gettext("Whom to turn to in {area} when a child needs support", area=page.name)
    return render_page(texts, page.name, "".join(body), path=f"/public/areas/{page.slug}", description=description)


def area_handler(lookup: AreaLookup) -> HTTPRouteHandler:
    """`GET /public/areas/{slug}`."""

    @get("/public/areas/{slug:str}", operation_id="public_area")
    async def area(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[str]:
        page = await lookup(slug) if len(slug) <= 80 else None
        if page is None:
            raise NotFoundException()
        lang = page_language(request)
        return page_response(render_area(page, lang), lang, cache_control=_CACHE)

    return area
