"""The two pages the law asks for: how usable Samled is for everybody, and what it stores about people.

Facts about the organisation that runs it come from `Operator`; the sentences are in the catalogs. Sources:
rules.md 4.2 (stores, no tracking) and 4.3 (what a statement must contain).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Any

from babel.dates import format_date
from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler

from server.texts import N_, Texts
from server.web.pages import bullet_list, page_language, page_response, paragraph, render_page, web_link


@dataclass(frozen=True)
class Operator:
    """Who runs this Samled. What is not known is not said; `demo` says that nobody does.

    `contact` is a post address, a number or both; `report_url` a form that can be used without giving a name.
    """

    name: str = ""
    contact: str = ""
    report_url: str = ""
    data_protection_url: str = ""
    demo: bool = False
    supervisor_url: str = "https://www.digg.se/tdosanmalan"
    assessed_on: date = date(2026, 11, 22)


# Store → what is in it and for how long; in the order a person meets them.
STORES = (
    (N_("Sign-in cookie"), N_("Keeps you signed in on this device. It is gone when you sign out.")),
    (
        N_("Your copy on the device"),
        N_("Your contact, meetings and dates, to be read without a connection. The copy is encrypted."),
    ),
    (N_("Texts waiting to be sent"), N_("What you have written, until it has been received.")),
    (N_("The app itself"), N_("Pages, texts and help numbers, so that Samled opens without a connection.")),
    (
        N_("Address for reminders"),
        N_("Only if you say yes to reminders. It is deleted when you turn them off."),
    ),
)
_NEVER = (
    N_("No personal identity numbers, diagnoses or notes from health records."),
    N_("No tracking, no advertising and nothing from other companies."),
    N_("Nothing about your visits to the help page."),
)
_RIGHTS = (
    N_("You decide who may share what. You can change your mind at any time."),
    N_("You can see who has looked at what concerns your child."),
    N_("You can ask for a copy of what is stored, and have errors corrected."),
    N_("What a unit has already written in its own records stays there."),
)
_DEMO = N_("This is a demonstration on one computer. Everybody in it is invented, and nobody runs it as a service.")
_KEPT = (
    N_("When the support has ended, names are removed after 12 months and the rest after 24."),
    N_("Questions asked without a name are deleted 30 days after the call."),
    N_("The copy on a device is erased when you sign out or do not open Samled for a long time."),
    N_("The list of who has looked is kept for at least five years. The law requires it."),
)
_KNOWN_LIMITS = (
    N_("Texts that staff have written themselves are shown in the language they were written in."),
    N_("Meetings by video open in another service, which has its own statement."),
)
_METHODS = (
    N_("Automatic checks of every page in light and dark, in every language and from right to left."),
    N_("Tests with keyboard, with large text and at a width of 320 pixels."),
)


def _section(texts: Texts, title: str, body: str) -> str:
    return f"<h2>{escape(texts.gettext(title))}</h2>{body}"


def _bullets(texts: Texts, items: tuple[str, ...]) -> str:
    return bullet_list([texts.gettext(item) for item in items])


def _responsible(texts: Texts, operator: Operator) -> str:
    """Who answers for the data and how they are reached; nothing when the site does not say."""
    t = texts.gettext
    said = []
    if operator.demo:
        said.append(paragraph(t(_DEMO)))
    elif operator.name:
        said.append(paragraph(t("{name} runs this Samled.", name=operator.name)))
    if operator.contact:
        said.append(paragraph(operator.contact))
    if operator.data_protection_url:
        said.append(f"<p>{web_link(operator.data_protection_url, t('Ask about your personal data'))}</p>")
    return _section(texts, N_("Who is responsible"), "".join(said)) if said else ""


def _problem(texts: Texts, operator: Operator) -> str:
    """Where somebody tells what does not work: only ways that are there."""
    t = texts.gettext
    said = []
    if operator.report_url:
        said.append(
            paragraph(t("Tell us what does not work. You do not have to give your name. We answer as soon as we can."))
        )
        said.append(f"<p>{web_link(operator.report_url, t('Report a problem'))}</p>")
    elif operator.contact:
        said.append(
            paragraph(t("Tell us what does not work, by phone or in a letter. You do not have to give your name."))
        )
        said.append(paragraph(operator.contact))
    elif not operator.demo:
        said.append(paragraph(t("Tell the one who invited you what does not work.")))
    return _section(texts, N_("Tell us about a problem"), "".join(said)) if said else ""


def render_privacy(lang: str, operator: Operator) -> str:
    """What is stored, where, why and how long."""
    texts = Texts(lang)
    t = texts.gettext
    rows = "".join(
        f'<tr><th scope="row">{escape(t(name))}</th><td>{escape(t(what))}</td></tr>' for name, what in STORES
    )
    body = [
        paragraph(
            t(
                "Samled helps families and staff to keep track of contacts, meetings and dates. "
                "It holds as little as possible."
            )
        ),
        _section(texts, N_("On your device"), f"<table>{rows}</table>"),
        paragraph(t("All of it is needed for Samled to work. That is why no question about cookies is asked.")),
        _section(texts, N_("This is never stored"), _bullets(texts, _NEVER)),
        _section(
            texts, N_("Your rights"), _bullets(texts, _RIGHTS) + paragraph(t("Your coordinator helps you with it."))
        ),
        _section(texts, N_("How long it is kept"), _bullets(texts, _KEPT)),
        _section(
            texts,
            N_("Reminders"),
            paragraph(
                t(
                    "A reminder on your phone never says a name, a place or what it is about. "
                    "You read more when you open Samled."
                )
            ),
        ),
        _responsible(texts, operator),
    ]
    return render_page(texts, t("How Samled treats what is yours"), "".join(body), path="/integritet")


def render_accessibility(lang: str, operator: Operator) -> str:
    """The accessibility statement."""
    texts = Texts(lang)
    t = texts.gettext
    wish = t("We want everybody to be able to use Samled.")
    if operator.demo:
        wish = f"{t(_DEMO)} {wish}"
    elif operator.name:
        wish = t("{name} is behind Samled. We want everybody to be able to use it.", name=operator.name)
    checked = format_date(operator.assessed_on, "d MMMM y", locale=lang)
    body = [
        paragraph(wish),
        paragraph(
            t(
                "Samled follows the law on accessibility to digital public service in part. "
                "The parts that fall short are listed here."
            )
        ),
        _section(texts, N_("What may be hard to use"), _bullets(texts, _KNOWN_LIMITS)),
        _section(texts, N_("How we have checked"), _bullets(texts, _METHODS)),
        paragraph(t("Checked by ourselves {date}.", date=checked), "muted"),
        _problem(texts, operator),
    ]
    if not operator.demo:
        supervisor = web_link(operator.supervisor_url, t("Complain to the authority"))
        body.append(
            _section(
                texts,
                N_("If our answer is not enough"),
                paragraph(t("An authority watches over the law. You can turn to it.")) + f"<p>{supervisor}</p>",
            )
        )
    return render_page(texts, t("Accessibility of Samled"), "".join(body), path="/tillganglighet")


def statement_handlers(operator: Operator) -> list[HTTPRouteHandler]:
    """`GET /integritet` and `GET /tillganglighet`."""

    @get("/integritet", include_in_schema=False, sync_to_thread=False)
    def privacy(request: Request[Any, Any, Any]) -> Response[str]:
        lang = page_language(request)
        return page_response(render_privacy(lang, operator), lang, cache_control="no-cache")

    @get("/tillganglighet", include_in_schema=False, sync_to_thread=False)
    def accessibility(request: Request[Any, Any, Any]) -> Response[str]:
        lang = page_language(request)
        return page_response(render_accessibility(lang, operator), lang, cache_control="no-cache")

    return [privacy, accessibility]
