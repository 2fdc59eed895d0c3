"""What is tried by everybody, and who may: the matrix as data, written from model.md and rules.md, not from the code.

A case is a command with arguments that are right for somebody. `ok` may; `not_allowed` see the thing and may not;
`assurance_required` may, once their session has proved more; `other` meet the state first. Everybody else hears
`not_found`, exactly as if it did not exist. In arguments `$x` stands for `Scene.name("x")`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.push_keys import KEYS

SEATS = (
    "anna", "anna/code", "omar", "samira", "erik", "noor", "noor/code", "stina", "petra", "gun",
    "maria", "maria/code", "johan", "elin", "birgitta", "jonas", "sara", "nils", "lena", "per",
)  # fmt: skip
"""Guardians of Elsa; of another child; one whose link has ended; the young person; a supporter; guardians of a protected
child outside and inside its circle; coordinator, deputy, colleague, head; consented staff, their colleague; staff elsewhere,
process lead, admin."""

STAFF = "maria maria/code johan elin birgitta jonas sara nils"
SCHOOL = "maria maria/code johan elin birgitta"
EVERYBODY = " ".join(SEATS)


@dataclass(frozen=True)
class Case:
    command: str
    args: Mapping[str, Any]
    ok: str
    not_allowed: str = ""
    assurance_required: str = ""
    other: Mapping[str, str] = field(default_factory=dict)
    """{code: who}"""

    def expected(self) -> dict[str, str]:
        """{who: `ok` or the code}, for every seat."""
        found = dict.fromkeys(SEATS, "not_found")
        for code, who in {
            "ok": self.ok,
            "not_allowed": self.not_allowed,
            "assurance_required": self.assurance_required,
            **self.other,
        }.items():
            for one in who.split():
                assert found[one] == "not_found", f"{self.command}: {one} is listed twice"
                found[one] = code
        return found


BATON = "maria johan"


def by_baton(command: str, args: Mapping[str, Any], *, code: bool = False, child: str = "elsa") -> Case:
    """By coordinator and deputy; everybody else who sees it hears `not_allowed`."""
    seen = {"elsa": "anna anna/code omar jonas", "noor": "noor noor/code jonas"}[child]
    return Case(
        command,
        args,
        ok=BATON + (" maria/code" if code else ""),
        not_allowed=seen,
        assurance_required="" if code else "maria/code",
    )


LATER = "2026-11-20"
WHEN = "2026-11-20T14:00"
TERMS = {"purpose": "team", "information_kinds": ["child"], "to_units": ["$clinic"]}

CASES: dict[str, Case] = {
    # the child and who stands around
    "open a child": Case(
        "child.open",
        {"display_name": "Ny", "turns_18_on": "2035-01-01"},
        ok="maria johan elin birgitta jonas sara nils",
        assurance_required="maria/code",
    ),
    "close": by_baton("child.close", {"child": "$elsa", "last_word": "Tack"}),
    "rename": Case(
        "child.rename", {"child": "$elsa", "display_name": "E"}, ok="anna anna/code omar maria maria/code johan",
        not_allowed="jonas",
    ),
    "invite a guardian": by_baton("guardian.invite", {"child": "$elsa", "name_shown": "Ny"}),
    "verify a guardian": by_baton("guardian.verify", {"child": "$elsa", "relation": "$rel.anna"}),
    "end a guardian": by_baton("guardian.end", {"child": "$elsa", "relation": "$rel.omar"}),
    "invite the young person": Case(
        "young.invite", {"child": "$noor.child", "name_shown": "N"}, ok="", not_allowed="noor noor/code jonas",
        assurance_required="maria/code", other={"conflict": BATON},
    ),
    "invite a supporter": Case(
        "supporter.invite", {"child": "$elsa", "name_shown": "Ny"}, ok="anna omar maria johan", not_allowed="jonas",
        assurance_required="anna/code maria/code",
    ),
    "end a supporter": Case(
        "supporter.end", {"child": "$elsa", "relation": "$rel.stina"}, ok="anna omar maria johan", not_allowed="jonas",
        assurance_required="anna/code maria/code",
    ),
    "name a deputy": by_baton("coordinator.deputy", {"child": "$elsa", "person": "$seat.elin"}),
    "give a seat": by_baton("seat.assign", {"child": "$elsa", "person": "$seat.sara"}),
    "end a seat": by_baton("seat.end", {"child": "$elsa", "person": "$seat.jonas"}),
    "be away": Case(
        "coordinator.away", {"until": LATER}, ok=STAFF,
    ),
    # consent
    "ask for consent": by_baton("consent.ask", {"child": "$elsa", **TERMS}),
    "record a consent": by_baton(
        "consent.record", {"child": "$elsa", **TERMS, "answers": {"$rel.anna": "yes"}, "form": "oral"}
    ),
    "answer": Case(
        "consent.answer", {"consent": "$consent_asked", "answer": "yes"}, ok="anna omar", not_allowed="maria maria/code johan",
        assurance_required="anna/code",
    ),
    "withdraw": Case(
        "consent.withdraw", {"consent": "$consent"}, ok="anna omar maria johan", not_allowed="jonas",
        assurance_required="anna/code maria/code",
    ),
    "record an exception": Case(
        "consent.except",
        {"consent": "$consent_asked", "kind": "prevented", "party": "$rel.omar", "date": "2026-11-01", "reference": "1"},
        ok=BATON, not_allowed="anna anna/code omar", assurance_required="maria/code",
    ),
    # contact
    "ask to be called": Case(
        "contact.request", {"child": "$elsa", "reason": "question"}, ok="omar anna anna/code",
        not_allowed="maria maria/code johan jonas",
    ),
    "ask a colleague": Case(
        "contact.request",
        {"unit": "$clinic", "function": "consultant", "reason": "advice", "text": "Hur kan vi tänka?"},
        ok="maria maria/code johan birgitta jonas sara", other={"conflict": "elin"}, not_allowed="lena",
    ),
    "answer a family": Case(
        "contact.answer", {"contact_request": "$contact_request", "outcome": "talked"}, ok=BATON,
        not_allowed="anna anna/code", assurance_required="maria/code",
    ),
    "answer a colleague": Case(
        "contact.answer", {"contact_request": "$contact_request_staff", "outcome": "talked"}, ok="jonas sara",
        not_allowed="elin",
    ),
    # It is not late: whoever leads the unit knows nothing of it yet.
    "name a stand-in for a promise": Case(
        "contact.stand_in", {"contact_request": "$contact_request", "person": "$seat.elin"}, ok="",
        not_allowed="anna anna/code maria johan", assurance_required="maria/code",
    ),
    "take a request back": Case(
        "contact.withdraw", {"contact_request": "$contact_request"}, ok="anna anna/code",
        not_allowed="maria maria/code johan",
    ),
    "write": Case(
        "message.send", {"child": "$elsa", "text": "Hej"}, ok="anna anna/code omar", not_allowed="jonas",
        other={"invalid": "maria maria/code johan"},
    ),
    "write to": Case(
        "message.send", {"child": "$elsa", "text": "Hej", "to": "$rel.anna"}, ok="anna anna/code maria maria/code johan",
        not_allowed="jonas", other={"invalid": "omar"},
    ),
    # meetings
    "propose": by_baton(
        "meeting.propose", {"child": "$elsa", "kind": "network", "starts_local": WHEN, "invited": ["$rel.anna"], "invite": True}
    ),
    "invite": Case(
        "meeting.invite", {"meeting": "$meeting", "invited": ["$rel.anna", "$rel.omar"]}, ok=BATON,
        not_allowed="anna anna/code jonas", assurance_required="maria/code",
    ),
    "move": Case(
        "meeting.move", {"meeting": "$meeting", "starts_local": WHEN}, ok=BATON, not_allowed="anna anna/code jonas",
        assurance_required="maria/code",
    ),
    "cancel": Case(
        "meeting.cancel", {"meeting": "$meeting"}, ok=BATON, not_allowed="anna anna/code jonas",
        assurance_required="maria/code",
    ),
    "respond": Case(
        "meeting.respond", {"meeting": "$meeting", "answer": "yes"}, ok="anna anna/code maria maria/code jonas",
        not_allowed="johan",
    ),
    "check in": Case(
        "meeting.check_in", {"meeting": "$meeting_now"}, ok="anna anna/code maria maria/code jonas", not_allowed="johan",
    ),
    "ask for another time": Case(
        "meeting.ask_new_time", {"meeting": "$meeting"}, ok="anna anna/code maria maria/code jonas", not_allowed="johan",
    ),
    "hold": Case(
        "meeting.hold", {"meeting": "$meeting_now", "child_heard": "Ja"}, ok=BATON, not_allowed="anna anna/code jonas",
        assurance_required="maria/code",
    ),
    "write the notes anew": Case(
        "meeting.amend", {"meeting": "$meeting_held", "child_heard": "Ja"}, ok="maria",
        not_allowed="anna anna/code jonas", assurance_required="maria/code", other={"conflict": "johan"},
    ),
    "tick a decision": Case(
        "meeting.decision_done", {"meeting": "$meeting_held", "decision": 0}, ok=BATON,
        not_allowed="anna anna/code jonas", assurance_required="maria/code",
    ),
    "make it a SIP": Case(
        "meeting.to_sip", {"meeting": "$meeting"}, ok=BATON, not_allowed="anna anna/code jonas",
        assurance_required="maria/code",
    ),
    "release words": Case(
        "voice.release", {"meeting": "$meeting_noor", "take_part": "video", "to": "coordinator"}, ok="noor noor/code",
        not_allowed="maria maria/code johan jonas",
    ),
    "take words back": Case(
        "voice.take_back", {"voice": "$voice"}, ok="noor noor/code", not_allowed="maria maria/code johan jonas",
    ),
    # waiting and support
    "open a wait": by_baton(
        "waiting.open",
        {
            "child": "$elsa", "what": "first_visit", "start_on": "2026-10-01", "start_basis": "manual",
            "next_check_in_on": LATER, "unit_name": "BUP",
        },
        code=True,
    ),
    "check in on a wait": by_baton("waiting.check_in", {"waiting": "$waiting", "next_check_in_on": LATER}, code=True),
    "say it is worse": Case(
        "waiting.worse", {"waiting": "$waiting", "what": ["sleep"]}, ok="anna anna/code omar",
        not_allowed="maria maria/code johan jonas",
    ),
    "end a wait": by_baton("waiting.end", {"waiting": "$waiting", "outcome": "started"}, code=True),
    "offer": by_baton(
        "measure.offer",
        {"child": "$elsa", "title": "Samtal", "starts_on": LATER, "follow_up_on": LATER, "unit_name": "X"},
        code=True,
    ),
    "follow up": by_baton("measure.follow_up", {"support_measure": "$support_measure", "state": "done"}, code=True),
    # consultation times
    "offer times": Case(
        "slot.publish",
        {"times": [{"starts_local": WHEN, "minutes": 30}], "mode": "phone", "topics": ["sleep"]},
        ok="jonas sara", not_allowed="maria maria/code johan elin birgitta nils",
    ),
    "withdraw a time": Case(
        "slot.withdraw", {"slot": "$slot"}, ok="jonas sara", not_allowed="maria maria/code johan elin birgitta",
    ),
    "book": Case(
        "slot.book", {"slot": "$slot", "topic": "sleep", "age_band": "13-15"},
        ok="maria maria/code johan elin birgitta jonas sara", not_allowed="lena",
    ),
    "book a taken one": Case(
        "slot.book", {"slot": "$slot_booked", "topic": "sleep", "age_band": "13-15"}, ok="", not_allowed="lena",
        other={"taken": "maria maria/code johan elin birgitta jonas sara"},
    ),
    "release a booking": Case("slot.release", {"booking": "$booking"}, ok="elin", not_allowed="jonas sara"),
    "note what came of it": Case(
        "booking.outcome", {"booking": "$booking_past", "outcome": "advice"}, ok="jonas sara", not_allowed="elin"
    ),
    "wait for a time": Case(
        "slot.wish", {"topic": "sleep", "age_band": "13-15"}, ok="maria maria/code birgitta jonas sara nils",
        not_allowed="lena", other={"conflict": "elin johan"},
    ),
    "take what is offered": Case("slot.take", {"slot_wish": "$wish_elin", "slot": "$slot_offered"}, ok="elin"),
    "leave it to the next": Case("slot.decline", {"slot_wish": "$wish_elin", "slot": "$slot_offered"}, ok="elin"),
    "wait no longer": Case("slot.unwish", {"slot_wish": "$wish_johan"}, ok="johan"),
    # a team
    "form a team": Case(
        "team.form",
        {"called": "Nytt", "members": ["$seat.maria"], "leaders": ["$seat.sara"], "first_on": LATER, "at": "13:00"},
        ok="lena", not_allowed=STAFF,
    ),
    "change a team": Case(
        "team.change", {"team": "$team", "called": "Nytt"}, ok="lena jonas",
        not_allowed="maria maria/code johan elin birgitta sara",
    ),
    "raise a child": Case(
        "team.raise", {"team": "$team", "basis": "consent", "child": "$elsa", "question": "Hur hjälper vi Elsa?"}, ok=BATON,
        not_allowed="jonas", assurance_required="maria/code",
    ),
    "raise a child that nobody has said yes for": Case(
        "team.raise", {"team": "$team", "basis": "consent", "child": "$noor.child", "question": "Hur hjälper vi Noor?"}, ok="",
        not_allowed="jonas", assurance_required="maria/code", other={"consent_required": BATON},
    ),
    "raise without a name": Case(
        "team.raise", {"team": "$team", "basis": "without_name", "question": "Hur gör vi?", "age_band": "10-12"},
        ok="maria johan elin birgitta jonas sara", not_allowed="lena", assurance_required="maria/code",
    ),
    "raise a name without one": Case(
        "team.raise", {"team": "$team", "basis": "without_name", "question": "Hur gör vi med Elsa?", "age_band": "10-12"},
        ok="", not_allowed="lena", assurance_required="maria/code",
        other={"identifying_text": "maria johan elin birgitta jonas sara"},
    ),
    "take a question back": Case(
        "team.withdraw", {"team_case": "$case"}, ok="elin", not_allowed="maria jonas", assurance_required="maria/code"
    ),
    "take a child back from the team": Case(
        "team.withdraw", {"team_case": "$case_elsa"}, ok=BATON, not_allowed="jonas", assurance_required="maria/code"
    ),
    "take a question up": Case(
        "team.schedule", {"team": "$team", "team_case": "$case"}, ok="jonas", not_allowed="maria maria/code elin"
    ),
    "take a child up": Case(
        "team.schedule", {"team": "$team", "team_case": "$case_elsa"}, ok="jonas", not_allowed="maria maria/code johan"
    ),
    "open an hour": Case(
        "open_hour.open",
        {"weekday": 2, "at": "09:00", "minutes": 60, "mode": "phone", "topics": ["sleep"], "phone": "+46313900601"},
        ok="jonas sara", not_allowed="maria maria/code johan elin birgitta nils",
    ),
    "join the line": Case(
        "open_hour.join", {"open_hour": "$open_hour", "topic": "sleep", "age_band": "13-15"},
        ok="maria maria/code johan birgitta jonas sara", not_allowed="lena", other={"conflict": "elin"},
    ),
    "leave the line": Case("open_hour.leave", {"open_hour_place": "$place"}, ok="elin", not_allowed="jonas sara"),
    "call the next": Case(
        "open_hour.next", {"open_hour": "$open_hour"}, ok="jonas sara", not_allowed="maria maria/code johan elin birgitta lena",
    ),
    "close an hour": Case(
        "open_hour.close", {"open_hour": "$open_hour"}, ok="jonas sara",
        not_allowed="maria maria/code johan elin birgitta lena",
    ),
    # the unit and the area
    "confirm a contact": Case(
        "directory.confirm", {"function_contact": "$contact"}, ok=SCHOOL + " lena per", not_allowed="jonas sara"
    ),
    "edit a contact": Case(
        "directory.edit", {"function_contact": "$contact", "hours": "9-10"}, ok=SCHOOL + " lena per",
        not_allowed="jonas sara",
    ),
    "make a contact": Case(
        "directory.edit", {"unit": "$school", "function": "nurse"}, ok=SCHOOL + " lena per"
    ),
    "remove a contact": Case(
        "directory.remove", {"function_contact": "$contact"}, ok=SCHOOL + " lena per", not_allowed="jonas sara"
    ),
    "count a contact": Case(
        "contact.tally", {"function_contact": "$contact"}, ok=SCHOOL, not_allowed="jonas sara lena per"
    ),
    "make a task": Case("task.add", {"what": "Ring"}, ok=STAFF + " lena"),
    "do a task": Case("task.done", {"task": "$task"}, ok=SCHOOL + " per"),
    "open a task again": Case("task.reopen", {"task": "$task"}, ok=SCHOOL + " per"),
    "plan a term meeting": Case(
        "term.plan", {"term": "HT 2027", "starts_local": "2027-09-15T13:00"}, ok="lena", not_allowed=STAFF
    ),
    "ask for a draft of a term meeting": Case("term.propose", {"network": "buse"}, ok="lena", not_allowed=STAFF),
    "state the days of a term": Case(
        "term.dates", {"term": "HT 2027", "starts_on": "2027-08-17", "ends_on": "2027-12-20"}, ok="lena", not_allowed=STAFF
    ),
    "move a term meeting": Case(
        "term.move", {"term_meeting": "$term", "starts_local": "2027-01-21T13:00"}, ok="lena",
        not_allowed=SCHOOL + " jonas sara",
    ),
    "cancel a term meeting": Case(
        "term.cancel", {"term_meeting": "$term"}, ok="lena", not_allowed=SCHOOL + " jonas sara"
    ),
    "answer a term meeting": Case(
        "term.respond", {"term_meeting": "$term", "answer": "yes"}, ok="maria maria/code",
        not_allowed="johan elin birgitta jonas sara lena",
    ),
    "write minutes": Case(
        "term.minutes", {"term_meeting": "$term_now", "minutes_text": "Vi sågs"}, ok="lena",
        not_allowed=SCHOOL + " jonas sara",
    ),
    "look at what somebody holds": Case(
        "person.leaving", {"unit": "$school", "person": "$seat.elin"}, ok="birgitta per", not_allowed="maria johan elin",
        assurance_required="maria/code",
    ),
    "leave": Case(
        "person.leave", {"unit": "$school", "person": "$seat.elin", "successor": "$seat.maria"}, ok="birgitta per",
        not_allowed="maria johan elin", assurance_required="maria/code",
    ),
    "invite a colleague": Case(
        "staff.invite", {"unit": "$school", "name_shown": "Ny", "title": "Kurator"}, ok="birgitta per",
        not_allowed="maria johan elin", assurance_required="maria/code",
    ),
    "invite a process lead": Case(
        "process_lead.invite", {"unit": "$school", "name_shown": "Ny"}, ok="per", not_allowed=SCHOOL,
    ),
    "look at who leads the area": Case(
        "process_lead.leaving", {"unit": "$school", "area": "$area"}, ok="per", not_allowed=SCHOOL,
    ),
    "end the only process lead": Case(
        "process_lead.leave", {"unit": "$school", "area": "$area", "lead": "$seat.lena"}, ok="", not_allowed=SCHOOL,
        other={"conflict": "per"},
    ),
    "look at who administers": Case("admin.leaving", {}, ok="per"),
    "end another admin": Case("admin.leave", {"admin": "$seat.ulla"}, ok="per"),
    "invite somebody from a list": Case(
        "newcomer.invite", {"newcomer": "$newcomer"}, ok="birgitta per", not_allowed="maria johan elin",
        assurance_required="maria/code",
    ),
    "take an invitation back": Case(
        "newcomer.remove", {"newcomer": "$newcomer"}, ok="birgitta per", not_allowed="maria johan elin",
        assurance_required="maria/code",
    ),
    "keep a list": Case("import.keep", {"preview": "$import"}, ok="per"),
    # protected identity
    "protect": Case(
        "protect.set", {"child": "$elsa", "alias": "Kim"}, ok="maria johan jonas", not_allowed="anna anna/code omar",
        assurance_required="maria/code",
    ),
    "let somebody in": Case(
        "protect.add", {"child": "$signe", "person": "$seat.elin"}, ok=BATON, not_allowed="gun", assurance_required="maria/code",
    ),
    "lift": Case(
        "protect.lift", {"child": "$signe"}, ok="johan", not_allowed="gun maria", assurance_required="maria/code",
    ),
    "rename a protected child": Case(
        "child.rename", {"child": "$signe", "display_name": "S"}, ok="maria maria/code johan gun",
    ),
    "open a wait of a protected child": Case(
        "waiting.open",
        {
            "child": "$signe", "what": "first_visit", "start_on": "2026-10-01", "start_basis": "manual",
            "next_check_in_on": LATER, "unit_name": "BUP",
        },
        ok="maria maria/code johan", not_allowed="gun",
    ),
    # one's own
    "change settings": Case("settings.change", {"quiet_from": "20:00"}, ok=EVERYBODY),
    "subscribe to one's own calendar": Case(
        "calendar.open", {}, ok=" ".join(who for who in SEATS if who != "gun"), not_allowed="gun"
    ),
    "subscribe no longer": Case("calendar.close", {}, ok=EVERYBODY),
    "give an address": Case("settings.give_address", {"channel": "email", "address": "a@example.org"}, ok=EVERYBODY),
    "confirm an address": Case(
        "settings.confirm_address", {"channel": "email", "code": "123456"}, ok="", other={"conflict": EVERYBODY}
    ),
    "drop an address": Case("settings.drop_address", {"channel": "sms"}, ok=EVERYBODY),
    "check this device": Case("push.check", {}, ok=EVERYBODY),
    "say that somebody was reached": Case(
        "unreached.settle", {"unreached": "$unreached"}, ok=BATON, assurance_required="maria/code"
    ),
    "read a notice": Case("notice.read", {"notice": "$notice"}, ok="anna anna/code"),
    "forget a device": Case("device.forget", {"device": "$device"}, ok="anna anna/code"),
    "have pushes": Case(
        "push.subscribe", {"endpoint": "https://push.test/1", **KEYS, "lang": "sv"}, ok=EVERYBODY
    ),
    "stop pushes": Case("push.unsubscribe", {}, ok=EVERYBODY),
    "nothing": Case("noop", {}, ok=EVERYBODY),
}  # fmt: skip
