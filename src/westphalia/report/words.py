"""What is expected issue by issue, how sure that is, and what the evidence leaves open, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from westphalia.analyses.forecasts import of_inputs_alone
from westphalia.case.schema import CaseFile
from westphalia.charts.positions import Scale
from westphalia.charts.shares import leads_alone, support
from westphalia.charts.words import FloatArray, listed, number, percent, spread
from westphalia.labels import ISSUE, METHOD
from westphalia.language import marked, said, said_n
from westphalia.report.values import actor_name, nearest_meaning, scale_of
from westphalia.runs.study import Study

DISAGREEMENT = 0.15
"""Share of an issue's scale by which medians must differ for methods to count as disagreeing."""

WIDTHS = (
    (0.15, marked("narrow")),
    (0.35, marked("moderate")),
    (0.6, marked("wide")),
    (np.inf, marked("so wide that it says little")),
)
"""How wide the middle 90 % of draws is, as a share of the scale, in words: up to each bound."""

_HIGHER = marked("{method} lies {share} of the scale higher than {default}")
_LOWER = marked("{method} lies {share} of the scale lower than {default}")


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
        told = said("No method gives a result.") if outcome is None else _told(outcome, scale)
        return Expectation(scale.issue, scale.question, told, "", "", "")
    first, *rest = draws
    title = titles.get(first, first)
    others = listed(f"{titles.get(method, method)} {interval(draws[method], scale)}" for method in rest)
    expected = _expected(title, draws[first], scale) if outcome is None else _told(outcome, scale)
    return Expectation(
        issue=scale.issue,
        question=scale.question,
        expected=expected,
        sureness=_sureness(title, draws[first], outcome is not None, scale),
        others=said("Beside it, by the inputs alone: {others}.", others=others) if others else "",
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
    return said("{median} (90 %: {low90} to {high90})", **show)


def _told(outcome: FloatArray, scale: Scale) -> str:
    """Return the default forecast: where half of the possible outcomes lie, and nine in ten."""
    show = {name: number(value, scale.length) for name, value in spread(outcome).items()}
    taken = width(outcome, scale)
    return said(
        "Expected: {place}. Half of the possible outcomes lie between {low50} and {high50}, 90 % between "
        "{low90} and {high90}, a stretch of {share} of the scale ({width}), by these inputs and the error of "
        "such forecasts in the past.",
        place=_placed(outcome, scale),
        share=percent(taken),
        width=width_word(taken),
        **show,
    )


def _expected(title: str, values: FloatArray, scale: Scale) -> str:
    show = {name: number(value, scale.length) for name, value in spread(values).items()}
    return said(
        "{method}: {place}. Half of the draws lie between {low50} and {high50}, 90 % between {low90} and "
        "{high90}.",
        method=title,
        place=_placed(values, scale),
        **show,
    )


def _placed(values: FloatArray, scale: Scale) -> str:
    """Return the median on its scale, with the stated points it is near to."""
    unit = f" ({scale.unit})" if scale.unit else ""
    middle = float(np.median(values))
    return said(
        "{value} on the scale from {low} to {high}{unit}, {near}",
        value=number(middle, scale.length),
        low=f"{scale.points[0][0]:g}",
        high=f"{scale.points[-1][0]:g}",
        unit=unit,
        near=nearest_meaning(middle, scale),
    )


def width(values: FloatArray, scale: Scale) -> float:
    """Return how much of the scale the middle 90 % of draws takes, 0 to 1."""
    taken = spread(values)
    return (taken["high90"] - taken["low90"]) / scale.length


def width_word(share: float) -> str:
    """Return the word for a spread that takes this share of the scale."""
    return said(next(word for bound, word in WIDTHS if share <= bound))


def _sureness(title: str, values: FloatArray, is_beside: bool, scale: Scale) -> str:
    """Return what the doubt in the inputs alone leaves open; beside the default forecast with its place."""
    own = width(values, scale)
    held = {"share": percent(own), "width": width_word(own)}
    if not is_beside:
        return said(
            "The doubt in the inputs alone leaves a {share} stretch of the scale open ({width}).", **held
        )
    return said(
        "The doubt in the inputs alone leaves a {share} stretch of the scale open ({width}): "
        "{method} {value}.",
        method=title,
        value=interval(values, scale),
        **held,
    )


def _disagreement(draws: Mapping[str, FloatArray], scale: Scale) -> str:
    default, *others = draws
    middle = float(np.median(draws[default]))
    far = []
    for method in others:
        apart = (float(np.median(draws[method])) - middle) / scale.length
        if abs(apart) > DISAGREEMENT:
            text = _HIGHER if apart > 0 else _LOWER
            far.append(said(text, method=method, share=percent(abs(apart)), default=default))
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
        expected = said(
            "“{option}” has the most weighted support in {share} of the draws: {median} of the weight at the "
            "median, 90 % of draws between {low90} and {high90}.",
            option=meaning[first],
            share=percent(leads[first]),
            **{name: percent(value) for name, value in held.items()},
        )
        rest = [
            said("“{o}” {s}", o=meaning[o], s=percent(s)) for o, s in leads.items() if o != first and s > 0
        ]
        others = (
            said("Otherwise {options} of the draws.", options=listed(rest))
            if rest
            else said("No other option leads in any draw.")
        )
        yield Expectation(issue, question.question.into(language), expected, _lead(leads[first]), others, "")


def _lead(share: float) -> str:
    if share >= 0.9:
        return said("The doubt in the inputs hardly touches which option leads.")
    if share >= 0.6:
        return said("The doubt in the inputs can change which option leads.")
    return said("Which option leads is open.")


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
    told = []
    if pairs:
        told.append(
            said_n(
                "{n} pair of statements contradict each other.",
                "{n} pairs of statements contradict each other.",
                len(pairs),
            )
        )
    if apart:
        where = listed(
            said(
                "{actor} on “{question}”",
                actor=actor_name(a, case, language),
                question=case.issue[i].question.into(language),
            )
            for a, i in apart
        )
        told.append(
            said(
                "Accounts of where an actor stands differ for {where}; a draw believes one of them.",
                where=where,
            )
        )
    told.extend(_unbacked(kinds))
    return tuple(told) or (said("Every value rests on statements, and no statement contradicts another."),)


def _unbacked(kinds: Sequence[str]) -> Iterator[str]:
    """Yield how many values of the stands rest on an assumption or on nothing."""
    assumed, nothing = kinds.count("assumption"), kinds.count("nothing")
    if assumed:
        yield said_n(
            "{assumed} of {n} value of the stands ({share}) rest on an assumption that no statement "
            "supports.",
            "{assumed} of {n} values of the stands ({share}) rest on an assumption that no statement "
            "supports.",
            len(kinds),
            assumed=assumed,
            share=percent(assumed / len(kinds)),
        )
    if nothing:
        yield said_n(
            "{n} value rest on nothing the case states.",
            "{n} values rest on nothing the case states.",
            nothing,
        )
