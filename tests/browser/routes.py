"""Every page of every role, with documents that are there in the demonstration."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.browser.house import Others

SHARED = ("/settings", "/settings/reminders", "/outbox", "/help", "/install", "/no-such-page")
OPEN = ("/", "/help", "/demo", "/invitation")
Doc = dict[str, Any]


def of_family(others: Others, persona: str) -> list[str]:
    """A guardian's pages."""
    ids = _Ids(others, persona)
    return [
        "/",
        "/coordinator",
        "/coordinator/call",
        "/coordinator/messages",
        "/meetings",
        *ids.pages("meeting", "/meetings/{}"),
        "/waiting",
        *ids.pages("waiting", "/waiting/{}"),
        "/sharing",
        "/sharing/seen",
        *ids.pages("consent", "/sharing/{}"),
        *SHARED,
    ]


def of_youth(others: Others, persona: str) -> list[str]:
    """A young person's pages."""
    ids = _Ids(others, persona)
    planned = [one for one in others.documents(persona, "meeting") if one["state"] == "invited"][:1]
    own = [path.format(one["id"]) for one in planned for path in ("/meetings/{}/join", "/prepare/{}", "/words/{}")]
    return [
        "/",
        "/coordinator",
        "/coordinator/call",
        "/coordinator/messages",
        "/meetings",
        *ids.pages("meeting", "/meetings/{}"),
        *own,
        "/words",
        "/who-sees",
        "/waiting",
        "/sharing",
        "/sharing/seen",
        *SHARED,
    ]


def of_staff(others: Others, persona: str) -> list[str]:
    """A professional's pages."""
    ids = _Ids(others, persona)
    held = [one for one in others.documents(persona, "child") if one.get("people") and one["state"] == "open"]
    whole = max(held, key=lambda child: _weight(others, persona, child["id"]))
    person = next(one for one in whole["people"] if one["kind"] == "guardian")["relation"]
    child = f"/children/{whole['id']}"
    meetings = [one for one in others.documents(persona, "meeting") if one["child"] == whole["id"]]
    return [
        "/",
        "/notices",
        *ids.pages("contact_request", "/requests/{}"),
        "/children",
        "/children/new",
        child,
        *(f"{child}/{page}" for page in ("invite", "people", "protect", "close", "meeting", "waiting", "measure")),
        *(f"{child}/{page}" for page in ("consent", "spoken")),
        f"{child}/family/{person}",
        f"{child}/thread/{person}",
        *(f"/meetings/{one['id']}" for one in _each_state(meetings)),
        *(f"/meetings/{one['id']}/{page}" for one in _each_state(meetings)[:1] for page in ("move", "people", "hold")),
        *ids.pages("consent", "/consents/{}"),
        *ids.pages("waiting", "/waiting/{}"),
        *ids.pages("support_measure", "/measures/{}"),
        "/advice",
        *ids.pages("booking", "/bookings/{}"),
        "/team",
        "/team/raise",
        f"/team/raise?child={whole['id']}",
        *ids.pages("team_case", "/team/cases/{}"),
        "/contacts",
        *ids.pages("unit", "/contacts/{}", most=1),
        "/away",
        "/more",
        *SHARED,
    ]


def of_leader(others: Others, persona: str) -> list[str]:
    """Pages of somebody who leads the work and sees no child."""
    return ["/", "/notices", "/contacts", "/more", "/settings"]


class _Ids:
    """Pages of single documents, one for each state."""

    def __init__(self, others: Others, persona: str) -> None:
        self._others, self._persona = others, persona

    def pages(self, entity: str, path: str, most: int = 3) -> list[str]:
        found = _each_state(self._others.documents(self._persona, entity))
        return [path.format(one["id"]) for one in found[:most]]


def _each_state(docs: Sequence[Doc]) -> list[Doc]:
    return list({one.get("state"): one for one in sorted(docs, key=lambda one: str(one["id"]))}.values())


def _weight(others: Others, persona: str, child: str) -> int:
    kinds = ("meeting", "waiting", "consent", "support_measure", "message")
    return sum(one.get("child") == child for kind in kinds for one in others.documents(persona, kind))
