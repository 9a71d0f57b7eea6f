"""Stands: the strips and their numbers, the form of one stand, and every way to write a value."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import FormData
from visitors import FLAGSHIP, FLAGSHIP_NAME, NEW_NAME, Visitor, make_folder, workbench

from westphalia.case.create import create
from westphalia.case.document import read
from westphalia.fields import parse_value
from westphalia.uncertain import Mixture, Normal, Point, Triangular, Uniform
from westphalia.web.forms import Form
from westphalia.web.measures import Measure, measure_of, plain, taken
from westphalia.web.strips import bands, step_of

BASE = re.compile(r'name="base" value="([0-9a-f]{64})"')
NEW = f"/cases/{NEW_NAME}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a new case alone, which is read in no time."""
    create(tmp_path / "cases" / NEW_NAME, title="A new case")
    return tmp_path / "cases"


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Visitor:
    """The pages only show here, so that one workbench does for all."""
    return workbench(make_folder(tmp_path_factory.mktemp("stands") / "cases"))


def _send(visitor: Visitor, path: str, data: dict[str, Any], base_from: str = "stands") -> Any:
    found = BASE.search(visitor.get(f"{NEW}/{base_from}").text)
    assert found is not None
    return visitor.submit(f"{NEW}/{path}", {"base": found[1], **data})


def _file(folder: Path) -> str:
    return (folder / NEW_NAME / "case.yaml").read_text("utf-8")


# --- the strips --------------------------------------------------------------------------------------


def test_every_stand_has_a_strip_with_what_it_rests_on(reader: Visitor) -> None:
    plain_ = reader.get(f"/cases/{FLAGSHIP_NAME}/stands.json").json()
    case = read(FLAGSHIP).case
    assert [one["id"] for one in plain_["issues"]] == list(case.issue)
    shown = {(strip["actor"]["id"], one["id"]) for one in plain_["issues"] for strip in one["strips"]}
    assert shown == {(actor, issue) for actor, stands in case.stands.items() for issue in stands}
    territory = {strip["actor"]["id"]: strip for strip in plain_["issues"][0]["strips"]}
    assert territory["usa"]["is_derived"] is True
    assert territory["usa"]["handles"] == []
    assert len(territory["usa"]["bands"]) == 2
    assert [handle["text"] for handle in territory["russia"]["handles"]] == ["70", "90", "100"]
    (band,) = territory["russia"]["bands"]
    assert (band["start"], band["width"], band["mode"]) == (70, 30, 90)
    page = reader.get(f"/cases/{FLAGSHIP_NAME}/stands").text
    assert 'name="low-russia" value="70"' in page
    assert 'name="low-usa"' not in page
    assert f'href="/cases/{FLAGSHIP_NAME}/statements/s062"' in page
    assert "The stake the war is fought over." in page


def test_a_moved_position_is_saved_and_keeps_its_grounds(folder: Path, visitor: Visitor) -> None:
    data = {"low-north": "5", "mode-north": "12,5", "high-north": "30", "mode-alliance": "60"}
    answer = _send(visitor, "stands/force", data)
    assert "Saved." in answer.text
    written = _file(folder)
    assert "position: {low: 5, mode: 12.5, high: 30}" in written
    assert "assumption: it has called any force a foreign army" in written
    assert "position: 60, salience: 0.4" in written
    assert "Nothing was changed." in _send(visitor, "stands/force", data).text


@pytest.mark.parametrize(
    ("moved", "said"),
    [
        ({"low-north": "40"}, "swap them|is not between"),
        ({"low-north": "much"}, "Nothing was saved"),
        ({"high-north": "130"}, "off the scale of &#39;force&#39;"),
    ],
)
def test_a_position_that_cannot_be_is_refused(
    folder: Path, visitor: Visitor, moved: dict[str, str], said: str
) -> None:
    before = _file(folder)
    answer = _send(visitor, "stands/force", moved)
    assert answer.status_code == 400
    assert re.search(said, answer.text)
    assert _file(folder) == before


def test_a_derived_position_cannot_be_moved_on_the_strip(folder: Path, visitor: Visitor) -> None:
    before = _file(folder)
    answer = _send(visitor, "stands/border", {"low-north": "0", "mode-north": "0", "high-north": "0"})
    assert "Nothing was changed." in answer.text
    assert _file(folder) == before


# --- one stand ---------------------------------------------------------------------------------------


