"""Bad files of GMCR+ are refused with the place and what would be right; no pickle is loaded."""

from __future__ import annotations

import copy
import json
import math
import pickle
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_conflicts import SMALL, saved

from westphalia.case.create import create_from
from westphalia.errors import FileError
from westphalia.formats.gmcr import read_gmcr
from westphalia.formats.known import format_of
from westphalia.runs.graph import graph_model


def changed(*path_and_value):
    """SMALL with a value put at a path; without one, taken away."""
    *path, key, value = path_and_value
    content = copy.deepcopy(SMALL)
    here = content
    for step in path:
        here = here[step]
    if value is ...:
        del here[key]
    else:
        here[key] = value
    return json.dumps(content)


def owning(index):
    """SMALL with another index as the first of North's options."""
    return changed("decisionMakers", 0, "options", 0, index)


def ranked(ranking):
    """SMALL with North's states ranked by hand."""
    maker = {**SMALL["decisionMakers"][0], "preferenceRanking": ranking}
    content = {**SMALL, "decisionMakers": [maker, SMALL["decisionMakers"][1]]}
    return json.dumps({**content, "useManualPreferenceRanking": True})


FIRST = "decisionMakers.0.options.0"


@pytest.mark.parametrize(
    ("text", "message", "where"),
    [
        (changed("options", ...), "'options' is missing", "a.gmcr"),
        (changed("options", []), "There are 0 options", "a.gmcr"),
        (changed("options", [SMALL["options"][0]] * 63), "There are 63 options", "a.gmcr"),
        (changed("options", 0, "permittedDirection", "fwdd"), "Did you mean 'fwd'", "options.0"),
        (changed("options", 0, "permittedDirection", ["fwd"]), "is no direction", "options.0"),
        (changed("options", 0, "name", 7), "A name is no text", "options.0"),
        (changed("decisionMakers", SMALL["decisionMakers"][:1]), "There are 1 decision makers", "a.gmcr"),
        (owning(3), "'3' is the index of no option", FIRST),
        (owning(-1), "'-1' is the index of no option", FIRST),
        (owning(0.5), "'0.5' is the index of no option", FIRST),
        (owning(True), "'True' is the index of no option", FIRST),
        (owning(1e300), "is the index of no option", FIRST),
        (changed("decisionMakers", 1, "options", [1, 0]), "'march' has two owners", "1.options.1"),
        (changed("decisionMakers", 1, "options", []), "'open gates' belongs to nobody", "options"),
        (changed("infeasibles", 0, 0, [0, "y"]), "no option with Y or N", "infeasibles.0.0"),
        (changed("infeasibles", 0, 0, 0, 3), "index of no option", "infeasibles.0.0.0"),
        (changed("infeasibles", 0, []), "names no option", "infeasibles.0"),
        (changed("infeasibles", 0, {"members": []}), "no condition", "infeasibles.0"),
        (changed("infeasibles", 0, {"compound": True, "members": []}), "no members", "infeasibles.0"),
        (changed("infeasibles", 0, {"compound": True}), "'members' is missing", "infeasibles.0"),
        (changed("infeasibles", [[[0, "Y"]], [[0, "N"]]]), "No state is left", "infeasibles"),
        (changed("infeasibles", [[[0, "Y"]]] * 5001), "more than 5,000 conditions", "infeasibles.4996"),
        (changed("coalitions", [0]), "every decision maker once", "coalitions"),
        (changed("coalitions", [0, 2]), "index of no decision maker", "coalitions.1"),
        (changed("useManualPreferenceRanking", 1), "neither true nor false", "useManual"),
        (ranked(None), "does not name each of the 6 feasible states once", "decisionMakers.0"),
        (ranked([1, 2, 3, 4, 5, 7]), "does not name each of the 6", "decisionMakers.0"),
        (ranked([1, 2, 3, 4, 5, 6, 6]), "does not name each", "decisionMakers.0"),
        (ranked([[1, [2]], 3]), "index of no state", "preferenceRanking.0.1"),
        ("[" * 100_000, "nested too deep", "a.gmcr"),
        (json.dumps(SMALL)[:-1] + ', "version": "2"}', "stands twice", "a.gmcr"),
        (changed("options", 0, "x", math.nan), "NaN is no number", "a.gmcr"),
        ("[]", "'options' is missing", "a.gmcr"),
        ("", "The file is empty", "a.gmcr"),
        ("{", "This is no JSON", "a.gmcr:1:2"),
    ],
)  # fmt: skip
def test_bad_files_are_refused_with_the_place(text, message, where, tmp_path):
    (tmp_path / "a.gmcr").write_text(text)
    with pytest.raises(FileError) as caught:
        read_gmcr(tmp_path / "a.gmcr")
    assert message in str(caught.value)
    assert where in str(caught.value.where)


class Trap:
    def __reduce__(self):
        return (Path.touch, (Path("sprung"),))


@pytest.mark.parametrize("protocol", range(6))
def test_pickles_are_refused_and_never_loaded(protocol, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "old.gmcr"
    path.write_bytes(pickle.dumps({"trap": Trap()}, protocol=protocol))
    assert format_of(path).id == "gmcr"
    with pytest.raises(FileError, match="This is a pickle, as version") as caught:
        read_gmcr(path)
    assert "save it from there" in caught.value.hint
    assert not (tmp_path / "sprung").exists()


def test_a_huge_file_is_refused(tmp_path):
    with (tmp_path / "a.gmcr").open("wb") as stream:
        stream.truncate(10_000_001)
    with pytest.raises(FileError, match="larger than 10 MB"):
        read_gmcr(tmp_path / "a.gmcr")


LEAF = st.none() | st.booleans() | st.integers(-3, 3) | st.floats() | st.text(max_size=4)
TREE = st.recursive(
    LEAF, lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text(max_size=3), below, max_size=3)
)


@given(data=st.data())
@settings(max_examples=200, deadline=None)
def test_any_json_in_any_place_ends_in_a_sound_case_or_a_refusal(data):
    content = copy.deepcopy(SMALL)
    here = content
    while True:
        key = data.draw(
            st.sampled_from(sorted(here)) if isinstance(here, dict) else st.integers(0, len(here) - 1)
        )
        if not isinstance(here[key], dict | list) or not here[key] or data.draw(st.booleans()):
            here[key] = data.draw(TREE)
            break
        here = here[key]
    with tempfile.TemporaryDirectory() as folder:
        path = saved(Path(folder) / "made.gmcr", content)
        try:
            tree = read_gmcr(path).tree
        except FileError as error:
            refused = error
        else:
            assert graph_model(create_from(Path(folder) / "case", tree, {}).case).conflict.size >= 1
            return
    assert refused.where
