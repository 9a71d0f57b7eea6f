"""Changes as data: a batch is made at once, and two people's changes of different values all survive."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from westphalia.case.document import parse
from westphalia.case.template import new_case
from westphalia.errors import CallError, CaseError
from westphalia.workspace.edits import Clash, ClashError, Edit, made, merged

BASE = parse(new_case(date="2026-01-01"))
COMMENTS = [line.partition("#")[2].strip() for line in BASE.text.splitlines() if "#" in line]

VALUES = {
    "title": st.sampled_from(["One", "Two words", "Drei: mit Doppelpunkt", "# four"]),
    "summary": st.sampled_from(["Short.", "Longer, in a sentence."]),
    "actors.south.kind": st.sampled_from(["government", "movement"]),
    "actors.alliance.role": st.sampled_from(["watches", "pays"]),
    "issues.border.unit": st.sampled_from(["km", "miles"]),
    "stands.north.border.salience": st.floats(0, 1) | st.just({"low": 0.1, "high": 0.4}),
    "stands.north.force.position": st.integers(0, 100) | st.just([10, {"low": 20, "high": 30}]),
    "stands.south.border.position": st.integers(0, 100),
    "stands.alliance.force.assumption": st.sampled_from(["a guess", "what its members said"]),
    "capability.south": st.just({"value": 12, "assumption": "counted anew"}),
    "no_deal.north": st.just({"value": 0.2, "assumption": "judged"}),
    "statements.s1.gloss": st.sampled_from(["It wants all.", "It wants most."]),
    "statements.s1.note": st.just("Checked."),
}


def edits_of(paths):
    return st.fixed_dictionaries({path: VALUES[path] for path in paths}).map(
        lambda values: [Edit("set", path, value) for path, value in values.items()]
    )


def parted():
    """Two people's edits of different values."""
    paths = st.lists(st.sampled_from(sorted(VALUES)), unique=True, min_size=2)
    return paths.flatmap(
        lambda chosen: st.integers(1, len(chosen) - 1).flatmap(
            lambda cut: st.tuples(edits_of(chosen[:cut]), edits_of(chosen[cut:]))
        )
    )


def at(tree, path):
    for step in path.split("."):
        tree = next(item for item in tree if item["id"] == step) if isinstance(tree, list) else tree[step]
    return tree


@given(parted())
def test_edits_of_two_people_on_different_values_all_survive_with_all_comments(both):
    theirs, ours = both
    result = merged(made(BASE, theirs), BASE, ours)
    for edit in [*theirs, *ours]:
        assert at(result.tree, edit.path) == edit.value
    assert result.tree == made(BASE, [*theirs, *ours]).tree
    for comment in COMMENTS:
        assert comment in result.text


@given(st.sampled_from(sorted(VALUES)).flatmap(lambda path: st.tuples(edits_of([path]), edits_of([path]))))
def test_the_same_value_changed_by_both_is_a_clash_with_both_values_unless_they_agree(both):
    [theirs], [ours] = both
    now = made(BASE, [theirs])
    before = at(BASE.tree, ours.path) if has(BASE.tree, ours.path) else None
    if ours.value in (theirs.value, before) or theirs.value == before:
        stays = theirs.value if ours.value == before else ours.value
        assert at(merged(now, BASE, [ours]).tree, ours.path) == stays
        return
    with pytest.raises(ClashError, match="Somebody changed the same meanwhile") as caught:
        merged(now, BASE, [ours])
    assert caught.value.clashes == (Clash(ours.path, ours.value, theirs.value, before),)


def has(tree, path):
    try:
        at(tree, path)
    except (KeyError, StopIteration):
        return False
    return True


def test_a_batch_is_made_at_once_and_checked_at_its_end():
    batch = [
        Edit("remove", "actors.alliance"),
        Edit("remove", "stands.alliance"),
        Edit("remove", "capability.alliance"),
        Edit("set", "actors.2.name", "will be gone"),
        Edit("set", "actors.south.name", "The South"),
        Edit("append", "actors", {"id": "east", "name": "East", "kind": "state"}),
        Edit("append", "actors", {"id": "west", "name": "West", "kind": "state"}),
    ]
    case = made(BASE, batch).case
    assert [actor.id for actor in case.actors] == ["north", "south", "east", "west"]
    assert str(case.actor["south"].name) == "The South"
    with pytest.raises(CaseError, match="alliance"):
        made(BASE, batch[:1])


def test_several_items_and_keys_are_removed_by_their_places_in_the_file_as_it_was():
    many = made(BASE, [Edit("append", "actors.0.aliases", name) for name in ("a", "b", "c", "d")])
    less = made(many, [Edit("remove", "actors.0.aliases.0"), Edit("remove", "actors.north.aliases.2")])
    assert less.case.actor["north"].aliases == ("b", "d")


def test_an_edit_that_changes_nothing_leaves_the_document_as_it_is():
    same = [Edit("set", "title", "My case"), Edit("set", "stands.south.border.salience", 0.9)]
    assert made(BASE, same) is BASE


