"""Contact request: somebody asks to be called back, and Samled promises by when (kontaktgaranti).

The clock starts when the server hears the request and counts working days. A family asks the coordinator of their
child; a professional asks a function in a unit, about no named child. Whoever has not been answered in time is told
so, and the deputy and those who lead the unit hear of it. Source: rules.md 2 and 5.4, model.md 3 and 4.
"""

from server.features.contact_request.answering import Answer, Escalate, StandIn
from server.features.contact_request.asking import Request, Withdraw
from server.features.contact_request.documents import ContactRequest, LatePromise, project
from server.features.contact_request.rows import ContactRequestRow, reminders
from server.features.shape import Feature

feature = Feature(
    entity="contact_request",
    row=ContactRequestRow,
    project=project,
    documents=(ContactRequest, LatePromise),
    reminders=reminders,
    commands=(Request, Answer, StandIn, Withdraw, Escalate),
    said_in=dict.fromkeys(("contact_new", "contact_tried", "contact_late", "contact_escalated"), ("open",)),
)
