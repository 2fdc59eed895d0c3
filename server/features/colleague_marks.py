"""Marks of colleagues who have not been reached, as they are stored beside a term meeting or a booking."""

from __future__ import annotations

from typing import ClassVar

from server.features.shape import Row


class MarkRow(Row, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody whom no way has reached about `doc`, with the newest notice that did not arrive."""

    account: str
    notice: str
    doc: str
    kind: str
    since: str


class TermMarkRow(MarkRow, frozen=True, kw_only=True, omit_defaults=True):
    entity: ClassVar[str] = "term_unreached"
    aggregate: ClassVar[str] = "area"

    area: str


class BookingMarkRow(MarkRow, frozen=True, kw_only=True, omit_defaults=True):
    entity: ClassVar[str] = "booking_unreached"
    aggregate: ClassVar[str] = "slot"

    slot: str
