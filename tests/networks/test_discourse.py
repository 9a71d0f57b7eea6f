"""Discourse networks match their formulas; windows part time; normalisations keep their bounds."""

from __future__ import annotations

import time

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.networks import plain_discourse

from westphalia.errors import CallError
from westphalia.methods.networks.discourse import one_mode, two_mode
from westphalia.methods.networks.reading import Reading, Windows

few = settings(max_examples=50)
ACTORS = ["ann", "bob", "cid", "dan"]
ISSUES = ["land", "pay", "venue"]
NOMINAL = [False, False, True]
DAY = np.datetime64("2025-01-30", "ns")


def table(rows):
    """A table of statements from rows of actor, issue, stance, weight, day (or None), mode and source."""
    columns = list(zip(*rows, strict=True)) if rows else [[]] * 7
    days = [np.datetime64("NaT") if day is None else DAY + np.timedelta64(day, "D") for day in columns[4]]
    variables = {
        "statement_actor": np.array(columns[0], dtype=np.int64),
        "statement_issue": np.array(columns[1], dtype=np.int64),
        "stance": np.array(columns[2], dtype=float),
        "reliance": np.array(columns[3], dtype=float),
        "day": np.array(days, dtype="datetime64[ns]"),
        "mode": np.array(columns[5], dtype=object),
        "source": np.array(columns[6], dtype=object),
    }
    data = {name: ("statement", values) for name, values in variables.items()}
    return xr.Dataset({**data, "is_nominal": ("issue", NOMINAL)}, coords={"actor": ACTORS, "issue": ISSUES})


@st.composite
def statements(draw, least=0):
    def row():
        issue = draw(st.integers(0, 2))
        stances = [0.0, 1.0, 2.0, np.nan] if NOMINAL[issue] else [0.0, 0.2, 0.5, 0.9, 1.0, np.nan]
        return (
            draw(st.integers(0, 3)),
            issue,
            draw(st.sampled_from(stances)),
            draw(st.sampled_from([0.25, 0.5, 1.0])),
            draw(st.none() | st.integers(0, 80)),
            draw(st.sampled_from(["quote", "hearsay"])),
            draw(st.sampled_from(["paper", "radio"])),
        )

    return [row() for _ in range(draw(st.integers(least, 14)))]


@given(statements(), st.booleans())
@few
def test_ties_are_what_the_formulas_say(rows, by_reliance):
    reading = Reading(weighting="reliance" if by_reliance else "count")
    found = one_mode(table(rows), reading=reading).isel(window=0)
    told = [(row[0], row[1], row[2], row[3] if by_reliance else 1.0) for row in rows]
    for (i, h), (agree, differ, overlap) in plain_discourse.one_mode(told, 4, NOMINAL).items():
        assert float(found["congruence"][i, h]) == pytest.approx(agree, abs=1e-9)
        assert float(found["conflict"][i, h]) == pytest.approx(differ, abs=1e-9)
        assert float(found["overlap"][i, h]) == pytest.approx(overlap, abs=1e-9)


@given(statements())
@few
def test_the_programs_jaccard_and_cosine_are_what_it_computes(rows):
    told = [(*row[:3], 1.0) for row in rows if not np.isnan(row[2])]
    plain = plain_discourse.one_mode(told, 4, NOMINAL)
    by = plain_discourse.dna_jaccard(told, 4)
    said = np.bincount([row[0] for row in told], minlength=4)
    jaccard, cosine = (
        one_mode(table(rows), normalisation=kind)["congruence"].values[0]
        for kind in ("dna-jaccard", "dna-cosine")
    )
    for (i, h), (agree, _, _) in plain.items():
        assert jaccard[i, h] == pytest.approx(agree / by[i, h] if by[i, h] else 0.0, abs=1e-9)
        assert cosine[i, h] == pytest.approx(
            agree / (said[i] * said[h]) if said[i] * said[h] else 0.0, abs=1e-9
        )


@given(statements(), st.sampled_from(["none", "average", "jaccard", "cosine", "dna-jaccard", "dna-cosine"]))
@few
def test_ties_are_symmetric_and_subtract_is_congruence_less_conflict(rows, normalisation):
    found = one_mode(table(rows), normalisation=normalisation).isel(window=0)
    for name in ("congruence", "conflict", "subtract", "overlap"):
        ties = found[name].values
        assert ties == pytest.approx(ties.T, abs=1e-12)
        assert not ties.diagonal().any()
    assert found["subtract"].values == pytest.approx((found["congruence"] - found["conflict"]).values)


