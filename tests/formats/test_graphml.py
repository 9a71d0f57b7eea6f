"""Networks survive GraphML, files of others are read, and hostile ones are refused with a reason."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from westphalia.errors import CallError, FileError
from westphalia.formats.graphml import read_graphml, to_graph, write_graphml

HEAD = '<?xml version="1.0" encoding="utf-8"?>'
OPEN = '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">'
WEIGHT = '<key id="w" for="edge" attr.name="weight" attr.type="double"/>'
GRAPH = '<graph edgedefault="directed">'
SHUT = "</graph></graphml>"
TIES = st.sampled_from([0.0, 0.0, 1.0, 0.1, -2.5, 1e-300, 1e12])
NAMES = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=8)


@st.composite
def networks(draw):
    count = draw(st.integers(1, 6))
    actors = draw(st.lists(NAMES, min_size=count, max_size=count, unique=True))
    variables = {"bloc": ("actor", draw(arrays(np.int64, count, elements=st.integers(-1, 3))))}
    coords = {"actor": actors}
    if draw(st.booleans()):
        issues = draw(st.lists(NAMES, min_size=1, max_size=4, unique=True))
        shape = (count, len(issues))
        variables["affiliation"] = (("actor", "issue"), draw(arrays(float, shape, elements=TIES)))
        variables["is_open"] = ("issue", draw(arrays(bool, len(issues))))
        return xr.Dataset(variables, coords={**coords, "issue": issues})
    ties = draw(arrays(float, (count, count), elements=TIES))
    if draw(st.booleans()):
        ties = np.triu(ties) + np.triu(ties, 1).T
    variables["congruence"] = (("actor", "other_actor"), ties)
    variables["strength"] = ("actor", np.abs(ties).sum(axis=1))
    return xr.Dataset(variables, coords={**coords, "other_actor": actors})


@given(networks())
@settings(max_examples=60)
def test_what_is_written_is_read_again(tmp_path_factory, network):
    path = tmp_path_factory.mktemp("graphs") / "net.graphml"
    write_graphml(network, path)
    read = read_graphml(path)
    assert read.report.not_carried == ()
    tied = "affiliation" if "affiliation" in network else "congruence"
    expected = network if network[tied].values.any() else network.drop_vars(tied)
    found = read.inputs if network[tied].values.any() else read.inputs.drop_vars("weight")
    names = [name for name in expected.data_vars if name in found]
    assert set(names) == set(expected.data_vars) == set(found.data_vars)
    for name in names:
        assert found[name].dims == expected[name].dims
        assert found[name].values.tolist() == expected[name].values.tolist(), name
    for dim in expected.dims:
        assert found[dim].values.tolist() == [
            " ".join(name.split()) for name in expected[dim].values.tolist()
        ]


def test_ties_both_ways_alike_have_no_direction():
    ties = xr.DataArray(
        [[0.0, 1.0], [1.0, 0.0]],
        coords={"actor": ["a", "b"], "other_actor": ["a", "b"]},
        dims=("actor", "other_actor"),
    )
    assert not to_graph(ties.to_dataset(name="congruence")).is_directed()
    one_way = ties.copy(data=[[0.0, 1.0], [0.0, 0.0]])
    assert list(to_graph(one_way.to_dataset(name="hears")).edges) == [("actor-0", "actor-1")]


def test_a_file_of_others_is_read(tmp_path):
    graph = nx.Graph()
    graph.add_node("x", name="Ann", size=3)
    graph.add_node("y", name="Ann")
    graph.add_edge("x", "y", colour="red")
    path = tmp_path / "theirs.graphml"
    nx.write_graphml_xml(graph, path)
    read = read_graphml(path)
    assert read.inputs["actor"].values.tolist() == ["Ann", "Ann (y)"]
    assert read.inputs["weight"].values.tolist() == [[0.0, 1.0], [1.0, 0.0]]
    assert read.inputs["size"].values[0] == 3
    assert np.isnan(read.inputs["size"].values[1])
    assert read.report.not_carried == ("'colour' of edges, which is no number.",)
    assert "Several nodes are called 'Ann'" in read.report.repaired[0]


def test_parallel_edges_add_up(tmp_path):
    path = tmp_path / "net.graphml"
    edge = '<edge source="a" target="b"><data key="w">1.5</data></edge>'
    path.write_text(f'{HEAD}{OPEN}{WEIGHT}{GRAPH}<node id="a"/><node id="b"/>{edge}{edge}{SHUT}')
    assert read_graphml(path).inputs["weight"].values.tolist() == [[0.0, 3.0], [0.0, 0.0]]


HOSTILE = {
    "entities": (
        f'{HEAD}<!DOCTYPE g [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>{OPEN}&b;</graphml>',
        "document type",
    ),
    "outside": (f'{HEAD}<!DOCTYPE g SYSTEM "file:///etc/passwd">{OPEN}</graphml>', "document type"),
    "deep": (HEAD + "<a>" * 60 + "</a>" * 60, "nested deeper"),
    "other": (f"{HEAD}<svg/>", "is a <svg>, not GraphML"),
    "empty": (f"{HEAD}{OPEN}<graph edgedefault='directed'/></graphml>", "has 0 nodes"),
    "cut": (f"{HEAD}{OPEN}<graph>", "no well-formed XML"),
    "many": (
        f"{HEAD}{OPEN}<graph edgedefault='directed'>"
        + "".join(f'<node id="{n}"/>' for n in range(5001))
        + "</graph></graphml>",
        "has 5001 nodes",
    ),
    "number": (
        f"{HEAD}{OPEN}{WEIGHT}{GRAPH}"
        '<node id="a"/><edge source="a" target="a"><data key="w">NaN</data></edge></graph></graphml>',
        "A tie has 'weight' nan",
    ),
    "no number": (
        f"{HEAD}{OPEN}{WEIGHT}{GRAPH}"
        '<node id="a"/><edge source="a" target="a"><data key="w">much</data></edge></graph></graphml>',
        "no GraphML that can be read",
    ),
    "no key": (
        f'{HEAD}{OPEN}{GRAPH}<node id="a"><data key="w">1</data></node>{SHUT}',
        "no GraphML that can be read",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_or_damaged_file_is_refused(name, tmp_path):
    text, reason = HOSTILE[name]
    path = tmp_path / "net.graphml"
    path.write_text(text)
    with pytest.raises(FileError, match=reason):
        read_graphml(path)


def test_a_file_beyond_measure_is_not_read(tmp_path):
    path = tmp_path / "net.graphml"
    path.write_bytes(b" " * 10_000_001)
    with pytest.raises(FileError, match="larger than 10 MB"):
        read_graphml(path)
    with pytest.raises(FileError, match="no such file"):
        read_graphml(tmp_path / "absent.graphml")


@given(st.data())
@settings(max_examples=60)
def test_any_damage_ends_in_a_network_or_a_refusal(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("graphs") / "net.graphml"
    write_graphml(data.draw(networks()), path)
    raw = path.read_bytes()
    at = data.draw(st.integers(0, len(raw)))
    path.write_bytes(raw[:at] + data.draw(st.binary(max_size=6)) + raw[at + data.draw(st.integers(0, 20)) :])
    try:
        found = read_graphml(path).inputs.sizes["actor"]
    except FileError as error:
        found = len(error.message)
    assert found >= 1


@pytest.mark.parametrize(
    ("dims", "values", "reason"),
    [
        (("window", "actor", "other_actor"), np.zeros((1, 2, 2)), "goes over window, actor, other_actor"),
        (("actor",), np.zeros(2), "nothing that ties"),
        (("actor", "other_actor"), np.full((2, 2), np.nan), "no finite numbers"),
    ],
)
def test_what_no_graph_holds_is_refused(dims, values, reason, tmp_path):
    coords = {dim: ["a", "b"] for dim in dims if dim != "window"}
    with pytest.raises(CallError, match=reason):
        write_graphml(xr.Dataset({"tie": (dims, values)}, coords=coords), tmp_path / "net.graphml")
