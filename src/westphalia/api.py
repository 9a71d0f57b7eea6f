"""The Python face: read a case, ask it, get labelled results."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from westphalia.analyses.sampling import sample
from westphalia.case import document as _document
from westphalia.case.checks.spans import span_findings
from westphalia.case.inputs import build
from westphalia.case.packages import POINTS
from westphalia.case.schema import CaseFile
from westphalia.case.text.saving import save
from westphalia.dossier.shelf import find_texts
from westphalia.errors import CallError, Finding
from westphalia.methods import load_all
from westphalia.methods.deals.utility import Loss
from westphalia.registry import MethodSpec, registered
from westphalia.runs.deals import Deals, negotiate
from westphalia.runs.engine import Progress
from westphalia.runs.study import Options, Study, conduct

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from westphalia.runs.coding import Suggestions


@dataclass(frozen=True)
class Case:
    """A case that has been read and checked."""

    document: _document.Document

    @property
    def file(self) -> CaseFile:
        """What the case file holds."""
        return self.document.case

    @property
    def digest(self) -> str:
        """SHA-256 of the content; comments and formatting do not count."""
        return self.document.digest

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """What the check warns of, in the order of the file."""
        return self.document.warnings

    def inputs(self, *, draws: int = 2000, seed: int = 1) -> xr.Dataset:
        """Return draws of the inputs on issues with a scale: position, salience, capability and more."""
        return sample(build(self.file), draws, seed)[0]

    def forecast(
        self,
        *,
        draws: int = 2000,
        seed: int = 1,
        methods: tuple[str, ...] | list[str] = (),
        options: Options | None = None,
        workers: int | None = None,
    ) -> xr.Dataset:
        """Return `forecast` (method, draw, issue): what each method expects, with its spread.

        Parameters
        ----------
        draws: how many draws of the uncertain inputs, 1 to ten million.
        seed: 0 or more; the same seed gives the same result to the bit.
        methods: ids of the methods to run; all that forecast unless given.
        options: options by method id, such as ``{"challenge": {"rounds": 4}}``.
        workers: threads; one a processor unless given.

        Raises
        ------
        CallError: an unknown method or option, or a number out of bounds.
        """
        study = conduct(
            self.document, draws=draws, seed=seed, only=tuple(methods), options=options, workers=workers
        )
        return study.forecast

    def run(
        self, method: str, *, draws: int = 2000, seed: int = 1, workers: int | None = None, **options: Any
    ) -> Any:
        """Return everything one method gives, as its own Dataset; `options` are the method's.

        Raises
        ------
        CallError: an unknown method or option, or the case lacks what the method needs.
        """
        found = self.study(
            draws=draws, seed=seed, methods=(method,), options={method: options}, workers=workers
        )
        return found.only_result()

    def study(
        self,
        *,
        draws: int = 2000,
        seed: int = 1,
        methods: tuple[str, ...] | list[str] = (),
        options: Options | None = None,
        sources: str | Path | None = None,
        workers: int | None = None,
        progress: Progress | None = None,
    ) -> Study:
        """Run the methods and gather all that follows; `sources` is a folder with the sources' texts."""
        return conduct(
            self.document,
            draws=draws,
            seed=seed,
            only=tuple(methods),
            options=options,
            texts=texts_of(self.file, sources),
            workers=workers,
            progress=progress,
        )

    def stands(self) -> pd.DataFrame:
        """Return the stands as a long table: position, salience, capability and what each rests on."""
        import pandas as pd

        from westphalia.case.tables.stands import export

        return pd.DataFrame(list(export(self.document)))

    def deals(
        self,
        *,
        draws: int = 2000,
        seed: int = 1,
        loss: Loss = "linear",
        points: int = POINTS,
        ratifiers: bool = True,
        commitments: bool = True,
        linkages: bool = True,
        time_limit: float = 60.0,
        workers: int | None = None,
        progress: Progress | None = None,
    ) -> Deals:
        """Judge every package of the case: zone, frontier, solutions, who blocks, what would change it.

        Parameters
        ----------
        draws, seed: of the uncertain inputs; the zone is judged over all of them, everything else at
            central values.
        loss: linear or quadratic, how utility falls with distance.
        points: options of a continuous issue besides its stated points, at least 2.
        ratifiers, commitments, linkages: whether they count.
        time_limit: seconds each search may take; what it proved by then is told.
        workers: threads; two unless given.

        Raises
        ------
        CallError: the case has no issue, a party's no deal is not known, nobody's consent is needed,
            or a number is out of bounds.
        """
        return negotiate(
            self.document,
            draws=draws,
            seed=seed,
            loss=loss,
            points=points,
            ratifiers=ratifiers,
            commitments=commitments,
            linkages=linkages,
            time_limit=time_limit,
            workers=workers,
            progress=progress,
        )

    def deals_or_reason(self, **how: Any) -> Deals | CallError:
        """Return the deals, or the error that says why there are none; `how` is as for `deals`."""
        try:
            return self.deals(**how)
        except CallError as error:
            return error

    def code(self, text: str | Path, *, language: str = "auto") -> Suggestions:
        """Return what is suggested for coding a text (TXT, HTML, DOCX or PDF); nothing is changed.

        Raises
        ------
        CallError: the case has no actors, has this file with another text, or the language is unknown.
        FileError: the text cannot be read.
        """
        from westphalia.dossier.texts import read_text
        from westphalia.runs.coding import suggestions
        from westphalia.runs.coding_source import new_source, source_of

        read, name = read_text(text), Path(text).name
        source = source_of(self.file, read, name) or new_source(self.file, read, name, language)
        return suggestions(self.file, source, read, language)

    def report(self, path: str | Path, *, deals: bool = True, **how: Any) -> Path:
        """Write the one-file HTML report and return its path; `how` is as for `study`.

        With `deals` it has a chapter on packages, or says there why they cannot be judged.
        """
        from westphalia.report import write

        study = self.study(**how)
        shared = {name: how[name] for name in ("draws", "seed", "workers", "progress") if name in how}
        return write(study, Path(path), deals=self.deals_or_reason(**shared) if deals else None)

    def set(self, path: str, value: object) -> Case:
        """Return the case with one value changed, such as ``stands.usa.territory.position``."""
        return Case(self.document.set(tuple(path.split(".")), value))

    def save(self, path: str | Path | None = None) -> Case:
        """Save the case; comments, order and formatting stay, and a failed save leaves the old file."""
        return Case(save(self.document, path))


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


def texts_of(case: CaseFile, folder: str | Path | None) -> dict[str, str]:
    """Return the texts of the case's sources that lie in `folder`, by source id."""
    if folder is None:
        return {}
    shelf = find_texts(case.sources, Path(folder))
    return {source: found.text for source, found in shelf.found.items()}
