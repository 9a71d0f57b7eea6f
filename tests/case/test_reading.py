"""Whatever the bytes, reading gives a document or findings; and what YAML means here."""

import gc
import json
import math
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from westphalia.case.document import check, parse
from westphalia.case.template import new_case
from westphalia.case.text import reading
from westphalia.case.text.nodes import Node
from westphalia.case.text.reading import compose
from westphalia.case.text.scalars import resolve
from westphalia.errors import CaseError
from westphalia.testing import case_trees

sys.path.insert(0, str(Path(__file__).parents[1] / "corpus"))
from broken import VALID

FUZZ = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
SIGNS = st.sampled_from(
    [*"{}[],:?#&*!|>'\"%@`-~\\\n\t .=<", "- ", ": ", "---", "...", "<<", "&a ", "*a", "!!int ", "%YAML 1.1\n",
     "\r\n", "\x85", "\u2028", "\ufeff", "\0", "é", "😀", ".inf", ".nan", "1e999", "0x1F", "0o17", "null",
     "no", "2025-02-12", "s1", "north", "value", "\\ud800", "\\Uffffffff", "9" * 400]
)  # fmt: skip


def read_or_refuse(source):
    """Return the document, or None after checking that the refusal is of use to a reader."""
    try:
        return parse(source)
    except CaseError as error:
        findings = error.findings
    assert any(finding.severity == "error" for finding in findings)
    for finding in findings:
        assert finding.message
        assert finding.place.line >= 0
        assert str(finding).encode("utf-8")
        assert json.loads(json.dumps(finding.as_dict()))["code"] == finding.code
    return None


@FUZZ
@given(raw=st.binary(max_size=200))
@example(raw=b"\xff\xfe")
@example(raw=b"\xef\xbb\xbf")
def test_any_bytes(raw):
    assert read_or_refuse(raw) is None


@FUZZ
@given(text=st.lists(st.one_of(SIGNS, st.text(max_size=3)), max_size=25).map("".join))
def test_any_signs(text):
    assert read_or_refuse(text) is None


scalars = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8),
    st.sampled_from(["north", "border", "s1", "derived", "2025"]),
)  # fmt: skip
KEYS = ["actors", "issues", "stands", "capability", "no_deal", "sources", "statements", "agreement", "moves",
        "events", "linkages", "commitments", "consultations", "id", "north", "border", "position", "salience",
        "value", "low", "high", "evidence", "about", "span", "scale", "required", "date"]  # fmt: skip
trees = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.one_of(st.sampled_from(KEYS), scalars), inner, max_size=5),
    ),
    max_leaves=20,
)


def as_flow(tree):
    """Return a tree as YAML in flow style, every text quoted."""
    if isinstance(tree, dict):
        return "{" + ", ".join(f"{as_flow(key)}: {as_flow(item)}" for key, item in tree.items()) + "}"
    if isinstance(tree, list):
        return "[" + ", ".join(map(as_flow, tree)) + "]"
    if isinstance(tree, float) and not math.isfinite(tree):
        return ".nan" if math.isnan(tree) else ".inf" if tree > 0 else "-.inf"
    return json.dumps(tree)


@FUZZ
@given(parts=st.dictionaries(st.sampled_from(KEYS), trees, max_size=6))
def test_any_tree(parts):
    head = {
        "westphalia": 1,
        "id": "a",
        "title": "A",
        "question": "Q?",
        "date": 2025,
        "actors": [],
        "issues": [],
    }
    assert read_or_refuse(as_flow({**head, **parts})) is None


@FUZZ
@given(at=st.integers(0, len(VALID) - 1), length=st.integers(0, 40), what=st.one_of(SIGNS, scalars.map(str)))
def test_any_piece_of_a_valid_case_replaced(at, length, what):
    document = read_or_refuse(VALID[:at] + what + VALID[at + length :])
    assert document is None or document.case.westphalia == 1


@settings(max_examples=40, deadline=None)
@given(tree=case_trees())
def test_a_drawn_case_is_read_as_it_is(tree):
    document = parse(as_flow(tree).encode())
    assert document.tree == tree


# --- what YAML means -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"), ("on", "on"), ("yes", "yes"), ("2025-02-12", "2025-02-12"), ("12:30", "12:30"),
        ("1_000", "1_000"), ("true", True), ("False", False), ("~", None), ("", None), ("0x1F", 31),
        ("0o17", 15), ("017", 17), ("-3", -3), ("1e3", 1000.0), (".5", 0.5), ("+1.", 1.0),
        ("-.inf", -math.inf), ("1e999", math.inf), ("0b1", "0b1"), ("<<", "<<"), ("1.2.3", "1.2.3"),
    ],
)  # fmt: skip
def test_bare_words_follow_the_core_schema(text, value):
    assert resolve(text) == value
    assert type(resolve(text)) is type(value)


def test_places_count_lines_and_columns_from_one():
    places, _ = compose("a: 1\r\nb:\r\n  - x\r\n  - {ü: '😀', c: 2}\r\n", "f")
    assert str(places.value_place(("b", 1, "c"))) == "f:4:17"
    assert str(places.key_place(("b", "1", "c"))) == "f:4:14"
    assert str(places.value_place(("b",))) == "f:2:1"
    assert places.nearest(("b", "noise", 1, "c", "function-before[x]")) == ("b", 1, "c")


