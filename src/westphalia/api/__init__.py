"""The Python face: read a case, ask it, get labelled results."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from westphalia.analyses.sampling import Ties
from westphalia.api.case import Case
from westphalia.api.texts import texts_of
from westphalia.case import document as _document
from westphalia.case.checks.spans import span_findings
from westphalia.dossier.shelf import find_texts
from westphalia.errors import Finding
from westphalia.methods import load_all
from westphalia.registry import MethodSpec, registered

__all__ = ["Case", "Ties", "check_case", "list_methods", "read", "texts_of"]


def read(path: str | Path) -> Case:
    """Read and check a case file, or the folder that holds `case.yaml`.

    Raises
    ------
    CaseError: the case is wrong; `findings` holds every fault with line and column.
    FileError: there is no such file, or it is no text.
    """
    return Case(_document.read(path))


def check_case(path: str | Path, *, sources: str | Path | None = None) -> tuple[Finding, ...]:
    """Return every error and warning of a case file, in the order of the file.

    With `sources`, a folder with the sources' texts, spans are held against the texts as well.

    Raises
    ------
    FileError: there is no such file, or it is no text.
    """
    findings = _document.check(path)
    if sources is None or any(finding.severity == "error" for finding in findings):
        return findings
    document = _document.read(path)
    return (*findings, *span_findings(document, find_texts(document.case.sources, sources)))


def list_methods() -> Mapping[str, MethodSpec]:
    """Return the registered methods by id."""
    load_all()
    return {spec.id: spec for spec in registered()}
