"""Open hour: a consultation hour of every week, open to the whole area, with a place in line. No child is named."""

from server.features.open_hour.documents import OpenHour, Place, place_reminders, project, project_place, reminders
from server.features.open_hour.line import Join, Leave, Next
from server.features.open_hour.opening import Close, Open, Roll
from server.features.open_hour.rows import OpenHourRow, PlaceRow
from server.features.shape import Feature

features = (
    Feature(
        entity="open_hour",
        row=OpenHourRow,
        project=project,
        documents=(OpenHour,),
        reminders=reminders,
        commands=(Open, Close, Join, Next, Roll),
    ),
    Feature(
        entity="open_hour_place",
        row=PlaceRow,
        project=project_place,
        documents=(Place,),
        reminders=place_reminders,
        commands=(Leave,),
        said_in={
            "open_hour_next": ("waiting", "called"),
            "open_hour_turn": ("called",),
            "open_hour_missed": ("not_reached",),
        },
    ),
)
