"""Suppression (promise P12): no small cell is shown, and none can be worked out."""

from __future__ import annotations

from itertools import product
from random import Random

import pytest

from server.domain.statistics import Line, suppress, suppress_lines, suppress_table


def solutions(shown: dict[str, int | None], total: int | None, top: int) -> list[dict[str, int]]:
    """Every list of counts that fits what is shown, each hidden cell up to `top`."""
    hidden = [key for key, count in shown.items() if count is None]
    fits = []
    for values in product(range(top + 1), repeat=len(hidden)):
        whole = {key: count for key, count in shown.items() if count is not None} | dict(
            zip(hidden, values, strict=True)
        )
        if total is None or sum(whole.values()) == total:
            fits.append(whole)
    return fits


def test_large_cells_are_shown_as_they_are() -> None:
    assert suppress({"a": 5, "b": 12}) == ({"a": 5, "b": 12}, 17)


def test_one_small_cell_takes_the_smallest_other_with_it() -> None:
    assert suppress({"a": 2, "b": 5, "c": 7}) == ({"a": None, "b": None, "c": 7}, 14)


def test_small_cells_that_together_are_small_take_another_with_them() -> None:
    assert suppress({"a": 1, "b": 1, "c": 9, "d": 20}) == ({"a": None, "b": None, "c": None, "d": 20}, 31)


def test_thirteen_with_consent_and_one_without_hide_each_other() -> None:
    assert suppress({"consent": 13, "without_name": 1}) == ({"consent": None, "without_name": None}, 14)


def test_the_measures_of_the_team_table_are_hidden() -> None:
    shown, total = suppress({"rehab": 7, "family": 7, "counsellor": 2, "doctor": 1})
    assert (shown, total) == ({"rehab": None, "family": 7, "counsellor": None, "doctor": None}, 17)


def test_a_small_total_is_hidden_too() -> None:
    assert suppress({"a": 3}) == ({"a": None}, None)
    assert suppress({"a": 1, "b": 2}) == ({"a": None, "b": None}, None)
    assert suppress({}) == ({}, None)


def test_zeros_are_hidden_unless_they_are_so_by_construction() -> None:
    assert suppress({"a": 0, "b": 6, "c": 8}) == ({"a": None, "b": None, "c": 8}, 14)
    assert suppress({"a": 0, "b": 6, "c": 8}, structural_zeros={"a"}) == ({"a": 0, "b": 6, "c": 8}, 14)


def test_another_smallest_cell_may_be_set() -> None:
    assert suppress({"a": 8, "b": 12, "c": 30}, smallest=10)[0] == {"a": None, "b": None, "c": 30}


@pytest.mark.exhaustive
def test_no_small_cell_of_any_small_list_can_be_worked_out() -> None:
    for counts in product((0, 1, 2, 4, 5, 7), repeat=3):
        cells = dict(zip("abc", counts, strict=True))
        shown, total = suppress(cells)
        fits = solutions(shown, total, top=20)
        for key, count in cells.items():
            assert shown[key] in (None, count)
            if count < 5:
                assert shown[key] is None
                assert len({fit[key] for fit in fits}) > 1


def test_a_table_hides_margins_and_complements() -> None:
    table = suppress_table({("x", "a"): 1, ("x", "b"): 20, ("y", "a"): 30, ("y", "b"): 40})
    assert set(table.cells.values()) == {None}
    assert (table.rows, table.columns, table.total) == ({"x": 21, "y": 70}, {"a": 31, "b": 60}, 91)


def test_a_missing_cell_is_a_zero() -> None:
    table = suppress_table({("x", "a"): 9, ("y", "b"): 9}, structural_zeros={("x", "b"), ("y", "a")})
    assert table.cells == {("x", "a"): 9, ("x", "b"): 0, ("y", "a"): 0, ("y", "b"): 9}


def table_solutions(counts: dict[tuple[str, str], int], top: int) -> list[dict[tuple[str, str], int]]:
    """Every table that fits what is shown of this one, built row by row."""
    shown = suppress_table(counts)
    fitting: list[list[dict[tuple[str, str], int]]] = []
    for row, total in shown.rows.items():
        ranges = [
            [(cell, value) for value in ([count] if count is not None else range(top + 1))]
            for cell, count in shown.cells.items()
            if cell[0] == row
        ]
        found = [dict(pairs) for pairs in product(*ranges)]
        fitting.append([one for one in found if total in (None, sum(one.values()))])
    fits = []
    for rows in product(*fitting):
        whole = {cell: value for row in rows for cell, value in row.items()}
        sums = {column: sum(value for cell, value in whole.items() if cell[1] == column) for column in shown.columns}
        columns_fit = all(count in (None, sums[column]) for column, count in shown.columns.items())
        if columns_fit and shown.total in (None, sum(sums.values())):
            fits.append(whole)
    return fits


@pytest.mark.exhaustive
@pytest.mark.parametrize(("columns", "turns"), [("ab", 60), ("abc", 8)])
def test_no_small_cell_of_a_table_can_be_worked_out(columns: str, turns: int) -> None:
    random = Random(12)
    for _ in range(turns):
        counts = {(row, column): random.choice((0, 1, 2, 4, 5, 6, 7)) for row in "xy" for column in columns}
        small = [cell for cell, count in counts.items() if count < 5]
        fits = table_solutions(counts, top=9 if len(columns) == 2 else 7)
        assert all(len({fit[cell] for fit in fits}) > 1 for cell in small), counts


def test_what_follows_from_two_sums_together_is_hidden_too() -> None:
    """a + b + c less b + c would give a."""
    counts = {"a": 2, "b": 6, "c": 7, "abc": 15, "bc": 13}
    shown = suppress_lines(counts, [Line("abc", ("a", "b", "c")), Line("bc", ("b", "c"))])
    assert shown == {"a": None, "b": None, "c": None, "abc": None, "bc": 13}


def test_a_lonely_cell_without_neighbours_is_only_hidden() -> None:
    assert suppress_lines({"a": 3, "b": 9}, []) == {"a": None, "b": 9}
    zero = suppress_lines({"a": 3, "z": 0, "all": 3}, [Line("all", ("a", "z"))], structural_zeros={"z"})
    assert zero == {"a": None, "z": 0, "all": None}
    both = suppress_lines({"a": 3, "x": 3, "y": 3}, [Line("x", ("a",)), Line("y", ("a",))])
    assert both == {"a": None, "x": None, "y": None}


def test_counts_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        suppress({"a": -1})
    with pytest.raises(ValueError, match="add up"):
        suppress_lines({"a": 5, "all": 6}, [Line("all", ("a",))])
