"""The desk at which states are judged says what a run says at central values."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from westphalia.case.document import Document, read
from westphalia.errors import CallError
from westphalia.report.stability_data import plain
from westphalia.report.stability_reasons import reasons_at, verdicts_at
from westphalia.runs.stability import GraphStudy, play
from westphalia.workspace.stability_desk import chapter_of, judged, study_of

FLAGSHIP = Path(__file__).parents[2] / "cases" / "ukraine-2025-02"


@pytest.fixture(scope="module")
def document() -> Document:
    return read(FLAGSHIP)


@pytest.fixture(scope="module")
def ran(document: Document) -> GraphStudy:
    return play(document, draws=20)


def test_verdicts_and_ends_are_those_of_a_run(document: Document, ran: GraphStudy) -> None:
    study = study_of(document)
    assert study.concepts == ran.concepts
    for name in ("is_stable", "is_equilibrium"):
        np.testing.assert_array_equal(study.verdicts[name].values, ran.verdicts[name].values)
    assert study.ends is not None
    assert ran.ends is not None
    assert study.ends.identical(ran.ends)


def test_states_stand_in_the_order_of_the_run_that_found_them(document: Document, ran: GraphStudy) -> None:
    names = tuple(ran.model.conflict.name(state) for state in ran.shown)
    study = study_of(document, names)
    assert study.shown == ran.shown
    assert plain(study)["ways"] is not None
    assert study_of(document, names) is study
    assert chapter_of(study, "de") is chapter_of(study, "de")


@pytest.mark.parametrize("state", ["today", "A", "B"])
def test_a_state_is_judged_as_a_run_judges_it(document: Document, state: str) -> None:
    study = study_of(document)
    found = judged(study, state, "seq", "en")
    stays = {one.actor: one.stays for one in found.verdicts}
    at = next(one for one in study.looked_at if study.model.conflict.name(one) == found.name)
    by_concept = verdicts_at(study, at)
    assert stays == {actor: {by: own[actor] for by, own in by_concept.items()} for actor in stays}
    told = {(one.actor, by) for one in found.verdicts for why in one.why for by in why.concepts}
    actors = study.model.conflict.actors
    assert told == {(actors[one.actor], one.concept) for one in reasons_at(study, at)}
    assert bool(found.needed) == ("seq" not in found.at_rest)


def test_a_case_without_preferences_has_no_desk(document: Document) -> None:
    with pytest.raises(CallError, match="does not say who prefers which states"):
        study_of(document.remove("stability"))
