"""The frame of the few pages the server draws itself: no script, one inline style, the person's language.

Content is built with `escape`; nothing here takes ready-made markup from a row.
"""

from __future__ import annotations

from html import escape
from typing import Any

from litestar import Request, Response

from server.texts import LANGUAGES, N_, OWN_NAMES, Texts, choose_language, direction
from server.web.headers import style_hash

STYLE = (
    ":root{color-scheme:light dark;--bg:#eff3f1;--ink:#12221e;--ink-2:#46564f;--link:#12604f;--card:#fff;"
    "--line:#d5deda;--focus:#0b57d0}"
    "@media(prefers-color-scheme:dark){:root{--bg:#0c1513;--ink:#e9f0ed;--ink-2:#aebdb7;--link:#8fdcc6;"
    "--card:#15211d;--line:#2a3934;--focus:#9cc4ff}}"
    "*{box-sizing:border-box}"
    "body{margin:0;background:var(--bg);color:var(--ink);font:1.0625rem/1.5 system-ui,sans-serif}"
    "main,header,footer{max-inline-size:40rem;margin-inline:auto;padding:16px}"
    "h1{font-size:1.8125rem;line-height:1.2}h2{font-size:1.1875rem;margin-block:32px 8px}a{color:var(--link)}"
    ".card{background:var(--card);border-radius:22px;padding:20px;margin-block:12px}.muted{color:var(--ink-2)}"
    "ul{padding-inline-start:20px}li{margin-block:6px}"
    ".languages{display:flex;flex-wrap:wrap;gap:4px 20px;list-style:none;padding:0}"
    ".languages a,.skip,nav a{display:inline-block;min-block-size:44px;padding-block:10px}"
    ".skip{position:absolute;inset-inline-start:-999px}.skip:focus{position:static}"
    "table{inline-size:100%;border-collapse:collapse}th,td{text-align:start;vertical-align:top;"
    "padding-block:8px;padding-inline-end:8px;border-block-end:1px solid var(--line)}"
    ":focus-visible{outline:3px solid var(--focus)}"
)
STYLE_HASH = style_hash(STYLE)

_HELP = N_("Danger for someone's life? Call 112. Under 18? Bris answers on 116 111.")


def page_language(request: Request[Any, Any, Any]) -> str:
    """The language of a page: `?lang=`, else what the browser prefers."""
    return choose_language(request.headers.get("accept-language", ""), wanted=request.query_params.get("lang"))


def paragraph(text: str, cls: str = "") -> str:
    """One escaped paragraph."""
    return f'<p class="{escape(cls)}">{escape(text)}</p>' if cls else f"<p>{escape(text)}</p>"


def bullet_list(items: list[str]) -> str:
    """An escaped list."""
    return "<ul>" + "".join(f"<li>{escape(item)}</li>" for item in items) + "</ul>"


def phone_link(number: str) -> str:
    """A number to press, left to right in every language, dialled as it is written."""
    dial = "".join(sign for sign in number if sign.isdigit() or sign == "+")
    return f'<a href="tel:{dial}"><bdi dir="ltr">{escape(number)}</bdi></a>'


def web_link(url: str, name: str) -> str:
    """A link elsewhere; anything but https becomes plain text."""
    if not url.startswith("https://"):
        return escape(name)
    return f'<a href="{escape(url)}" rel="noopener noreferrer">{escape(name)}</a>'


def render_page(texts: Texts, title: str, body: str, *, path: str = "", description: str = "") -> str:
    """A whole page. `body` is markup built here; `path` gives the page in the other languages."""
    t = texts.gettext
    lang = texts.lang
    others = "".join(
        f'<li><a href="{escape(path)}?lang={code}" lang="{code}" dir="{direction(code)}" hreflang="{code}">'
        f"{escape(OWN_NAMES[code])}</a></li>"
        for code in LANGUAGES
        if code != lang
    )
    preview = escape(description or t("Your contact, your meetings and your dates in one place."))
    return (
        f'<!doctype html><html lang="{lang}" dir="{direction(lang)}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{escape(title)} – Samled</title><meta name="description" content="{preview}">'
        f'<meta property="og:title" content="{escape(title)}">'
        f'<meta property="og:description" content="{preview}">'
        '<link rel="icon" href="/icons/samled.svg" type="image/svg+xml">'
        f"<style>{STYLE}</style></head><body>"
        f'<a class="skip" href="#main">{escape(t("Go to the content"))}</a>'
        f'<header><nav aria-label="{escape(t("Samled"))}"><a href="/">Samled</a></nav>'
        + (f'<ul class="languages" aria-label="{escape(t("Languages"))}">{others}</ul>' if path else "")
        + f'</header><main id="main"><h1>{escape(title)}</h1>{body}</main>'
        f'<footer><p class="muted">{escape(t(_HELP))}</p><nav aria-label="{escape(t("About Samled"))}">'
        f'<a href="/integritet?lang={lang}">{escape(t("Privacy"))}</a> · '
        f'<a href="/tillganglighet?lang={lang}">{escape(t("Accessibility"))}</a></nav></footer></body></html>'
    )


def page_response(html: str, lang: str, *, status: int = 200, cache_control: str = "no-store") -> Response[str]:
    """The page as an answer; which language it is depends on the browser's, and caches are told."""
    return Response(
        html,
        status_code=status,
        media_type="text/html",
        headers={"content-language": lang, "vary": "Accept-Language", "cache-control": cache_control},
    )
