"""The compiled challenge model against its plain definition, and what must hold of both."""

from __future__ import annotations

from dataclasses import asdict, replace

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

import plain_challenge as plain
from westphalia.methods.spatial import challenge_kernels as fast
from westphalia.methods.spatial.challenge import RELATIONS, challenge
from westphalia.methods.spatial.challenge_table import Rules, new_table, take_seats

CELL = ("actor", "issue")

rules = st.builds(
    plain.Rules,
    **{name: st.booleans() for name in asdict(plain.SCHOLZ) if name != "q"},
    q=st.sampled_from([1.0, 0.5, 0.0, 0.83]),
)
readings = st.sampled_from([plain.SCHOLZ, plain.PRINTED])


@st.composite
def actors(draw, most=7):
    """(positions, weights, saliences) of actors that do not all stand at the same place."""
    n = draw(st.integers(2, most))
    step = draw(st.sampled_from([0.25, 0.01]))
    places = st.integers(0, round(1 / step)).map(lambda at: 10 * at * step)
    x = draw(st.lists(places, min_size=n, max_size=n).filter(lambda drawn: max(drawn) > min(drawn)))
    share = st.integers(1, 20).map(lambda part: part / 20)
    s = draw(st.lists(share, min_size=n, max_size=n))
    c = draw(st.lists(share, min_size=n, max_size=n))
    return x, [a * b for a, b in zip(c, s, strict=True)], s


def seated(x, w, s, r=None):
    """A table with everybody seated, and the distances taken."""
    n = len(x)
    table = new_table(n)
    assert take_seats(table, *map(np.array, (x, s, w))) == n
    if r is not None:
        table.r[:n] = np.array(r)[table.who]
    fast.take_distances(table, n, max(x) - min(x))
    return table, n, max(x) - min(x)


def labelled(x, w, s):
    labels = {"actor": [f"a{i}" for i in range(len(x))], "issue": ["k"]}
    cells = [[[value] for value in column] for column in (x, s, [a / b for a, b in zip(w, s, strict=True)])]
    present = [[True] for _ in x]
    return [xr.DataArray(cell, dims=CELL, coords=labels) for cell in (*cells, present)]


@given(actors(), st.lists(st.floats(0.5, 2.0), min_size=7, max_size=7), st.booleans())
def test_all_pairs_constant(group, exponents, is_linear):
    x, w, s = group
    r = [1.0] * len(x) if is_linear else exponents[: len(x)]
    table, n, span = seated(x, w, s, r)
    ours = fast.count_votes(table, n, is_linear, True, np.empty(n))
    assert ours == pytest.approx(plain.constant(x, w, r, span), rel=1e-9)


@given(actors(), st.lists(st.floats(0.5, 2.0), min_size=7, max_size=7), st.booleans())
def test_win_odds(group, exponents, all_pairs):
    x, w, s = group
    r = exponents[: len(x)]
    table, n, span = seated(x, w, s, r)
    fast.weigh_odds(table, n, fast.count_votes(table, n, False, all_pairs, np.empty(n)))
    whole = plain.constant(x, w, r, span)
    chosen = replace(plain.SCHOLZ, all_pairs=all_pairs)
    for a in range(n):
        for b in range(n):
            i, j = int(table.who[a]), int(table.who[b])
            expected = 0.0 if i == j else plain.win_odds(i, j, x, w, r, span, chosen, whole)
            assert table.odds[a, b] == pytest.approx(expected, abs=1e-9)


@given(actors(), rules)
def test_one_round(group, chosen):
    x, w, s = group
    r, dyads, targets, movers = plain.play_round(x, w, s, max(x) - min(x), chosen)
    table, n, span = seated(x, w, s)
    fast.play_round(table, n, span, Rules(**asdict(chosen)), np.empty(n))
    seat = {int(table.who[at]): at for at in range(n)}
    assert [table.r[seat[i]] for i in range(n)] == pytest.approx(r, abs=1e-9)
    for (i, j), (ours, theirs) in dyads.items():
        assert table.ours[seat[i], seat[j]] == pytest.approx(ours, abs=1e-9)
        assert table.theirs[seat[i], seat[j]] == pytest.approx(theirs, abs=1e-9)
    assert [table.target[seat[i]] for i in range(n)] == pytest.approx(targets, abs=1e-8)
    assert [by >= 0 for by in movers] == [table.moved_by[seat[i]] >= 0 for i in range(n)]


