"""The demonstration's places: areas, municipalities, organisations and units. All units are invented."""

from __future__ import annotations

from dataclasses import dataclass

AREAS = {
    "norra": ("Norra Skaraborg", "norra-skaraborg"),
    "goteborg": ("Göteborgsområdet", "goteborgsomradet"),
    "vast": ("Pilot väst", "pilot-vast"),
}
"""By key: the name, and the slug of the public page."""

AREA_OF = {
    "Mariestad": "norra", "Töreboda": "norra", "Gullspång": "norra", "Götene": "norra",
    "Örgryte/Härlanda": "goteborg", "Härryda": "goteborg", "Mölndal": "goteborg", "Partille": "goteborg",
    "Öckerö": "goteborg", "Mark": "vast", "Orust": "vast",
}  # fmt: skip
"""The eleven municipalities and districts, each in its area."""

REGION_KINDS = frozenset({
    "primary_care_centre", "youth_mental_health_primary", "rehab_clinic", "child_psychiatry", "youth_clinic",
    "child_health", "habilitation",
})  # fmt: skip
"""Kinds of unit that the region runs; the others belong to their municipality."""

FIRST_LINE = 313900600
"""031-390 06 00 to 06 99 is a series reserved for fiction; the units have the first ones of it."""


@dataclass(frozen=True)
class UnitPlan:
    """One unit; `town` is a municipality or district."""

    key: str
    name: str
    kind: str
    town: str
    offers: str
    phone: str

    @property
    def area(self) -> str:
        return AREA_OF[self.town]

    @property
    def organisation(self) -> str:
        return "region" if self.kind in REGION_KINDS else self.town


_OFFERS = {
    "school_health": "Samtal, stöd i skolan och samordning",
    "primary_care_centre": "Första bedömning, samtal och läkartid",
    "youth_mental_health_primary": "Råd och samtal för unga 6–18 år, och konsultation till skolan",
    "rehab_clinic": "Arbetsterapi och fysioterapi, sömn och stress",
    "child_psychiatry": "Utredning och behandling när någon har frågat åt er",
    "youth_clinic": "Samtal och rådgivning från 13 år, du kontaktar dem själv",
    "child_health": "Hälsobesök och föräldrastöd för de yngsta",
    "family_centre": "Öppen förskola, föräldrastöd och rådgivning",
    "habilitation": "Stöd i vardagen vid varaktig funktionsnedsättning",
    "social_services": "Råd och stöd till barn och familj",
}
_ROWS = (
    ("lillan", "Lillåns skola, elevhälsan", "school_health", "Mariestad"),
    ("hassel", "Hasselbackens skola, elevhälsan", "school_health", "Mariestad"),
    ("toreboda", "Björkängens skola, elevhälsan", "school_health", "Töreboda"),
    ("sjostrand", "Sjöstrandens skola, elevhälsan", "school_health", "Gullspång"),
    ("kornhagen", "Kornhagens skola, elevhälsan", "school_health", "Götene"),
    ("orgryte", "Örgryteskolan, elevhälsan", "school_health", "Örgryte/Härlanda"),
    ("lundberga", "Lundbergaskolan, elevhälsan", "school_health", "Örgryte/Härlanda"),
    ("vinterhed", "Vinterhedens skola, elevhälsan", "school_health", "Härryda"),
    ("asglantan", "Åsgläntans skola, elevhälsan", "school_health", "Mölndal"),
    ("raberget", "Råbergets skola, elevhälsan", "school_health", "Mölndal"),
    ("kvarnlilja", "Kvarnliljans skola, elevhälsan", "school_health", "Partille"),
    ("skarviken", "Skärvikens skola, elevhälsan", "school_health", "Öckerö"),
    ("mark", "Klockarhagens skola, elevhälsan", "school_health", "Mark"),
    ("orust", "Strandängens skola, elevhälsan", "school_health", "Orust"),
    ("vc", "Vårdcentralen Vadsbro", "primary_care_centre", "Mariestad"),
    ("vc_toreboda", "Vårdcentralen Ängslyckan", "primary_care_centre", "Töreboda"),
    ("vc_gullspang", "Vårdcentralen Kvarnudden", "primary_care_centre", "Gullspång"),
    ("vc_gotene", "Vårdcentralen Solbacken", "primary_care_centre", "Götene"),
    ("vc_harlanda", "Vårdcentralen Björklunden", "primary_care_centre", "Örgryte/Härlanda"),
    ("vc_harryda", "Vårdcentralen Hedlyckan", "primary_care_centre", "Härryda"),
    ("vc_molndal", "Vårdcentralen Strömforsen", "primary_care_centre", "Mölndal"),
    ("vc_ockero", "Vårdcentralen Fyrlyktan", "primary_care_centre", "Öckerö"),
    ("vc_mark", "Vårdcentralen Vävaren", "primary_care_centre", "Mark"),
    ("uph", "UPH Norra Skaraborg", "youth_mental_health_primary", "Mariestad"),
    ("uph_partille", "UPH Göteborgsområdet", "youth_mental_health_primary", "Partille"),
    ("rehab", "Rehabmottagningen Vadsbro", "rehab_clinic", "Mariestad"),
    ("rehab_gotene", "Rehabmottagningen Solbacken", "rehab_clinic", "Götene"),
    ("rehab_molndal", "Rehabmottagningen Strömforsen", "rehab_clinic", "Mölndal"),
    ("rehab_harryda", "Rehabmottagningen Hedlyckan", "rehab_clinic", "Härryda"),
    ("soc", "Socialtjänsten Mariestad, barn och familj", "social_services", "Mariestad"),
    ("soc_toreboda", "Socialtjänsten Töreboda, barn och familj", "social_services", "Töreboda"),
    ("soc_gullspang", "Socialtjänsten Gullspång, barn och familj", "social_services", "Gullspång"),
    ("soc_gotene", "Socialtjänsten Götene, barn och familj", "social_services", "Götene"),
    ("soc_harlanda", "Socialtjänsten Örgryte/Härlanda, barn och unga", "social_services", "Örgryte/Härlanda"),
    ("soc_molndal", "Socialtjänsten Mölndal, barn och unga", "social_services", "Mölndal"),
    ("soc_mark", "Socialtjänsten Mark, barn och familj", "social_services", "Mark"),
    ("bup", "BUP Skaraborg", "child_psychiatry", "Mariestad"),
    ("bup_molndal", "BUP Göteborgsområdet", "child_psychiatry", "Mölndal"),
    ("um", "Ungdomsmottagningen Vadsbro", "youth_clinic", "Mariestad"),
    ("um_harlanda", "Ungdomsmottagningen Björklunden", "youth_clinic", "Örgryte/Härlanda"),
    ("um_molndal", "Ungdomsmottagningen Strömforsen", "youth_clinic", "Mölndal"),
    ("bvc", "BVC Vadsbro", "child_health", "Mariestad"),
    ("bvc_ockero", "BVC Fyrlyktan", "child_health", "Öckerö"),
    ("fc_toreboda", "Familjecentralen Lönnen", "family_centre", "Töreboda"),
    ("fc_partille", "Familjecentralen Rönnen", "family_centre", "Partille"),
    ("hab", "Habiliteringen Norra Skaraborg", "habilitation", "Mariestad"),
)
UNITS = tuple(
    UnitPlan(key, name, kind, town, _OFFERS[kind], f"+46{FIRST_LINE + n}")
    for n, (key, name, kind, town) in enumerate(_ROWS)
)
