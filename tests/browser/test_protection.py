"""Protected identity: set by one, empties every other screen at once, let in one by one, and ended by somebody else."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NewDevice
from tests.browser.device import AT_ONCE_MS
from tests.browser.house import Others
from tests.browser.looks import clean
from tests.browser.made import family

WIDE = {"width": 1280, "height": 800}


@pytest.mark.alone
def test_set_let_in_and_ended_by_somebody_else(new_device: NewDevice, others: Others) -> None:
    made = family(others, "Freja", deputy="johan")
    klas = made.joins(new_device, "Klas").shows("Maria Ekdahl")
    elin = new_device("elin").open("/children").show_names()
    maria = new_device("maria").open(f"/children/{made.child}").show_names()
    johan = new_device("johan", "staff", viewport=WIDE).open(f"/children/{made.child}").show_names().shows("Freja")

    maria.go(f"/children/{made.child}/protect").press("Protect the child").sees("Write another name")
    maria.write("The name to use instead", "Robin").press("Protect the child").press("Not now")
    maria.press("Protect the child").press("Yes, protect").sees("These may know").shows("Robin")
    expect(klas.page.get_by_text("Maria Ekdahl")).to_have_count(0, timeout=AT_ONCE_MS)
    klas.until(lambda: made.child not in [key for _, _, key in klas.rows()], "the phone keeps nothing")
    johan.shows("Robin")
    expect(johan.page.get_by_text("Freja")).to_have_count(0)
    johan.until(lambda: made.child not in [key for _, _, key in johan.rows()], "nothing of it on a disk")

    maria.choose_text("Klas").press("Let in")
    klas.shows("Robins samordnare")
    maria.choose_text("Elin Sand").press("Let in")
    elin.shows("Robin")
    clean(maria.sees("You set it. Somebody else in the circle has to end it."))
    expect(maria.button("End the protection")).to_have_count(0)

    johan.go(f"/children/{made.child}/protect").press("End the protection").press("Yes, end it")
    johan.sees("Protect the child").shows("Freja")
    klas.shows("Frejas samordnare")
    maria.sees("Protect the child")
