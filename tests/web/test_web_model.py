"""The pages of the model: each is there, and each form does what it says; the file keeps its comments."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from visitors import FLAGSHIP, FLAGSHIP_NAME, NEW_NAME, Visitor, make_folder, workbench

from westphalia.case.create import create
from westphalia.case.document import read

BASE = re.compile(r'name="base" value="([0-9a-f]{64})"')
CASE = f"/cases/{FLAGSHIP_NAME}"
NEW = f"/cases/{NEW_NAME}"
PAGES = {
    FLAGSHIP_NAME: (
        *("actors", "actors/usa", "issues", "issues/venue", "issues/seat", "stands", "stands/usa/territory"),
        *("stands/usa/venue", "stands/russia/seat", "stands/china/venue", "statements/s062", "agreement"),
        *("commitments/accords-2024", "moves/tariffs", "file", "history"),
    ),
    NEW_NAME: (
        *("actors", "actors/north", "issues", "issues/border", "stands", "stands/south/force"),
        *("stands/alliance/border", "statements/s1", "agreement", "file", "history"),
    ),
}


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Visitor:
    """The pages only show here, so that one workbench does for all."""
    return workbench(make_folder(tmp_path_factory.mktemp("model") / "cases"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a new case alone, which is read in no time."""
    create(tmp_path / "cases" / NEW_NAME, title="A new case")
    return tmp_path / "cases"


def _file(folder: Path, case: str = NEW_NAME) -> str:
    return (folder / case / "case.yaml").read_text("utf-8")


def _base(visitor: Visitor, path: str) -> str:
    found = BASE.search(visitor.get(path).text)
    assert found is not None
    return found[1]


def _fields(visitor: Visitor, path: str, part: int = 0) -> dict[str, Any]:
    """Return what the form of a page would send if nothing was changed: what its JSON says."""
    text = visitor.get(path).text
    form = re.findall(r'<form method="post"[^>]*class="item">.*?</form>', text, re.DOTALL)[part]
    fields: dict[str, Any] = {}
    for name, value in re.findall(
        r'<input(?![^>]*type="checkbox")[^>]*name="([^"]+)"[^>]*value="([^"]*)"', form
    ):
        fields[name] = _plain(value)
    for name, value in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.DOTALL):
        fields[name] = _plain(value)
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options) or re.search(r'value="([^"]*)"', options)
        assert chosen is not None
        fields[name] = chosen[1]
    for name, value in re.findall(r'type="checkbox" name="([^"]+)" value="([^"]+)" checked', form):
        fields.setdefault(name, []).append(value)
    del fields["csrf"]
    return fields


