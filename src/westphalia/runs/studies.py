"""Studies over many cases: every case, method and draw, on disk, taken up again after a kill."""

from __future__ import annotations

import hashlib
import os
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from westphalia.analyses.sampling import check_draws
from westphalia.case.document import CASE_FILE
from westphalia.case.text.reading import MOST_BYTES
from westphalia.errors import CallError, FileError
from westphalia.runs import store
from westphalia.runs.engine import Progress
from westphalia.runs.pools import Pool, opened_pool, version
from westphalia.runs.store import Store
from westphalia.runs.store_parts import PartState, needs_arrow
from westphalia.runs.store_reading import StoredStudy, open_study
from westphalia.runs.studies_work import CaseRecord, Failure, Outcome, Settings, Task, failure_of, work
from westphalia.runs.study import Options, chosen_methods

__all__ = ["StoredStudy", "Tally", "case_files", "conduct_study", "open_study"]

MOST_CASES = 100_000
MOST_TOLD = 10
"""Failures that a tally names; the manifest names all."""

AHEAD = 3
"""Cases that wait for each one at work: nobody idles, and what is in memory stays small."""


@dataclass
class Tally:
    """What a run of a study did: `made` parts it computed, `kept` ones it found finished.

    `skipped` parts, among both, hold a reason instead of numbers; `unfinished` are faults of the
    program that the next run tries again. `told` names the first failures, case file and reason.
    """

    path: Path
    cases: int = 0
    failed: int = 0
    made: int = 0
    kept: int = 0
    skipped: int = 0
    unfinished: int = 0
    told: list[tuple[str, str]] = field(default_factory=list)

    def tell(self, file: str, reason: str) -> None:
        """Remember a failure, if few are yet."""
        if len(self.told) < MOST_TOLD:
            self.told.append((file, reason))


def conduct_study(
    folder: str | Path,
    out: str | Path,
    *,
    methods: Sequence[str] = (),
    draws: int = 1000,
    seed: int = 1,
    options: Options | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    progress: Progress | None = None,
) -> Tally:
    """Run every method on every case of a folder, and keep all draws in `out`.

    Parts that are finished are not run again. The bits do not depend on workers, on the cluster, or
    on how often the run was killed and taken up again. A case that is wrong, or lacks what a method
    needs, is recorded with the reason. Memory holds a few cases at a time; disk takes about ten bytes a
    draw, issue, method and case, and a few kilobytes a part.

    Parameters
    ----------
    folder: every `case.yaml` in it at any depth and every other `*.yaml` right in it.
    out: a new or empty folder, or that of a study.
    methods: ids of methods that forecast; all of them unless given.
    draws, seed: of the uncertain inputs, as for a single case.
    options: options by method id.
    workers: threads; one a processor unless given.
    scheduler: address of a Dask scheduler to work on instead.

    Raises
    ------
    CallError: an unknown method or option, a number out of bounds, a library that is missing, a
        scheduler that does not answer, or another run that writes the same study.
    FileError: there is no case, or the folder cannot be read or written.
    """
    needs_arrow()
    check_draws(draws, seed)
    chosen = _forecasting(tuple(methods), options or {})
    settings = Settings(draws, seed, chosen, version())
    files = case_files(Path(folder))
    tally = Tally(Path(out))
    with opened_pool(workers, scheduler) as pool, store.opened(Path(out)) as opened:
        run = _Run(opened, settings, pool, tally)
        lines = run.lines(Path(folder), files)
        opened.write_manifest(asdict(settings), _counted(lines, len(files), progress))
    return tally


def case_files(folder: Path) -> tuple[str, ...]:
    """Return the case files of a folder, relative to it and in order; links to folders are not followed.

    Raises
    ------
    FileError: there is no such folder, or no case in it.
    CallError: there are too many.
    """
    if not folder.is_dir():
        raise FileError("There is no such folder.", code="no-folder", where=str(folder))
    found = [path.name for path in folder.glob("*.yaml") if path.is_file()]
    for place, inner, names in os.walk(folder):
        inner[:] = [name for name in inner if not name.startswith(".")]
        path = Path(place, CASE_FILE)
        if CASE_FILE in names and Path(place) != folder and path.is_file():
            found.append(path.relative_to(folder).as_posix())
    if not found:
        hint = f"A study takes every '{CASE_FILE}' inside, and every other '*.yaml' right in the folder."
        raise FileError("The folder holds no case.", code="no-case-in-folder", where=str(folder), hint=hint)
    if len(found) > MOST_CASES:
        raise CallError(
            f"The folder holds {len(found)} cases.",
            code="too-many-cases",
            where=str(folder),
            hint=f"A study takes at most {MOST_CASES}: make several.",
        )
    return tuple(sorted(found))


