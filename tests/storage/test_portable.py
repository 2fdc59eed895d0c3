"""SQL written once is read alike."""

from __future__ import annotations

import pytest

from server.storage.portable import bound, each, in_one_row, rewrite, together


def test_rewrite_leaves_quoted_text_alone() -> None:
    assert rewrite("select '$1 for update', \"a$2\" from t where a = $2::text and b = ANY( $1::text[] )") == (
        "select '$1 for update', \"a$2\" from t where a = ?2 and b in (select value from json_each(?1))"
    )
    assert rewrite("select 1 from t where a = $1 for no key update of t skip locked").rstrip() == (
        "select 1 from t where a = ?1"
    )
    assert rewrite("-- it's $1\nselect $1") == "-- it's $1\nselect ?1"


def test_bound_refuses_what_the_other_engine_would_refuse() -> None:
    assert bound(("a", 1, None, ["å", "b"])) == ["a", 1, None, '["å","b"]']
    for value in (1.5, b"x", {"a": 1}):
        with pytest.raises(TypeError):
            bound((value,))


def test_rows_given_as_columns_are_one_row_at_a_time_for_sqlite() -> None:
    assert rewrite("insert into t select r.a, $3 from unnest($1::text[], $2::bigint[]) r (a, b) where true") == (
        "insert into t select r.a, ?3 from (SELECT ?1 AS a, ?2 AS b) r where true"
    )
    assert each((["x", "y"], [1, 2], "same")) == [("x", 1, "same"), ("y", 2, "same")]


def test_statements_put_together_keep_their_own_arguments() -> None:
    assert together([("delete from t where a = $1", ["x"]), ("update u set b = $2 where a = $1", ["y", 2])]) == (
        "WITH w0 AS (delete from t where a = $1), w1 AS (update u set b = $3 where a = $2) SELECT 1",
        ["x", "y", 2],
    )
    assert in_one_row([("select a from t where b = $1", [1]), ("select c from u where d = $1", [2])]) == (
        "SELECT (SELECT array_agg(q) FROM (select a from t where b = $1) q),"
        " (SELECT array_agg(q) FROM (select c from u where d = $2) q)",
        [1, 2],
    )
