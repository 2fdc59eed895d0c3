"""The demonstration's colleagues: who works in which unit, with which functions. Everybody is invented."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from server.demo.world import UNITS

FIRST_MOBILE, MOBILES = 701740605, 76
"""070-174 06 05 to 06 99 is a series reserved for fiction; the last of it is left to families."""
FIRST_DESK = 313900650


@dataclass(frozen=True)
class StaffPlan:
    """One person in a unit; `key` finds those whom stories are told about. A second seat names the first in `same`."""

    unit: str
    name: str
    title: str
    functions: tuple[str, ...]
    phone: str = ""
    hours: str = "vardagar 8–16"
    key: str = ""
    lead: bool = False
    same: str = ""


Role = tuple[str, tuple[str, ...]]
_HEAD: Role = ("Rektor", ("head_teacher",))
_COUNSELLOR: Role = ("Skolkurator", ("counsellor", "coordinator"))
_NURSE: Role = ("Skolsköterska", ("nurse", "coordinator"))
_ROLES: dict[str, tuple[Role, ...]] = {
    "school_health": (_HEAD, _COUNSELLOR),
    "primary_care_centre": (("Distriktsläkare", ("doctor", "unit_manager")),),
    "youth_mental_health_primary": (
        ("Enhetschef, psykolog", ("unit_manager", "consultant")), ("Kurator", ("consultant", "buse")),
        ("Psykolog", ("consultant", "psychologist")),
    ),
    "rehab_clinic": (("Arbetsterapeut", ("therapist", "unit_manager")), ("Fysioterapeut", ("physiotherapist",))),
    "social_services": (("Enhetschef", ("unit_manager",)), ("Socialsekreterare", ("social_worker", "intake"))),
    "child_psychiatry": (
        ("Enhetschef", ("unit_manager",)), ("Vårdsamordnare", ("care_coordinator", "sip_trainer")),
        ("Överläkare", ("psychiatrist",)),
    ),
    "youth_clinic": (("Barnmorska", ("midwife", "unit_manager")), ("Kurator", ("counsellor", "sip_trainer"))),
    "child_health": (("BVC-sköterska", ("child_health_nurse", "unit_manager")),),
    "family_centre": (
        ("Förskollärare", ("open_preschool", "unit_manager")), ("Familjerådgivare", ("family_support", "sip_trainer")),
    ),
    "habilitation": (("Enhetschef", ("unit_manager",)), ("Logoped", ("speech_therapist",))),
}  # fmt: skip
"""Who works in a unit of the kind; the first one leads it."""
_MORE: dict[str, tuple[Role, ...]] = {
    "hassel": (_NURSE, ("Specialpedagog", ("special_educator", "buse"))),
    "toreboda": (_NURSE, ("Skolpsykolog", ("school_psychologist", "sip_trainer"))),
    "sjostrand": (_NURSE,),
    "kornhagen": (_NURSE, ("Närvarosamordnare", ("absence_coordinator", "buse"))),
    "lundberga": (_NURSE, ("Skolläkare", ("school_doctor",))),
    "vinterhed": (_NURSE,),
    "asglantan": (_NURSE, ("Studie- och yrkesvägledare", ("study_counsellor",))),
    "kvarnlilja": (_NURSE,),
    "vc": (("Distriktssköterska", ("district_nurse",)), ("Rehabkoordinator", ("rehab_coordinator", "sip_trainer"))),
    "rehab": (("Dietist", ("dietitian",)),),
    "soc": (("Fältsekreterare", ("field_worker",)), ("Familjebehandlare", ("family_support", "sip_trainer"))),
    "soc_toreboda": (("Socialsekreterare", ("social_worker", "buse")),),
    "soc_gotene": (("Familjebehandlare", ("family_support", "buse")),),
    "soc_harlanda": (("Teamledare", ("team_leader", "sip_trainer")),),
    "soc_molndal": (("Teamledare", ("team_leader", "buse")),),
    "bup": (("Kurator", ("social_worker", "buse")), ("Psykolog", ("psychologist", "consultant"))),
    "um": (("Psykolog", ("psychologist",)),),
}
NAMED = (
    StaffPlan("lillan", "Birgitta Falk", "Rektor", ("head_teacher",), key="birgitta", lead=True),
    StaffPlan("lillan", "Maria Ekdahl", "Skolkurator", ("counsellor", "coordinator", "buse"), key="maria"),
    StaffPlan("lillan", "Johan Nyström", "Skolsköterska", ("nurse", "coordinator"), key="johan"),
    StaffPlan("lillan", "Elin Sand", "Specialpedagog", ("special_educator", "coordinator"), key="elin"),
    StaffPlan("lillan", "Hanna Lilja", "Skolpsykolog", ("school_psychologist", "coordinator"), key="hanna"),
    StaffPlan("uph", "Sara Lindh", "Enhetschef, kurator", ("unit_manager", "consultant"), key="sara", lead=True),
    StaffPlan("uph", "Jonas Berg", "Psykolog", ("consultant", "psychologist"), key="jonas"),
    StaffPlan("uph", "Tove Hallberg", "Arbetsterapeut", ("therapist",), key="tove"),
    StaffPlan("rehab", "Tove Hallberg", "Arbetsterapeut", ("therapist", "sip_trainer"), key="tove_rehab", same="tove"),
    StaffPlan("soc", "Karin Vall", "Samordnare", ("team_leader", "social_worker"), key="karin", lead=True),
    StaffPlan("bup", "Petra Svahn", "Psykolog", ("psychologist", "care_coordinator"), key="petra"),
    StaffPlan("orgryte", "Nils Åberg", "Skolkurator", ("counsellor", "coordinator"), key="outsider"),
)
_GIVEN = (
    "Agneta", "Amir", "Annika", "Behrang", "Bodil", "Carina", "Cecilia", "Daniel", "Ebba-Lisa", "Emil", "Eva", "Farah",
    "Fredrik", "Gabriel", "Gunilla", "Helen", "Ibrahim", "Ingela", "Jasmina", "Jenny", "Kajsa", "Karl-Johan", "Lars",
    "Leyla", "Linda", "Lisbet", "Magnus", "Marit", "Mikael", "Mohammed", "Monica", "Nadia", "Niklas", "Ola", "Pernilla",
    "Rebecka", "Rolf", "Samuel", "Susanne", "Tina", "Tomas", "Ulrika", "Viktor", "Yasmin", "Ylva", "Zoran", "Åsa",
    "Östen", "Birgit", "Camilla", "Dragana",
)  # fmt: skip
_FAMILY = (
    "Almgren", "Blomdahl", "Carlbom", "Dahlin", "Edvinsson", "Forsell", "Gyllander", "Hosseini", "Idestam", "Jarl",
    "Kvist", "Lövgren", "Marković", "Nordlund", "Orrenius", "Palmér", "Rask", "Stenfors", "Tegnér", "Ulfsdotter",
    "Vinge", "Wallmark", "Zetterlund", "Åkerblom", "Östling", "Hadžić", "Rahimi", "Söderhielm", "Klintberg",
)  # fmt: skip


def _everybody() -> Iterator[StaffPlan]:
    n = 0
    for unit in UNITS:
        named = [one for one in NAMED if one.unit == unit.key]
        yield from named
        roles = () if unit.key == "lillan" else (*_ROLES[unit.kind], *_MORE.get(unit.key, ()))
        led = any(one.lead for one in named)
        for place, (title, functions) in enumerate(roles):
            if (title, unit.key) in ((_COUNSELLOR[0], "orgryte"), ("Enhetschef, psykolog", "uph")):
                continue
            name = f"{_GIVEN[n % len(_GIVEN)]} {_FAMILY[n * 3 % len(_FAMILY)]}"
            n += 1
            yield StaffPlan(unit.key, name, title, functions, lead=place == 0 and not led)


def _phone(n: int) -> str:
    return f"+46{FIRST_MOBILE + n if n < MOBILES else FIRST_DESK + n - MOBILES}"


STAFF = tuple(
    StaffPlan(one.unit, one.name, one.title, one.functions, _phone(n), one.hours, one.key, one.lead, one.same)
    for n, one in enumerate(_everybody())
)
