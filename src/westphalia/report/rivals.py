"""The chapters on what other models and networks show beside the forecast: exchanges, networks."""

from __future__ import annotations

from westphalia.report.exchanges import exchange_chapter
from westphalia.report.grid import Chapter
from westphalia.report.networks import network_chapter
from westphalia.runs.networks import networks
from westphalia.runs.rivals import realised
from westphalia.runs.study import Study


def rival_chapters(study: Study, language: str) -> dict[str, Chapter]:
    """Return the chapters by id: on exchanges if the study ran them, on networks if there are any."""
    case = study.document.case
    made = {}
    if "exchange" in study.results:
        made["exchanges"] = exchange_chapter(realised(study.inputs, study.options), case, language)
    found = networks(case, study.draws)
    if found.affiliation is not None or found.by_positions is not None or found.hears is not None:
        made["networks"] = network_chapter(found, case, language)
    return made
