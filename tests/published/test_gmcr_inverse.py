"""How many rankings make a state stable: the crisis over the Euphrates, 1975.

The program GMCR+ 0.4.1, which Kinsara, Petersons, Hipel and Kilgour 2015 describe, counts which of
the 720 rankings of the six states by Syria make the second one stable for it, in which it releases
water and nobody escalates or attacks. Its figures for Nash, 240, and symmetric metarational
stability, 300, follow from the definitions of Fang, Hipel and Kilgour 1993. Those for general
metarational and sequential stability, 420, do not, as the last improvement it looks at decides. By
the definitions it is 384: 64 of the 120 orders of the five states that matter.
"""

from __future__ import annotations

import math
from itertools import permutations

import numpy as np
import pytest
from test_gmcr import model

from westphalia.methods.stability.concepts import stability
from westphalia.methods.stability.conflict import Preferences
from westphalia.methods.stability.inverse import what_makes_stable

STATE, SYRIA = 1, 0
COUNTS = {"nash": 240, "seq": 384, "gmr": 384, "smr": 300}


@pytest.mark.parametrize(("concept", "count"), COUNTS.items())
def test_rankings_that_make_the_second_state_stable_for_syria(concept, count):
    _, conflict, told = model("euphrates")
    found = what_makes_stable(conflict, told, STATE, SYRIA, concept)
    assert found.share.exact * math.factorial(conflict.size) == count


def test_all_720_rankings_one_by_one():
    _, conflict, told = model("euphrates")
    found = dict.fromkeys(COUNTS, 0)
    for own in permutations(range(conflict.size)):
        rank = np.stack([np.array(own, dtype=np.int32), told.rank[1]])
        is_stable = stability(conflict, Preferences(rank), concepts=list(COUNTS))["is_stable"]
        for concept in COUNTS:
            found[concept] += int(is_stable.sel(concept=concept).values[SYRIA, STATE])
    assert found == COUNTS


def test_asked_with_nothing_varied_it_repeats_the_verdict():
    for name in ("cuban-missiles", "elmira", "euphrates", "prisoners"):
        _, conflict, told = model(name)
        verdicts = stability(conflict, told)["is_stable"]
        for concept in verdicts["concept"].values:
            for actor in range(len(conflict.actors)):
                for state in range(conflict.size):
                    found = what_makes_stable(conflict, told, state, actor, concept, among=[state])
                    is_stable = bool(verdicts.sel(concept=concept).values[actor, state])
                    assert found.is_stable == is_stable == (found.share.exact == 1)
                    assert (not found.rise) == (not found.fall.states) == is_stable
