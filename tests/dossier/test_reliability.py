"""Alpha by its definition, its properties, and that uncoded text is no agreement."""

from __future__ import annotations

import math
from itertools import permutations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.dossier.test_matching import coded

from westphalia.dossier.matching import match
from westphalia.dossier.reliability import alpha, reliability, span_score
from westphalia.dossier.reliability_units import alpha_of_units, unitising_alpha
from westphalia.errors import CallError

RATINGS = st.lists(
    st.lists(st.one_of(st.none(), st.integers(0, 4)), min_size=2, max_size=4), min_size=2, max_size=8
)


def plain_alpha(units, difference) -> float:
    """Alpha by its words: disagreement within units over that between all values, pair by pair."""
    kept = [[v for v in unit if v is not None] for unit in units]
    kept = [unit for unit in kept if len(unit) > 1]
    every = [v for unit in kept for v in unit]
    pairs = [difference(a, b, every) / (len(unit) - 1) for unit in kept for a, b in permutations(unit, 2)]
    chance = [difference(a, b, every) for a, b in permutations(every, 2)]
    if not sum(chance):
        return math.nan
    return 1 - (sum(pairs) / len(every)) / (sum(chance) / (len(every) * (len(every) - 1)))


def ordinal(a, b, every) -> float:
    low, high = min(a, b), max(a, b)
    return (
        (sum(low <= v <= high for v in every) - (every.count(a) + every.count(b)) / 2) ** 2 if a != b else 0
    )


@settings(max_examples=100, deadline=None)
@given(RATINGS)
def test_alpha_is_what_its_definition_says(units) -> None:
    differences = {
        "nominal": lambda a, b, _: float(a != b),
        "ordinal": ordinal,
        "interval": lambda a, b, _: (a - b) ** 2,
        "ratio": lambda a, b, _: ((a - b) / (a + b)) ** 2 if a + b else 0,
    }
    for level, difference in differences.items():
        assert alpha(units, level).value == pytest.approx(
            plain_alpha(units, difference), abs=1e-9, nan_ok=True
        )


@settings(max_examples=60, deadline=None)
@given(RATINGS, st.randoms())
def test_alpha_does_not_know_the_order_of_units_or_coders_nor_missing_values(units, random) -> None:
    other = [[*random.sample(unit, len(unit)), None, math.nan] for unit in random.sample(units, len(units))]
    assert alpha(other).value == pytest.approx(alpha(units).value, abs=1e-12, nan_ok=True)
    scaled = [[None if v is None else 1000.0 * v - 7 for v in unit] for unit in units]
    assert alpha(scaled, "interval").value == pytest.approx(
        alpha(units, "interval").value, abs=1e-9, nan_ok=True
    )
    assert alpha(scaled, "ordinal").value == pytest.approx(
        alpha(units, "ordinal").value, abs=1e-9, nan_ok=True
    )


def test_where_nothing_can_differ_alpha_says_nothing() -> None:
    for units in ([], [("a", "a")] * 5, [("a", None), (None, "b")]):
        found = alpha(units, resamples=10)
        assert math.isnan(found.value)
    assert alpha([("a", "a"), ("b", "b")]).value == 1.0


def test_the_interval_holds_the_value_and_comes_again_with_the_seed() -> None:
    rng = np.random.default_rng(0)
    units = [
        (int(v), int(v) if rng.random() < 0.8 else int(rng.integers(3))) for v in rng.integers(3, size=80)
    ]
    one, other = (alpha(units, resamples=500, seed=seed) for seed in (1, 2))
    assert one == alpha(units, resamples=500, seed=1)
    assert one.low < one.value < one.high
    assert (one.low, one.high) != (other.low, other.high)
    wider = alpha(units, resamples=500, seed=1, share=0.99)
    assert wider.low <= one.low <= one.high <= wider.high
    many = alpha(units * 9, resamples=500, seed=1)
    assert many.high - many.low < 0.5 * (one.high - one.low)


@pytest.mark.parametrize(
    ("units", "level", "words"),
    [
        ([("a", "b")], "interval", "'a' is no value of the level 'interval'"),
        ([(-1, 2)], "ratio", "It needs a number of 0 or more"),
        ([(True, 2)], "ordinal", "True is no value"),
        ([(math.inf, 2)], "interval", "inf is no value"),
        ([(10**400, 2)], "interval", "is no value"),
        ([(1, 2)], "nomnal", "Did you mean 'nominal'?"),
    ],
)
def test_values_that_do_not_fit_the_level_are_refused(units, level, words) -> None:
    with pytest.raises(CallError) as caught:
        alpha(units, level)
    assert words in str(caught.value)


# --- statements ----------------------------------------------------------------------------------------


def test_span_f1_counts_matches_of_both_and_says_nothing_of_uncoded_text() -> None:
    pairs = match(
        [coded("a", 0, 10), coded("b", 20, 30), coded("c", 40, 50)],
        [coded("x", 0, 10), coded("y", 20, 30, kind="threat")],
    )
    assert span_score(pairs).f1 == pytest.approx(2 * 1 / 5)
    assert span_score(pairs, same_kind=False).f1 == pytest.approx(2 * 2 / 5)
    assert math.isnan(span_score(()).f1)


def test_each_variable_has_its_alpha_and_positions_are_compared_at_their_level() -> None:
    first = [
        coded(f"a{at}", 10 * at, 10 * at + 9, about=[{"issue": "tax", "value": at * 10}]) for at in range(6)
    ]
    second = [
        coded(f"b{at}", 10 * at, 10 * at + 9, mode="indirect", about=[{"issue": "tax", "value": at * 10 + 5}])
        for at in range(5)
    ] + [coded("b5", 50, 59)]
    found = reliability(match(first, second), resamples=0)
    assert found["value:tax"].units == 5
    assert 0.9 < found["value:tax"].value < 1
    assert found["value:tax"].level == "interval"
    assert reliability(match(first, second), {"tax": "nominal"}, resamples=0)["value:tax"].value < 0.2
    assert math.isnan(found["speaker"].value)
    assert found["mode"].value < 0
    assert "option:tax" not in found


