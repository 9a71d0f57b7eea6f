"""Count coalitions of games with one list of weights and a quota that may depend on their size.

Weighted majority, double majority with a least number of members, and both joined by OR are of this
form. Two engines give the same counts: a table over (size, weight), and the meeting of two halves.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from westphalia.methods.arrays import Array
from westphalia.methods.power.rules import Formula, Game

MOST_TABLE_CELLS = 30_000_000
MOST_HALVED = 34
_TABLE_BITS = 52
"""Residues are below 2^52, so that sums of thousands of them stay below 2^64."""


class Tally(NamedTuple):
    """Coalitions by size, and by player and size; `minimal` ones have nobody to spare."""

    coalitions: list[int]
    coalitions_with: list[list[int]]
    minimal: list[int]
    minimal_with: list[list[int]]


@dataclass(frozen=True)
class Sized:
    """A coalition of size s passes at weight ≥ quotas[s]; total + 1 means that it never does."""

    weights: tuple[int, ...]
    quotas: tuple[int, ...]

    @property
    def total(self) -> int:
        """The weight of all players."""
        return sum(self.weights)

    @property
    def cells(self) -> int:
        """The size of the table over (size, weight)."""
        return (len(self.weights) + 1) * (self.total + 1)

    def dual(self) -> Sized:
        """Return the game of the coalitions that block."""
        quotas = tuple(self.total - quota + 1 for quota in reversed(self.quotas))
        return Sized(self.weights, quotas)


def sized(game: Game) -> Sized | None:
    """Return the game with a quota for each size, or None if it needs more than one list of weights."""
    lists = {leaf.weights for leaf in game.leaves if not leaf.is_count}
    if len(lists) > 1:
        return None
    players = len(game.players)
    weights = next(iter(lists), (1,) * players)
    quotas = tuple(_quota(game, game.formula, size, sum(weights)) for size in range(players + 1))
    return Sized(weights, quotas)


def _quota(game: Game, formula: Formula, size: int, total: int) -> int:
    kind, parts = formula
    if isinstance(parts, int):
        leaf = game.leaves[parts]
        if leaf.is_count:
            return 0 if size >= leaf.quota else total + 1
        return min(max(leaf.quota, 0), total + 1)
    quotas = [_quota(game, part, size, total) for part in parts]
    return max(quotas) if kind == "all" else min(quotas)


def is_countable(game: Sized) -> bool:
    """Return whether one of the two engines can count the game."""
    return game.cells <= MOST_TABLE_CELLS or len(game.weights) <= MOST_HALVED


def count_sized(game: Sized) -> tuple[Tally, Tally]:
    """Return the coalitions that pass and those that block."""
    players = len(game.weights)
    order = sorted(range(players), key=lambda at: -game.weights[at])
    weights = tuple(game.weights[at] for at in order)
    both = [Sized(weights, game.quotas), Sized(weights, game.dual().quotas)]
    moduli = _moduli(players) if uses_table(game) else [0]
    residues = [_counted(both, modulus) for modulus in moduli]
    own, dual = (_tally([found[side] for found in residues], moduli, order) for side in (0, 1))
    return own, dual


def uses_table(game: Sized) -> bool:
    """Return whether the table over (size, weight) is the cheaper engine."""
    players = len(game.weights)
    halves = 40.0 * 2.0 ** (players / 2) * players
    return game.cells <= MOST_TABLE_CELLS and (players > MOST_HALVED or game.cells * players <= halves)


Below = Callable[[int, Array], tuple[Array, Array]]
"""Of the first so many players: coalitions by size up to a weight each, (size) and (player, size)."""


class _Found(NamedTuple):
    """Losing coalitions (row 0) and minimal ones: in all (size), and with each player (player, size)."""

    losing: Array
    losing_with: Array
    minimal: Array
    minimal_with: Array


def _counted(games: list[Sized], modulus: int) -> list[_Found]:
    """Count for each game, modulo `modulus` with the table, or in full by halves (modulus 0).

    Players come heaviest first. A coalition is minimal if it passes and does not without its
    lightest member j: it is j and a coalition T of those before j, of size t, that weighs
    quota(t + 1) − w_j or more and less than quota(t).
    """
    weights = games[0].weights
    players, total = len(weights), sum(weights)
    below: Below = _Table(weights, modulus).below if modulus else _Halves(weights).below
    minimal = [np.zeros((players + 1, players + 1), dtype=np.int64) for _ in games]
    quotas = [_bounds(game, total) for game in games]
    for last, weight in enumerate(weights):
        for quota, found in zip(quotas, minimal, strict=True):
            enough, enough_with = below(last, quota - 1)
            short, short_with = below(last, np.append(quota[1:], 0) - weight - 1)
            spare = enough - short
            found[0, 1:] += spare[:-1]
            found[1 + last, 1:] += spare[:-1]
            found[1 : 1 + last, 1:] += (enough_with - short_with)[:, :-1]
            if modulus:
                found %= modulus
    losing = [below(players, quota - 1) for quota in quotas]
    return [_Found(*lost, found[0], found[1:]) for lost, found in zip(losing, minimal, strict=True)]


def _bounds(game: Sized, total: int) -> Array:
    return np.array(game.quotas, dtype=object if total >= 1 << 62 else np.int64)


class _Table:
    """Prefix counts (size, weight): coalitions of the first players that weigh at most so much."""

    def __init__(self, weights: tuple[int, ...], modulus: int) -> None:
        self.weights, self.modulus, self.pool = weights, modulus, 0
        self.table = np.zeros((len(weights) + 1, sum(weights) + 1), dtype=np.int64)
        self.table[0] = 1

    def below(self, pool: int, bounds: Array) -> tuple[Array, Array]:
        while self.pool < pool:
            self._add(self.weights[self.pool])
        sizes = np.arange(len(self.table))
        total = np.where(bounds >= 0, self.table[sizes, np.maximum(bounds, 0)], 0)
        by_weight = {weight: self._with(weight, bounds) for weight in dict.fromkeys(self.weights[:pool])}
        rows = [by_weight[weight] for weight in self.weights[:pool]]
        return total, np.array(rows, dtype=np.int64).reshape(pool, len(sizes))

    def _add(self, weight: int) -> None:
        self.pool += 1
        grown = self.table[1 : self.pool + 1, weight:]
        grown += self.table[: self.pool, : self.table.shape[1] - weight]
        if self.pool > _TABLE_BITS:
            np.subtract(grown, self.modulus, out=grown, where=grown >= self.modulus)

    def _with(self, weight: int, bounds: Array) -> Array:
        """Return P(t−1, b−w) − P(t−2, b−2w) + …, the coalitions with one player of this weight."""
        most = self.pool if weight == 0 else min(self.pool, max(int(bounds.max()), 0) // weight)
        times = np.arange(1, most + 1)[:, None]
        rows, columns = np.arange(len(bounds)) - times, bounds - times * weight
        is_there = (rows >= 0) & (columns >= 0) & (np.arange(len(bounds)) <= self.pool)
        terms = np.where(is_there, self.table[np.maximum(rows, 0), np.maximum(columns, 0)], 0)
        found: Array = (terms[::2].sum(axis=0) - terms[1::2].sum(axis=0)) % self.modulus
        return found


class _Half:
    """All subsets of some players, by size: their weights in ascending order, and who is in each."""

    def __init__(self, weights: tuple[int, ...], kind: type) -> None:
        sums: Array = np.zeros(1, dtype=kind)
        for weight in weights:
            sums = np.concatenate([sums, sums + weight])
        members = (np.arange(len(sums))[:, None] >> np.arange(len(weights))) & 1
        sizes = members.sum(axis=1)
        self.most = len(weights)
        self.sums, self.members = [], []
        for size in range(self.most + 1):
            places = np.flatnonzero(sizes == size)
            places = places[np.argsort(sums[places], kind="stable")]
            self.sums.append(sums[places])
            self.members.append(members[places])


class _Halves:
    """Coalitions as pairs of subsets of two halves of the players."""

    def __init__(self, weights: tuple[int, ...]) -> None:
        self.weights, self.pool = weights, -1
        self.kind: type = object if sum(weights) >= 1 << 62 else np.int64

    def below(self, pool: int, bounds: Array) -> tuple[Array, Array]:
        if pool != self.pool:
            self.pool = pool
            self.one = _Half(self.weights[:pool:2], self.kind)
            self.other = _Half(self.weights[1:pool:2], self.kind)
        found = np.zeros((pool, len(bounds)), dtype=np.int64)
        total, found[::2] = self._meet(self.one, self.other, bounds)
        _, found[1::2] = self._meet(self.other, self.one, bounds)
        return total, found

    @staticmethod
    def _meet(one: _Half, other: _Half, bounds: Array) -> tuple[Array, Array]:
        total = np.zeros(len(bounds), dtype=np.int64)
        found = np.zeros((one.most, len(bounds)), dtype=np.int64)
        for size, (sums, members) in enumerate(zip(one.sums, one.members, strict=True)):
            for added, others in enumerate(other.sums):
                fitting = np.searchsorted(others, bounds[size + added] - sums, side="right")
                total[size + added] += fitting.sum()
                found[:, size + added] += fitting @ members
        return total, found


def _moduli(players: int) -> list[int]:
    """Return numbers without common divisor, below 2^52, whose product exceeds every count."""
    found: list[int] = []
    candidate = (1 << _TABLE_BITS) - 1
    while math.prod(found) <= 1 << players:
        if all(math.gcd(candidate, modulus) == 1 for modulus in found):
            found.append(candidate)
        candidate -= 2
    return found


def _tally(found: list[_Found], moduli: list[int], order: list[int]) -> Tally:
    """Put residues together, count the passing coalitions and restore the order of the players."""
    losing, losing_with, minimal, minimal_with = (
        _whole([np.asarray(part[at]) for part in found], moduli) for at in range(4)
    )
    players = len(order)
    of_size = np.array([math.comb(players, size) for size in range(players + 1)], dtype=object)
    with_one = np.array([0, *(math.comb(players - 1, size) for size in range(players))], dtype=object)
    back = np.argsort(order)
    return Tally(
        (of_size - losing).tolist(),
        (with_one - losing_with)[back].tolist(),
        minimal.tolist(),
        minimal_with[back].tolist(),
    )


def _whole(residues: list[Array], moduli: list[int]) -> Array:
    """Return the whole numbers that leave these residues; one modulus of 0 means they are whole."""
    whole = residues[0].astype(object)
    if moduli[0]:
        whole = whole % moduli[0]
    product = moduli[0]
    for residue, modulus in zip(residues[1:], moduli[1:], strict=True):
        steps = (residue.astype(object) - whole) * pow(product, -1, modulus) % modulus
        whole = whole + steps * product
        product *= modulus
    return whole
