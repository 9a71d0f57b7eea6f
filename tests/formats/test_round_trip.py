"""What was written is read back as it was, to the bit; what a format cannot carry is told."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from made_domains import genius, geniusweb

from westphalia.errors import CallError, FileError
from westphalia.formats.genius import read_genius
from westphalia.formats.genius_writing import write_genius
from westphalia.formats.geniusweb import read_geniusweb
from westphalia.formats.geniusweb_writing import write_geniusweb
from westphalia.formats.reports import Notes
from westphalia.formats.tables import Profile, deal_inputs, discrete
from westphalia.methods.deals.space import space_of
from westphalia.methods.examples import DEAL

GENIUS = (write_genius, read_genius)
GENIUSWEB = (write_geniusweb, read_geniusweb)

NAME = st.text(st.characters(exclude_categories=("C", "Z"), exclude_characters="&"), min_size=1, max_size=8)
NAMES = st.lists(NAME | st.integers(-99, 99).map(str), min_size=1, max_size=4, unique=True)
SHARE = st.floats(0.0, 1.0, allow_subnormal=False).filter(lambda value: value == 0 or value > 1e-9)


@st.composite
def deals(draw, *, top: float):
    issues = [discrete(name, draw(NAMES)) for name in draw(NAMES)]
    profiles = []
    for party in draw(NAMES):
        values = [np.array([draw(SHARE) for _ in issue.labels]) for issue in issues]
        best = sum(value.max() for value in values)
        if top and best > 0:
            values = [value * (top / best) * (1 - 1e-15) for value in values]
        floor = sum(float(value[draw(st.integers(0, len(value) - 1))]) for value in values)
        profiles.append(Profile(party, values, 0.0 + floor))
    return deal_inputs(issues, profiles, "test")


def back(inputs, pair, told=()):
    write, read = pair
    with tempfile.TemporaryDirectory() as folder:
        assert write(inputs, Path(folder) / "new", name="made") == told
        got = read(Path(folder) / "new")
    assert got.report.name == "made"
    return got.inputs


@given(deals(top=0.0))
@settings(max_examples=60, deadline=None)
def test_genius_gives_back_any_values(inputs):
    assert back(inputs, GENIUS).identical(inputs)


@given(deals(top=1.0) | deals(top=0.7))
@settings(max_examples=60, deadline=None)
def test_geniusweb_gives_back_values_that_sum_to_at_most_1(inputs):
    got = back(inputs, GENIUSWEB)
    np.testing.assert_array_equal(got["option_value"].values, inputs["option_value"].values)
    assert got.identical(inputs)


@st.composite
def web_files(draw):
    """A GeniusWeb domain whose weights sum to 1 to the last digit, as GeniusWeb asks."""
    names = draw(NAMES)
    labels = {name: draw(NAMES) for name in names}
    cuts = sorted(draw(st.integers(0, 10**17)) for _ in names[1:])
    parts = [high - low for low, high in zip([0, *cuts], [*cuts, 10**17], strict=True)]
    per_mille = st.integers(0, 1000)
    held = {
        "issueUtilities": {
            name: {"discreteutils": {"valueUtilities": {one: f"{draw(per_mille) / 1000}" for one in options}}}
            for name, options in labels.items()
        },
        "issueWeights": {name: f"{part}e-17" for name, part in zip(names, parts, strict=True)},
        "domain": {"name": "made", "issuesValues": {name: {"values": one} for name, one in labels.items()}},
        "name": "web",
        "reservationBid": {"issuevalues": {name: draw(st.sampled_from(one)) for name, one in labels.items()}},
    }
    return json.dumps({"LinearAdditiveUtilitySpace": held})


@given(web_files())
@settings(max_examples=100, deadline=None)
def test_geniusweb_gives_back_what_it_read(text):
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "web.json").write_text(text, "utf-8")
        inputs = read_geniusweb(folder).inputs
    assert back(inputs, GENIUSWEB).identical(inputs)


@pytest.mark.parametrize("pair", [GENIUS, GENIUSWEB])
@pytest.mark.parametrize("made", [genius, geniusweb])
def test_what_was_read_from_files_of_others_is_kept(pair, made, tmp_path):
    read = {genius: read_genius, geniusweb: read_geniusweb}[made]
    inputs = read(made(tmp_path)).inputs
    if made is genius and pair is GENIUSWEB:
        inputs["reservation"].values[:] = [0.4, 0.0]
    assert back(inputs, pair).identical(inputs)


def lossy():
    """Deal inputs as a case gives them: a constant of 1, and losses."""
    inputs = xr.Dataset.from_dict(DEAL)
    inputs["option_value"] = inputs["option_value"] - 0.5
    inputs["base_utility"] = inputs["base_utility"] + 1.0
    inputs["is_party"].values[:] = True
    return inputs


@pytest.mark.parametrize("pair", [GENIUS, GENIUSWEB])
def test_constants_and_losses_keep_the_utilities_of_packages(pair, tmp_path):
    inputs = lossy()
    told = pair[0](inputs, tmp_path / "new")
    space, wanted = space_of(pair[1](tmp_path / "new").inputs), space_of(inputs)
    packages = wanted.enumerate_all(100)
    assert space.utility(packages) == pytest.approx(wanted.utility(packages))
    assert len([sentence for sentence in told if "utilities of packages are the same" in sentence]) == 3


def test_geniusweb_scales_what_is_above_1_and_rounds_no_deal_up(tmp_path):
    inputs = xr.Dataset.from_dict(DEAL)
    inputs["option_value"] = inputs["option_value"] * 4
    inputs["reservation"].values[:] = [1.3, 0.0, 0.0]
    told = write_geniusweb(inputs.isel(actor=[0, 1]), tmp_path / "new")
    assert "Utilities of 'north' were divided by 4, to lie between 0 and 1." in told
    assert "No deal of 'north', 0.325, became a package worth 0.4." in told
    got = read_geniusweb(tmp_path / "new").inputs
    assert got["reservation"].values.tolist() == pytest.approx([0.4, 0.0])
    assert np.nanmax(got["option_value"].values[0], axis=1).sum() == pytest.approx(1.0)


@pytest.mark.parametrize("pair", [GENIUS, GENIUSWEB])
def test_what_cannot_be_written_is_refused(pair, tmp_path):
    def refused(inputs, message):
        with pytest.raises(CallError, match=message):
            pair[0](inputs, tmp_path / "new")

    refused(lossy().assign(base_utility=("actor", [0.0, 0.0, 0.0])), "knows no utility below 0")
    refused(xr.Dataset.from_dict(DEAL).expand_dims(draw=2), "hold draws")
    refused(xr.Dataset.from_dict(DEAL).assign_coords(issue=["a  b", "c"]), "would not be read back as it is")
    nobody = xr.Dataset.from_dict(DEAL)
    nobody["is_party"].values[:] = False
    refused(nobody, "Nobody's acceptance")
    unknown = xr.Dataset.from_dict(DEAL)
    unknown["reservation"].values[0] = np.nan
    refused(unknown, "no deal of 'north' is no finite number")
    tied = xr.Dataset.from_dict(DEAL)
    dims = ("linkage", "actor", "option", "other_option")
    refused(tied.assign(interaction=(dims, np.ones((1, 3, 3, 3)))), "only together")
    assert not (tmp_path / "new").exists()


def test_party_names_play_no_tricks_with_paths_and_nothing_is_overwritten(tmp_path):
    inputs = xr.Dataset.from_dict(DEAL).assign_coords(actor=["../../up", "con/a", "../../up2"])
    write_genius(inputs, tmp_path / "new")
    names = sorted(path.name for path in (tmp_path / "new").iterdir())
    assert names == ["1-up.xml", "2-con-a.xml", "domain.xml"]
    assert read_genius(tmp_path / "new").inputs["actor"].values.tolist() == ["../../up", "con/a"]
    with pytest.raises(FileError, match="The folder is not empty"):
        write_genius(inputs, tmp_path / "new")


def test_notes_keep_each_sentence_once():
    notes = Notes()
    for _ in range(2):
        notes.repair("a")
        notes.leave("b")
    assert (list(notes.repaired), list(notes.not_carried)) == (["a"], ["b"])
