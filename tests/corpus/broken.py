"""Broken case files: what is wrong, and which error must be found where, in what words.

Most are the valid case below with one line replaced, so that the expected place is the place of the
replacement; the others are whole files.
"""

from __future__ import annotations

from dataclasses import dataclass

VALID = """\
westphalia: 1
id: valley
title: The valley
question: Who gets the valley?
date: 2025-02-12
sources:
  - {id: paper, title: A paper, characters: 1000, date: 2025}
actors:
  - {id: north, name: North, kind: state, part_of: [league]}
  - {id: south, name: South, kind: state}
  - {id: league, name: League, kind: bloc}
  - {id: envoy, name: Envoy, kind: person, speaks_for: north}
issues:
  - {id: border, question: Where?, scale: {0: here, 100: there}, reversion: {value: 30, assumption: today}}
  - {id: venue, question: Where to meet?, kind: nominal, scale: {home: at home, away: abroad}}
stands:
  north:
    border: {position: derived, salience: {low: 0.7, high: 0.9}, evidence: [s1]}
    venue: {position: home, salience: 0.4, evidence: s2}
  south:
    border: {position: {low: 0, mode: 10, high: 30}, salience: 0.9, assumption: its speech}
capability:
  north: {value: 80, assumption: army}
  south: {low: 40, high: 60, assumption: army}
no_deal:
  south: {value: 0.2, assumption: war}
commitments:
  - {id: pact, by: north, to: south, content: peace, strength: {value: 0.5, assumption: signed}}
linkages:
  - id: trade
    content: border for venue
    gives: {actor: north, issue: border, value: 40}
    gets: {actor: south, issue: venue, option: home}
moves:
  - {id: march, actor: north, kind: threat, content: marches, against: south, issue: border}
  - {id: yield, actor: south, kind: concession, content: gives in, issue: border, levels: [no, half, all]}
stability:
  infeasible:
    - {that: march and yield = all, assumption: nobody fights for nothing}
  irreversible:
    - {move: yield, when: march, assumption: what is taken is taken}
  status_quo: {march: 0, yield: 0}
  preferences:
    north:
      priorities:
        - {that: yield = all, assumption: its aim}
        - {that: not march, assumption: it costs}
    south:
      ranking: ["00", [10, "01"], "11", "02"]
events:
  - {id: call, name: A call, date: 2025-02-10, participants: [north, south]}
  - {id: visit, name: A visit, after: call}
consultations:
  - {id: asked, by: north, how: called, whom: south, left_out: league, event: call, order: 1}
agreement:
  required: [north, south]
  ratifiers: {north: [league]}
statements:
  - id: s1
    source: paper
    span: [0, 40]
    speaker: envoy
    tellers: [author]
    mode: indirect
    kind: demand
    about: {actor: north, issue: border, value: {low: 70, high: 90}}
    date: 2025-02
    gloss: The north wants most of the valley.
  - {id: s2, source: paper, span: [50, 90], speaker: author, mode: narration, kind: fact, gloss: They call.}
"""


@dataclass(frozen=True)
class Broken:
    """A broken case and the error that its check must hold."""

    name: str
    raw: bytes
    code: str
    line: int
    words: str


def _line_of(piece: str) -> int:
    assert VALID.count(piece) == 1, f"{piece!r} is not there once"
    return VALID[: VALID.index(piece)].count("\n") + 1


def swap(name: str, old: str, new: str, code: str, words: str, *, below: int = 0) -> Broken:
    """Return the valid case with one piece replaced; the error is expected in its line."""
    return Broken(name, VALID.replace(old, new).encode(), code, _line_of(old) + below, words)


def text(name: str, source: str | bytes, code: str, line: int, words: str) -> Broken:
    raw = source.encode() if isinstance(source, str) else source
    return Broken(name, raw, code, line, words)


