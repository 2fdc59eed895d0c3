"""What colleagues ask each other about no child, and what people have read of all they were told."""

from __future__ import annotations

from datetime import timedelta

from server.demo.play import Play
from server.demo.promises import ask_colleague
from server.demo.timeline import Story
from server.domain.instants import to_text

SEEN = ("maria", "johan", "jonas", "karin", "birgitta", "lena", "anna", "omar", "samira", "noor")
"""Those who have read what they were told until the day before yesterday."""


def stories(play: Play) -> list[Story]:
    """Questions between functions: answered, late with the one who leads the unit, and open."""
    days, people = play.days, play.people
    maria, johan, karin, jonas = people["maria"], people["johan"], people["karin"], people["jonas"]
    lillan, soc, bup = "lillan", "soc", play.staff_of("bup")
    intake = next(one for one in play.staff_of("bup") if "care_coordinator" in one.actor.functions)
    return [
        ask_colleague(
            play, maria, unit="bup", function="care_coordinator", asked=days.work(-16, "09:00"), reason="question",
            text="Hur lång är kön till första besök just nu?", answered=days.work(-15, "10:00"), by=intake,
            note="Ungefär åtta veckor. Ring gärna igen om det brådskar.",
        ),
        ask_colleague(
            play, karin, unit=lillan, function="counsellor", asked=days.work(-10, "13:00"), reason="collaboration",
            text="Vem hos er tar emot när vi vill boka ett gemensamt möte?", answered=days.work(-9, "08:30"), by=maria,
            note="Det gör jag.",
        ),
        ask_colleague(
            play, johan, unit=soc, function="field_worker", asked=days.work(-8, "15:00"), reason="advice",
            text="Vi ser fler som är ute sent på kvällarna. Kan ni berätta vad ni gör?",
        ),
        ask_colleague(
            play, jonas, unit=lillan, function="nurse", asked=days.work(-6, "11:00"), reason="handover",
            text="Vilken blankett vill ni ha när vi lämnar tillbaka till elevhälsan?", answered=days.work(-5, "09:00"),
            by=johan, note="Den korta, en sida.",
        ),
        ask_colleague(
            play, play.staff_of("toreboda")[1], unit="uph", function="consultant", asked=days.awake(hours=6),
            reason="advice", text="Kan ni komma till vår personaldag och prata om sömn?",
        ),
        ask_colleague(
            play, bup[0], unit=lillan, function="coordinator", asked=days.awake(hours=2), reason="collaboration",
            text="Kan vi ses en halvtimme om hur vi skriver till varandra?",
        ),
        read_up(play),
    ]  # fmt: skip


async def read_up(play: Play) -> Story:
    """Nobody begins with a hundred unread notices."""
    yield play.days.ago(hours=1)
    until = to_text(play.days.now - timedelta(hours=40))
    for key in SEEN:
        person, _ = play.personas[key][0]
        async with play.stage.house.engine.read() as tx:
            told = await tx.fetch(
                "SELECT id FROM record WHERE aggregate_id = $1 AND entity = 'notice' AND updated_at < $2 ORDER BY id",
                person.account,
                until,
            )
        for (notice,) in told:
            await play.act(person, "notice.read", notice=notice)
