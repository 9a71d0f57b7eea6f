"""Genius domains: what is read is right, every trap of real files is sprung, every fault is told."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from made_domains import CITY, DOMAIN, FLOOR, LINE, VALUES, genius, listed

from westphalia.errors import CallError, FileError
from westphalia.formats.genius import read_genius
from westphalia.methods.deals.solutions import solutions
from westphalia.methods.deals.space import space_of
from westphalia.methods.deals.zone import zone


def values_of(inputs, party):
    space = space_of(inputs)
    at = space.parties.index(party)
    return [value[at].tolist() for value in space.values]


def test_options_are_matched_by_name_weights_by_index_and_evaluations_scaled(tmp_path):
    inputs = read_genius(genius(tmp_path)).inputs
    assert inputs["actor"].values.tolist() == ["city", "line"]
    assert inputs["issue"].values.tolist() == ["Fee", "Berths"]
    assert inputs["option_label"].values[0].tolist() == ["low", "middle", "high", "", ""]
    assert inputs["option_label"].values[1].tolist() == ["2", "3", "4", "5", "6"]
    assert inputs["option_point"].values[1].tolist() == [2.0, 3.0, 4.0, 5.0, 6.0]
    for party, expected in VALUES.items():
        for got, wanted in zip(values_of(inputs, party), expected, strict=True):
            assert got == pytest.approx(wanted, abs=1e-15)
    assert inputs["reservation"].values.tolist() == [0.35, 0.5]


def test_zone_and_nash_are_those_of_the_full_list(tmp_path):
    inputs = read_genius(genius(tmp_path)).inputs
    utility = {party: listed(values) for party, values in VALUES.items()}
    gains = {
        package: [utility[party][package] - FLOOR[party] for party in utility] for package in utility["city"]
    }
    inside = {package: gain for package, gain in gains.items() if min(gain) >= -1e-9}
    found = zone(inputs)
    assert int(found.attrs["acceptable"]) == len(inside) > 1
    best = max(inside, key=lambda package: np.prod(inside[package]))
    nash = solutions(inputs)["package"].sel(rule="nash", solution=0)
    assert tuple(nash.values.astype(int)) == best


def test_a_template_may_wrap_its_issues_in_a_utility_space(tmp_path):
    plain = read_genius(genius(tmp_path / "plain")).inputs
    wrapped = DOMAIN.replace("<objective", "<utility_space><objective", 1).replace(
        "</objective>", "</objective></utility_space>"
    )
    assert read_genius(genius(tmp_path / "wrapped", domain=wrapped)).inputs.identical(plain)


def test_the_report_says_what_was_read_and_what_was_left(tmp_path):
    report = read_genius(genius(tmp_path, pareto="<space/>")).report
    assert (report.format, report.name) == ("genius", "Harbour")
    assert [Path(file).name for file in report.files] == ["domain.xml", "city.xml", "line.xml"]
    assert "pareto.xml was not read: 'space' is no domain and no profile." in report.not_carried
    assert "'line' discounts utility over time; that is not carried." in report.not_carried
    assert report.repaired == ()


def test_a_profile_that_genius_shows_in_part_is_read_whole_and_said(tmp_path):
    uncertain = CITY.replace("<utility_space>", '<utility_space type="UNCERTAIN">')
    read = read_genius(genius(tmp_path, city=uncertain))
    assert values_of(read.inputs, "city")[0] == pytest.approx([0.0, 0.3, 0.6])
    assert "Genius shows its agents 'city' in part only; all of it was read." in read.report.not_carried


def test_a_missing_reservation_is_0_and_said(tmp_path):
    read = read_genius(genius(tmp_path, city=CITY.replace('<reservation value="0.35"/>', "")))
    assert read.inputs["reservation"].values.tolist() == [0.0, 0.5]
    assert any("'city' states no reservation value" in told for told in read.report.not_carried)


@pytest.mark.parametrize(
    ("domain", "city", "told"),
    [
        ("<!-- made by hand -->\n" + DOMAIN, CITY, "before the XML declaration"),
        (DOMAIN.replace('"high"/>', '"high"/><item index="4" value="high"/>'), CITY, "more than once"),
        (DOMAIN.replace('"low"', '" low  "'), CITY.replace('"high"', '"high "'), "superfluous blanks"),
        (DOMAIN.replace("Fee", "Fee &amp;amp; toll"), CITY.replace("Fee", "Fee &amp; toll"), "entities"),
        (DOMAIN.replace("Fee", "F&eacute;e"), CITY.replace("Fee", "Fée"), "entities of HTML"),
        (DOMAIN.replace("Fee", "Fee & toll"), CITY.replace("Fee", "Fee &amp; toll"), "ampersands"),
        (DOMAIN, CITY.replace('"0.6"', '"0.7"'), "sum to 1.1"),
        (
            DOMAIN,
            CITY.replace('evaluation="0"/>', 'evaluation="0"/><item value="low" evaluation="0"/>'),
            "first",
        ),
    ],
)
def test_traps_of_real_files_are_mended_and_told(tmp_path, domain, city, told):
    folder = genius(tmp_path, domain=domain, city=city)
    (folder / "line.xml").unlink()
    read = read_genius(folder)
    weight = 0.7 if "0.7" in city else 0.6
    assert values_of(read.inputs, "city")[0] == pytest.approx([0.0, weight / 2, weight])
    assert any(told in sentence for sentence in read.report.repaired), read.report.repaired


def test_utf16_and_latin_1_are_read(tmp_path):
    folder = genius(tmp_path)
    (folder / "domain.xml").write_bytes(
        DOMAIN.replace("Fee", "Gebühr").replace("UTF-8", "ISO-8859-1").encode("latin-1")
    )
    for name, text in (("city", CITY), ("line", LINE)):
        (folder / f"{name}.xml").write_bytes(text.replace("Fee", "Gebühr").encode("utf-16"))
    assert read_genius(folder).inputs["issue"].values.tolist() == ["Gebühr", "Berths"]


def test_typos_are_refused_with_the_nearest_name_and_leniently_taken_for_it(tmp_path):
    folder = genius(tmp_path, city=CITY.replace('"middle"', '"midle"').replace('name="Fee"', 'name="Fees"'))
    with pytest.raises(FileError) as told:
        read_genius(folder)
    assert str(told.value) == f"{folder}/city.xml:3: The domain has no issue 'Fees'. Did you mean 'Fee'?"
    read = read_genius(folder, lenient=True)
    assert values_of(read.inputs, "city")[0] == pytest.approx([0.0, 0.3, 0.6])
    assert "The issue 'Fees' was taken for 'Fee'." in read.report.repaired
    assert "'midle' of 'Fee' was taken for 'middle'." in read.report.repaired


REAL = DOMAIN.replace(
    'type="integer" vtype="integer" etype="integer"\n      lowerbound="2" upperbound="6"/>',
    'type="real" vtype="real" etype="real"><range lowerbound="0" upperbound="2"/></issue>',
)


@pytest.mark.parametrize(
    ("evaluator", "expected"),
    [
        ('ftype="linear" parameter0="0.5" parameter1="0.5"', [0.2, 0.3, 0.4, 0.4, 0.4]),
        ('ftype="constant" parameter0="0.25"', [0.1] * 5),
        ('ftype="triangular" parameter0="0" parameter1="2" parameter2="0.5"', [0, 0.4, 0.8 / 3, 0.4 / 3, 0]),
    ],
)
def test_real_issues_become_a_grid(tmp_path, evaluator, expected):
    city = CITY.replace(
        'type="integer" lowerbound="2" upperbound="6">', 'type="real"><range lowerbound="0" upperbound="2"/>'
    ).replace('ftype="linear" offset="1.0" slope="-0.25"', evaluator)
    folder = genius(tmp_path, domain=REAL, city=city)
    (folder / "line.xml").unlink()
    read = read_genius(folder, points=5)
    assert read.inputs["option_label"].values[1].tolist() == ["0", "0.5", "1", "1.5", "2"]
    assert values_of(read.inputs, "city")[1] == pytest.approx(expected)
    assert "'Berths' has every number from 0 to 2; 5 of them are options." in read.report.not_carried


# --- boxes ---------------------------------------------------------------------------------------

GRID = """<negotiation_template><objective name="boxes">
  <issue index="1" name="a" type="integer" lowerbound="0" upperbound="2"/>
  <issue index="2" name="b" type="integer" lowerbound="0" upperbound="2"/>
  <issue index="3" name="c" type="integer" lowerbound="0" upperbound="1"/>
