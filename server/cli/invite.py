"""`samled invite`: the first people of an organisation, before anybody can invite anybody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import click
import msgspec

from server.auth.card import invitation_link
from server.auth.invitations import NewInvitation, Subject, create_invitation
from server.cli import opening
from server.domain.actors import SeatKind
from server.domain.instants import to_text
from server.features.newcomer import NewcomerRow
from server.features.person import UnitRow
from server.ids import new_id
from server.storage.change import AuditEntry, Change
from server.storage.commit import apply
from server.storage.engine import Tx
from server.storage.lock import lock_aggregates
from server.sync import load
from server.sync.house import House
from server.sync.keep import keep_rows

KINDS = {"admin": SeatKind.ADMIN, "staff": SeatKind.STAFF, "process-lead": SeatKind.LEAD}
OPERATOR = "operator"


@dataclass(frozen=True)
class Work:
    """What a member of staff is to do in the unit."""

    title: str
    functions: tuple[str, ...]
    leads: bool


@click.command()
@click.argument("kind", type=click.Choice(sorted(KINDS)))
@click.option("--name", required=True, help="The person's name, as it will be shown.")
@click.option("--organisation", help="Id of an organisation; an admin without one begins a new organisation.")
@click.option("--unit", help="Id of the unit a member of staff works in.")
@click.option("--area", help="Id of the area a process lead leads.")
@click.option("--title", default="", help="What a member of staff is: school counsellor, nurse ..")
@click.option("--function", "functions", multiple=True, help="A function they hold, as its key; may be repeated.")
@click.option("--leads", is_flag=True, help="They lead the unit.")
@click.option("--language", default="sv", show_default=True)
@click.option("--days", default=7, show_default=True, type=click.IntRange(1, 7), help="How long it can be used.")
@opening.json_option
def invite(
    kind: str,
    name: str,
    organisation: str | None,
    unit: str | None,
    area: str | None,
    title: str,
    functions: tuple[str, ...],
    leads: bool,
    language: str,
    days: int,
    as_json: bool,
) -> None:
    """Invite an admin, a member of staff or a process lead: prints a link and a code, once.

    Give the link and the code in different ways, to the person alone. They sign in with e-ID or a passkey afterwards.
    """
    subject = Subject(name=name, language=language, organisation=organisation, unit=unit, area=area)
    work = Work(title, functions, leads)
    made, aggregate, link = opening.go(_invite(KINDS[kind], subject, work, timedelta(days=days)))
    opening.say(
        {
            "invited": kind,
            "to": aggregate,
            "link": link,
            "code": made.code,
            "expires": to_text(made.expires_at),
        },
        as_json=as_json,
    )


async def _invite(kind: SeatKind, subject: Subject, work: Work, lifetime: timedelta) -> tuple[NewInvitation, str, str]:
    settings = opening.settings()
    async with opening.opened(settings) as parts:
        house = parts.house
        now = house.clock.now()
        async with house.engine.write() as tx:
            place, subject = await _placed(house, tx, kind, subject)
            if kind is SeatKind.STAFF:
                subject = await _expected(house, tx, subject, work, lifetime)
            made = await create_invitation(tx, kind, place, subject, OPERATOR, now, lifetime=lifetime)
            entry = AuditEntry(subject.organisation or place, OPERATOR, "invitation.create", place, "applied")
            await apply(tx, Change(audit=(entry,)), to_text(now))
        return made, place, invitation_link(settings.origin, made.token)


async def _expected(house: House, tx: Tx, subject: Subject, work: Work, lifetime: timedelta) -> Subject:
    """The same, named in the unit's rows as somebody on their way."""
    now, unit = house.clock.now(), subject.unit or ""
    row = NewcomerRow(
        id=new_id(now),
        owner_unit=unit,
        unit=unit,
        kind=SeatKind.STAFF,
        name=subject.name,
        made_at=to_text(now),
        made_by=OPERATOR,
        title=work.title,
        functions=work.functions,
        leads=work.leads,
        language=subject.language,
        expires_at=to_text(now + lifetime),
    )
    why = AuditEntry(subject.organisation or unit, OPERATOR, "newcomer.add", unit, "applied")
    await keep_rows(house, tx, {unit: [row]}, why)
    return msgspec.structs.replace(subject, relation=row.id)


async def _placed(house: House, tx: Tx, kind: SeatKind, subject: Subject) -> tuple[str, Subject]:
    """(what the invitation belongs to, whom it is for), checked against what there is."""
    if kind is SeatKind.ADMIN:
        if subject.unit or subject.area:
            raise click.UsageError("An admin belongs to an organisation, not to a unit or area.")
        organisation = subject.organisation or new_id(house.clock.now())
        return organisation, Subject(name=subject.name, language=subject.language, organisation=organisation)
    wanted, what = (subject.unit, "unit") if kind is SeatKind.STAFF else (subject.area, "area")
    if not wanted:
        raise click.UsageError(f"Give the id of the {what}: --{what} ID.")
    locked = await lock_aggregates(tx, [wanted])
    if locked.get(wanted, ("", ""))[0] != what:
        raise opening.Stopped(f"There is no {what} with this id.")
    if kind is SeatKind.LEAD:
        return wanted, Subject(name=subject.name, language=subject.language, area=wanted)
    around = (await load.around(tx, house.registry, locked, house.clock.now()))[wanted]
    row = around.get(UnitRow, wanted)
    return wanted, Subject(
        name=subject.name, language=subject.language, unit=wanted, area=row.area, organisation=row.organisation
    )
