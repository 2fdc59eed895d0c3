"""P8 over a whole run: the demonstration and the scene of the matrix in one database, devices in all languages, every
command of the matrix, a random walk and weeks of time; nothing that stands in any row leaves the house.

The commands are those of `tests/access/cases.py`, into which a new one has to be written; what is looked for is whatever
the rows hold; and a new kind of notice fails here until something sends it.
"""

from __future__ import annotations

import asyncio
import random
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest

from server.storage.sqlite import FILE
from server.texts import LANGUAGES, Texts
from tests.access.cases import CASES
from tests.access.scene import build
from tests.clock import FrozenClock
from tests.conftest import Place
from tests.demo.conftest import make
from tests.people import START
from tests.promises.walking import wander
from tests.push.canaries import Canaries, catalogue
from tests.push.mail import mail_house, text_house
from tests.push.service import push_service
from tests.push.town import Deed, Town, mail_times, settle_in

CHILD: Final = "01980000-0000-7000-8000-0000000000c1"
WEEKS: Final = 12
"""From the first Monday of November past New Year, to the scene's term meeting."""
SEALED: Final = 1024 + 103
"""What a payload of 1 KB is when it is encrypted (RFC 8188: 86 before, 17 behind)."""
MORE: Final[tuple[tuple[Deed, ...], ...]] = (
    (("anna", "consent.answer", {"consent": "$consent_asked", "answer": "yes"}),
     ("omar", "consent.answer", {"consent": "$consent_asked", "answer": "yes"})),
    (("anna", "consent.answer", {"consent": "$consent_asked", "answer": "no"}),),
    (("maria", "contact.answer", {"contact_request": "$contact_request", "outcome": "tried"}),),
    (("anna", "meeting.respond", {"meeting": "$meeting", "answer": "no"}),),
    (("jonas", "slot.withdraw", {"slot": "$slot_booked"}),),
    (("sara", "person.leave", {"unit": "$clinic", "person": "$seat.jonas", "successor": "$seat.sara"}),),
    (("maria", "open_hour.join", {"open_hour": "$open_hour", "topic": "sleep", "age_band": "13-15"}),
     ("jonas", "open_hour.next", {"open_hour": "$open_hour"})),
    (("maria", "seat.assign", {"child": "$elsa", "person": "$seat.elin", "coordinator": True}),),
    (("maria", "coordinator.away", {"until": "2026-12-11", "person": "$seat.johan"}),
     ("maria", "coordinator.away", {})),
    (("head", "seat.assign", {"child": "$unnamed", "person": "$seat.head", "coordinator": True}),),
)  # fmt: skip
"""What follows when something else is answered, or more is done, than in the case of the matrix."""
SHOWN: Final = (
    "You have something new to read.",
    "You have something booked. Open to see more.",
    "You have something important to read.",
)
"""All that a lock screen may show of a notice."""
ON: Final = "Reminders are on for this device."
WHY: Final = "You get this because you asked for it in Samled. The message cannot be answered."
FILE_CALLED: Final = "Meeting"
SAID_ANYWAY: Final = {
    "push": {"booked", "nytt"},
    "email": {"booked", "nytt", "answered", "message"},
    "sms": {"booked", "nytt"},
    "calendar": {"message", "möte", "confirmed", "europe/stockholm"},
}
"""Words of rows (states, a team that the matrix calls "Nytt", a zone) that stand in the fixed texts as well. Nothing else
is let through, so that no name hides behind a text: a new one is looked at by a person, who writes it here.
"""


