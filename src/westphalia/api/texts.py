"""The texts of a case's sources that are at hand."""

from __future__ import annotations

from pathlib import Path

from westphalia.case.schema import CaseFile
from westphalia.dossier.shelf import find_texts


def texts_of(case: CaseFile, folder: str | Path | None) -> dict[str, str]:
    """Return the texts of the case's sources that lie in `folder`, by source id."""
    if folder is None:
        return {}
    shelf = find_texts(case.sources, Path(folder))
    return {source: found.text for source, found in shelf.found.items()}
