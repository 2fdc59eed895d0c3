"""A family made for one test: a child that Maria opened, and guardians who have joined by a code."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from tests.browser.conftest import NewDevice
from tests.browser.device import Device
from tests.browser.house import Others

HERE = ZoneInfo("Europe/Stockholm")
BY = "maria"


@dataclass
class Family:
    """The child's id, and each guardian's relation by name."""

    others: Others
    child: str
    name: str
    relations: dict[str, str] = field(default_factory=dict)

    def send(self, command: str, by: str = BY, **args: Any) -> dict[str, Any]:
        """A command about this child; what came of it."""
        return self.others.send(by, command, **args).get("result") or {}

    def documents(self, entity: str, persona: str = BY) -> list[dict[str, Any]]:
        """What a persona sees of this child."""
        return [one for one in self.others.documents(persona, entity) if one.get("child") == self.child]

    def joins(self, new_device: NewDevice, name: str, **options: Any) -> Device:
        """A guardian who has typed the code of their invitation on a phone."""
        made = self.send("guardian.invite", child=self.child, name_shown=name)
        self.relations[name] = made["relation"]
        device = new_device(**options).open()
        device.write("The code from the letter or the text message", made["code"]).press("Continue")
        return device.sees("Hi {name}", name=name)


def family(others: Others, name: str, *, age: int = 10, deputy: str | None = "johan") -> Family:
    """A child that has just been opened, with nobody of the family in it."""
    today = datetime.now(HERE).date()
    opened = others.send(
        BY,
        "child.open",
        display_name=name,
        turns_18_on=today.replace(day=1, year=today.year + 18 - age).isoformat(),
        person=others.seat(BY),
        **({"deputy": others.seat(deputy)} if deputy else {}),
    )
    return Family(others, opened["result"]["child"], name)


def known(others: Others, name: str, by: str = BY) -> Family:
    """A family of the demonstration."""
    child = next(one for one in others.documents(by, "child") if one["display_name"] == name)
    return Family(others, child["id"], name, {one["name"]: one["relation"] for one in child["people"]})


def passkeys(device: Device) -> None:
    """Gives the browser a phone's own lock, which says yes by itself."""
    authenticator = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True, "hasPrf": True,
    }  # fmt: skip
    cdp = device.context.new_cdp_session(device.page)
    cdp.send("WebAuthn.enable")
    cdp.send("WebAuthn.addVirtualAuthenticator", {"options": authenticator})


def lock(device: Device, code: str) -> None:
    """Sets a code for the app, so that a professional's copy is kept on the disk."""
    device.go("/settings").press("Choose a code")
    for _ in range(2):
        for digit in code:
            device.page.locator("dialog").get_by_role("button", name=digit, exact=True).click()
    device.sees("The lock is on.")
