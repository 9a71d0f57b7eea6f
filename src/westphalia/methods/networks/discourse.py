"""Discourse networks: who speaks about what, who agrees and who disagrees with whom, over time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np

from westphalia.errors import CallError
from westphalia.labels import ACTOR, ISSUE, OTHER, WINDOW, described
from westphalia.methods.arrays import Array, FloatArray
from westphalia.methods.networks.reading import Day, Reading, Told, Windows, cut, told
from westphalia.registry import Param

if TYPE_CHECKING:
    import xarray as xr

Ties = Annotated[
    Literal["ignore", "subtract", "combine"],
    Param("What ties an actor to an issue: any statement, those for less those against, or a code of both."),
]
TwoModeNorm = Annotated[
    Literal["none", "activity", "prominence"],
    Param("Divide by nothing, by all statements of the actor, or by all statements on the issue."),
]
OneModeNorm = Annotated[
    Literal["none", "average", "jaccard", "cosine", "dna-jaccard", "dna-cosine"],
    Param("What a tie is divided by; the last two are as Discourse Network Analyzer computes them."),
]


def two_mode(
    statements: xr.Dataset,
    *,
    ties: Ties = "ignore",
    normalisation: TwoModeNorm = "none",
    reading: Reading | None = None,
    windows: Windows | None = None,
) -> xr.Dataset:
    """Return the network of actors and issues that statements make.

    With the statements' weights A_ijk (actor i, issue j, stance k): ``ignore`` gives Σ_k A_ijk;
    ``subtract`` Σ_k A_ijk (2k − 1), that is for less against; ``combine`` 1 if the actor is only for, 2 if
    only against, 3 if both (stances are read as boolean). Statements without a stance count with
    ``ignore`` only; on nominal issues ``subtract`` and ``combine`` have no meaning and give NaN.
    ``activity`` divides by Σ_j of ``ignore``, ``prominence`` by Σ_i of it; both are refused for codes.

    Parameters
    ----------
    statements: a table of statements; see `westphalia.methods.networks.reading.told`.
    ties, normalisation: see the sentence of each.
    reading, windows: which statements count, and how time is cut; all of them in one window if None.

    Returns
    -------
    Dataset over `window` with `affiliation`, `mentions` and `mean_stance` (window, actor, issue), the
    last NaN where there is none; `statement_count`, `window_start`, `window_end` (window). Cost is
    linear in statements and in windows × actors × issues.

    Raises
    ------
    CallError: the table lacks something, or options contradict one another.

    References
    ----------
    leifeld2017
    """
    if ties == "combine" and normalisation != "none":
        raise CallError(
            "Codes cannot be normalised.", code="bad-option", hint="With ties 'combine' use 'none'."
        )
    how = reading or Reading()
    found = told(statements, how)
    parts = cut(found, windows or Windows())
    layers = [_affiliation(found.only(part), ties, how.threshold) for _, _, part in parts]
    mentions = np.stack([layer[0] for layer in layers])
    total = {"none": None, "activity": 2, "prominence": 1}[normalisation]
    tied = np.stack([layer[1] for layer in layers])
    if total is not None:
        tied = _divided(tied, np.broadcast_to(mentions.sum(axis=total, keepdims=True), tied.shape))
    cell = (WINDOW, ACTOR, ISSUE)
    variables = {
        "affiliation": (cell, tied),
        "mentions": (cell, mentions),
        "mean_stance": (cell, np.stack([layer[2] for layer in layers])),
    }
    return _over_windows(found, parts, variables)


def one_mode(
    statements: xr.Dataset,
    *,
    normalisation: OneModeNorm = "none",
    reading: Reading | None = None,
    windows: Windows | None = None,
) -> xr.Dataset:
    """Return who agrees and who disagrees with whom in what they say.

    With the statements' weights A_ijk (actor i, issue j, stance k) and d_kl = |k − l| as share of the
    scale (on a nominal issue 0 for the same option, else 1), the ties of i and h are

    * congruence = Σ_j Σ_kl A_ijk A_hjl (1 − d_kl), conflict the same with d_kl, subtract their difference;
    * overlap = Σ_j (Σ_k A_ijk)(Σ_k A_hjk), stances ignored, statements without any included.

    With n_i = Σ_jk A_ijk and v_i = (Σ_k A_ijk)_j a tie is divided by: (n_i + n_h) / 2 (``average``);
    v_i·v_i + v_h·v_h − v_i·v_h (``jaccard``, Tanimoto's form for counts); |v_i||v_h| (``cosine``).
    The last two keep every tie in 0 to 1 (subtract in −1 to 1) and congruence + conflict = the normalised
    overlap of the statements with a stance; ``average`` does so where no actor speaks twice on an issue.
    ``dna-jaccard`` compares issue and stance together: Σ A_ijk A_hjk + Σ A_ijk[A_hjk = 0] + Σ
    A_hjk[A_ijk = 0]; ``dna-cosine`` is n_i·n_h. Nobody has a tie with itself.

    Parameters
    ----------
    statements: a table of statements; see `westphalia.methods.networks.reading.told`.
    normalisation: see above.
    reading, windows: which statements count, and how time is cut; all of them in one window if None.

    Returns
    -------
    Dataset over `window` with `congruence`, `conflict`, `subtract`, `overlap` (window, actor,
    other_actor), all symmetric, and `statement_count`, `window_start`, `window_end` (window). Cost: for
    each window actors² × (different stances, summed over issues): matrix products over sorted stances.

    Raises
    ------
    CallError: the table lacks something.

    References
    ----------
    leifeld2017
    """
    found = told(statements, reading or Reading())
    parts = cut(found, windows or Windows())
    layers = [_agreement(found.only(part), normalisation) for _, _, part in parts]
    names = ("congruence", "conflict", "subtract", "overlap")
    pair = (WINDOW, ACTOR, OTHER)
    variables = {name: (pair, np.stack([layer[at] for layer in layers])) for at, name in enumerate(names)}
    return _over_windows(found, parts, variables)


def _affiliation(found: Told, ties: str, threshold: float) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return mentions, the ties asked for, and mean stances (actor, issue)."""
    mentions = found.counted()
    has_stance = ~np.isnan(found.stance)
    clear = found.only(has_stance & ~found.is_nominal[found.issue])
    weights = clear.counted()
    sums = np.zeros_like(mentions)
    np.add.at(sums, (clear.actor, clear.issue), clear.weight * clear.stance)
    mean = np.clip(_divided(sums, weights, absent=np.nan), 0.0, 1.0)
    if ties == "ignore":
        return mentions, mentions, mean
    if ties == "subtract":
        tied = 2 * sums - weights
    else:
        is_for = clear.counted(clear.stance >= threshold) > 0
        is_against = clear.counted(clear.stance < threshold) > 0
        tied = is_for + 2.0 * is_against
    return mentions, np.where(found.is_nominal, np.nan, tied), mean


def _agreement(found: Told, normalisation: str) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return congruence, conflict, subtract and overlap (actor, other), normalised."""
    clear = found.only(~np.isnan(found.stance))
    count = len(found.actors)
    congruence, conflict = np.zeros((count, count)), np.zeros((count, count))
    for issue in np.unique(clear.issue):
        alike, unlike = _on_issue(clear.only(clear.issue == issue), bool(found.is_nominal[issue]))
        congruence += alike
        conflict += unlike
    all_said, clear_said = found.counted(), clear.counted()
    overlap = all_said @ all_said.T
    by = _norm(clear, clear_said, normalisation)
    shared = _norm(found, all_said, normalisation)
    others = ~np.eye(count, dtype=bool)
    congruence, conflict = _divided(congruence, by) * others, _divided(conflict, by) * others
    return congruence, conflict, congruence - conflict, _divided(overlap, shared) * others


def _on_issue(clear: Told, is_nominal: bool) -> tuple[FloatArray, FloatArray]:
    """Return congruence and conflict (actor, other) on one issue.

    On a scale, |k − l| is the length of the steps between sorted stances of which k and l lie on
    different sides, so conflict is a product of what is said below and above each step.
    """
    stances, level = np.unique(clear.stance, return_inverse=True)
    said = np.zeros((len(clear.actors), len(stances)))
    np.add.at(said, (clear.actor, level), clear.weight)
    total = said.sum(axis=1)
    both = np.outer(total, total)
    if is_nominal:
        alike = said @ said.T
        return alike, np.maximum(both - alike, 0.0)
    below = np.cumsum(said, axis=1)[:, :-1]
    across = (below * np.diff(stances)) @ (total[:, None] - below).T
    unlike = np.maximum(across + across.T, 0.0)
    return np.maximum(both - unlike, 0.0), unlike


def _norm(found: Told, said: FloatArray, normalisation: str) -> FloatArray:
    """Return what the ties of each pair are divided by (actor, other)."""
    total = said.sum(axis=1)
    if normalisation == "none":
        return np.ones((len(total), len(total)))
    if normalisation == "average":
        return np.asarray(np.add.outer(total, total) / 2)
    if normalisation == "dna-cosine":
        return np.outer(total, total)
    if normalisation == "dna-jaccard":
        return _union(found)
    product = said @ said.T
    square = product.diagonal()
    if normalisation == "cosine":
        return np.asarray(np.sqrt(np.outer(square, square)))
    return np.asarray(np.add.outer(square, square) - product)


def _union(found: Told) -> FloatArray:
    """Return shared and single statements of each pair, issue and stance taken together."""
    stance = np.where(np.isnan(found.stance), -1.0, found.stance)
    cells, column = np.unique(np.stack([found.issue, stance], axis=1), axis=0, return_inverse=True)
    said = np.zeros((len(found.actors), len(cells)))
    np.add.at(said, (found.actor, column.reshape(-1)), found.weight)
    alone = said @ (said == 0).T.astype(float)
    return np.asarray(said @ said.T + alone + alone.T)


def _divided(ties: FloatArray, by: FloatArray, absent: float = 0.0) -> FloatArray:
    """Return ties divided, `absent` where there is nothing to divide by."""
    divided: FloatArray = np.divide(ties, by, out=np.full(ties.shape, absent), where=by > 0)
    return divided


def _over_windows(
    found: Told,
    parts: list[tuple[Day, Day, Array]],
    variables: Mapping[str, tuple[tuple[str, ...], FloatArray]],
) -> xr.Dataset:
    """Return the ties with their labels, and when each window begins and ends."""
    import xarray as xr

    starts, ends = (np.array([part[at] for part in parts], dtype="datetime64[ns]") for at in (0, 1))
    data = xr.Dataset(
        {
            **variables,
            "statement_count": (WINDOW, np.array([len(part) for _, _, part in parts], dtype=np.int64)),
            "window_start": (WINDOW, starts),
            "window_end": (WINDOW, ends),
        },
        coords={WINDOW: np.arange(len(parts)), ACTOR: found.actors},
    )
    used = {dim for dims, _ in variables.values() for dim in dims}
    labels = {dim: names for dim, names in ((ISSUE, found.issues), (OTHER, found.actors)) if dim in used}
    return described(data.assign_coords(labels))
