"""Compiled position exchange against its plain reading, and what must hold of both."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from spatial import plain_exchange as plain
from westphalia.errors import CallError
from westphalia.methods.spatial.exchange import EFFECTS, SPEC, exchange
from westphalia.runs.engine import run

CELL = ("actor", "issue")
CLOSE = 1e-7
FEWER = settings.default.max_examples * 2 // 5

readings = st.sampled_from(["program", "mended"])
rates = st.sampled_from([0.0, 0.4, 1.0])


def labelled(position, salience, capability, has_stand):
    actors, issues = has_stand.shape
    data = {
        "position": (CELL, position),
        "salience": (CELL, salience),
        "capability": (CELL, capability),
        "has_stand": (CELL, has_stand),
        "scale_low": ("issue", np.zeros(issues)),
        "scale_high": ("issue", np.full(issues, 100.0)),
    }
    labels = {"actor": [f"a{i}" for i in range(actors)], "issue": [f"k{i}" for i in range(issues)]}
    return xr.Dataset(data, coords=labels)


@st.composite
def coarse(draw, gaps=True):
    """A case with round numbers, in which gains often tie, and some stands missing."""
    shape = draw(st.integers(2, 6)), draw(st.integers(2, 4))

    def cells(values):
        flat = draw(st.lists(values, min_size=shape[0] * shape[1], max_size=shape[0] * shape[1]))
        return np.array(flat).reshape(shape)

    share = st.integers(1, 10).map(lambda tenth: tenth / 10)
    has_stand = cells(st.sampled_from([True, True, True, not gaps]))
    has_stand[0] = True
    places = st.integers(0, 10).map(lambda tenth: 10.0 * tenth)
    return labelled(cells(places), cells(share), cells(share), has_stand)


@st.composite
def smooth(draw):
    """A case with odd numbers, in which nothing ties."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    shape = draw(st.integers(2, 8)), draw(st.integers(2, 5))
    position, salience = rng.uniform(0, 100, shape), rng.uniform(0.05, 1, shape)
    return labelled(position, salience, rng.uniform(0.05, 1, shape), np.ones(shape, dtype=bool))


cases = st.one_of(coarse(), smooth())


def play(data, **options):
    return exchange(**{str(name): data[name] for name in SPEC.inputs}, **options)


def stands(data):
    columns = [data[name].values for name in ("position", "salience", "capability")]
    return {
        (int(a), int(k)): tuple(float(column[a, k]) for column in columns)
        for a, k in np.argwhere(data["has_stand"].values)
    }


def trades(played):
    """(round, actors, issues, trade) of every exchange, as numbers of the inputs."""
    names = {dim: {name: at for at, name in enumerate(played[dim].values)} for dim in CELL}
    for at in range(int(played["realised_count"].sum())):
        trade = played.isel(draw=0, trade=at)
        actors = [names["actor"][name] for name in trade["trade_actor"].values]
        issues = [names["issue"][name] for name in trade["trade_issue"].values]
        yield int(trade["trade_round"]), actors, issues, trade


@given(cases, readings, st.sampled_from(["least-given", "order"]))
@settings(max_examples=FEWER)
def test_agrees_with_the_plain_reading(data, reading, tie_break):
    rounds = plain.play(stands(data), 3, reading == "mended", tie_break == "least-given")
    ours = play(data, rounds=3, reading=reading, tie_break=tie_break, detail="exchanges")
    for at, expected in enumerate(rounds, start=1):
        now = ours.isel(draw=0, round=at)
        assert now["candidate_count"].item() == expected.count
        assert now["realised_count"].item() == len(expected.trades)
        for (actor, issue), place in expected.voting.items():
            assert now["voting_path"].values[actor, issue] == pytest.approx(place, abs=CLOSE)
        for issue, known in plain.outcome(expected.voting, expected.stands).items():
            assert now["path"].values[issue] == pytest.approx(known, abs=CLOSE)
    listed = [(at, trade) for at, one in enumerate(rounds, start=1) for trade in one.trades]
    for (at, expected), (our_round, actors, issues, trade) in zip(listed, trades(ours), strict=True):
        assert (our_round, actors, issues) == (at, [expected.i, expected.j], [expected.q, expected.p])
        assert trade["trade_reckoned_gain"].values == pytest.approx(expected.gain, abs=CLOSE)
        for side, issue in enumerate(issues):
            before, after = expected.outcomes[issue]
            assert trade["outcome_before"].values[side] == pytest.approx(before, abs=CLOSE)
            assert trade["outcome_after"].values[side] == pytest.approx(after, abs=CLOSE)


@given(cases, readings)
@settings(max_examples=FEWER)
def test_gains_are_equal_and_positive(data, reading):
    played = play(data, rounds=2, reading=reading, detail="exchanges")
    for _, _, _, trade in trades(played):
        first, second = trade["trade_reckoned_gain"].values
        assert first == pytest.approx(second, abs=1e-9)
        assert first > 0


