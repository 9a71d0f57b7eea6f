"""A made-up case and made-up texts for coding help."""

from __future__ import annotations

from pathlib import Path

CASE = """\
westphalia: 1
id: strait   # a note that stays
title: The strait
question: Who may pass?
date: 2025-02
sources:
  - {id: memo, title: Memo}
actors:
  - {id: north, name: Norland, kind: state}
  - {id: south, name: Sudmark, kind: state}
  - {id: okar, name: Elin Okar, aliases: [Okar], kind: person, role: President of Norland, speaks_for: north}
  - {id: brandt, name: Tor Brandt, aliases: [Brandt], kind: person, speaks_for: south}
issues:
  - {id: tax, question: How high?, scale: {0: none, 100: all}}
stands:
  north: {tax: {position: 20, salience: 1, assumption: so}}
  south: {tax: {position: 80, salience: 1, assumption: so}}
capability:
  north: {value: 1, assumption: so}
  south: {value: 1, assumption: so}
statements:
  # the first
  - id: s1
    source: memo
    speaker: north
    mode: quote
    kind: demand
    about: {actor: north, issue: tax, value: 20}
    gloss: Norland wants little.
"""

ENGLISH = """\
President Okar said that the harbour stays open. It rained on the coast for two days.

Brandt replied: "We will cut the cable if nobody listens." He added that the ferry is late.

Okar threatened to close the strait. The so-called peace plan is a disgrace.
"""

GERMAN = """\
Präsidentin Okar sagte, dass der Hafen offen bleibe. An der Küste regnete es zwei Tage lang.

Brandt erwiderte: „Wir kappen das Kabel, wenn niemand zuhört.“ Er fügte hinzu, dass die Fähre zu spät sei.

Okar drohte, die Meerenge zu schließen.
"""


def case_in(folder: Path, text: str = CASE) -> Path:
    """Write a case into a folder and return its file."""
    path = folder / "case.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def text_in(folder: Path, words: str = ENGLISH, name: str = "report.txt") -> Path:
    """Write a text into a folder and return its file."""
    path = folder / name
    path.write_text(words, encoding="utf-8")
    return path
