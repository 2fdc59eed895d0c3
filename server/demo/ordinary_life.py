"""What happens in ordinary families: how they share, meet, ask and wait. All of it follows from the child's number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from server.demo.meetings import AGENDA, Held, meeting
from server.demo.play import Family, Play
from server.demo.promises import call_back, letters
from server.demo.sharing import consent, said
from server.demo.timeline import Story
from server.demo.waits import measure, wait

PURPOSES = ("coordination", "meeting", "sip", "handover", "feedback")
REASONS = ("school", "question", "worried", "meeting", "waiting", "other")
NOTES = (
    "Vi pratade om hur morgnarna går.", "Vi bestämde en tid för ett möte.", "Vi hörs igen nästa vecka.",
    "Skolan ändrar schemat från måndag.", None, "Frågan om skjuts är löst.",
)  # fmt: skip
HEARD = (
    "Ville inte komma men hade skrivit tre meningar som lästes upp.", "Var med hela mötet och fick prata först.",
    "Var med på skärm den första halvtimmen.", "Har berättat för sin lärare, som framförde det.",
)  # fmt: skip
DECISIONS = (
    "Kortare dagar i två veckor", "Samtal varannan vecka", "Ett lugnt ställe att gå till", "Läxhjälp på torsdagar",
    "Ny tid för uppföljning", "Hembesök en eftermiddag", "Kontakt med vårdcentralen",
)  # fmt: skip
MEASURES = ("Sömnskola", "Samtal på skolan", "Föräldrastöd i grupp", "Lugn start på dagen", "Stöd vid raster")


def consents(play: Play, family: Family, n: int, units: Sequence[str]) -> Iterator[Story]:
    """Three to five: complete, recorded by word of mouth, refused, expired, withdrawn, without name or unanswered."""
    days, everybody = play.days, [(member, "yes") for member in family.guardians]
    guardian = family.guardians[0]
    reader = play.staff_of(units[0])[-1]
    start = -66 + n % 20
    yield consent(
        play, family, asked=days.work(start, "10:00"), to=units[:1], kinds=("child", "meeting", "waiting"),
        people=[reader], answers=everybody,
    )  # fmt: skip
    parties = {member.relation: "yes" for member in family.guardians}
    yield said(
        play, family, when=days.work(start + 6, "14:00"), to=units[1:2], kinds=("child", "measure"), answers=parties,
        purpose=PURPOSES[n % 5], form=("oral", "written")[n % 2],
    )  # fmt: skip
    if n:
        yield consent(
            play, family, asked=days.work(start + 12, "09:20"), to=units[2:4], kinds=("child", "waiting", "measure"),
            purpose="ask_for_us" if n % 4 == 1 else "coordination", answers=everybody,
            excludes=("Det som rör syskonen",) if n % 5 == 0 else (),
            valid_until=days.day(-4 - n % 9) if n % 4 == 2 else None,
        )  # fmt: skip
    last = [(guardian, ("yes_without_name", "no", "yes", "yes")[n % 4])]
    asked = days.work(-12 + n % 8, "11:40")
    yield consent(
        play, family, asked=asked, to=units[3:4], kinds=("child", "meeting"), purpose=PURPOSES[(n + 2) % 5],
        answers=[*everybody[1:], *last] if n % 5 else (),
        withdrawn=(guardian.person, asked + timedelta(hours=60)) if n % 4 == 3 and n % 5 else None,
    )  # fmt: skip
    if n % 5 in (1, 3, 4):
        yield said(
            play, family, when=days.work(start + 20, "15:10"), to=units[4:5], kinds=("child",), answers=parties,
            purpose="feedback", people=[play.staff_of(units[4])[0]] if n % 2 else (),
        )  # fmt: skip


def meetings(play: Play, family: Family, n: int, units: Sequence[str]) -> Iterator[Story]:
    """One each in most families: past and held, called off, coming, or still a draft."""
    if n % 10 == 9:
        return
    days, members = play.days, list(family.members)
    place = "Skolan, elevhälsans rum"
    answers = {member.person.seat: ("yes", "digital", "yes", "phone")[(n + k) % 4] for k, member in enumerate(members)}
    reader = play.staff_of(units[0])[-1]
    kind = "sip" if n % 3 == 1 else "network" if n % 12 == 6 else "team_follow_up"
    if n % 8 == 6:
        yield meeting(
            play, family, kind=kind, invited=days.work(-7, "13:00"), starts=days.wall(5, "14:00"), members=members,
            agenda=AGENDA, cancelled=(days.work(-2, "10:00"), "illness"), place=place,
        )  # fmt: skip
    elif n % 8 == 7:
        yield meeting(
            play, family, kind=kind, invited=days.work(-4, "15:00"), starts=days.wall(9 + n % 4, "13:30"),
            members=members, invite=n % 16 == 7, agenda=AGENDA, place=place,
        )  # fmt: skip
    else:
        decided = [
            (DECISIONS[(n + k) % 7], units[k] if k else None, None if k else "family", 12 + 4 * k)
            for k in range(1 + n % 3)
        ]
        held = Held(
            HEARD[n % 4], decided,
            follow_up_days=30 + n % 20, main_unit=units[0], done=range(n % 2), checked_in=n % 3 == 0,
        )  # fmt: skip
        yield meeting(
            play, family, kind=kind, invited=days.work(-48 + n % 20, "10:40"), starts=days.wall(-37 + n % 20, "14:30"),
            members=members, staff=[reader], agenda=AGENDA, answers=answers, held=held, place=place,
        )  # fmt: skip


def promises(play: Play, family: Family, n: int) -> Iterator[Story]:
    """One or two requests: most answered the next day, some late, a few still open."""
    days, who = play.days, family.guardians[-1]
    first = -40 + n % 25
    slow = n % 9 == 4
    yield call_back(
        play, family, who, asked=days.work(first, "18:10"), reason=REASONS[n % 6], note=NOTES[n % 6],
        times=(("morning",), ("midday", "afternoon"), ("evening",))[n % 3], by=family.deputy if slow else None,
        answered=days.work(first + (4 if slow else 1), "15:20"),
    )  # fmt: skip
    if n % 5 < 2 and n < 35:
        yield call_back(
            play, family, family.guardians[0], asked=days.work(-9 + n % 5, "09:45"), reason=REASONS[(n + 2) % 6],
            answered=days.work(-8 + n % 5, "13:00"), outcome=("talked", "written")[n % 2],
        )  # fmt: skip
    if n % 7 == 3:
        yield call_back(play, family, who, asked=days.awake(hours=4 + n % 20), reason="question", times=("afternoon",))
    if n % 3 == 0:
        yield letters(play, family, who, (
            (days.at(-20 + n % 9, "20:15"), "family", "Hej! Kan vi få veta schemat för nästa vecka?"),
            (days.work(-11 + n % 5, "08:50"), "staff", "Hej! Jag skickar hem det på papper i morgon."),
        ))  # fmt: skip


def waits(play: Play, family: Family, n: int, units: Sequence[str]) -> Iterator[Story]:
    """A wait for some, with three check-ins behind it; something to hold on to for others."""
    days = play.days
    queue = next((unit for unit in units if unit.startswith("bup")), units[0])
    if n % 7 in (1, 4):
        last = days.work_day(1 + n % 9)
        then = (days.work_day(-19), days.work_day(-10), last)
        checks = [(days.work(-28 + 9 * k, "11:10"), then[k], None) for k in range(3)]
        over = (days.work(-3, "10:00"), ("started", "offered", "declined")[n % 3]) if n % 14 == 4 else None
        yield wait(
            play, family, opened=days.work(-38, "09:00"), unit=queue, what=("first_visit", "assessment")[n % 2],
            start_on=days.day(-62 - n % 30), next_on=days.work_day(-28), checks=checks, ended=over,
            fact="Kön är ungefär tre månader." if n % 2 else None, paused_days=7 if n % 5 == 0 else None,
        )  # fmt: skip
    if n % 2:
        yield measure(
            play, family, offered=days.work(-20 + n % 9, "13:30"), title=MEASURES[n % 5], unit=units[1],
            contact="Elevhälsan", starts_on=days.work_day(-8 + n % 9), follow_up_on=days.work_day(6 + n % 9),
        )  # fmt: skip
