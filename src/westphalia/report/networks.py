"""What the networks of a case show, in words, with what they cannot show."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from westphalia.case.schema import CaseFile
from westphalia.charts.chart import Chart
from westphalia.charts.hearing import hearing
from westphalia.charts.networks import affiliation, agreement, named_blocs
from westphalia.charts.words import listed, percent, times
from westphalia.labels import ACTOR, DRAW, ISSUE, OTHER
from westphalia.report.grid import Chapter, Grid, Part
from westphalia.report.values import actor_name
from westphalia.runs.networks import Agreement, Networks

MOST = 15
"""Actors in a table; the GraphML file and the JSON hold them all."""

TERMS = (
    "Networks of statements rest on what the sources chose to tell: who is not quoted is not in them, and a "
    "line is no influence. Networks of positions rest on the stands of the case. Blocs are found by a seeded "
    "search (Louvain) for groups that agree more within than chance would give; it is no proof, and of few "
    "actors a different count is easily found."
)

FALLS = ((0.1, "hardly falls into parts"), (0.3, "falls into parts loosely"), (1.0, "falls into clear parts"))
"""How far a network falls apart, in words, by its modularity: up to each bound."""


@dataclass(frozen=True)
class Shown:
    """The networks of a case, and how its actors and issues are called."""

    found: Networks
    case: CaseFile
    language: str

    def name(self, actor: str) -> str:
        """Return the name of an actor."""
        return actor_name(actor, self.case, self.language)

    @cached_property
    def names(self) -> dict[str, str]:
        """Return the names of all actors by id."""
        return {actor.id: actor.name.into(self.language) for actor in self.case.actors}

    @cached_property
    def questions(self) -> dict[str, str]:
        """Return what the issues ask, by id."""
        return {issue.id: issue.question.into(self.language) for issue in self.case.issues}


def network_chapter(found: Networks, case: CaseFile, language: str) -> Chapter:
    """Return the chapter on the networks of a case."""
    parts = network_parts(found, case, language)
    charts = {chart.id: chart for chart in network_charts(found, case, language)}
    return Chapter("Networks", "", parts, charts, TERMS)


def network_charts(found: Networks, case: CaseFile, language: str) -> Iterator[Chart]:
    """Yield the pictures there are: who speaks about what, who agrees with whom, who hears whom."""
    shown = Shown(found, case, language)
    if found.affiliation is not None:
        told = found.affiliation
        yield affiliation(told["mentions"], told["mean_stance"], shown.names, shown.questions)
    agreed = found.by_statements or found.by_positions
    if agreed is not None:
        yield agreement(agreed.ties, agreed.blocs["bloc"], shown.names)
    if found.hears is not None and found.share is not None:
        yield hearing(found.hears, found.share, shown.names)


def network_parts(found: Networks, case: CaseFile, language: str) -> tuple[Part, ...]:
    """Return who speaks about what, who agrees, how polarised the issues are, and who hears whom."""
    shown = Shown(found, case, language)
    return (_speaking(shown), _agreeing(shown), _polarised(shown), _hearing(shown))


def _speaking(shown: Shown) -> Part:
    title = "Actors and issues"
    told = shown.found.affiliation
    if told is None:
        return Part("speaking", title, ("No statement of the case puts an actor on an issue.",))
    mentions = told["mentions"]
    silent = [
        shown.name(a.id) for a in shown.case.actors if _stands(shown, a.id) and a.id not in mentions[ACTOR]
    ]
    said = [
        f"{times(shown.found.statement_count, 'statement')} put {times(mentions.sizes[ACTOR], 'actor')} on "
        f"{times(int((mentions.sum(ACTOR) > 0).sum()), 'issue')}."
    ]
    if silent:
        said.append(f"With a stand but without a statement on it: {listed(silent)}.")
    rows = [
        (shown.name(actor), f"{float(row.sum()):g}", _topic(shown, actor))
        for actor in mentions[ACTOR].values.tolist()
        for row in (mentions.sel({ACTOR: actor}),)
    ]
    rows.sort(key=lambda row: -float(row[1]))
    head = ("actor", "statements", "most about")
    grid = Grid("Statements by actor", head, tuple(rows[:MOST]), (1,), is_drawn=True)
    return Part("speaking", title, tuple(said), (grid,), "affiliation")


def _stands(shown: Shown, actor: str) -> bool:
    return actor in shown.case.stands


def _topic(shown: Shown, actor: str) -> str:
    told = shown.found.affiliation
    row = told["mentions"].sel({ACTOR: actor}) if told is not None else None
    return "" if row is None else shown.questions[str(row[ISSUE].values[row.values.argmax()])]


# --- agreement -----------------------------------------------------------------------------------


def _agreeing(shown: Shown) -> Part:
    title = "Agreement and conflict"
    bases = {"statements": shown.found.by_statements, "positions": shown.found.by_positions}
    present = {basis: agreed for basis, agreed in bases.items() if agreed is not None}
    if not present:
        return Part("agreeing", title, ("No two actors take a stand on the same issue.",))
    said = [sentence for basis, agreed in present.items() for sentence in _blocs(shown, basis, agreed)]
    said += _camps(present)
    said += _brokers(shown, *next(iter(present.items())))
    return Part("agreeing", title, tuple(said), tuple(_members(shown, present)), "agreement")


def _blocs(shown: Shown, basis: str, agreed: Agreement) -> Iterator[str]:
    actors, numbers = (agreed.blocs[name].values.tolist() for name in (ACTOR, "bloc"))
    blocs = named_blocs(zip(map(shown.name, actors), numbers, strict=True))
    modularity = float(agreed.blocs["modularity"])
    if not blocs:
        yield f"By {basis} no two actors agree more than they disagree."
    else:
        falls = next(words for bound, words in FALLS if modularity <= bound)
        there = "is one bloc" if len(blocs) == 1 else f"are {len(blocs)} blocs"
        yield (
            f"By {basis} there {there}: {'; '.join(blocs)}. The network of agreement {falls} (modularity "
            f"{modularity:.2f})."
        )


def _camps(present: dict[str, Agreement]) -> Iterator[str]:
    shares = {basis: float(agreed.camps["camp_share"]) for basis, agreed in present.items()}
    fits = listed(f"{percent(share)} by {basis}" for basis, share in shares.items() if np.isfinite(share))
    if fits:
        yield (
            f"Two camps, split as well as can be, explain {fits} of all agreement (within a camp) and "
            "disagreement (between them). A split that means nothing explains about half."
        )


def _brokers(shown: Shown, basis: str, agreed: Agreement) -> Iterator[str]:
    between = agreed.brokers["betweenness"]
    if not float(between.max()):
        yield f"By {basis} nobody stands between others who agree only through it."
        return
    best = str(between[ACTOR].values[between.values.argmax()])
    yield (
        f"By {basis} {shown.name(best)} stands most between the others: on "
        f"{percent(float(between.max()))} of the shortest ways of agreement between two of them. That shows "
        "who could speak to both, not who does."
    )


def _members(shown: Shown, present: dict[str, Agreement]) -> Iterator[Grid]:
    actors = list(dict.fromkeys(a for agreed in present.values() for a in agreed.ties[ACTOR].values.tolist()))
    if len(actors) > MOST:
        first = next(iter(present.values())).ties["overlap"].sum(OTHER)
        ties = dict(zip(first[ACTOR].values.tolist(), first.values.tolist(), strict=True))
        actors = sorted(actors, key=lambda actor: -ties.get(actor, 0.0))[:MOST]
    rows = [
        (shown.name(actor), *(cell for agreed in present.values() for cell in _cells(agreed, actor)))
        for actor in actors
    ]
    head = ["actor"]
    for basis in present:
        head += [f"bloc by {basis}", f"stands between, by {basis}"]
    numbers = tuple(range(2, len(head), 2))
    yield Grid(
        "Blocs, and the share of ways of agreement an actor stands on", tuple(head), tuple(rows), numbers
    )


def _cells(agreed: Agreement, actor: str) -> tuple[str, str]:
    if actor not in agreed.ties[ACTOR].values:
        return "", ""
    bloc = int(agreed.blocs["bloc"].sel({ACTOR: actor}))
    between = float(agreed.brokers["betweenness"].sel({ACTOR: actor}))
    return (f"{bloc + 1}" if bloc >= 0 else "none"), percent(between)


# --- polarisation --------------------------------------------------------------------------------


def _polarised(shown: Shown) -> Part:
    title = "Polarisation"
    found = shown.found.polarisation
    if found is None:
        return Part("polarised", title, ("No issue has a scale with stands that count on it.",))
    low, middle, high = (found.quantile(share, DRAW) for share in (0.05, 0.5, 0.95))
    order = np.argsort(-middle.values, kind="stable").tolist()
    issues = [str(issue) for issue in found[ISSUE].values]
    rows = tuple(
        (
            shown.questions[issues[at]],
            f"{middle.values[at]:.2f}",
            f"{low.values[at]:.2f} to {high.values[at]:.2f}",
        )
        for at in order
    )
    said = (
        f"Most polarised is “{rows[0][0]}” ({rows[0][1]}; 90 % of draws {rows[0][2]}). "
        "1 is two equal camps at the ends of the scale, 0 all at one point; actors count by capability times "
        "salience, and those within a twentieth of the scale feel as one (Esteban and Ray). It says how "
        "opposed the stands are, not how hard they are held.",
    )
    return Part(
        "polarised", title, said, (Grid("Polarisation", ("issue", "median", "90 % of draws"), rows, (1,)),)
    )


# --- hearing -------------------------------------------------------------------------------------


def _hearing(shown: Shown) -> Part:
    title = "Consultations"
    hears, share = shown.found.hears, shown.found.share
    if hears is None or share is None:
        return Part(
            "hearing", title, ("The case tells of no consultation in which one actor heard another.",)
        )
    counts = {
        actor: (float(hears.sel({OTHER: actor}).sum()), float(hears.sel({ACTOR: actor}).sum()))
        for actor in hears[ACTOR].values.tolist()
    }
    order = sorted(counts, key=lambda actor: -float(share.sel({ACTOR: actor})))
    rows = tuple(
        (shown.name(a), f"{counts[a][0]:g}", f"{counts[a][1]:g}", percent(float(share.sel({ACTOR: a}))))
        for a in order[:MOST]
    )
    said = (
        "If opinions settled by listening alone, everybody holding on to half of the first opinion (Friedkin "
        f"and Johnsen), {rows[0][3]} of all settled opinion would have begun as that of {rows[0][0]}. A few "
        "reported consultations stand for all listening here; talks that no source tells of are missing.",
    )
    head = ("actor", "was heard, times", "heard others, times", "share of settled opinion")
    grid = Grid("Consultations by actor", head, rows, (1, 2, 3), is_drawn=True)
    return Part("hearing", title, said, (grid,), "hearing")
