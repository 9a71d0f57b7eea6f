"""The compiled spatial model of politics against its plain definition, and what must hold of both."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
import xarray as xr
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from spatial import plain_smp as plain
from westphalia.errors import CallError
from westphalia.methods.spatial.smp import CODES, SHARES, SPEC, smp
from westphalia.methods.spatial.smp_table import REASONS, number
from westphalia.methods.spatial.smp_votes import vote

CELL = ("actor", "issue")
CHOICES = {option.name: option.choices for option in SPEC.options if option.choices}
OF_MODEL = {name: CHOICES[name] for name in (*CODES, "transitions", "risk_adjust", "reading")}
seeds = st.integers(0, 2**31 - 1)


@st.composite
def options(draw):
    chosen = {name: draw(st.sampled_from(choices)) for name, choices in OF_MODEL.items()}
    if chosen["reading"] == "ktab" and chosen["risk_adjust"] == "full":
        chosen["risk_adjust"] = "half"
    return chosen


def drawn(seed, actors=None, issues=None, all_stands=False):
    """Return random inputs without ties: saliences sum to 1 at most, some cells have no stand."""
    rng = np.random.default_rng(seed)
    n, k = actors or int(rng.integers(2, 8)), issues or int(rng.integers(1, 4))
    has_stand = (rng.random((n, k)) < 0.7) | all_stands
    has_stand[np.arange(n), rng.integers(0, k, n)] = True
    has_stand[rng.integers(0, n, k), np.arange(k)] = True
    salience = rng.uniform(0.05, 1.0, (n, k)) / k
    return xr.Dataset(
        {
            "position": (CELL, 100 * rng.random((n, k))),
            "salience": (CELL, salience),
            "capability": (CELL, np.repeat(rng.uniform(1, 100, (n, 1)), k, axis=1)),
            "has_stand": (CELL, has_stand),
            "scale_low": ("issue", np.zeros(k)),
            "scale_high": ("issue", np.full(k, 100.0)),
        },
        coords={"actor": [f"a{i}" for i in range(n)], "issue": [f"k{i}" for i in range(k)]},
    )


def pulls(data, seed):
    n = data.sizes["actor"]
    shares = np.random.default_rng(seed).dirichlet(np.ones(n + 1), n)[:, :n]
    names = data["actor"].values
    return xr.DataArray(shares, dims=("actor", "other_actor"), coords={"actor": names, "other_actor": names})


def group(data, pull=None):
    there = data["has_stand"].values
    cells = zip(data["position"].values, there, strict=True)
    return plain.Group(
        c=data["capability"].values[:, 0].tolist(),
        s=np.where(there, data["salience"], 0.0).tolist(),
        x=[[x / 100 if t else None for x, t in zip(*row, strict=True)] for row in cells],
        pull=None if pull is None else pull.values.tolist(),
    )


def numbers(places):
    return 100 * np.array([[np.nan if x is None else x for x in row] for row in places])


def is_tied(turn, rules):
    """Say whether rounding decides: two choices are worth the same to all, or the best two are as likely."""
    for worth, chances in zip(turn.worth, turn.chances, strict=True):
        for one, other in combinations(worth, 2):
            if max(abs(a - b) for a, b in zip(one, other, strict=True)) < 1e-9:
                return True
        *_, second, best = [0.0, *sorted(chances)]
        if rules.transitions == "deterministic" and best - second < 1e-6:
            return True
    return False


def assert_same(data, chosen, seed, rounds, pull=None):
    """Assert that both give the same run, up to a tie: positions, reasons, chances and settlement.

    Chances are compared to 1e-6: where positions are close, the last digits of utilities show in them.
    """
    rest = {name: choice for name, choice in chosen.items() if name != "reading"}
    rules = plain.Rules(**rest, mended=chosen["reading"] == "mended", rounds=rounds)
    slow = plain.play(group(data, pull), rules, lambda t, k: number(seed, 0, t, k))
    result = smp(**data, ideal_adjustment=pull, **chosen, rounds=rounds, seed=seed, detail="reasons")
    fast = {name: array.values[0] for name, array in result.items()}
    assert fast["risk_attitude"] == pytest.approx(slow.turns[0].risk, abs=1e-6)
    for t, (turn, end) in enumerate(zip(slow.turns, slow.path[1:], strict=True), start=1):
        if is_tied(turn, rules):
            return
        assert_same_turn({name: fast[name][t] for name in REASONS}, turn)
        assert fast["position_path"][t] == pytest.approx(numbers(end.x), abs=1e-5, nan_ok=True)
    turns = len(slow.turns)
    assert fast["rounds_played"] == turns
    assert fast["stop_ratio"][1 : turns + 1] == pytest.approx(slow.ratios, abs=1e-6)
    chances, _, _ = plain.win_probabilities(slow.path[-1], rules)
    assert fast["win_probability"] == pytest.approx(chances, abs=1e-6)
    for k in range(data.sizes["issue"]):
        mean, deviation = plain.settlement(slow.path[-1], rules, k)
        assert fast["forecast"][k] == pytest.approx(100 * mean, abs=1e-4)
        assert fast["spread"][k] == pytest.approx(100 * deviation, abs=1e-3)


def assert_same_turn(at, turn):
    """Assert that both give the same reasons in a turn."""
    assert at["position_probability"] == pytest.approx(turn.p, abs=1e-6)
    sought = [turn.targets.get(k, (-1, np.nan, np.nan)) for k in range(len(turn.p))]
    taken = [queue[chosen] for queue, chosen in zip(turn.queues, turn.chosen, strict=True)]
    chances = [chances[chosen] for chances, chosen in zip(turn.chances, turn.chosen, strict=True)]
    for name, expected in zip(
        ("target", "challenge_probability", "challenge_gain"), zip(*sought, strict=True), strict=True
    ):
        assert at[name] == pytest.approx(list(expected), abs=1e-6, nan_ok=True)
    assert at["choice_count"].tolist() == [len(queue) for queue in turn.queues]
    assert at["proposer"].tolist() == [-1 if offer is None else offer.i for offer in taken]
    assert at["receiver"].tolist() == [-1 if offer is None else offer.j for offer in taken]
    assert at["choice_probability"] == pytest.approx(chances, abs=1e-6)


@given(seeds, options(), st.booleans())
@settings(max_examples=80)
def test_compiled_is_the_plain_definition_in_every_combination(seed, chosen, adjusts):
    data = drawn(seed)
    assert_same(data, chosen, seed, 3, pulls(data, seed) if adjusts else None)


@pytest.mark.parametrize(
    ("reading", "option", "choice"),
    [
        (reading, name, choice)
        for reading in ("ktab", "mended")
        for name, choices in OF_MODEL.items()
        for choice in choices
        if name != "reading" and (reading, choice) != ("ktab", "full")
    ],
)
def test_each_choice_over_a_whole_run(reading, option, choice):
    assert_same(drawn(7, 9, 2), {"reading": reading, option: choice}, 11, 12)


@given(seeds, st.sampled_from(["ktab", "mended"]))
@settings(max_examples=30)
def test_actors_permute_with_the_result_but_for_ties(seed, reading):
    data = drawn(seed)
    rules = plain.Rules(mended=reading == "mended", rounds=3)
    assume(not any(is_tied(turn, rules) for turn in plain.play(group(data), rules).turns))
    order = np.random.default_rng(seed).permutation(data.sizes["actor"])
    before = smp(**data, reading=reading, rounds=3).isel(actor=order)
    after = smp(**data.isel(actor=order), reading=reading, rounds=3)
    # Of positions that are as good as one the first stands for all, so chances to win may differ.
    same = ["final_position", "risk_attitude", "rounds_played", "converged"]
    xr.testing.assert_allclose(before[same], after[same], rtol=0, atol=1e-5)


@given(seeds, st.sampled_from([0.5, 4.0, 64.0]), st.sampled_from([-128.0, 0.0, 1000.0]))
@settings(max_examples=30)
def test_the_scale_has_no_unit_and_no_origin(seed, unit, origin):
    data = drawn(seed)
    moved = {name: origin + unit * data[name] for name in ("position", "scale_low", "scale_high")}
    before, after = smp(**data, rounds=3), smp(**data.assign(moved), rounds=3)
    for name in ("forecast", "final_position"):
        assert after[name].values == pytest.approx(origin + unit * before[name].values, abs=1e-6, nan_ok=True)
    assert after["spread"].values == pytest.approx(unit * before["spread"].values, abs=1e-5)


@given(seeds, st.sampled_from([0.125, 1024.0]))
@settings(max_examples=30)
def test_capability_has_no_unit(seed, unit):
    data = drawn(seed)
    before, after = smp(**data), smp(**data.assign(capability=unit * data["capability"]))
    assert before.identical(after)


@given(seeds, options())
@settings(max_examples=60)
def test_nobody_leaves_the_span_of_positions_by_more_than_rounding(seed, chosen):
    chosen = {**chosen, "bargaining": "init-only"} if chosen["reading"] == "ktab" else chosen
    data = drawn(seed)
    there = data["position"].where(data["has_stand"])
    path = smp(**data, **chosen, detail="path")["position_path"]
    # A proposal is rounded to 1/10 000 of the scale.
    assert (path >= there.min("actor") - 0.005001).where(path.notnull(), True).all()
    assert (path <= there.max("actor") + 0.005001).where(path.notnull(), True).all()


@given(seeds, options())
@settings(max_examples=60)
def test_chances_are_chances_and_the_settlement_lies_among_final_positions(seed, chosen):
    result = smp(**drawn(seed), **chosen).isel(draw=0)
    win, final = result["win_probability"], result["final_position"]
    assert (win >= 0).all()
    assert win.max() <= 1 + 1e-12
    assert win.sum() >= 1 - 1e-9
    assert (result["forecast"] >= final.min("actor") - 1e-9).all()
    assert (result["forecast"] <= final.max("actor") + 1e-9).all()
    assert (result["spread"] <= (final.max("actor") - final.min("actor")) / 2 + 1e-9).all()
    assert (abs(result["risk_attitude"]) <= 1 + 1e-12).all()


@given(seeds, options(), st.integers(0, 100))
@settings(max_examples=30)
def test_a_consensus_stays(seed, chosen, place):
    data = drawn(seed, all_stands=True)
    result = smp(**data.assign(position=0 * data["position"] + place), **{**chosen, "reading": "mended"})
    assert (result["final_position"] == place).all()
    assert (result["risk_attitude"] == 0).all()
    assert result["converged"].all()
    assert result["forecast"].values == pytest.approx(np.full(result["forecast"].shape, place), abs=1e-9)
    assert (result["spread"] < 1e-6).all()


@given(seeds, options())
@settings(max_examples=20)
def test_draws_do_not_influence_one_another(seed, chosen):
    data = drawn(seed)
    factor = xr.DataArray([1.0, 0.5, 0.8, 0.3], dims="draw", coords={"draw": np.arange(4)})
    many = data.assign(salience=factor * data["salience"])
    whole = smp(**many, **{**chosen, "transitions": "stochastic"}, seed=seed)
    for draw in range(4):
        alone = smp(**many.isel(draw=[draw]), **{**chosen, "transitions": "stochastic"}, seed=seed)
        assert alone.identical(whole.isel(draw=[draw]))


def test_seeds_and_draws_have_numbers_of_their_own_that_are_even():
    many = np.array([number(1, draw, turn, 3) for draw in range(200) for turn in range(50)])
    assert len(set(many.tolist())) == 10_000
    assert abs(many.mean() - 0.5) < 0.01
    assert abs(many.std() - 12**-0.5) < 0.01
    assert number(1, 5, 1, 3) != number(2, 5, 1, 3)


def test_stochastic_transitions_depend_on_the_seed_and_vary_with_the_draw():
    data = drawn(5, 7, 1).expand_dims(draw=np.arange(30))
    data = data.assign({name: data[name].isel(draw=0) for name in ("has_stand", "scale_low", "scale_high")})
    one, same, other = (smp(**data, transitions="stochastic", seed=seed) for seed in (3, 3, 4))
    assert one.identical(same)
    assert not np.array_equal(one["forecast"], other["forecast"])
    assert len(np.unique(one["forecast"])) > 10
    assert len(np.unique(smp(**data)["forecast"])) == 1


@given(seeds, st.sampled_from(CODES["third_party"]), st.sampled_from(["prop", "cubic"]))
@settings(max_examples=40)
def test_mended_third_parties_never_back_the_farther_side(seed, commit, rule):
    own, at_i, at_j, pull, for_i, for_j = np.random.default_rng(seed).uniform(0.01, 1, 6)
    own = max(own, at_i, at_j)
    rules = plain.Rules(third_party=commit, voting_rule=rule, mended=True)
    viewed = plain.Viewed.__new__(plain.Viewed)
    viewed.rules = rules
    gap = viewed.mended_gap(own, at_i, at_j, pull, for_i, for_j)
    assert gap * (at_i - at_j) >= 0


@pytest.mark.parametrize("rule", CODES["voting_rule"])
def test_votes_are_odd_but_for_the_asymmetric_rule(rule):
    code = CODES["voting_rule"].index(rule)
    for du in (0.0, 1e-9, 0.2, 0.9):
        assert vote(code, du) == pytest.approx(plain.vote(rule, du), rel=1e-15)
        assert vote(code, -du) == pytest.approx(plain.vote(rule, -du), rel=1e-15)
        if rule != "asym-prosp":
            assert vote(code, -du) == -vote(code, du)


def test_who_takes_no_part_changes_nothing():
    data = drawn(3, 6, 2, all_stands=True)
    ghost = data.isel(actor=[0]).assign_coords(actor=["ghost"])
    ghost = ghost.assign(capability=0 * ghost["capability"])
    crowd = xr.concat([data, ghost], dim="actor", data_vars="minimal")
    alone, together = smp(**data), smp(**crowd)
    assert together.isel(actor=slice(0, -1)).identical(alone.assign_attrs(together.attrs))
    last = together.isel(actor=-1)
    assert last["final_position"].values.tolist() == ghost["position"].values.tolist()
    assert np.isnan(last["win_probability"]).all()


def test_capability_by_issue_becomes_its_mean_by_salience():
    data = drawn(3, 6, 2, all_stands=True)
    varied = data["capability"] * xr.DataArray([0.5, 1.5], dims="issue")
    mean = (varied * data["salience"]).sum("issue") / data["salience"].sum("issue")
    even = data.assign(capability=mean.broadcast_like(data["capability"]).transpose(*CELL))
    xr.testing.assert_allclose(smp(**data.assign(capability=varied)), smp(**even), atol=1e-9)


def test_saliences_become_shares_of_attention():
    data = drawn(3, 6, 3, all_stands=True)
    high = data.assign(salience=np.minimum(3 * data["salience"], 1.0))
    total = np.maximum(high["salience"].sum("issue"), 1.0)
    cut = data.assign(salience=high["salience"] / total)
    assert smp(**high).equals(smp(**cut, salience_scale="as-given"))
    split = data.assign(salience=high["salience"] / data.sizes["issue"])
    assert smp(**high, salience_scale="issue-count").equals(smp(**split, salience_scale="as-given"))
    with pytest.raises(CallError, match=r"The saliences of 'a\d' sum to \d\.\d+"):
        smp(**high, salience_scale="as-given")


def test_the_most_probable_position_can_be_the_forecast():
    result = smp(**drawn(8, 7, 2, all_stands=True), settle="most-probable").isel(draw=0)
    best = result["win_probability"].argmax("actor")
    assert result["forecast"].values.tolist() == result["final_position"].isel(actor=best).values.tolist()


def test_ideals_that_do_not_follow_hold_their_owners():
    data = drawn(4, 6, 1, all_stands=True)
    follows = pulls(data, 1)
    stubborn, led = smp(**data, ideal_adjustment=0 * follows), smp(**data)
    assert not np.array_equal(stubborn["final_position"], led["final_position"])
    shuffled = follows.isel(other_actor=slice(None, None, -1))
    assert smp(**data, ideal_adjustment=shuffled).identical(smp(**data, ideal_adjustment=follows))
    with pytest.raises(CallError, match="The ideal of 'a0' follows positions by more than 1"):
        smp(**data, ideal_adjustment=follows * 0 + 0.9)
    strange = follows.assign_coords(other_actor=[*data["actor"].values[:-1], "x"])
    with pytest.raises(CallError, match=r"actors of 'ideal_adjustment' differ in .*x"):
        smp(**data, ideal_adjustment=strange)


def test_a_scale_without_length_is_refused():
    data = drawn(4, 4, 1)
    with pytest.raises(CallError, match="The scale of 'k0' has no length"):
        smp(**data.assign(scale_high=data["scale_low"]))


def test_shares_of_risk_are_those_of_the_definition():
    assert SHARES == plain.SHARE
