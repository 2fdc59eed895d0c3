"""P10: what looks like a program is only ever text, wherever it was written and whoever reads it."""

from __future__ import annotations

import itertools

import pytest

from tests.browser.conftest import NewDevice
from tests.browser.device import Device
from tests.browser.house import Others

HOOK = "window.ran = []; window.alert = (what) => window.ran.push(String(what)); window.run = window.alert;"
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
CHANGES = (
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


def payloads(count: int) -> list[str]:
    """So many different texts that would run something if they were not only text; the longest has 200 characters."""
    made = (change(one.format("run(1)")) for change, one in itertools.product(CHANGES, TEMPLATES))
    return list(itertools.islice(made, count))


def test_forty_programs_in_every_text_are_only_text(new_device: NewDevice, others: Others) -> None:
    _store_and_see(new_device, others, payloads(40))


@pytest.mark.promise
@pytest.mark.timeout(600)
def test_three_hundred_programs_in_every_text_are_only_text(new_device: NewDevice, others: Others) -> None:
    _store_and_see(new_device, others, payloads(300))


def _store_and_see(new_device: NewDevice, others: Others, texts: list[str]) -> None:
    name, turns, maria_seat = "<b onclick=run(2)>Z</b>", "2034-02-01", others.seat("maria")
    opened = others.send("maria", "child.open", display_name=name, turns_18_on=turns, person=maria_seat)
    child = opened["result"]["child"]
    invited = others.send("maria", "guardian.invite", child=child, name_shown="<img src=x onerror=run(3)>")["result"]
    zed = new_device()
    zed.context.add_init_script(HOOK)
    zed.open().write("The code from the letter or the text message", invited["code"]).press("Continue")
    zed.page.wait_for_selector(".frame.family")
    others.send("maria", "guardian.verify", child=child, relation=invited["relation"])
    for number, words in enumerate(texts):
        others.send("maria", "message.send", child=child, to=invited["relation"], text=words)
        if number < 12:
            _every_text(others, child, invited["relation"], words)
    maria = new_device("maria")
    maria.context.add_init_script(HOOK)
    maria.open().show_names()
    meetings = [one["id"] for one in others.documents("maria", "meeting") if one["child"] == child]
    waits = [one["id"] for one in others.documents("maria", "waiting") if one["child"] == child]
    consents = [one["id"] for one in others.documents("maria", "consent") if one["child"] == child]
    for path in ("/", "/coordinator", "/coordinator/messages", "/meetings", "/waiting", "/sharing"):
        _see(zed, path)
    thread = f"/children/{child}/thread/{invited['relation']}"
    pages = [f"/meetings/{one}" for one in meetings] + [f"/waiting/{one}" for one in waits]
    for path in ("/", "/children", f"/children/{child}", thread, *pages, *(f"/consents/{one}" for one in consents)):
        _see(maria, path)


def _every_text(others: Others, child: str, guardian: str, words: str) -> None:
    """One payload in every text a coordinator can write."""
    short = words[:40]
    others.send(
        "maria",
        "meeting.propose",
        child=child,
        kind="network",
        starts_local="2027-03-01T10:00",
        title=words[:80],
        place=words[:120],
        agenda=[{"title": words[:80], "who": words[:60]}],
        interpreter=words[:60],
        invited=[guardian],
        invite=True,
    )
    others.send("maria", "measure.offer", child=child, title=words[:80], unit_name=short, contact_function=short,
                starts_on="2027-01-11", follow_up_on="2027-02-01")  # fmt: skip
    others.send("maria", "waiting.open", child=child, unit_name=short, what="assessment", start_on="2026-10-01",
                start_basis="referral_issued", queue_fact=words[:200], next_check_in_on="2027-01-11")  # fmt: skip


def _see(device: Device, path: str) -> None:
    """Opens a page and touches what is there; nothing ran."""
    device.go(path)
    device.page.evaluate("""() => document.querySelectorAll("main *").forEach((one) => {
      one.dispatchEvent(new MouseEvent("mouseover", { bubbles: true }));
    })""")
    assert device.page.evaluate("() => window.ran") == [], path
