"""`verify`, `audit verify` and `reproject`: what is damaged is found and named."""

from __future__ import annotations

import json

import pytest

from tests.cli.conftest import Line, damage
from tests.people import World

DAMAGES = {
    "another_text": (
        "UPDATE feed SET doc = replace(doc, 'Elsa', 'Else') WHERE entity = 'child' AND doc LIKE '%Elsa%'",
        "is not what its row says",
    ),
    "a_document_lost": ("DELETE FROM feed WHERE entity = 'coordinator'", "is missing"),
    "a_fingerprint": ("UPDATE feed SET hash = 'x' WHERE entity = 'unit'", "another fingerprint"),
    "somebody_let_in": (
        "INSERT INTO grant_ (seat_id, scope_id, aggregate_id, valid_until) SELECT 'somebody', g.scope_id,"
        " g.aggregate_id, g.valid_until FROM grant_ g JOIN scope s ON s.id = g.scope_id"
        " WHERE s.name LIKE 'child:%' ORDER BY s.name LIMIT 1",
        "seat somebody holds child:",
    ),
    "somebody_shut_out": (
        "DELETE FROM grant_ WHERE scope_id IN (SELECT id FROM scope WHERE name LIKE '%:guardian:%')",
        "does not hold child:",
    ),
    "a_sum": ("UPDATE scope SET digest = digest + 1 WHERE live > 0", "another sum than its rows"),
    "a_version": ("UPDATE scope SET version = 0 WHERE live > 0", "stands before its newest row"),
    "the_log": ("UPDATE audit SET outcome = 'refused' WHERE seq = 2", "does not follow row 1"),
    "its_tail": ("DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit)", "not at its head"),
    "a_row": ("UPDATE record SET body = '{' WHERE entity = 'area'", "cannot be read"),
    "a_name": ("UPDATE record SET entity = 'nothing' WHERE entity = 'lead'", "an entity nobody knows"),
    "a_plan": ("DELETE FROM reminder WHERE kind LIKE 'act:%'", "is not planned"),
    "a_step": ("UPDATE schema_step SET checksum = 'x' WHERE number = 1", "is not the one in this version"),
}


def test_a_whole_house_is_found_whole(line: Line, world: World) -> None:
    answer = line.well("verify")
    assert answer["ok"] is True and answer["problems"] == []
    assert answer["looked_at"]["feed"] > 5 and answer["looked_at"]["audit"] > 5
    assert line.well("audit", "verify")["ok"] is True
    assert line.well("reproject")["would change"] == 0


@pytest.mark.parametrize("name", DAMAGES)
def test_damage_is_found_and_named(line: Line, world: World, name: str) -> None:
    statement, named = DAMAGES[name]
    damage(line, statement)
    result = line("verify", "--json")
    problems = json.loads(result.stdout)["problems"]
    assert result.exit_code == 1
    assert any(named in problem for problem in problems), problems
    assert not any("Elsa" in problem or "Maria" in problem for problem in problems)


def test_the_log_alone_can_be_checked(line: Line, world: World) -> None:
    damage(line, DAMAGES["the_log"][0])
    result = line("audit", "verify")
    assert result.exit_code == 1 and "row 2 does not follow row 1" in result.output


def test_reproject_says_first_and_then_mends(line: Line, world: World) -> None:
    damage(line, DAMAGES["another_text"][0].replace("doc = ", "hash = 'x', doc = "))
    damage(line, DAMAGES["somebody_shut_out"][0])
    assert line.well("reproject")["would change"] == 1
    assert line("verify").exit_code == 1
    assert line.well("reproject", "--yes")["scopes changed"] > 0
    answer = line.well("verify")
    assert answer["problems"] == []


def test_verify_of_another_database_says_so_and_changes_nothing(elsewhere: Line) -> None:
    result = elsewhere("verify")
    assert result.exit_code == 1 and "schema" in result.output
