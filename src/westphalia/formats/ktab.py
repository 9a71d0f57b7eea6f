"""What the files of KTAB's spatial model of politics hold, whatever their form, and what of it a case holds.

KTAB's scale runs from 0 to 100 on every dimension; saliences are hundredths of what an actor can spend,
so that those of one actor sum to at most 100. A case holds them as shares of 1.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import cycle
from typing import Any

from westphalia.errors import suggest
from westphalia.formats.imported import ImportedCase, Ledger
from westphalia.formats.raw import LONGEST_NAME, label_of
from westphalia.formats.reports import refusal
from westphalia.formats.stakes import Party, Question, Stakes, Stand, number_in, share, tree_of, words
from westphalia.labels import ACTOR, OTHER

FEWEST_ACTORS, MOST_ACTORS = 3, 250
MOST_DIMENSIONS = 200
LARGEST_CAPABILITY = 1e8
LONGEST_DESCRIPTION = 2000

PARAMETERS: dict[str, tuple[str, ...]] = {
    "VictoryProbModel": ("Linear", "Square", "Quartic", "Octic", "Binary"),
    "PCEModel": ("Conditional", "MarkovIncentive", "MarkovUniform"),
    "StateTransitions": ("Deterministic", "Stochastic"),
    "VotingRule": ("Binary", "PropBin", "Prop", "PropCbc", "Cubic", "ASymProsp"),
    "BigRAdjust": ("None", "OneThird", "Half", "TwoThirds", "Full"),
    "BigRRange": ("Min", "Mid", "Max"),
    "ThirdPartyCommit": ("NoCommit", "SemiCommit", "FullCommit"),
    "InterVecBrgn": ("S1P1", "S2P2", "S2PMax"),
    "BargnModel": ("InitOnlyInterp", "InitRcvrInterp", "PWCompInterp"),
}
"""The model's parameters with their values, each in the order in which KTAB numbers them."""
DEFAULTS = (0, 0, 0, 2, 1, 1, 1, 1, 0)
"""The place of KTAB's own choice in each list."""
OPTIONS: dict[str, tuple[str, tuple[str, ...]]] = {
    "VictoryProbModel": ("victory_probability", ("linear", "square", "quartic", "octic", "binary")),
    "PCEModel": ("pce", ("conditional", "markov-incentive", "markov-uniform")),
    "StateTransitions": ("transitions", ("deterministic", "stochastic")),
    "VotingRule": ("voting_rule", ("binary", "prop-bin", "prop", "prop-cbc", "cubic", "asym-prosp")),
    "BigRAdjust": ("risk_adjust", ("none", "one-third", "half", "two-thirds", "full")),
    "BigRRange": ("risk_range", ("min", "mid", "max")),
    "ThirdPartyCommit": ("third_party", ("no-commit", "semi-commit", "full-commit")),
    "InterVecBrgn": ("between_vectors", ("s1p1", "s2p2", "s2pmax")),
    "BargnModel": ("bargaining", ("init-only", "init-rcvr", "pw-comp")),
}
"""The option of the method `smp` for each parameter, with its values in the same order."""
IDEALS_FILE = "ktab-ideals.csv"
_ALIASES = {"VotingRule": {"proportional": "Prop"}, "BigRAdjust": {"no": "None"}}


@dataclass(frozen=True)
class Actor:
    """An actor: positions and saliences from 0 to 100, one a dimension; `where` in the file."""

    name: str
    description: str
    capability: float
    positions: tuple[float, ...]
    saliences: tuple[float, ...]
    where: str = field(default="", compare=False)


@dataclass(frozen=True)
class Adjustment:
    """By how much the ideal of one actor follows the position of another."""

    adjusting: str
    reference: str
    amount: float


@dataclass(frozen=True)
class Scenario:
    """All that a scenario says; `parameters` is empty where the file leaves the model as it is."""

    name: str
    description: str
    dimensions: tuple[str, ...]
    actors: tuple[Actor, ...]
    parameters: dict[str, str] = field(default_factory=dict)
    seed: str = ""
    adjustments: tuple[Adjustment, ...] = ()


