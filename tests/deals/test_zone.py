"""The zone of agreement against a full list of packages: its size, its ends, and who blocks."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from random_deals import acceptable, compatible_sets, every, random_inputs, utilities

from westphalia.methods.deals.relaxation import gains_of
from westphalia.methods.deals.space import TOLERANCE, space_of
from westphalia.methods.deals.zone import zone
from westphalia.methods.deals.zone_count import counted, sampled

KINDS = [{}, {"pairs": True}, {"whole": True}, {"whole": True, "pairs": True}, {"parties": 5}]
CASES = [(seed, kind) for seed in range(12) for kind in KINDS]


@pytest.mark.parametrize(("seed", "kind"), CASES)
@pytest.mark.parametrize("quantile", [0.5, 0.9])
def test_size_and_ends_against_the_full_list(seed, kind, quantile):
    data = random_inputs(seed, quantile=quantile, **kind)
    space = space_of(data)
    inside = acceptable(space)
    found = zone(data)
    assert found["is_decided"].item()
    assert found["has_zone"].item() == inside.any()
    assert found["is_counted"].item()
    assert found.attrs["acceptable"] == str(inside.sum())
    assert found["volume_share"].item() == pytest.approx(inside.mean())
    assert found["converged"].all()
    utility = utilities(space)
    for party in found["best_for"].values:
        at = space.parties.index(party)
        end = found.sel(best_for=party)
        assert end["utility"].sel(actor=party).item() == pytest.approx(utility[inside, at].max(), abs=1e-9)
        assert (end["slack"] >= -TOLERANCE).all()
        package = end["package"].values
        assert np.array_equal(space.utility(package[None])[0], end["utility"].values)
    assert found.sizes["best_for"] == (len(space.parties) if inside.any() else 0)


@pytest.mark.parametrize(("seed", "kind"), CASES)
@pytest.mark.parametrize("quantile", [0.85, 0.98])
def test_conflicts_and_coalitions_against_the_full_list(seed, kind, quantile):
    data = random_inputs(seed, quantile=quantile, **kind)
    space = space_of(data)
    found = zone(data)
    if found["has_zone"]:
        assert found.sizes["conflict"] == found.sizes["coalition"] == 0
        assert not found["is_blocker"].any()
        return
    possible = compatible_sets(space)
    parties = range(len(space.parties))
    conflicts = {frozenset(np.flatnonzero(row).tolist()) for row in found["in_conflict"].values}
    coalitions = {frozenset(np.flatnonzero(row).tolist()) for row in found["in_coalition"].values}
    assert coalitions == {held for held in possible if not any(held < more for more in possible)}
    for conflict in conflicts:
        assert conflict not in possible
        assert all(conflict - {p} in possible for p in conflict)
    assert found["conflicts_complete"].item()
    everyone = frozenset(parties)
    blockers = {p for p in parties if everyone - {p} in possible}
    assert set(np.flatnonzero(found["is_blocker"].values).tolist()) == blockers
    # By duality, a coalition is maximal just if what it lacks meets every conflict minimally.
    assert all(conflict - coalition for conflict in conflicts for coalition in coalitions)
    in_some = frozenset().union(*conflicts)
    assert set(np.flatnonzero(found["is_in_conflict"].values).tolist()) == in_some


@pytest.mark.parametrize(("seed", "kind"), CASES)
def test_prices_prove_conflicts_on_every_package(seed, kind):
    data = random_inputs(seed, quantile=0.97, **kind)
    space = space_of(data)
    found = zone(data)
    slack = utilities(space) - space.floor
    for row, members in zip(found["conflict_price"].values, found["in_conflict"].values, strict=True):
        if np.isnan(row[members]).any():
            continue
        assert (row >= 0).all()
        assert (row[~members] == 0).all()
        assert row.sum() > 0
        assert (slack @ row < 0).all()


def test_one_party_alone_can_block():
    data = xr.Dataset(
        {
            "option_value": (("actor", "issue", "option"), [[[1.0, 0.0]], [[0.8, 0.3]], [[0.0, 0.2]]]),
            "option_count": ("issue", [2]),
            "base_utility": ("actor", np.zeros(3)),
            "reservation": ("actor", [0.5, 0.5, 0.1]),
            "is_party": ("actor", [True] * 3),
        },
        coords={"actor": ["a", "b", "c"], "issue": ["only"]},
    )
    found = zone(data)
    assert not found["has_zone"]
    assert found["is_blocker"].values.tolist() == [False, False, True]
    assert {tuple(row) for row in found["in_conflict"].values.tolist()} == {
        (True, False, True),
        (False, True, True),
    }
    assert found["volume_share"].item() == 0
    assert found.sizes["best_for"] == 0
    opened = zone(data.assign(is_party=("actor", [True, True, False])))
    assert opened["has_zone"]
    assert opened["utility"].sel(best_for="a", actor="c").item() == 0


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("whole", [False, True])
def test_both_ways_to_count_agree(seed, whole):
    gains = gains_of(space_of(random_inputs(seed, parties=3, whole=whole)))
    expected = int(acceptable(space_of(random_inputs(seed, parties=3, whole=whole))).sum())
    assert counted(gains) == expected
    assert counted(gains, most_states=0) == expected
    if expected:
        assert counted(gains, most_states=0, most_walked=1) is None


def test_whole_scores_are_counted_among_many_packages():
    """Two dice of 6 sides thrown 15 times each way: 6^15 packages, counted as sums of dice."""
    side = np.arange(1.0, 7.0)
    data = xr.Dataset(
        {
            "option_value": (("actor", "issue", "option"), np.stack([np.tile(side, (15, 1))] * 2)),
            "option_count": ("issue", [6] * 15),
            "base_utility": ("actor", [0.0, 0.0]),
            "reservation": ("actor", [60.0, 53.0]),
            "is_party": ("actor", [True, True]),
        }
    )
    ways = [1]
    for _ in range(15):
        ways = np.convolve(np.array(ways, dtype=object), np.array([0] + [1] * 6, dtype=object))
    assert zone(data).attrs["acceptable"] == str(sum(ways[60:]))


def test_a_sample_says_how_sure_it_is():
    misses = 0
    for seed in range(20):
        data = random_inputs(seed, quantile=0.4)
        space = space_of(data)
        share = acceptable(space).mean()
        drawn = sampled(space, 2000, seed)
        misses += not drawn.low <= share <= drawn.high
        assert drawn.exact is None
        assert drawn.error == pytest.approx(np.sqrt(drawn.share * (1 - drawn.share) / 2000))
    assert misses <= 4


def test_the_full_list_is_what_it_says():
    space = space_of(random_inputs(0))
    assert len(every(space)) == space.size


def test_large_spaces_are_proved_fast():
    """Five parties, twelve issues of ten options; no clock here, but the walk stays short."""
    rng = np.random.default_rng(5)
    value = rng.random((5, 12, 10)) * rng.dirichlet(np.ones(12), size=5)[:, :, None]
    data = xr.Dataset(
        {
            "option_value": (("actor", "issue", "option"), value),
            "option_count": ("issue", [10] * 12),
            "base_utility": ("actor", np.zeros(5)),
            "reservation": ("actor", np.full(5, 0.72)),
            "is_party": ("actor", [True] * 5),
        }
    )
    found = zone(data, samples=1000)
    assert found["is_decided"].item()
    assert found["package_count"].item() == 10**12
    assert found["has_zone"].item() == (found.sizes["conflict"] == 0)
