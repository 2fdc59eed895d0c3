"""Directory: whom to turn to, by function and not by person, with a deputy, and confirmed twice a year."""

from server.features.directory.commands import Confirm, Edit, Remove, Stale, Tally
from server.features.directory.documents import ContactTally, FunctionContact, project, reminders
from server.features.directory.rows import FunctionContactRow, TallyRow
from server.features.directory.tallies import project_tally
from server.features.shape import Feature

features = (
    Feature(
        entity="function_contact",
        row=FunctionContactRow,
        project=project,
        documents=(FunctionContact,),
        reminders=reminders,
        commands=(Confirm, Edit, Remove, Tally, Stale),
    ),
    Feature(entity="contact_tally", row=TallyRow, project=project_tally, documents=(ContactTally,)),
)
