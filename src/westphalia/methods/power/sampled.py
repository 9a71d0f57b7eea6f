"""Power in games too large to be counted: estimates from random orders and votes, with their error."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from westphalia.errors import CallError
from westphalia.labels import ACTOR, described
from westphalia.methods.arrays import Array, FloatArray
from westphalia.methods.power.coalitions import wins_of
from westphalia.methods.power.rules import Game, Rule, game_of

if TYPE_CHECKING:
    import xarray as xr

_BLOCK = 1 << 21
"""Votes looked at together, so that memory does not grow with the sample."""


def sampled_power(rule: Rule, *, samples: int = 20_000, seed: int = 1) -> xr.Dataset:
    """Estimate the Shapley–Shubik and absolute Banzhaf indices of a rule of any size.

    Parameters
    ----------
    rule: the voting rule.
    samples: random orders of joining, and as many random votes, at least 2.
    seed: of the random numbers; the same seed gives the same estimate.

    Returns
    -------
    Dataset over `actor` with `shapley_shubik`, `banzhaf_absolute` and the standard error of each,
    `shapley_shubik_error` and `banzhaf_absolute_error`. Time grows with samples times players,
    for Banzhaf times the square of players.

    Raises
    ------
    CallError: the rule is contradictory or malformed (see `rules.game_of`); fewer than 2 samples.

    References
    ----------
    shapley_shubik1954, banzhaf1965
    """
    import xarray as xr

    if samples < 2:
        raise CallError(f"{samples} samples were asked for.", code="bad-option", hint="At least 2.")
    game = game_of(rule)
    rng = np.random.default_rng(seed)
    players = len(game.players)
    rows = max(1, _BLOCK // players)
    pivots, swings = np.zeros(players), np.zeros(players)
    for start in range(0, samples, rows):
        count = min(rows, samples - start)
        pivots += _pivots(game, rng, count)
        swings += _swings(game, rng, count)
    shapley, banzhaf = pivots / samples, swings / samples
    result = xr.Dataset(
        {
            "shapley_shubik": ((ACTOR,), shapley),
            "shapley_shubik_error": ((ACTOR,), _error(shapley, samples)),
            "banzhaf_absolute": ((ACTOR,), banzhaf),
            "banzhaf_absolute_error": ((ACTOR,), _error(banzhaf, samples)),
        },
        coords={ACTOR: list(game.players)},
    )
    return described(result, samples=samples, seed=seed)


def _pivots(game: Game, rng: np.random.Generator, count: int) -> FloatArray:
    """Return how often each player's joining decides in random orders."""
    players = len(game.players)
    order = rng.permuted(np.tile(np.arange(players), (count, 1)), axis=1)
    reached = []
    for leaf in game.leaves:
        exact = object if sum(leaf.weights) >= 1 << 62 else np.int64
        joined = np.cumsum(np.array(leaf.weights, dtype=exact)[order], axis=1)
        reached.append(np.asarray(joined >= leaf.quota, dtype=bool))
    first = np.argmax(game.passes(reached), axis=1)
    deciding = order[np.arange(count), first]
    return np.bincount(deciding, minlength=players).astype(float)


def _swings(game: Game, rng: np.random.Generator, count: int) -> FloatArray:
    """Return how often each player decides in random votes of the others."""
    votes: Array = rng.integers(0, 2, size=(count, len(game.players)), dtype=np.int8).astype(bool)
    found = np.zeros(len(game.players))
    for player in range(len(game.players)):
        with_player, without = votes.copy(), votes.copy()
        with_player[:, player], without[:, player] = True, False
        found[player] = (wins_of(game, with_player) & ~wins_of(game, without)).sum()
    return found


def _error(share: FloatArray, samples: int) -> FloatArray:
    """Return the standard error of shares; one of 0 or 1 is held to be off by half a count."""
    inside = np.clip(share, 0.5 / samples, 1 - 0.5 / samples)
    return np.asarray(np.sqrt(inside * (1 - inside) / samples))
