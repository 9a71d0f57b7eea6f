"""The text of a new case, commented, to begin with."""

from __future__ import annotations

import datetime

from westphalia.case.schema import VERSION
from westphalia.case.text.emit import scalar

_TEMPLATE = """\
# A case file of westphalia. Everything after '#' is a comment.
# 'westphalia check' says what is wrong or missing, with line and column.
westphalia: {version}
id: {name}
title: {title}
question: Will the two agree on the border and on who keeps the peace, and on what terms?
date: {date}                  # the day, month or year that the case describes

# Texts that the evidence comes from.
sources:
  - id: report
    title: Title of the report
    kind: article
    date: {date}
    language: en

# Everyone who can influence the outcome. Kinds: state, government, person, bloc, organisation,
# movement, medium, public.
actors:
  - {{id: north, name: North, kind: state}}
  - {{id: south, name: South, kind: state}}
  - id: alliance
    name: The alliance
    kind: bloc
    role: offers to send a peace force

# Questions in dispute, each on a scale whose points say what they mean.
issues:
  - id: border
    question: Where will the border run?
    kind: continuous            # or ordered, or nominal (then the keys of the scale are options)
    scale:
      0: all of the valley stays with the south
      50: the valley is divided along the river
      100: all of the valley goes to the north
    reversion:                  # what holds if nothing is agreed
      value: 30
      assumption: the line that the troops hold today
  - id: force
    question: How strong a peace force will there be?
    scale:
      0: none
      40: unarmed observers
      100: an armed force with a mandate to intervene
    reversion: {{value: 0, assumption: no force without agreement}}

# What each actor wants (position, on the scale) and how much it matters to it (salience, 0 to 1).
# A value is a number, {{low: 30, high: 60}}, {{low: 30, mode: 40, high: 60}}, {{normal: [40, 5]}} or a
# list of experts' values; a position may also be 'derived' from the statements about it. Each stand
# names statements as evidence, or says why it is assumed.
stands:
  north:
    border: {{position: derived, salience: {{low: 0.7, high: 0.9}}, evidence: [s1]}}
    force:
      position: {{low: 0, mode: 10, high: 30}}
      salience: 0.3
      assumption: it has called any force a foreign army
  south:
    border:
      position: {{low: 0, high: 20}}
      salience: 0.9
      assumption: it has never offered more than the western bank
    force:
      position: [70, {{low: 60, high: 100}}]        # two experts' values
      salience: 0.6
      assumption: judgement of two experts
  alliance:
    force: {{position: 60, salience: 0.4, assumption: as large as its members will pay for}}

# Potential influence, on any scale that keeps ratios: twice the number is twice the influence.
capability:
  north: {{value: {{low: 80, high: 100}}, assumption: the larger army}}
  south: {{value: 60, assumption: half the population of the north}}
  alliance: {{value: {{low: 20, high: 50}}, assumption: it pays for the force}}

# Whose consent an agreement needs.
agreement:
  required: [north, south]

# What the sources say, in your own words. Modes: quote, indirect, hearsay, narration, commentary.
statements:
  - id: s1
    source: report
    speaker: north
    mode: quote
    kind: demand                # or position, offer, promise, threat, commitment, fact, forecast, …
    about: {{actor: north, issue: border, value: {{low: 80, high: 100}}}}
    date: {date}
    gloss: The north wants the whole valley, or nearly all of it.
"""


def new_case(name: str = "my-case", title: str = "My case", date: str | None = None) -> str:
    """Return the text of a new case that checks without error, to be filled with one's own.

    Parameters
    ----------
    name: the case's id.
    title: its title.
    date: the day, month or year it describes; today unless given.
    """
    day = date if date is not None else datetime.date.today().isoformat()
    return _TEMPLATE.format(version=VERSION, name=scalar(name), title=scalar(title), date=day)
