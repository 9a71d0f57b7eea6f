"""GraphML: labelled networks out and in again, through NetworkX, for Gephi, visone and others.

The nodes of a file are the labels of dimensions, the edges carry what variables say of two of them. A
file of others is taken as a network of actors, or of actors and issues if its nodes say so.
"""

from __future__ import annotations

import io
import math
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import ParseError

import numpy as np

from westphalia.errors import CallError
from westphalia.formats.raw import bytes_of, name_of
from westphalia.formats.reports import Imported, ImportReport, Notes, refusal, shown
from westphalia.formats.trees import tree_of
from westphalia.formats.writing import write_file
from westphalia.labels import ACTOR, ISSUE, OTHER, described

if TYPE_CHECKING:
    import networkx as nx
    import xarray as xr

MOST_NODES = 5_000
"""Most nodes that are read: ties become a table of nodes × nodes."""

MOST_ATTRIBUTES = 200
_KINDS = {ACTOR, ISSUE}
_LABELS = ("label", "name")
_OWN = {"dimension", *_LABELS}


def write_graphml(network: xr.Dataset, path: str | Path) -> None:
    """Write a network as GraphML, in one step.

    Parameters
    ----------
    network: variables over (actor, other_actor) or over (actor, issue), which become attributes of
        edges; over (actor) or (issue), which become attributes of nodes. Anything else, such as windows or
        draws, is to be chosen first (``network.isel(window=0)``); coordinates and what has no dimension are
        left out. A pair has an edge where some variable has a tie other than 0. Ties that are the same
        both ways are written as one edge without direction.
    path: the file; one that is there is replaced.

    Raises
    ------
    CallError: there is nothing to tie, a dimension has no place in it, or a tie is not finite.
    FileError: the file cannot be written.
    """
    write_file(Path(path), graphml(network))


def graphml(network: xr.Dataset) -> bytes:
    """Return the GraphML that `write_graphml` writes; raises the same CallError."""
    import networkx as nx

    raw = io.BytesIO()
    nx.write_graphml_xml(to_graph(network), raw, encoding="utf-8")
    return raw.getvalue()


def to_graph(network: xr.Dataset) -> nx.Graph[str]:
    """Return the NetworkX graph that `write_graphml` writes; raises the same CallError."""
    import networkx as nx

    sized = {str(name): array for name, array in network.data_vars.items() if array.ndim}
    ties = {name: array for name, array in sized.items() if array.ndim == 2}
    _has_place(sized, ties)
    is_directed = any(not _is_mutual(array) for array in ties.values() if OTHER in array.dims)
    graph: nx.Graph[str] = nx.DiGraph() if is_directed else nx.Graph()
    ids = {dim: _add_nodes(graph, network, dim) for dim in (ACTOR, ISSUE) if dim in network.dims}
    for name, array in ties.items():
        other = OTHER if OTHER in array.dims else ISSUE
        values = _finite(array.transpose(ACTOR, other), name)
        heads, tails = ids[ACTOR], ids[ACTOR if other == OTHER else ISSUE]
        for at, to in zip(*np.nonzero(values), strict=True):
            graph.add_edge(heads[at], tails[to])
            graph.edges[heads[at], tails[to]][name] = values[at, to].item()
    for name, array in sized.items():
        if array.ndim == 1:
            dim = str(array.dims[0])
            for node, value in zip(ids[dim], array.values.tolist(), strict=True):
                if not (isinstance(value, float) and math.isnan(value)):
                    graph.nodes[node][name] = value
    return graph


