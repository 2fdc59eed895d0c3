"""The oracle: who may see which document, worked out a second time from model.md's table alone.

It reads the rows as plain JSON and knows nothing of scopes, features or grants. An entity it does not know is an
error: whoever adds one must say here, in one line, who sees it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from server.storage.engine import Tx

Row = dict[str, Any]
MARKS = frozenset({"term_unreached", "booking_unreached"})
"""Shown in the document of what they are about."""
NOT_SHOWN = frozenset({"relation", "post", "consultant_times", "lead", "admin", "import"}) | MARKS
"""Kept, and shown to nobody."""


class Oracle:
    """The rows of a database at an instant (`now` as instant text, `today` as the day in Sweden)."""

    def __init__(self, rows: Iterable[Row], now: str, today: str) -> None:
        self.now, self.today = now, today
        self.by: dict[str, list[Row]] = {}
        for row in rows:
            self.by.setdefault(row["entity"], []).append(row)

    def visible(self, seat: str, account: str) -> set[tuple[str, str]]:
        """{(entity, id)} of everything this seat may see."""
        found = {
            (e, r["id"])
            for e in ("notice", "settings", "device", "calendar")
            for r in self.all(e)
            if r["aggregate"] == account
        }
        for e in ("booking", "open_hour_place", "slot_wish", "contact_request", "team_case"):
            found |= {(e, r["id"]) for r in self.kept(e) if not r.get("child") and r["account"] == account}
        me = next((r for r in self.all("staff") if r["id"] == seat and not r.get("ended_at")), None)
        leads = next((r["area"] for r in self.all("lead") if r["id"] == seat and not r.get("ended_at")), None)
        mine = {
            r["id"] for r in self.all("unit") if seat in r.get("admins", []) or (me and r["id"] == me["owner_unit"])
        }
        found |= {("unit", r["id"]) for r in self.all("unit") if seat in r.get("admins", [])}
        found |= {("staff", r["id"]) for r in self.all("staff") if r["owner_unit"] in mine and not r.get("ended_at")}
        found |= {("function_contact", r["id"]) for r in self.all("function_contact") if r["unit"] in mine}
        found |= {("task", r["id"]) for r in self.all("task") if r.get("unit") in mine}
        found |= {("newcomer", r["id"]) for r in self.all("newcomer") if r["unit"] in mine}
        if me is not None:
            found |= self.of_functions(me)
            found |= self.of_area(self.one("unit", me["owner_unit"])["area"], leads=False)
        if leads is not None:
            found |= self.of_area(leads, leads=True)
        for child in self.all("child"):
            found |= self.of_child(child, seat)
        return found | self.of_teams(seat) | self.of_leads(seat)

    def of_leads(self, seat: str) -> set[tuple[str, str]]:
        """Promises of the unit that were broken, as long as they are, by who leads it and was told of them."""
        led = {r["id"] for r in self.all("unit") if seat in r.get("leads", []) and self.works(seat)}
        shielded = {r["id"] for r in self.all("child") if r.get("protection")}
        return {
            ("contact_request", r["id"])
            for r in self.all("contact_request")
            if r["owner_unit"] in led and r.get("state", "open") == "open" and r.get("child") not in shielded
            and r.get("escalated_at") and seat in r.get("escalated_to", [])
        }  # fmt: skip

    def of_teams(self, seat: str) -> set[tuple[str, str]]:
        """Everybody in a team sees what is raised to it: of a child only that there is something, while the yes holds."""
        teams = {r["id"] for r in self.all("team") if seat in r["members"] and self.works(seat)}
        shielded = {r["id"] for r in self.all("child") if r.get("protection")}
        live = {r["id"] for r in self.all("consent") if self.is_live(r)}
        return {
            ("team_case", r["id"])
            for r in self.all("team_case")
            if r["team"] in teams and (not r.get("child") or (r["consent"] in live and r["child"] not in shielded))
        }

    def of_functions(self, me: Row) -> set[tuple[str, str]]:
        """What those who hold a function in the unit are asked."""
        unit, mine = me["owner_unit"], me.get("functions", [])
        asked = [r for r in self.all("contact_request") if not r.get("child") and r["owner_unit"] == unit]
        found = {("contact_request", r["id"]) for r in asked if r["function"] in mine}
        if "consultant" in mine:
            for e in ("booking", "open_hour_place"):
                found |= {(e, r["id"]) for r in self.kept(e) if r["owner_unit"] == self.unit_of_time(e, r, unit)}
        return found

    def unit_of_time(self, entity: str, row: Row, unit: str) -> str:
        """The unit whose consultants a booking or a place in line belongs to; `unit` when it is theirs."""
        time = self.one(*(("slot", row["slot"]) if entity == "booking" else ("open_hour", row["open_hour"])))
        return row["owner_unit"] if time["owner_unit"] == unit else ""

    def of_area(self, area: str, *, leads: bool) -> set[tuple[str, str]]:
        """What everybody sees who works in the area, and those who lead its work."""
        units = {r["id"] for r in self.all("unit") if r["area"] == area}
        found = {("area", area)} | {("unit", id) for id in units}
        found |= {("slot", r["id"]) for r in self.all("slot") if r["owner_unit"] in units and not r.get("tidied")}
        found |= {
            ("open_hour", r["id"])
            for r in self.all("open_hour")
            if r["owner_unit"] in units and r.get("state", "open") == "open"
        }
        found |= {("function_contact", r["id"]) for r in self.all("function_contact") if r["unit"] in units}
        found |= {("team", r["id"]) for r in self.all("team") if r["area"] == area}
        found |= {
            ("term_meeting", r["id"])
            for r in self.all("term_meeting")
            if r["area"] == area and (leads or r.get("planned_on"))
        }
        if leads:
            found |= {("area_figures", r["id"]) for r in self.all("area_figures") if r["area"] == area}
            found |= {("task", r["id"]) for r in self.all("task") if r.get("area") == area}
            found |= {
                ("contact_tally", r["contact"])
                for r in self.all("contact_tally")
                if r["unit"] in units and r.get("weeks")
            }
        return found

    def of_child(self, child: Row, seat: str) -> set[tuple[str, str]]:
        """What this seat sees of one child, in whichever capacity it stands around it."""
        rows = {e: [r for r in kept if r["aggregate"] == child["id"]] for e, kept in self.by.items()}
        everything = {(e, r["id"]) for e, kept in rows.items() if e not in NOT_SHOWN for r in kept}
        baton = rows["coordinator"][0]
        leads = set() if baton.get("seat") else set(self.one("unit", child["owner_unit"]).get("leads", []))
        holders = {s for s in (baton.get("seat"), baton.get("deputy")) if s} | leads
        shield = child.get("protection")
        inside = holders | {shield["set_by"], *shield["circle"]} if shield else None
        if inside is not None and seat not in inside:
            return set()
        own_unit = self.works(seat) == child["owner_unit"]
        if own_unit and (seat in holders or inside is not None):
            return {(e, id) for e, id in everything if e != "access_entry"}
        of_age = child["turns_18_on"] <= self.today
        family = [
            r for r in rows.get("relation", []) if not r.get("ended_at") and not (of_age and r["kind"] == "guardian")
        ]
        me = next((r for r in family if r.get("seat") == seat and r.get("account")), None)
        if me is not None:
            return {("coordinator", baton["id"])} if me["kind"] == "supporter" else self.of_family(rows, me)
        return set() if inside is not None else self.of_consented(rows, seat)

    def of_family(self, rows: dict[str, list[Row]], me: Row) -> set[tuple[str, str]]:
        young, id = me["kind"] == "young_person", me["id"]
        invited = {m["id"] for m in rows.get("meeting", []) if m.get("invited_on") and id in m.get("invited", [])}
        sees = {
            "child": lambda r: True,
            "coordinator": lambda r: True,
            "access_entry": lambda r: True,
            "contact_request": lambda r: r["asker"] == id,
            "message": lambda r: r["thread"] == id,
            "meeting": lambda r: r["id"] in invited,
            "consent": lambda r: id in r["required_parties"] or (young and r["child"] in r["required_parties"]),
            "voice": lambda r: (
                r["relation"] == id if young else id in r.get("seen_by_guardians", []) and r["meeting"] in invited
            ),
            "waiting": lambda r: not young or r.get("for_young"),
            "support_measure": lambda r: not young or r.get("for_young"),
        }
        return {(e, r["id"]) for e, may in sees.items() for r in rows.get(e, []) if may(r)}

    def of_consented(self, rows: dict[str, list[Row]], seat: str) -> set[tuple[str, str]]:
        """Staff of another unit: what a complete, live consent covers, while they have a seat around the child."""
        posts = [p for p in rows.get("post", []) if not p.get("ended_at")]
        mine = next((p for p in posts if p["seat"] == seat and self.works(seat) == p["unit"]), None)
        found: set[tuple[str, str]] = set()
        live = [k for k in rows.get("consent", []) if mine and mine["unit"] in k["to_units"] and self.is_live(k)]
        if mine is None or not live:
            return found
        kinds = {kind for k in live for kind in k["information_kinds"] if kind not in k.get("excludes", [])}
        found |= {("consent", k["id"]) for k in live} | {
            (e, r["id"]) for e in ("child", "coordinator") for r in rows[e]
        }
        room = {rows["coordinator"][0].get("seat"), rows["coordinator"][0].get("deputy")}
        colleagues = {p["seat"] for p in posts if p["unit"] == mine["unit"]} - room
        coming = {
            m["id"] for m in rows.get("meeting", []) if m.get("invited_on") and colleagues & set(m.get("staff", []))
        }
        named = {k["id"] for k in live}
        found |= {("team_case", r["id"]) for r in rows.get("team_case", []) if r["consent"] in named and mine["unit"] in r["units"]}  # fmt: skip
        if "meeting" in kinds:
            found |= {("meeting", id) for id in coming if self.may_come(rows, id, colleagues)}
        if "voice" in kinds:
            found |= {
                ("voice", r["id"])
                for r in rows.get("voice", [])
                if mine["unit"] in r.get("seen_by_units", []) and r["meeting"] in coming
                and self.may_come(rows, r["meeting"], colleagues, still="meeting" in kinds)
            }  # fmt: skip
        if "waiting" in kinds:
            found |= {("waiting", r["id"]) for r in rows.get("waiting", [])}
        if kinds & {"waiting", "measure"}:
            found |= {("support_measure", r["id"]) for r in rows.get("support_measure", [])}
        return found

    def may_come(self, rows: dict[str, list[Row]], meeting: str, colleagues: set[str], still: bool = True) -> bool:
        """True while one of the unit's people is invited and still works there."""
        row = next(m for m in rows["meeting"] if m["id"] == meeting)
        return any(seat in row.get("staff", []) and self.works(seat) for seat in colleagues)

    def is_live(self, consent: Row) -> bool:
        return (
            consent.get("state") == "complete"
            and not consent.get("without_name")
            and consent["valid_from"] <= self.today <= consent["valid_until"]
        )

    def works(self, seat: str) -> str | None:
        """The unit in which this seat's person works now."""
        return next((r["owner_unit"] for r in self.all("staff") if r["id"] == seat and not r.get("ended_at")), None)

    def kept(self, entity: str) -> list[Row]:
        """Its rows, without bookings of slots that are tidied away."""
        gone = {r["id"] for r in self.all("slot") if r.get("tidied")}
        return [r for r in self.all(entity) if r.get("slot") not in gone]

    def all(self, entity: str) -> list[Row]:
        return self.by.get(entity, [])

    def one(self, entity: str, id: str) -> Row:
        return next(r for r in self.all(entity) if r["id"] == id)


KNOWN = frozenset(
    [
        "child",
        "coordinator",
        "contact_request",
        "message",
        "meeting",
        "voice",
        "consent",
        "waiting",
        "support_measure",
        "access_entry",
        "protection",
        "slot",
        "booking",
        "slot_wish",
        "team",
        "team_case",
        "open_hour",
        "open_hour_place",
        "unit",
        "staff",
        "function_contact",
        "contact_tally",
        "task",
        "area",
        "area_figures",
        "term_meeting",
        "newcomer",
        "notice",
        "settings",
        "calendar",
        "unreached",
        "help_contact",
        "help_link",
        "device",
    ]
)
"""Every entity the oracle has an opinion on."""


async def rows_of(tx: Tx) -> list[Row]:
    """All rows as plain JSON, with their entity and aggregate."""
    return [
        {**json.loads(body), "entity": entity, "aggregate": aggregate, "id": id, "owner_unit": owner}
        for id, entity, aggregate, owner, body in await tx.fetch(
            "SELECT id, entity, aggregate_id, owner_unit, body FROM record ORDER BY id"
        )
    ]
