"""What functions and kinds of unit are called, and the key behind what somebody wrote in a list.

The keys are the field's terms and part of the documents; the client shows the same texts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Final

from pydantic import AfterValidator, WithJsonSchema

from server.texts import N_, Texts

FUNCTIONS: Final[Mapping[str, str]] = {
    "absence_coordinator": N_("Coordinator for school absence"),
    "buse": N_("BUSE"),
    "care_coordinator": N_("Care coordinator"),
    "child_health_nurse": N_("Child health nurse"),
    "consultant": N_("Consultant"),
    "coordinator": N_("Coordinator"),
    "counsellor": N_("Counsellor"),
    "dietitian": N_("Dietitian"),
    "district_nurse": N_("District nurse"),
    "doctor": N_("Doctor"),
    "family_support": N_("Family support"),
    "field_worker": N_("Field worker"),
    "head_teacher": N_("Head teacher"),
    "intake": N_("First contact"),
    "midwife": N_("Midwife"),
    "nurse": N_("Nurse"),
    "open_preschool": N_("Open preschool"),
    "physiotherapist": N_("Physiotherapist"),
    "psychiatrist": N_("Psychiatrist"),
    "psychologist": N_("Psychologist"),
    "rehab_coordinator": N_("Rehabilitation coordinator"),
    "school_doctor": N_("School doctor"),
    "school_psychologist": N_("School psychologist"),
    "sip_trainer": N_("SIP trainer"),
    "social_worker": N_("Social worker"),
    "special_educator": N_("Special educator"),
    "speech_therapist": N_("Speech therapist"),
    "study_counsellor": N_("Study counsellor"),
    "team_leader": N_("Team leader"),
    "therapist": N_("Occupational therapist"),
    "unit_manager": N_("Unit manager"),
}
KINDS: Final[Mapping[str, str]] = {
    "school_health": N_("School health"),
    "preschool": N_("Preschool"),
    "primary_care_centre": N_("Primary care centre"),
    "youth_mental_health_primary": N_("Primary care for young people's mental health"),
    "youth_clinic": N_("Youth clinic"),
    "rehab_clinic": N_("Rehabilitation"),
    "child_psychiatry": N_("Child and adolescent psychiatry"),
    "child_health": N_("Child health centre"),
    "family_centre": N_("Family centre"),
    "habilitation": N_("Habilitation"),
    "social_services": N_("Social services"),
}


def _is_function(key: str) -> str:
    if key not in FUNCTIONS:
        raise ValueError("no such function")
    return key


FunctionKey = Annotated[str, AfterValidator(_is_function), WithJsonSchema({"type": "string", "enum": list(FUNCTIONS)})]
"""The key of a function there is."""
ALSO: Final[Mapping[str, str]] = {
    "ger råd": "consultant",
    "konsult": "consultant",
    "konsultation": "consultant",
    "skolkurator": "counsellor",
    "sjuksköterska": "nurse",
    "skolläkaren": "school_doctor",
    "biträdande rektor": "head_teacher",
    "chef": "unit_manager",
    "enhetschef": "unit_manager",
    "verksamhetschef": "unit_manager",
    "handläggare": "social_worker",
    "mottagningen": "intake",
    "psykiater": "psychiatrist",
    "syv": "study_counsellor",
    "barn- och ungdomssamordnare": "buse",
    "skola": "school_health",
    "grundskola": "school_health",
    "elevhälsan": "school_health",
    "vc": "primary_care_centre",
    "uph": "youth_mental_health_primary",
    "bup": "child_psychiatry",
    "bvc": "child_health",
    "rehab": "rehab_clinic",
    "ungdomsmottagningen": "youth_clinic",
    "socialtjänsten": "social_services",
}
"""Other words that lists use."""


def spellings(words: Mapping[str, str], langs: Iterable[str] = ("sv", "en")) -> dict[str, str]:
    """{what may be written, case folded: the key}."""
    found = {also: key for also, key in ALSO.items() if key in words}
    for lang in langs:
        found |= {Texts(lang).gettext(text).casefold(): key for key, text in words.items()}
    return found | {key: key for key in words}
