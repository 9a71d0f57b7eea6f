"""GeniusWeb domains: what is read is right, and every fault is told with its place."""

from __future__ import annotations

import copy
import json

import pytest
from made_domains import VALUES, WEB_DOMAIN, genius, geniusweb, web_profile

from westphalia.errors import FileError
from westphalia.formats.domain import read_domain
from westphalia.formats.geniusweb import read_geniusweb
from westphalia.methods.deals.space import space_of

CITY = web_profile("City", {"low": 0, "middle": 0.5, "high": 1}, (1, 0), (0.6, 0.4), None)


def changed(*path, to):
    data = copy.deepcopy(CITY)
    here = data["LinearAdditiveUtilitySpace"]
    for key in path[:-1]:
        here = here[key]
    if to is None:
        del here[path[-1]]
    else:
        here[path[-1]] = to
    return data


def test_values_weights_and_the_reservation_package(tmp_path):
    read = read_geniusweb(geniusweb(tmp_path, harbour_specials="{}"))
    space = space_of(read.inputs)
    assert space.parties == ("City", "Line")
    assert space.options == (("low", "middle", "high"), ("2", "3", "4", "5", "6"))
    for at, party in enumerate(("city", "line")):
        for got, wanted in zip(space.values, VALUES[party], strict=True):
            assert got[at] == pytest.approx(wanted, abs=1e-15)
    assert space.floor.tolist() == pytest.approx([0.3 + 0.1, 0.0])
    assert "'Line' states no reservation bid; no deal counts 0." in read.report.not_carried
    assert "harbour_specials.json was not read: it holds no preferences." in read.report.not_carried


def test_the_same_domain_in_both_formats_is_the_same(tmp_path):
    web = read_domain(geniusweb(tmp_path / "web")).inputs
    xml = read_domain(genius(tmp_path / "xml")).inputs
    assert web["option_value"].values == pytest.approx(xml["option_value"].values, nan_ok=True)
    assert (web["option_label"].values == xml["option_label"].values).all()
    assert web["option_point"].equals(xml["option_point"])


def test_a_range_may_be_a_list(tmp_path):
    domain = {"issuesValues": {**WEB_DOMAIN["issuesValues"], "Berths": {"range": ["2", "6", "1"]}}}
    read = read_geniusweb(geniusweb(tmp_path, harbour=domain))
    assert read.inputs["option_point"].values[1].tolist() == [2.0, 3.0, 4.0, 5.0, 6.0]


def test_long_names_of_utilities_and_wide_ranges(tmp_path):
    domain = {"name": "wide", "issuesValues": {"sum": {"range": {"low": 0, "high": 1000, "step": 0.5}}}}
    line = {"lowValue": 0, "lowUtility": 0, "highValue": 1000, "highUtility": 1}
    held = {
        "issueUtilities": {"sum": {"NumberValueSetUtilities": line}},
        "issueWeights": {"sum": 1},
        "name": "x",
    }
    held["domain"] = domain
    folder = tmp_path / "wide"
    folder.mkdir()
    (folder / "x.json").write_text(json.dumps({"LinearAdditiveUtilitySpace": held}))
    read = read_geniusweb(folder, points=5)
    assert read.inputs["option_point"].values[0].tolist() == [0.0, 250.0, 500.0, 750.0, 1000.0]
    assert read.inputs["option_value"].values[0, 0].tolist() == [0.0, 0.25, 0.5, 0.75, 1.0]
    assert "'sum' has 2,001 numbers; 5 of them are options." in read.report.not_carried


def test_typos_are_refused_and_leniently_taken_for_the_nearest(tmp_path):
    fee = {"low": 0, "midle": 0.5, "high": 1}
    folder = geniusweb(
        tmp_path, city=changed("issueUtilities", "Fee", "discreteutils", "valueUtilities", to=fee)
    )
    with pytest.raises(FileError, match=r"The domain has no value 'midle'\. Did you mean 'middle'"):
        read_geniusweb(folder)
    read = read_geniusweb(folder, lenient=True)
    assert space_of(read.inputs).values[0][0].tolist() == [0.0, 0.3, 0.6]
    assert "The value 'midle' was taken for 'middle'." in read.report.repaired


@pytest.mark.parametrize(
    ("city", "told"),
    [
        ("{", "city.json:1:2: This is no JSON"),
        ("[" * 200_000, "nested too deep"),
        ('{"a": 1, "a": 2}', "The key 'a' stands twice"),
        ('{"a": NaN}', "NaN is no number"),
        ('{"LinearAdditiveUtilitySpace": {"issue\\ud800\\u001b": 1}}', "'issueUtilities' is missing"),
        ('{"a": ' + "9" * 5000 + "}", "A number is 5000 characters long"),
        (changed("issueWeights", "Fee", to=-1), "issueWeights.Fee: The weight of 'Fee' is -1"),
        (changed("issueWeights", "Fee", to="much"), "which is no number"),
        (changed("issueWeights", to=None), "'issueWeights' is missing"),
        (changed("issueWeights", to=[1]), "This is no mapping"),
        (changed("issueWeights", "Fee", to=None), "There is no entry for 'Fee'"),
        (changed("issueUtilities", "Fee", to={"numberutils": {}}), "The utilities of 'Fee' are not stated"),
        (
            changed("issueUtilities", "Berths", "numberutils", "highValue", to=2),
            "The line of utilities is wrong",
        ),
        (
            changed("reservationBid", to={"issuevalues": {"Fee": "no", "Berths": 3}}),
            "'Fee' has no value 'no'",
        ),
        (
            changed("issueUtilities", "Fee", "discreteutils", "valueUtilities", "high", to=1.5),
            "It must lie between 0 and 1",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_place(tmp_path, city, told):
    with pytest.raises(FileError) as error:
        read_geniusweb(geniusweb(tmp_path, city=city))
    assert told in str(error.value)
    assert str(error.value).isprintable()
    assert "city.json" in error.value.where


@pytest.mark.parametrize(
    ("span", "told"),
    [
        ({"low": 2, "high": 1, "step": 1}, "The range from 2 to 1 by 1 is empty"),
        ({"low": 2, "high": 6, "step": 0}, "step above 0"),
        ({"low": 2, "high": "1e99", "step": 1}, "beyond all measure"),
        ({"low": 2, "high": 6}, "The step is missing"),
    ],
)
def test_wrong_ranges_are_told(tmp_path, span, told):
    domain = {"issuesValues": {**WEB_DOMAIN["issuesValues"], "Berths": {"range": span}}}
    with pytest.raises(FileError) as error:
        read_geniusweb(geniusweb(tmp_path, harbour=domain))
    assert told in str(error.value)


def test_a_folder_no_system_can_name_is_told():
    with pytest.raises(FileError, match="The folder cannot be read: File name too long"):
        read_domain("a" * 5000)
    with pytest.raises(FileError, match="The file cannot be opened: File name too long"):
        read_geniusweb(["a" * 5000 + ".json"])


def test_a_folder_of_neither_or_both_is_told(tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(FileError, match="The folder holds no domain"):
        read_domain(tmp_path / "empty")
    with pytest.raises(FileError, match="The folder holds XML and JSON files"):
        read_domain(genius(geniusweb(tmp_path / "both")))
    (tmp_path / "empty" / "harbour.json").write_text(json.dumps(WEB_DOMAIN))
    with pytest.raises(FileError, match="There is no GeniusWeb profile"):
        read_geniusweb(tmp_path / "empty")
