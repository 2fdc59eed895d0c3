"""Believable texts: a thousand harmless ones written by hand, more from a small grammar, and identifying ones.

What is drawn comes from a seeded generator, so that a failure can be run again. Telephone numbers are
from the series that are reserved for fiction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random

HARMLESS = Path(__file__).with_name("harmless.txt").read_text(encoding="utf-8").splitlines()
"""Questions as colleagues put them, one on each line, which tell nobody who a child is."""

_WHO = (
    "Eleven", "En ungdom i åk {grade}", "Ett barn i åldern {band}", "En {age}-åring", "Flickan", "Pojken",
    "En elev på gymnasiet", "Barnet", "Familjen", "Ungdomen", "Vi har en elev i årskurs {grade} som",
    "En av våra elever", "Hen", "En tonåring", "Ett syskonpar, {age} och {age} år,",
)  # fmt: skip
_DOES = (
    "har haft svårt att sova sedan {month}", "är hemma {few} dagar i veckan", "äter dåligt på dagarna",
    "har ont i magen {few} gånger i veckan", "spelar {hours} timmar per dygn", "vill inte gå till lektionerna",
    "har varit frånvarande {percent} % den här terminen", "känner sig ledsen och orolig",
    "har bråkat med kompisar", "har fått {few} samtal hos kurator", "sover {hours} timmar per natt",
    "är på väg tillbaka till skolan", "trivs bäst i liten grupp", "pratar helst via chatt",
)  # fmt: skip
_WHEN = (
    "Nästa möte är {iso} kl {clock}.", "Vi ses vecka {week}, kl. {clock}-{clock2}.", "Det började i {month} 2026.",
    "Uppföljning {iso}.", "Vi hörs {day} {month} kl {hour}.", "Tiderna {clock} och {clock2} fungerar.",
    "Mötet {iso} {clock} flyttas till {iso2} {clock2}.", "Teamet ses {weekday}ar {hour}-{hour2}.",
    "Senast {dm} kl. {clock}.", "Perioden {iso}-{iso2} är redan bokad.", "Vi börjar {weekday} v. {week}.",
    "Senast den {day}/{monthno} 2027, gärna kl. {hour}.", "Insatsen pågår {iso} till {iso2}.",
)  # fmt: skip
_ASK = (
    "Vad brukar ni råda?", "Vem tar nästa steg?", "Kan UPH ge råd till oss i elevhälsan?",
    "Är det läge för SIP?", "Räcker det med stöd på vårdcentralen?", "Hur pratar vi med vårdnadshavarna?",
    "Bör vi vända oss till BUP eller vänta?", "Finns det plats i gruppen på Rehab?",
    "Ska Socialtjänsten vara med från början?", "Hur gör ni i Göteborg och Borås?",
    "Vi har läst på 1177.se och ringt 1177.", "Familjen har fått numret till Bris, 116 111.",
)  # fmt: skip
_ALSO = (
    "Skolan har provat {few} olika anpassningar.", "Föräldrarna är överens.", "Tolk behövs, språket är somaliska.",
    "Det finns {few} syskon, {age} och {age} år.", "Kostnaden är {thousand} 000 kr per läsår.",
    "Skattningen var {few} av 10.", "Kön är {percent} personer lång.", "Väntan har varit {percent} dagar.",
    "Skolskjutsen tar {percent} minuter.", "Gruppen har {hours} platser, åldern {band} år.",
    "Vi har {few} timmar i veckan, {hours} veckor till.", "Mellan {clock} och {clock2} är det lugnast.",
)  # fmt: skip
_MONTHS = (
    "januari februari mars april maj juni juli augusti september oktober november december".split()  # noqa: SIM905
)
_WEEKDAYS = ("måndag", "tisdag", "onsdag", "torsdag", "fredag")


def drawn(count: int, seed: int) -> list[str]:
    """Further harmless texts, from the grammar: numbers, days and times in all their mixtures."""
    random = Random(seed)
    texts: list[str] = []
    while len(texts) < count:
        parts = [f"{random.choice(_WHO)} {random.choice(_DOES)}."]
        parts += random.sample([random.choice(_WHEN), random.choice(_ALSO), random.choice(_ASK)], k=3)
        texts.append(_filled(" ".join(parts), random))
    return texts


def _filled(text: str, random: Random) -> str:
    start = date(2026, 8, 17) + timedelta(days=random.randrange(400))
    hour = random.randrange(8, 16)
    values = {
        "grade": random.randrange(1, 10), "band": random.choice(("6-9", "10-12", "13-15", "16-17")),
        "age": random.randrange(6, 18), "few": random.randrange(2, 6), "hours": random.randrange(3, 12),
        "percent": random.randrange(10, 95), "month": random.choice(_MONTHS), "week": random.randrange(2, 51),
        "iso": start.isoformat(), "iso2": (start + timedelta(days=random.randrange(1, 60))).isoformat(),
        "clock": f"{hour:02}.{random.choice(('00', '15', '30', '45'))}", "clock2": f"{hour + 1:02}.30",
        "hour": hour, "hour2": hour + 2, "day": start.day, "weekday": random.choice(_WEEKDAYS),
        "dm": f"{start.day}/{start.month}", "monthno": start.month, "thousand": random.randrange(2, 60),
    }  # fmt: skip
    return text.format(**values)


def check_digit(nine: str) -> str:
    """The check digit, worked out the way the rule is told: double every other, add the digits up."""
    total = sum(int(d) for n, digit in enumerate(nine) for d in str(int(digit) * (2 - n % 2)))
    return str((10 - total % 10) % 10)


def person_number(random: Random, *, coordination: bool = False) -> tuple[str, str, str]:
    """(century, six digits, four digits) with a valid check digit."""
    born = date(1935, 1, 1) + timedelta(days=random.randrange(84 * 365))
    day = born.day + (60 if coordination else 0)
    short = f"{born.year % 100:02}{born.month:02}{day:02}"
    three = f"{random.randrange(1000):03}"
    return f"{born.year // 100}", short, three + check_digit(short + three)


def reserve_number(random: Random) -> str:
    """A reservnummer of Västra Götaland."""
    century, short, _ = person_number(random)
    letter = random.choice("KMX")
    two = {"K": random.randrange(6, 79, 2), "M": random.randrange(7, 80, 2), "X": random.randrange(80, 90)}[letter]
    check = check_digit(short + {"K": "5", "M": "7", "X": "8"}[letter] + f"{two:02}")
    return f"{century}{short}{letter}{two:02}{check}"


def phone_number(random: Random) -> str:
    """Ten digits from a series reserved for fiction."""
    if random.random() < 0.5:
        return f"07017406{random.randrange(5, 100):02}"
    return f"0313900{random.randrange(600, 700)}"


_WIDE = str.maketrans("0123456789-", "０１２３４５６７８９－")
_ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_SPOKEN = "noll ett två tre fyra fem sex sju åtta nio".split()  # noqa: SIM905
_BETWEEN = (
    " och sedan ", " sista fyra ", ", slutar på ", " streck ", " med de fyra sista ", " bindestreck ",
    " (kontrollsiffror ", " - och så - ", "\n", " … ", " följt av ",
)  # fmt: skip
_FRAMES = ("{}", "Det gäller {}.", "Eleven ({}) går i åk 8.", "Vi ses kl 13.30 om {}, tack.", "nr:{} i åk 5")


def _scattered(digits: str, random: Random, marks: tuple[str, ...]) -> str:
    return "".join(digit + (random.choice(marks) if random.random() < 0.4 else "") for digit in digits).strip()


def _person_spellings() -> tuple[Callable[[str, str, str, Random], str], ...]:
    return (
        lambda c, s, f, r: f"{s}-{f}",
        lambda c, s, f, r: f"{c}{s}-{f}",
        lambda c, s, f, r: f"{c}{s}{f}",
        lambda c, s, f, r: f"{s}{f}",
        lambda c, s, f, r: f"{s}+{f}",
        lambda c, s, f, r: f"{c}{s} {f}",
        lambda c, s, f, r: f"{s[:2]} {s[2:4]} {s[4:]} {f}",
        lambda c, s, f, r: f"{c}{s[:2]}-{s[2:4]}-{s[4:]}-{f}",
        lambda c, s, f, r: f"{c}{s[:2]}-{s[2:4]}-{s[4:]} {f}",
        lambda c, s, f, r: f"{c}{s[:2]}/{s[2:4]}/{s[4:]}/{f}",
        lambda c, s, f, r: f"{s[:2]}.{s[2:4]}.{s[4:]}.{f}",
        lambda c, s, f, r: f"{s}–{f}",
        lambda c, s, f, r: f"{s}\u2212{f}",
        lambda c, s, f, r: f"{s}\u00a0-\u00a0{f}",
        lambda c, s, f, r: f"{c}{s}-{f}".translate(_WIDE),
        lambda c, s, f, r: f"{s}-{f}".translate(_ARABIC),
        lambda c, s, f, r: " ".join(s + f),
        lambda c, s, f, r: "-".join(c + s + f),
        lambda c, s, f, r: ", ".join(s + f),
        lambda c, s, f, r: "\u200b".join(c + s + f),
        lambda c, s, f, r: "\u00ad".join(s + "-" + f),
        lambda c, s, f, r: "\ufe0f\u20e3".join(s + f) + "\ufe0f\u20e3",
        lambda c, s, f, r: s + r.choice(_BETWEEN) + f,
        lambda c, s, f, r: c + s + r.choice(_BETWEEN) + f,
        lambda c, s, f, r: " ".join(_SPOKEN[int(digit)] for digit in s + f),
        lambda c, s, f, r: f"{s} " + " ".join(_SPOKEN[int(digit)] for digit in f),
        lambda c, s, f, r: _scattered(c + s + f, r, (" ", "\u2009", "\u200d", "\u2060")),
        lambda c, s, f, r: _scattered(s + f, r, (" ", "-", "\u200c", "\ufeff")),
    )


def _phone_spellings() -> tuple[Callable[[str, Random], str], ...]:
    return (
        lambda n, r: n,
        lambda n, r: f"{n[:3]}-{n[3:]}",
        lambda n, r: f"{n[:3]}-{n[3:6]} {n[6:8]} {n[8:]}",
        lambda n, r: f"{n[:3]} {n[3:6]} {n[6:8]} {n[8:]}",
        lambda n, r: f"{n[:3]}/{n[3:6]}.{n[6:8]}.{n[8:]}",
        lambda n, r: f"({n[:3]}) {n[3:]}",
        lambda n, r: f"+46{n[1:]}",
        lambda n, r: f"+46 (0){n[1:3]}-{n[3:]}",
        lambda n, r: f"0046 {n[1:3]} {n[3:]}",
        lambda n, r: " ".join(n),
        lambda n, r: "-".join(n),
        lambda n, r: n.translate(_WIDE),
        lambda n, r: n.translate(_ARABIC),
        lambda n, r: "\u200b".join(n),
        lambda n, r: f"{n[:3]} och sen {n[3:]}",
        lambda n, r: f"{n[:3]}, därefter {n[3:6]}, {n[6:8]} och {n[8:]}",
        lambda n, r: " ".join(_SPOKEN[int(digit)] for digit in n),
        lambda n, r: _scattered(n, r, (" ", "\u2009", "\u200d")),
    )


_MAIL_FORMS = (
    "{0}.{1}@{2}.se", "{0}_{1}@{2}.com", "{0}@{2}.{1}.se", "{0} (at) {2}.se", "{0} snabel-a {2} punkt se",
    "{0}[at]{2}[dot]com", "{0} @ {2} . se", "{0}\u200b@{2}.se", "{0}＠{2}．se", "{0}@{2}", "{0} at {2} dot se",
)  # fmt: skip


def identifying(count: int, seed: int) -> Iterator[tuple[str, str]]:
    """(kind, text): valid numbers of persons, telephone numbers and e-mail addresses, spelled in many ways."""
    random = Random(seed)
    persons, phones = _person_spellings(), _phone_spellings()
    for turn in range(count):
        frame = random.choice(_FRAMES)
        match turn % 5:
            case 0 | 1:
                number = person_number(random, coordination=turn % 5 == 1)
                yield "personal_number", frame.format(random.choice(persons)(*number, random))
            case 2:
                number_text = reserve_number(random)
                if random.random() < 0.5:
                    number_text = f"{number_text[:8]}{random.choice((' ', '-', ' och '))}{number_text[8:].lower()}"
                yield "personal_number", frame.format(number_text)
            case 3:
                yield "phone", frame.format(random.choice(phones)(phone_number(random), random))
            case _:
                words = random.sample(("alva", "berg", "skog", "familjen", "mamma", "nord", "post", "hemma"), k=3)
                yield "email", frame.format(random.choice(_MAIL_FORMS).format(*words))