@given(cases, readings, rates)
@settings(max_examples=FEWER)
def test_gains_are_shifts_by_salience_and_nobody_gains_less_than_nothing(data, reading, rate):
    played = play(data, rounds=2, reading=reading, rate=rate, detail="exchanges")
    weight = (data["capability"] * data["salience"]).where(data["has_stand"], 0.0).values
    salience = data["salience"].values
    for _, actors, issues, trade in trades(played):
        moved = np.abs((trade["trade_to"] - trade["trade_from"]).values)
        shift = [moved[a] * weight[actors[a], issues[a]] / weight[:, issues[a]].sum() for a in (0, 1)]
        known = np.abs((trade["outcome_after"] - trade["outcome_before"]).values)
        assert known == pytest.approx(shift, abs=CLOSE)
        for a in (0, 1):
            got = shift[1 - a] * salience[actors[a], issues[1 - a]]
            gain = got - shift[a] * salience[actors[a], issues[a]]
            assert trade["trade_reckoned_gain"].values[a] == pytest.approx(gain, abs=CLOSE)
            assert gain > -CLOSE


@given(cases, rates)
@settings(max_examples=FEWER)
def test_mended_no_exchange_makes_a_partner_worse(data, rate):
    played = play(data, rounds=1, reading="mended", rate=rate, detail="exchanges")
    for _, actors, issues, trade in trades(played):
        for side, actor in enumerate(actors):
            x, s = data["position"].values[actor, issues], data["salience"].values[actor, issues]
            away = [np.abs(trade[f"outcome_{when}"].values - x) for when in ("before", "after")]
            assert (s * (away[0] - away[1])).sum() >= trade["trade_reckoned_gain"].values[side] - CLOSE


@given(cases, readings, rates)
@settings(max_examples=FEWER)
def test_effects_add_up_to_the_change_of_utility(data, reading, rate):
    played = play(data, rounds=3, reading=reading, rate=rate, detail="exchanges").isel(draw=0)
    salience = np.where(data["has_stand"], data["salience"], 0.0)
    for at in (1, 2, 3):
        preference = np.nan_to_num(played["position_path"].values[at - 1])
        before, after = played["mean"].values[at - 1], played["path"].values[at]
        change = (salience * (np.abs(before - preference) - np.abs(after - preference))).sum(axis=1)
        assert played["externality"].values[at].sum(axis=1) == pytest.approx(change, abs=CLOSE)
        assert played["externality_between"].values[at].sum(axis=0) == pytest.approx(change, abs=CLOSE)
    signs = {name: 1 if name.endswith("gain") else -1 for name in EFFECTS if name != "own"}
    for name, sign in signs.items():
        assert (sign * played["externality"].sel(effect=name) >= 0).all()


@given(cases, readings, rates)
@settings(max_examples=FEWER)
def test_positions_stay_between_those_at_the_start(data, reading, rate):
    played = play(data, rounds=3, reading=reading, rate=rate, detail="exchanges").isel(draw=0)
    present = data["position"].where(data["has_stand"])
    for name in ("voting_path", "position_path"):
        assert (played[name].isnull() == present.isnull()).all()
        assert (played[name] >= present.min("actor") - CLOSE).where(~played[name].isnull(), True).all()
        assert (played[name] <= present.max("actor") + CLOSE).where(~played[name].isnull(), True).all()


@given(cases, readings)
@settings(max_examples=FEWER)
def test_totals_of_exchanges_are_those_of_actors(data, reading):
    played = play(data, rounds=2, reading=reading, detail="exchanges")
    total = np.zeros((3, data.sizes["actor"]))
    for at, actors, _, trade in trades(played):
        for side, actor in enumerate(actors):
            total[at, actor] += trade["trade_reckoned_gain"].values[side]
    assert played["reckoned_gain"].values[0] == pytest.approx(total, abs=CLOSE)


@given(smooth(), readings, st.randoms(use_true_random=False))
@settings(max_examples=FEWER)
def test_without_ties_the_order_of_inputs_does_not_matter(data, reading, lots):
    actors, issues = list(range(data.sizes["actor"])), list(range(data.sizes["issue"]))
    before = play(data, rounds=2, reading=reading)
    lots.shuffle(actors)
    lots.shuffle(issues)
    after = play(data.isel(actor=actors, issue=issues), rounds=2, reading=reading)
    xr.testing.assert_allclose(before.isel(actor=actors, issue=issues), after, atol=CLOSE)


@given(smooth(), readings)
@settings(max_examples=FEWER)
def test_a_scale_may_be_stretched_and_shifted(data, reading):
    low, factor = np.arange(data.sizes["issue"]) - 1.0, 3.0 + np.arange(data.sizes["issue"])
    low, factor = xr.DataArray(low, dims="issue"), xr.DataArray(factor, dims="issue")
    ends = {"scale_low": low, "scale_high": low + 100 * factor}
    other = play(data.assign(position=low + factor * data["position"], **ends), rounds=2, reading=reading)
    before = play(data, rounds=2, reading=reading)
    for name in ("path", "position_path"):
        stretched = (low + factor * before[name]).transpose(*before[name].dims)
        xr.testing.assert_allclose(stretched, other[name], atol=1e-6)
    for name in ("externality", "reckoned_gain"):
        xr.testing.assert_allclose(before[name], other[name], atol=CLOSE)


