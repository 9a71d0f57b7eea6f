"""Files of GMCR+ made for tests: from the conflicts of the catalog, and at random."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import strategies as st

from westphalia.catalog.gmcr import load_conflict
from westphalia.logic import parse

DIRECTION = {"both": "both", "rise": "fwd", "fall": "back"}

SMALL: dict[str, Any] = {
    "program": "gmcr-py",
    "version": "0.4.1",
    "decisionMakers": [
        {"name": "North", "options": [2, 0], "preferences": [[[1, "Y"]], [[0, "N"], [2, "N"]]]},
        {
            "name": "South",
            "options": [1],
            "preferences": [{"compound": True, "members": [[[1, "N"]], [[2, "N"]]]}],
        },
    ],
    "options": [
        {"name": "march", "permittedDirection": "fwd"},
        {"name": "open gates", "permittedDirection": "back"},
        {"name": "besiege", "permittedDirection": "both"},
    ],
    "infeasibles": [[[0, "Y"], [2, "Y"]]],
    "useManualPreferenceRanking": False,
}


def saved(path: Path, content: Any) -> Path:
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def from_catalog(name: str) -> dict[str, Any]:
    """A conflict of the catalog with all that cannot be, or is not perceived, spelt out state by state."""
    example = load_conflict(name)
    names = [option["name"] for option in example.options]

    def states(texts):
        formulas = [parse(text, {each: ["no", "yes"] for each in names}) for text in texts]
        for bits in product((0, 1), repeat=len(names)):
            columns = {each: np.array(bit) for each, bit in zip(names, bits, strict=True)}
            if any(formula.truth(columns) for formula in formulas):
                yield [[at, "NY"[bit]] for at, bit in enumerate(bits)]

    makers = [
        {
            "name": actor,
            "options": [at for at, option in enumerate(example.options) if option["owner"] == actor],
            "preferences": [],
            "preferenceRanking": [group[0] if len(group) == 1 else group for group in groups],
            "misperceptions": list(states(example.unseen.get(actor, []))),
        }
        for actor, groups in example.rankings.items()
    ]
    options = [
        {"name": each["name"], "permittedDirection": DIRECTION[each["direction"]]} for each in example.options
    ]
    return {
        "decisionMakers": makers,
        "options": options,
        "infeasibles": list(states(example.infeasible)),
        "useManualPreferenceRanking": True,
    }


def condition(draw, count):
    options = draw(st.lists(st.integers(0, count - 1), min_size=1, max_size=3, unique=True))
    return [[option, draw(st.sampled_from("YN"))] for option in options]


def statement(draw, count):
    members = [condition(draw, count) for _ in range(draw(st.integers(1, 3)))]
    return members[0] if len(members) == 1 else {"compound": True, "members": members}


@st.composite
def files(draw):
    """Content of a file with 2 or 3 decision makers, up to 5 options, and statements of preference."""
    count, makers = draw(st.integers(1, 5)), draw(st.integers(2, 3))
    owner = [draw(st.integers(0, makers - 1)) for _ in range(count)]
    order = draw(st.permutations(range(count)))
    return {
        "options": [
            {"name": f"Option {at}", "permittedDirection": draw(st.sampled_from(list(DIRECTION.values())))}
            for at in range(count)
        ],
        "decisionMakers": [
            {
                "name": f"Maker {at}",
                "options": [option for option in order if owner[option] == at],
                "preferences": [statement(draw, count) for _ in range(draw(st.integers(0, 4)))],
            }
            for at in range(makers)
        ],
        "infeasibles": [statement(draw, count) for _ in range(draw(st.integers(0, 2)))],
        "useManualPreferenceRanking": False,
    }


class Plain:
    """A file as its format is described, read in the plainest way: states are sets of options by index."""

    def __init__(self, content):
        self.content = content
        self.order = [option for maker in content["decisionMakers"] for option in maker["options"]]
        every = [
            frozenset(self.order[at] for at in range(len(self.order)) if code >> at & 1)
            for code in range(2 ** len(self.order))
        ]
        self.states = [
            state for state in every if not any(self.holds(each, state) for each in content["infeasibles"])
        ]

    def holds(self, statement, state):
        if isinstance(statement, dict):
            return any(self.holds(member, state) for member in statement["members"])
        return all((option in state) == (sign == "Y") for option, sign in statement)

    def score(self, maker, state):
        statements = self.content["decisionMakers"][maker]["preferences"]
        return sum(
            2 ** (len(statements) - at)
            for at, each in enumerate(statements, start=1)
            if self.holds(each, state)
        )

    def reaches(self, maker, start, end):
        changed = start ^ end
        own = set(self.content["decisionMakers"][maker]["options"])
        barred = {"both": set(), "fwd": start - end, "back": end - start}
        return (
            bool(changed)
            and changed <= own
            and all(
                option not in barred[self.content["options"][option]["permittedDirection"]]
                for option in changed
            )
        )

    def name(self, state):
        return "".join(str(int(option in state)) for option in self.order)