async def whole_run(folder: Path, template: Path) -> Town:
    """Everything that was sent, of all that happened."""
    base, branch = folder / "base", folder / "branch"
    base.mkdir()
    shutil.copyfile(template, base / FILE)
    await make(Place(data=base, database_url=None), START)
    clock = FrozenClock(START)
    async with push_service(clock.now) as service, mail_house() as mail, text_house() as texts:
        town = Town(clock, service, mail, texts)
        async with town.open(base) as house:
            town.scene = await build(house.parts.house)
            clock.set(town.scene.world.stage.clock.now())
            await settle_in(town, house)
            await mail_times(town, house)
        morning = clock.advance(minutes=1)
        first = [((case.ok.split()[0], case.command, case.args),) for case in CASES.values() if case.ok]
        for deeds in (*first, *MORE):
            shutil.copytree(base, branch)
            async with town.open(branch) as house:
                await town.do(house, *deeds)
            shutil.rmtree(branch)
            clock.set(morning)
        shutil.copytree(base, branch)
        async with town.open(branch) as house:
            stage, rng = town.scene.world.stage, random.Random(8)
            stage.house = replace(house.parts.house, clock=stage.clock)
            for day in range(8):
                stage.clock.set(clock.now())
                await wander(town.scene.world, rng, 20, still=True)
                await house.through(morning + timedelta(days=day + 1))
        clock.set(morning)
        async with town.open(base) as house:
            await house.through(morning + timedelta(weeks=WEEKS))
    assert service.faults == service.strangers == []
    return town


def in_all(*texts: str) -> set[str]:
    """The fixed texts in every language."""
    return {Texts(lang).gettext(text) for text in texts for lang in LANGUAGES}


@pytest.mark.long(about_s=40)
def test_no_word_of_any_row_leaves_the_house(
    tmp_path: Path, sqlite_template: Path, tell: Callable[[str], None]
) -> None:
    town = asyncio.run(whole_run(tmp_path, sqlite_template))
    leaks = {
        (way, word): line
        for way, lines in town.lines.items()
        for line in lines - town.times
        for word in town.canaries.found(line) - SAID_ANYWAY[way]
    }
    assert leaks == {}
    assert len(town.canaries.words) > 400 and len(town.canaries.phrases) > 400 and len(town.canaries.ids) > 2000
    # Every notice there is has been pushed in every language, in one of three texts.
    known = catalogue()
    assert town.kinds.keys() - known == set(), "the client has neither words nor a choice for these"
    assert known - town.kinds.keys() == set(), "nothing in this run makes these: write it in MORE"
    assert {kind: langs for kind, langs in town.kinds.items() if langs != set(LANGUAGES)} == {}
    told = {line.removeprefix("body: ") for line in town.lines["push"] if line.startswith("body: ")}
    assert told == in_all(*SHOWN, ON)
    assert town.sizes == {SEALED}
    # The other ways have been taken too, in every language.
    assert in_all(SHOWN[0], SHOWN[1], WHY) <= town.lines["email"] and "Subject: Samled" in town.lines["email"]
    assert {f"Samled: {text} http://localhost:8000/" for text in in_all(*SHOWN[:2])} <= town.lines["sms"]
    titles = {line for line in town.lines["calendar"] if line.startswith("SUMMARY")}
    assert titles and titles <= {f"SUMMARY:{text}" for text in in_all(FILE_CALLED)}
    assert not any(line.startswith(("LOCATION", "DESCRIPTION", "ATTENDEE", "URL")) for line in town.lines["calendar"])
    tell(
        f"{len(town.kinds)} kinds in {len(LANGUAGES)} languages; {dict(town.counts)} to {town.accounts} accounts;"
        f" {len(town.canaries.words)} words, {len(town.canaries.phrases)} phrases, {len(town.canaries.ids)} ids"
    )


def test_a_canary_is_found_however_it_is_written() -> None:
    canaries = Canaries()
    canaries.add(
        {"id": CHILD, "name": "Elsa Lind", "state": "asked", "unit": {"name": "Lillåns skola"}, "phone": "+46701740621"}
    )
    assert canaries.found("topic: elsa01a19b981dc07001af36deba25bc") == {"elsa"}
    assert canaries.found("Elsas möte") == {"elsa"} and canaries.found("elsa lind är här") == {
        "elsa",
        "lind",
        "elsa lind",
    }
    assert canaries.found("i LILLÅNS SKOLA") == {"lillåns", "lillåns skola"}
    assert (
        canaries.found(f"/n/{CHILD}") == canaries.found(f"topic: {CHILD.replace('-', '')}") == {CHILD.replace("-", "")}
    )
    assert canaries.found("to: +46701740621 (asked)") == {"+46701740621", "asked"}
    assert canaries.found("topic: 01a19b981dc07001af36deba25bcf3c1 Elsabet unmasked") == {"asked"}
