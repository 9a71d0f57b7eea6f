"""What would change the answer: single moves that bring a forecast to a point, and the case's scenarios."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import xarray as xr

from westphalia.analyses.forecasts import DEFAULT_METHOD, PREDICTIVE
from westphalia.case.scenarios import Change
from westphalia.charts.positions import Scale
from westphalia.charts.words import FloatArray, listed, number, percent, spread, times
from westphalia.labels import DRAW, ISSUE, LEVER, METHOD
from westphalia.report.doubt import Asked, shares_of
from westphalia.report.grid import Grid, Part
from westphalia.report.unknowns import unknown_name
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
    title = "What would move the answer"
    levers = asked.doubt.levers
    if not levers:
        reason = asked.doubt.reasons.get("levers")
        if reason:
            yield Part("levers", title, (f"No levers are known: {reason}",))
        return
    draws = next(iter(levers.values())).attrs["draws"]
    first = (
        f"The smallest single changes after which the {asked.mean}, at the central values, would reach the "
        "nearest stated point of its scale. A move over the whole scale, from no salience to all, and by as "
        f"much capability as there is, cost 1 each. “Enough in” is the share of {times(draws, 'draw')} in "
        "which the change would do, within 4 points; near one half where the doubt is even on both sides."
    )
    second = "They say what would be enough, not that anybody would do it."
    rows = tuple(_cheapest(asked, issue, found) for issue, found in levers.items())
    cheapest = Grid("The cheapest changes by anyone", ("to bring about", "cheapest", "next", "third"), rows)
    yield Part("levers", title, (first, second), (cheapest, *_own(asked)))


def wish_words(asked: Asked, issue: str, found: xr.Dataset) -> str:
    """Return what a lever is to bring about: an issue at a point or beyond it."""
    scale = asked.scales[issue]
    side = "at_least" if "at_least" in found.attrs else "at_most"
    point = float(found.attrs[side])
    more = "or higher" if side == "at_least" else "or lower"
    meaning = dict(scale.points).get(point, "")
    return f"{scale.question} {point:g} {more}" + (f" ({meaning})" if meaning else "")


def _cheapest(asked: Asked, issue: str, found: xr.Dataset) -> tuple[str, ...]:
    enough = np.flatnonzero(found["is_enough"].values)[:CHEAPEST].tolist()
    said = [_lever_words(asked, issue, found.isel({LEVER: at})) for at in enough]
    lacking = ["no single change is enough"] if not said else ["no other is enough"] * (len(said) < CHEAPEST)
    return (wish_words(asked, issue, found), *[*said, *lacking, "", ""][:CHEAPEST])


def _lever_words(asked: Asked, issue: str, one: xr.Dataset) -> str:
    kind = str(one["lever_kind"].values)
    scale = asked.scales[issue]
    start, end = (_sized(kind, float(one[name]), scale) for name in ("lever_from", "lever_to"))
    who = actor_name(str(one["lever_actor"].values), asked.case, asked.language)
    share = percent(float(one["suffices_probability"]))
    return f"{who}: {kind} {start} to {end}; cost {float(one['lever_cost']):.2g}, enough in {share}"


def _sized(kind: str, value: float, scale: Scale) -> str:
    return (
        number(value, scale.length) if kind == "position" else f"{value:.2g}" if value < 1 else f"{value:.3g}"
    )


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
    head = ("to bring about", *(actor_name(party, asked.case, asked.language) for party in parties))
    yield Grid("What each party could do alone, by moving its own position", head, rows)


def _by(asked: Asked, issue: str, found: xr.Dataset, party: str) -> str:
    mine = (found["lever_actor"].values == party) & (found["lever_kind"].values == "position")
    at = np.flatnonzero(mine)
    if not len(at):
        return "takes no stand"
    one = found.isel({LEVER: int(at[0])})
    if not bool(one["is_enough"]):
        return "not enough, however far"
    scale = asked.scales[issue]
    start, end = (number(float(one[name]), scale.length) for name in ("lever_from", "lever_to"))
    return f"{start} to {end}, enough in {percent(float(one['suffices_probability']))}"


# --- scenarios -----------------------------------------------------------------------------------


def _scenarios(asked: Asked) -> Iterator[Part]:
    ran = asked.doubt.scenarios
    reason = asked.doubt.reasons.get("scenarios")
    if reason:
        yield Part("scenarios", "What if", (f"The scenarios cannot be run: {reason}",))
    if not ran:
        return
    draws = next(iter(ran.values())).base.forecast.attrs["draws"]
    first = (
        f"Scenarios of the case beside the case as it is, over {times(draws, 'draw')} that both share, so "
        f"that the spread is the doubt about what the change does to the {asked.mean}, not about where it "
        "lies. The default forecast, which holds the error of such forecasts too, is told below."
    )
    said = (_grounds(asked, name, one) for name, one in ran.items())
    yield Part("scenarios", "What if", (first, *said), tuple(_tables(asked)), scenario_chart_id(asked))


def _grounds(asked: Asked, name: str, one: WhatIf) -> str:
    scenario = next(each for each in asked.case.scenarios if each.id == name)
    rests = [f"evidence {listed(scenario.evidence)}"] if scenario.evidence else []
    if scenario.assumption:
        rests.append(f"assumption: {scenario.assumption}")
    title = scenario.title.into(asked.language)
    changes = "; ".join(_change_words(asked, change) for change in one.changes)
    return f"“{title}”: {changes}. It rests on {'; '.join(rests) or 'nothing that the case states'}"


def _change_words(asked: Asked, change: Change) -> str:
    who = listed(actor_name(actor, asked.case, asked.language) for actor in change.shift)
    if who and change.on is not None:
        return f"{who} {change.by:+g} on “{asked.case.issue[change.on].question.into(asked.language)}”"
    if change.set is not None:
        return f"{unknown_name(asked.case, change.set, asked.language)} {str(change).partition(' = ')[2]}"
    if change.scale_capability and change.on is None:
        who = listed(actor_name(actor, asked.case, asked.language) for actor in change.scale_capability)
        return f"capability of {who} × {change.by:g}"
    return str(change)


def _tables(asked: Asked) -> Iterator[Grid]:
    ran = asked.doubt.scenarios
    titles = {each.id: each.title.into(asked.language) for each in asked.case.scenarios if each.id in ran}
    first = next(iter(ran.values())).base
    rows = tuple(
        (scale.question, interval(base, scale), *(_moved(one, issue, scale) for one in ran.values()))
        for issue, scale in asked.scales.items()
        for base in (_drawn(first, DEFAULT_METHOD, issue),)
    )
    head = (f"{asked.mean} as it is", *(titles[name] for name in ran))
    yield Grid("What each scenario moves, at the median (90 % of draws)", ("issue", *head), rows)
    yield _beside(asked, titles)
    accepting = {name: one.accepting() for name, one in ran.items()}
    actors = list(dict.fromkeys(actor for shares in accepting.values() for actor in shares))
    if actors:
        shown = tuple(_accepted(asked, actor, list(accepting.values())) for actor in actors)
        head = ("actor", "as it is", *(titles[name] for name in ran))
        title = f"Who would accept the {asked.mean}'s package, in how many draws"
        yield Grid(title, head, shown, tuple(range(1, len(head))))


def _beside(asked: Asked, titles: dict[str, str]) -> Grid:
    """Return the default forecast with and without each scenario, its own error included."""
    ran = asked.doubt.scenarios
    studies = [next(iter(ran.values())).base, *(one.changed for one in ran.values())]
    rows = tuple(
        (scale.question, *(interval(_drawn(study, PREDICTIVE, issue), scale) for study in studies))
        for issue, scale in asked.scales.items()
    )
    head = ("issue", "as it is", *(titles[name] for name in ran))
    return Grid("The default forecast beside it: median (90 % of what is possible)", head, rows)


def _drawn(study: Study, method: str, issue: str) -> FloatArray:
    values: FloatArray = study.forecast["forecast"].sel({METHOD: method, ISSUE: issue}).values
    return values


def _moved(one: WhatIf, issue: str, scale: Scale) -> str:
    if "difference" not in one.difference or issue not in one.difference[ISSUE].values:
        return "no forecast"
    values = one.difference["difference"].sel({METHOD: DEFAULT_METHOD, ISSUE: issue}).values
    if not np.abs(values).max() > 0:
        return "does not move it"
    held = spread(values)
    low, middle, high = (_signed(held[name], scale) for name in ("low90", "median", "high90"))
    return f"{middle} ({low} to {high}), {shares_of(values)}"


def _signed(value: float, scale: Scale) -> str:
    text = number(value, scale.length)
    return text if value <= 0 or not float(text) else f"+{text}"


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
