"""A professional's device in a house whose clock is ahead, with its own clock put on as far and its presses counted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Self

from playwright.sync_api import Browser, Locator

from tests.browser.device import PHONE, USUAL, Device, without_faults
from tests.browser.later import LaterServer
from tests.browser.looks import clean
from tests.browser.words import text

AHEAD = """(() => {
  const ahead = %d, Real = (globalThis.OnlyDate ??= Date);
  globalThis.Date = class extends Real {
    constructor(...given) { given.length ? super(...given) : super(Real.now() + ahead); }
    static now() { return Real.now() + ahead; }
  };
})()"""
BROAD = {"width": 1280, "height": 800}


class AtWork(Device):
    """`press` and `follow` count in `taps`."""

    house: LaterServer
    taps: int = 0

    def on_time(self) -> Self:
        """The page's clock as the server's now, from the next page on."""
        self.context.add_init_script(AHEAD % (self.house.ahead.total_seconds() * 1000))
        return self

    def anew(self, path: str = "/") -> Self:
        """Another page, when the clock has been put on."""
        self.page.close()
        self.on_time()
        self.page = self.context.new_page()
        return self.open(path)

    def tap(self, place: Locator) -> Self:
        """One press."""
        self.taps += 1
        place.click()
        return self

    def pill(self, msgid: str, **values: object) -> Self:
        """One press on a button of this name."""
        return self.tap(self.button(msgid, **values))

    def link(self, msgid: str) -> Self:
        """One press on a link of this name."""
        return self.led(lambda: self.tap(self.page.get_by_role("link", name=text(msgid)).locator("visible=true").first))

    def tab(self, msgid: str) -> Self:
        """One press on an entry of the bar or the rail."""
        return self.led(
            lambda: self.tap(self.page.locator("nav a", has_text=text(msgid)).locator("visible=true").first)
        )

    def well(self) -> Self:
        """Nothing for axe, and nothing wider than the screen."""
        return clean(self)

    def counted(self, most: int) -> Self:
        """Not more presses than this since the last time."""
        assert 0 < self.taps <= most, f"{self.taps} presses"
        self.taps = 0
        return self

    def first(self, msgid: str) -> Locator:
        """The first button whose name begins so."""
        return self.page.get_by_role("button", name=text(msgid)).locator("visible=true").first


Come = Callable[..., AtWork]


@contextmanager
def people_at_work(chromium: Browser, house: LaterServer) -> Iterator[Come]:
    """`come("maria", wide=False)` gives a signed-in device; all are checked in the end."""
    with without_faults() as made:

        def come(persona: str, *, wide: bool = False, **options: Any) -> AtWork:
            settings: dict[str, Any] = {**USUAL, "viewport": BROAD if wide else PHONE, **options}
            device = AtWork(chromium.new_context(**settings), house.origin)
            device.house = house
            made.append(device)
            device.sign_in(persona)
            return device.anew()

        yield come


def soonest(slots: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Open ones, the next first."""
    return sorted((one for one in slots if one["state"] == "open"), key=lambda one: str(one["starts_at"]))
