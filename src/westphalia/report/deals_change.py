"""What would change the answer: levers and payments, ratification at home, exchanges and steps."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import xarray as xr

from westphalia.charts.deals import signed
from westphalia.charts.words import listed, number, percent, times
from westphalia.labels import ACTOR, ISSUE, LEVER, PRINCIPAL, STEP, TRADE
from westphalia.methods.deals.space import TOLERANCE
from westphalia.methods.deals.zone import zone
from westphalia.report.deals_packages import (
    expected_package,
    gains_by_actor,
    names_of,
    option_brief,
    parties,
    questions,
    rule_names,
)
from westphalia.report.grid import Grid, Part
from westphalia.runs.deals import Deals

MOST = 6
"""Rows of a table of levers or trades; the data hold them all."""

SHOWN = 0.005
"""A gain below this much utility is not worth a word of its own."""


def opening(deals: Deals, language: str) -> Part:
    """Return what would open an empty zone, and what would make the expected package acceptable."""
    is_empty = bool(deals.zone["is_decided"]) and not bool(deals.zone["has_zone"])
    sentences: list[str] = []
    grids: list[Grid] = []
    if is_empty:
        sentences += _moves(deals, deals.levers, "would open a zone", language)
        sentences += _paid(deals, deals.payments, "would open a zone", language)
        grids += _levers(deals, deals.levers, "Single moves that would open a zone", language)
    refusing = _refusing(deals)
    if refusing:
        names = names_of(deals, language)
        gains = expected_package(deals, language).gains
        said = listed(f"{names[party]} ({signed(gains[party])})" for party in refusing)
        sentences.append(f"The expected package is refused by {said} at the central values.")
        wish = "would make it acceptable to all"
        sentences += _moves(deals, deals.levers_for_expected, wish, language)
        sentences += _paid(deals, deals.payments_for_expected, wish, language)
        title = "Single moves that would make the expected package acceptable"
        grids += _levers(deals, deals.levers_for_expected, title, language)
    else:
        sentences.append("At the central values the expected package is acceptable to all as it stands.")
    title = "What would open a zone" if is_empty else "What would make the expected package acceptable"
    return Part("opening", title, tuple(sentences), tuple(grids))


def _refusing(deals: Deals) -> list[str]:
    gains = expected_package(deals, "en").gains
    return [party for party in parties(deals) if gains[party] < -TOLERANCE]


# --- levers --------------------------------------------------------------------------------------


def _moves(deals: Deals, levers: xr.Dataset, wish: str, language: str) -> Iterator[str]:
    rows = _enough(levers)
    if not rows:
        proved = ", as is proved" if bool(levers["is_proved"].values.all()) else ""
        yield f"No single move of one no-deal value, position or commitment {wish}{proved}."
        return
    best = levers.isel({LEVER: rows[0]})
    others = len(rows) - 1
    only = (
        "No other single move of a no-deal value, position or commitment is enough."
        if others == 0
        else f"{times(others, 'other single move')} would do as well, at no lower cost."
    )
    yield f"The smallest single move that {wish}: {_lever_words(deals, best, language)}. {only}"


def _enough(levers: xr.Dataset) -> list[int]:
    size = levers["lever_size"].values
    return [
        int(at) for at in np.flatnonzero(levers["is_enough"].values & np.isfinite(size) & (size > TOLERANCE))
    ]


def _lever_words(deals: Deals, lever: xr.Dataset, language: str) -> str:
    who = names_of(deals, language)[str(lever["lever_actor"].values)]
    kind, issue = str(lever["lever_kind"].values), str(lever["lever_issue"].values)
    start, end = float(lever["lever_from"]), float(lever["lever_to"])
    if kind == "no_deal":
        return f"no deal is worth {end:.2f} instead of {start:.2f} of utility to {who}"
    if kind == "position":
        asked = deals.document.case.issue[issue]
        low, high = asked.ends
        moved = f"{number(start, high - low)} to {number(end, high - low)}"
        return f"{who} moves from {moved} on “{asked.question.into(language)}”"
    about = " and ".join(f"“{_question(deals, one, language)}”" for one in issue.split(" + "))
    return f"{who} lets its commitment or linkage on {about} go from {start:.2f} to {end:.2f} of its cost"


def _question(deals: Deals, issue: str, language: str) -> str:
    return questions(deals, language).get(issue, issue)


def _levers(deals: Deals, levers: xr.Dataset, title: str, language: str) -> Iterator[Grid]:
    rows = tuple(
        (_capital(_lever_words(deals, one, language)), f"{float(one['lever_cost']):.3g}")
        for one in (levers.isel({LEVER: at}) for at in _enough(levers)[:MOST])
    )
    if len(rows) > 1:
        yield Grid(title, ("move", "cost"), rows, (1,))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


# --- payments ------------------------------------------------------------------------------------


def _paid(deals: Deals, paid: xr.Dataset, wish: str, language: str) -> Iterator[str]:
    if not bool(paid["is_enough"]):
        yield f"No side payment {wish}."
        return
    names = names_of(deals, language)
    money = {a: v for a, v in gains_by_actor(paid["payment"]).items() if abs(v) > TOLERANCE}
    got = listed(f"{names[a]} {v:.3f}" for a, v in money.items() if v > 0)
    gave = listed(f"{names[a]} {-v:.3f}" for a, v in money.items() if v < 0)
    outside = float(paid["outside_money"])
    sources = [f"paid by {gave}"] if gave else []
    sources += [f"{outside:.3f} from outside"] if outside > TOLERANCE else []
    if got:
        yield (
            f"Side payments that {wish}: to {got}; {', '.join(sources)} (in units of utility, as if one unit "
            "were worth the same to all)."
        )


# --- at home -------------------------------------------------------------------------------------


def home(deals: Deals, language: str) -> Part:
    """Return whether the solutions pass at home, and what those at home leave of the win sets."""
    if deals.home is None:
        return Part("home", "Does it pass at home?", ())
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
    head = ("party", "accepted by the party itself", "accepted at home as well")
    grid = Grid("Win sets, as shares of all packages", head, rows, (1, 2))
    return Part("home", "Does it pass at home?", tuple(sentences), (grid,))


def _taken(deals: Deals) -> Iterator[str]:
    """Say how many packages those at home take out of the zone, where both zones can be counted."""
    if deals.home is None:
        return
    alone = deals.inputs.assign(is_party=deals.inputs[ACTOR].isin(deals.home[PRINCIPAL].values))
    before, after = zone(alone), deals.zone
    if bool(before["has_zone"]) and bool(before["is_counted"]) and bool(after["is_counted"]):
        wide, left = (float(one["acceptable_count"]) for one in (before, after))
        yield (
            f"Without those who ratify at home {wide:,.0f} packages would be acceptable; they leave "
            f"{left:,.0f} ({percent(left / wide)})."
        )
    elif not bool(before["has_zone"]):
        yield "Without those who ratify at home there would be no zone either."


def _share(found: xr.Dataset, name: str, at: int) -> str:
    return f"{float(found[name].values[at]) * 100:.1f} %"


def _ratified(deals: Deals) -> Iterator[str]:
    if deals.ratified is None:
        yield "No solution picks a package, so there is nothing to ratify."
        return
    rules = [str(rule) for rule in deals.solutions["rule"].values]
    passed = deals.ratified["is_ratified"].values[0]
    failing = [rule for rule, passes in zip(rules, passed, strict=True) if not passes]
    if not failing:
        yield "Each solution's package passes at home, as it must: those who ratify count as parties."
    else:
        yield f"These do not pass at home: {rule_names(failing)}."


# --- exchanges and steps -------------------------------------------------------------------------


def exchanging(deals: Deals, language: str) -> Part:
    """Return the best exchanges, what settling together adds, and the way to the frontier."""
    sentences = (*_trade_count(deals), *_together(deals, language), *_steps(deals, language))
    grids = (*_trades(deals, language), *_way(deals, language))
    return Part("exchange", "Exchanges across issues", sentences, grids)


def _trade_count(deals: Deals) -> Iterator[str]:
    count = deals.trades.sizes[TRADE]
    if count == 0:
        yield "From what holds without agreement no two parties gain by an exchange on two issues."
    else:
        yield (
            f"From what holds without agreement two parties both gain by {times(count, 'exchange')} on two "
            "issues; other parties may lose by them."
        )


def _trades(deals: Deals, language: str) -> Iterator[Grid]:
    names, rows = names_of(deals, language), []
    for at in range(min(deals.trades.sizes[TRADE], MOST)):
        trade = deals.trades.isel({TRADE: at})
        who = [str(actor) for actor in trade["trade_actor"].values]
        gives = [_given(deals, trade, side, language) for side in (0, 1)]
        gain = gains_by_actor(trade["trade_gain"])
        others = {p: gain[p] for p in parties(deals) if p not in who and abs(gain[p]) >= SHOWN}
        own = ", ".join(f"{names[p]} {signed(gain[p])}" for p in who)
        rest = ", ".join(f"{names[p]} {signed(v)}" for p, v in others.items())
        rows.append((*(f"{names[p]}: {text}" for p, text in zip(who, gives, strict=True)), own, rest))
    if rows:
        head = ("one gives way", "the other gives way", "they gain", "other parties")
        yield Grid("The exchanges from which both gain most", head, tuple(rows))


def _given(deals: Deals, trade: xr.Dataset, side: int, language: str) -> str:
    issue = str(trade["trade_issue"].values[side])
    start, end = (int(trade[name].values[side]) for name in ("option_from", "option_to"))
    return _change(deals, issue, start, end, language)


def _change(deals: Deals, issue: str, start: int, end: int, language: str) -> str:
    before, after = (option_brief(deals, issue, place, language) for place in (start, end))
    return f"“{_question(deals, issue, language)}” from {before} to {after}"


def _together(deals: Deals, language: str) -> Iterator[str]:
    gain = gains_by_actor(deals.exchange["exchange_gain"])
    if not all(np.isfinite(gain[party]) for party in parties(deals)):
        return
    names = names_of(deals, language)
    said = listed(f"{names[party]} {signed(gain[party])}" for party in parties(deals))
    yield f"Settling all issues together instead of each alone adds: {said} of utility."


def _steps(deals: Deals, language: str) -> Iterator[str]:
    count = deals.steps.sizes[STEP] - 1
    if count <= 0:
        yield "The expected package is efficient: no party can gain without another's loss."
        return
    names = names_of(deals, language)
    gain = gains_by_actor(deals.steps["step_gain"].sum(STEP))
    said = listed(f"{names[p]} {signed(gain[p])}" for p in parties(deals))
    start = gains_by_actor(deals.steps["utility"].isel({STEP: -1}) - deals.inputs["reservation"])
    below = [names[p] for p in parties(deals) if start[p] < -TOLERANCE]
    still = f"; {listed(below)} would still find no deal better" if below else "; then all accept"
    yield (
        f"From the expected package {times(count, 'step')} that cost no party anything lead to the frontier "
        f"({said}{still})."
    )


def _way(deals: Deals, language: str) -> Iterator[Grid]:
    rows = []
    issues = [str(issue) for issue in deals.steps[ISSUE].values]
    for at in range(1, deals.steps.sizes[STEP]):
        step, before = deals.steps.isel({STEP: at}), deals.steps.isel({STEP: at - 1})
        moved = [
            _change(deals, issue, int(before["package"].values[k]), int(step["package"].values[k]), language)
            for k, issue in enumerate(issues)
            if step["is_changed"].values[k]
        ]
        rows.append((str(at), "; ".join(moved)))
    if rows:
        yield Grid("Steps from the expected package to the frontier", ("step", "what changes"), tuple(rows))
