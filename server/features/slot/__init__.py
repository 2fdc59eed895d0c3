"""Slot: a consultation time that a consultant offers to colleagues in the area. De-identified, never about a child.

Everybody in the area sees when there is time, nobody sees who has booked it. A consultant is in one place at a time:
the unit keeps each consultant's coming times, so that two overlapping ones are refused. A weekly pattern passes over
holidays, the unit's closed days and what is taken. Source: rules.md 2, 3.5 and 5.4.
"""

from server.features.consultant_time import TakenTime, overlap
from server.features.shape import Feature
from server.features.slot.offering import Offer
from server.features.slot.publishing import Publish
from server.features.slot.rows import (
    CONSULTANT,
    BookingRow,
    ConsultantTimesRow,
    Slot,
    SlotRow,
    Topic,
    coming,
    engaged,
    project,
    project_times,
    reminders,
)
from server.features.slot.tidying import Lapse, Tidy

__all__ = [
    "CONSULTANT",
    "BookingRow",
    "ConsultantTimesRow",
    "Lapse",
    "Offer",
    "Publish",
    "Slot",
    "SlotRow",
    "TakenTime",
    "Tidy",
    "Topic",
    "coming",
    "engaged",
    "features",
    "overlap",
    "project",
    "project_times",
    "reminders",
]

features = (
    Feature(
        entity="slot",
        row=SlotRow,
        project=project,
        documents=(Slot,),
        reminders=reminders,
        commands=(Publish, Lapse, Tidy),
    ),
    Feature(entity="consultant_times", row=ConsultantTimesRow, project=project_times),
)
