"""A person may be named by the user's id, as model.md 4 has it; the rows name the seat or the relation all the same."""

from __future__ import annotations

from typing import Any

import pytest

from server.errors import Refused
from tests.conftest import Place
from tests.sync.peer import Town, town_at


async def known(town: Town, who: str, entity: str) -> list[dict[str, Any]]:
    peer = await town.peer(who)
    found = list(peer.copy.all(entity))
    await peer.cut()
    return found


async def test_colleague_and_family_are_understood_by_their_users_ids(place: Place) -> None:
    async with town_at(place) as town:
        world = town.world
        await town.act("maria", "coordinator.deputy", child=world.elsa, person=world["elin"].account)
        card = next(one for one in await known(town, "maria", "coordinator") if one["child"] == world.elsa)
        assert card["deputy"]["name"] == world["elin"].name
        await town.act("maria", "message.send", child=world.elsa, text="Hej!", to=world["anna"].account)
        assert [one["text"] for one in await known(town, "anna", "message")] == ["Hej!"]
        made = await town.act(
            "maria",
            "meeting.propose",
            child=world.elsa,
            kind="network",
            starts_local="2026-11-20T10:00",
            place="Biblioteket",
            invited=[world["anna"].account],
            staff=[world["maria"].account],
            invite=True,
        )
        assert [one["id"] for one in await known(town, "anna", "meeting")] == [made["meeting"]]


async def test_users_id_of_somebody_else_names_nobody(place: Place) -> None:
    async with town_at(place) as town:
        world = town.world
        for stranger in (world["noor"].account, world["jonas"].account):
            with pytest.raises(Refused, match="invalid"):
                await town.act("maria", "message.send", child=world.elsa, text="Hej!", to=stranger)
        with pytest.raises(Refused, match="invalid"):
            await town.act("maria", "coordinator.deputy", child=world.elsa, person=world["anna"].account)
