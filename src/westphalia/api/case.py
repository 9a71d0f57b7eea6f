"""A case and the questions it answers, each with a labelled result.

What computes deals and stability is slow to import: it is loaded when it is asked, not when a case is read.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from westphalia.analyses.sampling import APART, Ties, sample
from westphalia.api.doubting import Doubting
from westphalia.api.texts import texts_of
from westphalia.case.inputs import build
from westphalia.case.packages import POINTS
from westphalia.case.schema import CaseFile
from westphalia.case.text.saving import save
from westphalia.errors import CallError, Finding
from westphalia.methods.deals.utility import Loss
from westphalia.runs.asked import CONCEPTS
from westphalia.runs.engine import Progress
from westphalia.runs.study import Options, Study, conduct

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from westphalia.runs.coding import Suggestions
    from westphalia.runs.deals import Deals
    from westphalia.runs.stability import GraphStudy


@dataclass(frozen=True)
class Case(Doubting):
    """A case that has been read and checked."""

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
        from westphalia.runs.deals import negotiate

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
        concepts: tuple[str, ...] | list[str] = CONCEPTS,
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
        from westphalia.runs.stability import play

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
        from westphalia.report import Helper, write
        from westphalia.runs.stability import REPORTED

        shared = {name: how[name] for name in ("draws", "seed", "workers", "progress") if name in how}
        by = {name: how[name] for name in ("workers", "progress") if name in how}
        played = {**shared, "draws": min(shared.get("draws", REPORTED), REPORTED)}
        with Helper() as helper:
            study = self.study(**how)
            return write(
                study,
                Path(path),
                deals=self.deals_or_reason(**shared) if deals else None,
                stability=self.stability_or_reason(**played) if stability else None,
                doubt=self.doubt_or_reason(study, **by) if doubt else None,
                helper=helper,
            )

    def set(self, path: str, value: object) -> Case:
        """Return the case with one value changed, such as ``stands.usa.territory.position``."""
        return Case(self.document.set(tuple(path.split(".")), value))

    def save(self, path: str | Path | None = None) -> Case:
        """Save the case; comments, order and formatting stay, and a failed save leaves the old file."""
        return Case(save(self.document, path))
