"""A round of everything people write: each command that takes words, by somebody who may give it, around Elsa and Noor."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.browser.free_text import Writer
from tests.browser.house import Others

HERE = ZoneInfo("Europe/Stockholm")
AHEAD = timedelta(minutes=10)
"""How long after the writing has begun what is to be over begins."""
PHONE_NUMBER = "+46313900601"


class Rounds:
    """Go `round` after round; when the server's clock has been put on by more than `AHEAD`, `end`.

    `most` fills the lists, so that every kind of program that is short enough comes to stand in them.
    """

    def __init__(self, others: Others, writer: Writer, rounds: int, *, most: bool = False) -> None:
        self.count, self._others, self._send = rounds, others, writer.send
        self._items, self._decisions = (5, 20) if most else (1, 1)
        elsa = others.documents("anna", "child")[0]["id"]
        people = next(one for one in others.documents("maria", "child") if one["id"] == elsa)["people"]
        guardians = {one["name"]: one["relation"] for one in people if one["kind"] == "guardian"}
        self.elsa, self._anna, self._omar = elsa, guardians["Anna"], guardians["Omar"]
        self._maria, self._jonas = others.seat("maria"), others.seat("jonas")
        self._school = next(one for one in others.documents("per", "unit") if one["name"].startswith("Lillåns"))["id"]
        self._clinic = next(one["unit"] for one in others.documents("jonas", "staff") if one["id"] == self._jonas)
        self._noor = others.documents("noor", "child")[0]["id"]
        self._young = next(
            one["relation"]
            for child in others.documents("maria", "child")
            for one in child.get("people", ())
            if child["id"] == self._noor and one["kind"] == "young_person"
        )
        self._now = datetime.now(HERE)
        self._soon = f"{self._now + AHEAD:%Y-%m-%dT%H:%M}"
        self._contacts = sorted({one["function"] for one in others.documents("maria", "function_contact")})
        self._over = [self._to_be_over() for _ in range(rounds)]

    def round(self, number: int) -> None:
        """Everything once more."""
        for last in ("child.close", "protect.set", "child.rename"):
            self._child(last)
        self._family()
        self._sharing(self.elsa)
        self._meetings(number)
        self._advice(number)
        self.wish()
        self._area(number)

    def all(self, messages: int, names: int) -> Mapping[str, list[str]]:
        """So many messages and children's names; {who reads them: where}."""
        for _ in range(messages):
            self._send("anna", "message.send", child=self.elsa)
        for _ in range(names):
            self._open_child()
        thread = f"/children/{self.elsa}/thread/{self._anna}"
        return {"anna": ["/coordinator/messages"], "maria": [thread, "/children"]}

    def wish(self) -> str:
        """Waits for a time for advice instead of what was waited for before; the address of that page."""
        for before in self._others.documents("maria", "slot_wish"):
            if before.get("mine", True):
                self._send("maria", "slot.unwish", slot_wish=before["id"])
        made = self._send("maria", "slot.wish", age_band="13-15", topic="eating")
        return f"/wishes/{made['slot_wish']}"

    def end(self) -> None:
        """What came of the meetings that are over now."""
        decision = {"who_unit": self._clinic, "by_on": self._on(9)}
        for meeting, again, term in self._over:
            self._send("maria", "meeting.hold", meeting=meeting, decisions=[decision] * self._decisions)
            self._send("maria", "meeting.hold", meeting=again)
            self._send("maria", "meeting.amend", meeting=again, decisions=[decision])
            self._send("lena", "term.minutes", term_meeting=term, action_points=[{}] * self._decisions)

    def _on(self, days: int) -> str:
        return (self._now.date() + timedelta(days=days)).isoformat()

    def _at(self, days: int) -> str:
        return f"{self._on(days)}T10:00"

    def _to_be_over(self) -> tuple[str, str, str]:
        meeting, again = (self._propose(self.elsa, self._anna, self._soon) for _ in range(2))
        return meeting, again, self._plan_term(self._soon)

    def _propose(self, child: str, invited: str, starts_local: str, *more: str) -> str:
        made = self._send(
            "maria", "meeting.propose", child=child, kind="network", invited=[invited], staff=[self._maria, *more],
            agenda=[{}] * self._items, starts_local=starts_local, invite=True,
        )  # fmt: skip
        return str(made["meeting"])

    def _plan_term(self, starts_local: str) -> str:
        made = self._send(
            "lena", "term.plan", term=f"HT {self._now.year + 1}", starts_local=starts_local,
            required_functions=["counsellor"], agenda=[{}] * self._items,
        )  # fmt: skip
        return str(made["term_meeting"])

    def _child(self, last: str) -> None:
        """A child of its own, to whom many are invited."""
        new = self._open_child()
        for kind in ("guardian", "young", "supporter"):
            self._send("maria", f"{kind}.invite", child=new)
        self._send("maria", last, child=new)

    def _open_child(self) -> str:
        turns_18_on = self._now.date().replace(year=self._now.year + 3, day=1).isoformat()
        return str(self._send("maria", "child.open", turns_18_on=turns_18_on, person=self._maria)["child"])

    def _family(self) -> None:
        elsa, day = self.elsa, self._on(30)
        asked = self._send("anna", "contact.request", child=elsa, reason="question")
        self._send("maria", "contact.answer", contact_request=asked["contact_request"], outcome="talked")
        self._send("anna", "message.send", child=elsa)
        self._send("maria", "measure.offer", child=elsa, starts_on=day, follow_up_on=day)
        begun: dict[str, Any] = {"start_on": self._on(0), "start_basis": "manual", "next_check_in_on": day}
        for what in ("first_visit", "assessment"):
            wait = self._send("maria", "waiting.open", child=elsa, what=what, **begun)["waiting"]
        self._send("maria", "waiting.check_in", waiting=wait, next_check_in_on=day)

    def _sharing(self, child: str) -> None:
        terms = {"child": child, "information_kinds": ["child"], "to_units": [self._clinic]}
        gone = {"kind": "prevented", "date": self._on(0)}
        self._send(
            "maria", "consent.record", **terms, purpose="team", answers={self._anna: "yes"}, form="oral",
            exception={**gone, "party": self._omar},
        )  # fmt: skip
        asked = self._send("maria", "consent.ask", **terms, purpose="sip")
        self._send("maria", "consent.except", consent=asked["consent"], **gone, party=self._anna)

    def _meetings(self, number: int) -> None:
        made = self._propose(self.elsa, self._anna, self._at(20 + number), self._jonas)
        self._send("jonas", "meeting.respond", meeting=made, answer="substitute")
        self._send("anna", "meeting.ask_new_time", meeting=made)
        moved = self._propose(self.elsa, self._anna, self._at(40 + number))
        self._send("maria", "meeting.move", meeting=moved, starts_local=self._at(41 + number))
        talk = self._propose(self._noor, self._young, self._at(20 + number))
        self._send("noor", "voice.release", meeting=talk, take_part="video", to="coordinator", say={})

    def _advice(self, number: int) -> None:
        about = {"age_band": "13-15", "topic": "sleep"}
        self._send("maria", "contact.request", unit=self._clinic, function="consultant", reason="advice")
        self._send("per", "directory.edit", unit=self._school,
                   function=self._contacts[number % len(self._contacts)], deputy={})  # fmt: skip
        day, quarter = divmod(number, 8)
        hour = self._send(
            "jonas", "open_hour.open", weekday=day % 5 + 1, at=f"{17 + quarter // 4}:{quarter % 4 * 15:02}",
            minutes=15, mode="phone", topics=["sleep"], phone=PHONE_NUMBER,
        )["open_hour"]  # fmt: skip
        self._send("maria", "open_hour.join", open_hour=hour, **about)
        times = [{"starts_local": self._at(23 + number), "minutes": 30}]
        (slot,) = self._send(
            "jonas", "slot.publish", times=times, mode="phone", topics=["sleep"], phone=PHONE_NUMBER
        )["slots"]  # fmt: skip
        self._send("maria", "slot.book", slot=slot, **about)

    def _area(self, number: int) -> None:
        self._send("per", "process_lead.invite", unit=self._school)
        self._send("per", "staff.invite", unit=self._school)
        self._send("maria", "task.add")
        for last in (None, "team.change"):
            team = self._send(
                "lena", "team.form", members=[self._maria], leaders=[self._jonas], first_on=self._on(30), at="13:00"
            )["team"]  # fmt: skip
            if last:
                self._send("lena", last, team=team)
        self._send("maria", "team.raise", team=team, basis="without_name", age_band="10-12")
        self._plan_term(self._at(60 + number))
        moved = self._plan_term(self._at(61 + number))
        self._send("lena", "term.move", term_meeting=moved, starts_local=self._at(90 + number))
        self._send("maria", "term.respond", term_meeting=moved, answer="substitute")
