"""What the networks of a case show, in words, with what they cannot show."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import xarray as xr

from westphalia.case.schema import CaseFile
from westphalia.charts.chart import Chart
from westphalia.charts.hearing import hearing
from westphalia.charts.networks import affiliation, agreement, named_blocs
from westphalia.charts.words import listed, percent
from westphalia.labels import ACTOR, DRAW, ISSUE, OTHER
from westphalia.language import decimal, marked, said, said_n
from westphalia.report.grid import Chapter, Grid, Part
from westphalia.report.values import actor_name
from westphalia.runs.networks import Agreement, Networks

MOST = 15
"""Actors in a table; the GraphML file and the JSON hold them all."""

TERMS = marked(
    "Networks of statements rest on what the sources chose to tell: who is not quoted is not in them, and a "
    "line is no influence. Networks of positions rest on the stands of the case. Blocs are found by a seeded "
    "search (Louvain) for groups that agree more within than chance would give; it is no proof, and of few "
    "actors a different count is easily found."
)

FALLS = (
    (0.1, marked("hardly falls into parts")),
    (0.3, marked("falls into parts loosely")),
    (1.0, marked("falls into clear parts")),
)
"""How far a network falls apart, in words, by its modularity: up to each bound."""


@dataclass(frozen=True, slots=True)
class Basis:
    """What ties between actors rest on, in the sentences that tell of them."""

    none: str
    one_bloc: str
    blocs: str
    share: str
    nobody: str
    broker: str
    bloc: str
    between: str


BY_STATEMENTS = Basis(
    none=marked("By statements no two actors agree more than they disagree."),
    one_bloc=marked("By statements there is one bloc: {blocs}."),
    blocs=marked("By statements there are {n} blocs: {blocs}."),
    share=marked("{share} by statements"),
    nobody=marked("By statements nobody stands between others who agree only through it."),
    broker=marked(
        "By statements {actor} stands most between the others: on {share} of the shortest ways of agreement "
        "between two of them. That shows who could speak to both, not who does."
    ),
    bloc=marked("bloc by statements"),
    between=marked("stands between, by statements"),
)
BY_POSITIONS = Basis(
    none=marked("By positions no two actors agree more than they disagree."),
    one_bloc=marked("By positions there is one bloc: {blocs}."),
    blocs=marked("By positions there are {n} blocs: {blocs}."),
    share=marked("{share} by positions"),
    nobody=marked("By positions nobody stands between others who agree only through it."),
    broker=marked(
        "By positions {actor} stands most between the others: on {share} of the shortest ways of agreement "
        "between two of them. That shows who could speak to both, not who does."
    ),
    bloc=marked("bloc by positions"),
    between=marked("stands between, by positions"),
)


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
    return Chapter(said("Networks"), "", parts, charts, said(TERMS))


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
    title = said("Actors and issues")
    told = shown.found.affiliation
    if told is None:
        return Part("speaking", title, (said("No statement of the case puts an actor on an issue."),))
    mentions = told["mentions"]
    rows = [
        (shown.name(actor), f"{float(row.sum()):g}", _topic(shown, actor))
        for actor in mentions[ACTOR].values.tolist()
        for row in (mentions.sel({ACTOR: actor}),)
    ]
    rows.sort(key=lambda row: -float(row[1]))
    head = (said("actor"), said("statements"), said("most about"))
    grid = Grid(said("Statements by actor"), head, tuple(rows[:MOST]), (1,), is_drawn=True)
    return Part("speaking", title, tuple(_counted(shown, mentions)), (grid,), "affiliation")


def _counted(shown: Shown, mentions: xr.DataArray) -> Iterator[str]:
    actors, issues = mentions.sizes[ACTOR], int((mentions.sum(ACTOR) > 0).sum())
    yield said_n(
        "{n} statement put {actors} on {issues}.",
        "{n} statements put {actors} on {issues}.",
        shown.found.statement_count,
        actors=said_n("{n} actor", "{n} actors", actors),
        issues=said_n("{n} issue", "{n} issues", issues),
    )
    silent = [
        shown.name(actor.id)
        for actor in shown.case.actors
        if actor.id in shown.case.stands and actor.id not in mentions[ACTOR]
    ]
    if silent:
        yield said("With a stand but without a statement on it: {actors}.", actors=listed(silent))


def _topic(shown: Shown, actor: str) -> str:
    told = shown.found.affiliation
    row = told["mentions"].sel({ACTOR: actor}) if told is not None else None
    return "" if row is None else shown.questions[str(row[ISSUE].values[row.values.argmax()])]


# --- agreement -----------------------------------------------------------------------------------


def _agreeing(shown: Shown) -> Part:
    title = said("Agreement and conflict")
    bases = {BY_STATEMENTS: shown.found.by_statements, BY_POSITIONS: shown.found.by_positions}
    present = {basis: agreed for basis, agreed in bases.items() if agreed is not None}
    if not present:
        return Part("agreeing", title, (said("No two actors take a stand on the same issue."),))
    told = [sentence for basis, agreed in present.items() for sentence in _blocs(shown, basis, agreed)]
    told += _camps(present)
    told += _brokers(shown, *next(iter(present.items())))
    return Part("agreeing", title, tuple(told), tuple(_members(shown, present)), "agreement")


def _blocs(shown: Shown, basis: Basis, agreed: Agreement) -> Iterator[str]:
    actors, numbers = (agreed.blocs[name].values.tolist() for name in (ACTOR, "bloc"))
    blocs = named_blocs(zip(map(shown.name, actors), numbers, strict=True))
    modularity = float(agreed.blocs["modularity"])
    if not blocs:
        yield said(basis.none)
    else:
        falls = next(words for bound, words in FALLS if modularity <= bound)
        members = "; ".join(blocs)
        several = said(basis.blocs, n=len(blocs), blocs=members)
        there = said(basis.one_bloc, blocs=members) if len(blocs) == 1 else several
        network = said(
            "The network of agreement {falls} (modularity {modularity}).",
            falls=said(falls),
            modularity=decimal(f"{modularity:.2f}"),
        )
        yield f"{there} {network}"


def _camps(present: dict[Basis, Agreement]) -> Iterator[str]:
    shares = {basis: float(agreed.camps["camp_share"]) for basis, agreed in present.items()}
    fits = listed(
        said(basis.share, share=percent(share)) for basis, share in shares.items() if np.isfinite(share)
    )
    if fits:
        yield said(
            "Two camps, split as well as can be, explain {shares} of all agreement (within a camp) and "
            "disagreement (between them). A split that means nothing explains about half.",
            shares=fits,
        )


def _brokers(shown: Shown, basis: Basis, agreed: Agreement) -> Iterator[str]:
    between = agreed.brokers["betweenness"]
    if not float(between.max()):
        yield said(basis.nobody)
        return
    best = str(between[ACTOR].values[between.values.argmax()])
    yield said(basis.broker, actor=shown.name(best), share=percent(float(between.max())))


def _members(shown: Shown, present: dict[Basis, Agreement]) -> Iterator[Grid]:
    actors = list(dict.fromkeys(a for agreed in present.values() for a in agreed.ties[ACTOR].values.tolist()))
    if len(actors) > MOST:
        first = next(iter(present.values())).ties["overlap"].sum(OTHER)
        ties = dict(zip(first[ACTOR].values.tolist(), first.values.tolist(), strict=True))
        actors = sorted(actors, key=lambda actor: -ties.get(actor, 0.0))[:MOST]
    rows = [
        (shown.name(actor), *(cell for agreed in present.values() for cell in _cells(agreed, actor)))
        for actor in actors
    ]
    head = [said("actor")]
    for basis in present:
        head += [said(basis.bloc), said(basis.between)]
    numbers = tuple(range(2, len(head), 2))
    title = said("Blocs, and the share of ways of agreement an actor stands on")
    yield Grid(title, tuple(head), tuple(rows), numbers)


def _cells(agreed: Agreement, actor: str) -> tuple[str, str]:
    if actor not in agreed.ties[ACTOR].values:
        return "", ""
    bloc = int(agreed.blocs["bloc"].sel({ACTOR: actor}))
    between = float(agreed.brokers["betweenness"].sel({ACTOR: actor}))
    return (f"{bloc + 1}" if bloc >= 0 else said("none")), percent(between)


# --- polarisation --------------------------------------------------------------------------------


def _polarised(shown: Shown) -> Part:
    title = said("Polarisation")
    found = shown.found.polarisation
    if found is None:
        return Part("polarised", title, (said("No issue has a scale with stands that count on it."),))
    low, middle, high = (found.quantile(share, DRAW) for share in (0.05, 0.5, 0.95))
    order = np.argsort(-middle.values, kind="stable").tolist()
    issues = [str(issue) for issue in found[ISSUE].values]
    rows = tuple(
        (
            shown.questions[issues[at]],
            decimal(f"{middle.values[at]:.2f}"),
            said("{low} to {high}", **_ends(low.values[at], high.values[at])),
        )
        for at in order
    )
    told = said(
        "Most polarised is “{question}” ({median}; 90 % of draws {range}). 1 is two equal camps at the ends "
        "of the scale, 0 all at one point; actors count by capability times salience, and those within a "
        "twentieth of the scale feel as one (Esteban and Ray). It says how opposed the stands are, not how "
        "hard they are held.",
        question=rows[0][0],
        median=rows[0][1],
        range=rows[0][2],
    )
    head = (said("issue"), said("median"), said("90 % of draws"))
    return Part("polarised", title, (told,), (Grid(title, head, rows, (1,)),))


def _ends(low: float, high: float) -> dict[str, str]:
    return {"low": decimal(f"{low:.2f}"), "high": decimal(f"{high:.2f}")}


# --- hearing -------------------------------------------------------------------------------------


def _hearing(shown: Shown) -> Part:
    title = said("Consultations")
    hears, share = shown.found.hears, shown.found.share
    if hears is None or share is None:
        none = said("The case tells of no consultation in which one actor heard another.")
        return Part("hearing", title, (none,))
    counts = {
        actor: (float(hears.sel({OTHER: actor}).sum()), float(hears.sel({ACTOR: actor}).sum()))
        for actor in hears[ACTOR].values.tolist()
    }
    order = sorted(counts, key=lambda actor: -float(share.sel({ACTOR: actor})))
    rows = tuple(
        (shown.name(a), f"{counts[a][0]:g}", f"{counts[a][1]:g}", percent(float(share.sel({ACTOR: a}))))
        for a in order[:MOST]
    )
    told = said(
        "If opinions settled by listening alone, everybody holding on to half of the first opinion (Friedkin "
        "and Johnsen), {share} of all settled opinion would have begun as that of {actor}. A few reported "
        "consultations stand for all listening here; talks that no source tells of are missing.",
        share=rows[0][3],
        actor=rows[0][0],
    )
    head = (
        said("actor"),
        said("was heard, times"),
        said("heard others, times"),
        said("share of settled opinion"),
    )
    grid = Grid(said("Consultations by actor"), head, rows, (1, 2, 3), is_drawn=True)
    return Part("hearing", title, (told,), (grid,), "hearing")
