"""Two coders' codings side by side: which of their statements are the same, and one coding from both.

Two statements match if they stand in the same source, their spans overlap by at least half of the
stretch that both cover together, and their kinds agree; matching is one to one and the best there is
over all pairs. Statements of one place whose kinds differ are matched next, so that a difference in
kind is shown as such and not as two statements missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from westphalia.dossier.overlap import LEAST_OVERLAP, common_share
from westphalia.dossier.review import Action, Coding, Entry
from westphalia.dossier.schema import Statement, free_id
from westphalia.errors import CallError

COMPARED = ("speaker", "tellers", "addressee", "mode", "kind", "about", "date")
"""The fields in which two matched statements are compared."""

Choice = Literal["first", "second", "disputed", "neither"]


@dataclass(frozen=True, slots=True)
class Pair:
    """What two coders made of one place; one of them is None where the other coded alone.

    `overlap` is the share of the stretch covered by either that both cover, 0 to 1; `differing` the
    fields of `COMPARED` in which they do not agree.
    """

    first: Statement | None
    second: Statement | None
    overlap: float
    differing: tuple[str, ...]

    @property
    def is_agreed(self) -> bool:
        """True if both coded it, and alike."""
        return self.first is not None and self.second is not None and not self.differing


def overlap(first: Statement, second: Statement) -> float:
    """Return the share of the stretch that either span covers which both cover, 0 if they lie apart."""
    if first.source != second.source or first.span is None or second.span is None:
        return 0.0
    return common_share((first.span.start, first.span.end), (second.span.start, second.span.end))


def match(
    first: Sequence[Statement], second: Sequence[Statement], *, least: float = LEAST_OVERLAP
) -> tuple[Pair, ...]:
    """Return both codings side by side, in the order of sources and texts.

    Of all ways to match one to one, first those with most matched statements of one kind count, then
    those whose spans overlap most; what is left is matched likewise whatever the kinds. The work
    grows with the statements that overlap, not with all pairs.

    Parameters
    ----------
    least: the least overlap of a match, above 0 and at most 1.

    Raises
    ------
    CallError: `least` is out of range.
    """
    if not 0 < least <= 1:
        hint = "Give a share above 0 and at most 1."
        raise CallError(f"{least:g} is no least overlap.", code="bad-overlap", where="least", hint=hint)
    places = _overlapping(first, second, least)
    alike = _best([one for one in places if first[one[0]].kind == second[one[1]].kind])
    lefts, rights = {left for left, _ in alike}, {right for _, right in alike}
    rest = [one for one in places if one[0] not in lefts and one[1] not in rights]
    matched = {**dict(alike), **dict(_best(rest))}
    taken = set(matched.values())
    pairs = [_pair(one, second[matched[at]] if at in matched else None) for at, one in enumerate(first)]
    pairs += [_pair(None, one) for at, one in enumerate(second) if at not in taken]
    return tuple(sorted(pairs, key=_place))


def _overlapping(
    first: Sequence[Statement], second: Sequence[Statement], least: float
) -> list[tuple[int, int, float]]:
    """Return the pairs of places in both lists whose statements overlap enough, by a sweep over the text."""
    starts = sorted(
        (one.source, one.span.start, one.span.end, side, at)
        for side, statements in enumerate((first, second))
        for at, one in enumerate(statements)
        if one.span is not None
    )
    found: list[tuple[int, int, float]] = []
    open_now: list[tuple[str, int, int, int, int]] = []
    for one in starts:
        open_now = [other for other in open_now if other[0] == one[0] and other[2] > one[1]]
        for other in open_now:
            if other[3] != one[3]:
                left, right = (other[4], one[4]) if one[3] else (one[4], other[4])
                share = overlap(first[left], second[right])
                found += [(left, right, share)] if share >= least else []
        open_now.append(one)
    return sorted(found)


def _best(places: Sequence[tuple[int, int, float]]) -> list[tuple[int, int]]:
    """Return the matching with the most pairs and, among those, the greatest overlap.

    Statements that are not linked by overlaps cannot disturb one another, so that each cluster of
    linked ones is solved by itself.
    """
    if not places:
        return []
    lefts, left_at = np.unique([left for left, _, _ in places], return_inverse=True)
    rights, right_at = np.unique([right for _, right, _ in places], return_inverse=True)
    size = len(lefts) + len(rights)
    links = coo_array((np.ones(len(places)), (left_at, right_at + len(lefts))), shape=(size, size))
    cluster = connected_components(links, directed=False)[1][left_at]
    order = np.argsort(cluster, kind="stable")
    found: list[tuple[int, int]] = []
    for members in np.split(order, np.flatnonzero(np.diff(cluster[order])) + 1):
        found += _assigned([places[at] for at in members])
    return found


def _assigned(places: Sequence[tuple[int, int, float]]) -> list[tuple[int, int]]:
    lefts = sorted({left for left, _, _ in places})
    rights = sorted({right for _, right, _ in places})
    # A pair counts more than all overlaps together, so that no match is given up for a better fit.
    weight = np.zeros((len(lefts), len(rights)))
    for left, right, share in places:
        weight[lefts.index(left), rights.index(right)] = min(len(lefts), len(rights)) + share
    rows, columns = linear_sum_assignment(weight, maximize=True)
    return [
        (lefts[row], rights[column])
        for row, column in zip(rows, columns, strict=True)
        if weight[row, column] > 0
    ]


def _pair(first: Statement | None, second: Statement | None) -> Pair:
    if first is None or second is None:
        return Pair(first, second, 0.0, ())
    differing = tuple(name for name in COMPARED if getattr(first, name) != getattr(second, name))
    return Pair(first, second, overlap(first, second), differing)


def _place(pair: Pair) -> tuple[str, int, int, str]:
    one = pair.first or pair.second
    if one is None:
        return "", 0, 0, ""
    start, end = (one.span.start, one.span.end) if one.span is not None else (0, 0)
    return one.source, start, end, one.id


# --- one coding from both ----------------------------------------------------------------------------


def curating(
    first: Coding, second: Coding, pairs: Iterable[Pair], curator: str, *, at: str | None = None
) -> tuple[Action, ...]:
    """Return the actions that make one coding of two: all entries added, and what is agreed merged.

    Matched statements that agree become one, accepted, with the span of the first coder. All others
    come as suggestions that keep their coders: `decided` settles a pair, accepting or rejecting one
    that a coder has alone. Ids that both coders used are told apart.
    """
    taken = {entry.id for entry in first}
    names = {(0, entry.id): entry.id for entry in first}
    for entry in second:
        names[1, entry.id] = _free(entry.id, taken)
    entries = tuple(
        entry.model_copy(update={"id": names[side, entry.id], "status": "suggested"})
        for side, coding in enumerate((first, second))
        for entry in coding
    )
    actions = [Action(verb="add", coder=curator, entries=entries, at=at)] if entries else []
    for pair in pairs:
        if pair.is_agreed and pair.first is not None and pair.second is not None:
            ids = names[0, pair.first.id], names[1, pair.second.id]
            actions.append(_merged(ids, first.entry(pair.first.id), curator, taken, at))
    return tuple(actions)


def decided(
    coding: Coding, first: str, second: str, choice: Choice, curator: str, *, at: str | None = None
) -> Action:
    """Return the action by which a curator settles a pair of entries of a curated coding.

    `first` and `second` make one statement, that of the coder named; `disputed` keeps both, marked as
    such, because both are accounts of the text; `neither` rejects both.

    Raises
    ------
    CallError: an entry is not there.
    """
    one, other = coding.entry(first), coding.entry(second)
    if choice in ("disputed", "neither"):
        verb: Literal["dispute", "reject"] = "dispute" if choice == "disputed" else "reject"
        return Action(verb=verb, coder=curator, targets=(first, second), why=f"{first} or {second}", at=at)
    kept = one if choice == "first" else other
    return _merged((first, second), kept, curator, set(coding.entries), at)


def _merged(ids: tuple[str, str], kept: Entry, curator: str, taken: set[str], at: str | None) -> Action:
    update = {
        "id": _free(f"{ids[0][:70]}-one", taken),
        "status": "accepted",
        "fields": {**kept.fields, "coder": curator},
        "why": f"{ids[0]} and {ids[1]}",
    }
    return Action(verb="merge", coder=curator, targets=ids, entries=(kept.model_copy(update=update),), at=at)


def _free(name: str, taken: set[str]) -> str:
    """Return the name, or the first numbered one that is free, and take it."""
    free = free_id(name, taken)
    taken.add(free)
    return free