def read_graphml(path: str | Path) -> Imported:
    """Read a network from GraphML.

    Returns
    -------
    Imported: `inputs` is a Dataset with a variable over (actor, other_actor) for each attribute of edges
    that is a number, and over (actor) for each attribute of nodes; if nodes say in an attribute
    `dimension` that they are issues, over (actor, issue) and (issue). Edges without a number get a
    variable `weight` of 1. What the file does not say is 0 for ties, NaN for numbers and empty for texts.
    `report` says what was mended and what is left behind. Memory grows with nodes².

    Raises
    ------
    FileError: the file is missing, too large, declares a document type, is nested too deep, is no
        GraphML, has over 5,000 nodes or none, or a number that is not finite.
    """
    file = Path(path)
    notes = Notes()
    where = str(file)
    raw = bytes_of(file)
    root = tree_of(raw, file.name, where, notes)
    if root.tag.rpartition(":")[2] != "graphml":
        raise refusal(f"The file is a <{root.tag}>, not GraphML.", where, code="bad-format")
    nodes = sum(element.tag.rpartition(":")[2] == "node" for element in root.walk())
    if not 1 <= nodes <= MOST_NODES:
        raise refusal(f"The network has {nodes} nodes.", where, f"From 1 to {MOST_NODES}.", "too-large")
    graph = _parsed(raw, where)
    network = _Reader(graph, where, notes).network()
    report = ImportReport("graphml", file.stem, (file.name,), tuple(notes.repaired), tuple(notes.not_carried))
    return Imported(network, report)


def _parsed(raw: bytes, where: str) -> Any:
    """Return the graph that NetworkX reads from bytes that are known to be harmless."""
    import networkx as nx

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what it warns of, missing types, it takes as text
            return nx.read_graphml(io.BytesIO(raw), node_type=str, force_multigraph=True)
    except (nx.NetworkXException, ParseError, ValueError, LookupError, TypeError, AttributeError) as error:
        reason = " ".join(str(error).split())[:200] or "it could not be read"
        raise refusal(f"This is no GraphML that can be read: {reason}.", where) from None


def _has_place(sized: dict[str, xr.DataArray], ties: dict[str, xr.DataArray]) -> None:
    places = ({ACTOR, OTHER}, {ACTOR, ISSUE}, {ACTOR}, {ISSUE})
    for name, array in sized.items():
        if {str(dim) for dim in array.dims} not in places:
            raise CallError(
                f"'{name}' goes over {', '.join(map(str, array.dims))}, which no graph holds.",
                code="dimension-surplus",
                where=name,
                hint="Choose one window or draw first, such as network.isel(window=0).",
            )
    if not ties:
        raise CallError(
            "There is nothing that ties two actors, or an actor and an issue.", code="dimension-missing"
        )


def _is_mutual(array: xr.DataArray) -> bool:
    values = array.transpose(ACTOR, OTHER).values
    if array[ACTOR].values.tolist() != array[OTHER].values.tolist():
        raise CallError("Rows and columns of the ties differ.", code="labels-differ", where=str(array.name))
    return bool(np.array_equal(values, values.T, equal_nan=True))


def _add_nodes(graph: nx.Graph[str], network: xr.Dataset, dim: str) -> list[str]:
    names = [str(name) for name in network[dim].values.tolist()]
    ids = [f"{dim}-{at}" for at in range(len(names))]
    for node, name in zip(ids, names, strict=True):
        graph.add_node(node, label=shown(name), dimension=dim)
    return ids


def _finite(array: xr.DataArray, name: str) -> np.ndarray[tuple[int, ...], np.dtype[Any]]:
    values = np.asarray(array.values)
    if values.dtype.kind not in "biuf" or not np.isfinite(values).all():
        raise CallError(
            f"'{name}' holds ties that are no finite numbers.",
            code="value-out-of-range",
            where=name,
            hint="Say what an unknown tie counts as, such as network.fillna(0).",
        )
    return values


