"""Leaving: all that a person held gets a successor in the same decision, so that nobody is forgotten."""

from server.features.person_leave import admins, leads
from server.features.person_leave.commands import Leave, Leaving

commands_alone = (Leave, Leaving, leads.Leave, leads.Leaving, admins.Leave, admins.Leaving)
