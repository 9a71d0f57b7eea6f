"""The Python face: read a case, ask it, get labelled results."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from westphalia.analyses.sampling import APART, Ties, sample
from westphalia.case import document as _document
from westphalia.case.checks.spans import span_findings
from westphalia.case.inputs import build
from westphalia.case.packages import POINTS
from westphalia.case.scenarios import Change, change_of
from westphalia.case.schema import CaseFile
from westphalia.case.text.saving import save
from westphalia.dossier.shelf import find_texts
from westphalia.errors import CallError, Finding
from westphalia.methods import load_all
from westphalia.methods.deals.utility import Loss
from westphalia.registry import MethodSpec, registered
from westphalia.runs.answers import REST, ZONE
from westphalia.runs.deals import Deals, negotiate
from westphalia.runs.doubt import BASE_DRAWS, TRIED_DRAWS, Doubt, weigh
from westphalia.runs.engine import Progress
from westphalia.runs.levers import forecast_levers, opening_levers
from westphalia.runs.rests import CONCEPT, RestLevers, rest_levers
from westphalia.runs.sensitivity import By, sensitivity
from westphalia.runs.stability import ALL_CONCEPTS, REPORTED, GraphStudy, play
from westphalia.runs.study import Options, Study, conduct
from westphalia.runs.whatif import WhatIf, what_if

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
        ties: Ties = APART,
        workers: int | None = None,
        scheduler: str | None = None,
    ) -> xr.Dataset:
        """Return `forecast` (method, draw, issue): what each method expects, with its spread.

        Parameters
        ----------
        draws: how many draws of the uncertain inputs, 1 to ten million.
        seed: 0 or more; the same seed gives the same result to the bit.
        methods: ids of the methods to run; all that forecast unless given.
        options: options by method id, such as ``{"challenge": {"rounds": 4}}``.
        ties: what errs together in a draw, such as one expert in all values.
        workers: threads; one a processor unless given.
        scheduler: address of a Dask cluster that works instead, to the same bits.

        Raises
        ------
        CallError: an unknown method or option, or a number out of bounds.
        """
        how: dict[str, Any] = {"methods": methods, "options": options, "ties": ties}
        hands: dict[str, Any] = {"workers": workers, "scheduler": scheduler}
        return self.study(draws=draws, seed=seed, **how, **hands).forecast

    def run(
        self,
        method: str,
        *,
        draws: int = 2000,
        seed: int = 1,
        ties: Ties = APART,
        workers: int | None = None,
        **options: Any,
    ) -> Any:
        """Return everything one method gives, as its own Dataset; `options` are the method's.

        Raises
        ------
        CallError: an unknown method or option, or the case lacks what the method needs.
        """
        how: dict[str, Any] = {"draws": draws, "seed": seed, "ties": ties, "workers": workers}
        return self.study(methods=(method,), options={method: options}, **how).only_result()

    def study(
        self,
        *,
        draws: int = 2000,
        seed: int = 1,
        methods: tuple[str, ...] | list[str] = (),
        options: Options | None = None,
        sources: str | Path | None = None,
        ties: Ties = APART,
        workers: int | None = None,
        scheduler: str | None = None,
        progress: Progress | None = None,
    ) -> Study:
        """Run the methods and gather all that follows; `sources` is a folder with the sources' texts.

        With `scheduler`, the address of a Dask cluster, its workers share the draws, to the same bits.
        """
        return conduct(
            self.document,
            draws=draws,
            seed=seed,
            only=tuple(methods),
            options=options,
            texts=texts_of(self.file, sources),
            ties=ties,
            workers=workers,
            scheduler=scheduler,
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
        ties: Ties = APART,
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
        ties: what errs together in a draw.
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
            ties=ties,
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

    def stability(
        self,
        *,
        draws: int = 2000,
        seed: int = 1,
        concepts: tuple[str, ...] | list[str] = ALL_CONCEPTS,
        wish: str | None = None,
        workers: int | None = None,
        progress: Progress | None = None,
    ) -> GraphStudy:
        """Judge every state of the case's graph model: which hold, who would leave, how to get there.

        Parameters
        ----------
        draws, seed: of what is doubtful in preferences; how often states are at rest is judged over
            all of them, everything else at central values.
        concepts: any of nash, gmr, smr, seq, sseq, sim, tableau.
        wish: a statement over moves: what would bring a state to rest in which it holds?
        workers: threads; two unless given.

        Raises
        ------
        CallError: the case has no section `stability` or it makes no graph, a concept is not known,
            the wish is no statement, or a number is out of bounds.
        """
        return play(
            self.document,
            draws=draws,
            seed=seed,
            concepts=concepts,
            wish=wish,
            workers=workers,
            progress=progress,
        )

    def stability_or_reason(self, **how: Any) -> GraphStudy | CallError:
        """Return what the graph model answers, or the error that says why there is none."""
        try:
            return self.stability(**how)
        except CallError as error:
            return error

    def sensitivity(
        self,
        *of: str,
        methods: tuple[str, ...] | list[str] = (),
        by: By = "value",
        concept: str = CONCEPT,
        draws: int = 4096,
        seed: int = 1,
        options: Options | None = None,
        ties: Ties = APART,
        workers: int | None = None,
        progress: Progress | None = None,
    ) -> xr.Dataset:
        """Return what each answer depends on: Sobol indices (answer, group) of the case's unknowns.

        Parameters
        ----------
        of: issues, ``zone``, ``acceptance``, and ``rest:`` with ``today``, a state or a statement over
            moves; all issues on a scale unless given.
        methods: ids of methods that forecast; the compromise mean unless given.
        by: value, actor, issue, source or statement.
        concept: by which states are at rest: nash, gmr, smr, seq or sseq.
        draws, seed: size and seed of each of the two base samples.
        options: options by method id. ties: what errs together.
        workers: threads; one a processor unless given.

        Raises
        ------
        CallError: an unknown answer, method or way to group, nothing uncertain, or a number out of
            bounds.
        """
        return sensitivity(
            self.document,
            methods=tuple(methods),
            of=of,
            by=by,
            concept=concept,
            draws=draws,
            seed=seed,
            options=options,
            ties=ties,
            workers=workers,
            progress=progress,
        )

    def levers(self, of: str, **how: Any) -> xr.Dataset | RestLevers:
        """Return the smallest changes that bring about what is wished for.

        `of` is an issue, whose forecast is to be `at_most` or `at_least` a point; ``zone``, which is to
        open; or ``rest:`` with a state that is to be at rest. `how` is as for `forecast_levers`,
        `opening_levers` or `rest_levers` of `westphalia.runs`; all take `by`, `draws` and `seed`.

        Raises
        ------
        CallError: as these say.
        """
        if of.startswith(REST):
            return rest_levers(self.document, of.removeprefix(REST).strip(), **how)
        if of == ZONE:
            return opening_levers(self.document, **how)
        return forecast_levers(self.document, of, **how)

    def what_if(self, *changes: Change | Mapping[str, Any], **how: Any) -> WhatIf:
        """Return the forecasts with changes made beside those of the case as it is, on the same draws.

        A change is written as in a scenario of the case file, such as ``{"set":
        "usa.territory.position", "to": 40}`` or ``{"remove": "germany"}``; `how` is as for `what_if` of
        `westphalia.runs.whatif`: draws, seed, methods as `only`, options, workers.

        Raises
        ------
        CallError: a change cannot be made, or leaves a wrong case.
        """
        made = [one if isinstance(one, Change) else change_of(dict(one), str(dict(one))) for one in changes]
        return what_if(self.document, made, **how)

    def doubt(
        self,
        study: Study,
        *,
        base_draws: int = BASE_DRAWS,
        tried_draws: int = TRIED_DRAWS,
        workers: int | None = None,
        progress: Progress | None = None,
    ) -> Doubt:
        """Return what the answer of a study of the case hangs on: inputs, method, single changes, scenarios.

        Parameters
        ----------
        study: as of `study`; its seed and its options of the compromise mean hold here too.
        base_draws: size of each of the two base samples of the sensitivity indices.
        tried_draws: draws on which levers and scenarios are tried.
        workers: threads; one a processor unless given.

        Raises
        ------
        CallError: the case has no issue with a scale, or a number is out of bounds.
        """
        return weigh(
            study, base_draws=base_draws, tried_draws=tried_draws, workers=workers, progress=progress
        )

    def doubt_or_reason(self, study: Study, **how: Any) -> Doubt | CallError:
        """Return what the answer hangs on, or the error that says why that is not known."""
        try:
            return self.doubt(study, **how)
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

    def report(
        self,
        path: str | Path,
        *,
        deals: bool = True,
        stability: bool = True,
        doubt: bool = True,
        **how: Any,
    ) -> Path:
        """Write the one-file HTML report and return its path; `how` is as for `study`.

        With `deals` it has a chapter on packages, with `stability` one on where the conflict comes to
        rest, with `doubt` one on what the answer hangs on, or says there why these cannot be judged.
        """
        from westphalia.report import write

        study = self.study(**how)
        shared = {name: how[name] for name in ("draws", "seed", "workers", "progress") if name in how}
        by = {name: how[name] for name in ("workers", "progress") if name in how}
        played = {**shared, "draws": min(shared.get("draws", REPORTED), REPORTED)}
        return write(
            study,
            Path(path),
            deals=self.deals_or_reason(**shared) if deals else None,
            stability=self.stability_or_reason(**played) if stability else None,
            doubt=self.doubt_or_reason(study, **by) if doubt else None,
        )

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