class _Reader:
    """Turns a graph into labelled arrays."""

    def __init__(self, graph: Any, where: str, notes: Notes) -> None:
        self.graph, self.where, self.notes = graph, where, notes
        self.dim = {node: self._dimension(data) for node, data in graph.nodes(data=True)}
        if ACTOR not in self.dim.values():
            self.dim = dict.fromkeys(self.dim, ACTOR)
        self.is_two_mode = ISSUE in self.dim.values()
        self.nodes = {dim: [node for node in graph if self.dim[node] == dim] for dim in (ACTOR, ISSUE)}
        self.taken = {*_KINDS, OTHER, *(key for _, data in graph.nodes(data=True) for key in data)} - _OWN
        self.place = {node: at for nodes in self.nodes.values() for at, node in enumerate(nodes)}

    def network(self) -> xr.Dataset:
        """Return the ties and the attributes of nodes."""
        import xarray as xr

        labels = {dim: self._names(nodes) for dim, nodes in self.nodes.items() if nodes}
        coords = {**labels, OTHER: labels[ACTOR]}
        variables = {**self._attributes(), **self._ties()}
        used = {dim for dims, _ in variables.values() for dim in dims} | set(labels)
        return described(
            xr.Dataset(variables, coords={dim: names for dim, names in coords.items() if dim in used})
        )

    def _dimension(self, data: dict[str, Any]) -> str:
        told = str(data.get("dimension", ACTOR))
        return told if told in _KINDS else ACTOR

    def _names(self, nodes: list[str]) -> list[str]:
        names: list[str] = []
        taken: set[str] = set()
        for node in nodes:
            data = self.graph.nodes[node]
            told = next((data[key] for key in _LABELS if isinstance(data.get(key), str)), node)
            name = name_of(told or node, self.where, self.notes)
            if name in taken:
                self.notes.repair(f"Several nodes are called '{name}'; their ids were added.")
                name = f"{name} ({node})"
            taken.add(name)
            names.append(name)
        return names

    def _attributes(self) -> dict[str, tuple[tuple[str, ...], Any]]:
        found: dict[str, tuple[tuple[str, ...], Any]] = {}
        for dim, nodes in self.nodes.items():
            keys = dict.fromkeys(key for node in nodes for key in self.graph.nodes[node] if key not in _OWN)
            self._few(keys)
            for key in keys:
                if key in found or key in (*_KINDS, OTHER):
                    self.notes.leave(f"'{key}' of nodes: the name is taken.")
                    continue
                found[key] = ((dim,), _column([self.graph.nodes[node].get(key) for node in nodes]))
        return found

    def _ties(self) -> dict[str, tuple[tuple[str, ...], Any]]:
        dims = (ACTOR, ISSUE if self.is_two_mode else OTHER)
        shape = len(self.nodes[ACTOR]), len(self.nodes[ISSUE if self.is_two_mode else ACTOR])
        found: dict[str, tuple[tuple[str, ...], Any]] = {}
        for one, other, data in self.graph.edges(data=True):
            numbers = {key: value for key, value in data.items() if isinstance(value, int | float)}
            for key in sorted(set(data) - set(numbers)):
                self.notes.leave(f"'{key}' of edges, which is no number.")
            self._few(numbers)
            for key, value in (numbers or {"weight": 1.0}).items():
                name = f"{key}_tie" if key in self.taken else key
                table = found.setdefault(name, (dims, np.zeros(shape)))[1]
                for at in self._cells(one, other):
                    table[at] += self._number(value, key)
        return found or {"weight": (dims, np.zeros(shape))}

    def _cells(self, one: str, other: str) -> list[tuple[int, int]]:
        """Return where an edge stands in the table of ties; both ways if it has no direction."""
        if self.is_two_mode:
            if self.dim[one] == self.dim[other]:
                self.notes.leave("Edges between two actors or two issues: the network is one of both.")
                return []
            actor, issue = (one, other) if self.dim[one] == ACTOR else (other, one)
            return [(self.place[actor], self.place[issue])]
        there = self.place[one], self.place[other]
        return [there] if self.graph.is_directed() or one == other else [there, there[::-1]]

    def _number(self, value: float, key: str) -> float:
        if not math.isfinite(value):
            raise refusal(f"A tie has '{key}' {value}.", self.where, "Ties are finite numbers.")
        return float(value)

    def _few(self, keys: dict[str, Any]) -> None:
        if len(keys) > MOST_ATTRIBUTES:
            raise refusal(f"There are more than {MOST_ATTRIBUTES} attributes.", self.where, code="too-large")


def _column(values: list[Any]) -> Any:
    """Return attributes of nodes as numbers if they all are, else as texts."""
    if all(isinstance(value, bool) for value in values):
        return np.array(values, dtype=bool)
    if all(isinstance(value, int) for value in values):
        return np.array(values, dtype=np.int64)
    if all(value is None or isinstance(value, int | float) for value in values):
        return np.array([math.nan if value is None else float(value) for value in values])
    return np.array(["" if value is None else str(value) for value in values], dtype=object)
