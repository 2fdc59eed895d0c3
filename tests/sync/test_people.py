"""A person may be named by the user's id, as model.md 4 has it; the rows name the seat or the relation all the same."""

from __future__ import annotations

from typing import Any

import pytest

from server.domain.actors import SeatKind
from server.errors import Refused
from server.features.person import StaffRow
from tests.conftest import Place
from tests.people import add_guardian
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


async def test_users_id_means_the_relation_that_holds_and_not_one_that_ended(place: Place) -> None:
    async with town_at(place) as town:
        world = town.world
        omar = world["omar"].account
        # Asked twice, come in by the second, ended, and in again by the first.
        await town.act("maria", "guardian.end", child=world.elsa, relation=world.relations["omar"])
        first = await town.act("maria", "guardian.invite", child=world.elsa, name_shown="Omar")
        await add_guardian(world, world.elsa, "Omar", omar)
        await town.act("maria", "guardian.end", child=world.elsa, relation=world.relations["omar"])
        await world.stage.join(world.elsa, str(first["relation"]), omar, SeatKind.GUARDIAN)
        await town.act("maria", "message.send", child=world.elsa, text="Hej!", to=omar)


async def test_what_somebody_is_at_work_now_counts_on_a_socket_that_was_open_before(place: Place) -> None:
    async with town_at(place) as town:
        world = town.world
        hour = await town.act(
            "sara", "open_hour.open", mode="phone", topics=["sleep"], phone="+46313900601", weekday=3, at="10:00", minutes=60,
        )  # fmt: skip
        jonas = await town.peer("jonas")

        async def become(*functions: str) -> None:
            row = StaffRow(
                id=jonas.person.seat, owner_unit=world.units["clinic"], account=jonas.person.account, name="Jonas Berg",
                title="Psykolog", functions=functions,
            )  # fmt: skip
            world.stage.clock.set(town.now())
            await world.stage.keep({world.units["clinic"]: [row]})

        await become()
        assert (await jonas.ask("open_hour.close", open_hour=hour["open_hour"]))["code"] == "not_allowed"
        await become("consultant")
        assert (await jonas.ask("open_hour.close", open_hour=hour["open_hour"]))["ok"]