def test_a_path_with_a_key_that_holds_a_dot_is_given_as_steps():
    fine = made(BASE, [Edit("set", "issues.border.scale", {0: "none", 0.5: "half", 100: "all"})])
    edit = Edit.from_plain({"verb": "set", "path": ["issues", "border", "scale", "0.5"], "value": "some"})
    assert str(made(fine, [edit]).case.issue["border"].scale[0.5]) == "some"
    assert Edit.from_plain(edit.plain()) == edit


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ({"verb": "sett", "path": "title"}, "Did you mean 'set'"),
        ({"verb": "set", "path": ""}, "is a text such as"),
        ({"verb": "set", "path": [1.5]}, "is a text such as"),
        ({"verb": "set"}, "a verb, a path and a value"),
        ("set title", "a verb, a path and a value"),
        ({"verb": "set", "path": "title", "more": 1}, "a verb, a path and a value"),
    ],
)
def test_what_is_no_edit_is_refused_with_a_reason(raw, said):
    with pytest.raises(CallError, match=said):
        Edit.from_plain(raw)


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (Edit("append", "title", "x"), "'title' is not a list"),
        (Edit("append", "stands.north", "x"), "'stands.north' is not a list"),
        (Edit("set", "actors.sout.name", "x"), "Did you mean 'south'"),
        (Edit("set", "actors.9.name", "x"), "no place 'actors.9.name'"),
        (Edit("set", "title.more", "x"), "no place"),
        (Edit("set", "title", object()), "nothing that a case file can hold"),
        (Edit("remove", "stands.nobody.border"), "There is no 'stands.nobody.border'"),
        (Edit("remove", "nowhere"), "There is no 'nowhere'"),
    ],
)
def test_a_path_that_leads_nowhere_is_refused(edit, said):
    with pytest.raises(CallError, match=said):
        made(BASE, [edit])
    with pytest.raises((CallError, ClashError)):
        merged(made(BASE, [Edit("set", "title", "Other")]), BASE, [edit])


# --- what merging means -----------------------------------------------------------------------------


def test_items_are_found_by_id_though_their_places_moved():
    wanted = [Edit("set", "actors.2.name", "The League")]
    moved = BASE.text.replace("  - {id: north", "  - {id: first, name: First, kind: state}\n  - {id: north")
    assert str(merged(parse(moved), BASE, wanted).case.actor["alliance"].name) == "The League"


def test_both_add_to_lists_and_to_what_was_not_there():
    statement = {**BASE.tree["statements"][0], "gloss": "Another."}
    theirs = [
        Edit("append", "statements", {**statement, "id": "s2"}),
        Edit("append", "actors.north.aliases", "the upper side"),
        Edit("set", "no_deal.north", {"value": 0.1, "assumption": "judged"}),
    ]
    ours = [
        Edit("append", "statements", {**statement, "id": "s3"}),
        Edit("append", "actors.north.aliases", "the high side"),
        Edit("set", "no_deal.south", {"value": 0.3, "assumption": "judged"}),
    ]
    case = merged(made(BASE, theirs), BASE, ours).case
    assert [one.id for one in case.statements] == ["s1", "s2", "s3"]
    assert set(case.actor["north"].aliases) == {"the upper side", "the high side"}
    assert set(case.no_deal) == {"north", "south"}


def test_two_new_items_of_one_id_are_a_clash():
    new = {"id": "east", "name": "East", "kind": "state"}
    now = made(BASE, [Edit("append", "actors", new)])
    assert merged(now, BASE, [Edit("append", "actors", new)]) is now
    with pytest.raises(ClashError) as caught:
        merged(now, BASE, [Edit("append", "actors", {**new, "name": "Orient"})])
    assert caught.value.clashes == (Clash("actors.east.name", "Orient", "East", None),)


def test_the_ends_of_a_range_are_one_value():
    path = "stands.south.border.position"
    now = made(BASE, [Edit("set", f"{path}.high", 40)])
    with pytest.raises(ClashError) as caught:
        merged(now, BASE, [Edit("set", f"{path}.low", 10)])
    low, high, was = {"low": 10, "high": 20}, {"low": 0, "high": 40}, {"low": 0, "high": 20}
    assert caught.value.clashes == (Clash(path, low, high, was),)
    assert caught.value.as_dict()["clashes"] == [{"path": path, "ours": low, "theirs": high, "base": was}]


def test_a_whole_stand_is_merged_by_its_parts():
    stand = BASE.tree["stands"]["south"]["border"]
    now = made(BASE, [Edit("set", "stands.south.border.salience", 0.5)])
    result = merged(now, BASE, [Edit("set", "stands.south.border", {**stand, "position": 15})])
    assert result.tree["stands"]["south"]["border"] == {**stand, "position": 15, "salience": 0.5}


def test_what_one_removed_and_the_other_changed_is_a_clash():
    gone = [Edit("remove", "stands.alliance.force")]
    changed = [Edit("set", "stands.alliance.force.salience", 0.1)]
    was = BASE.tree["stands"]["alliance"]["force"]
    with pytest.raises(ClashError) as caught:
        merged(made(BASE, gone), BASE, changed)
    assert caught.value.clashes == (Clash("stands.alliance.force", {**was, "salience": 0.1}, None, was),)
    with pytest.raises(ClashError) as caught:
        merged(made(BASE, changed), BASE, gone)
    assert caught.value.clashes == (Clash("stands.alliance.force", None, {**was, "salience": 0.1}, was),)
    assert merged(made(BASE, gone), BASE, gone).tree == made(BASE, gone).tree


def test_what_fits_each_alone_and_not_both_is_refused_as_a_wrong_case():
    new = {
        "id": "s2",
        "source": "report",
        "speaker": "alliance",
        "mode": "quote",
        "kind": "fact",
        "gloss": "G",
    }
    now = made(BASE, [Edit("append", "statements", new)])
    gone = [Edit("remove", f"{part}.alliance") for part in ("actors", "stands", "capability")]
    with pytest.raises(CaseError, match="alliance"):
        merged(now, BASE, gone)
