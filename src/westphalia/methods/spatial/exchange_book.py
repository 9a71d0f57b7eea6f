"""The book of possible exchanges of one round: who could trade what with whom, and which is worth most.

A candidate has two sides, 0 and 1. Side a is an actor that gives way on the issue it supplies,
towards the position of the other side, for whom that issue is demanded.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from westphalia.compiled import compiled
from westphalia.methods.arrays import Array, FloatArray
from westphalia.methods.spatial.splitmix import below_one, stirred

TIE = 1e-10
"""Gains and moves (hundredths of the scale) that differ by no more than this are equal."""

VOID = -1.0
"""Gain of a candidate that is off: realised, or of no use to the partners."""


class Rules(NamedTuple):
    """What the options say; see `exchange` for the meaning of each."""

    rounds: int
    is_mended: bool
    by_given: bool
    shuffles: bool
    rate: float
    seed: int
    fixed_weight: float
    salience_weight: float


class Board(NamedTuple):
    """The stands of one draw in hundredths of the scale, axes (actor, issue), as the round goes on."""

    x: FloatArray  # preference, fixed during a round
    y: FloatArray  # voting position, moved by exchanges
    s: FloatArray  # salience
    share: FloatArray  # shift of the outcome for each unit the actor moves; 0: takes no part
    is_left: Array  # stands left of the outcome when the round begins
    start: FloatArray  # (issue) outcome when the round begins
    now: FloatArray  # (issue) outcome of the voting positions
    told: FloatArray  # shift of the outcome that the demander has been told of by its suppliers
    told_by: FloatArray  # (demander, issue, supplier) the same, supplier by supplier


class Book(NamedTuple):
    """All candidates of a round; axes (candidate) or (candidate, side)."""

    actor: Array
    issue: Array  # the issue that the side supplies
    shift: FloatArray  # of the outcome on the supplied issue, in size
    plan: FloatArray  # move of the side on the issue it supplies, with its sign
    planned: FloatArray  # sum of the plans that other exchanges of the supplier made out of date
    gain: FloatArray  # (candidate) at equal gains
    leaf: Array  # (candidate) its place in the tree
    at_leaf: Array
    tree: FloatArray  # largest gain below each node; the leaves are the second half
    first: Array  # where the list of a key begins in `member`
    member: Array  # candidates by key


@compiled
def mixed(seed: int, a: int, b: int, c: int) -> np.uint64:
    """Return 64 bits that depend on all four numbers alone."""
    z = np.uint64(seed)
    for part in (a, b, c):
        z = stirred(z, part)
    return z


@compiled
def uniform(seed: int, a: int, b: int, c: int) -> float:
    """Return a number from 0 to less than 1 that depends on the four numbers alone."""
    return below_one(mixed(seed, a, b, c))


@compiled
def new_board(actors: int, issues: int) -> Board:
    """Return a board with nobody on it."""
    cells, lines = np.zeros((5, actors, issues)), np.zeros((2, issues))
    return Board(
        cells[0],
        cells[1],
        cells[2],
        cells[3],
        np.zeros((actors, issues), np.bool_),
        lines[0],
        lines[1],
        cells[4],
        np.zeros((actors, issues, actors)),
    )


@compiled
def can_trade(b: Board, one: int, other: int, p: int, q: int) -> bool:
    """Say whether two actors stand opposed on both issues."""
    for k in (p, q):
        if b.share[one, k] == 0 or b.share[other, k] == 0 or b.is_left[one, k] == b.is_left[other, k]:
            return False
    return True


@compiled
def count_candidates(b: Board) -> int:
    """Return how many exchanges are possible when the round begins."""
    actors, issues = b.x.shape
    count = 0
    for p in range(issues):
        for q in range(p + 1, issues):
            for one in range(actors):
                for other in range(one + 1, actors):
                    count += can_trade(b, one, other, p, q)
    return count


@compiled
def new_book(b: Board) -> Book:
    """Return the candidates of a round, by first issue, second issue, first actor, second actor.

    Side 0 is the actor to whom p counts for more, against q, than to the other: it supplies q.
    """
    actors, issues = b.x.shape
    count = count_candidates(b)
    size = 1
    while size < count:
        size *= 2
    who, what, places = np.empty((2, count, 2), np.int64), 0, np.empty((3, count), np.int64)
    sides = np.zeros((3, count, 2))
    for p in range(issues):
        for q in range(p + 1, issues):
            for one in range(actors):
                for other in range(one + 1, actors):
                    if can_trade(b, one, other, p, q):
                        is_turned = b.s[one, p] * b.s[other, q] < b.s[other, p] * b.s[one, q]
                        who[0, what, 0], who[0, what, 1] = (other, one) if is_turned else (one, other)
                        who[1, what, 0], who[1, what, 1] = q, p
                        what += 1
    first, member = listed(who[0], who[1], actors, issues)
    tree = np.full(2 * size, VOID)
    return Book(
        who[0],
        who[1],
        sides[0],
        sides[1],
        sides[2],
        np.full(count, VOID),
        places[0],
        places[1],
        tree,
        first,
        member,
    )


@compiled
def key_of(actor: int, issue: int, demands: bool, actors: int, issues: int) -> int:
    """Return the number of the list of candidates in which the actor supplies or demands the issue."""
    return (actors * demands + actor) * issues + issue


@compiled
def listed(actor: Array, issue: Array, actors: int, issues: int) -> tuple[Array, Array]:
    """Return the candidates in which an actor supplies or demands an issue, by key."""
    count = actor.shape[0]
    first = np.zeros(2 * actors * issues + 1, np.int64)
    for c in range(count):
        for a in range(2):
            first[key_of(actor[c, a], issue[c, a], False, actors, issues) + 1] += 1
            first[key_of(actor[c, a], issue[c, 1 - a], True, actors, issues) + 1] += 1
    first = np.cumsum(first)
    member, filled = np.empty(4 * count, np.int64), first.copy()
    for c in range(count):
        for a in range(2):
            for demands in range(2):
                key = key_of(actor[c, a], issue[c, a ^ demands], demands == 1, actors, issues)
                member[filled[key]] = c
                filled[key] += 1
    return first, member


@compiled
def take_leaves(k: Book, shuffles: bool, seed: int, draw: int, at: int) -> None:
    """Give each candidate its leaf: in the order of the book, or shuffled. Ties go to the first leaf."""
    count = k.gain.shape[0]
    for c in range(count):
        k.at_leaf[c] = c
    if shuffles:
        for c in range(count - 1, 0, -1):
            other = np.int64(mixed(seed, draw, at, -1 - c) % np.uint64(c + 1))
            k.at_leaf[c], k.at_leaf[other] = k.at_leaf[other], k.at_leaf[c]
    for leaf in range(count):
        k.leaf[k.at_leaf[leaf]] = leaf


@compiled
def build_tree(k: Book) -> None:
    """Fill the tree from the gains of all candidates."""
    size = k.tree.shape[0] // 2
    for c in range(k.gain.shape[0]):
        k.tree[size + k.leaf[c]] = k.gain[c]
    for node in range(size - 1, 0, -1):
        k.tree[node] = max(k.tree[2 * node], k.tree[2 * node + 1])


@compiled
def set_gain(k: Book, c: int, gain: float) -> None:
    """Change the gain of a candidate, and the nodes above it as far as that changes them."""
    k.gain[c] = gain
    node = k.tree.shape[0] // 2 + k.leaf[c]
    k.tree[node] = gain
    while node > 1:
        node //= 2
        largest = max(k.tree[2 * node], k.tree[2 * node + 1])
        if k.tree[node] == largest:
            return
        k.tree[node] = largest


@compiled
def leaf_below(k: Book, node: int, enough: float) -> int:
    """Return the first leaf below a node with at least that gain; there must be one."""
    size = k.tree.shape[0] // 2
    while node < size:
        node *= 2
        if k.tree[node] < enough:
            node += 1
    return node - size


@compiled
def leaf_after(k: Book, leaf: int, enough: float) -> int:
    """Return the next leaf with at least that gain, -1 if there is none."""
    node = k.tree.shape[0] // 2 + leaf
    while node > 1:
        if node % 2 == 0 and k.tree[node + 1] >= enough:
            return leaf_below(k, node + 1, enough)
        node //= 2
    return -1


@compiled
def given(b: Board, k: Book, c: int) -> float:
    """Return how far the partners have moved this round on the issues they would supply."""
    total = 0.0
    for a in range(2):
        actor, issue = k.actor[c, a], k.issue[c, a]
        total += abs(b.y[actor, issue] - b.x[actor, issue])
    return total


@compiled
def best(b: Board, k: Book, by_given: bool) -> int:
    """Return the candidate with the largest gain; -1 if all are void.

    Of those that tie, the one whose partners have given least where that counts; then the first leaf.
    """
    if k.gain.shape[0] == 0 or k.tree[1] < 0:
        return -1
    enough = k.tree[1] - TIE
    leaf = leaf_below(k, 1, enough)
    chosen = k.at_leaf[leaf]
    if by_given:
        least = given(b, k, chosen)
        leaf = leaf_after(k, leaf, enough)
        while leaf >= 0:
            other = given(b, k, k.at_leaf[leaf])
            if other < least - TIE:
                chosen, least = k.at_leaf[leaf], other
            leaf = leaf_after(k, leaf, enough)
    return int(chosen)