@given(actors(), readings)
@settings(max_examples=60)
def test_whole_run(group, chosen):
    x, w, s = group
    name = "scholz-code" if chosen is plain.SCHOLZ else "printed"
    ours = challenge(*labelled(x, w, s), reading=name, rounds=4)
    path = plain.play(x, w, s, 4, chosen)
    assert ours["position_path"].values[0, :, :, 0] == pytest.approx(np.array(path), abs=1e-6)
    medians = [plain.median(places, w) for places in path]
    assert ours["median"].values[0, :, 0] == pytest.approx(medians, abs=1e-6)


@given(actors(), st.sampled_from(["printed", "scholz-code"]))
@settings(max_examples=40)
def test_translation_and_scaling_carry_over(group, reading):
    x, w, s = group
    before = challenge(*labelled(x, w, s), reading=reading, rounds=2)["position_path"]
    moved = [8 * at - 32 for at in x]
    after = challenge(*labelled(moved, w, s), reading=reading, rounds=2)["position_path"]
    assert after.values == pytest.approx(8 * before.values - 32, abs=1e-6)


@given(actors(), st.sampled_from(["printed", "scholz-code"]), st.floats(0, 10), st.booleans())
@settings(max_examples=40)
def test_an_actor_without_weight_changes_nothing(group, reading, place, has_stand):
    position, salience, capability, present = labelled(*group)
    alone = challenge(position, salience, capability, present, reading=reading)
    labels = {"actor": [*position["actor"].values, "ghost"], "issue": ["k"]}

    def joined(array, value):
        return xr.DataArray(np.vstack([array.values, [[value]]]), dims=CELL, coords=labels)

    crowd = challenge(
        joined(position, place),
        joined(salience, 1.0),
        joined(capability, 0.0 if has_stand else 5.0),
        joined(present, has_stand),
        reading=reading,
    )
    for name in ("forecast", "median", "mean"):
        assert crowd[name].values.tolist() == alone[name].values.tolist()
    ghost = crowd["position_path"].sel(actor="ghost").values
    assert np.all(ghost == place) if has_stand else np.isnan(ghost).all()
    assert np.isnan(crowd["risk_exponent"].sel(actor="ghost")).all()


@given(actors(), st.sampled_from(["printed", "scholz-code"]), st.floats(-100, 100))
@settings(max_examples=25)
def test_unanimity_stays(group, reading, place):
    _, w, s = group
    result = challenge(*labelled([place] * len(w), w, s), reading=reading)
    assert (result["position_path"] == place).all()
    assert (result["median"] == place).all()


@given(actors(), st.sampled_from(["printed", "scholz-code"]))
@settings(max_examples=40)
def test_nobody_leaves_the_span_of_positions_and_codes_are_known(group, reading):
    x, w, s = group
    result = challenge(*labelled(x, w, s), reading=reading, detail="dyads")
    path = result["position_path"]
    assert path.min() >= min(x)
    assert path.max() <= max(x)
    assert set(np.unique(result["relation"])) <= set(range(len(RELATIONS)))
    risk = result["risk_exponent"]
    assert risk.min() >= 0.5
    assert risk.max() <= 2


@given(actors(most=5), actors(most=5))
@settings(max_examples=25)
def test_draws_and_issues_do_not_influence_one_another(first, second):
    n = min(len(first[0]), len(second[0]))
    pair = [labelled(*(column[:n] for column in group)) for group in (first, second)]
    together = [xr.concat([a, b.assign_coords(issue=["l"])], dim="issue") for a, b in zip(*pair, strict=True)]
    swapped = [array.isel(issue=[1, 0]) for array in together]
    position, salience, capability, present = (
        xr.concat([a, b.assign_coords(issue=["k", "l"])], dim="draw") if a.dtype != bool else a
        for a, b in zip(together, swapped, strict=True)
    )
    both = challenge(position, salience, capability, present)["median"]
    alone = challenge(*together)["median"]
    assert both.isel(draw=0).values.tolist() == alone.isel(draw=0).values.tolist()
    assert both.isel(draw=1).values.tolist() == alone.isel(draw=0, issue=[1, 0]).values.tolist()
