"""Which of many utility vectors no other dominates: a packed tree of boxes, searched by compiled code.

Utilities are whole numbers here (see `whole`), so that sums are exact in any order, equal packages
compare as equal, and the answer does not depend on rounding.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np

from westphalia.compiled import compiled
from westphalia.methods.arrays import Array, FloatArray

IntArray = np.ndarray[tuple[int, ...], np.dtype[np.int64]]
_Code = np.ndarray[tuple[int, ...], np.dtype[np.uint64]]

FAN = 4
"""Children of a box."""
_STRONG = 128
"""Vectors of largest sum against which all others are tried first: they dominate most of the rest."""
_FEW = 2000
_BLOCK = 1 << 15
_BATCH = 1 << 18
_THREADS = 2
_FINEST = 1e-12
_DIGITS = 15


class Tree(NamedTuple):
    """Boxes of all levels, one row each: largest value per party and largest sum among its vectors.

    Level 0 holds the vectors themselves, near ones side by side; box i of a level covers the rows
    from FAN·i of the level below. `starts` and `sizes` say where the rows of each level lie;
    `order` is the place of each vector of level 0 in the caller's array.
    """

    boxes: IntArray
    starts: IntArray
    sizes: IntArray
    order: IntArray


def quantum(reach: float) -> float:
    """Return the unit in which utilities up to `reach` (their size, sums included) are counted.

    It is 1e-12, and coarser for utilities above 1000, of which a float holds 15 digits anyway.
    """
    if not 0 < reach < np.inf:
        return _FINEST
    return float(max(_FINEST, 10.0 ** (np.ceil(np.log10(reach)) - _DIGITS)))


def whole(utility: FloatArray, unit: float) -> IntArray:
    """Return utilities as whole multiples of `unit`, rounded to the nearest."""
    return np.asarray(np.rint(np.asarray(utility, dtype=float) / unit), dtype=np.int64)


def efficient(vectors: IntArray, most: float = np.inf) -> Array | None:
    """Return which vectors (n, party) no other dominates: at least as good for all, better for one.

    None as soon as more than `most` distinct ones are found. Equal vectors do not dominate one
    another. Sorting costs n log n; each vector that survives the comparison with the strongest is
    then searched for in a tree of boxes, which takes a few hundred comparisons for five parties and
    more with each further one.
    """
    sums = vectors.sum(axis=1)
    keep: Array = np.arange(len(vectors))
    if len(vectors) > _FEW:
        best = np.argpartition(-sums, _STRONG)[:_STRONG]
        beaten = np.empty(len(vectors), dtype=bool)
        _beaten_by_few(vectors, sums, best, beaten)
        keep = np.flatnonzero(~beaten)
    tree = planted(vectors[keep])
    # Asked in the order of the tree, neighbours visit the same boxes.
    keep = keep[tree.order]
    is_efficient = np.zeros(len(vectors), dtype=bool)
    for start in range(0, len(keep), _BATCH):
        batch = keep[start : start + _BATCH]
        is_efficient[batch] = ~reached(tree, np.column_stack([vectors[batch], sums[batch] + 1]))
        if is_efficient.sum() > most and len(np.unique(vectors[is_efficient], axis=0)) > most:
            return None
    return is_efficient


def planted(vectors: IntArray) -> Tree:
    """Return the tree of vectors (n, party), n ≥ 1; costs a sort."""
    order = np.argsort(_codes(vectors), kind="stable")
    near = vectors[order]
    levels = [np.column_stack([near, near.sum(axis=1)])]
    while len(levels[-1]) > FAN:
        above = np.empty((-(-len(levels[-1]) // FAN), levels[-1].shape[1]), dtype=np.int64)
        _enclose(levels[-1], above)
        levels.append(above)
    sizes = np.array([len(level) for level in levels])
    return Tree(np.concatenate(levels), np.concatenate([[0], np.cumsum(sizes)[:-1]]), sizes, order)


def reached(tree: Tree, wanted: IntArray) -> Array:
    """Return for each row of `wanted` (n, party and sum) whether some vector of the tree reaches it.

    Reaching is being at least as large for every party and in the sum.
    """
    found = np.empty(len(wanted), dtype=bool)

    def search(start: int) -> None:
        part = slice(start, start + _BLOCK)
        _reach(tree.boxes, tree.starts, tree.sizes, wanted[part], found[part])

    with ThreadPoolExecutor(_THREADS) as pool:
        list(pool.map(search, range(0, len(wanted), _BLOCK)))
    return found


def _codes(vectors: IntArray) -> _Code:
    """Return numbers (n) whose order keeps near vectors together: interleaved bits (Morton)."""
    low = vectors.min(axis=0)
    parties = vectors.shape[1]
    bits = max(min(60 // parties, 16), 1)
    span = vectors.max(axis=0) - low
    shift = np.array([max(int(length).bit_length() - bits, 0) for length in span])
    codes = np.empty(len(vectors), dtype=np.uint64)
    _interleave(vectors, low, shift, bits, min(parties, 60), codes)
    return codes


@compiled
def _interleave(vectors: Any, low: Any, shift: Any, bits: int, parties: int, out: Any) -> None:
    for i in range(vectors.shape[0]):
        code = np.uint64(0)
        for bit in range(bits - 1, -1, -1):
            for p in range(parties):
                at = (vectors[i, p] - low[p]) >> shift[p]
                code = (code << np.uint64(1)) | np.uint64((at >> bit) & 1)
        out[i] = code


@compiled
def _enclose(below: Any, above: Any) -> None:
    for i in range(above.shape[0]):
        above[i] = below[i * FAN]
        for child in range(i * FAN + 1, min((i + 1) * FAN, below.shape[0])):
            for j in range(above.shape[1]):
                above[i, j] = max(above[i, j], below[child, j])


@compiled
def _beaten_by_few(vectors: Any, sums: Any, best: Any, beaten: Any) -> None:
    """Mark the vectors that one of `best` dominates; one that beats moves forward to be tried sooner."""
    order = best.copy()
    for i in range(vectors.shape[0]):
        beaten[i] = False
        for b in range(order.size):
            rival = order[b]
            beats = sums[rival] > sums[i]
            p = 0
            while beats and p < vectors.shape[1]:
                beats = vectors[rival, p] >= vectors[i, p]
                p += 1
            if beats:
                beaten[i] = True
                order[b], order[b // 2] = order[b // 2], rival
                break


@compiled
def _covers(box: Any, wanted: Any) -> bool:
    j = wanted.size - 1  # the sum, which rules out most boxes
    while j >= 0 and box[j] >= wanted[j]:
        j -= 1
    return bool(j < 0)


@compiled
def _reach(boxes: Any, starts: Any, sizes: Any, wanted: Any, found: Any) -> None:
    """Search the tree, depth first, for a vector that reaches each row of `wanted`."""
    top = sizes.size - 1
    node = np.empty(FAN * (top + 2), dtype=np.int64)
    level = np.empty(FAN * (top + 2), dtype=np.int64)
    for i in range(wanted.shape[0]):
        found[i] = False
        held = sizes[top]
        for child in range(held):
            node[child], level[child] = child, top
        while held > 0 and not found[i]:
            held -= 1
            at, on = node[held], level[held]
            if not _covers(boxes[starts[on] + at], wanted[i]):
                continue
            if on == 0:
                found[i] = True
                break
            for child in range(min((at + 1) * FAN, sizes[on - 1]) - 1, at * FAN - 1, -1):
                node[held], level[held] = child, on - 1
                held += 1
