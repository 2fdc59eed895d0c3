"""The demonstration's places and colleagues: areas, organisations, units and the people who work in them. Invented."""

from __future__ import annotations

from dataclasses import dataclass, field

AREA = "Norra Skaraborg"
AREA_2 = "Göteborgsområdet"
AREA_3 = "Pilot väst"


@dataclass(frozen=True)
class UnitPlan:
    """One unit; `town` is a municipality or district. Phones are from the series reserved for fiction."""

    key: str
    name: str
    kind: str
    town: str
    area: str
    organisation: str
    phone: str
    hours: str = "vardagar 8–16"
    offers: str = ""


@dataclass(frozen=True)
class StaffPlan:
    """One person in a unit; `key` is set for the personas one can sign in as."""

    unit: str
    name: str
    title: str
    functions: tuple[str, ...]
    phone: str
    hours: str = "vardagar 8–15"
    key: str = ""
    lead: bool = False
    also: tuple[str, ...] = field(default_factory=tuple)


AREAS = {
    "norra": (AREA, "norra-skaraborg"),
    "goteborg": (AREA_2, "goteborgsomradet"),
    "vast": (AREA_3, "pilot-vast"),
}

UNITS = (
    UnitPlan("lillan", "Lillåns skola, elevhälsan", "school_health", "Mariestad", "norra", "mariestad", "0313900601"),
    UnitPlan("uph", "UPH Norra Skaraborg", "youth_mental_health_primary", "Mariestad", "norra", "region", "0313900602"),
    UnitPlan("vc", "Vårdcentralen Vadsbro", "primary_care_centre", "Mariestad", "norra", "region", "0313900603"),
    UnitPlan("bup", "BUP Skaraborg", "child_psychiatry", "Mariestad", "norra", "region", "0313900604"),
    UnitPlan("rehab", "Rehabmottagningen Mariestad", "rehab_clinic", "Mariestad", "norra", "region", "0313900605"),
    UnitPlan(
        "soc", "Socialtjänsten, barn och familj", "social_services", "Mariestad", "norra", "mariestad", "0313900606"
    ),
    UnitPlan(
        "toreboda", "Björkängens skola, elevhälsan", "school_health", "Töreboda", "norra", "toreboda", "0313900607"
    ),
    UnitPlan("orgryte", "Örgryteskolan, elevhälsan", "school_health", "Örgryte", "goteborg", "goteborg", "0313900608"),
    UnitPlan("mark", "Marks elevhälsa", "school_health", "Mark", "vast", "mark", "0313900609"),
)

STAFF = (
    StaffPlan("lillan", "Maria Ekdahl", "Skolkurator", ("counsellor", "coordinator"), "0701740621", key="maria"),
    StaffPlan("lillan", "Johan Nyström", "Skolsköterska", ("nurse", "coordinator"), "0701740622", key="johan"),
    StaffPlan("lillan", "Birgitta Falk", "Rektor", ("head_teacher",), "0701740623", lead=True),
    StaffPlan("lillan", "Elin Sand", "Specialpedagog", ("counsellor",), "0701740624"),
    StaffPlan("uph", "Jonas Berg", "Psykolog", ("consultant",), "0701740631", key="jonas"),
    StaffPlan("uph", "Sara Lindh", "Kurator", ("consultant",), "0701740632", lead=True),
    StaffPlan("vc", "Amir Hosseini", "Läkare", ("doctor",), "0701740633", lead=True),
    StaffPlan("bup", "Petra Svahn", "Psykolog", ("consultant",), "0701740634", lead=True),
    StaffPlan("rehab", "Tove Hallberg", "Arbetsterapeut", ("therapist",), "0701740635", lead=True),
    StaffPlan("soc", "Karin Vall", "Samordnare", ("team_leader",), "0701740641", key="karin", lead=True),
    StaffPlan("toreboda", "Lisbet Rask", "Skolkurator", ("counsellor",), "0701740642", lead=True),
    StaffPlan("orgryte", "Nils Åberg", "Skolkurator", ("counsellor",), "0701740643", key="outsider", lead=True),
    StaffPlan("mark", "Ylva Öst", "Skolkurator", ("counsellor",), "0701740644", lead=True),
)
