"""The pictures of a study: which there are, made from its results and its case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from westphalia.analyses.forecasts import DEFAULT_METHOD, of_inputs_alone
from westphalia.case.schema import CaseFile
from westphalia.charts.acceptance import acceptance
from westphalia.charts.backing import backing
from westphalia.charts.chart import Chart
from westphalia.charts.consultations import consultations
from westphalia.charts.positions import positions
from westphalia.charts.rounds import rounds
from westphalia.charts.shares import shares
from westphalia.charts.statements import Mark, by_date, by_place
from westphalia.dossier.schema import Statement
from westphalia.fields import first_day, last_day
from westphalia.labels import ISSUE
from westphalia.language import said
from westphalia.report.inputs import backing_counts
from westphalia.report.moments import moments_of
from westphalia.report.settlement import required
from westphalia.report.values import actor_name, dated_text, scale_of
from westphalia.report.words import contradictions
from westphalia.runs.rivals import paths
from westphalia.runs.study import Study


@dataclass(frozen=True, slots=True)
class Gallery:
    """A section of pictures."""

    id: str
    title: str
    charts: tuple[Chart, ...]


def galleries(study: Study, titles: Mapping[str, str], language: str) -> tuple[Gallery, ...]:
    """Return the sections of pictures that this study can fill."""
    case = study.document.case
    names = {actor.id: actor.name.into(language) for actor in case.actors}
    made = (
        Gallery("issues", said("Issue by issue"), tuple(_issues(study, names, titles, language))),
        Gallery("accepting", said("Who would accept"), tuple(_acceptance(study, names))),
        Gallery("paths", said("Round by round"), tuple(_rounds(study, language))),
        Gallery(
            "consulted",
            said("Who was consulted when"),
            tuple(_consultations(case, names, language)),
        ),
        Gallery("strips", said("The statements"), tuple(_statements(case, language))),
        Gallery("grounds", said("Evidence and assumption"), tuple(_backing(study, language))),
    )
    return tuple(gallery for gallery in made if gallery.charts)


def _issues(
    study: Study, names: Mapping[str, str], titles: Mapping[str, str], language: str
) -> Iterator[Chart]:
    weights = study.results[DEFAULT_METHOD]["weight"] if DEFAULT_METHOD in study.results else None
    outcome = None if study.outcome is None else study.outcome["outcome"]
    for issue in study.document.case.issues:
        if issue.kind == "nominal":
            options = {str(option): meaning.into(language) for option, meaning in issue.scale.items()}
            for result in study.results.values():
                if "share" in result and issue.id in result[ISSUE].values:
                    yield shares(issue.id, issue.question.into(language), options, result)
        elif "forecast" in study.forecast:
            forecast = of_inputs_alone(study.forecast["forecast"])
            yield positions(scale_of(issue, language), study.draws, weights, forecast, outcome, names, titles)


def _acceptance(study: Study, names: Mapping[str, str]) -> Iterator[Chart]:
    if study.acceptance is not None:
        yield acceptance(study.acceptance, required(study), names)


def _rounds(study: Study, language: str) -> Iterator[Chart]:
    default = study.results.get(DEFAULT_METHOD)
    found = paths(study) if default is not None else {}
    if default is None or not found:
        return
    for issue in study.document.case.issues:
        if issue.kind != "nominal":
            yield rounds(scale_of(issue, language), found, default["forecast"])


def _backing(study: Study, language: str) -> Iterator[Chart]:
    if study.stands:
        yield backing(backing_counts(study.document.case, study.stands, language))


# --- consultations -------------------------------------------------------------------------------


def _consultations(case: CaseFile, names: Mapping[str, str], language: str) -> Iterator[Chart]:
    moments = tuple(moments_of(case, language))
    if any(moment.by or moment.whom or moment.left_out for moment in moments):
        yield consultations(moments, names)


# --- statements ----------------------------------------------------------------------------------


def _statements(case: CaseFile, language: str) -> Iterator[Chart]:
    contested = {one for pair in contradictions(case) for one in pair}
    marks = {s.id: _mark(s, case, s.id in contested, language) for s in case.coded}
    for source in case.sources:
        own = [marks[s.id] for s in case.coded if s.source == source.id and s.span is not None]
        if own:
            yield by_place(source.id, source.title.into(language), own)
    if any(mark.since for mark in marks.values()):
        yield by_date(list(marks.values()))


def _mark(statement: Statement, case: CaseFile, is_contested: bool, language: str) -> Mark:
    date = statement.date
    first, last = (date.first, date.last) if date else (None, None)
    return Mark(
        id=statement.id,
        mode=statement.mode,
        speaker=actor_name(statement.speaker, case, language),
        kind=statement.kind,
        gloss=statement.gloss.into(language),
        start=statement.span.start if statement.span else None,
        end=statement.span.end if statement.span else None,
        since=first_day(first).isoformat() if first else None,
        until=last_day(last).isoformat() if first and last else None,
        when=dated_text(date, case, language),
        is_contested=is_contested,
    )
