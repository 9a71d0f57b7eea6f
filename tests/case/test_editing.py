"""An edit changes the text where the change is, and nowhere else."""

import difflib
import io
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from westphalia.case.document import parse
from westphalia.case.template import new_case
from westphalia.errors import CallError, CaseError
from westphalia.testing import case_trees

FLAGSHIP = Path(__file__).parents[2] / "cases" / "ukraine-2025-02" / "case.yaml"
TEXT = new_case(date="2025-02-12")


def changed_lines(old, new):
    """Return the lines that went and came, in the signs of a diff."""
    pairs = difflib.ndiff(old.text.splitlines(), new.text.splitlines())
    return [line for line in pairs if line[0] in "+-"]


@pytest.mark.parametrize(
    ("path", "value", "lines"),
    [
        (
            "stands.north.force.salience",
            0.35,
            ["-       salience: 0.3", "+       salience: 0.35"],
        ),
        (
            "actors.0.role",
            "it said: no",
            [
                "-   - {id: north, name: North, kind: state}",
                '+   - {id: north, name: North, kind: state, role: "it said: no"}',
            ],
        ),
        ("stands.north.force.note", "yes", ['+       note: "yes"']),
        (
            "stands.south.force.position",
            [70, 80],
            [
                "-       position: [70, {low: 60, high: 100}]        # two experts' values",
                "+       position: [70, 80]        # two experts' values",
            ],
        ),
        (
            "stands.alliance.border",
            {"position": 10, "salience": {"low": 0.1, "high": 0.2}},
            ["+     border: {position: 10, salience: {low: 0.1, high: 0.2}}"],
        ),
        ("no_deal.north", 0.2, ["+ no_deal: {north: 0.2}"]),
        ("agreement.ratifiers.north", ["alliance"], ["+   ratifiers: {north: [alliance]}"]),
        (
            "issues.0.reversion",
            20,
            [
                "-     reversion:                  # what holds if nothing is agreed",
                "-       value: 30",
                "-       assumption: the line that the troops hold today",
                "+     reversion: 20                  # what holds if nothing is agreed",
            ],
        ),
        (
            "issues.0.reversion",
            {"value": 35, "assumption": "the line that the troops hold today", "note": "in May"},
            ["-       value: 30", "+       value: 35", "+       note: in May"],
        ),
    ],
)
def test_set_touches_only_its_lines(path, value, lines):
    old = parse(TEXT)
    ndiff = [line for line in changed_lines(old, old.set(path, value)) if not line.startswith("?")]
    assert sorted(ndiff) == sorted(lines)


def test_append_follows_the_style_of_the_list():
    old = parse(TEXT)
    new = old.append("actors", {"id": "east", "name": "East", "kind": "state"})
    assert changed_lines(old, new) == ["+   - id: east", "+     name: East", "+     kind: state"]
    assert [actor.id for actor in new.case.actors] == ["north", "south", "alliance", "east"]
    new = old.append("agreement.required", "alliance")
    assert "  required: [north, south, alliance]\n" in new.text
    new = old.append("moves", {"id": "march", "actor": "north", "kind": "threat", "content": "It marches"})
    assert changed_lines(old, new) == [
        "+ moves: [{id: march, actor: north, kind: threat, content: It marches}]"
    ]


def test_remove_takes_whole_lines_or_one_item():
    old = parse(TEXT)
    assert changed_lines(old, old.remove("actors.2.role")) == ["-     role: offers to send a peace force"]
    assert changed_lines(old, old.remove("agreement.required.0")) == [
        "-   required: [north, south]",
        "+   required: [south]",
    ]
    assert "force:\n" not in old.remove("stands.north.force").text.split("south:")[0].split("stands:")[1]


def test_the_last_item_of_a_list_and_the_only_key_can_go():
    text = TEXT.replace("required: [north, south]", "required:\n  - north  # first\n  - south  # last")
    new = parse(text).remove("agreement.required.1").remove("agreement.required.0")
    assert "  required: []  # first\n" in new.text
    assert "last" not in new.text


def test_an_empty_value_is_filled_after_its_colon():
    text = TEXT.replace("agreement:\n  required: [north, south]\n", "agreement: # to come\n")
    new = parse(text).set("agreement.required", ["north"])
    assert "\nagreement: {required: [north]} # to come\n" in new.text


@pytest.mark.parametrize(
    "path", ["title.x", "stands.north.force.salience.low.x", "actors.9.name", "actors.x"]
)
def test_a_path_that_leads_nowhere_is_refused(path):
    with pytest.raises(CallError, match="The case has no place"):
        parse(TEXT).set(path, 1)


def test_what_is_not_there_cannot_be_removed():
    with pytest.raises(CallError, match=r"The case has no place 'stands\.north\.venue'"):
        parse(TEXT).remove("stands.north.venue")


def test_an_edit_that_breaks_the_case_is_refused_and_says_where():
    old = parse(TEXT)
    with pytest.raises(CaseError, match=r"Saliences run from 0 to 1: write 0\.7 for 70"):
        old.set("stands.north.force.salience", 70)
    assert old.text == TEXT


@pytest.mark.parametrize("value", [object(), {1, 2}, {"a": b"x"}])
def test_what_no_case_file_can_hold_is_refused(value):
    with pytest.raises(CallError, match="is nothing that a case file can hold"):
        parse(TEXT).set("note", value)


def test_a_text_that_cannot_be_written_is_refused():
    with pytest.raises(CallError, match="This change cannot be written"):
        parse(TEXT).set("title", "bell \x07")