def test_the_digest_does_not_see_comments_but_values():
    document = parse(new_case(date="2025"))
    bare = "\n".join(line.split("  #")[0] for line in document.text.splitlines() if not line.startswith("#"))
    assert parse(bare).digest == document.digest
    assert document.set("stands.north.force.salience", 0.31).digest != document.digest


def test_a_place_can_be_asked_for():
    document = parse(new_case())
    place = document.place("stands.north.force.salience")
    line = document.text.splitlines()[place.line - 1]
    assert line[place.column - 1 :] == "0.3"


def test_check_gives_warnings_of_a_sound_case(tmp_path):
    (tmp_path / "case.yaml").write_text(new_case(), encoding="utf-8")
    found = check(tmp_path)
    assert [finding.code for finding in found] == ["no-span"]
    assert {finding.severity for finding in found} == {"warning"}


# --- warnings ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "code", "words"),
    [
        ("assumption: its speech", "note: x", "no-backing",
         "Position and salience of 'south' on 'border' name neither"),
        (", assumption: today}", "}", "no-backing", "The reversion of 'border' names neither"),
        ("{value: 80, assumption: army}", "80", "no-backing", "The capability of 'north' names neither"),
        (", reversion: {value: 30, assumption: today}", "", "no-reversion",
         "'border' does not say what holds"),
        ("position: derived", "position: {low: 0, high: 60}", "evidence-contradicts",
         "'s1' puts 'north' on 'border' at 70 to 90, outside of the position 0 to 60"),
        ("    venue: {position: home, salience: 0.4, evidence: s2}\n", "", "required-without-stand",
         "An agreement needs 'north', which has no stand on 'venue'"),
        ("capability:\n", "capability:\n  league: {value: 1, assumption: a}\n", "capability-without-stand",
         "'league' has capability but no stand"),
        ("    span: [0, 40]\n", "", "no-span", "The statement 's1' has no span"),
        ("    date: 2025-02\n", "", "no-date", "The statement 's1' has no date"),
    ],
)  # fmt: skip
def test_warnings(old, new, code, words):
    assert VALID.count(old) == 1
    text = VALID.replace(old, new)
    if code == "required-without-stand":
        venue = "    venue: {position: home, salience: 0.4, evidence: s2}\n"
        text = text.replace("  south:\n    border", f"  south:\n{venue}    border")
    warnings = parse(text).warnings
    assert [found for found in warnings if found.code == code and words in found.message], warnings


# --- the two parsers -------------------------------------------------------------------------------

PARTS = st.sampled_from(
    ["a: ", "a", "b", "1", " ", "  ", "\n", "\n  ", "- ", "? ", ": ", ":", "#", " #", "{", "}", "[", "]", ",",
     "|", ">-", "|2", '"', "'", "\\", "\\x41", "\\/", "!", "&", "*", "%", "...", "---", "\r",
     "\r\n", "\t", "é", "😀", "\xa0", "<<", "~"]
)  # fmt: skip
TEXTS = st.one_of(
    st.lists(PARTS, max_size=14).map(lambda parts: "a: " + "".join(parts)),
    st.tuples(st.integers(0, len(VALID)), st.integers(0, 4), PARTS).map(
        lambda cut: VALID[: cut[0]] + cut[2] + VALID[cut[0] + cut[1] :]
    ),
)


def shape(node: Node):
    """Return all that a node says: kinds, places, values, keys."""
    parts = [*map(shape, node.keys)], [*map(shape, node.items)]
    return node.kind, node.start, node.end, node.style, repr(node.value), parts, dict(node.index)


def outcome(text: str):
    """Return the tree of a text with its places, or the findings that refuse it."""
    try:
        places, findings = compose(text, "case")
    except CaseError as error:
        return [*map(str, error.findings)]
    return shape(places.root), [*map(str, findings)]


@pytest.fixture
def without_libyaml(monkeypatch):
    monkeypatch.setattr(reading, "_LIBYAML", None)


@settings(max_examples=400, deadline=None)
@given(text=TEXTS)
@example(text="a: 1\t")
@example(text="a: |# no comment\n")
@example(text="a: |\n \n  text\n")
@example(text='a: [1, "b" :]')
@example(text="a: 1\n...\n...\n")
@example(text="%YAML 1.1\n---\na: 1\n")
@example(text="a: one\x85b: two")
@example(text="a: b\n\ufeffc: d")
@example(text=VALID)
def test_the_fast_parser_reads_what_the_thorough_one_reads(text):
    fast = outcome(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "_LIBYAML", None)
        assert outcome(text) == fast


def test_a_sound_case_is_read_by_libyaml_alone(monkeypatch):
    monkeypatch.setattr(reading, "YAML", None)
    assert parse(VALID).case.id == "valley"


def test_a_case_is_read_where_libyaml_is_not(without_libyaml):
    assert parse(VALID).case.id == "valley"


@pytest.mark.parametrize("part", ["|", "| ", "|1", "|\n", "\n%", ":", "|" + "\n" * 1000 + "x"])
def test_the_look_before_reading_takes_time_in_proportion(part):
    text = "|" + part * (400_000 // len(part)) + "|" + "\n" * 400_000 + "x"
    began = time.process_time()
    reading._OTHERWISE.search(text)
    assert time.process_time() - began < 2


def test_reading_leaves_the_collector_as_it_was():
    assert gc.isenabled()
    parse(VALID)
    assert gc.isenabled()
    gc.disable()
    try:
        parse(VALID)
        assert not gc.isenabled()
    finally:
        gc.enable()
