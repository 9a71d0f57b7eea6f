"""`westphalia domain`: both formats, tables, JSON and CSV, and errors without traceback."""

from __future__ import annotations

import csv
import json

import pytest
from click.testing import CliRunner
from made_domains import CITY, FLOOR, VALUES, genius, geniusweb, listed

from westphalia.cli import main


def call(*args):
    return CliRunner().invoke(main, ["domain", *map(str, args)])


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def by_hand():
    utility = {party: listed(values) for party, values in VALUES.items()}
    inside = [
        package
        for package in utility["city"]
        if all(utility[party][package] >= FLOOR[party] - 1e-9 for party in utility)
    ]
    points = {package: (utility["city"][package], utility["line"][package]) for package in inside}

    def is_beaten(one):
        return any(
            all(b >= a - 1e-9 for a, b in zip(one, other, strict=True))
            and max(map(float.__sub__, other, one)) > 1e-9
            for other in points.values()
        )

    return inside, [package for package, point in points.items() if not is_beaten(point)]


def test_json_holds_what_enumeration_gives(tmp_path):
    told = call(genius(tmp_path), "--json")
    assert told.exit_code == 0, told.output
    data = json.loads(told.stdout)
    inside, efficient = by_hand()
    assert data["domain"]["format"] == "genius"
    assert data["parties"] == FLOOR
    assert data["issues"] == {"Fee": 3, "Berths": 5}
    assert (data["zone"]["packages"], data["zone"]["acceptable"]) == ("15", str(len(inside)))
    found = {tuple(row["options"].values()) for row in data["packages"] if row["kind"] == "frontier"}
    labels = (("low", "middle", "high"), ("2", "3", "4", "5", "6"))
    assert found == {tuple(label[at] for label, at in zip(labels, one, strict=True)) for one in efficient}


@pytest.mark.parametrize("made", [genius, geniusweb])
def test_tables_for_people_and_a_csv(made, tmp_path):
    out = tmp_path / "packages.csv"
    told = call(made(tmp_path / "in"), "--out", out)
    assert told.exit_code == 0, told.output
    assert "2 parties, 2 issues, 15 packages." in told.stdout
    assert "Bargaining solutions" in told.stdout
    assert "Efficient packages" in told.stdout
    assert "Note: " in told.stderr
    rows = rows_of(out)
    assert rows[0]["kind"] == "solution"
    assert {"Fee", "Berths"} <= rows[0].keys()


def test_an_empty_zone_names_who_blocks(tmp_path):
    told = call(genius(tmp_path, city=CITY.replace('"0.35"', '"1.5"')), "--out", tmp_path / "none.csv")
    assert told.exit_code == 0, told.output
    assert "No package is accepted by all. Blocks alone: city." in told.stdout
    head = (tmp_path / "none.csv").read_text(encoding="utf-8").splitlines()
    assert head == ["kind,name,Fee,Berths,utility: city,utility: line,gain: city,gain: line"]


def test_formulas_in_names_stay_text_in_a_spreadsheet(tmp_path):
    domain, city, line = (
        path.read_text().replace("middle", "=1+1")
        for path in sorted(genius(tmp_path / "a").iterdir(), key=order)
    )
    out = tmp_path / "out.csv"
    assert call(genius(tmp_path / "b", domain=domain, city=city, line=line), "--out", out).exit_code == 0
    cells = {row["Fee"] for row in rows_of(out)}
    assert "=1+1" not in cells
    assert "'=1+1" in cells


def order(path):
    return ["domain.xml", "city.xml", "line.xml"].index(path.name)


def test_faults_are_told_and_exit_with_1(tmp_path):
    told = call(tmp_path / "nowhere")
    assert (told.exit_code, told.stdout) == (1, "")
    assert "There is no such folder" in told.stderr
    as_json = call(genius(tmp_path / "in", city="<a"), "--json")
    assert as_json.exit_code == 1
    assert json.loads(as_json.stdout)["error"]["code"] == "bad-xml"
    assert call(genius(tmp_path / "out"), "--points", "1").exit_code == 2
    unwritable = call(tmp_path / "out", "--out", tmp_path / "no" / "a.csv")
    assert (unwritable.exit_code, "cannot be written" in unwritable.stderr) == (1, True)
