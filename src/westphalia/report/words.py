"""What is expected issue by issue, how sure that is, and what the evidence leaves open, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from westphalia.analyses.forecasts import of_inputs_alone
from westphalia.case.schema import CaseFile
from westphalia.charts.positions import Scale
from westphalia.charts.shares import leads_alone, support
from westphalia.charts.words import FloatArray, listed, number, percent, spread, times
from westphalia.labels import ISSUE, METHOD
from westphalia.report.values import actor_name, nearest_meaning, scale_of
from westphalia.runs.study import Study

DISAGREEMENT = 0.15
"""Share of an issue's scale by which medians must differ for methods to count as disagreeing."""

WIDTHS = ((0.15, "narrow"), (0.35, "moderate"), (0.6, "wide"), (np.inf, "so wide that it says little"))
"""How wide the middle 90 % of draws is, as a share of the scale, in words: up to each bound."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """What is expected on one issue, in sentences, and how sure that is."""

    issue: str
    question: str
    expected: str
    sureness: str
    others: str
    disagreement: str


def expectations(study: Study, titles: Mapping[str, str], language: str) -> tuple[Expectation, ...]:
    """Return what the methods expect on every issue, in the order of the case."""
    found: list[Expectation] = []
    for issue in study.document.case.issues:
        if issue.kind == "nominal":
            found.extend(_nominal(study, issue.id, language))
        elif "forecast" in study.forecast:
            found.append(_scaled(study, scale_of(issue, language), titles))
    return tuple(found)


def _scaled(study: Study, scale: Scale, titles: Mapping[str, str]) -> Expectation:
    draws = by_method(study, scale.issue)
    outcome = outcomes(study, scale.issue)
    if not draws:
        said = "No method gives a result." if outcome is None else _told(outcome, scale)
        return Expectation(scale.issue, scale.question, said, "", "", "")
    first, *rest = draws
    title = titles.get(first, first)
    others = listed(f"{titles.get(method, method)} {interval(draws[method], scale)}" for method in rest)
    expected = _expected(title, draws[first], scale) if outcome is None else _told(outcome, scale)
    return Expectation(
        issue=scale.issue,
        question=scale.question,
        expected=expected,
        sureness=_sureness(title, draws[first], outcome is not None, scale),
        others=f"Beside it, by the inputs alone: {others}." if others else "",
        disagreement=_disagreement({titles.get(m, m): draws[m] for m in draws}, scale),
    )


def by_method(study: Study, issue: str) -> dict[str, FloatArray]:
    """Return the draws of each method that finds something by the inputs alone, the mean first."""
    if "forecast" not in study.forecast:
        return {}
    forecast = of_inputs_alone(study.forecast["forecast"]).sel({ISSUE: issue})
    found = {str(name): finite(forecast.sel({METHOD: name}).values) for name in forecast[METHOD].values}
    return {method: values for method, values in found.items() if values.size}


def outcomes(study: Study, issue: str) -> FloatArray | None:
    """Return the draws of the default forecast on an issue, the method's own error included."""
    if study.outcome is None:
        return None
    values: FloatArray = study.outcome["outcome"].sel({ISSUE: issue}).values
    return values


def finite(values: FloatArray) -> FloatArray:
    """Return the values that are finite: a draw in which a method finds nothing is left out."""
    kept: FloatArray = values[np.isfinite(values)]
    return kept


def interval(values: FloatArray, scale: Scale) -> str:
    """Return median and the middle 90 % of draws: a figure is never given without its spread."""
    show = {name: number(value, scale.length) for name, value in spread(values).items()}
    return f"{show['median']} (90 %: {show['low90']} to {show['high90']})"


def _told(outcome: FloatArray, scale: Scale) -> str:
    """Return the default forecast: where half of the possible outcomes lie, and nine in ten."""
    show = {name: number(value, scale.length) for name, value in spread(outcome).items()}
    taken = width(outcome, scale)
    return (
        f"Expected: {_placed(outcome, scale)}. Half of the possible outcomes lie between {show['low50']} and "
        f"{show['high50']}, 90 % between {show['low90']} and {show['high90']}, a stretch of {percent(taken)} "
        f"of the scale ({width_word(taken)}), by these inputs and the error of such forecasts in the past."
    )


def _expected(title: str, values: FloatArray, scale: Scale) -> str:
    show = {name: number(value, scale.length) for name, value in spread(values).items()}
    return (
        f"{title}: {_placed(values, scale)}. Half of the draws lie between {show['low50']} and "
        f"{show['high50']}, 90 % between {show['low90']} and {show['high90']}."
    )


def _placed(values: FloatArray, scale: Scale) -> str:
    """Return the median on its scale, with the stated points it is near to."""
    unit = f" ({scale.unit})" if scale.unit else ""
    ends = f"{scale.points[0][0]:g} to {scale.points[-1][0]:g}"
    middle = float(np.median(values))
    return f"{number(middle, scale.length)} on the scale from {ends}{unit}, {nearest_meaning(middle, scale)}"


