"""Team (SAMBU-team): professionals of several units who meet at a fixed time and place, and what is raised to them.

A child is named only under a live consent for the team that names every unit in it; all else is raised without a name,
and nothing then leads back to a child. Source: rules.md 2 and 3.4, model.md 3 and 4, product.md (SAMBU-team).
"""

from server.features.shape import Feature
from server.features.team.documents import Team, TeamCase, grants, project, project_case
from server.features.team.forming import Change, Form, Roll
from server.features.team.raising import Raise, Withdraw
from server.features.team.rows import WAITING, TeamCaseRow, TeamRow, reminders
from server.features.team.scheduling import Schedule

features = (
    Feature(
        entity="team",
        row=TeamRow,
        project=project,
        documents=(Team,),
        grants=grants,
        reminders=reminders,
        commands=(Form, Change, Roll),
    ),
    Feature(
        entity="team_case",
        row=TeamCaseRow,
        project=project_case,
        documents=(TeamCase,),
        commands=(Raise, Withdraw, Schedule),
        overrides=frozenset({"team_scheduled"}),
        said_in={"team_raised": WAITING, "team_scheduled": ("scheduled",)},
    ),
)
