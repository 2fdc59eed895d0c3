"""What every feature keeps, whoever wrote it (architecture.md 3): found by the registry, not listed here."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any, Final

import msgspec
import pytest
import pytest_asyncio

from server.domain.instants import to_text
from server.errors import Refused
from server.features import load
from server.features.contract import contract_of
from server.storage.engine import Engine, TransientFault, Tx, open_engine
from server.sync import frames, pull, push
from server.sync.frames import CommandFrame
from server.sync.replica import Copy
from tests.access.cases import CASES
from tests.access.scene import NOBODY, Scene, Undone, build, house_on, scene_on
from tests.access.test_commands import filled
from tests.conftest import Place
from tests.promises.walking import Wishes, pool_of, wander
from tests.promises.whole import problems

module = pytest.mark.asyncio(loop_scope="module")

INTERNAL: Mapping[str, str] = {
    "child": "area opened_at closed_at protection turns_18_on",
    "relation": "kind name invited_at invited_by account seat joined_at verified_at verified_by ended_at",
    "coordinator": "seat earlier",
    "post": "child seat unit since ended_at",
    "consent": "asked_by answers withdrawn_by",
    "message": "sender",
    "contact_request": "asker account",
    "meeting": "proposed_by told_at invited_by invited staff checked_in new_time cancelled_at noted_by",
    "voice": "relation seen_by_guardians seen_by_units",
    "waiting": "opened_at unit ended_on",
    "support_measure": "unit",
    "slot": "tidied join_url phone freed_at lapsed",
    "slot_wish": "area seat account passed",
    "team": "first_on",
    "team_case": "seat account units",
    "open_hour": "join_url",
    "open_hour_place": "seat account joined_at",
    "term_meeting": "answers told_at minutes_by",
    "task": "about_entity about_doc",
    "contact_tally": "contact",
    "area_figures": "area promises_told times_told together_on",
    "booking": "seat account booked_at",
    "consultant_times": "unit seat times",
    "notice": "about account urgent family",
    "settings": "user asked",
    "unreached": "account notice",
    "term_unreached": "account notice doc kind since area",
    "booking_unreached": "account notice doc kind since slot",
    "calendar": "user",
    "device": "user",
    "unit": "organisation promise_days leads admins",
    "staff": "account ended_at",
    "lead": "area account name ended_at",
    "area": "due_time required_functions term_begun",
    "access_entry": "seat unit title",
    "newcomer": "made_by language",
    "admin": "account name",
    "import": "kind rows made_at made_by",
}
"""Stored, and under that name in no document: told otherwise, or to nobody."""


@pytest.mark.parametrize("entity", sorted(load().by_entity))
def test_stored_field_reaches_an_audience_or_is_internal(entity: str) -> None:
    feature = load().by_entity[entity]
    shown = {name for document in feature.documents for name in document.__struct_fields__}
    stored = set(feature.row.__struct_fields__) - {"id", "owner_unit"}
    internal = set(INTERNAL.get(entity, "").split())
    assert stored - shown - internal == set(), "show it to somebody, or write it down as internal"
    assert internal - stored == set()


@pytest.mark.parametrize("name", sorted(load().commands))
def test_command_has_rule_shape_and_words(name: str) -> None:
    command = load().commands[name]
    assert command.rule.by and command.rule.seats
    assert command.model_config.get("extra") == "forbid" and command.model_config.get("strict") is True
    assert command.__doc__ and command.__doc__.strip()
    assert command.on_scope_loss in ("keep", "purge")
    assert not (command.confirm and command.optimistic)
    written = contract_of(load())["commands"]
    assert (name in written) is not command.internal


CONFIRM: Final = (
    "guardian.invite guardian.verify guardian.end young.invite supporter.invite supporter.end seat.assign seat.end"
    " coordinator.away coordinator.deputy voice.release voice.take_back consent.ask consent.answer consent.withdraw"
    " consent.record handover.propose handover.agree handover.accept handover.decline handover.complete slot.book"
    " slot.release booking.outcome directory.confirm directory.edit person.leave push.subscribe push.unsubscribe"
    " settings.change device.forget protect.set protect.add protect.lift"
)
OPTIMISTIC: Final = "meeting.respond meeting.check_in meeting.ask_new_time term.respond"
OTHERWISE: Final = (
    "child.open child.close child.rename contact.request contact.answer contact.withdraw message.send meeting.propose"
    " meeting.invite meeting.move meeting.cancel meeting.hold meeting.amend meeting.to_sip waiting.open"
    " waiting.check_in waiting.worse"
    " waiting.end measure.offer measure.follow_up handover.withdraw slot.publish slot.withdraw team.raise team.schedule"
    " team.propose team.follow team.feedback team.close team.withdraw term.plan term.minutes task.done deviation.raise"
    " deviation.reply deviation.lift noop"
)
"""The commands of model.md 4 by what may be shown of them before the answer. `term.respond` is one's own answer."""


