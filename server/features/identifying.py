"""Identifying text: what is asked of colleagues about somebody must not say who it is. One refusal for all of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from server.domain import deidentify
from server.errors import Refused

Confirmed = Annotated[list[Annotated[str, Field(max_length=500)]], Field(max_length=50)]
"""Words that the sender has looked at and says name nobody."""


def refuse_identifying(field: str, text: str | None, confirmed: Sequence[str], *may_stand: str) -> None:
    """Refuses a text by which somebody could be known, with the places and without the words.

    `may_stand` are the names of those who talk to each other, as far as they are known.
    """
    names = tuple(filter(None, may_stand))
    found = deidentify.blocking(text, confirmed=confirmed, allowed_names=names) if text else []
    if found:
        places = [{"field": field, "kind": one.kind, "start": one.start, "end": one.end} for one in found]
        raise Refused("identifying_text", fields={field: "identifying"}, data={"suspects": places})