# --- what may stand in a file --------------------------------------------------------------------


def parameter_of(name: str, value: str, where: str) -> str:
    """Return the value of a parameter in its one spelling.

    Raises
    ------
    FileError: the parameter has no such value; names the nearest.
    """
    by_name = {known.lower(): known for known in PARAMETERS[name]} | _ALIASES.get(name, {})
    plain = value.strip()
    if plain.lower() not in by_name:
        hint = suggest(plain[:60], [*PARAMETERS[name]])
        raise refusal(f"'{plain[:60]}' is no {name}.", where, hint, "unknown-parameter")
    return by_name[plain.lower()]


def name_in(text: str, what: str, where: str, longest: int = LONGEST_NAME) -> str:
    """Return a name on one line; raises FileError where it is empty or no name."""
    plain = words(text, what, where, longest)
    if not plain:
        raise refusal(f"The {what} is empty.", where, "Fill it in.")
    return plain


def actor_of(name: str, description: str, numbers: list[str | None], where: str) -> Actor:
    """Return an actor from its capability and its pairs of position and salience, as they are written.

    Raises
    ------
    FileError: a name is empty, a number is missing or out of range, the saliences sum to over 100.
    """
    name = name_in(name, "name of the actor", where)
    capability = _within(numbers[0], f"capability of '{name}'", LARGEST_CAPABILITY, where)
    named = zip(cycle(("position", "salience")), numbers[1:], strict=False)
    stated = [_within(text, f"{what} of '{name}'", 100.0, where) for what, text in named]
    positions, saliences = tuple(stated[::2]), tuple(stated[1::2])
    total = sum((Decimal(repr(salience)) for salience in saliences), Decimal(0))
    if total > 100:
        raise refusal(
            f"The saliences of '{name}' sum to {total:g}.",
            where,
            "They are hundredths of all it can spend: at most 100 in all.",
            "out-of-range",
        )
    about = words(description, f"description of '{name}'", where, LONGEST_DESCRIPTION)
    return Actor(name, about, capability, positions, saliences, where)


def _within(text: str | None, what: str, high: float, where: str) -> float:
    number = number_in(text, what, where)
    if not 0 <= number <= high:
        raise refusal(f"The {what} is {number:g}.", where, f"It runs from 0 to {high:g}.", "out-of-range")
    return number


def check_scenario(scenario: Scenario, where: str) -> Scenario:
    """Return the scenario if its numbers of actors and dimensions are KTAB's and no name stands twice.

    Raises
    ------
    FileError: they are not.
    """
    check_counts(len(scenario.actors), len(scenario.dimensions), where)
    for what, names in (
        ("actor", [(actor.name, actor.where or where) for actor in scenario.actors]),
        ("dimension", [(name, where) for name in scenario.dimensions]),
    ):
        seen: set[str] = set()
        for name, place in names:
            if name in seen:
                raise refusal(f"A second {what} is called '{name}'.", place, "Name them apart.")
            seen.add(name)
    return scenario


def check_counts(actors: int, dimensions: int, where: str) -> None:
    """Refuse with a FileError numbers of actors and dimensions that KTAB does not know."""
    if not FEWEST_ACTORS <= actors <= MOST_ACTORS:
        hint = f"KTAB takes {FEWEST_ACTORS} to {MOST_ACTORS}."
        raise refusal(f"There are {actors} actors.", where, hint, "out-of-range")
    if not 1 <= dimensions <= MOST_DIMENSIONS:
        raise refusal(
            f"There are {dimensions} dimensions.", where, f"1 to {MOST_DIMENSIONS} are read.", "out-of-range"
        )


# --- to a case -----------------------------------------------------------------------------------


