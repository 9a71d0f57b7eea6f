"""What a network of actors shows: brokers, blocs, camps, and how far it falls into parts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np

from westphalia.check import has_dimensions
from westphalia.errors import CallError
from westphalia.labels import ACTOR, OTHER, WINDOW, described
from westphalia.methods.arrays import Array, FloatArray
from westphalia.registry import Param

if TYPE_CHECKING:
    import networkx as nx
    import xarray as xr

Search = Annotated[
    Literal["louvain", "greedy"],
    Param("How blocs are searched: Louvain with a seed, or greedy merging, which needs none."),
]
Resolution = Annotated[float, Param("Above 1 finds more and smaller blocs, below 1 fewer.", "1", 0.0, 100.0)]
Seed = Annotated[int, Param("Seed of the search.", "1", 0, 2**32 - 1)]

_ROUNDS = 1000
"""Most single moves of the search for two camps times actors; each move makes the split better."""


def brokers(ties: xr.DataArray) -> xr.Dataset:
    """Return who stands between others.

    Parameters
    ----------
    ties: (actor, other_actor), with a leading `window` or none; at least 0, symmetric; a larger tie is
        a shorter way (length 1 / tie).

    Returns
    -------
    Dataset with `strength`, `betweenness` (share of shortest ways between pairs of others, Freeman) and
    `constraint` (Burt; NaN without any tie) (actor, or window and actor). Time grows with actors × ties
    for each window.

    Raises
    ------
    CallError: a tie is negative, not finite, or not the same both ways.

    References
    ----------
    freeman1977, burt1992
    """

    def look(graph: nx.Graph[int]) -> dict[str, Any]:
        import networkx as nx

        between = nx.betweenness_centrality(graph, weight="length", normalized=True)
        narrow = nx.constraint(graph, weight="weight")
        return {
            "strength": _of(dict(graph.degree(weight="weight"))),
            "betweenness": np.clip(_of(between), 0.0, 1.0),
            "constraint": _of(narrow),
        }

    return _seen(ties, look, {})


def blocs(
    ties: xr.DataArray, *, search: Search = "louvain", resolution: Resolution = 1.0, seed: Seed = 1
) -> xr.Dataset:
    """Return the blocs of a network: groups with more ties inside than chance would give.

    Modularity is Newman's for weighted ties, Q = Σ_ih [T_ih − γ t_i t_h / 2m] [same bloc] / 2m with
    t the sums of ties, 2m their total and γ the resolution. A network with high Q falls into parts that
    hardly speak alike: the plainest measure of its polarisation.

    Parameters
    ----------
    ties: (actor, other_actor), with a leading `window` or none; at least 0, symmetric.
    search, resolution, seed: see the sentence of each. The search is no proof: another seed may differ.

    Returns
    -------
    Dataset with `bloc` (actor): 0 for the largest, of equal ones that of the earlier actor, -1 for
    actors without ties; `bloc_count`, of blocs with at least two actors; `modularity`, NaN without ties.

    Raises
    ------
    CallError: as for `brokers`.

    References
    ----------
    blondel2008, newman2004
    """

    def look(graph: nx.Graph[int]) -> dict[str, Any]:
        import networkx as nx

        tied = graph.subgraph([node for node in graph if graph.degree(node) > 0])
        bloc = np.full(len(graph), -1)
        if not len(tied):
            return {"bloc": bloc, "bloc_count": 0, "modularity": np.nan}
        found: Iterable[Iterable[int]]
        if search == "louvain":
            found = nx.community.louvain_communities(tied, weight="weight", resolution=resolution, seed=seed)
        else:
            found = nx.community.greedy_modularity_communities(tied, weight="weight", resolution=resolution)
        ordered = sorted(map(set, found), key=lambda group: (-len(group), min(group)))
        for number, group in enumerate(ordered):
            bloc[list(group)] = number
        value = nx.community.modularity(tied, ordered, weight="weight", resolution=resolution)
        return {"bloc": bloc, "bloc_count": sum(len(g) > 1 for g in ordered), "modularity": value}

    return _seen(ties, look, {"search": search, "resolution": resolution, "seed": seed})


def two_camps(congruence: xr.DataArray, conflict: xr.DataArray) -> xr.Dataset:
    """Return the best split in two, by agreement inside and disagreement between, and how well it fits.

    With ties C (congruence) and D (conflict) and signs x_i = ±1 for the camps, the search makes
    Σ x_i x_h (C − D)_ih large: it begins from the signs of the leading eigenvector and moves single
    actors as long as that helps. `camp_share` is Σ (C inside + D between) / Σ (C + D): 1 where two camps
    explain everything, about one half where the split says nothing. The search is no proof.

    Parameters
    ----------
    congruence, conflict: (actor, other_actor), symmetric, at least 0, normalised alike.

    Returns
    -------
    Dataset with `camp` (actor): 0 for the camp of the first actor with ties, 1, or -1 without ties;
    `camp_share`, NaN without ties. Cost grows with actors³.

    Raises
    ------
    CallError: as for `brokers`, or the labels of the two differ.
    """
    import xarray as xr

    agree, differ = (_matrix(ties.drop_vars(WINDOW, errors="ignore")) for ties in (congruence, conflict))
    if not congruence[ACTOR].equals(conflict[ACTOR]):
        raise CallError("Congruence and conflict are of different actors.", code="labels-differ", where=ACTOR)
    total = agree + differ
    tied = np.flatnonzero(total.sum(axis=1) > 0)
    camp = np.full(len(total), -1)
    share = np.nan
    if len(tied):
        side = _split((agree - differ)[np.ix_(tied, tied)])
        camp[tied] = np.where(side == side[0], 0, 1)
        together = np.equal.outer(camp, camp)
        share = float(np.where(together, agree, differ).sum() / total.sum())
    variables = {"camp": (ACTOR, camp), "camp_share": share}
    return described(xr.Dataset(variables, coords={ACTOR: congruence[ACTOR].values}))


def graph_of(ties: FloatArray) -> nx.Graph[int]:
    """Return the graph of symmetric ties, nodes by place, with `weight` and `length` = 1 / weight."""
    import networkx as nx

    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(len(ties)))
    for one, other in zip(*np.nonzero(np.triu(ties, 1)), strict=True):
        weight = float(ties[one, other])
        graph.add_edge(int(one), int(other), weight=weight, length=1 / weight)
    return graph


def _split(signed: FloatArray) -> Array:
    """Return signs that make Σ x_i x_h S_ih large: no single change makes it larger."""
    _, vectors = np.linalg.eigh(signed)
    side = np.where(vectors[:, -1] >= 0, 1.0, -1.0)
    for _ in range(_ROUNDS * len(side)):
        loss = side * (signed @ side)
        worst = int(np.argmin(loss))
        if loss[worst] >= -1e-12:
            break
        side[worst] = -side[worst]
    return side


def _of(by_node: dict[int, float]) -> FloatArray:
    return np.array([by_node[node] for node in range(len(by_node))], dtype=float)


def _seen(
    ties: xr.DataArray, look: Callable[[nx.Graph[int]], dict[str, Any]], attrs: dict[str, Any]
) -> xr.Dataset:
    """Return what a look at the graph of each window gives, labelled."""
    import xarray as xr

    if WINDOW in ties.dims:
        parts = [_seen(ties.isel({WINDOW: at}, drop=True), look, {}) for at in range(ties.sizes[WINDOW])]
        whole = xr.concat(parts, dim=ties[WINDOW], join="exact", coords="minimal", compat="override")
        return described(whole, **attrs)
    found = look(graph_of(_matrix(ties)))
    variables = {name: (ACTOR, value) if np.ndim(value) else value for name, value in found.items()}
    return described(xr.Dataset(variables, coords={ACTOR: ties[ACTOR].values}), **attrs)


def _matrix(ties: xr.DataArray) -> FloatArray:
    """Return symmetric ties of at least 0 as an array (actor, other), its diagonal 0."""
    has_dimensions(ties, str(ties.name or "ties"), (ACTOR, OTHER))
    surplus = [str(dim) for dim in ties.dims if dim not in (ACTOR, OTHER)]
    if surplus:
        raise CallError(
            f"Ties have the dimension '{surplus[0]}'.", code="dimension-surplus", hint="Choose one of it."
        )
    if ties[ACTOR].values.tolist() != ties[OTHER].values.tolist():
        raise CallError("Rows and columns of the ties differ.", code="labels-differ", where=ACTOR)
    array = np.array(ties.transpose(ACTOR, OTHER).values, dtype=float)
    if not (np.isfinite(array) & (array >= 0)).all():
        raise CallError(
            "A tie is negative or no number.",
            code="value-out-of-range",
            hint="Take congruence, or the part of subtract above 0: subtract.clip(min=0).",
        )
    if not np.allclose(array, array.T):
        raise CallError("Ties are not the same both ways.", code="not-symmetric", hint="Add the two ways up.")
    np.fill_diagonal(array, 0.0)
    even: FloatArray = (array + array.T) / 2
    return even