def test_where_a_splice_fails_the_round_trip_editor_keeps_comments_and_lists():
    gloss = "    gloss: The north wants the whole valley, or nearly all of it.\n"
    old = parse(TEXT.replace(gloss, "    gloss: |+\n      The north\n\n\n"))
    new = old.set("no_deal.north", 0.1)
    assert new.tree == {**old.tree, "no_deal": {"north": 0.1}}
    assert "  - {id: north, name: North, kind: state}\n" in new.text
    assert new.text.count("#") == old.text.count("#")


def test_quotation_marks_stay():
    old = parse(TEXT.replace("name: North", "name: 'North'"))
    assert "{id: north, name: 'The ''North''', kind" in old.set("actors.0.name", "The 'North'").text


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_crlf_and_byte_order_mark_stay(newline):
    raw = b"\xef\xbb\xbf" + TEXT.replace("\n", newline).encode()
    old = parse(raw)
    new = old.append("actors", {"id": "east", "name": "East", "kind": "state"}).remove("actors.3")
    assert new.raw() == raw
    text = old.append("statements", {**old.tree["statements"][0], "id": "s2"}).raw()
    assert text.startswith(b"\xef\xbb\xbf")
    assert text.count(b"\n") == text.count(newline.encode())


def dumped(tree, style):
    writer = YAML(typ="safe", pure=True)
    writer.default_flow_style = style
    out = io.StringIO()
    writer.dump(tree, out)
    return out.getvalue()


@settings(max_examples=15, deadline=None)
@given(tree=case_trees(), style=st.sampled_from([True, False, None]), data=st.data())
def test_every_leaf_can_be_set_and_no_other_byte_moves(tree, style, data):
    document = parse(dumped(tree, style))
    actor = data.draw(st.sampled_from(list(tree["stands"])))
    issue = data.draw(st.sampled_from(list(tree["stands"][actor])))
    path = ("stands", actor, issue, "salience")
    value = data.draw(st.sampled_from([0.123, {"low": 0.1, "high": 0.2}, [0.1, {"low": 0.3, "high": 0.4}]]))
    node = document.places.node(path)
    new = document.set(path, value)
    tail = document.text[node.start :][len(document.text[node.start : node.end].rstrip()) :]
    assert new.text.startswith(document.text[: node.start].rstrip())
    assert new.text.endswith(tail.lstrip(" "))
    assert new.tree["stands"][actor][issue]["salience"] == value
    back = new.set(path, document.tree["stands"][actor][issue]["salience"])
    assert back.tree == document.tree


@settings(max_examples=15, deadline=None)
@given(tree=case_trees(), style=st.sampled_from([True, False, None]))
def test_an_item_that_is_added_and_removed_leaves_no_trace(tree, style):
    document = parse(dumped(tree, style))
    more = document.append("statements", {**tree["statements"][0], "id": "later"})
    assert more.tree["statements"][-1]["id"] == "later"
    assert more.remove(("statements", len(tree["statements"]))).text == document.text
    noted = document.set("note", "a note").set("no_deal.actor-1", 0.5)
    assert noted.remove("note").remove("no_deal.actor-1").text == document.text


@settings(max_examples=30, deadline=None)
@given(
    words=st.text(max_size=40),
    style=st.sampled_from(["north's", "'it'", '"it"', "|\n    it\n  ", ">-\n    it\n  "]),
)
def test_any_text_survives(words, style):
    assume(all(char.isprintable() or char in "\n\t" for char in words))
    document = parse(TEXT.replace("id: my-case\n", f"id: my-case\nnote: {style.rstrip(' ')}\n"))
    new = document.set("note", words)
    assert new.case.note == words
    assert new.tree == {**document.tree, "note": words}


def test_the_flagship_changes_in_one_place():
    old = parse(FLAGSHIP.read_bytes())
    new = old.set("stands.usa.territory.note", "checked")
    before, after = old.text.splitlines(), new.text.splitlines()
    assert (
        len([line for line in difflib.unified_diff(before, after, n=0, lineterm="") if line[0] in "+-"]) <= 4
    )


@pytest.mark.parametrize("items", [(), (104,), (104, 106), (106, 105, 104), (105, 107), (104, 105, 106, 107)])
def test_several_items_removed_at_once_leave_what_one_after_the_other_leaves(items):
    """The statements of the flagship count from 0 to 103; four without ties are added behind them."""
    more = parse(FLAGSHIP.read_text(encoding="utf-8"))
    for number in range(4):
        added = {"id": f"x{number}", "source": "commentary", "speaker": "trump", "mode": "quote"}
        more = more.append("statements", {**added, "kind": "fact", "gloss": f"Number {number}."})
    slowly = more
    for item in sorted(items, reverse=True):
        slowly = slowly.remove(("statements", item))
    assert more.remove_items("statements", items).text == slowly.text


@pytest.mark.parametrize("path", ["actors.2.aliases", "tags"])
def test_items_of_a_list_in_one_line_are_removed_too(path):
    text = new_case(date="2025-02-12").replace("kind: state}", "kind: state, aliases: [A, B, C]}", 1)
    old = parse(text)
    new = old.remove_items("actors.0.aliases", (0, 2))
    assert new.case.actors[0].aliases == ("B",)
    assert old.remove_items("actors.0.aliases", (0, 1, 2)).case.actors[0].aliases == ()
    with pytest.raises(CallError, match="no place"):
        old.remove_items(path, (0, 1))
