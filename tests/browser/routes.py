"""Every page of every role by its address in the app's lists, with documents that are there in the demonstration."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tests.browser.house import Others

Doc = dict[str, Any]


class Seen:
    """What a persona sees, each entity asked for once."""

    def __init__(self, others: Others, persona: str) -> None:
        self.others, self.persona = others, persona
        self._found: dict[str, list[Doc]] = {}

    def all(self, entity: str) -> list[Doc]:
        if entity not in self._found:
            self._found[entity] = self.others.documents(self.persona, entity)
        return self._found[entity]

    def whole_child(self) -> Doc:
        """The child here around whom most goes on."""
        held = [one for one in self.all("child") if one.get("people") and one["state"] == "open"]
        return max(held, key=lambda child: sum(len(self.of(kind, child)) for kind in AROUND))

    def of(self, entity: str, child: Doc) -> list[Doc]:
        return [one for one in self.all(entity) if one.get("child") == child["id"]]


AROUND = ("meeting", "waiting", "consent", "support_measure", "message")
Fill = Callable[[Seen, str], list[str]]
Pages = Mapping[str, Fill]
"""{path in the app's list: the addresses it stands for}"""


def itself(_: Seen, path: str) -> list[str]:
    return [path]


def each(entity: str, *, most: int = 3, **says: Any) -> Fill:
    """One document of each state, of those that say this."""

    def fill(seen: Seen, path: str) -> list[str]:
        docs = [one for one in seen.all(entity) if all(one.get(key) == value for key, value in says.items())]
        return [path.replace(":id", one["id"]) for one in each_state(docs)[:most]]

    return fill


def child(seen: Seen, path: str) -> list[str]:
    found = seen.whole_child()
    person = next(one for one in found["people"] if one["kind"] == "guardian")["relation"]
    return [path.replace(":id", found["id"]).replace(":relation", person)]


def of_child(entity: str, *, most: int = 9) -> Fill:
    def fill(seen: Seen, path: str) -> list[str]:
        found = each_state(seen.of(entity, seen.whole_child()))
        return [path.replace(":id", one["id"]) for one in found[:most]]

    return fill


def raised(seen: Seen, path: str) -> list[str]:
    return [path, f"{path}?child={seen.whole_child()['id']}"]


def own_contact(seen: Seen, path: str) -> list[str]:
    """Of a unit whose people are seen here: one may edit it."""
    units = {one["unit"] for one in seen.all("staff")}
    return [path.replace(":id", one["id"]) for one in seen.all("function_contact") if one["unit"] in units][:1]


def own_unit(seen: Seen, path: str) -> list[str]:
    """Of the unit with most people; one of them for `:person`."""
    people = sorted(seen.all("staff"), key=lambda one: (str(one["unit"]), str(one["id"])))
    return [path.replace(":id", people[-1]["unit"]).replace(":person", people[-1]["id"])]


def asked(seen: Seen, path: str) -> list[str]:
    """What one has asked another unit oneself."""
    own = [one for one in seen.all("contact_request") if not one.get("child") and not one.get("asked_by")]
    return [path.replace(":id", one["id"]) for one in own[:1]]


def told(seen: Seen, path: str) -> list[str]:
    """What one has been asked, in each state."""
    found = [one for one in seen.all("contact_request") if one.get("child") or one.get("asked_by")]
    return [path.replace(":id", one["id"]) for one in each_state(found)]


def lead_of_area(seen: Seen, path: str) -> list[str]:
    area = next(one["area"] for one in seen.all("unit") if one["name"].startswith("Lillåns"))
    return [path.replace(":area", area).replace(":person", seen.others.seat("lena"))]


def _pages(paths: str, fill: Fill = itself) -> dict[str, Fill]:
    return dict.fromkeys(paths.split(), fill)


SHARED = _pages("/settings /settings/reminders /outbox /help /install /no-such-page")
OPEN = ("/", "/help", "/demo", "/invitation")
HOME = _pages("/ /coordinator /coordinator/call /coordinator/messages /meetings /waiting /sharing /sharing/seen")
FAMILY: Pages = {
    **HOME,
    "/meetings/:id": each("meeting"),
    "/waiting/:id": each("waiting"),
    "/sharing/:id": each("consent"),
    **SHARED,
}
YOUTH: Pages = {
    **HOME,
    "/meetings/:id": each("meeting"),
    **_pages("/meetings/:id/join /prepare/:id /words/:id", each("meeting", most=1, state="invited")),
    **_pages("/words /who-sees"),
    **SHARED,
}
YOUTH_WAITING: Pages = {"/waiting/:id": each("waiting"), "/sharing/:id": each("consent")}
"""Of somebody for whom more is on its way than for the first."""
STAFF: Pages = {
    **_pages(
        "/ /notices /children /children/new /advice /wishes /open-hours /team /contacts /terms /tasks /away /more"
    ),
    "/requests/:id": told,
    **_pages(
        "/children/:id /children/:id/invite /children/:id/people /children/:id/protect /children/:id/close", child
    ),
    **_pages("/children/:id/meeting /children/:id/waiting /children/:id/measure /children/:id/consent", child),
    **_pages("/children/:id/spoken /children/:id/family/:relation /children/:id/thread/:relation", child),
    "/meetings/:id": of_child("meeting"),
    **_pages("/meetings/:id/move /meetings/:id/people /meetings/:id/hold", of_child("meeting", most=1)),
    "/m/:id": each("message", most=1),
    "/voices/:id": each("voice", most=1),
    "/consents/:id": each("consent"),
    "/waiting/:id": each("waiting"),
    "/measures/:id": each("support_measure"),
    "/bookings/:id": each("booking"),
    "/open-hours/:id": each("open_hour", most=1),
    "/in-line/:id": each("open_hour_place", most=1),
    "/wishes/:id": each("slot_wish", most=1),
    "/team/raise": raised,
    "/team/cases/:id": each("team_case"),
    "/terms/:id": each("term_meeting"),
    "/tasks/:id": each("task", most=1),
    "/contacts/:id": each("unit", most=1),
    "/contacts/:id/new": own_unit,
    "/functions/:id": each("function_contact", most=1),
    "/functions/:id/ask": each("function_contact", most=1, function="consultant"),
    "/functions/:id/edit": own_contact,
    "/asked/:id": asked,
    **SHARED,
}
CONSULTANT: Pages = {
    **_pages("/ /slots /slots/ill /advice /open-hours /open-hours/new"),
    "/requests/:id": told,
    "/bookings/:id": each("booking"),
    "/open-hours/:id": each("open_hour", most=1),
}
LEADER: Pages = {
    **_pages("/ /notices /area /terms /terms/new /terms/dates /team /team/new /tasks /contacts /more /settings"),
    "/terms/:id": each("term_meeting"),
    **_pages("/terms/:id/plan /terms/:id/move", each("term_meeting", most=1, state="planned")),
    "/terms/:id/minutes": each("term_meeting", most=1, state="held"),
    "/team/:id/change": each("team", most=1),
    "/tasks/:id": each("task", most=1),
}
ADMIN: Pages = {
    **_pages("/ /people /people/leaders /people/invite /import /more"),
    "/people/leaders/:area/:person": lead_of_area,
    "/contacts/:id": own_unit,
    **_pages("/contacts/:id/new /contacts/:id/people /contacts/:id/people/:person /contacts/:id/invite", own_unit),
    "/functions/:id/edit": own_contact,
    "/newcomers/:id": each("newcomer", most=1),
}


BY_ROLE: Mapping[str, Sequence[Pages]] = {
    "family": [FAMILY],
    "youth": [YOUTH, YOUTH_WAITING],
    "staff": [STAFF, CONSULTANT, LEADER, ADMIN],
}
"""Under the folder the role's list is in; professionals share one."""
UNSEEN: Mapping[str, str] = {}
"""{"role path": why nobody looks at it here}"""


def prepare(others: Others) -> None:
    """Does what nobody in the demonstration has just done: asks, waits, stands in line, and invites."""
    unit = next(one["id"] for one in others.documents("per", "unit") if one["name"].startswith("Lillåns"))
    others.send("per", "staff.invite", unit=unit, name_shown="Ylva Ek", title="Skolkurator", leads=True)
    hour = others.documents("maria", "open_hour")[0]
    others.send("maria", "open_hour.join", open_hour=hour["id"], topic=hour["topics"][0], age_band="13-15")
    contact = next(one for one in others.documents("maria", "function_contact") if one["function"] == "consultant")
    others.send(
        "maria",
        "contact.request",
        unit=contact["unit"],
        function="consultant",
        reason="advice",
        text="Hur kan vi tänka?",
    )
    others.send("maria", "slot.wish", topic="eating", age_band="13-15")


def addresses(pages: Pages, others: Others, persona: str) -> list[str]:
    """Every address of these pages. Raises: `AssertionError` when a persona has nothing to show one of them with."""
    seen = Seen(others, persona)
    found = {path: fill(seen, path) for path, fill in pages.items()}
    assert all(found.values()), f"{persona} has nothing for {[path for path, filled in found.items() if not filled]}"
    return [one for filled in found.values() for one in filled]


def each_state(docs: Sequence[Doc]) -> list[Doc]:
    return list({one.get("state"): one for one in sorted(docs, key=lambda one: str(one["id"]))}.values())