def _plain(text: str) -> str:
    for entity, sign in (("&#39;", "'"), ("&#34;", '"'), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        text = text.replace(entity, sign)
    return text


# --- every page --------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize(("case", "page"), [(case, page) for case, pages in PAGES.items() for page in pages])
def test_every_page_is_there_in_both_languages_and_as_json(
    reader: Visitor, case: str, page: str, language: str
) -> None:
    address = f"/cases/{case}/{page}"
    answer = reader.get(address, headers={"Accept-Language": language})
    assert answer.status_code == 200, answer.text[-500:]
    assert f'<html lang="{language}"' in answer.text
    assert answer.text.count("<h1") == 1
    assert not re.search(r'\sstyle="|\son[a-z]+="|<script>', answer.text)
    ids = re.findall(r'\sid="([^"]+)"', answer.text)
    assert len(ids) == len(set(ids))
    named = set(re.findall(r'<label for="([^"]+)"', answer.text))
    assert named <= set(ids)
    assert isinstance(reader.get(f"{address}.json").json(), dict)


@pytest.mark.parametrize("page", ["actors/nobody", "issues/nothing", "statements/s999", "moves/no-move"])
def test_what_is_not_there_is_said_with_the_names_there_are(reader: Visitor, page: str) -> None:
    answer = reader.get(f"{CASE}/{page}")
    assert answer.status_code in (400, 404)
    assert "There is no" in answer.text


def test_the_table_of_actors_has_names_ties_and_capability(reader: Visitor) -> None:
    by_id = {one["id"]: one for one in reader.get(f"{CASE}/actors.json").json()["actors"]}
    assert len(by_id) == len(read(FLAGSHIP).case.actors)
    assert [one["id"] for one in by_id["trump"]["speaks_for"]] == ["usa"]
    assert {one["id"] for one in by_id["nato"]["parts"]} == {"usa", "europe", "germany", "defence-ministers"}
    assert [power["issue"] for power in by_id["russia"]["powers"]] == ["", "territory"]
    text = reader.get(f"{CASE}/actors").text
    assert "45 to 80, most likely 60" in text
    assert "Weaker than the United States in means" in text
    assert "&#39;china&#39; has no stand on any issue." in text


def test_warnings_of_the_agreement_stand_beside_it(reader: Visitor) -> None:
    page = reader.get(f"{CASE}/agreement")
    assert "has no stand on &#39;burden&#39;, &#39;resources&#39;" in page.text
    moves = {one["id"]: one for one in reader.get(f"{CASE}/agreement.json").json()["moves"]}
    assert moves["tariffs"]["is_taken"] is False
    assert moves["shift-burden"]["is_taken"] is None
    line = moves["tariffs"]["line"]
    assert "id: tariffs" in FLAGSHIP.joinpath("case.yaml").read_text("utf-8").splitlines()[line - 1]


def test_a_statement_says_what_rests_on_it_and_what_contradicts_it(reader: Visitor) -> None:
    plain = reader.get(f"{CASE}/statements/s062.json").json()
    assert {one["id"] for one in plain["contradicts"]} == {"s067", "s069", "s071"}
    assert {one["id"] for one in plain["derived"]} == {"usa/territory"}
    assert {"accords-2024", "give-up-old-borders"} <= {one["id"] for one in plain["rests"]}
    assert plain["is_missing"] is True
    assert "is not at hand" in reader.get(f"{CASE}/statements/s062").text


def test_a_statement_shows_its_words_in_the_text(folder: Path, visitor: Visitor) -> None:
    text = "First the north spoke.\n\nThe north demands <script>all</script> of the valley.\n"
    (folder / NEW_NAME / "report.txt").write_text(text, "utf-8")
    at = text.index("all")
    written = _file(folder).replace("    language: en\n", "    language: en\n    file: report.txt\n")
    written = written.replace("    gloss: The north", f"    span: [{at}, {at + 3}]\n    gloss: The north")
    (folder / NEW_NAME / "case.yaml").write_text(written, "utf-8")
    answer = visitor.get(f"{NEW}/statements/s1")
    assert answer.status_code == 200
    assert "<script>all" not in answer.text
    plain = visitor.get(f"{NEW}/statements/s1.json").json()
    assert plain["is_missing"] is False
    assert plain["words"]["state"] != ""  # it has no hash, so nothing shows that these are the words


# --- actors ------------------------------------------------------------------------------------------


def test_a_form_that_was_not_touched_changes_nothing(tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "cases")
    visitor = workbench(folder)
    for case, pages in PAGES.items():
        before = _file(folder, case)
        for page in pages:
            if page.count("/") == 0 or page.startswith("statements"):
                continue
            if "stands/china" in page or "stands/alliance/border" in page:
                continue  # these have no stand yet
            address = f"/cases/{case}/{page}"
            for part in range(2 if page.startswith("actors/") else 1):
                answer = visitor.submit(address, _fields(visitor, address, part))
                assert answer.status_code == 200, (page, re.findall(r'class="flag.*', answer.text))
                assert "Nothing was changed." in answer.text, page
        assert _file(folder, case) == before


def test_an_actor_is_added_changed_and_removed(folder: Path, visitor: Visitor) -> None:
    data = {
        "id": "river-towns",
        "name.": "Towns <b>on</b> the river",
        "kind": "movement",
        "aliases": "the towns\nR. T.",
    }
    answer = visitor.submit(f"{NEW}/actors", {**data, "base": _base(visitor, f"{NEW}/actors")})
    assert "Towns &lt;b&gt;on&lt;/b&gt; the river" in answer.text
    assert "<b>on</b>" not in answer.text
    added = read(folder / NEW_NAME).case.actor["river-towns"]
    assert (added.kind, added.aliases) == ("movement", ("the towns", "R. T."))
    assert "# Everyone who can influence the outcome." in _file(folder)

    fields = _fields(visitor, f"{NEW}/actors/river-towns")
    answer = visitor.submit(f"{NEW}/actors/river-towns", {**fields, "part_of": ["alliance"], "kind": "bloc"})
    assert "Saved." in answer.text
    assert read(folder / NEW_NAME).case.actor["river-towns"].part_of == ("alliance",)

    base = _base(visitor, f"{NEW}/actors/river-towns")
    visitor.submit(f"{NEW}/actors/river-towns/remove", {"base": base})
    assert "river-towns" not in _file(folder)


def test_an_actor_that_others_name_is_not_removed_and_the_page_says_who(
    folder: Path, visitor: Visitor
) -> None:
    before = _file(folder)
    base = _base(visitor, f"{NEW}/actors/north")
    answer = visitor.submit(f"{NEW}/actors/north/remove", {"base": base})
    assert answer.status_code == 409
    assert f'href="{NEW}/statements/s1"' in answer.text
    assert f'href="{NEW}/agreement"' in answer.text
    assert _file(folder) == before


def test_an_actor_nobody_names_goes_with_its_stands_and_capability(folder: Path, visitor: Visitor) -> None:
    base = _base(visitor, f"{NEW}/actors/alliance")
    answer = visitor.submit(f"{NEW}/actors/alliance/remove", {"base": base})
    assert answer.status_code == 200
    case = read(folder / NEW_NAME).case
    assert "alliance" not in case.actor
    assert "alliance" not in case.stands
    assert "alliance" not in case.capability


def test_wrong_fields_are_said_beside_them_and_stay_typed(folder: Path, visitor: Visitor) -> None:
    before = _file(folder)
    data = {"id": "", "name.": "Nameless", "kind": "state", "base": _base(visitor, f"{NEW}/actors")}
    answer = visitor.submit(f"{NEW}/actors", data)
    assert answer.status_code == 400
    assert "This has to be filled in." in answer.text
    assert ">Nameless</textarea>" in answer.text
    answer = visitor.submit(f"{NEW}/actors", {**data, "id": "north"})
    assert answer.status_code == 400
    assert "have the id &#39;north&#39;" in answer.text
    assert _file(folder) == before


def test_influence_is_set_overall_by_issue_and_taken_away(folder: Path, visitor: Visitor) -> None:
    address = f"{NEW}/actors/south"
    fields = _fields(visitor, address, 1)
    on = {
        "on:force-kind": "range",
        "on:force-low": "20",
        "on:force-high": "40,5",
        "on:force-assumption": "far away",
    }
    visitor.submit(address, {**fields, **on})
    held = read(folder / NEW_NAME).case.capability["south"]
    assert (held.on("force").value.low, held.on("force").value.high) == (20, 40.5)
    assert held.overall is not None
    assert held.overall.assumption == "half the population of the north"

    fields = _fields(visitor, address, 1)
    visitor.submit(address, {**fields, "on:force-kind": "", "no_deal-kind": "number", "no_deal-mode": "0.2"})
    case = read(folder / NEW_NAME).case
    assert case.capability["south"].by_issue == {}
    assert case.no_deal["south"].value.central == 0.2


# --- issues ------------------------------------------------------------------------------------------


def test_an_issue_is_added_with_stands_that_say_they_are_not_judged(folder: Path, visitor: Visitor) -> None:
    data = {
        **{"id": "capital", "question.": "Where will the seat be?", "kind": "nominal", "unit.": ""},
        **{
            "scale-0": "north-town",
            "scale-0.": "in the north",
            "scale-1": "south-town",
            "scale-1.": "in the south",
        },
        **{"scale-2": "abroad", "scale-2.": "abroad", "who": ["north", "south"]},
    }
    answer = visitor.submit(f"{NEW}/issues", {**data, "base": _base(visitor, f"{NEW}/issues")})
    assert answer.status_code == 200, re.findall(r'class="flag.*', answer.text)
    case = read(folder / NEW_NAME).case
    assert case.issue["capital"].options == ("north-town", "south-town", "abroad")
    assert case.stands["north"]["capital"].assumption == "not judged yet: anything is possible"
    visitor.submit(f"{NEW}/issues/capital/remove", {"base": _base(visitor, f"{NEW}/issues/capital")})
    assert "capital:" not in _file(folder)


def test_issues_change_places_with_their_comments(folder: Path, visitor: Visitor) -> None:
    visitor.submit(f"{NEW}/issues/force/move", {"by": "up"})
    assert list(read(folder / NEW_NAME).case.issue) == ["force", "border"]
    assert "# or ordered, or nominal (then the keys of the scale are options)" in _file(folder)


def test_points_of_a_scale_are_described_anew_and_others_stay(folder: Path, visitor: Visitor) -> None:
    fields = _fields(visitor, f"{NEW}/issues/border")
    changed = {
        **fields,
        "scale-1.": "the river is the border",
        "scale-3": "75",
        "scale-3.": "beyond the river",
    }
    visitor.submit(f"{NEW}/issues/border", changed)
    issue = read(folder / NEW_NAME).case.issue["border"]
    assert {str(key): str(text) for key, text in issue.scale.items()} == {
        "0.0": "all of the valley stays with the south",
        "50.0": "the river is the border",
        "100.0": "all of the valley goes to the north",
        "75.0": "beyond the river",
    }


def test_an_issue_that_a_statement_is_about_is_not_removed(folder: Path, visitor: Visitor) -> None:
    answer = visitor.submit(f"{NEW}/issues/border/remove", {"base": _base(visitor, f"{NEW}/issues/border")})
    assert answer.status_code == 409
    assert f'href="{NEW}/statements/s1"' in answer.text


def test_a_point_that_positions_need_cannot_be_taken_away(folder: Path, visitor: Visitor) -> None:
    before, fields = _file(folder), _fields(visitor, f"{NEW}/issues/border")
    answer = visitor.submit(f"{NEW}/issues/border", {**fields, "scale-2": "40"})
    assert answer.status_code == 400
    assert "off the scale of &#39;border&#39;" in answer.text
    assert 'value="40"' in answer.text
    assert _file(folder) == before


# --- agreement ---------------------------------------------------------------------------------------


def test_consent_and_ratifiers_are_changed(folder: Path, visitor: Visitor) -> None:
    fields = _fields(visitor, f"{NEW}/agreement")
    visitor.submit(f"{NEW}/agreement", {**fields, "required": ["north", "alliance"], "home:north": ["south"]})
    agreement = read(folder / NEW_NAME).case.agreement
    assert agreement is not None
    assert agreement.required == ("north", "alliance")
    assert agreement.ratifiers == {"north": ("south",)}


def test_commitments_and_moves_are_added_changed_and_removed(folder: Path, visitor: Visitor) -> None:
    base = _base(visitor, f"{NEW}/agreement")
    data = {
        "id": "truce",
        "content.": "A truce of a year",
        "by": ["north"],
        "to": ["south"],
        "about.issue": "border",
    }
    data |= {
        "about.value-kind": "range",
        "about.value-low": "40",
        "about.value-high": "60",
        "term.years": "1",
    }
    data |= {"strength-kind": "number", "strength-mode": "0.5", "strength-assumption": "told by both"}
    answer = visitor.submit(f"{NEW}/commitments", {**data, "base": base})
    assert answer.status_code == 200, re.findall(r'class="flag.*', answer.text)
    (held,) = read(folder / NEW_NAME).case.commitments
    assert held.about is not None
    assert (held.about.issue, held.about.value.low if held.about.value else None) == ("border", 40)
    assert held.term is not None
    assert held.term.years == 1

    data = {
        "id": "march",
        "content.": "March on the river",
        "actor": "north",
        "kind": "threat",
        "is_taken": "no",
    }
    base = _base(visitor, f"{NEW}/agreement")
    visitor.submit(f"{NEW}/moves", {**data, "base": base, "is_reversible": "yes", "assumption": "it could"})
    fields = _fields(visitor, f"{NEW}/moves/march")
    visitor.submit(f"{NEW}/moves/march", {**fields, "is_taken": "yes", "against": ["south"]})
    (move,) = read(folder / NEW_NAME).case.moves
    assert (move.is_taken, move.against, move.content.into("en")) == (True, ("south",), "March on the river")

    visitor.submit(f"{NEW}/moves/march/remove", {"base": _base(visitor, f"{NEW}/moves/march")})
    assert read(folder / NEW_NAME).case.moves == ()


# --- who may, and two at once ------------------------------------------------------------------------


def test_a_reader_may_look_and_not_change(folder: Path, signed_in: Any) -> None:
    member = signed_in("reader")
    assert member.get(f"{NEW}/stands").status_code == 200
    for address in (
        *("actors", "actors/north", "actors/north/remove", "issues", "issues/border", "issues/border/remove"),
        *("issues/border/move", "stands/border", "stands/south/border", "stands/south/border/remove"),
        *("agreement", "moves", "commitments", "file", "history"),
    ):
        assert member.submit(f"{NEW}/{address}", {"base": ""}).status_code == 403, address


def test_two_change_the_same_value_and_both_are_shown(folder: Path, visitor: Visitor) -> None:
    first = _fields(visitor, f"{NEW}/actors/alliance")
    visitor.submit(f"{NEW}/actors/alliance", {**first, "role.": "pays for a peace force"})
    answer = visitor.submit(f"{NEW}/actors/alliance", {**first, "role.": "sends a peace force"})
    assert answer.status_code == 409
    assert "pays for a peace force" in answer.text
    assert "sends a peace force" in answer.text
    assert "sends a peace force" not in _file(folder)


def test_two_change_different_values_and_both_are_kept(folder: Path, visitor: Visitor) -> None:
    first = _fields(visitor, f"{NEW}/actors/alliance")
    visitor.submit(
        f"{NEW}/actors/north", {**_fields(visitor, f"{NEW}/actors/north"), "note": "looked at again"}
    )
    answer = visitor.submit(f"{NEW}/actors/alliance", {**first, "note": "asked again"})
    assert "The file had been changed meanwhile" in answer.text
    case = read(folder / NEW_NAME).case
    assert (case.actor["north"].note, case.actor["alliance"].note) == ("looked at again", "asked again")
