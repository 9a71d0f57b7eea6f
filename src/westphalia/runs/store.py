"""The folder of a study: finished parts, records of cases, and the manifest of the last finished run.

    STUDY/
      study.json        says that this is a study
      cases/ab/….json   what reading a case file gave, by the digest of its bytes
      parts/ab/….parquet  finished parts, by all that their numbers depend on
      manifest.jsonl    the settings, then a line a case: its parts, or why there are none

Every file is written beside its place and then moved there, so that it is whole or not there. Nothing
is ever changed in place or deleted but what a killed run left beside.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any

import filelock
import pydantic

from westphalia.errors import CallError, FileError
from westphalia.files import replacing, write_whole
from westphalia.runs.store_parts import FORMAT, Identity, PartState, part_state
from westphalia.runs.studies_work import CaseRecord

MARK = "study.json"
MARK_KEY = "westphalia_study"
MANIFEST = "manifest.jsonl"
_LOCK = ".lock"
_MOST_RECORD_BYTES = 1_000_000


class Store:
    """The folder of a study that is being run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def part(self, identity: Identity) -> PartState | None:
        """Return the state of a part if it is finished."""
        return part_state(self.folder / identity.name(), identity)

    def record(self, file_digest: str, version: str) -> CaseRecord | None:
        """Return what reading those bytes gave to that version of westphalia, if it is known."""
        file = self._record_file(file_digest)
        try:
            with file.open("rb") as stream:
                found = CaseRecord.model_validate_json(stream.read(_MOST_RECORD_BYTES))
        except (OSError, pydantic.ValidationError):
            return None
        return found if (found.file_digest, found.version) == (file_digest, version) else None

    def keep(self, record: CaseRecord, parts: Iterable[tuple[Identity, bytes]]) -> None:
        """Write the record of a case and its finished parts, each in one step.

        Raises
        ------
        FileError: the disk refuses.
        """
        self._write(self._record_file(record.file_digest), record.model_dump_json().encode())
        for identity, raw in parts:
            self._write(self.folder / identity.name(), raw)

    def write_manifest(self, settings: Mapping[str, Any], lines: Iterable[Mapping[str, Any]]) -> None:
        """Write the manifest line by line as the cases end; it takes its place when it is whole.

        Raises
        ------
        FileError: the disk refuses.
        """
        file = self.folder / MANIFEST
        head: dict[str, Any] = {MARK_KEY: FORMAT, **settings}
        with _told(file), replacing(file) as stream:
            for line in chain([head], lines):
                stream.write(f"{json.dumps(line)}\n".encode("ascii"))

    def _record_file(self, file_digest: str) -> Path:
        return self.folder / "cases" / file_digest[:2] / f"{file_digest}.json"

    def _write(self, file: Path, raw: bytes) -> None:
        with _told(file):
            file.parent.mkdir(parents=True, exist_ok=True)
            write_whole(file, raw)


@contextlib.contextmanager
def opened(folder: Path) -> Iterator[Store]:
    """Make or open the folder of a study for one run at a time, and clear away what a killed run left.

    Raises
    ------
    CallError: another run has it open.
    FileError: the folder holds other files and is no study, or it cannot be written.
    """
    with _told(folder):
        folder.mkdir(parents=True, exist_ok=True)
        _refuse_foreign(folder)
    lock = filelock.FileLock(folder / _LOCK, timeout=0)
    with _told(folder):
        _acquire(lock, folder)
    try:
        with _told(folder):
            write_whole(folder / MARK, json.dumps({MARK_KEY: FORMAT}).encode())
            _clear(folder)
        yield Store(folder)
    finally:
        lock.release()


def _acquire(lock: filelock.BaseFileLock, folder: Path) -> None:
    try:
        lock.acquire()
    except filelock.Timeout:
        raise CallError(
            "Another run writes this study.",
            code="study-locked",
            where=str(folder),
            hint="Wait until it ends, or choose another folder.",
        ) from None


def _refuse_foreign(folder: Path) -> None:
    names = [entry.name for entry in folder.iterdir() if not entry.name.startswith(".")]
    if names and MARK not in names:
        raise FileError(
            f"The folder holds other files ('{sorted(names)[0]}') and is no study.",
            code="not-a-study",
            where=str(folder),
            hint="Choose a new or an empty folder.",
        )


def _clear(folder: Path) -> None:
    """Delete the files that a killed run had not yet moved to their place."""
    for inside in (folder.glob(".*.new"), folder.glob("cases/*/.*.new"), folder.glob("parts/*/.*.new")):
        for half_written in inside:
            half_written.unlink(missing_ok=True)


@contextlib.contextmanager
def _told(file: Path) -> Iterator[None]:
    """Turn what the disk refuses into an error that says where; what is finished stays."""
    try:
        yield
    except OSError as error:
        raise FileError(
            f"It cannot be written: {error.strerror or error}.",
            code="not-saved",
            where=str(file),
            hint="What is finished stays; run the study again when this is mended.",
        ) from None
