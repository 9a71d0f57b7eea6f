"""Small cases and studies for the tests of the report."""

from __future__ import annotations

from functools import lru_cache
from io import StringIO
from typing import Any

from ruamel.yaml import YAML

from westphalia.case.document import parse
from westphalia.runs.study import Study, conduct

TEXT = "Ann said that the line runs west. Bob is said to want it in the east, shamelessly."

CASE = """
westphalia: 1
id: two-sides
title: {en: Two sides, de: Zwei Seiten}
question: Is there a deal?
date: 2025-02
summary: Two parties and a line.
sources:
  - {id: report, title: A report, url: "https://example.org/report", date: 2025-02-12,
     flaws: [{kind: header, note: The headline is lost.}]}
actors:
  - {id: ann, name: Ann, kind: state, role: begins}
  - {id: bob, name: Bob, kind: state}
  - {id: voice, name: The voice, kind: person, speaks_for: bob}
issues:
  - id: land
    question: Where is the line?
    unit: km
    scale: {0: in the west, 50: in the middle, 100: in the east}
    reversion: {low: 40, high: 60, assumption: nothing moves}
  - id: venue
    question: Where do they meet?
    kind: nominal
    scale: {here: at home, there: abroad}
stands:
  ann:
    land: {position: {value: {low: 0, high: 20}, evidence: said}, salience: {value: 0.5, evidence: said}}
    venue: {position: {value: here, assumption: it is near}, salience: 0.4}
  bob:
    land: {position: derived, salience: {value: {low: 0.2, high: 0.9}, assumption: a guess}}
    venue: {position: {chances: {here: 0.3, there: 0.7}, evidence: heard}, salience: 0.8}
capability:
  ann: {value: 50, assumption: alike}
  bob: {value: {low: 40, high: 60}, assumption: alike}
commitments:
  - {id: pact, by: ann, to: bob, content: Keep the line, strength: 0.5, term: {since: 2024, years: 10},
     evidence: said}
moves:
  - {id: close, actor: bob, kind: threat, content: Close the road, against: ann, is_taken: false,
     evidence: heard}
linkages:
  - {id: swap, content: Land for a venue, gives: {actor: ann, issue: land, value: 30},
     gets: {actor: bob, issue: venue, option: here}, assumption: it was hinted}
events:
  - {id: call, name: The call, date: 2025-02-12, participants: [ann, bob]}
consultations:
  - {id: told, by: ann, how: informed, whom: voice, left_out: bob, event: call, evidence: said}
agreement: {required: [ann, bob]}
statements:
  - id: said
    source: report
    span: [0, 33]
    speaker: ann
    addressee: bob
    mode: indirect
    kind: demand
    about: {actor: ann, issue: land, value: 10}
    date: 2025-02-12
    gloss: {en: Ann wants the line in the west., de: Ann will die Linie im Westen.}
    contradicts: heard
  - id: heard
    source: report
    span: [34, 82]
    speaker: bob
    tellers: voice
    mode: hearsay
    kind: position
    about: {actor: bob, issue: land, value: 90}
    date: {since: 2025-01, until: 2025-02}
    gloss: Bob is said to want it in the east.
    loaded: [{span: [70, 81], note: "a judgement, no report"}]
    breaks: pact
    note: Nobody is named.
"""


@lru_cache
def study(*, text: bool = False, methods: tuple[str, ...] = ("mean", "median", "plurality")) -> Study:
    """Return the study of the small case: its methods need no compiling, so it takes no time."""
    return conduct(
        parse(CASE), draws=64, seed=3, only=methods, texts={"report": TEXT} if text else {}, workers=1
    )


def written(tree: Any) -> str:
    """Return a plain tree as YAML without anchors."""
    yaml = YAML(typ="safe", pure=True)
    yaml.representer.ignore_aliases = lambda *_: True
    stream = StringIO()
    yaml.dump(tree, stream)
    return stream.getvalue()


def large_study(actors: int, issues: int, statements: int) -> Study:
    """Return the study of a large case by all methods, with a text and long glosses in two languages."""
    words = "word " * 20
    stand = {"position": "derived", "salience": {"low": 0.2, "high": 0.9, "assumption": words}}
    tree = {
        "westphalia": 1,
        "id": "large",
        "title": "Large",
        "question": "Is there a deal?",
        "date": "2025-02",
        "sources": [{"id": "report", "title": "A report"}],
        "actors": [
            {"id": f"a{i}", "name": f"The republic of actor {i}", "kind": "state"} for i in range(actors)
        ],
        "issues": [
            {
                "id": f"i{k}",
                "question": f"How is the question {k} of the conference settled?",
                "scale": {0: words, 25: words, 50: words, 75: words, 100: words},
                "reversion": {"low": 10, "high": 60, "assumption": words},
            }
            for k in range(issues)
        ],
        "stands": {f"a{i}": {f"i{k}": stand for k in range(issues)} for i in range(actors)},
        "capability": {f"a{i}": {"low": 20, "high": 60 + i, "assumption": words} for i in range(actors)},
        "agreement": {"required": ["a0", "a1", "a2"]},
        "statements": [
            {
                "id": f"s{n:03}",
                "source": "report",
                "span": [n * 30, n * 30 + 60],
                "speaker": f"a{n % actors}",
                "mode": ("quote", "indirect", "hearsay", "narration", "commentary")[n % 5],
                "kind": "position",
                "about": [
                    {"actor": f"a{n % actors}", "issue": f"i{k}", "value": (n * 37 + k * 11) % 101}
                    for k in range(issues)
                ],
                "date": {"at": f"2025-{n % 12 + 1:02}"},
                "gloss": {"en": words, "de": words},
            }
            for n in range(statements)
        ],
    }
    return conduct(parse(written(tree)), draws=64, seed=1, texts={"report": "Some words. " * 400})


def hostile(tree: Any, payload: str) -> Any:
    """Return the plain tree of a case with the payload at the end of every text that is free."""
    free = {"name", "role", "title", "question", "summary", "unit", "note", "content", "gloss", "assumption"}
    free |= {"author", "publisher", "rights", "place", "aliases", "inferred", "en", "de"}
    if isinstance(tree, dict):
        return {key: _poisoned(key, part, payload, free) for key, part in tree.items()}
    return [hostile(part, payload) for part in tree] if isinstance(tree, list) else tree


def _poisoned(key: str, part: Any, payload: str, free: set[str]) -> Any:
    if key == "scale":
        return {point: f"{meaning} {payload}" for point, meaning in part.items()}
    if key == "kind" and part == "header":
        return f"{part} {payload}"
    if isinstance(part, str) and key in free:
        return f"{part} {payload}"
    return hostile(part, payload)