@given(statements(), st.sampled_from(["jaccard", "cosine"]))
@few
def test_jaccard_and_cosine_keep_ties_between_0_and_1(rows, normalisation):
    found = one_mode(table(rows), normalisation=normalisation)
    for name in ("congruence", "conflict", "overlap"):
        assert found[name].values.min() >= 0
        assert found[name].values.max() <= 1 + 1e-12
    clear = table([row for row in rows if not np.isnan(row[2])])
    whole = one_mode(clear, normalisation=normalisation)
    both = whole["congruence"] + whole["conflict"]
    assert both.values == pytest.approx(whole["overlap"].values, abs=1e-12)


@given(statements())
@few
def test_average_activity_is_at_most_1_where_nobody_speaks_twice(rows):
    once = list({(row[0], row[1]): row for row in rows}.values())
    found = one_mode(table(once), normalisation="average")
    assert found["overlap"].values.max() <= 1 + 1e-12
    said = np.bincount([row[0] for row in once], minlength=4)
    plain = one_mode(table(once))["overlap"].values[0]
    half = np.add.outer(said, said) / 2
    assert found["overlap"].values[0] == pytest.approx(np.divide(plain, half, out=plain * 0, where=half > 0))


@given(statements())
@few
def test_shares_of_actors_and_of_issues_sum_to_1(rows):
    by_actor = two_mode(table(rows), normalisation="activity")["affiliation"].values[0].sum(axis=1)
    by_issue = two_mode(table(rows), normalisation="prominence")["affiliation"].values[0].sum(axis=0)
    assert set(by_actor.round(9)) <= {0.0, 1.0}
    assert set(by_issue.round(9)) <= {0.0, 1.0}
    signed = two_mode(table(rows), ties="subtract", normalisation="activity")["affiliation"].values[0]
    assert np.nanmax(np.abs(signed)) <= 1 + 1e-12


def test_two_mode_counts_signs_and_codes():
    rows = [(0, 0, 1.0), (0, 0, 0.9), (0, 0, 0.0), (1, 0, 0.2), (2, 0, 0.5), (0, 2, 1.0), (3, 1, np.nan)]
    told = table([(*row, 1.0, 0, "quote", "paper") for row in rows])
    assert two_mode(told)["affiliation"].values[0].tolist() == [[3, 0, 1], [1, 0, 0], [1, 0, 0], [0, 1, 0]]
    signed = two_mode(told, ties="subtract")["affiliation"].values[0]
    assert signed[:, 0] == pytest.approx([0.8, -0.6, 0.0, 0.0])
    assert np.isnan(signed[:, 2]).all()
    boolean = two_mode(told, ties="subtract", reading=Reading(stances="boolean"))["affiliation"].values[0]
    assert boolean[:, 0].tolist() == [1, -1, 1, 0]
    assert two_mode(told, ties="combine")["affiliation"].values[0][:, 0].tolist() == [3, 2, 1, 0]
    mean = two_mode(told)["mean_stance"].values[0]
    assert mean[0, 0] == pytest.approx(1.9 / 3)
    assert np.isnan(mean[3, 1])
    with pytest.raises(CallError, match="Codes cannot be normalised"):
        two_mode(told, ties="combine", normalisation="activity")


def test_boolean_stances_agree_from_the_threshold_on():
    told = table([(0, 0, 0.6, 1, 0, "quote", "p"), (1, 0, 0.9, 1, 0, "quote", "p")])
    graded = one_mode(told).isel(window=0)
    assert float(graded["congruence"][0, 1]) == pytest.approx(0.7)
    boolean = one_mode(told, reading=Reading(stances="boolean")).isel(window=0)
    assert float(boolean["congruence"][0, 1]) == 1.0
    stricter = one_mode(told, reading=Reading(stances="boolean", threshold=0.7)).isel(window=0)
    assert float(stricter["conflict"][0, 1]) == 1.0


@pytest.mark.parametrize(
    ("repeated", "left"),
    [("all", 7), ("document", 4), ("week", 5), ("month", 5), ("year", 4), ("range", 2)],
)
def test_repetitions_count_once_in_each_period(repeated, left):
    # 2025-01-30 is a Thursday; the last one has no date, so it repeats nothing but in the whole range.
    when = [(0, "a"), (1, "b"), (4, "a"), (5, "a"), (366, "a"), (None, "c")]
    rows = [(0, 0, 0.5, 1.0, day, "quote", source) for day, source in when]
    rows.append((0, 0, 0.6, 1.0, 0, "quote", "a"))
    found = two_mode(table(rows), reading=Reading(repeated=repeated))
    assert int(found["statement_count"].sum()) == left