def _forecasting(only: tuple[str, ...], options: Options) -> dict[str, dict[str, Any]]:
    """Return all options of each method to run, the default method first."""
    chosen = chosen_methods(only, options)
    silent = [spec.id for spec in chosen if spec.forecast is None or spec.takes != "scaled"]
    if only and silent:
        raise CallError(
            f"The method '{silent[0]}' forecasts no point on a scale.",
            code="no-forecast",
            where=silent[0],
            hint="A study compares forecasts on issues with a scale.",
        )
    return {spec.id: spec.checked(options.get(spec.id, {})) for spec in chosen if spec.id not in silent}


def _counted(
    lines: Iterator[dict[str, Any]], total: int, progress: Progress | None
) -> Iterator[dict[str, Any]]:
    for done, line in enumerate(lines, start=1):
        if progress is not None:
            progress("cases", done, total)
        yield line


@dataclass(frozen=True, slots=True)
class _Begun:
    """A case file that was looked at: what is known of it, and what is being computed."""

    file: str
    record: CaseRecord
    missing: tuple[str, ...] = ()
    task: Future[Outcome] | None = None


@dataclass(frozen=True, slots=True)
class _Run:
    """One run of a study."""

    store: Store
    settings: Settings
    pool: Pool
    tally: Tally

    def lines(self, folder: Path, files: Sequence[str]) -> Iterator[dict[str, Any]]:
        """Yield the line of each case for the manifest, in the order of the files, a few begun ahead."""
        waiting: deque[_Begun] = deque()
        for file in files:
            waiting.append(self._begin(folder, file))
            if len(waiting) > self.pool.width * (1 + AHEAD):
                yield self._end(waiting.popleft())
        while waiting:
            yield self._end(waiting.popleft())

    def _begin(self, folder: Path, file: str) -> _Begun:
        """Find out what is not finished of a case, and begin it."""
        version = self.settings.version
        try:
            raw = _bytes_of(folder / file)
        except FileError as error:
            return _Begun(file, CaseRecord(file_digest="", version=version, failure=failure_of(error)))
        file_digest = hashlib.sha256(raw).hexdigest()
        record, missing = self.store.record(file_digest, version), tuple(self.settings.methods)
        if record is None:
            record = CaseRecord(file_digest=file_digest, version=version)
        elif record.failure is not None:
            return _Begun(file, record)
        else:
            missing = tuple(method for method in missing if self._state(record, method) is None)
        task = self.pool.submit(work, Task(raw, missing, self.settings)) if missing else None
        return _Begun(file, record, missing, task)

    def _end(self, begun: _Begun) -> dict[str, Any]:
        """Wait for a case, keep what came of it, and return its line."""
        outcome = Outcome(begun.record) if begun.task is None else self.pool.outcome(begun.task)
        record = outcome.record
        if begun.task is not None and record.is_final:
            self.store.keep(record, outcome.parts)
        self.tally.cases += 1
        if record.failure is not None:
            return self._failed(begun.file, record.failure)
        parts = {
            method: self._part(begun, record, method, outcome.accidents) for method in self.settings.methods
        }
        return {"file": begun.file, "case": record.case, "case_digest": record.digest, "parts": parts}

    def _failed(self, file: str, failure: Failure) -> dict[str, Any]:
        self.tally.failed += 1
        self.tally.tell(file, str(failure))
        return {"file": file, "failed": failure.model_dump()}

    def _part(
        self, begun: _Begun, record: CaseRecord, method: str, accidents: Mapping[str, str]
    ) -> dict[str, Any]:
        """Return what the manifest says of a part, and count it."""
        state = self._state(record, method)
        if state is None:
            self.tally.unfinished += 1
            self.tally.tell(begun.file, f"{method}: {accidents.get(method, 'the part is gone')}")
            return {"unfinished": accidents.get(method, "the part is gone")}
        if method in begun.missing:
            self.tally.made += 1
        else:
            self.tally.kept += 1
        self.tally.skipped += state.skipped is not None
        name = self.settings.identity(record.digest, method).name()
        why = {} if state.skipped is None else {"skipped": state.skipped}
        return {"file": name, "rows": state.rows, **why}

    def _state(self, record: CaseRecord, method: str) -> PartState | None:
        return self.store.part(self.settings.identity(record.digest, method))


def _bytes_of(file: Path) -> bytes:
    """Return the bytes of a case file; of one that is too large, enough to be refused as such."""
    try:
        with file.open("rb") as stream:
            return stream.read(MOST_BYTES + 1)
    except OSError as error:
        reason = error.strerror or str(error)
        raise FileError(f"The file cannot be read: {reason}.", code="file-unreadable") from None