# --- unitising -----------------------------------------------------------------------------------------

UNIT = st.tuples(st.integers(0, 30), st.integers(1, 8), st.sampled_from("ab"))
UNITS = st.lists(UNIT, max_size=5).map(
    lambda units: [(start, start + size, kind) for start, size, kind in units]
)


@settings(max_examples=150, deadline=None)
@given(UNITS, UNITS, st.integers(1, 10_000))
def test_uncoded_text_is_no_agreement(first, second, more) -> None:
    one, longer = alpha_of_units([first, second], 40), alpha_of_units([first, second], 40 + more)
    assert longer.cu_alpha == pytest.approx(one.cu_alpha, nan_ok=True)
    assert longer.coverage == pytest.approx(one.coverage, nan_ok=True)
    if not any(a < d and c < b for a, b, k in first for c, d, other in second if k == other):
        assert math.isnan(longer.alpha_u) or longer.alpha_u < 0.05


def test_coders_who_never_meet_get_no_credit_however_long_the_text() -> None:
    found = [
        alpha_of_units([[(0, 10, "a")], [(50, 60, "a")]], length).alpha_u for length in (100, 10_000, 10**7)
    ]
    assert all(value < 0.001 for value in found)
    assert math.isnan(alpha_of_units([[], []], 1000).alpha_u)


@settings(max_examples=80, deadline=None)
@given(UNITS)
def test_a_coding_agrees_with_itself_in_whatever_order(units) -> None:
    assume(units)
    found = alpha_of_units([units, units[::-1]], 60)
    assert found.alpha_u == pytest.approx(1.0)
    assert math.isnan(found.cu_alpha) or found.cu_alpha == pytest.approx(1.0)


def plain_expected(coders, length) -> float:
    """The chance disagreement of one kind: every unit laid at every place of every section."""
    total = sum(len(units) for units in coders)
    value = 0.0
    for units in coders:
        for start, end in units:
            size = end - start
            value += (total - 1) / 3 * (2 * size**3 - 3 * size**2 + size)
            for others in coders:
                edges = [0, *[edge for unit in sorted(others) for edge in unit], length]
                gaps = [high - low for low, high in zip(edges[::2], edges[1::2], strict=True)]
                value += size**2 * sum(gap - size + 1 for gap in gaps if gap >= size)
    whole = len(coders) * length
    pairs = whole * (whole - 1) - sum((e - s) * (e - s - 1) for units in coders for s, e in units)
    return 2 / length * value / pairs


def test_alpha_u_is_its_formula_summed_section_by_section() -> None:
    first, second = [(0, 10), (30, 45)], [(2, 12), (50, 60), (80, 83)]
    apart = 2 * ((0 - 2) ** 2 + (10 - 12) ** 2) + 2 * (15**2 + 10**2 + 3**2)
    observed = apart / (2 * 100**2)
    found = alpha_of_units([[(s, e, "a") for s, e in units] for units in (first, second)], 100)
    assert found.alpha_u == pytest.approx(1 - observed / plain_expected([first, second], 100))


def plain_cu(first, second, length) -> float:
    """cu_alpha by characters: chance pairs any two codings of characters but those of one unit."""
    pool, agreed, count = [], 0, 0
    places = [
        {at: (n, kind) for n, (s, e, kind) in enumerate(units) for at in range(s, e)}
        for units in (first, second)
    ]
    for at in range(length):
        if at in places[0] and at in places[1]:
            count += 2
            agreed += 2 * (places[0][at][1] == places[1][at][1])
            pool += [(side, *places[side][at]) for side in (0, 1)]
    others = [(a[2], b[2]) for a in pool for b in pool if a[:2] != b[:2]]
    apart = sum(a != b for a, b in others) / len(others)
    return 1 - (1 - agreed / count) / apart


def test_cu_alpha_is_its_definition_character_by_character() -> None:
    first = [(0, 10, "a"), (12, 20, "b"), (30, 38, "a"), (50, 55, "b")]
    second = [(1, 11, "a"), (12, 18, "a"), (30, 40, "a"), (49, 55, "b"), (60, 70, "a")]
    found = alpha_of_units([first, second], 100)
    assert found.cu_alpha == pytest.approx(plain_cu(first, second, 100))
    assert found.coverage == pytest.approx((9 + 6 + 8 + 5) / (11 + 8 + 10 + 6 + 10))


def test_text_with_two_kinds_is_left_out_of_cu_alpha_and_counted() -> None:
    found = alpha_of_units([[(0, 10, "a"), (5, 15, "b")], [(0, 5, "a"), (10, 15, "b")]], 50)
    assert (found.several, found.cu_alpha) == (5, 1.0)


def test_statements_of_several_texts_are_laid_end_to_end() -> None:
    first = [coded("a", 0, 10), coded("b", 5, 15, source="other", kind="threat")]
    second = [
        coded("x", 0, 8),
        coded("y", 5, 15, source="other", kind="threat"),
        coded("z", 0, 1, source="gone"),
    ]
    found = unitising_alpha([first, second], {"report": 40, "other": 20})
    assert found.by_kind["threat"] == 1.0
    assert 0 < found.by_kind["demand"] < 1
    assert found.cu_alpha == 1.0
    with pytest.raises(CallError, match="ends beyond its text of 9 characters"):
        unitising_alpha([first, second], {"report": 9})
    with pytest.raises(CallError, match="two coders"):
        unitising_alpha([first], {"report": 40})