def test_of_repetitions_the_one_that_weighs_most_is_kept():
    rows = [(0, 0, 0.5, weight, day, "quote", "a") for weight, day in ((0.25, 0), (1.0, 1), (0.5, 2))]
    reading = Reading(repeated="range", weighting="reliance")
    assert two_mode(table(rows), reading=reading)["mentions"].values.sum() == 1.0


@given(
    statements(least=1),
    st.sampled_from(["statements", "days", "weeks", "months", "years"]),
    st.integers(1, 5),
)
@few
def test_windows_part_the_dated_statements(rows, unit, size):
    dated = [row for row in rows if row[4] is not None]
    if not dated:
        with pytest.raises(CallError, match="No statement has a date"):
            one_mode(table(rows), windows=Windows(unit, size))
        return
    found = two_mode(table(rows), windows=Windows(unit, size))
    whole = two_mode(table(dated))
    assert found["mentions"].sum("window").values == pytest.approx(whole["mentions"].values[0])
    starts, ends = found["window_start"].values, found["window_end"].values
    assert (starts <= ends).all()
    if unit != "statements":
        assert (starts[1:] - ends[:-1] == np.timedelta64(1, "D")).all()


def test_moving_windows_end_with_the_last_statement():
    rows = [(0, 0, 0.5, 1.0, day, "quote", "a") for day in (0, 1, 2, 3)]
    found = two_mode(table(rows), windows=Windows("days", 2, 1))
    assert found["statement_count"].values.tolist() == [2, 2, 2]
    weeks = two_mode(table(rows), windows=Windows("weeks", 1))
    assert weeks["window_start"].values.astype("datetime64[D]").astype(str).tolist() == ["2025-01-27"]
    months = two_mode(table(rows), windows=Windows("months", 1))
    assert months["window_end"].values.astype("datetime64[D]").astype(str).tolist() == [
        "2025-01-31",
        "2025-02-28",
    ]
    assert months["statement_count"].values.tolist() == [2, 2]


def test_only_the_modes_asked_for_count():
    rows = [(0, 0, 0.5, 1.0, 0, "quote", "a"), (0, 0, 0.5, 1.0, 0, "hearsay", "a")]
    assert int(two_mode(table(rows), reading=Reading(modes=("quote",)))["statement_count"][0]) == 1


@pytest.mark.parametrize(
    ("change", "reading", "windows", "reason"),
    [
        ({}, Reading(modes=("qoute",)), None, "Did you mean 'quote'"),
        ({}, Reading(threshold=1.5), None, "threshold is 1.5"),
        ({}, None, Windows("days", 0), "Windows of 0 days"),
        ({"stance": ("statement", [1.5])}, None, None, "stance of 'ann' on 'land' is 1.5"),
        ({"statement_actor": ("statement", [4])}, None, None, "something else than places in 'actor'"),
    ],
)
def test_what_cannot_be_is_refused(change, reading, windows, reason):
    told = table([(0, 0, 0.5, 1.0, 0, "quote", "a")]).assign(change)
    with pytest.raises(CallError, match=reason):
        one_mode(told, reading=reading, windows=windows)


def test_a_missing_column_is_named():
    told = table([(0, 0, 0.5, 1.0, 0, "quote", "a")]).drop_vars("mode")
    with pytest.raises(CallError, match="have no 'mode'"):
        one_mode(told, reading=Reading(modes=("quote",)))


def test_sorted_stances_are_far_faster_than_a_plain_reading():
    rng = np.random.default_rng(3)
    actor, issue = rng.integers(0, 30, 1500), rng.integers(0, 20, 1500)
    stance = rng.random(1500)
    data = {"statement_actor": actor, "statement_issue": issue, "stance": stance}
    many = xr.Dataset(
        {
            **{name: ("statement", array) for name, array in data.items()},
            "is_nominal": ("issue", [False] * 20),
        },
        coords={"actor": [f"a{at}" for at in range(30)], "issue": [f"i{at}" for at in range(20)]},
    )
    taken = []
    for _ in range(3):
        began = time.process_time()
        found = one_mode(many)["congruence"].values[0]
        taken.append(time.process_time() - began)
    began = time.process_time()
    rows = zip(actor.tolist(), issue.tolist(), stance.tolist(), [1.0] * 1500, strict=True)
    plain = plain_discourse.one_mode(rows, 30, [False] * 20)
    assert 5 * min(taken) < time.process_time() - began
    assert found[2, 7] == pytest.approx(plain[2, 7][0])