def case_of(scenario: Scenario, file: str, ledger: Ledger) -> ImportedCase:
    """Return the scenario as a case, with the commands that run KTAB's model on it."""
    stakes = Stakes(
        title=scenario.name,
        parties=tuple(Party(actor.name, actor.name, actor.description) for actor in scenario.actors),
        questions=tuple(Question(name, name, _ENDS) for name in scenario.dimensions),
        stands={
            (actor.name, name): Stand(position, share(salience), actor.capability, _line(actor.where))
            for actor in scenario.actors
            for name, position, salience in zip(
                scenario.dimensions, actor.positions, actor.saliences, strict=True
            )
        },
    )
    tree = tree_of(stakes, file, ledger)
    ledger.change("Saliences are shares of 1 now: KTAB's number divided by 100.")
    ledger.leave("What the ends of the scales mean the file does not say; write it under 'scale'.")
    _warn(scenario, ledger)
    summary = {"summary": scenario.description} if scenario.description else {}
    tree = {**tree, **summary, "note": _note(scenario, file)}
    return ImportedCase(tree, ledger.account(), _ideals(scenario, tree), _commands(scenario))


def _line(where: str) -> str:
    """Return the line of a place, nothing where it has none."""
    line = where.rpartition(":")[2]
    return f"line {line}" if line.isdecimal() else ""


_ENDS = ((0.0, "0 on the scale of KTAB"), (100.0, "100 on the scale of KTAB"))


def _warn(scenario: Scenario, ledger: Ledger) -> None:
    """Say what KTAB itself would stop at, and what a case does not hold."""
    for actor in scenario.actors:
        if actor.capability == 0 or not any(actor.saliences):
            what = "capability" if actor.capability == 0 else "salience on every dimension"
            ledger.change(f"'{actor.name}' has {what} 0: KTAB stops there, here it does not count.")
    if scenario.parameters.get("BigRAdjust") == "Full":
        ledger.change("KTAB always stops with BigRAdjust Full; the command below runs the mended model.")
    if scenario.parameters:
        ledger.carry("The parameters of the model, in the case's note and in the command below.")
    if scenario.seed:
        ledger.leave(
            f"The seed {scenario.seed} is not carried: chance falls otherwise here, and KTAB's own runs "
            "of one seed differ."
        )
    if scenario.adjustments:
        ledger.leave(
            f"{len(scenario.adjustments)} adjustments of ideals are not part of a case; they stand in "
            f"{IDEALS_FILE} beside it. In Python, smp takes them as 'ideal_adjustment'."
        )


def _note(scenario: Scenario, file: str) -> str:
    values = ", ".join(f"{name} {value}" for name, value in scenario.parameters.items())
    return f"Read from {file}, a scenario of KTAB. Parameters of its model: {values or 'as KTAB sets them'}."


def _commands(scenario: Scenario) -> tuple[str, ...]:
    """Return the command that runs the model as the file sets it; what KTAB sets itself is left out."""
    is_run_by_ktab = scenario.parameters.get("BigRAdjust") != "Full"
    settings = [f"reading={'ktab' if is_run_by_ktab else 'mended'}"]
    for (name, value), default in zip(scenario.parameters.items(), DEFAULTS, strict=False):
        option, values = OPTIONS[name]
        place = PARAMETERS[name].index(value)
        if place != default:
            settings.append(f"{option}={values[place]}")
    options = " ".join(f"--option smp.{setting}" for setting in settings)
    return (f"westphalia forecast {{case}} --method smp {options}",)


def _ideals(scenario: Scenario, tree: dict[str, Any]) -> dict[str, bytes]:
    """Return the adjustments of ideals as a table by the ids of the case; no file where there are none."""
    if not scenario.adjustments:
        return {}
    names = [actor.name for actor in scenario.actors]
    ids = dict(zip(names, (item["id"] for item in tree["actors"]), strict=True))
    amounts = {(name, name): 1.0 for name in names}
    amounts |= {(each.adjusting, each.reference): each.amount for each in scenario.adjustments}
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([ACTOR, OTHER, "ideal_adjustment"])
    for (name, other), amount in amounts.items():
        writer.writerow([ids[name], ids[other], label_of(amount)])
    return {IDEALS_FILE: text.getvalue().encode("utf-8")}