def test_commands_of_the_model_are_shown_before_the_answer_as_it_says() -> None:
    commands = contract_of(load())["commands"]
    for names, confirm, optimistic in ((CONFIRM, True, False), (OPTIMISTIC, False, True), (OTHERWISE, False, False)):
        built = [name for name in names.split() if name in commands]
        found = {name: (commands[name]["confirm"], commands[name]["optimistic"] is not None) for name in built}
        assert found == dict.fromkeys(built, (confirm, optimistic))


def test_absence_is_offered_to_those_who_have_a_post() -> None:
    assert contract_of(load())["commands"]["coordinator.away"]["seats"] == ["staff"]


def test_offer_conditions_name_fields_of_the_document() -> None:
    contract = contract_of(load())
    known = {field for entity in contract["entities"].values() for field in entity["fields"]}
    for name, command in contract["commands"].items():
        for condition in command["offered"]:
            field = condition.get("field") or condition.get("until") or condition.get("from")
            assert field in known, (name, condition)
        effect = command["optimistic"]
        if effect is not None:
            assert set(effect["set"]) <= set(contract["entities"][effect["entity"]]["fields"]), name
            assert effect["arg"] in command["args"]["properties"], name


class Inside:
    """An engine whose every transaction is the one given: what is done can be looked at, and taken back."""

    def __init__(self, tx: Tx) -> None:
        self.dialect = tx.dialect
        self._tx = tx

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Tx]:
        yield self._tx

    read = write

    async def notify(self, payload: str) -> None:
        return None


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def scene(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Scene]:
    async with scene_on(tmp_path_factory.mktemp("scene")) as built:
        yield built


@asynccontextmanager
async def taken_back(scene: Scene) -> AsyncIterator[Scene]:
    """The scene inside one transaction that is undone at the end."""
    try:
        async with scene.house.engine.write() as tx:
            yield replace(scene, house=replace(scene.house, engine=Inside(tx)))  # type: ignore[arg-type]
            raise Undone
    except Undone:
        return


async def decide(scene: Scene, who: str, name: str, args: Mapping[str, Any], n: int = 1) -> dict[str, Any]:
    sent = CommandFrame(f"{NOBODY[:-1]}{n:x}", n, name, args, "2026-11-02T09:00:00Z")
    answer: dict[str, Any] = json.loads(
        (await push.decide(scene.house, scene.actor(who), scene.replica(who), sent)).frame
    )
    return answer


async def everything(scene: Scene) -> list[Any]:
    """All that a command can change."""
    tables = {
        "record": "id",
        "feed": "scope_id, entity, doc_id",
        "scope": "id",
        "grant_": "seat_id, scope_id",
        "audit": "organisation_id, seq",
        "reminder": "id",
        "receipt": "replica_id, n",
        "session": "id",
        "invitation": "id",
        "push_subscription": "id",
        "calendar_link": "seat_id",
    }
    async with scene.house.engine.read() as tx:
        return [await tx.fetch(f"SELECT * FROM {table} ORDER BY {order}") for table, order in tables.items()]


async def copy_of(scene: Scene, who: str, copy: Copy | None = None) -> Copy:
    """What the seat's device holds after a hello, going on from `copy`."""
    actor = scene.actor(who)
    copy = copy or Copy()
    hello = frames.Hello(1, 1, actor.seat, actor.seat, copy.cursors(), copy.epoch, "sv")
    now = scene.world.stage.clock.now()
    welcome = await pull.welcome(scene.house.engine, actor, hello, now)
    held = [scope.on_wire() for scope in welcome.held]
    copy.apply({"t": "welcome", "epoch": welcome.epoch, "last_n": welcome.last_n, "scopes": held})
    for part in welcome.parts:
        for data in part.frames(actor):
            copy.apply(json.loads(data))
    return copy


def content(copy: Copy) -> dict[str, Any]:
    return {name: (held.cursor, held.rows, held.store) for name, held in copy.scopes.items()}


