"""Why each actor stays in one state or leaves it, concept by concept, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from westphalia.charts.words import listed
from westphalia.errors import CallError, suggest
from westphalia.labels import CONCEPT
from westphalia.language import said
from westphalia.methods.stability.preferences import place_of
from westphalia.methods.stability.reasons import CONCEPTS as REASONED
from westphalia.methods.stability.reasons import Reason, reason
from westphalia.methods.stability.reasons_words import words
from westphalia.report.grid import Part
from westphalia.report.stability_states import CONCEPTS, Teller
from westphalia.runs.stability import GraphStudy

TODAY = "today"


def state_place(study: GraphStudy, text: str) -> int:
    """Return the place of a state given as 'today', by its letter in the table, or by its name.

    Raises
    ------
    CallError: there is no such state (code ``unknown-state``, ``infeasible-state``).
    """
    teller = Teller(study, "en")
    letters = {label: state for state, label in teller.label.items()}
    if text.lower() in (TODAY, said(TODAY)) and teller.today is not None:
        return teller.today
    if text.upper() in letters:
        return letters[text.upper()]
    try:
        return place_of(teller.conflict, text)
    except CallError as error:
        near = _nearest(teller, text) if error.code == "infeasible-state" else _like(teller, text)
        hint = near or f"{error.hint} {_known(teller, letters)}"
        raise CallError(error.message, code=error.code, where=error.where, hint=hint) from None


def _known(teller: Teller, letters: Mapping[str, int]) -> str:
    known = [*([] if teller.today is None else [TODAY]), *letters]
    return f"In the table: {', '.join(known)}." if known else ""


def _like(teller: Teller, text: str) -> str:
    """Return which named state of a conflict in graph form is meant."""
    return suggest(text, teller.conflict.names) if teller.conflict.names else ""


def _nearest(teller: Teller, text: str) -> str:
    """Return which state is nearest to one that cannot be, and the lines that rule it out."""
    conflict, signs = teller.conflict, text.upper().replace("Y", "1").replace("N", "0")
    if not signs.isdecimal():
        return ""
    levels = dict(zip(conflict.moves, np.array([[int(sign)] for sign in signs]), strict=True))
    apart = np.zeros(conflict.size, dtype=np.int64)
    for at, wanted in enumerate(levels.values()):
        apart += conflict.level(at) != wanted
    broken = [
        f"“{rule}”"
        for rule in teller.study.model.terms.infeasible
        if np.all(rule.truth({name: levels[name] for name in rule.names}))
    ]
    why = f"It is ruled out by {listed(broken)}. " if broken else ""
    return f"{why}The nearest state is {teller.signs(int(apart.argmin()))}."


def reasons_at(study: GraphStudy, state: int) -> Iterator[Reason]:
    """Yield why each actor stays in a state or leaves it, by each concept that reasons can be told of.

    Raises
    ------
    CallError: preferences are unknown (code ``preference-unknown``).
    """
    for actor in range(len(study.model.conflict.actors)):
        for concept in study.concepts:
            if concept in REASONED:
                yield reason(study.model.conflict, study.model.preferences, concept, actor, state)


def state_part(study: GraphStudy, text: str, language: str) -> Part:
    """Return the reasons at a state in words; concepts with the same reason are told together.

    Raises
    ------
    CallError: as `state_place` and `reasons_at`.
    """
    state, teller = state_place(study, text), Teller(study, language)
    held = [concept for concept in study.concepts if teller.is_at_rest(state, concept)]
    by = ", ".join(said(CONCEPTS[concept]) for concept in held) or said("no concept")
    name = teller.state(state)
    first = f"{name[0].upper()}{name[1:]}: {teller.described(state)}."
    told: dict[str, list[str]] = {}
    for one in reasons_at(study, state):
        sentence = words(*teller.both, one, teller.names(), language)
        told.setdefault(sentence, []).append(said(CONCEPTS[one.concept]))
    reasons = (f"[{', '.join(concepts)}] {sentence}" for sentence, concepts in told.items())
    sentences = (first, said("It is at rest by {concepts}.", concepts=by), *reasons)
    return Part("state", said("Why {state} holds or does not", state=name), sentences)


def verdicts_at(study: GraphStudy, state: int) -> dict[str, dict[str, bool]]:
    """Return for each concept which actors stay in a state."""
    stable = study.verdicts["is_stable"].values[:, :, state]
    concepts = map(str, study.verdicts[CONCEPT].values)
    return {
        concept: dict(zip(study.model.conflict.actors, map(bool, row), strict=True))
        for concept, row in zip(concepts, stable, strict=True)
    }