def test_what_is_derived_is_replaced_only_knowingly(folder: Path, visitor: Visitor) -> None:
    data = {"position-kind": "range", "position-low": "60", "position-high": "90", "evidence": "s1"}
    data |= {"salience-kind": "range", "salience-low": "0.7", "salience-high": "0.9"}
    answer = _send(visitor, "stands/north/border", data)
    assert answer.status_code == 400
    assert "This position follows from statements." in answer.text
    assert "position: derived" in _file(folder)
    _send(visitor, "stands/north/border", {**data, "replace": "yes"})
    stand = read(folder / NEW_NAME).case.stands["north"]["border"]
    assert (stand.position.is_derived, stand.position.value, stand.evidence) == (
        False,
        Uniform(60, 90),
        ("s1",),
    )
    back = {**data, "position-kind": "derived"}
    _send(visitor, "stands/north/border", back)
    assert read(folder / NEW_NAME).case.stands["north"]["border"].position.is_derived


@pytest.mark.parametrize(
    ("fields", "value"),
    [
        ({"kind": "number", "mode": "35"}, Point(35)),
        ({"kind": "range", "low": "20", "high": "40"}, Uniform(20, 40)),
        ({"kind": "triangle", "low": "20", "mode": "25", "high": "40"}, Triangular(20, 25, 40)),
        ({"kind": "normal", "mode": "30", "sd": "5"}, Normal(30, 5)),
        (
            {"kind": "experts", "experts": "20\n10 30\n10 15 30\n25 ±4"},
            Mixture((Point(20), Uniform(10, 30), Triangular(10, 15, 30), Normal(25, 4)), (1, 1, 1, 1)),
        ),
        ({"kind": "experts", "experts": "20 @3\r\n40"}, Mixture((Point(20), Point(40)), (3, 1))),
    ],
)
def test_a_position_can_be_written_in_every_way(
    folder: Path, visitor: Visitor, fields: dict[str, str], value: object
) -> None:
    data = {f"position-{name}": text for name, text in fields.items()}
    salience = {"salience-kind": "number", "salience-mode": "0.9", "assumption": "it has never said more"}
    answer = _send(visitor, "stands/south/border", {**data, **salience})
    assert answer.status_code == 200, re.findall(r'class="flag.*', answer.text)
    assert read(folder / NEW_NAME).case.stands["south"]["border"].position.value == value


def test_a_new_stand_asks_for_a_capability_where_there_is_none(folder: Path, visitor: Visitor) -> None:
    actor = {"id": "towns", "name.": "The towns", "kind": "movement"}
    _send(visitor, "actors", actor, "actors")
    answer = visitor.get(f"{NEW}/stands/find?actor=towns&issue=border")
    assert answer.url.path == f"{NEW}/stands/towns/border"
    assert "no method can weigh its stand" in answer.text
    data = {"position-kind": "number", "position-mode": "50", "salience-kind": "number", "salience-mode": "1"}
    answer = _send(visitor, "stands/towns/border", {**data, "assumption": "they live on both banks"})
    assert answer.status_code == 400
    data |= {"capability-kind": "number", "capability-mode": "3", "capability-assumption": "small"}
    _send(visitor, "stands/towns/border", {**data, "assumption": "they live on both banks"})
    case = read(folder / NEW_NAME).case
    assert case.stands["towns"]["border"].position.value == Point(50)
    assert case.capability["towns"].overall is not None
    _send(visitor, "stands/towns/border/remove", {})
    assert "towns" not in read(folder / NEW_NAME).case.stands


def test_the_last_stand_on_an_issue_stays_and_the_page_says_why(folder: Path, visitor: Visitor) -> None:
    for actor in ("north", "alliance"):
        assert _send(visitor, f"stands/{actor}/force/remove", {}).status_code == 200
    answer = _send(visitor, "stands/south/force/remove", {})
    assert answer.status_code == 400
    assert "Nobody has a stand on &#39;force&#39;." in answer.text
    assert "force" in read(folder / NEW_NAME).case.stands["south"]


def test_evidence_that_there_is_not_is_refused_with_the_nearest(visitor: Visitor) -> None:
    data = {"position-kind": "number", "position-mode": "10", "position-evidence": "s11"}
    answer = _send(
        visitor, "stands/south/border", {**data, "salience-kind": "number", "salience-mode": "0.9"}
    )
    assert answer.status_code == 400
    assert "There is no statement &#39;s11&#39;." in answer.text


