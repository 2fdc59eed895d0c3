"""Region: the help contacts and links that everybody has, in the public scope. About nobody, asked for by nobody.

The same as `/public/region.json`, for clients that read the scope alone. The house keeps them as `data.py` and the
catalogs have them; a change there reaches devices at the next start. Source: model.md 3, rules.md 7.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import ClassVar, Final

from server.domain import scopes
from server.domain.access import SCHEDULED, Rule
from server.domain.actors import Actor
from server.features.around import Around
from server.features.region.data import CONTACTS, HOURS_TRUSTED_MONTHS, LINKS
from server.features.shape import Command, Document, Feature, Moment, Projected, Row, Target, Writes
from server.ids import derived_id
from server.texts import LANGUAGES, Texts

BEGAN: Final = datetime(2026, 1, 1, tzinfo=UTC)
REGION: Final = derived_id(BEGAN, "region", 0)
"""The aggregate: there is one region."""


class HelpContactRow(Row, frozen=True, kw_only=True, omit_defaults=True):
    entity: ClassVar[str] = "help_contact"
    aggregate: ClassVar[str] = "region"

    key: str
    place: int
    number: str
    tel: str
    chat: str
    audience: str
    verified_on: str
    hours_until: str
    texts: dict[str, dict[str, str]]


class HelpLinkRow(Row, frozen=True, kw_only=True, omit_defaults=True):
    entity: ClassVar[str] = "help_link"
    aggregate: ClassVar[str] = "region"

    key: str
    place: int
    url: str
    verified_on: str
    texts: dict[str, dict[str, str]]


class HelpContact(Document, frozen=True, kw_only=True, omit_defaults=True):
    key: str
    place: int
    """They are shown in this order: danger first."""
    number: str
    """As people know it; empty for a page alone."""
    tel: str
    """What is dialled, as it stands: short codes are no international numbers."""
    chat: str
    audience: str
    verified_on: str
    hours_until: str
    """The day (exclusive) until which the hours may be shown; the number is shown for ever."""
    texts: dict[str, dict[str, str]]
    """{language: {name, about, hours}}"""


class HelpLink(Document, frozen=True, kw_only=True, omit_defaults=True):
    key: str
    place: int
    url: str
    verified_on: str
    texts: dict[str, dict[str, str]]
    """{language: {name, about}}"""


def hours_until(verified_on: date) -> str:
    """The day until which opening hours that were checked then can be trusted (exclusive)."""
    return verified_on.replace(year=verified_on.year + HOURS_TRUSTED_MONTHS // 12).isoformat()


def rows() -> Iterable[HelpContactRow | HelpLinkRow]:
    """What the region has now, with the ids it always has."""
    for place, one in enumerate(CONTACTS):
        yield HelpContactRow(
            id=derived_id(BEGAN, f"help_contact/{one.key}", 0),
            owner_unit="",
            key=one.key,
            place=place,
            number=one.number,
            tel=one.number.replace(" ", "").replace("-", ""),
            chat=one.chat,
            audience=one.audience,
            verified_on=one.verified_on.isoformat(),
            hours_until=hours_until(one.verified_on),
            texts=_in_all_languages(name=one.name, about=one.about, hours=one.hours),
        )
    for place, link in enumerate(LINKS):
        yield HelpLinkRow(
            id=derived_id(BEGAN, f"help_link/{link.key}", 0),
            owner_unit="",
            key=link.key,
            place=place,
            url=link.url,
            verified_on=link.verified_on.isoformat(),
            texts=_in_all_languages(name=link.name, about=link.about),
        )


def _in_all_languages(**msgids: str) -> dict[str, dict[str, str]]:
    return {lang: {key: Texts(lang).gettext(text) for key, text in msgids.items()} for lang in LANGUAGES}


def project_contact(row: HelpContactRow, around: Around) -> Projected:
    yield scopes.PUBLIC, _whole(HelpContact, row)


def project_link(row: HelpLinkRow, around: Around) -> Projected:
    yield scopes.PUBLIC, _whole(HelpLink, row)


def _whole(document: type[Document], row: Row) -> Document:
    """Each field of the document as the row has it: what is about nobody is shown as it is kept."""
    return document(**{name: getattr(row, name) for name in document.__struct_fields__})


class Keep(Command):
    """The house keeps what the region has; said again without a change it writes nothing."""

    name: ClassVar[str] = "region.keep"
    rule: ClassVar[Rule] = Rule(by=SCHEDULED)
    internal: ClassVar[bool] = True

    def targets(self, actor: Actor) -> tuple[Target, ...]:
        return (Target(REGION, create="region"),)

    def decide(self, around: Around, actor: Actor, at: Moment) -> Writes:
        wanted = {row.id: row for row in rows()}
        known = {row.id: row for row in around.rows}
        changed = tuple(row for id, row in wanted.items() if known.get(id) != row)
        return Writes(rows=changed, remove=tuple(id for id in known if id not in wanted))


features = (
    Feature(
        entity="help_contact",
        row=HelpContactRow,
        project=project_contact,
        documents=(HelpContact,),
        commands=(Keep,),
    ),
    Feature(entity="help_link", row=HelpLinkRow, project=project_link, documents=(HelpLink,)),
)