@given(smooth())
@settings(max_examples=FEWER)
def test_mended_a_scale_may_be_turned_round(data):
    turned = play(data.assign(position=100 - data["position"]), rounds=2, reading="mended")
    before = play(data, rounds=2, reading="mended")
    xr.testing.assert_allclose(100 - before["path"], turned["path"], atol=CLOSE)


@given(cases, readings)
@settings(max_examples=FEWER)
def test_an_actor_without_weight_changes_nothing(data, reading):
    ghost = data.isel(actor=[0]).assign_coords(actor=["ghost"])
    ghost = ghost.assign(capability=0 * ghost["capability"])
    data_vars = {name: data[name] for name in ("position", "salience", "capability", "has_stand")}
    both = xr.concat([data[list(data_vars)], ghost[list(data_vars)]], dim="actor")
    both = both.assign(scale_low=data["scale_low"], scale_high=data["scale_high"])
    before, after = play(data, rounds=2, reading=reading), play(both, rounds=2, reading=reading)
    xr.testing.assert_allclose(before["path"], after["path"], atol=CLOSE)


def sampled(draws=30):
    rng = np.random.default_rng(5)
    data = labelled(
        50.0 * rng.integers(0, 3, (6, 4)),
        rng.choice([0.4, 0.8], (6, 4)),
        np.ones((6, 4)),
        np.ones((6, 4), dtype=bool),
    )
    varied = ("position", "salience", "capability")
    return data.assign({name: data[name].expand_dims(draw=np.arange(draws)) for name in varied})


@pytest.mark.parametrize("options", [{"tie_break": "random"}, {"rate": 0.7}])
def test_lots_depend_on_seed_and_draw_alone(options):
    data = sampled()
    whole = play(data, rounds=2, seed=3, **options)
    parts = [play(data.isel(draw=part), rounds=2, seed=3, **options) for part in (slice(0, 7), slice(7, 30))]
    assert whole.identical(
        xr.concat(parts, dim="draw", data_vars="minimal", coords="minimal", compat="override")
    )
    threads = [run(SPEC, data, options={"rounds": 2, "seed": 3, **options}, workers=w) for w in (1, 2)]
    assert threads[0].identical(threads[1])
    assert np.unique(whole["forecast"].values, axis=0).shape[0] > 1
    assert not whole["forecast"].equals(play(data, rounds=2, seed=4, **options)["forecast"])


def test_one_side_gets_all_there_is_and_the_other_nothing_at_most():
    two = labelled(
        np.array([[0.0, 0.0], [100.0, 100.0]]),
        np.array([[0.1, 0.9], [0.6, 0.5]]),
        np.ones((2, 2)),
        np.ones((2, 2), dtype=bool),
    )
    draws = 2000
    varied = {
        name: two[name].expand_dims(draw=np.arange(draws)) for name in ("position", "salience", "capability")
    }
    gains = play(two.assign(varied), rounds=1, rate=1.0)["reckoned_gain"].values[:, 1, :]
    # All of I2 kept by one or the other: A1 may gain 100/7 · (0.9 · 0.6 / 0.5 − 0.1), A2 at most
    # 100/7 · 0.6 − 0.5 · 100/7 · 0.1 / 0.9.
    most = [100 / 7 * (0.9 * 0.6 / 0.5 - 0.1), 100 / 7 * (0.6 - 0.5 * 0.1 / 0.9)]
    assert gains.min() > -1e-9
    for actor in (0, 1):
        assert 0.99 * most[actor] < gains[:, actor].max() <= most[actor] + 1e-9
    assert np.mean(gains[:, 0] > 5) == pytest.approx(0.5, abs=0.04)


def test_what_cannot_be_played_is_told():
    data = sampled(2)
    with pytest.raises(CallError, match=r"asked for after round 5, but 3 are played.* Allowed: 0 to 3"):
        play(data, rounds=3, forecast_after=5)
    with pytest.raises(CallError, match=r"0\.7 and 0\.4 exceed 1 together"):
        play(data, fixed_weight=0.7)
    outside = data.assign(scale_high=data["scale_high"] - 50)
    with pytest.raises(
        CallError, match=r"The position of 'a\d' on 'k\d' is \d+, outside the scale.* 0 to 50"
    ):
        play(outside)
    with pytest.raises(CallError, match="The scale of 'k0' has no length"):
        play(data.assign(scale_high=data["scale_low"]))


def test_nobody_to_exchange_with():
    data = labelled(*(np.full((3, 1), value) for value in (40.0, 0.5, 1.0)), np.ones((3, 1), dtype=bool))
    played = play(data, detail="exchanges")
    assert played["forecast"].values.tolist() == [[40.0]]
    assert played.sizes["trade"] == 0
    assert played["realised_count"].values.sum() == 0
