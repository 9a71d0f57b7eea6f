"""The record of the default forecast is told from the scores that were measured."""

from __future__ import annotations

import pytest

from westphalia.catalog.eu_backtest import load_scores
from westphalia.report.record import record_sentences, sampling_error


def test_the_record_tells_what_held_what_it_is_worth_and_on_what() -> None:
    scores = load_scores()
    held, worth, unlike, source = record_sentences(scores)
    one = scores.sel({"method": "predictive", "group": "all"})
    assert f"on {int(one['issues'])} past issues" in held
    for level in (0.5, 0.8, 0.9):
        share = float(one["coverage"].sel(level=level))
        assert f"{share * 100:.0f} % in its {level * 100:.0f} % interval" in held
    ends = (float(one["skill_low"]), float(one["skill_high"]))
    assert f"it was {float(one['skill']) * 100:.0f} % better" in worth
    assert f"95 % interval of that: {ends[0] * 100:.0f} to {ends[1] * 100:.0f} %" in worth
    assert "European Union" in unlike
    assert "differ" in unlike
    assert source == scores.attrs["source"]


def test_few_issues_leave_a_share_open() -> None:
    assert sampling_error(100) == pytest.approx(10)
    assert sampling_error(400) == pytest.approx(5)