@module
@pytest.mark.parametrize("case", [name for name, case in CASES.items() if case.ok])
async def test_command_again_changes_nothing_and_its_delta_is_the_fresh_state(scene: Scene, case: str) -> None:
    tried = CASES[case]
    who = tried.ok.split()[0]
    args = filled(scene, tried.args)
    watchers = [name for name in scene.people if name != "erik"]
    async with taken_back(scene) as here:
        before = {name: await copy_of(here, name) for name in watchers}
        first = await decide(here, who, tried.command, args)
        assert first["ok"], first
        done = await everything(here)
        assert await decide(here, who, tried.command, args) == {**first, "result": first["result"]} or first["result"]
        assert await everything(here) == done
        for name, copy in before.items():
            assert content(await copy_of(here, name, copy)) == content(await copy_of(here, name)), name
        now = here.world.stage.clock.now()
        assert [one for one in await problems(here.house.engine, now) if not one.startswith("receipts")] == []


@module
@pytest.mark.parametrize("case", [name for name, case in CASES.items() if load().commands[case.command].optimistic])
async def test_optimistic_effect_is_the_real_one(scene: Scene, case: str) -> None:
    tried = CASES[case]
    effect: Any = load().commands[tried.command].optimistic
    args = filled(scene, tried.args)
    for who in tried.ok.split():
        if not load().commands[tried.command].rule.seats or scene.actor(who).is_professional:
            continue
        async with taken_back(scene) as here:
            assert (await decide(here, who, tried.command, args))["ok"]
            docs = (await copy_of(here, who)).all(effect["entity"])
            after = next(doc for doc in docs if doc["id"] == args[effect["arg"]])
            for field, source in effect["set"].items():
                if source.get("value") == "now":
                    assert after[field] == to_text(here.world.stage.clock.now())
                else:
                    assert after[field] == (args[source["arg"]] if "arg" in source else source["value"])


@module
async def test_asker_of_a_colleague_is_shown_with_their_unit(scene: Scene) -> None:
    asked = (await copy_of(scene, "jonas")).all("contact_request")
    assert [doc["asked_by"]["unit_name"] for doc in asked if "child" not in doc] == ["Lillåns skola"]


async def test_feed_and_grants_follow_from_the_rows_after_a_walk(place: Place) -> None:
    engine = open_engine(**place)
    await engine.start()
    async with house_on(engine) as house:
        scene = await build(house)
        for seed in range(3):
            copies = {name: await copy_of(scene, name) for name in ("anna", "noor", "maria", "jonas", "sara", "lena")}
            await wander(scene.world, random.Random(seed), 40, still=True)
            assert await problems(engine, scene.world.stage.clock.now()) == [], f"seed {seed}"
            for name, copy in copies.items():
                assert content(await copy_of(scene, name, copy)) == content(await copy_of(scene, name)), (seed, name)
    await engine.close()


async def concurrent_walks(url: str, seed: int, walkers: int, steps: int) -> tuple[Engine, Scene, list[str]]:
    """Many walk at once; (engine, scene, what failed for the moment: two that wait for each other in a circle)."""
    engine = open_engine(data=None, database_url=url)
    await engine.start()
    async with house_on(engine) as house:
        scene = await build(house)
    faults: list[str] = []

    async def one(rng: random.Random) -> None:
        wishes = Wishes(rng, scene.world)
        for _ in range(steps):
            wish = wishes.next(await pool_of(engine), scene.world.stage.clock.now())
            try:
                await scene.world.stage.act(scene.world[wish.who], wish.command, **wish.args)
            except Refused:
                pass
            except TransientFault as fault:
                faults.append(f"{wish.command}: {fault}")

    await asyncio.gather(*(one(random.Random(f"{seed}/{n}")) for n in range(walkers)))
    return engine, scene, faults


async def test_grants_follow_from_the_rows_after_concurrent_walks(postgres_url: str) -> None:
    engine, scene, faults = await concurrent_walks(postgres_url, 1, 6, 25)
    assert await problems(engine, scene.world.stage.clock.now()) == []
    assert faults == []
    await engine.close()


@pytest.mark.promise(about_s=60)
@pytest.mark.timeout(900)
async def test_grants_follow_from_the_rows_after_long_concurrent_walks(postgres_url: str) -> None:
    engine, scene, faults = await concurrent_walks(postgres_url, 2, 16, 400)
    assert await problems(engine, scene.world.stage.clock.now()) == []
    assert faults == []
    await engine.close()


def test_documents_decode_as_they_were_declared() -> None:
    for feature in load().features:
        assert feature.row.entity == feature.entity and feature.row.aggregate
        for document in feature.documents:
            msgspec.json.schema(document)