def test_a_position_against_the_evidence_is_warned_of_beside_it(visitor: Visitor) -> None:
    data = {"position-kind": "number", "position-mode": "10", "replace": "yes", "evidence": "s1"}
    answer = _send(
        visitor, "stands/north/border", {**data, "salience-kind": "number", "salience-mode": "0.9"}
    )
    assert "puts &#39;north&#39; on &#39;border&#39; at 80 to 100, outside of the position 10" in answer.text
    statement = visitor.get(f"{NEW}/statements/s1").text
    assert "outside of the position 10" in statement


# --- values as fields --------------------------------------------------------------------------------

numbers = st.floats(-1e6, 1e6, allow_nan=False).map(lambda value: round(value, 4)) | st.integers(-1000, 1000)
ranges = st.tuples(numbers, numbers, numbers).map(sorted)
ones = (
    numbers
    | ranges.map(lambda ends: {"low": ends[0], "high": ends[2]})
    | ranges.map(lambda ends: dict(zip(("low", "mode", "high"), ends, strict=True)))
    | st.tuples(numbers, st.floats(0.001, 100)).map(lambda pair: {"normal": list(pair)})
)
experts = st.lists(ones, min_size=1, max_size=4)
values = (
    ones | experts | experts.map(lambda many: {"experts": many, "weights": list(range(1, len(many) + 1))})
)


@given(values)
def test_a_value_comes_back_from_its_fields_as_it_was(value: Any) -> None:
    held = measure_of(value)
    form = Form(FormData())
    again = plain(held, value, form, "it")
    assert form.wrong == {}
    assert parse_value(again) == parse_value(value)


@given(values, st.lists(st.sampled_from(["s1", "s2"]), unique=True), st.sampled_from(["", "because"]))
def test_grounds_come_back_with_the_value(value: Any, evidence: list[str], why: str) -> None:
    held = {
        "value": value,
        **({"evidence": evidence} if evidence else {}),
        **({"assumption": why} if why else {}),
    }
    assert (
        plain(measure_of(held), held, Form(FormData()), "it").items() >= {"assumption": why}.items()
        or not why
    )
    assert measure_of(plain(measure_of(held), held, Form(FormData()), "it")) == measure_of(held)


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"kind": "number"}, "it-mode"),
        ({"kind": "range", "low": "3"}, "it-high"),
        ({"kind": "range", "low": "3", "high": "1"}, "it"),
        ({"kind": "normal", "mode": "3", "sd": "0"}, "it"),
        ({"kind": "experts", "experts": ""}, "it-experts"),
        ({"kind": "experts", "experts": "1 2 3 4"}, "it-experts"),
        ({"kind": "experts", "experts": "1 @x"}, "it-experts"),
        ({"kind": "chances", "chance-a": "0.5", "chance-b": "0.1"}, "it"),
        ({"kind": "chances", "chance-a": "two"}, "it-chance-a"),
        ({"kind": "number", "mode": "1", "shift": "x"}, "it-shift"),
        ({"kind": "number", "mode": "nan"}, "it-mode"),
        ({"kind": "guess"}, "it"),
    ],
)
def test_what_is_wrong_with_a_value_is_said_beside_its_field(fields: dict[str, str], wrong: str) -> None:
    form = Form(FormData({f"it-{name}": text for name, text in fields.items()}))
    plain(taken(form, "it"), None, form, "it")
    assert set(form.wrong) == {wrong}


def test_a_value_left_out_is_no_value() -> None:
    assert plain(Measure(), {"low": 1, "high": 2}, Form(FormData()), "it") is None


def test_steps_of_keys_are_about_a_hundredth_of_the_scale() -> None:
    assert [step_of(0, high) for high in (100, 4, 1, 250, 10_000)] == pytest.approx([1, 0.05, 0.01, 5, 100])


def test_bands_lie_within_the_strip() -> None:
    value = Mixture((Uniform(10, 30), Point(30), Normal(20, 4).within(10, 30)), (2, 1, 1))
    found = bands(value, 10, 30)
    assert [one.weight for one in found] == [0.5, 0.25, 0.25]
    assert (found[0].start, found[0].width, found[0].mode) == (0, 100, 50)
    assert (found[1].start, found[1].width, found[1].mode) == (100, 0, 100)
    assert 0 < found[2].start < 50 < found[2].start + found[2].width < 100
