"""Language, devices, the way out, and help that needs neither sign-in nor connection."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import NewDevice
from tests.browser.device import Device, said
from tests.browser.made import lock, passkeys
from tests.browser.words import text


def test_arabic_mirrors_the_app_and_is_kept(new_device: NewDevice) -> None:
    omar = new_device("omar").open("/settings")
    root = omar.page.locator("html")
    for language, direction in (("ar", "rtl"), ("sv", "ltr")):
        omar.page.locator(f"button[lang='{language}']").click()
        expect(root).to_have_attribute("dir", direction)
        expect(root).to_have_attribute("lang", language)
        omar.until(
            lambda chosen={"language": language}: chosen in [one["args"] for one in said(omar, "command")], "kept"
        )
        omar.open("/settings")
        expect(root).to_have_attribute("dir", direction)


def test_a_language_chosen_offline_stays_after_a_cold_start_and_is_told(new_device: NewDevice) -> None:
    samira = new_device("samira").open("/settings").worker()
    root = samira.page.locator("html")
    for language in ("sv", "ar"):
        samira.page.locator(f"button[lang='{language}']").click()
        expect(root).to_have_attribute("lang", language)
    samira.until(lambda: languages(samira) == ["sv", "ar"], "both are told")
    samira.until(lambda: any("/ar-" in path for path in samira.kept()), "Arabic is kept for times without a network")
    samira.offline().page.locator("button[lang='sv']").click()
    expect(root).to_have_attribute("lang", "sv")
    samira.again().sees("Hi {name}", name="Samira")
    expect(samira.page.locator("html")).to_have_attribute("lang", "sv")
    samira.offline(False).until(lambda: languages(samira)[2:] == ["sv"], "it is told")
    samira.go("/settings").page.locator("button[lang='ar']").click()
    samira.until(lambda: languages(samira)[3:] == ["ar"], "so is the next one")


def languages(device: Device) -> list[str]:
    """Those that were told to the server, in their order; what is said again after a reconnect counts once."""
    return list(
        {one["id"]: one["args"]["language"] for one in said(device, "command") if "language" in one["args"]}.values()
    )


def test_forgotten_device_is_emptied(new_device: NewDevice) -> None:
    lost = new_device("omar").open()
    lost.until(lambda: len(lost.rows()) > 0, "something is kept")
    kept = new_device("omar").open("/settings")
    kept.press("Forget it").press("Yes, forget it")
    lost.sees("This device has been forgotten")
    lost.until(lambda: lost.databases() == [], "nothing is kept")
    assert "Elsa" not in lost.words()


def test_signing_out_erases_everything_but_the_app_itself(new_device: NewDevice) -> None:
    omar = new_device("omar").open().worker()
    omar.until(lambda: len(omar.rows()) > 0, "something is kept")
    omar.go("/settings").press("Sign out")
    omar.page.locator("dialog").get_by_role("button", name=text("Sign out"), exact=True).click()
    omar.sees("Have you got an invitation?")
    omar.until(lambda: omar.databases() == [], "nothing is kept")
    omar.until(lambda: all("shell" in name for name in omar.caches()), "only the app itself is kept")
    # The device is emptied first; then the server is told, and ends the session.
    omar.until(lambda: not [one for one in omar.context.cookies() if one["name"].endswith("sid")], "the session ends")
    omar.open("/sharing").sees("Have you got an invitation?")


def test_a_code_typed_without_a_connection_is_not_called_wrong(new_device: NewDevice) -> None:
    nobody = new_device().open("/sign-in").worker().offline()
    nobody.write("The code from the letter or the text message", "K7M4P9XW3T").press("Continue")
    nobody.sees("You are offline. Try again when you have a connection.")
    expect(nobody.page.locator("[aria-invalid='true']")).to_have_count(0)
    nobody.offline(False)


def test_help_opens_signed_out_and_without_a_connection(new_device: NewDevice) -> None:
    somebody = new_device().open().worker().offline()
    somebody.open("/help")
    for number in ("112", "1177", "116111"):
        expect(somebody.page.locator(f"a[href='tel:{number}']").first).to_be_visible()
    somebody.offline(False)


def test_johan_changes_seat_and_the_two_never_mix(new_device: NewDevice) -> None:
    johan = new_device("johan", "staff").open()
    expect(johan.page.locator(".frame.staff")).to_be_visible()
    johan.go("/settings").page.locator("button.row", has_text=text("Guardian")).click()
    expect(johan.page.locator(".frame.family")).to_be_visible()
    johan.shows("Tuvas samordnare")
    assert "Isak" not in johan.words()


def test_a_lock_asks_for_what_it_was_set_with_and_for_nothing_else(new_device: NewDevice) -> None:
    omar = new_device("omar").open()
    passkeys(omar)
    omar.go("/settings").press("Use passkey").sees("The lock is on.")
    expect(omar.button("Change code")).to_have_count(0)
    omar.press("Lock now").sees("Samled is locked")
    expect(omar.by_text("Write your code")).to_have_count(0)
    omar.press("Open with passkey").sees("Lock for the app")
    lock(omar, "135790")
    omar.press("Lock now").sees("Write your code")
    expect(omar.button("Open with passkey")).to_have_count(0)
