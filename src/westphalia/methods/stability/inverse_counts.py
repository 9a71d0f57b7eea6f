"""How many rankings meet a condition: counted by generating functions, never one by one.

A condition speaks of what stands at or below one state. It is given as clauses, all of which must be
met; a clause is met by any of its terms, a term if all its states stand at or below.

The polynomial whose coefficient of z^k counts the sets of k states is held by its values: for exact
counts as one whole number, its value at z = 2^w, with w so large that no coefficient spills over. For
many states the chance is held instead that a random set, of which each state is with chance u, does it,
at so many u that the integral over u comes out exactly but for rounding.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache, reduce
from typing import Any, TypeVar

import numpy as np

from westphalia.errors import WestphaliaError
from westphalia.methods.arrays import FloatArray

Term = frozenset[int]
Clause = frozenset[Term]

Key = TypeVar("Key", bound=Hashable)

MOST_BRANCHES = 2_000
"""Cases that a count may be split into before it is given up."""


class BranchesError(WestphaliaError):
    """A count had to be split into too many cases."""


@dataclass(frozen=True)
class Weight:
    """Values of the polynomials of the sets by which something is true, and by which it is false.

    Whole numbers or arrays of chances; only sums, differences and products are taken.
    """

    true: Any
    false: Any

    @property
    def total(self) -> Any:
        """The polynomial of all sets."""
        return self.true + self.false

    def both(self, other: Weight) -> Weight:
        """Return the weight of both being true."""
        true = self.true * other.true
        return Weight(true, self.total * other.total - true)

    def either(self, other: Weight) -> Weight:
        """Return the weight of either being true."""
        false = self.false * other.false
        return Weight(self.total * other.total - false, false)


def sets_by_size(clauses: Iterable[Clause], states: Collection[int]) -> list[int]:
    """Return how many sets of k of the `states` meet all clauses, for each k from 0.

    Clauses speak of no other states. States that occur only together are first merged into one that
    is true if all of them are, and terms that are alternatives everywhere into one that is true if
    any is. What is left falls into parts without a common state; in each, cases are told apart by the
    state that occurs most often.

    Raises
    ------
    BranchesError: there are more than MOST_BRANCHES such cases (code ``count-too-large``).
    """
    width = len(states) + 1
    weights = {state: Weight(1 << width, 1) for state in states}
    packed = _Counter().count(frozenset(clauses), weights)
    mask = (1 << width) - 1
    return [packed >> width * size & mask for size in range(len(states) + 1)]


def share_of_orders(clauses: Iterable[Clause], states: Collection[int]) -> float:
    """Return the share of the strict orders of the states and one more whose set below that one meets all.

    If everybody is given a number by chance, evenly between 0 and 1, each state stands below the one
    more with the chance u that is its number; so it is the integral over u of a polynomial, which
    Gauss and Legendre's nodes give but for rounding. Raises what `sets_by_size` does.
    """
    nodes, weights = _nodes(len(states) // 2 + 1)
    chance = (nodes + 1) / 2
    met = _Counter().count(frozenset(clauses), dict.fromkeys(states, Weight(chance, 1 - chance)))
    return float(np.sum(weights * met) / 2)


@lru_cache(maxsize=16)
def _nodes(count: int) -> tuple[FloatArray, FloatArray]:
    return np.polynomial.legendre.leggauss(count)


class _Counter:
    """Counts, and keeps account of how many cases it told apart."""

    def __init__(self) -> None:
        self.branches = 0

    def count(self, clauses: frozenset[Clause], weights: Mapping[int, Weight]) -> Any:
        """Return the polynomial of the sets, of all that have a weight, that meet all clauses."""
        if frozenset() in clauses:
            return 0
        clauses = frozenset(clause for clause in clauses if frozenset() not in clause)
        clauses, weights = _merged(clauses, dict(weights))
        counted: Any = 1
        unused = set(weights)
        for part in _parts(clauses):
            own = {at: weights[at] for at in _mentioned(part)}
            unused -= own.keys()
            counted *= self._count_part(part, own)
        return reduce(lambda product, at: product * weights[at].total, sorted(unused), counted)

    def _count_part(self, clauses: frozenset[Clause], weights: Mapping[int, Weight]) -> Any:
        if len(weights) == 1:
            return next(iter(weights.values())).true
        self.branches += 1
        if self.branches > MOST_BRANCHES:
            raise BranchesError(
                "Too many cases would have to be told apart to count rankings.",
                code="count-too-large",
                hint="Draw rankings instead.",
            )
        often = Counter(at for clause in clauses for term in clause for at in term)
        most = max(sorted(weights), key=lambda at: often[at])
        rest = {at: weight for at, weight in weights.items() if at != most}
        if_true = frozenset(frozenset(term - {most} for term in clause) for clause in clauses)
        if_false = frozenset(frozenset(term for term in clause if most not in term) for clause in clauses)
        return weights[most].true * self.count(if_true, rest) + weights[most].false * self.count(
            if_false, rest
        )


def _merged(
    clauses: frozenset[Clause], weights: dict[int, Weight]
) -> tuple[frozenset[Clause], dict[int, Weight]]:
    """Return the clauses with what is always together, and always an alternative, merged."""
    before = -1
    while before != len(weights):
        before = len(weights)
        clauses = frozenset(_without_supersets(clause) for clause in clauses)
        clauses = _merge_together(clauses, weights)
        clauses = _merge_alternatives(clauses, weights)
    return clauses, weights


def _merge_together(clauses: frozenset[Clause], weights: dict[int, Weight]) -> frozenset[Clause]:
    terms = {term for clause in clauses for term in clause}
    inside: dict[int, set[Term]] = defaultdict(set)
    for term in terms:
        for at in term:
            inside[at].add(term)
    renamed = {}
    for group in _groups({at: frozenset(own) for at, own in inside.items()}):
        for other in group[1:]:
            weights[group[0]] = weights[group[0]].both(weights.pop(other))
            renamed[other] = group[0]
    return _renamed(clauses, renamed)


def _merge_alternatives(clauses: frozenset[Clause], weights: dict[int, Weight]) -> frozenset[Clause]:
    often = Counter(at for term in {term for clause in clauses for term in clause} for at in term)
    inside: dict[int, set[Clause]] = defaultdict(set)
    for clause in clauses:
        for term in clause:
            if len(term) == 1 and often[next(iter(term))] == 1:
                inside[next(iter(term))].add(clause)
    renamed = {}
    for group in _groups({at: frozenset(own) for at, own in inside.items()}):
        for other in group[1:]:
            weights[group[0]] = weights[group[0]].either(weights.pop(other))
            renamed[other] = group[0]
    return _renamed(clauses, renamed)


def _groups(signs: Mapping[int, Key]) -> list[list[int]]:
    """Return those with the same sign, in ascending order."""
    groups: dict[Key, list[int]] = defaultdict(list)
    for at in sorted(signs):
        groups[signs[at]].append(at)
    return list(groups.values())


def _renamed(clauses: frozenset[Clause], renamed: Mapping[int, int]) -> frozenset[Clause]:
    if not renamed:
        return clauses
    return frozenset(
        frozenset(frozenset(renamed.get(at, at) for at in term) for term in clause) for clause in clauses
    )


def _parts(clauses: frozenset[Clause]) -> list[frozenset[Clause]]:
    """Return the clauses in parts that have no state in common."""
    parts: list[tuple[set[int], set[Clause]]] = []
    for clause in clauses:
        mentioned, own = set(_mentioned([clause])), {clause}
        apart = []
        for others, part in parts:
            if mentioned & others:
                mentioned |= others
                own |= part
            else:
                apart.append((others, part))
        parts = [*apart, (mentioned, own)]
    return [frozenset(part) for _, part in parts]


def _mentioned(clauses: Iterable[Clause]) -> frozenset[int]:
    return frozenset(at for clause in clauses for term in clause for at in term)


# --- the least that says the same ----------------------------------------------------------------


def minimal(clauses: Iterable[Clause]) -> frozenset[Clause]:
    """Return clauses that say the same without what another term or clause implies."""
    kept: list[Clause] = []
    shortest_first = sorted({_without_supersets(clause) for clause in clauses}, key=_by_size)
    for at, clause in enumerate(shortest_first):
        others = kept + shortest_first[at + 1 :]
        if frozenset() not in clause and not any(_implies(other, clause) for other in others):
            kept.append(clause)
    return frozenset(kept)


def _without_supersets(clause: Clause) -> Clause:
    """Return the terms that contain no other term of the clause."""
    kept: dict[int, list[Term]] = defaultdict(list)
    if frozenset() in clause:
        return frozenset([frozenset()])
    for term in sorted(clause, key=len):
        if not _contains_one(term, kept):
            kept[min(term)].append(term)
    return frozenset(term for terms in kept.values() for term in terms)


def _implies(one: Clause, other: Clause) -> bool:
    """Return whether whatever meets one clause meets the other: each term of it contains one of the other."""
    by_first: dict[int, list[Term]] = defaultdict(list)
    for term in other:
        by_first[min(term)].append(term)
    return all(_contains_one(term, by_first) for term in one)


def _contains_one(term: Term, by_first: Mapping[int, list[Term]]) -> bool:
    """Return whether the term contains one of those listed by their first state."""
    return any(less <= term for at in term for less in by_first.get(at, ()))


def _by_size(clause: Clause) -> tuple[int, list[list[int]]]:
    return len(clause), sorted(sorted(term) for term in clause)
