"""Binmore, Rubinstein and Wolinsky 1986 (RAND Journal of Economics 17(2), pp. 176–188), and Muthoo 1999.

Two parties split a pie of size 1: the asymmetric Nash bargaining solution gives party i
d_i + w_i (1 − d_1 − d_2). Here the pie is an issue from 0 to 1, on which one wants all and the other
wants nothing to go to it.
"""

from __future__ import annotations

import pytest
import xarray as xr

from westphalia.methods.spatial.nash import nash_bargaining

LABELS = {"actor": ["ann", "bob"], "issue": ["pie"]}


def split(weights, no_deal, **options):
    cells = {"dims": ("actor", "issue"), "coords": LABELS}
    parties = {"dims": ("actor",), "coords": {"actor": LABELS["actor"]}}
    issue = {"dims": ("issue",), "coords": {"issue": LABELS["issue"]}}
    return nash_bargaining(
        position=xr.DataArray([[1.0], [0.0]], **cells),
        salience=xr.DataArray([[0.5], [0.9]], **cells),
        capability=xr.DataArray([[weight] for weight in weights], **cells),
        has_stand=xr.DataArray([[True], [True]], **cells),
        is_required=xr.DataArray([True, True], **parties),
        scale_low=xr.DataArray([0.0], **issue),
        scale_high=xr.DataArray([1.0], **issue),
        reversion=xr.DataArray([0.0], **issue),
        has_reversion=xr.DataArray([False], **issue),
        no_deal=xr.DataArray(no_deal, **parties),
        has_no_deal=xr.DataArray([True, True], **parties),
        **options,
    )


@pytest.mark.parametrize("weights", [(1.0, 1.0), (3.0, 1.0), (0.2, 1.8), (5.0, 95.0)])
@pytest.mark.parametrize("no_deal", [(0.0, 0.0), (0.3, 0.1), (0.0, 0.9), (-0.5, 0.2)])
@pytest.mark.parametrize("scope", ["package", "issue"])
def test_split_of_a_pie(weights, no_deal, scope):
    share = weights[0] / sum(weights)
    surplus = 1 - sum(no_deal)
    result = split(weights, list(no_deal), scope=scope)
    expected = min(max(no_deal[0] + share * surplus, 0.0), 1.0)
    assert result["forecast"].item() == pytest.approx(expected, abs=1e-7)
    assert result["is_settled"].item()
    assert result["converged"].item()
    assert result["residual"].item() < 1e-6


def test_equal_power_splits_the_surplus_in_half():
    result = split((9.0, 1.0), [0.3, 0.1], power="equal")
    assert result["forecast"].item() == pytest.approx(0.6, abs=1e-7)
    assert result["gain"].values[0] == pytest.approx([0.3, 0.3], abs=1e-7)


@pytest.mark.parametrize("no_deal", [[0.7, 0.3], [0.8, 0.5], [1.0, 0.0]])
def test_no_surplus_no_deal(no_deal):
    result = split((1.0, 1.0), no_deal)
    assert not result["is_settled"].item()
    assert result["converged"].item()
    assert result["forecast"].isnull().all()
    assert result["gain"].values.tolist() == [[0.0, 0.0]]
