"""Meeting: when, where, who comes, how each takes part, and afterwards what was decided and how the child was heard."""

from server.features.meeting.documents import CoordinatorMeeting, FamilyMeeting, ProfessionalMeeting, project
from server.features.meeting.holding import Amend, DecisionDone, Hold, ToSip
from server.features.meeting.planning import Cancel, Invite, Move, Propose
from server.features.meeting.reminding import reminders
from server.features.meeting.rows import TO_COME, MeetingRow
from server.features.meeting.taking_part import AskNewTime, CheckIn, Respond
from server.features.shape import Feature

feature = Feature(
    entity="meeting",
    row=MeetingRow,
    project=project,
    documents=(FamilyMeeting, ProfessionalMeeting, CoordinatorMeeting),
    reminders=reminders,
    commands=(Propose, Invite, Move, Cancel, Respond, CheckIn, AskNewTime, Hold, Amend, DecisionDone, ToSip),
    overrides=frozenset({"meeting_moved", "meeting_cancelled"}),
    said_in=dict.fromkeys(("meeting_invited", "meeting_moved", "meeting_new_time", "meeting_declined"), TO_COME),
)
