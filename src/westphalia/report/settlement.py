"""Whether there is a settlement, which one, and who would refuse it, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import xarray as xr

from westphalia.charts.positions import Scale
from westphalia.charts.words import FloatArray, listed, percent, spread
from westphalia.labels import ACTOR, DRAW, ISSUE
from westphalia.language import decimal, marked, said
from westphalia.report.deals import deal_summary, nash_package
from westphalia.report.values import actor_name, nearest_meaning, scale_of
from westphalia.report.words import finite, interval
from westphalia.runs.deals import Deals
from westphalia.runs.study import Study

EXPECTED = (
    (
        0.9,
        marked(
            "Yes: on these inputs every required party finds the expected package at least as good as no deal"
        ),
    ),
    (0.6, marked("Probably: the expected package is acceptable to every required party more often than not")),
)
"""The first words where the expected package is settled in at least this share of draws."""

OTHERWISE = (
    (0.6, marked("There is room for a settlement, but the expected package is mostly not it")),
    (0.4, marked("It is open whether any package would be accepted; the expected one mostly would not be")),
    (
        0.1,
        marked(
            "Probably not: in most draws no package leaves every required party at least as well off "
            "as no deal"
        ),
    ),
    (-1.0, marked("No: in nearly every draw each package leaves some required party worse off than no deal")),
)
"""The first words where it is not, by the share of draws in which some package is."""

ALONE = (
    (0.4, marked("It is open whether every required party would accept the expected package")),
    (0.1, marked("Probably not on these terms: some required party mostly finds no deal better")),
    (-1.0, marked("Not on these terms: some required party nearly always finds no deal better")),
)
"""The first words where no method looked for another package, by the share of the expected one."""

ANY = (
    (
        0.9,
        marked(
            "Yes: in nearly every draw some package leaves every required party at least as well off "
            "as no deal"
        ),
    ),
    (
        0.6,
        marked(
            "Probably: in most draws some package leaves every required party at least as well off as no deal"
        ),
    ),
    (0.4, marked("It is open whether any package would be accepted")),
    *OTHERWISE[2:],
)
"""The first words where no package is expected, by the share of draws in which some package is settled."""

UNKNOWN = marked("The case does not say enough to tell whether there is a settlement")

OVER_DRAWS = marked("The package that bargaining finds, in the draws in which it finds one:")
AT_CENTRE = marked(
    "The package that the Nash solution picks among all packages at the central values, and how far the "
    "efficient packages spread that all accept (exact results; the chapter on deals sets others beside it):"
)

CAUTION = marked(
    "A share of draws says how often this follows from the inputs and their stated doubt. It is no "
    "probability that it will happen: what the inputs leave out is not in it."
)


@dataclass(frozen=True, slots=True)
class Settlement:
    """Whether there is a settlement: the verdict, what supports it, and how to take it.

    `package` says for each issue where the package lies that bargaining finds, if one was sought, and
    `package_head` in which draws it is found.
    """

    verdict: str
    reasons: tuple[str, ...]
    package_head: str
    package: tuple[tuple[str, str], ...]
    caution: str


def settlement(study: Study, language: str, deals: Deals | None = None) -> Settlement:
    """Return the answer to whether a settlement exists, from acceptance and from the deals.

    Where there are no deals Nash bargaining over the scales speaks in their stead, never beside them.
    """
    reasons = (*_expected(study), *_refusals(study, language))
    if deals is None:
        found = tuple(_package(study, language))
        more = tuple(_bargain(study, language))
        return Settlement(_verdict(study), (*reasons, *more), said(OVER_DRAWS), found, said(CAUTION))
    more = deal_summary(deals, language)
    return Settlement(
        _verdict(study, deals),
        (*reasons, *more),
        said(AT_CENTRE),
        nash_package(deals, language),
        said(CAUTION),
    )


def required(study: Study) -> tuple[str, ...]:
    """Return the ids of the parties whose consent is needed: all, if the case names none."""
    actors = study.draws[ACTOR].values
    needed = study.draws["is_required"].values.astype(bool)
    return tuple(map(str, actors[needed] if needed.any() else actors))


def _share(result: xr.Dataset | None) -> float | None:
    return None if result is None else float(result["is_settled"].values.mean())


def _verdict(study: Study, deals: Deals | None = None) -> str:
    expected, any_at_all = _share(study.acceptance), _share(study.results.get("nash"))
    if deals is not None:
        any_at_all = float(deals.doubt["zone_probability"])
        if expected is None:
            return _words(ANY, any_at_all)
    if expected is None:
        return said(UNKNOWN)
    for least, words in EXPECTED:
        if expected >= least:
            return said(words)
    table, share = (ALONE, expected) if any_at_all is None else (OTHERWISE, any_at_all)
    return _words(table, share)


def _words(table: tuple[tuple[float, str], ...], share: float) -> str:
    return said(next(words for least, words in table if share >= least))


def _expected(study: Study) -> Iterator[str]:
    share = _share(study.acceptance)
    if share is None:
        yield study.skipped.get("acceptance", said("No method gave a package to hold against no deal."))
    else:
        yield said(
            "In {share} of the draws every required party finds the expected package of all issues "
            "at least as good as no deal.",
            share=percent(share),
        )


def _refusals(study: Study, language: str) -> Iterator[str]:
    if study.acceptance is None:
        return
    accepted = study.acceptance["is_accepted"].mean(DRAW)
    refused = {actor: 1 - float(accepted.sel({ACTOR: actor})) for actor in required(study)}
    worst = max(refused.values())
    if worst == 0:
        yield said("No required party refuses it in any draw.")
        return
    most = [actor_name(a, study.document.case, language) for a, share in refused.items() if share == worst]
    yield said(
        "It is refused most often by {actors}: in {share} of the draws.",
        actors=listed(most),
        share=percent(worst),
    )
    others = {a: share for a, share in refused.items() if share < worst}
    if others:
        told = (
            said("{actor} in {share}", actor=actor_name(a, study.document.case, language), share=percent(s))
            for a, s in others.items()
        )
        yield said("The others refuse it less often: {actors}.", actors=listed(told))


# --- the package that bargaining finds -------------------------------------------------------------


def _bargain(study: Study, language: str) -> Iterator[str]:
    nash = study.results.get("nash")
    if nash is None:
        reason = study.skipped.get("nash", said("Nash bargaining was not run."))
        yield said("Whether any other package would do is not known: {reason}", reason=reason)
        return
    found = percent(float(nash["is_settled"].values.mean()))
    yield said(
        "In {share} of the draws there is some package from which "
        "every required party gains over no deal or loses nothing; Nash bargaining looks for it.",
        share=found,
    )
    yield from _least_gain(study, nash, language)
    missed = 1 - float(nash["converged"].values.mean()) if "converged" in nash else 0.0
    if missed > 0:
        yield said("In {share} of the draws that search did not reach its tolerance.", share=percent(missed))


def _settled(nash: xr.Dataset, values: xr.DataArray) -> FloatArray:
    """Return the finite values (draw) of the draws in which bargaining settles."""
    return finite(values.values[nash["is_settled"].values.astype(bool)])


def _least_gain(study: Study, nash: xr.Dataset, language: str) -> Iterator[str]:
    gains = {actor: _settled(nash, nash["gain"].sel({ACTOR: actor})) for actor in required(study)}
    known = {actor: values for actor, values in gains.items() if values.size}
    if known:
        least = min(known, key=lambda actor: float(np.median(known[actor])))
        held = spread(known[least])
        show = {name: decimal(f"{value:.2f}") for name, value in held.items()}
        yield said(
            "From that package {actor} gains least: {median} of utility over no deal "
            "(90 %: {low90} to {high90}), so it is the likeliest to walk away from it.",
            actor=actor_name(least, study.document.case, language),
            **show,
        )


def _package(study: Study, language: str) -> Iterator[tuple[str, str]]:
    nash = study.results.get("nash")
    for issue in study.document.case.issues:
        if nash is None or issue.kind == "nominal":
            continue
        values = _settled(nash, nash["forecast"].sel({ISSUE: issue.id}))
        if values.size:
            yield issue.question.into(language), _place(values, scale_of(issue, language))


def _place(values: FloatArray, scale: Scale) -> str:
    return f"{interval(values, scale)}, {nearest_meaning(float(np.median(values)), scale)}"
