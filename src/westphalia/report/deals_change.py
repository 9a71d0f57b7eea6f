"""What would change the answer: levers and payments, and ratification at home."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import xarray as xr

from westphalia.charts.deals import signed
from westphalia.charts.words import listed, number, percent
from westphalia.labels import ACTOR, LEVER, PRINCIPAL
from westphalia.language import decimal, marked, said, said_n
from westphalia.methods.deals.space import TOLERANCE
from westphalia.methods.deals.zone import zone
from westphalia.report.deals_packages import (
    expected_package,
    gains_by_actor,
    names_of,
    parties,
    questions,
    rule_names,
)
from westphalia.report.grid import Grid, Part
from westphalia.runs.deals import Deals

MOST = 6
"""Rows of a table of levers; the data hold them all."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What moves and payments are to bring about, in the sentences that tell what would.

    `proved` is said of `no_move` where the search went through all moves.
    """

    title: str
    no_move: str
    proved: str
    smallest: str
    no_payment: str
    payments: str
    moves: str


ZONE = Wish(
    title=marked("What would open a zone"),
    no_move=marked("No single move of one no-deal value, position or commitment would open a zone."),
    proved=marked(
        "No single move of one no-deal value, position or commitment would open a zone, as is proved."
    ),
    smallest=marked("The smallest single move that would open a zone: {move}."),
    no_payment=marked("No side payment would open a zone."),
    payments=marked(
        "Side payments that would open a zone: to {receivers}; {sources} (in units of utility, as if one "
        "unit were worth the same to all)."
    ),
    moves=marked("Single moves that would open a zone"),
)
EXPECTED = Wish(
    title=marked("What would make the expected package acceptable"),
    no_move=marked(
        "No single move of one no-deal value, position or commitment would make it acceptable to all."
    ),
    proved=marked(
        "No single move of one no-deal value, position or commitment would make it acceptable to all, as is "
        "proved."
    ),
    smallest=marked("The smallest single move that would make it acceptable to all: {move}."),
    no_payment=marked("No side payment would make it acceptable to all."),
    payments=marked(
        "Side payments that would make it acceptable to all: to {receivers}; {sources} (in units of utility, "
        "as if one unit were worth the same to all)."
    ),
    moves=marked("Single moves that would make the expected package acceptable"),
)


def opening(deals: Deals, language: str) -> Part:
    """Return what would open an empty zone, and what would make the expected package acceptable."""
    is_empty = bool(deals.zone["is_decided"]) and not bool(deals.zone["has_zone"])
    sentences: list[str] = []
    grids: list[Grid] = []
    if is_empty:
        sentences += _moves(deals, deals.levers, ZONE, language)
        sentences += _paid(deals, deals.payments, ZONE, language)
        grids += _levers(deals, deals.levers, ZONE, language)
    refusing = _refusing(deals)
    if refusing:
        names = names_of(deals, language)
        gains = expected_package(deals, language).gains
        told = listed(f"{names[party]} ({signed(gains[party])})" for party in refusing)
        sentences.append(
            said("The expected package is refused by {parties} at the central values.", parties=told)
        )
        sentences += _moves(deals, deals.levers_for_expected, EXPECTED, language)
        sentences += _paid(deals, deals.payments_for_expected, EXPECTED, language)
        grids += _levers(deals, deals.levers_for_expected, EXPECTED, language)
    else:
        sentences.append(
            said("At the central values the expected package is acceptable to all as it stands.")
        )
    title = said((ZONE if is_empty else EXPECTED).title)
    return Part("opening", title, tuple(sentences), tuple(grids))


def _refusing(deals: Deals) -> list[str]:
    gains = expected_package(deals, "en").gains
    return [party for party in parties(deals) if gains[party] < -TOLERANCE]


# --- levers --------------------------------------------------------------------------------------


def _moves(deals: Deals, levers: xr.Dataset, wish: Wish, language: str) -> Iterator[str]:
    rows = _enough(levers)
    if not rows:
        yield said(wish.proved if bool(levers["is_proved"].values.all()) else wish.no_move)
        return
    best = levers.isel({LEVER: rows[0]})
    others = len(rows) - 1
    only = (
        said("No other single move of a no-deal value, position or commitment is enough.")
        if others == 0
        else said_n(
            "{n} other single move would do as well, at no lower cost.",
            "{n} other single moves would do as well, at no lower cost.",
            others,
        )
    )
    yield f"{said(wish.smallest, move=_lever_words(deals, best, language))} {only}"


def _enough(levers: xr.Dataset) -> list[int]:
    size = levers["lever_size"].values
    return [
        int(at) for at in np.flatnonzero(levers["is_enough"].values & np.isfinite(size) & (size > TOLERANCE))
    ]


def _lever_words(deals: Deals, lever: xr.Dataset, language: str) -> str:
    who = names_of(deals, language)[str(lever["lever_actor"].values)]
    kind, issue = str(lever["lever_kind"].values), str(lever["lever_issue"].values)
    start, end = float(lever["lever_from"]), float(lever["lever_to"])
    share = {"start": decimal(f"{start:.2f}"), "end": decimal(f"{end:.2f}")}
    if kind == "no_deal":
        return said("no deal is worth {end} instead of {start} of utility to {actor}", actor=who, **share)
    if kind == "position":
        asked = deals.document.case.issue[issue]
        low, high = asked.ends
        return said(
            "{actor} moves from {start} to {end} on “{question}”",
            actor=who,
            start=number(start, high - low),
            end=number(end, high - low),
            question=asked.question.into(language),
        )
    asked_on = (questions(deals, language).get(one, one) for one in issue.split(" + "))
    return said(
        "{actor} lets its commitment or linkage on {issues} go from {start} to {end} of its cost",
        actor=who,
        issues=listed(said("“{question}”", question=one) for one in asked_on),
        **share,
    )


def _levers(deals: Deals, levers: xr.Dataset, wish: Wish, language: str) -> Iterator[Grid]:
    rows = tuple(
        (_capital(_lever_words(deals, one, language)), decimal(f"{float(one['lever_cost']):.3g}"))
        for one in (levers.isel({LEVER: at}) for at in _enough(levers)[:MOST])
    )
    if len(rows) > 1:
        yield Grid(said(wish.moves), (said("move"), said("cost")), rows, (1,))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


# --- payments ------------------------------------------------------------------------------------


def _paid(deals: Deals, paid: xr.Dataset, wish: Wish, language: str) -> Iterator[str]:
    if not bool(paid["is_enough"]):
        yield said(wish.no_payment)
        return
    names = names_of(deals, language)
    money = {a: v for a, v in gains_by_actor(paid["payment"]).items() if abs(v) > TOLERANCE}
    got = listed(f"{names[a]} {_sum(v)}" for a, v in money.items() if v > 0)
    gave = listed(f"{names[a]} {_sum(-v)}" for a, v in money.items() if v < 0)
    outside = float(paid["outside_money"])
    sources = [said("paid by {parties}", parties=gave)] if gave else []
    sources += [said("{sum} from outside", sum=_sum(outside))] if outside > TOLERANCE else []
    if got:
        yield said(wish.payments, receivers=got, sources=", ".join(sources))


def _sum(utility: float) -> str:
    return decimal(f"{utility:.3f}")


# --- at home -------------------------------------------------------------------------------------


def home(deals: Deals, language: str) -> Part:
    """Return whether the solutions pass at home, and what those at home leave of the win sets."""
    if deals.home is None:
        return Part("home", said("Does it pass at home?"), ())
    names = names_of(deals, language)
    sentences = list(_ratified(deals))
    sentences += _taken(deals)
    rows = tuple(
        (
            names[str(one)],
            _share(deals.home, "win_set_size_alone", at),
            _share(deals.home, "win_set_size", at),
        )
        for at, one in enumerate(deals.home[PRINCIPAL].values)
    )
    head = (said("party"), said("accepted by the party itself"), said("accepted at home as well"))
    grid = Grid(said("Win sets, as shares of all packages"), head, rows, (1, 2))
    return Part("home", said("Does it pass at home?"), tuple(sentences), (grid,))


def _taken(deals: Deals) -> Iterator[str]:
    """Say how many packages those at home take out of the zone, where both zones can be counted."""
    if deals.home is None:
        return
    alone = deals.inputs.assign(is_party=deals.inputs[ACTOR].isin(deals.home[PRINCIPAL].values))
    before, after = zone(alone), deals.zone
    if bool(before["has_zone"]) and bool(before["is_counted"]) and bool(after["is_counted"]):
        wide, left = (float(one["acceptable_count"]) for one in (before, after))
        yield said(
            "Without those who ratify at home {wide} packages would be acceptable; they leave {left} "
            "({share}).",
            wide=decimal(f"{wide:,.0f}"),
            left=decimal(f"{left:,.0f}"),
            share=percent(left / wide),
        )
    elif not bool(before["has_zone"]):
        yield said("Without those who ratify at home there would be no zone either.")


def _share(found: xr.Dataset, name: str, at: int) -> str:
    return decimal(f"{float(found[name].values[at]) * 100:.1f} %")


def _ratified(deals: Deals) -> Iterator[str]:
    if deals.ratified is None:
        yield said("No solution picks a package, so there is nothing to ratify.")
        return
    rules = [str(rule) for rule in deals.solutions["rule"].values]
    passed = deals.ratified["is_ratified"].values[0]
    failing = [rule for rule, passes in zip(rules, passed, strict=True) if not passes]
    if not failing:
        yield said("Each solution's package passes at home, as it must: those who ratify count as parties.")
    else:
        yield said("These do not pass at home: {rules}.", rules=rule_names(failing))
