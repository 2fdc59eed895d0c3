"""Term meeting (terminsmöte): the area's professionals around one table each school term, and what came of it."""

from server.features.shape import Feature
from server.features.term_meeting.documents import TermMeeting, project
from server.features.term_meeting.minutes import Minutes
from server.features.term_meeting.planning import Cancel, Move, Plan
from server.features.term_meeting.reminding import reminders
from server.features.term_meeting.rows import TermMeetingRow
from server.features.term_meeting.taking_part import Respond
from server.features.term_meeting.terms import Begin, Dates, Gather, Propose

feature = Feature(
    entity="term_meeting",
    row=TermMeetingRow,
    project=project,
    documents=(TermMeeting,),
    reminders=reminders,
    commands=(Plan, Move, Cancel, Respond, Minutes, Propose, Dates, Begin, Gather),
    overrides=frozenset({"term_moved", "term_cancelled"}),
    said_in={"term_planned": ("planned",), "term_moved": ("planned",)},
)
