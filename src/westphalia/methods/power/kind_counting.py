"""Count coalitions by kinds of players: those with the same weights under every rule are alike."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from westphalia.methods.arrays import Array
from westphalia.methods.power.rules import Game
from westphalia.methods.power.sized_counting import Tally


@dataclass(frozen=True)
class Kinds:
    """The kind of each player, the number of players of each kind and their weights by rule."""

    of_player: tuple[int, ...]
    numbers: tuple[int, ...]
    weights: tuple[tuple[int, ...], ...]

    @property
    def cells(self) -> int:
        """How many ways there are to choose a number of players of each kind."""
        return math.prod(number + 1 for number in self.numbers)


def kinds_of(game: Game) -> Kinds:
    """Return the players of a game by kind, in the order in which the kinds first occur."""
    columns = list(zip(*(leaf.weights for leaf in game.leaves), strict=True))
    weights = tuple(dict.fromkeys(columns))
    place = {column: at for at, column in enumerate(weights)}
    of_player = tuple(place[column] for column in columns)
    return Kinds(of_player, tuple(of_player.count(at) for at in range(len(weights))), weights)


def count_by_kind(game: Game, kinds: Kinds) -> tuple[Tally, Tally, bool]:
    """Return the coalitions that pass, those that block, and whether two apart cannot both pass."""
    wins = _wins(game, kinds)
    blocks = ~wins.reshape(-1)[::-1].reshape(wins.shape)
    return _tally(wins, kinds), _tally(blocks, kinds), not bool((wins & ~blocks).any())


def _wins(game: Game, kinds: Kinds) -> Array:
    """Return which numbers of players of each kind pass, an axis a kind."""
    shape = tuple(number + 1 for number in kinds.numbers)
    chosen = np.unravel_index(np.arange(kinds.cells), shape)
    reached = []
    for at, leaf in enumerate(game.leaves):
        exact = object if sum(leaf.weights) >= 1 << 62 else np.int64
        total = np.zeros(kinds.cells, dtype=exact)
        for numbers, weights in zip(chosen, kinds.weights, strict=True):
            total = total + numbers.astype(exact) * weights[at]
        reached.append(np.asarray(total >= leaf.quota, dtype=bool))
    return game.passes(reached).reshape(shape)


def _tally(wins: Array, kinds: Kinds) -> Tally:
    minimal = wins.copy()
    for axis in range(wins.ndim):
        one_less = np.moveaxis(wins, axis, 0)[:-1]
        view = np.moveaxis(minimal, axis, 0)[1:]
        np.logical_and(view, ~one_less, out=view)
    return Tally(*_by_size(wins, kinds), *_by_size(minimal, kinds))


def _by_size(chosen: Array, kinds: Kinds) -> tuple[list[int], list[list[int]]]:
    players = len(kinds.of_player)
    ways = [[math.comb(number, k) for k in range(number + 1)] for number in kinds.numbers]
    total = [0] * (players + 1)
    with_kind = [[0] * (players + 1) for _ in kinds.numbers]
    for cell in np.argwhere(chosen).tolist():
        size = sum(cell)
        coalitions = math.prod(ways[kind][k] for kind, k in enumerate(cell))
        total[size] += coalitions
        for kind, k in enumerate(cell):
            # Each of the kind's players is in k of every `number` of these coalitions.
            with_kind[kind][size] += coalitions * k
    for kind, number in enumerate(kinds.numbers):
        with_kind[kind] = [of_size // number for of_size in with_kind[kind]]
    return total, [list(with_kind[kind]) for kind in kinds.of_player]
