"""Both engines keep the same promises: one transaction at a time, nothing half done, no connection lost."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from piccolo.columns import BigInt, Text
from piccolo.table import Table

from server.storage import engine as engine_module
from server.storage.engine import (
    BrokenTransaction,
    ConstraintFault,
    Engine,
    TransientFault,
    open_engine,
    run_to_end,
)


class Note(Table, tablename="note"):
    id = Text(primary_key=True)
    place = BigInt()


@pytest.fixture
async def notes(engine: Engine) -> AsyncIterator[Engine]:
    """An engine with a table of its own."""
    async with engine.write() as tx:
        await tx.execute("create table note (id text primary key, place bigint not null)")
    yield engine


async def ids(engine: Engine) -> list[str]:
    async with engine.read() as tx:
        return [row[0] for row in await tx.fetch("select id from note order by id")]


# Statements


async def test_statements_answer_alike_on_both_engines(notes: Engine) -> None:
    async with notes.write() as tx:
        assert tx.dialect == notes.dialect
        assert await tx.execute("insert into note values ($1, $2), ($3, $4)", "a", 1, "b", 2) == 2
        await tx.execute_many("insert into note values ($1, $2)", [("c", 3), ("d", 4)])
        assert await tx.fetch("select place, id from note where place > $2 and place < $1 order by id", 4, 1) == [
            (2, "b"),
            (3, "c"),
        ]
        assert await tx.fetch_one("select id from note where place = $1", 9) is None
        assert await tx.fetch_one("select id, place from note where id = $1 for update", "a") == ("a", 1)
        assert await tx.fetch_value("select count(*) from note") == 4
        assert await tx.fetch_value("select id from note where place = $1", 9) is None
        assert await tx.execute("update note set place = place + $1 where id = any($2)", 10, ["a", "b", "x"]) == 2
        assert await tx.fetch("select id from note where place <> all($1::bigint[]) order by id", [11, 12]) == [
            ("c",),
            ("d",),
        ]
        assert await tx.fetch("select id from note where id = any($1)", []) == []
        returned = await tx.fetch("insert into note values ($1, $2) on conflict do nothing returning id", "a", 1)
        assert returned == []
        assert await tx.execute("insert into note values ($1, $2) returning id", "e", 5) == 1
        assert await tx.execute("delete from note where place > $1", 100) == 0
    assert await ids(notes) == ["a", "b", "c", "d", "e"]


PLACES = "insert into note select r.id, r.place from unnest($1::text[], $2::bigint[]) r (id, place)"


async def test_what_is_done_later_is_done_before_the_next_question_and_the_commit(notes: Engine) -> None:
    async with notes.write() as tx:
        await tx.later(PLACES, ["a", "b"], [1, 2])
        await tx.later("insert into note values ($1, $2)", "c", 3)
        assert await tx.fetch("select id, place from note order by id") == [("a", 1), ("b", 2), ("c", 3)]
        await tx.later("update note set place = r.place from unnest($1::text[], $2::bigint[]) r (id, place)"
                       " where note.id = r.id", ["a", "b"], [7, 8])  # fmt: skip
        await tx.later("insert into note select r.id, $2::bigint from unnest($1::text[]) r (id)", ["d", "e"], 9)
        await tx.later("delete from note where id = any($1)", ["c", "x"])
    async with notes.read() as tx:
        assert await tx.fetch("select id, place from note order by id") == [("a", 7), ("b", 8), ("d", 9), ("e", 9)]


async def test_the_same_row_may_be_changed_later_and_later_again(notes: Engine) -> None:
    async with notes.write() as tx:
        for place in (1, 2, 3):
            await tx.later(
                "insert into note values ($1, $2) on conflict (id) do update set place = excluded.place", "a", place
            )
    async with notes.read() as tx:
        assert await tx.fetch_value("select place from note where id = 'a'") == 3


async def test_fault_of_what_was_to_be_done_later_undoes_everything(notes: Engine) -> None:
    with pytest.raises(ConstraintFault):
        async with notes.write() as tx:
            await tx.later("insert into note values ($1, $2)", "a", 1)
            await tx.later(PLACES, ["b", "a"], [2, 3])
    assert await ids(notes) == []
    async with notes.write() as tx:
        await tx.later("insert into note values ($1, $2)", "a", 1)
    assert await ids(notes) == ["a"]


async def test_what_was_to_be_done_later_is_not_done_when_the_block_raises(notes: Engine) -> None:
    with pytest.raises(KeyError):
        async with notes.write() as tx:
            await tx.later("insert into note values ($1, $2)", "a", 1)
            raise KeyError
    assert await ids(notes) == []


async def test_several_questions_are_answered_in_their_order(notes: Engine) -> None:
    async with notes.write() as tx:
        await tx.later(PLACES, ["a", "b"], [1, 2])
        assert await tx.fetch_all(
            ("select place, id from note where id = any($1) order by id desc for update", [["a", "b"]]),
            ("select id from note where place > $1 and id <> $2", [5, "a"]),
            ("select id, null, place from note where place = $1", [2]),
        ) == [[(2, "b"), (1, "a")], [], [("b", None, 2)]]


# What a block that raises leaves behind: nothing


async def test_write_undoes_everything_when_the_block_raises(notes: Engine) -> None:
    with pytest.raises(KeyError):
        async with notes.write() as tx:
            await tx.execute("insert into note values ('a', 1)")
            raise KeyError
    assert await ids(notes) == []


async def test_constraint_is_named_and_the_transaction_is_broken(notes: Engine) -> None:
    async with notes.write() as tx:
        await tx.execute("insert into note values ('a', 1)")
    with pytest.raises(BrokenTransaction):
        async with notes.write() as tx:
            await tx.execute("insert into note values ('b', 1)")
            with pytest.raises(ConstraintFault):
                await tx.execute("insert into note values ('a', 2)")
            with pytest.raises(BrokenTransaction):
                await tx.fetch("select 1")
    assert await ids(notes) == ["a"]


async def test_failed_statement_is_not_committed_by_leaving_cleanly(notes: Engine) -> None:
    with pytest.raises(BrokenTransaction):
        async with notes.write() as tx:
            await tx.execute("insert into note values ('a', 1)")
            with pytest.raises(ConstraintFault):
                await tx.execute("insert into note values ('a', 2)")
    assert await ids(notes) == []


async def test_read_refuses_to_write(notes: Engine) -> None:
    with pytest.raises(Exception, match=r"(?i)read-?only|query_only|readonly"):
        async with notes.read() as tx:
            await tx.execute("insert into note values ('a', 1)")
    assert await ids(notes) == []


async def test_transaction_is_dead_after_its_block(notes: Engine) -> None:
    async with notes.write() as tx:
        pass
    with pytest.raises(BrokenTransaction):
        await tx.execute("insert into note values ('a', 1)")
    assert await ids(notes) == []


async def test_opening_inside_a_transaction_is_a_mistake(notes: Engine) -> None:
    async with notes.write():
        with pytest.raises(RuntimeError, match="already open"):
            async with notes.write():
                pass
        with pytest.raises(RuntimeError, match="already open"):
            async with notes.read():
                pass
    assert await ids(notes) == []


# Snapshots


async def test_read_sees_one_snapshot(notes: Engine) -> None:
    async with notes.read() as tx:
        assert await tx.fetch_value("select count(*) from note") == 0

        async def write() -> None:
            async with notes.write() as other:
                await other.execute("insert into note values ('a', 1)")

        await asyncio.create_task(write())
        assert await tx.fetch_value("select count(*) from note") == 0
    assert await ids(notes) == ["a"]


async def test_read_then_write_never_loses_an_update(notes: Engine) -> None:
    async with notes.write() as tx:
        await tx.execute("insert into note values ('a', 0)")

    async def add() -> None:
        async with notes.write() as tx:
            value = await tx.fetch_value("select place from note where id = 'a' for update")
            await tx.execute("update note set place = $1 where id = 'a'", value + 1)

    await asyncio.gather(*(add() for _ in range(200)))
    async with notes.read() as tx:
        assert await tx.fetch_value("select place from note") == 200


# Piccolo's queries


async def test_piccolo_joins_the_transaction_of_its_own_task(notes: Engine) -> None:
    with pytest.raises(KeyError):
        async with notes.write() as tx:
            await Note.insert(Note(id="a", place=1), Note(id="b", place=2))
            await Note.update({Note.place: 7}).where(Note.id == "b")
            assert await tx.fetch("select id, place from note order by id") == [("a", 1), ("b", 7)]
            assert await Note.select().order_by(Note.id) == [{"id": "a", "place": 1}, {"id": "b", "place": 7}]
            raise KeyError
    assert await Note.count() == 0
    async with notes.write():
        await Note.insert(Note(id="c", place=3))
    assert await Note.exists().where(Note.id == "c")


async def test_piccolo_outside_a_transaction_has_its_own(notes: Engine) -> None:
    await Note.insert(Note(id="a", place=1))
    assert await ids(notes) == ["a"]
    async with Note._meta.db.transaction():
        await Note.delete(force=True)
        async with Note._meta.db.transaction():
            assert Note._meta.db.transaction_exists()
    assert not Note._meta.db.transaction_exists()
    assert await ids(notes) == []


async def test_spawned_task_does_not_inherit_the_transaction(notes: Engine) -> None:
    async def later(gate: asyncio.Event) -> bool:
        await gate.wait()
        return engine_module.joined() is None

    gate = asyncio.Event()
    async with notes.write():
        during = asyncio.create_task(later(gate))
        gate.set()
        assert await during
        gate.clear()
        after = asyncio.create_task(later(gate))
        assert contextvars.copy_context()[engine_module.current] is not None
    gate.set()
    assert await after


async def test_two_engines_in_one_process_do_not_mix(notes: Engine, tmp_path: Path) -> None:
    other = open_engine(data=tmp_path / "other", database_url=None)
    await other.start()
    async with other.write() as tx:
        await tx.execute("create table note (id text primary key, place bigint not null)")
    async with notes.write():
        await Note.insert(Note(id="mine", place=1))
        async with other.write():
            await Note.insert(Note(id="theirs", place=1))
        await Note.insert(Note(id="mine too", place=1))
    assert await ids(notes) == ["mine", "mine too"]
    assert await ids(other) == ["theirs"]
    await other.close()


# Cancellation


async def test_cancelled_anywhere_leaves_no_connection_behind(notes: Engine) -> None:
    async def work(n: int) -> None:
        async with notes.write() as tx:
            await tx.execute("insert into note values ($1, 1)", f"{n}")
            await tx.fetch("select * from note")
            await asyncio.sleep(0.0005)
            await tx.execute("update note set place = 2 where id = $1", f"{n}")

    for n in range(120):
        task = asyncio.create_task(work(n))
        for _ in range(n % 30):
            await asyncio.sleep(0)
        await asyncio.sleep((n % 7) * 0.0005)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    async with asyncio.timeout(20):
        await asyncio.gather(*(ids(notes) for _ in range(20)))
    async with notes.read() as tx:
        assert await tx.fetch("select id from note where place <> 2") == []


async def test_run_to_end_finishes_what_was_cancelled() -> None:
    done = []

    async def work() -> str:
        await asyncio.sleep(0.02)
        done.append(1)
        return "done"

    task = asyncio.create_task(run_to_end(work()))
    for _ in range(2):
        await asyncio.sleep(0.005)
        task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert done == [1]
    assert await run_to_end(work()) == "done"


# Life and notifications


async def test_close_may_be_repeated_and_ends_everything(notes: Engine) -> None:
    await notes.start()
    await notes.close()
    await notes.close()
    with pytest.raises(TransientFault):
        async with notes.write():
            pass
    with pytest.raises(TransientFault):
        async with notes.read():
            pass
    await notes.notify("nobody")


def test_open_engine_wants_a_place() -> None:
    with pytest.raises(ValueError, match="folder"):
        open_engine(data=None, database_url=None)


async def test_notify_reaches_those_who_listen(notes: Engine) -> None:
    heard: asyncio.Queue[str] = asyncio.Queue()
    await notes.listen(heard.put_nowait, lambda: heard.put_nowait("lost"))
    await notes.notify("17")
    async with asyncio.timeout(20):
        assert await heard.get() == "17"