def laughs() -> str:
    lines = ["a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 12)]
    return "westphalia: 1\n" + "\n".join(lines)


SYNTAX = (
    text("empty file", "", "empty", 0, "The file is empty"),
    text("only comments", "# nothing\n# here\n", "empty", 0, "westphalia new"),
    text("only a marker", "---\n", "empty", 0, "The file is empty"),
    text("only null", "~", "empty", 0, "The file is empty"),
    text("a list", "- 1\n- 2\n", "not-a-case", 1, "holds a list, not a case"),
    text("a number", "\n42\n", "not-a-case", 2, "a single text or number"),
    text("tab indentation", "westphalia: 1\nactors:\n\t- x\n", "yaml-syntax", 3, "a tab stands where"),
    text("open quotation", "westphalia: 1\ntitle: 'The valley\n", "yaml-syntax", 3, "never closed"),
    text("mixed quotation", "westphalia: 1\ntitle: \"The valley'\n", "yaml-syntax", 3, "never closed"),
    text("doubled quotation", "title: 'it's here'\n", "yaml-syntax", 1, "does not fit the lines above"),
    text("open list", "title: [a, b\nid: x\n", "yaml-syntax", 2, "lacks a comma"),
    text("open mapping", "title: {a: 1\nid: x\n", "yaml-syntax", 2, "lacks a comma"),
    text("wrong bracket", "title: [a, b}\n", "yaml-syntax", 1, "Close it with ']'"),
    text("colon in a text", "title: War: the end\n", "yaml-syntax", 1, "a second ':' in a value"),
    text("no colon", "westphalia: 1\ntitle\nid: x\n", "yaml-syntax", 3, "':' is missing"),
    text("bad indentation", "a:\n    b: 1\n  c: 2\n", "yaml-syntax", 3, "does not fit the lines above"),
    text("list and mapping mixed", "a:\n  - b\n  c: 1\n", "yaml-syntax", 3, "indentation"),
    text("at sign", "title: @home\n", "yaml-syntax", 1, "unless it is quoted"),
    text("per cent sign", "title: %home\n", "yaml-syntax", 1, "unless it is quoted"),
    text("backtick", "title: `home`\n", "yaml-syntax", 1, "unless it is quoted"),
    text("unknown escape", 'title: "C:\\question"\n', "yaml-syntax", 1, "single quotation marks"),
    text("short escape", 'title: "\\u12"\n', "yaml-syntax", 1, "hexadecimal"),
    text("escape beyond Unicode", 'id: a\ntitle: "\\Uffffffff"\n', "yaml-syntax", 2, "escape"),
    text("unknown version", "%YAML 1.11\n---\nid: a\n", "yaml-syntax", 1, "'%YAML' line"),
    text("several documents", "id: a\n---\nid: b\n", "several-documents", 2, "second YAML document"),
    text("billion laughs", laughs(), "yaml-alias", 2, "anchor or alias ('&a0')"),
    text("an alias", "id: a\ntitle: *id\n", "yaml-alias", 2, "('*id')"),
    text("an alias to itself", "a: &a [*a]\n", "yaml-alias", 1, "('&a')"),
    text("Python tag", "id: !!python/object/apply:os.system ['ls']\n", "yaml-tag", 1, "python/object"),
    text("plain tag", "id: !!str 5\n", "yaml-tag", 1, "Remove the '!…'"),
    text("deep list", "a: " + "[" * 5000 + "]" * 5000, "too-deep", 1, "more than 50 levels"),
    text("deep block", "- " * 3000, "too-deep", 1, "more than 50 levels"),
    text("deep mapping", "a: " + "{a: " * 4000, "too-deep", 1, "more than 50 levels"),
    text("list as key", "[a, b]: 1\n", "bad-key", 1, "cannot be a key"),
    text("null as key", "id: x\n~: 1\n", "bad-key", 2, "'~' cannot be a key"),
    text("NaN as key", "id: x\n.nan: 1\n", "bad-key", 2, "'.nan' cannot be a key"),
    text("long number", "id: x\ndate: " + "9" * 5000, "number-too-long", 2, "5000 digits"),
    text("NUL", b"id: x\ntitle: a\0b\n", "control-character", 2, "a NUL character"),
    text("control character", b"id: x\r\ntitle: a\x07b\r\n", "control-character", 2, "U+0007"),
    text("escaped control character", 'id: "a\\x07b"\n', "control-character", 1, "U+0007"),
    text("escaped surrogate", 'id: "\\ud800"\n', "control-character", 1, "U+D800"),
    text("Windows-1252", "id: x\ntitle: Frühling\n".encode("cp1252"), "not-utf-8", 2, "it would be 'ü'"),
    text("UTF-16", "id: x\n".encode("utf-16"), "not-utf-8", 1, "The file is UTF-16"),
    text("UTF-16 without mark", "id: ü\n".encode("utf-16-le"), "not-utf-8", 1, "looks like UTF-16"),
    text("UTF-32", "id: x\n".encode("utf-32"), "not-utf-8", 1, "The file is UTF-32"),
    text("random bytes", bytes(range(128, 256)), "not-utf-8", 1, "is not UTF-8"),
    text("an archive", b"PK\x03\x04\x14\0\0\0\x08\0\xff\xfe", "not-utf-8", 1, "Byte 0xff"),
)

PLAY = (
    swap(
        "unknown move in a wish", "that: not march", "that: not mrch", "bad-formula", "Did you mean 'march'?"
    ),
    swap(
        "open bracket in a wish", "that: not march", "that: not (march", "bad-formula", "where ')' is needed"
    ),
    swap(
        "unknown level",
        "that: yield = all",
        "that: yield = everything",
        "bad-formula",
        "'everything' is no level of 'yield'",
    ),
    swap("no statement", "that: not march", "that: ''", "bad-formula", "A statement over moves is needed"),
    swap(
        "every state ruled out",
        "that: march and yield = all",
        "that: march or not march",
        "no-feasible-state",
        "No state is left",
        below=-1,
    ),
    swap(
        "today ruled out",
        "status_quo: {march: 0, yield: 0}",
        "status_quo: {march: 1, yield: 2}",
        "status-quo-infeasible",
        "ruled out in line",
    ),
    swap(
        "today at no level", "{march: 0, yield: 0}", "{march: 0, yield: 3}", "unknown-level", "It has 0 to 2"
    ),
    swap(
        "today with no move",
        "{march: 0, yield: 0}",
        "{march: 0, yeld: 0}",
        "move-not-in-play",
        "Did you mean 'yield'?",
    ),
    swap(
        "two ways to prefer",
        "      ranking: [",
        "      from_issues: true\n      ranking: [",
        "bad-preference",
        "in 2 ways: ranking, from_issues",
        below=-1,
    ),
    swap(
        "no way to prefer",
        'ranking: ["00", [10, "01"], "11", "02"]',
        "note: we do not know",
        "bad-preference",
        "in no way",
        below=-1,
    ),
    swap("state ranked twice", '[10, "01"]', '[10, "00"]', "ranked-twice", "at place 1 and here"),
    swap("state with too many digits", '[10, "01"]', '[10, "012"]', "unknown-state", "each of the 2 moves"),
    swap("state at no level", '[10, "01"]', '[10, "05"]', "unknown-state", "'yield' has levels 0 to 2"),
    swap(
        "preferences of nobody",
        "    south:\n      ranking",
        "    league:\n      ranking",
        "not-a-maker",
        "'league' is no decision maker",
    ),
    swap(
        "a move that is not there",
        "{move: yield, when",
        "{move: yeld, when",
        "unknown-move",
        "Did you mean 'yield'?",
    ),
    swap(
        "a wish with two places",
        "that: not march, assumption",
        "that: not march, weight: 2, assumption",
        "weight-in-order",
        "priorities go by place",
    ),
    swap(
        "a chance above 1",
        "that: not march, assumption",
        "that: not march, chance: 1.5, assumption",
        "out-of-range",
        "between 0 and 1",
    ),
    swap(
        "strong after weak",
        "that: not march, assumption",
        "that: not march, is_strong: true, assumption",
        "strong-after-weak",
        "comes first",
    ),
    swap(
        "states and moves",
        "  infeasible:\n",
        "  states: [{id: war, name: War}]\n  infeasible:\n",
        "two-forms",
        "have no place here",
        below=-1,
    ),
)

FORM = (
    swap("no version", "westphalia: 1\n", "", "missing-key", "'westphalia' is missing: the case needs it"),
    swap("other version", "westphalia: 1", "westphalia: 2", "wrong-word", "1 is needed"),
    swap("no title", "title: The valley", "titel: The valley", "unknown-key", "Did you mean 'title'?"),
    swap("empty title", "title: The valley", "title:", "bad-text", "is no text"),
    swap("bad id", "id: valley", "id: The Valley!", "bad-id", "lower-case letters"),
    swap("bad date", "2025-02-12", "12.2.2025", "bad-date", "Write a year, month or day"),
    swap("impossible date", "2025-02-12", "2025-02-30", "bad-date", "no date of the calendar"),
    swap("misspelled key", "South, kind: state", "South, kin: state", "unknown-key", "Did you mean 'kind'?"),
    swap("unknown kind", "North, kind: state", "North, kind: stat", "wrong-word", "Did you mean 'state'?"),
    swap("key missing in an item", "North, kind: state", "North", "missing-key", "an actor needs it"),
    swap("actors as mapping", "actors:\n", "actors: {a: 1}\nold:\n", "wrong-type", "a list is needed"),
    swap("salience misspelled", "border: {position: derived, salience", "border: {position: derived, salence",
         "unknown-key", "no key of a stand. Did you mean 'salience'?"),
    swap("no salience", "position: home, salience: 0.4", "position: home", "missing-key", "a stand needs it"),
    swap("words for a number", "salience: 0.4", "salience: high", "not-a-number", "'high' is not a number"),
    swap("true for a number", "salience: 0.4", "salience: true", "not-a-number", "Write a number"),
    swap("NaN", "salience: 0.4", "salience: .nan", "not-finite", "a finite number is needed"),
    swap("infinite", "value: 80", "value: .inf", "not-finite", "a finite number is needed"),
    swap("minus infinite", "value: 80", "value: -.INF", "not-finite", "a finite number is needed"),
    swap("beyond floats", "value: 80", "value: 1e999", "not-finite", "a finite number is needed"),
    swap("ends swapped", "{low: 70, high: 90}", "{low: 90, high: 70}", "range-order", "swap them"),
    swap("mode outside", "mode: 10", "mode: 40", "range-order", "is not between low (0) and high (30)"),
    swap("range key misspelled", "mode: 10", "mod: 10", "bad-value", "Did you mean 'mode'?"),
    swap("no standard deviation", "{low: 70, high: 90}", "{normal: [70]}", "bad-normal", "[mean, standard"),
    swap("negative deviation", "{low: 70, high: 90}", "{normal: [70, -1]}", "bad-normal", "above 0"),
    swap("no experts", "{low: 70, high: 90}", "[]", "no-experts", "is empty"),
    swap("experts in experts", "{low: 70, high: 90}", "[[1]]", "nested-experts", "not lists"),
    swap("weights too few", "{low: 70, high: 90}", "{experts: [1, 2], weights: [1]}", "bad-weights",
         "2 numbers"),
    swap("chances too many", "position: home", "position: {chances: {home: 0.8, away: 0.8}}", "bad-chances",
         "sum to 1, not to 1.6"),
    swap("span backwards", "span: [0, 40]", "span: [40, 0]", "out-of-range", "it must be at least 1"),
    swap("span before its start", "span: [0, 40]", "span: [40, 10]", "span-order", "not after its start"),
    swap("span of one number", "span: [0, 40]", "span: [40]", "bad-span", "[start, end]"),
    swap("span of words", "span: [0, 40]", "span: [a, b]", "wrong-type", "a whole number is needed"),
    swap("number for a note", "value: 80", "value: 80, note: 5", "wrong-type", "in quotation marks"),
    swap("unknown mode", "mode: indirect", "mode: direct", "wrong-word", "Did you mean 'indirect'?"),
    swap("number scale in words", "{0: here, 100: there}", "{a: here, 100: there}", "bad-scale", "numbers"),
    swap("word scale in numbers", "{home: at home", "{0: at home", "bad-scale", "names of options"),
    swap("scale of one point", "{0: here, 100: there}", "{0: here}", "too-few", "fewer than 2"),
    swap("comma in a text", "assumption: its speech", "assumption: its speech, and more", "unknown-key",
         "that holds a comma in quotation marks"),
    swap("order from 0", "order: 1", "order: 0", "out-of-range", "at least 1"),
    swap("characters in words", "characters: 1000", "characters: many", "wrong-type", "a whole number"),
    swap("key twice", "id: valley\n", "id: valley\nid: hill\n", "duplicate-key", "first in line 2", below=1),
    swap("number key twice", "{0: here, 100", "{0: here, 0.0: hereby, 100", "duplicate-key", "stands twice"),
)  # fmt: skip

NAMES = (
    swap("actor twice", "id: south, name", "id: north, name", "duplicate-id",
         "Two actors have the id 'north'"),
    swap("issue twice", "id: venue, question", "id: border, question", "duplicate-id", "one in line 14"),
    swap("statement twice", "id: s2", "id: s1", "duplicate-id", "Two statements have the id 's1'"),
    swap("actor named author", "id: envoy", "id: author", "reserved-id", "kept for the author"),
    swap("stand of nobody", "  south:\n    border", "  suoth:\n    border", "unknown-actor", "'south'?"),
    swap("stand on nothing", "    venue: {pos", "    venues: {pos", "unknown-issue", "Did you mean 'venue'?"),
    swap("evidence unknown", "evidence: [s1]", "evidence: [s1, s9]", "unknown-statement",
         "no statement 's9'"),
    swap("speaker unknown", "speaker: envoy", "speaker: envoi", "unknown-actor", "Did you mean 'envoy'?"),
    swap("teller unknown", "tellers: [author]", "tellers: [authro]", "unknown-actor",
         "Did you mean 'author'?"),
    swap("source unknown", "source: paper\n", "source: papre\n", "unknown-source", "Did you mean 'paper'?"),
    swap("about nobody", "about: {actor: north", "about: {actor: nroth", "unknown-actor", "'north'?"),
    swap("about nothing", "issue: border, value: {low: 70", "issue: bordr, value: {low: 70", "unknown-issue",
         "Did you mean 'border'?"),
    swap("part of nothing", "part_of: [league]", "part_of: [leage]", "unknown-actor", "'league'?"),
    swap("speaks for nobody", "speaks_for: north", "speaks_for: noth", "unknown-actor", "'north'?"),
    swap("capability of nobody", "  north: {value: 80", "  noth: {value: 80", "unknown-actor", "'north'?"),
    swap("no deal for nobody", "  south: {value: 0.2", "  sout: {value: 0.2", "unknown-actor", "'south'?"),
    swap("commitment to nobody", "to: south, content", "to: souht, content", "unknown-actor", "'south'?"),
    swap("linkage of nobody", "gives: {actor: north", "gives: {actor: nort", "unknown-actor", "'north'?"),
    swap("linkage to no option", "option: home}", "option: hom}", "unknown-option", "Did you mean 'home'?"),
    swap("move on nothing", "against: south, issue: border", "against: south, issue: bodrer", "unknown-issue",
         "Did you mean 'border'?"),
    swap("event without guests", "participants: [north, south]", "participants: [north, suth]",
         "unknown-actor", "'south'?"),
    swap("after nothing", "after: call", "after: cal", "unknown-event", "Did you mean 'call'?"),
    swap("left out nobody", "left_out: league", "left_out: leagues", "unknown-actor", "'league'?"),
    swap("consulted at nothing", "event: call", "event: cll", "unknown-event", "Did you mean 'call'?"),
    swap("required nobody", "required: [north, south]", "required: [north, sooth]", "unknown-actor",
         "'south'?"),
    swap("ratified by nobody", "ratifiers: {north: [league]}", "ratifiers: {north: [legue]}", "unknown-actor",
         "'league'?"),
    swap("ratified for nobody", "ratifiers: {north", "ratifiers: {nrth", "unknown-actor", "'north'?"),
    swap("breaks nothing", "mode: indirect", "mode: indirect\n    breaks: [pct]", "unknown-statement",
         "no statement or commitment 'pct'. Did you mean 'pact'?", below=1),
    swap("refers to nothing", "mode: indirect", "mode: indirect\n    refers_to: pape", "unknown-source",
         "Did you mean 'paper'?", below=1),
    text("part of itself", VALID.replace("name: League", "part_of: north, name: League"), "cycle", 9,
         "'north' is part of 'league' is part of 'north'"),
    swap("speaks for itself", "speaks_for: north", "speaks_for: envoy", "cycle",
         "'envoy' speaks for 'envoy'"),
    swap("after itself", "after: call", "after: visit", "cycle", "'visit' is after 'visit'"),
)  # fmt: skip

VALUES = (
    swap("position off the scale", "high: 30}, salience: 0.9", "high: 130}, salience: 0.9", "off-scale",
         "0 to 130, off the scale of 'border'. The scale runs from 0 to 100"),
    swap("reversion off the scale", "value: 30, assumption: today", "value: -30, assumption: today",
         "off-scale",
         "The reversion is -30"),
    swap("told off the scale", "{low: 70, high: 90}", "{low: 70, high: 900}", "off-scale", "70 to 900"),
    swap("aim off the scale", "issue: border, value: 40", "issue: border, value: 400", "off-scale", "is 400"),
    swap("number on a nominal issue", "position: home", "position: 5", "number-on-nominal",
         "one of its options, not 5. Options: home, away"),
    swap("option on a scale", "position: derived", "position: home", "option-on-scale",
         "is a number, not 'home'"),
    swap("unknown option", "position: home", "position: hme", "unknown-option", "Did you mean 'home'?"),
    swap("salience in per cent", "salience: 0.4", "salience: 40", "out-of-range", "write 0.4 for 40"),
    swap("negative salience", "salience: 0.4", "salience: -0.4", "out-of-range", "between 0 and 1"),
    swap("negative capability", "value: 80", "value: -80", "out-of-range", "It must be at least 0"),
    swap("no deal above 1", "value: 0.2", "value: 1.2", "out-of-range", "It must be at most 1"),
    swap("strength above 1", "value: 0.5", "value: 5", "out-of-range", "The strength of 'pact' is 5"),
    swap("span out of its source", "span: [50, 90]", "span: [50, 1001]", "span-out-of-source",
         "ends at 1001, but 'paper' has 1000 characters"),
    text("nothing to derive from", VALID.replace("about: {actor: north", "about: {actor: south"),
         "nothing-to-derive-from", 18, "The position of 'north' on 'border' is derived, but no statement"),
    text("no capability", VALID.replace("  south: {low: 40, high: 60, assumption: army}\n", ""),
         "capability-missing", 20, "'south' has a stand but no capability"),
)  # fmt: skip

_HEAD = "westphalia: 1\nid: a\ntitle: A\nquestion: Q?\ndate: 2025\n"
_TWO = "actors: [{id: a, name: A, kind: state}, {id: b, name: B, kind: state}]\n"
_ONE_ISSUE = "issues: [{id: x, question: X?, scale: {0: low, 1: high}}]\n"
_STANDS = "stands: {a: {x: {position: 0, salience: 1}}, b: {x: {position: 1, salience: 1}}}\n"

WHOLE = (
    text("empty case", _HEAD + "actors: []\nissues: []\n", "too-few-actors", 6, "The case has no actor"),
    text("no issue", _HEAD + _TWO + "issues: []\n", "no-issue", 7, "The case has no issue"),
    text("one actor", _HEAD + "actors: [{id: a, name: A, kind: state}]\n" + _ONE_ISSUE, "too-few-actors", 6,
         "only one actor"),
    text("no stand", _HEAD + _TWO + _ONE_ISSUE, "issue-without-stands", 7, "Nobody has a stand on 'x'"),
    text("capability all 0", _HEAD + _TWO + _ONE_ISSUE + _STANDS + "capability: {a: 0, b: 0}\n",
         "no-capability",
         9, "Every capability is 0"),
    text("capability on another issue", _HEAD + _TWO + _ONE_ISSUE + _STANDS
         + "capability: {a: 1, b: {by_issue: {}}}\n", "capability-missing", 8, "no capability on x"),
)  # fmt: skip

_TRY = "scenarios:\n  - id: thaw\n    title: A thaw\n    changes:\n      - "


def scenario(name: str, change: str, code: str, words: str, *, below: int = 4) -> Broken:
    """Return the valid case with a scenario of one change; the error is expected at the change."""
    lines = VALID.count("\n")
    return text(name, f"{VALID}{_TRY}{change}\n", code, lines + 1 + below, words)


SCENARIOS = (
    scenario("scenario of nothing", "{on: border}", "bad-change", "A change does nothing. Give one of set"),
    scenario("scenario of two things", "{remove: south, shift: north, on: border, by: 2}", "bad-change",
             "2 things at once: remove, shift"),
    scenario("set without a value", "{set: north.capability}", "bad-change", "'set' needs 'to' beside it"),
    scenario("remove with a value", "{remove: south, to: 4}", "bad-change", "'to' does not go with 'remove'"),
    scenario("misspelt change", "{sett: north.capability, to: 4}", "unknown-key", "Did you mean 'set'?"),
    scenario("capability times nothing", "{scale_capability: north, by: 0}", "bad-change",
             "a factor above 0 is needed"),
    scenario("set of an unknown actor", "{set: nroth.capability, to: 4}", "no-such-value",
             "Did you mean 'north'?"),
    scenario("set on an unknown issue", "{set: north.boder.position, to: 4}", "no-such-value",
             "Did you mean 'border'?"),
    scenario("set of an unknown measure", "{set: north.border.salince, to: 4}", "no-such-value",
             "Did you mean 'salience'?"),
    scenario("set where there is no stand", "{set: south.venue.salience, to: 0.4}", "no-stand",
             "'south' has no stand on 'venue'"),
    scenario("scenario off the scale", "{set: north.border.position, to: 140}", "scenario-wrong",
             "With the scenario 'thaw' the case would be wrong: The position of 'north' is 140", below=3),
    scenario("scenario with a bad value", "{set: north.border.salience, to: high}", "scenario-wrong",
             "is not a number", below=3),
    scenario("removal of nobody", "{remove: sauth}", "unknown-actor", "Did you mean 'south'?"),
    scenario("removal that leaves an issue alone", "{remove: north}", "scenario-wrong",
             "Nobody has a stand on 'venue'", below=3),
    scenario("shift on a nominal issue", "{shift: north, on: venue, by: 10}", "shift-on-nominal",
             "its options have no distance"),
    scenario("shift of nobody", "{shift: nroth, on: border, by: 1}", "unknown-actor", "mean 'north'?"),
    scenario("shift of those without a stand", "{shift: envoy, on: border, by: 10}", "no-stand",
             "Neither envoy nor a member has a stand on 'border'"),
    scenario("endless shift", "{shift: north, on: border, by: .inf}", "bad-change", "a finite number"),
    scenario("actor added twice", "{add_actor: {id: north, name: N, kind: state}, stands: {border: {position:"
             " 1, salience: 1}}, capability: 2}", "duplicate-id", "There is already an actor 'north'"),
    scenario("new actor of an unknown kind", "{add_actor: {id: isle, name: I, kind: island}, stands: {border:"
             " {position: 1, salience: 1}}, capability: 2}", "scenario-wrong", "'island'", below=3),
    scenario("commitment of nobody", "{add_commitment: {id: c, by: sauth, content: c}}", "scenario-wrong",
             "There is no actor 'sauth'", below=3),
    swap("shift on a nominal issue in a stand", "position: home, salience", "position: {value: home, "
         "shift: 1}, salience", "shift-misplaced", "'venue' is nominal"),
    swap("shift of a reversion", "{value: 30, assumption: today}", "{value: 30, shift: 1, assumption: today}",
         "shift-misplaced", "only positions have one"),
)  # fmt: skip

CORPUS = (*SYNTAX, *PLAY, *FORM, *NAMES, *VALUES, *WHOLE, *SCENARIOS)