</objective></negotiation_template>"""
BOXES = """<utility_space type="nonlinear"><utility maxutility="10.0">
  <ufun type="PlainUfun" weight="1" aggregation="sum">
    <hyperRectangle utility="2"><INCLUDES index="1" min="1" max="2"/></hyperRectangle>
    <hyperRectangle utility="5"><INCLUDES index="1" min="0" max="1"/>
      <INCLUDES index="3" min="1" max="1"/></hyperRectangle>
    <hyperRectangle utility="4">{}<INCLUDES index="2" min="0" max="2"/></hyperRectangle>
  </ufun></utility><reservation value="0.2"/></utility_space>"""


def boxes_by_hand(a, b, c, third):
    return (2 * (a >= 1) + 5 * (a <= 1 and c == 1) + 4 * third(a, b, c)) / 10


@pytest.mark.parametrize(
    ("bounds", "third", "issues"),
    [
        ('<INCLUDES index="2" min="1" max="1"/>', lambda a, b, c: b == 1, ["a", "b", "c"]),
        (
            '<INCLUDES index="1" min="0" max="0"/><INCLUDES index="2" min="1" max="2"/>'
            '<INCLUDES index="3" min="0" max="0"/>',
            lambda a, b, c: a == 0 and b >= 1 and c == 0,
            ["package"],
        ),
    ],
)
def test_boxes_become_interactions_or_one_list_of_packages(tmp_path, bounds, third, issues):
    folder = genius(tmp_path, domain=GRID, city=BOXES.format(bounds))
    (folder / "line.xml").unlink()
    read = read_genius(folder)
    assert read.inputs["issue"].values.tolist() == issues
    space = space_of(read.inputs)
    found = space.utility(space.enumerate_all(100))[:, 0]
    packages = [(a, b, c) for a in range(3) for b in range(3) for c in range(2)]
    assert found == pytest.approx([boxes_by_hand(*package, third) for package in packages])
    top = max(boxes_by_hand(*package, third) for package in packages)
    assert any(f"The best package is worth {top:.6g} to 'city'" in told for told in read.report.repaired)


def test_large_boxes_over_many_packages_are_refused(tmp_path):
    wide = GRID.replace('upperbound="2"', 'upperbound="200"')
    bounds = "".join(f'<INCLUDES index="{at}" min="0" max="0"/>' for at in (1, 2, 3))
    folder = genius(tmp_path, domain=wide, city=BOXES.format(bounds.replace("2", "2")))
    (folder / "line.xml").unlink()
    with pytest.raises(FileError, match="tie more than two issues together, and there are 80,802 packages"):
        read_genius(folder)


# --- refusals ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("city", "told"),
    [
        ("", "city.xml: The file is empty."),
        ("<utility_space", "city.xml:1: This is no well-formed XML"),
        ('<!DOCTYPE a [<!ENTITY b "c">]>' + CITY, "city.xml:1: The file declares a document type"),
        (
            CITY.replace('evaluation="5"', 'evaluation="NaN"'),
            "city.xml:4: The evaluation of 'middle' of 'Fee' is",
        ),
        (CITY.replace('evaluation="5"', 'evaluation="1e400"'), "beyond all measure"),
        (CITY.replace('evaluation="5"', 'evaluation="-5"'), "It must be at least 0"),
        (CITY.replace('evaluation="5"', ""), "The evaluation of 'middle' of 'Fee' is missing"),
        (CITY.replace('value="middle" evaluation="5"', 'value="low" evaluation="5"'), "has two evaluations"),
        (CITY.replace('<weight index="2" value="0.4"/>', ""), "The issue 'Berths' has no weight"),
        (
            CITY.replace('upperbound="6"', 'upperbound="7"'),
            "The bounds of 'Berths' are not those of the domain",
        ),
        (
            CITY.replace('type="integer"', 'type="discrete"'),
            "'Berths' is discrete here, but not in the domain",
        ),
        (
            CITY.replace('<item index="2" value="middle" evaluation="5"/>', ""),
            "does not value 'middle' of 'Fee'",
        ),
        (
            CITY.replace('ftype="linear" offset="1.0" slope="-0.25"', 'ftype="cubic"'),
            "kind 'cubic' are not read",
        ),
        ("<a>" * 60 + "</a>" * 60, "nested deeper than 50"),
        (CITY.replace("city", "x").replace("low", "l\u0000w"), "NUL"),
    ],
)
def test_what_is_wrong_in_a_profile_is_told_with_its_place(tmp_path, city, told):
    with pytest.raises(FileError) as error:
        read_genius(genius(tmp_path, city=city))
    assert told in str(error.value)
    assert "city.xml" in error.value.where


@pytest.mark.parametrize(
    ("domain", "told"),
    [
        (DOMAIN.replace('upperbound="6"', 'upperbound="2000000000"'), "go from 2 to 2e+09"),
        (DOMAIN.replace('name="Berths"', 'name="Fee"'), "Two issues are called 'Fee'"),
        (DOMAIN.replace(' type="integer"', ' type="intger"'), "Did you mean 'integer'?"),
        ("<negotiation_template><objective/></negotiation_template>", "The domain has no issue"),
        ("<negotiation_template/>", "not listed under one objective"),
        (DOMAIN.replace("UTF-8", "zip"), "The encoding 'zip' is not read"),
    ],
)
def test_what_is_wrong_in_a_domain_is_told(tmp_path, domain, told):
    with pytest.raises(FileError) as error:
        read_genius(genius(tmp_path, domain=domain))
    assert told in str(error.value)


def test_two_domains_no_profile_no_folder_and_a_bad_grid(tmp_path):
    with pytest.raises(FileError, match=r"There are 2 domains: domain.xml, other.xml"):
        read_genius(genius(tmp_path / "two", other=DOMAIN))
    (tmp_path / "none").mkdir()
    (tmp_path / "none" / "domain.xml").write_text(DOMAIN)
    with pytest.raises(FileError, match="There is no Genius profile"):
        read_genius(tmp_path / "none")
    with pytest.raises(FileError, match=r"no such folder\. Did you mean 'none'"):
        read_genius(tmp_path / "nome")
    with pytest.raises(CallError, match="A grid of 1 points is no use"):
        read_genius(tmp_path / "two", points=1)


def test_links_out_of_the_folder_and_pipes_are_refused(tmp_path):
    import os

    folder = genius(tmp_path / "in")
    secret = tmp_path / "secret.xml"
    secret.write_text(CITY)
    (folder / "third.xml").symlink_to(secret)
    with pytest.raises(FileError, match="The link leads out of the folder"):
        read_genius(folder)
    (folder / "third.xml").unlink()
    os.mkfifo(folder / "third.xml")
    with pytest.raises(FileError, match="This is no ordinary file"):
        read_genius(folder)


def test_without_a_domain_file_the_first_profile_says_the_issues(tmp_path):
    folder = genius(tmp_path)
    (folder / "domain.xml").unlink()
    read = read_genius([folder / "city.xml", folder / "line.xml"])
    assert values_of(read.inputs, "line")[0] == pytest.approx([0.3, 0.225, 0.075])
    assert read.report.repaired == ("There is no domain file; city.xml says what the issues are.",)
