"""All that the page shows, gathered once: HTML is made of this and of nothing else."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from westphalia.analyses.forecasts import DEFAULT_METHOD
from westphalia.case.document import CASE_FILE
from westphalia.case.schema import CaseFile
from westphalia.charts.words import percent
from westphalia.errors import CallError, Finding
from westphalia.labels import DRAW
from westphalia.language import said
from westphalia.registry import find, registered
from westphalia.report.deals_chapter import deals_chapter
from westphalia.report.doubt_chapter import doubt_chapter
from westphalia.report.evidence import Mode, Shown, by_mode
from westphalia.report.glance import Glance, glances
from westphalia.report.grid import Chapter
from westphalia.report.inputs import InputGroup, input_groups
from westphalia.report.listings import Listing, facts_of, listings
from westphalia.report.pictures import Gallery, galleries
from westphalia.report.record import record_sentences
from westphalia.report.rivals import rival_chapters
from westphalia.report.settlement import Settlement, settlement
from westphalia.report.stability_chapter import stability_chapter
from westphalia.report.values import day_text
from westphalia.report.words import (
    DISAGREEMENT,
    Expectation,
    contradictions,
    expectations,
    unsettled,
)
from westphalia.runs.deals import Deals
from westphalia.runs.doubt import Doubt
from westphalia.runs.stability import GraphStudy
from westphalia.runs.study import Study


@dataclass(frozen=True, slots=True)
class RunMethod:
    """A method that was run, or why it was not."""

    title: str
    id: str
    options: str
    limits: str
    skipped: str


@dataclass(frozen=True, slots=True)
class SourceShown:
    """A source with what is known of it, and the faults of its text."""

    title: str
    facts: tuple[str, ...]
    url: str
    flaws: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rerun:
    """How to run the study again."""

    command: str
    version: str
    seed: int
    draws: int
    digest: str
    methods: tuple[RunMethod, ...]


@dataclass(frozen=True, slots=True)
class Context:
    """The page. Every text of a case in here is plain text; the template escapes it."""

    language: str
    id: str
    title: str
    question: str
    date: str
    summary: str
    settlement: Settlement
    chapters: dict[str, Chapter]
    default: str
    glances: tuple[Glance, ...]
    expectations: tuple[Expectation, ...]
    disagreement_rule: str
    record: tuple[str, ...]
    unsettled: tuple[str, ...]
    galleries: tuple[Gallery, ...]
    listings: tuple[Listing, ...]
    contradictions: tuple[tuple[Shown, Shown], ...]
    modes: tuple[Mode, ...]
    has_several_sources: bool
    inputs: tuple[InputGroup, ...]
    warnings: tuple[Finding, ...]
    rerun: Rerun
    sources: tuple[SourceShown, ...]


def context(
    study: Study,
    language: str = "en",
    deals: Deals | CallError | None = None,
    stability: GraphStudy | CallError | None = None,
    doubt: Doubt | CallError | None = None,
) -> Context:
    """Return all that the page of a study shows, texts in `language` where the case has them."""
    case = study.document.case
    titles = {method: said(find(method).title) for method in study.results}
    modes = by_mode(case, study.texts, language)
    shown = {one.id: one for mode in modes for one in mode.statements}
    return Context(
        language=language,
        id=case.id,
        title=case.title.into(language),
        question=case.question.into(language),
        date=day_text(case.date),
        summary=case.summary.into(language) if case.summary else "",
        settlement=settlement(study, language, deals if isinstance(deals, Deals) else None),
        chapters=_chapters(deals, stability, doubt, language) | rival_chapters(study, language),
        default=said(find(DEFAULT_METHOD).title),
        glances=tuple(glances(study, titles, language)),
        expectations=expectations(study, titles, language),
        disagreement_rule=said(
            "Methods count as disagreeing where their medians lie more than {share} of the scale from that "
            "of the default method, “{method}”.",
            share=percent(DISAGREEMENT),
            method=said(find(DEFAULT_METHOD).title),
        ),
        record=record_sentences(),
        unsettled=unsettled(study, language),
        galleries=galleries(study, titles, language),
        listings=tuple(listings(case, language)),
        contradictions=tuple((shown[one], shown[other]) for one, other in contradictions(case)),
        modes=modes,
        has_several_sources=len({statement.source for statement in case.statements}) > 1,
        inputs=input_groups(case, study.stands, language),
        warnings=study.document.warnings,
        rerun=_rerun(study, _without(deals=deals, stability=stability, doubt=doubt)),
        sources=tuple(_sources(case, language)),
    )


def _chapters(
    deals: Deals | CallError | None,
    stability: GraphStudy | CallError | None,
    doubt: Doubt | CallError | None,
    language: str,
) -> dict[str, Chapter]:
    """Return the chapters that were asked for, by id, in the order of the page."""
    made = {} if deals is None else {"deals": deals_chapter(deals, language)}
    if stability is not None:
        made["stability"] = stability_chapter(stability, language)
    if doubt is not None:
        made["doubt"] = doubt_chapter(doubt, language)
    return made


# --- how to run it again -------------------------------------------------------------------------


def _rerun(study: Study, without: tuple[str, ...]) -> Rerun:
    draws = int(study.draws.sizes[DRAW])
    options = (
        f"--option {shlex.quote(f'{method}.{name}={value}')}"
        for method, given in study.options.items()
        for name, value in given.items()
    )
    command = ["westphalia report", shlex.quote(_where(study)), f"--draws {draws}", f"--seed {study.seed}"]
    stamp = next(iter(study.results.values())).attrs if study.results else {}
    return Rerun(
        command=" ".join([*command, *_chosen(study), *options, *without]),
        version=str(stamp.get("version", "")),
        seed=study.seed,
        draws=draws,
        digest=study.document.digest,
        methods=tuple(_methods(study)),
    )


def _without(**chapters: object) -> tuple[str, ...]:
    """Return the options that leave out the chapters that are not there."""
    return tuple(f"--no-{name}" for name, found in chapters.items() if found is None)


def _where(study: Study) -> str:
    """Return the case as one would name it in the folder the study was run in."""
    path = study.document.path
    if path is None:
        return study.document.name
    folder = path.parent if path.name == CASE_FILE else path
    here = Path.cwd()
    return str(folder.relative_to(here) if folder.is_absolute() and folder.is_relative_to(here) else folder)


def _chosen(study: Study) -> list[str]:
    """Return the options that name the methods, none if all were run."""
    ran = [*study.results, *(method for method in study.skipped if method != "acceptance")]
    every = {spec.id for spec in registered() if spec.takes != "packages"}
    return [] if set(ran) == every else [f"--method {method}" for method in ran]


def _methods(study: Study) -> Iterator[RunMethod]:
    for method, result in study.results.items():
        chosen = json.loads(result.attrs.get("options", "{}"))
        given = ", ".join(f"{name} = {value}" for name, value in chosen.items())
        yield RunMethod(find(method).title, method, given, find(method).limits, "")
    for method, reason in study.skipped.items():
        if method != "acceptance":
            yield RunMethod(find(method).title, method, "", "", reason)


def _sources(case: CaseFile, language: str) -> Iterator[SourceShown]:
    for source in case.sources:
        date = source.date.first if source.date else None
        facts = facts_of(
            kind=source.kind or "",
            author=source.author or "",
            publisher=source.publisher or "",
            date=day_text(date) if date else "",
            language=source.language or "",
            rights=source.rights or "",
            sha256=source.sha256 or "",
            note=source.note or "",
        )
        flaws = tuple(f"{flaw.kind}: {flaw.note.into(language)}" for flaw in source.flaws)
        is_web = (source.url or "").startswith(("https://", "http://"))
        yield SourceShown(source.title.into(language), facts, source.url or "" if is_web else "", flaws)
