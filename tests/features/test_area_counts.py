"""Counts over time (promise P12): no two looks, of whatever weeks and units, tell of fewer than five."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest

from server.features.area_counts import ALL, OTHERS, Batches, Told, batched, published

PAIRS, TERMS, WEEKS = 20_000, 40, 20
UNITS = tuple("abcdefgh")
NAMES = ("kept", "late")


def a_term(seed: int) -> list[dict[str, Told]]:
    """What is published week after week, of units with many and with few; some of what was counted goes again."""
    chance, counts = Random(seed), {unit: [0, 0] for unit in UNITS}
    pace = {unit: (chance.choice((0.2, 1, 3)), chance.choice((0.1, 0.4, 1.5))) for unit in UNITS}
    told: Batches = {}
    looks = []
    for week in range(WEEKS):
        for unit, cell in counts.items():
            for place in (0, 1):
                cell[place] += sum(chance.random() < pace[unit][place] / 4 for _ in range(4))
                cell[place] -= cell[place] > 0 and chance.random() < 0.03
        told = batched({unit: (one[0], one[1]) for unit, one in counts.items()}, told, together=week % 8 == 7)
        looks.append({str(one["unit"]): one for one in published(told, *NAMES)})
    return looks


def value(look: dict[str, Told], units: frozenset[str], name: str) -> int:
    """The sum that a reader makes; what is left out counts as nothing, as it may be nothing."""
    return sum(int(look[unit].get(name, 0)) for unit in units if unit in look)


def rest(look: dict[str, Told], units: frozenset[str], name: str) -> int:
    """Everybody but these."""
    return value(look, frozenset({ALL}), name) - value(look, units, name)


def figures_of(look: dict[str, Told], units: frozenset[str]) -> list[int]:
    by_name = [(value(look, units, name), rest(look, units, name)) for name in NAMES]
    both = [sum(pair) for pair in zip(*by_name, strict=True)]
    return [n for pair in by_name for n in pair] + both


def test_twenty_thousand_pairs_of_looks_give_no_cell_under_five(tell: Callable[[str], None]) -> None:
    chance, seen = Random(20_000), 0
    terms = [a_term(seed) for seed in range(TERMS)]
    for _ in range(PAIRS):
        looks = chance.choice(terms)
        one, other = sorted(chance.sample(range(WEEKS), 2))
        some = frozenset(chance.sample((*UNITS, OTHERS), chance.randrange(1, 6)))
        fewer = some - {chance.choice(sorted(some))}
        early, late = (figures_of(looks[week], some) for week in (one, other))
        cells = [*early, *late, *(b - a for a, b in zip(early, late, strict=True))]
        # And what one unit more adds to it, at each look and between them.
        less = [figures_of(looks[week], fewer) for week in (one, other)]
        cells += [b - a for a, b in zip(less[1], late, strict=True)]
        cells += [(d - b) - (c - a) for a, b, c, d in zip(less[0], less[1], early, late, strict=True)]
        small = [n for n in cells if 0 < abs(n) < 5]
        assert not small, (one, other, sorted(some), small)
        seen += len(cells)
    shown = sum(len(look) > 3 for looks in terms for look in looks)
    assert shown > TERMS * WEEKS // 2  # it is not that nothing is told
    tell(f"{PAIRS} pairs of weeks and units, {seen} sums and differences of what is published: none from 1 to 4")


@pytest.mark.parametrize("seed", range(20))
def test_what_is_told_is_never_more_than_there_is_and_lags_by_few(seed: int) -> None:
    chance, told = Random(seed), dict[str, tuple[int, int, int, int]]()
    counts = dict.fromkeys(UNITS, (0, 0))
    for week in range(WEEKS):
        counts = {unit: (a + chance.randrange(4), b + chance.randrange(2)) for unit, (a, b) in counts.items()}
        told = dict(batched(counts, told, together=week % 8 == 7))
        for unit, pair in counts.items():
            for place in (0, 1):
                assert 0 <= told[unit][2 + place] <= told[unit][place] <= pair[place]
                assert pair[place] - told[unit][place] < 5