def width(values: FloatArray, scale: Scale) -> float:
    """Return how much of the scale the middle 90 % of draws takes, 0 to 1."""
    taken = spread(values)
    return (taken["high90"] - taken["low90"]) / scale.length


def width_word(share: float) -> str:
    """Return the word for a spread that takes this share of the scale."""
    return next(word for bound, word in WIDTHS if share <= bound)


def _sureness(title: str, values: FloatArray, is_beside: bool, scale: Scale) -> str:
    """Return what the doubt in the inputs alone leaves open; beside the default forecast with its place."""
    own = width(values, scale)
    open_ = f"leaves a {percent(own)} stretch of the scale open ({width_word(own)})"
    if not is_beside:
        return f"The doubt in the inputs alone {open_}."
    return f"The doubt in the inputs alone {open_}: {title} {interval(values, scale)}."


def _disagreement(draws: Mapping[str, FloatArray], scale: Scale) -> str:
    default, *others = draws
    middle = float(np.median(draws[default]))
    far = []
    for method in others:
        apart = (float(np.median(draws[method])) - middle) / scale.length
        if abs(apart) > DISAGREEMENT:
            side = "higher" if apart > 0 else "lower"
            far.append(f"{method} lies {percent(abs(apart))} of the scale {side} than {default}")
    return f"{'; '.join(far)}." if far else ""


def _nominal(study: Study, issue: str, language: str) -> Iterator[Expectation]:
    question = study.document.case.issue[issue]
    meaning = {str(option): text.into(language) for option, text in question.scale.items()}
    for result in study.results.values():
        if "share" not in result or issue not in result[ISSUE].values:
            continue
        places = {option: at for at, option in enumerate(meaning)}
        leads = {option: leads_alone(result, issue, at) for option, at in places.items()}
        first = max(leads, key=lambda option: leads[option])
        held = spread(support(result, issue, places[first]))
        expected = (
            f"“{meaning[first]}” has the most weighted support in {percent(leads[first])} of the draws: "
            f"{percent(held['median'])} of the weight at the median, 90 % of draws between "
            f"{percent(held['low90'])} and {percent(held['high90'])}."
        )
        rest = [f"“{meaning[o]}” {percent(s)}" for o, s in leads.items() if o != first and s > 0]
        others = f"Otherwise {listed(rest)} of the draws." if rest else "No other option leads in any draw."
        yield Expectation(issue, question.question.into(language), expected, _lead(leads[first]), others, "")


def _lead(share: float) -> str:
    if share >= 0.9:
        return "The doubt in the inputs hardly touches which option leads."
    return (
        "The doubt in the inputs can change which option leads."
        if share >= 0.6
        else "Which option leads is open."
    )


# --- what is not settled by the evidence ----------------------------------------------------------


def contradictions(case: CaseFile) -> tuple[tuple[str, str], ...]:
    """Return the pairs of statements of which one contradicts the other, each pair once."""
    pairs: dict[frozenset[str], tuple[str, str]] = {}
    for statement in case.coded:
        for other in statement.contradicts:
            if other in case.statement and other != statement.id:
                pairs.setdefault(frozenset((statement.id, other)), (other, statement.id))
    return tuple(pairs.values())


def differing(study: Study) -> tuple[tuple[str, str], ...]:
    """Return actor and issue of the derived stands whose accounts put the actor at different places."""
    found = []
    for stand in study.stands:
        if stand.origin != "derived":
            continue
        parts = getattr(stand.position, "components", ())
        apart = bool(parts) and max(part.low for part in parts) > min(part.high for part in parts)
        if apart or len(stand.chances or {}) > 1:
            found.append((stand.actor, stand.issue))
    return tuple(found)


def unsettled(study: Study, language: str) -> tuple[str, ...]:
    """Return what the evidence leaves open, in sentences."""
    case = study.document.case
    pairs, apart = contradictions(case), differing(study)
    backings = [
        backing
        for stand in study.stands
        for backing in (stand.position_backing, stand.salience_backing, stand.capability_backing)
    ]
    kinds = [backing.kind for backing in backings]
    said = []
    if pairs:
        said.append(f"{times(len(pairs), 'pair')} of statements contradict each other.")
    if apart:
        where = listed(
            f"{actor_name(a, case, language)} on “{case.issue[i].question.into(language)}”" for a, i in apart
        )
        said.append(f"Accounts of where an actor stands differ for {where}; a draw believes one of them.")
    assumed, nothing = kinds.count("assumption"), kinds.count("nothing")
    if assumed:
        said.append(
            f"{assumed} of {times(len(kinds), 'value')} of the stands ({percent(assumed / len(kinds))}) rest "
            "on an assumption that no statement supports."
        )
    if nothing:
        said.append(f"{times(nothing, 'value')} rest on nothing the case states.")
    return tuple(said) or ("Every value rests on statements, and no statement contradicts another.",)
