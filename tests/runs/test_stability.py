"""A graph model is asked part by part; what cannot be asked says why; the face asks for the same."""

from __future__ import annotations

import inspect

import numpy as np
import pytest
from tests.report.stability_cases import arms, gates, open_gates, peace, unknown

from westphalia.api import Case
from westphalia.case.document import parse
from westphalia.case.template import new_case
from westphalia.errors import CallError
from westphalia.methods.stability.concepts import CONCEPTS as IN_TURN
from westphalia.methods.stability.concepts import stability
from westphalia.methods.stability.simultaneous import SIMULTANEOUS
from westphalia.runs import stability as runs
from westphalia.runs.asked import CONCEPTS
from westphalia.runs.stability import GraphStudy, play


def equilibria(study: GraphStudy, concept: str) -> list[str]:
    held = study.verdicts["is_equilibrium"].sel(concept=concept)
    return [str(name) for name in held["state"].values[held.values]]


def test_the_face_has_the_defaults_of_the_run() -> None:
    ours = inspect.signature(Case.stability).parameters
    theirs = inspect.signature(play).parameters
    assert list(ours)[1:] == list(theirs)[1:]
    assert [one.default for one in ours.values()][1:] == [one.default for one in theirs.values()][1:]


def test_the_dilemma_has_its_known_equilibria() -> None:
    study = arms()
    assert equilibria(study, "nash") == ["11"]
    for concept in ("gmr", "smr", "seq", "sim"):
        assert equilibria(study, concept) == ["00", "11"]
    assert study.concepts == CONCEPTS
    assert study.lead == "seq"


def test_where_improvements_lead_stands_first() -> None:
    study = arms()
    assert study.model.conflict.name(study.shown[0]) == "11"
    assert study.ends is not None
    assert study.ends["attractor_state"].values.tolist() == [study.shown[0]]


def test_verdicts_are_those_of_the_method() -> None:
    study = open_gates()
    direct = stability(study.model.conflict, study.model.preferences)
    for concept in direct["concept"].values:
        ours, theirs = (one["is_stable"].sel(concept=concept).values for one in (study.verdicts, direct))
        assert (ours == theirs).all()


def test_a_chance_is_met_in_that_share_of_draws() -> None:
    study = play(gates("0.25"), draws=256)
    assert study.robust is not None
    quiet = study.robust["equilibrium_probability"].sel(concept="nash", state="00")
    # Nobody leaves the quiet border where the North has no pride to march for.
    assert float(quiet) == pytest.approx(0.75, abs=0.01)


def test_the_seed_decides_and_workers_do_not() -> None:
    one, other = (play(gates(), draws=40, seed=3, workers=workers) for workers in (1, 2))
    assert one.robust is not None
    assert other.robust is not None
    assert one.robust.identical(other.robust)
    assert one.stamp == other.stamp
    assert one.stamp["seed"] == 3


def test_progress_ends_within_its_parts() -> None:
    told: list[tuple[str, int, int]] = []
    study = play(gates(), draws=4, progress=lambda *step: told.append(step))
    assert [done for _, done, _ in told] == list(range(1, len(study.seconds) + 1))
    assert told[-1][1] == told[-1][2]


def test_what_a_model_lacks_is_skipped_with_the_reason() -> None:
    assert "at the same time" in peace().skipped["simultaneous"]
    assert "sim" not in peace().concepts
    assert arms().skipped["strong"] == "No wish is marked as strong."


def test_unknown_preferences_leave_the_verdicts_of_those_who_leave_them_out_of_account() -> None:
    study = unknown()
    assert study.unknown is not None
    ours = study.verdicts["is_stable"].values
    assert (ours == study.unknown["is_stable"].sel(attitude="b").values).all()
    assert "unknown" in study.skipped["coalitions"]
    assert study.robust is not None


def test_too_many_states_are_not_searched_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "MOST_SEARCHED", 2)
    monkeypatch.setattr(runs, "MOST_DRAWN", 11)
    study = play(gates(), draws=4)
    assert study.coalitions is None
    assert study.skipped["coalitions"] == "3 states are too many to search one by one."
    assert study.robust is None
    assert study.skipped["robust"] == "4 draws of 3 states are too many. Ask for 1 at most."
    assert study.shown


def test_a_wish_finds_the_states_in_which_it_holds() -> None:
    found = play(gates(), draws=4, wish="open-gates").wished
    assert found is not None
    assert found.nearest is not None
    assert (len(found.states), len(found.at_rest)) == (1, 1)
    assert found.nearest.needs == ()


def test_a_wish_not_at_rest_says_what_it_lacks() -> None:
    study = play(gates("0.9"), draws=4, wish="not march and not open-gates")
    assert study.wished is not None
    assert study.wished.nearest is not None
    (need,) = study.wished.nearest.needs
    assert study.model.conflict.actors[need.condition.actor] == "north"
    rank = study.model.preferences.rank.copy()
    fallen = list(need.fall.states)
    rank[0, fallen] = np.minimum(rank[0, fallen], rank[0, study.wished.nearest.state])
    mended = type(study.model.preferences)(rank)
    again = stability(study.model.conflict, mended, concepts=("seq",))["is_equilibrium"].values[0]
    assert again[study.wished.nearest.state]


def test_an_impossible_wish_holds_nowhere() -> None:
    found = play(gates(), draws=4, wish="march and open-gates").wished
    assert found is not None
    assert len(found.states) == 0
    assert found.nearest is None


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ({"concepts": ("nsh",)}, "unknown-name"),
        ({"concepts": ()}, "input-missing"),
        ({"wish": "open-gate"}, "bad-formula"),
        ({"draws": 0}, "bad-draws"),
        ({"seed": -1}, "bad-seed"),
        ({"workers": 0}, "bad-workers"),
    ],
)
def test_a_wrong_call_says_what_is_wrong(how: dict[str, object], code: str) -> None:
    with pytest.raises(CallError) as caught:
        play(gates(), **how)
    assert caught.value.code == code


def test_a_case_without_a_graph_model_says_how_to_add_it() -> None:
    with pytest.raises(CallError, match="Add a section 'stability'") as caught:
        play(parse(new_case()))
    assert caught.value.code == "no-stability"


def test_every_concept_that_the_methods_know_can_be_asked_for() -> None:
    assert (*IN_TURN, *SIMULTANEOUS) == CONCEPTS
