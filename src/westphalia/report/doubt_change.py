"""What would change the answer: single moves that bring a forecast to a point, and the case's scenarios."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import xarray as xr

from westphalia.analyses.forecasts import DEFAULT_METHOD, PREDICTIVE
from westphalia.charts.positions import Scale
from westphalia.charts.words import FloatArray, listed, number, percent, spread
from westphalia.labels import DRAW, ISSUE, LEVER, METHOD
from westphalia.language import decimal, said, said_n
from westphalia.report.changes import change_words
from westphalia.report.doubt import Asked, shares_of
from westphalia.report.grid import Grid, Part
from westphalia.report.unknowns import WORDS
from westphalia.report.values import actor_name
from westphalia.report.words import interval
from westphalia.runs.study import Study
from westphalia.runs.whatif import WhatIf

CHEAPEST = 3
"""Changes that are listed for an issue."""


def changing(asked: Asked) -> Iterator[Part]:
    """Yield what would change the answer: levers, then scenarios."""
    yield from _levers(asked)
    yield from _scenarios(asked)


# --- levers --------------------------------------------------------------------------------------


def _levers(asked: Asked) -> Iterator[Part]:
    title = said("What would move the answer")
    levers = asked.doubt.levers
    if not levers:
        reason = asked.doubt.reasons.get("levers")
        if reason:
            yield Part("levers", title, (said("No levers are known: {reason}", reason=reason),))
        return
    draws = next(iter(levers.values())).attrs["draws"]
    first = said_n(
        "The smallest single changes after which the compromise mean, at the central values, would reach the "
        "nearest stated point of its scale. A move over the whole scale, from no salience to all, and by as "
        "much capability as there is, cost 1 each. “Enough in” is the share of {n} draw in which the change "
        "would do, within 4 points; near one half where the doubt is even on both sides.",
        "The smallest single changes after which the compromise mean, at the central values, would reach the "
        "nearest stated point of its scale. A move over the whole scale, from no salience to all, and by as "
        "much capability as there is, cost 1 each. “Enough in” is the share of {n} draws in which the change "
        "would do, within 4 points; near one half where the doubt is even on both sides.",
        draws,
    )
    second = said("They say what would be enough, not that anybody would do it.")
    rows = tuple(_cheapest(asked, issue, found) for issue, found in levers.items())
    head = (said("to bring about"), said("cheapest"), said("next"), said("third"))
    cheapest = Grid(said("The cheapest changes by anyone"), head, rows)
    yield Part("levers", title, (first, second), (cheapest, *_own(asked)))


def wish_words(asked: Asked, issue: str, found: xr.Dataset) -> str:
    """Return what a lever is to bring about: an issue at a point or beyond it."""
    scale = asked.scales[issue]
    side = "at_least" if "at_least" in found.attrs else "at_most"
    point = float(found.attrs[side])
    meaning = dict(scale.points).get(point, "")
    place = {"question": scale.question, "point": decimal(f"{point:g}")}
    wish = (
        said("{question} {point} or higher", **place)
        if side == "at_least"
        else said("{question} {point} or lower", **place)
    )
    return f"{wish} ({meaning})" if meaning else wish


def _cheapest(asked: Asked, issue: str, found: xr.Dataset) -> tuple[str, ...]:
    enough = np.flatnonzero(found["is_enough"].values)[:CHEAPEST].tolist()
    told = [_lever_words(asked, issue, found.isel({LEVER: at})) for at in enough]
    if len(told) < CHEAPEST:
        told.append(said("no other is enough") if told else said("no single change is enough"))
    return (wish_words(asked, issue, found), *[*told, "", ""][:CHEAPEST])


def _lever_words(asked: Asked, issue: str, one: xr.Dataset) -> str:
    kind = str(one["lever_kind"].values)
    scale = asked.scales[issue]
    start, end = (_sized(kind, float(one[name]), scale) for name in ("lever_from", "lever_to"))
    who = actor_name(str(one["lever_actor"].values), asked.case, asked.language)
    return said(
        "{actor}: {what} {start} to {end}; cost {cost}, enough in {share}",
        actor=who,
        what=said(WORDS[kind]),
        start=start,
        end=end,
        cost=decimal(f"{float(one['lever_cost']):.2g}"),
        share=percent(float(one["suffices_probability"])),
    )


def _sized(kind: str, value: float, scale: Scale) -> str:
    if kind == "position":
        return number(value, scale.length)
    return decimal(f"{value:.2g}" if value < 1 else f"{value:.3g}")


def _own(asked: Asked) -> Iterator[Grid]:
    """Yield what each party whose consent is needed could do by moving its own position."""
    agreement = asked.case.agreement
    if agreement is None:
        return
    parties = list(agreement.required)
    rows = tuple(
        (wish_words(asked, issue, found), *(_by(asked, issue, found, party) for party in parties))
        for issue, found in asked.doubt.levers.items()
    )
    head = (said("to bring about"), *(actor_name(party, asked.case, asked.language) for party in parties))
    yield Grid(said("What each party could do alone, by moving its own position"), head, rows)


def _by(asked: Asked, issue: str, found: xr.Dataset, party: str) -> str:
    mine = (found["lever_actor"].values == party) & (found["lever_kind"].values == "position")
    at = np.flatnonzero(mine)
    if not len(at):
        return said("takes no stand")
    one = found.isel({LEVER: int(at[0])})
    if not bool(one["is_enough"]):
        return said("not enough, however far")
    scale = asked.scales[issue]
    start, end = (number(float(one[name]), scale.length) for name in ("lever_from", "lever_to"))
    share = percent(float(one["suffices_probability"]))
    return said("{start} to {end}, enough in {share}", start=start, end=end, share=share)


# --- scenarios -----------------------------------------------------------------------------------


def _scenarios(asked: Asked) -> Iterator[Part]:
    ran = asked.doubt.scenarios
    reason = asked.doubt.reasons.get("scenarios")
    if reason:
        told = said("The scenarios cannot be run: {reason}", reason=reason)
        yield Part("scenarios", said("What if"), (told,))
    if not ran:
        return
    draws = next(iter(ran.values())).base.forecast.attrs["draws"]
    first = said_n(
        "Scenarios of the case beside the case as it is, over {n} draw that both share, so that the spread "
        "is the doubt about what the change does to the compromise mean, not about where it lies. The "
        "default forecast, which holds the error of such forecasts too, is told below.",
        "Scenarios of the case beside the case as it is, over {n} draws that both share, so that the spread "
        "is the doubt about what the change does to the compromise mean, not about where it lies. The "
        "default forecast, which holds the error of such forecasts too, is told below.",
        draws,
    )
    grounds = (_grounds(asked, name, one) for name, one in ran.items())
    tables, chart = tuple(_tables(asked)), scenario_chart_id(asked)
    yield Part("scenarios", said("What if"), (first, *grounds), tables, chart)


def _grounds(asked: Asked, name: str, one: WhatIf) -> str:
    scenario = next(each for each in asked.case.scenarios if each.id == name)
    rests = []
    if scenario.evidence:
        rests.append(said("evidence {statements}", statements=listed(scenario.evidence)))
    if scenario.assumption:
        rests.append(said("assumption: {assumption}", assumption=scenario.assumption))
    return said(
        "“{scenario}”: {changes}. It rests on {grounds}",
        scenario=scenario.title.into(asked.language),
        changes="; ".join(change_words(change, asked.case, asked.language) for change in one.changes),
        grounds="; ".join(rests) or said("nothing that the case states"),
    )


def _tables(asked: Asked) -> Iterator[Grid]:
    ran = asked.doubt.scenarios
    titles = {each.id: each.title.into(asked.language) for each in asked.case.scenarios if each.id in ran}
    first = next(iter(ran.values())).base
    rows = tuple(
        (scale.question, interval(base, scale), *(_moved(one, issue, scale) for one in ran.values()))
        for issue, scale in asked.scales.items()
        for base in (_drawn(first, DEFAULT_METHOD, issue),)
    )
    head = (said("issue"), said("compromise mean as it is"), *(titles[name] for name in ran))
    yield Grid(said("What each scenario moves, at the median (90 % of draws)"), head, rows)
    yield _beside(asked, titles)
    accepting = {name: one.accepting() for name, one in ran.items()}
    actors = list(dict.fromkeys(actor for shares in accepting.values() for actor in shares))
    if actors:
        shown = tuple(_accepted(asked, actor, list(accepting.values())) for actor in actors)
        head = (said("actor"), said("as it is"), *(titles[name] for name in ran))
        title = said("Who would accept the compromise mean's package, in how many draws")
        yield Grid(title, head, shown, tuple(range(1, len(head))))


def _beside(asked: Asked, titles: dict[str, str]) -> Grid:
    """Return the default forecast with and without each scenario, its own error included."""
    ran = asked.doubt.scenarios
    studies = [next(iter(ran.values())).base, *(one.changed for one in ran.values())]
    rows = tuple(
        (scale.question, *(interval(_drawn(study, PREDICTIVE, issue), scale) for study in studies))
        for issue, scale in asked.scales.items()
    )
    head = (said("issue"), said("as it is"), *(titles[name] for name in ran))
    return Grid(said("The default forecast beside it: median (90 % of what is possible)"), head, rows)


def _drawn(study: Study, method: str, issue: str) -> FloatArray:
    values: FloatArray = study.forecast["forecast"].sel({METHOD: method, ISSUE: issue}).values
    return values


def _moved(one: WhatIf, issue: str, scale: Scale) -> str:
    if "difference" not in one.difference or issue not in one.difference[ISSUE].values:
        return said("no forecast")
    values = one.difference["difference"].sel({METHOD: DEFAULT_METHOD, ISSUE: issue}).values
    if not np.abs(values).max() > 0:
        return said("does not move it")
    held = spread(values)
    low, middle, high = (_signed(held[name], scale) for name in ("low90", "median", "high90"))
    moved = said("{median} ({low} to {high})", median=middle, low=low, high=high)
    return f"{moved}, {shares_of(values)}"


def _signed(value: float, scale: Scale) -> str:
    text = number(value, scale.length)
    is_above = value > 0 and text != number(0.0, scale.length)
    return f"+{text}" if is_above else text


def _accepted(
    asked: Asked, actor: str, shares: list[dict[str, tuple[float | None, float | None]]]
) -> tuple[str, ...]:
    base = shares[0].get(actor, (None, None))[0]
    after = (found.get(actor, (None, None))[1] for found in shares)
    told = ("–" if share is None else percent(share) for share in (base, *after))
    return (actor_name(actor, asked.case, asked.language), *told)


def most_moved(asked: Asked) -> str | None:
    """Return the issue that some scenario moves furthest, as a share of its scale; None if none moves."""
    far: dict[str, float] = {}
    for one in asked.doubt.scenarios.values():
        if "difference" not in one.difference:
            continue
        middle = one.difference["difference"].sel({METHOD: DEFAULT_METHOD}).median(DRAW)
        for issue in set(middle[ISSUE].values.tolist()) & set(asked.scales):
            share = abs(float(middle.sel({ISSUE: issue}))) / asked.scales[issue].length
            far[issue] = max(far.get(issue, 0.0), share)
    first = max(asked.scales, key=lambda issue: far.get(issue, 0.0), default=None)
    return first if first is not None and far.get(first, 0.0) > 0 else None


def scenario_chart_id(asked: Asked) -> str:
    """Return the id of the picture of the issue that scenarios move most, empty if none does."""
    issue = most_moved(asked)
    return f"scenarios-{issue}" if issue else ""
