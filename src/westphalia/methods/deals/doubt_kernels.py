"""Compiled search, draw by draw: can these parties agree, and if not, who cannot with whom.

A set of parties is settled in three ways, the cheap first. A package that all of it accept: yes.
Prices of the parties' gains at which even the best sum over packages is below zero: no, because a
package accepted by all would have a sum of at least zero. Else all packages are walked through
depth first, cut off by the best completion of each party alone and of the priced sum.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from westphalia.compiled import compiled
from westphalia.methods.deals.space import TOLERANCE

YES, NO, UNKNOWN = 1, 0, -1
_ROUNDS = 60
"""Changes of prices before packages are walked through."""
_PACE = 3.0
_ROUNDING = 1e-12
"""A proof that there is none needs this much more than the tolerance, against rounding."""


class Work(NamedTuple):
    """What one search needs room for; made once for many draws. Axes k part, o option, p party."""

    price: Any
    best_price: Any
    priced: Any
    gain: Any
    at: Any
    order: Any
    rest: Any
    partial: Any
    package: Any


@compiled
def room(parts: int, options: int, parties: int) -> Work:
    """Return the room for searches over so many parts, options and parties."""
    return Work(
        np.zeros(parties),
        np.zeros(parties),
        np.zeros((parts, options)),
        np.zeros(parties),
        np.zeros(parts, dtype=np.int64),
        np.zeros((parts, options), dtype=np.int64),
        np.zeros((parts + 1, parties + 1)),
        np.zeros((parts + 1, parties + 1)),
        np.zeros(parts, dtype=np.int64),
    )


@compiled
def accepted_by(table: Any, need: Any, package: Any, gain: Any) -> int:
    """Fill the gains (party) of a package (part) and return the set of parties that accept it, as bits."""
    who = 0
    for p in range(need.size):
        total = 0.0
        for k in range(package.size):
            total += table[k, package[k], p]
        gain[p] = total - need[p]
        if gain[p] >= -TOLERANCE:
            who |= 1 << p
    return who


@compiled
def best_at_prices(table: Any, need: Any, counts: Any, price: Any, priced: Any, package: Any) -> float:
    """Fill Σ_p price·value (part, option) and the package with the largest sum; return that sum."""
    total = 0.0
    for p in range(need.size):
        total -= price[p] * need[p]
    for k in range(counts.size):
        package[k] = 0
        for o in range(counts[k]):
            value = 0.0
            for p in range(need.size):
                value += price[p] * table[k, o, p]
            priced[k, o] = value
            if value > priced[k, package[k]]:
                package[k] = o
        total += priced[k, package[k]]
    return total


@compiled
def bargained(table: Any, need: Any, counts: Any, members: int, seen: Any, work: Work) -> int:
    """Move prices towards the parties that lose until a package suits all, or proves that none can.

    `seen` marks every set of parties that accepted some package on the way (2^party, booleans).
    The prices with the least best sum are left in `work.best_price`.
    """
    for p in range(need.size):
        work.price[p] = 1.0 if members >> p & 1 else 0.0
    least = np.inf
    for turn in range(_ROUNDS):
        work.price[:] = work.price / work.price.sum()
        bound = best_at_prices(table, need, counts, work.price, work.priced, work.package)
        if bound < least:
            least = bound
            work.best_price[:] = work.price
        if bound < -TOLERANCE - _ROUNDING:
            return NO
        who = accepted_by(table, need, work.package, work.gain)
        seen[who] = True
        if who & members == members:
            return YES
        reach = 0.0
        for p in range(need.size):
            if members >> p & 1:
                reach = max(reach, abs(work.gain[p]))
        pace = _PACE / (reach * np.sqrt(turn + 1.0))
        for p in range(need.size):
            work.price[p] *= np.exp(-pace * work.gain[p]) if members >> p & 1 else 0.0
    return UNKNOWN


@compiled
def prepare(table: Any, need: Any, counts: Any, members: int, work: Work) -> None:
    """Order the options of each part by priced value and sum up the best completions below each part.

    The last column of `rest` and `partial` is that of the priced sum; −need is in the first row.
    """
    parts, parties = counts.size, need.size
    best_at_prices(table, need, counts, work.best_price, work.priced, work.package)
    work.rest[parts, :] = 0.0
    for k in range(parts - 1, -1, -1):
        count = counts[k]
        work.order[k, :count] = np.argsort(-work.priced[k, :count])
        work.rest[k, parties] = work.rest[k + 1, parties] + work.priced[k, work.order[k, 0]]
        for p in range(parties):
            work.rest[k, p] = work.rest[k + 1, p] + table[k, :count, p].max()
    work.partial[0, parties] = 0.0
    for p in range(parties):
        work.partial[0, p] = -need[p]
        work.partial[0, parties] -= work.best_price[p] * need[p]
        if not members >> p & 1:
            work.partial[0, p] = np.inf


@compiled
def walked(table: Any, need: Any, counts: Any, members: int, most: int, seen: Any, work: Work) -> int:
    """Look for a package that all members accept, depth first; UNKNOWN after `most` steps."""
    prepare(table, need, counts, members, work)
    parts, parties = counts.size, need.size
    least = -TOLERANCE - _ROUNDING
    depth = 0
    work.at[0] = -1
    for _ in range(most):
        work.at[depth] += 1
        if work.at[depth] >= counts[depth]:
            if depth == 0:
                return NO
            depth -= 1
            continue
        option = work.order[depth, work.at[depth]]
        work.partial[depth + 1, parties] = work.partial[depth, parties] + work.priced[depth, option]
        is_open = work.partial[depth + 1, parties] + work.rest[depth + 1, parties] >= least
        if not is_open:
            work.at[depth] = counts[depth]  # the options that follow are priced lower still
            continue
        for p in range(parties):
            work.partial[depth + 1, p] = work.partial[depth, p] + table[depth, option, p]
            is_open = is_open and work.partial[depth + 1, p] + work.rest[depth + 1, p] >= least
        if not is_open:
            continue
        work.package[depth] = option
        if depth < parts - 1:
            depth += 1
            work.at[depth] = -1
            continue
        who = accepted_by(table, need, work.package, work.gain)
        seen[who] = True
        if who & members == members:
            return YES
    return UNKNOWN


@compiled
def can_agree(table: Any, need: Any, counts: Any, members: int, most: int, seen: Any, work: Work) -> int:
    """Say whether some package is accepted by all members (bits); marks what is `seen` on the way."""
    for who in range(seen.size):
        if seen[who] and who & members == members:
            return YES
    answer = bargained(table, need, counts, members, seen, work)
    if answer == UNKNOWN:
        answer = walked(table, need, counts, members, most, seen, work)
    return answer


@compiled
def judge(
    table: Any,
    need: Any,
    counts: Any,
    sets: Any,
    most: int,
    answer: Any,
    conflict: Any,
) -> None:
    """Judge every draw: table (draw, part, option, party), need (draw, party).

    `sets` holds all sets of parties but the empty one, by size. Fills answer (draw) and conflict
    (draw, 2^party): which sets are minimal conflicts. A set that could not be decided makes the
    draw's answer, or its conflicts, unknown (conflict[0]).
    """
    draws, parties = need.shape
    work = room(counts.size, table.shape[2], parties)
    seen = np.zeros(sets.size + 1, dtype=np.bool_)
    for d in range(draws):
        seen[:] = False
        answer[d] = can_agree(table[d], need[d], counts, sets.size, most, seen, work)
        if answer[d] != NO:
            continue
        for members in sets:
            is_larger = False
            for smaller in range(1, members):
                is_larger = is_larger or (conflict[d, smaller] and smaller & members == smaller)
            if is_larger:
                continue
            verdict = can_agree(table[d], need[d], counts, members, most, seen, work)
            conflict[d, members] = verdict == NO
            conflict[d, 0] |= verdict == UNKNOWN
