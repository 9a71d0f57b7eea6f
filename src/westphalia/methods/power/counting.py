"""How many coalitions pass, and how many pass with nobody to spare: by size and by member, exactly.

Three ways, whichever the rule allows: one list of weights beside the number of members is a quota
that depends on the size (`sized_counting`); few kinds of players are counted by kind
(`kind_counting`); else every coalition is looked at, for up to 27 players.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from westphalia.errors import CallError
from westphalia.methods.arrays import Array
from westphalia.methods.power.kind_counting import count_by_kind, kinds_of
from westphalia.methods.power.rules import Game
from westphalia.methods.power.sized_counting import Tally, count_sized, is_countable, sized

MOST_KIND_CELLS = 200_000
MOST_LISTED = 27
_BLOCK_CELLS = 1 << 22


class Counts(NamedTuple):
    """Coalitions that pass (`winning`) and block (`blocking`), and whether two apart can both pass."""

    winning: Tally
    blocking: Tally
    is_proper: bool


def count(game: Game) -> Counts:
    """Return how many coalitions of each size pass and block, in all and with each player.

    Raises
    ------
    CallError: the game is too large to be counted exactly (code ``game-too-large``).
    """
    quotas = sized(game)
    if quotas is not None and is_countable(quotas):
        own, dual = count_sized(quotas)
        return Counts(own, dual, _sized_proper(own, dual))
    kinds = kinds_of(game)
    if kinds.cells <= MOST_KIND_CELLS:
        return Counts(*count_by_kind(game, kinds))
    if len(game.players) <= MOST_LISTED:
        return _count_all(game)
    raise CallError(
        f"A rule of {len(game.players)} players with such weights is too large to be counted exactly.",
        code="game-too-large",
        hint="Round the weights to fewer digits, or estimate the power by `sampled_power`.",
    )


def _sized_proper(own: Tally, dual: Tally) -> bool:
    """Whether no coalition passes that does not block: of each size, no more pass than block."""
    return all(winning <= blocking for winning, blocking in zip(own.coalitions, dual.coalitions, strict=True))


def _count_all(game: Game) -> Counts:
    """Look at every coalition; rows are the members among the first half, columns among the second."""
    players = len(game.players)
    split = players // 2
    wins = _all_wins(game, split)
    blocks = ~wins[::-1, ::-1]
    is_proper = not bool((wins & ~blocks).any())
    return Counts(_tally(wins, split, players), _tally(blocks, split, players), is_proper)


def _all_wins(game: Game, split: int) -> Array:
    players = len(game.players)
    kind = object if max(sum(leaf.weights) for leaf in game.leaves) >= 1 << 62 else np.int64
    first = [_sums(leaf.weights[:split], kind) for leaf in game.leaves]
    second = [_sums(leaf.weights[split:], kind) for leaf in game.leaves]
    wins = np.empty((1 << split, 1 << (players - split)), dtype=bool)
    rows = max(1, _BLOCK_CELLS >> (players - split))
    for start in range(0, len(wins), rows):
        part = slice(start, start + rows)
        reached = [
            np.asarray(one[part, None] >= leaf.quota - other[None, :], dtype=bool)
            for one, other, leaf in zip(first, second, game.leaves, strict=True)
        ]
        wins[part] = game.passes(reached)
    return wins


def _sums(weights: tuple[int, ...], kind: type) -> Array:
    """Return the weight of every subset; player i is in it where bit i of its place is set."""
    sums: Array = np.zeros(1, dtype=kind)
    for weight in weights:
        sums = np.concatenate([sums, sums + weight])
    return sums


def _tally(wins: Array, split: int, players: int) -> Tally:
    minimal = wins.copy()
    for bit in range(split):
        _strike(wins.reshape(-1, 2, wins.shape[1] << bit), minimal)
    for bit in range(players - split):
        _strike(wins.reshape(-1, 2, 1 << bit), minimal)
    passing, sparing = _by_size(wins, split, players), _by_size(minimal, split, players)
    return Tally(passing[0], passing[1], sparing[0], sparing[1])


def _strike(paired: Array, minimal: Array) -> None:
    """Strike from `minimal` the coalitions that pass without the player that the middle axis tells apart."""
    view = minimal.reshape(paired.shape)
    np.logical_and(view[:, 1], ~paired[:, 0], out=view[:, 1])


def _by_size(chosen: Array, split: int, players: int) -> tuple[list[int], list[list[int]]]:
    """Return how many coalitions are chosen by size, in all and with each player."""
    first, second = _members(split), _members(players - split)
    by_row = np.zeros((len(chosen), players - split + 1))
    by_column = np.zeros((split + 1, chosen.shape[1]))
    one, other = _one_hot(first.sum(axis=1), split), _one_hot(second.sum(axis=1), players - split)
    rows = max(1, _BLOCK_CELLS // chosen.shape[1])
    for start in range(0, len(chosen), rows):
        part = slice(start, start + rows)
        # Sums of ones in single precision are exact up to 2^24, more than a row or block holds.
        block = chosen[part].astype(np.float32)
        by_row[part] = block @ other
        by_column += one[part].T @ block
    both = one.T.astype(float) @ by_row
    totals = _along(both, players)
    of_first = [_along((one * first[:, [i]]).T.astype(float) @ by_row, players) for i in range(split)]
    of_second = [_along((by_column * second[:, i]) @ other, players) for i in range(players - split)]
    return totals, of_first + of_second


def _members(count: int) -> Array:
    return np.asarray((np.arange(1 << count)[:, None] >> np.arange(count)) & 1, dtype=np.int64)


def _one_hot(sizes: Array, most: int) -> Array:
    return np.asarray(sizes[:, None] == np.arange(most + 1), dtype=np.float32)


def _along(both: Array, players: int) -> list[int]:
    """Return the sums of (size of the first part, size of the second) by their total."""
    flipped = both[::-1]
    return [int(np.trace(flipped, offset=size - both.shape[0] + 1)) for size in range(players + 1)]
