"""SQL written once is read alike."""

from __future__ import annotations

import pytest

from server.storage.portable import bound, rewrite


def test_rewrite_leaves_quoted_text_alone() -> None:
    assert rewrite("select '$1 for update', \"a$2\" from t where a = $2::text and b = ANY( $1::text[] )") == (
        "select '$1 for update', \"a$2\" from t where a = ?2 and b in (select value from json_each(?1))"
    )
    assert rewrite("select 1 from t where a = $1 for no key update of t skip locked").rstrip() == (
        "select 1 from t where a = ?1"
    )
    assert rewrite("-- it's $1\nselect $1") == "-- it's $1\nselect ?1"


def test_bound_refuses_what_the_other_engine_would_refuse() -> None:
    assert bound(("a", 1, None, ["å", "b"])) == ["a", 1, None, '["\\u00e5", "b"]']
    for value in (1.5, b"x", {"a": 1}):
        with pytest.raises(TypeError):
            bound((value,))
