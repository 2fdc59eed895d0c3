"""Help contacts and links for Västra Götaland: the data alone, in the order they are shown.

Danger first, then somebody to talk to, then advice about care, then adults. Numbers are kept as people dial
them: short codes are no international numbers and must never be rewritten. Hours go stale, so they stand
apart from the sentences, and `verified_on` is the date of the source that named them; `UNDATED` where it gave
none. Whoever confirms an entry writes the new date here. Source: rules.md 7.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from server.texts import N_


@dataclass(frozen=True)
class Contact:
    """One way to get help. `number` is what is dialled, `""` for a web page alone; `chat` is a host."""

    key: str
    name: str
    number: str
    about: str
    audience: str
    hours: str
    verified_on: date
    chat: str = ""


@dataclass(frozen=True)
class Link:
    """A page elsewhere; we point to it and copy nothing."""

    key: str
    name: str
    about: str
    url: str
    verified_on: date


HOURS_TRUSTED_MONTHS = 12
"""For how long a check of opening hours can be trusted."""
DESIGNED = date(2026, 11, 22)
UNDATED = date(2020, 1, 1)
ROUND_THE_CLOCK = N_("Around the clock")

CONTACTS = (
    Contact(
        "emergency",
        N_("Danger right now"),
        "112",
        N_("Ambulance or police"),
        "everyone",
        ROUND_THE_CLOCK,
        DESIGNED,
    ),
    Contact(
        "bris",
        N_("Bris"),
        "116 111",
        N_("Under 18. Free, and you do not have to say your name"),
        "child",
        ROUND_THE_CLOCK,
        date(2025, 8, 20),
        chat="bris.se",
    ),
    Contact(
        "suicide_line",
        N_("The suicide line, Mind"),
        "90101",
        N_("When life feels too heavy"),
        "everyone",
        ROUND_THE_CLOCK,
        date(2020, 6, 1),
        chat="mind.se",
    ),
    Contact(
        "help_line",
        N_("The help line"),
        "90390",
        N_("For adults, also those close to someone"),
        "adult",
        ROUND_THE_CLOCK,
        date(2024, 12, 12),
    ),
    Contact(
        "friend_on_duty",
        N_("A friend on duty, Red Cross"),
        "",
        N_("Chat for people up to 25"),
        "child",
        N_("Weekdays 18–22, weekends 14–18"),
        UNDATED,
        chat="jourhavandekompis.se",
    ),
    Contact(
        "care_advice",
        N_("1177"),
        "1177",
        N_("Advice about care and where to turn"),
        "everyone",
        ROUND_THE_CLOCK,
        DESIGNED,
    ),
    Contact(
        "way_in",
        N_("One way in, Västra Götaland"),
        "010-435 86 50",
        N_("For children up to 17 who have no care contact yet"),
        "guardian",
        N_("Weekdays 8–16.30"),
        DESIGNED,
    ),
    Contact(
        "bris_adults",
        N_("Bris for adults"),
        "077-150 50 50",
        N_("For adults who worry about a child"),
        "guardian",
        N_("Weekdays 9–12"),
        UNDATED,
    ),
    Contact(
        "parent_line",
        N_("The parent line, Mind"),
        "020-85 20 00",
        N_("For parents who want to talk to someone"),
        "guardian",
        N_("Weekdays 10–15"),
        UNDATED,
    ),
    Contact(
        "womens_line",
        N_("The women's helpline"),
        "020-50 50 50",
        N_("If someone hurts you or frightens you at home"),
        "adult",
        ROUND_THE_CLOCK,
        UNDATED,
    ),
    Contact(
        "priest",
        N_("A priest on duty"),
        "112",
        N_("Ask for a priest when you call 112"),
        "everyone",
        N_("Every night 21–06"),
        UNDATED,
    ),
    Contact(
        "bereaved",
        N_("SPES"),
        "020-18 18 00",
        N_("For those who have lost someone to suicide"),
        "everyone",
        N_("Every day 19–22"),
        UNDATED,
    ),
    Contact(
        "police",
        N_("The police"),
        "114 14",
        N_("When it is not urgent"),
        "everyone",
        ROUND_THE_CLOCK,
        UNDATED,
    ),
)

LINKS = (
    Link(
        "umo",
        N_("UMO"),
        N_("About feelings, body and relationships, for ages 13 to 25"),
        "https://www.umo.se/",
        DESIGNED,
    ),
    Link(
        "youmo",
        N_("Youmo"),
        N_("The same in easy Swedish and many languages"),
        "https://www.youmo.se/",
        DESIGNED,
    ),
    Link(
        "1177_children",
        N_("1177"),
        N_("Search there for how children feel and where to turn"),
        "https://www.1177.se/",
        DESIGNED,
    ),
    Link(
        "bris_web",
        N_("Bris"),
        N_("Chat and mail, and tips from others your age"),
        "https://www.bris.se/",
        DESIGNED,
    ),
    Link(
        "concern",
        N_("Worried about a child?"),
        N_(
            "Call the municipality's social services. Search for “orosanmälan” on 1177 to see how."
            " Call 112 if it is urgent."
        ),
        "https://www.1177.se/",
        DESIGNED,
    ),
)

ADVICE = {
    "danger": N_("Is a life in danger? Call 112. Say what has happened and where you are."),
    "suicide": N_(
        "Are you thinking about taking your life? You are not alone. Call 112 if it is urgent. You can also call 90101."
    ),
    "child": N_("Are you under 18? Call Bris on 116 111. It is free and you do not have to say your name."),
    "care": N_("Do you need advice about care? Call 1177."),
    "never_leave": N_("Never let someone who wants to die be alone."),
    "not_acute": N_("This app is not for emergencies. Nobody reads what you write here right away."),
    "traces": N_(
        "Works without a connection. Samled does not save that you have been here. "
        "Calls can show in the phone's call list."
    ),
}
