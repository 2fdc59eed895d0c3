"""Every story of the demonstration."""

from __future__ import annotations

from server.demo import (
    directory,
    edges_family,
    edges_sharing,
    edges_time,
    elsa,
    leading,
    lines,
    ordinary,
    slots,
    talks,
    teams,
    terms,
)
from server.demo.play import Play
from server.demo.timeline import Story


def all_stories(play: Play) -> list[Story]:
    """In the order in which personas are listed."""
    return [
        elsa.elsa(play),
        leading.noor(play),
        leading.yusuf(play),
        *edges_family.stories(play),
        *edges_time.stories(play),
        *edges_sharing.stories(play),
        *ordinary.stories(play),
        *slots.all_consultants(play),
        *lines.stories(play),
        *directory.stories(play),
        *terms.stories(play),
        *teams.stories(play),
        *talks.stories(play),
    ]
