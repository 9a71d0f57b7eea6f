"""Which of very many unknowns matter at all: elementary effects after Morris, at a fraction of the cost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import xarray as xr

from westphalia.analyses.sampling import check_seed
from westphalia.analyses.sensitivity import Evaluate
from westphalia.errors import CallError
from westphalia.labels import ANSWER, GROUP, described

LEVELS = 4
"""Levels of an unknown between which the trajectories move."""

_BATCH = 4096


def screen(
    evaluate: Evaluate,
    answers: Sequence[str],
    unknowns: Sequence[str],
    *,
    trajectories: int = 20,
    seed: int = 1,
) -> xr.Dataset:
    """Return how far each unknown moves each answer, by Morris's trajectories.

    A trajectory moves one unknown after another by two thirds of its range, from a random start
    between levels at 1/8, 3/8, 5/8 and 7/8 of its distribution; the effect is the change of the
    answer as if over the whole range.

    Parameters
    ----------
    evaluate: from points (draw, unknown) to answers (draw, answer), as for `sobol`.
    answers, unknowns: their names.
    trajectories: how many, 2 to 10,000; seed: 0 or more.

    Returns
    -------
    Dataset over (answer, group), a group being one unknown: `mean_effect`, `effect_size` (mean of
    its absolute value) with half its 95 % interval, `effect_spread` (standard deviation: a large one
    says that the effect is curved or depends on other unknowns). Cost is trajectories × (unknowns +
    1) evaluations.

    Raises
    ------
    CallError: the number of trajectories or the seed is out of bounds.

    References
    ----------
    morris1991, campolongo2007
    """
    if not 2 <= trajectories <= 10_000:
        message = f"{trajectories} trajectories were asked for."
        raise CallError(message, code="bad-trajectories", hint="Allowed: 2 to 10,000.")
    check_seed(seed)
    names = list(unknowns)
    shape = (len(answers), len(names))
    found = {name: np.zeros(shape) for name in _FROM_SALIB}
    if names:
        _fill(found, evaluate, names, trajectories, seed)
    variables: dict[str, Any] = {name: ((ANSWER, GROUP), effect) for name, effect in found.items()}
    coords = {ANSWER: list(answers), GROUP: names}
    return described(xr.Dataset(variables, coords=coords), method="morris", seed=seed)


_FROM_SALIB = {
    "mean_effect": "mu",
    "effect_size": "mu_star",
    "effect_size_error": "mu_star_conf",
    "effect_spread": "sigma",
}


def _fill(found: dict[str, Any], evaluate: Evaluate, names: list[str], trajectories: int, seed: int) -> None:
    # Slow to import, wanted only here.
    from SALib.analyze import morris
    from SALib.sample.morris import sample

    problem = {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}
    points = sample(problem, trajectories, num_levels=LEVELS, seed=np.random.default_rng(seed))
    # The ends of the unit interval are infinitely far out for some distributions.
    inside = (points * (LEVELS - 1) + 0.5) / LEVELS
    parts = [evaluate(inside[start : start + _BATCH]) for start in range(0, len(inside), _BATCH)]
    drawn = np.concatenate(parts).astype(float)
    for at in range(drawn.shape[1]):
        rng = np.random.default_rng(seed)
        told = morris.analyze(problem, points, drawn[:, at], num_levels=LEVELS, seed=rng)
        for name, theirs in _FROM_SALIB.items():
            # SALib's effects are for its points; ours run over LEVELS - 1 of LEVELS parts of the range.
            found[name][at] = np.asarray(told[theirs], dtype=float) * LEVELS / (LEVELS - 1)
