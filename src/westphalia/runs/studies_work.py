"""The unit of a study: one case, from the bytes of its file to finished parts.

It knows no folder and no thread: it runs here, on a thread, or on another machine, and gives the same
bytes everywhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pydantic
import xarray as xr

from westphalia.analyses.sampling import sample
from westphalia.case.document import CASE_FILE, Document, parse
from westphalia.case.inputs import build
from westphalia.errors import CallError, CaseError, WestphaliaError
from westphalia.labels import ACTOR, ISSUE
from westphalia.methods import load_all
from westphalia.registry import find
from westphalia.runs.engine import run
from westphalia.runs.store_parts import Identity, part_bytes, reason_bytes

MOST_CELLS = 50_000_000
"""Most draws × actors × issues of one case, about 1.5 GB of draws: a larger one is refused, not tried."""

UNEXPECTED = "unexpected"

_ACCIDENTS = (ArithmeticError, ValueError, LookupError, TypeError, RuntimeError, MemoryError)
"""What a fault of ours looks like: it is told, the study goes on, and the part counts as not run."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What all parts of a study share; `methods` holds every option of each method, by its id."""

    draws: int
    seed: int
    methods: Mapping[str, Mapping[str, Any]]
    version: str

    def identity(self, digest: str, method: str) -> Identity:
        """Return what the part of a method on the case with that digest is known by."""
        options = dict(self.methods[method])
        return Identity(digest, method, options, self.draws, self.seed, self.version)


class Failure(pydantic.BaseModel):
    """Why a case cannot be used: its first fault, and how many there are."""

    model_config = pydantic.ConfigDict(extra="forbid", frozen=True)

    code: str
    message: str
    where: str = ""
    hint: str = ""
    errors: int = 1

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class CaseRecord(pydantic.BaseModel):
    """What reading a case file gave: its id and the digest of its content, or why it cannot be used.

    `file_digest` is the SHA-256 of the file's bytes: for the same bytes and the same version of
    westphalia the record is the same, so that a file is read and checked once.
    """

    model_config = pydantic.ConfigDict(extra="forbid", frozen=True)

    file_digest: str
    version: str
    case: str = ""
    digest: str = pydantic.Field("", pattern="^([0-9a-f]{64})?$")
    failure: Failure | None = None

    @property
    def is_final(self) -> bool:
        """Whether reading the file again would give the same; a fault of ours may be gone then."""
        return self.failure is None or self.failure.code != UNEXPECTED


@dataclass(frozen=True, slots=True)
class Task:
    """The bytes of a case file, and the methods to run on it."""

    raw: bytes
    methods: tuple[str, ...]
    settings: Settings


@dataclass(frozen=True, slots=True)
class Outcome:
    """The record of the case, its finished parts as files to be written, and what went wrong by method."""

    record: CaseRecord
    parts: tuple[tuple[Identity, bytes], ...] = ()
    accidents: Mapping[str, str] = field(default_factory=dict)


def work(task: Task) -> Outcome:
    """Read and check a case, draw its inputs once, and run the methods on them.

    A case that is wrong gives a record with the reason; a method that cannot run on the case gives a
    part that says why.
    """
    settings = task.settings
    load_all()
    file_digest = hashlib.sha256(task.raw).hexdigest()
    try:
        document = parse(task.raw, CASE_FILE)
    except CaseError as error:
        return Outcome(
            CaseRecord(file_digest=file_digest, version=settings.version, failure=failure_of(error))
        )
    except _ACCIDENTS as error:
        failure = CallError(_shown(error), code=UNEXPECTED)
        return Outcome(
            CaseRecord(file_digest=file_digest, version=settings.version, failure=failure_of(failure))
        )
    record = CaseRecord(
        file_digest=file_digest, version=settings.version, case=document.case.id, digest=document.digest
    )
    parts, accidents = [], {}
    inputs = _Inputs(document, settings)
    for method in task.methods:
        identity = settings.identity(document.digest, method)
        try:
            parts.append((identity, _part(inputs, identity)))
        except _ACCIDENTS as error:
            accidents[method] = _shown(error)
    return Outcome(record, tuple(parts), accidents)


def _shown(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def failure_of(error: WestphaliaError) -> Failure:
    """Return an error as a failure of a case."""
    if not isinstance(error, CaseError):
        return Failure(**error.as_dict())
    errors = [finding for finding in error.findings if finding.severity == "error"]
    first = errors[0]
    return Failure(
        code=first.code,
        message=first.message,
        where=f"{first.place.line}:{first.place.column}",
        hint=first.hint,
        errors=len(errors),
    )


class _Inputs:
    """The draws of a case, made when the first method asks for them."""

    def __init__(self, document: Document, settings: Settings) -> None:
        self.case = document.case.id
        self._document = document
        self._settings = settings
        self._scaled: xr.Dataset | None = None

    def scaled(self) -> xr.Dataset:
        """Return the draws on issues with a scale; raises CallError if there is none, or too many cells."""
        if self._scaled is None:
            inputs = build(self._document.case)
            sizes = inputs.central.sizes
            if sizes[ISSUE] == 0:
                raise CallError("The case has no issue with a scale.", code="input-missing")
            cells = self._settings.draws * sizes[ACTOR] * (sizes[ISSUE] + inputs.nominal.sizes[ISSUE])
            if cells > MOST_CELLS:
                raise CallError(
                    f"{self._settings.draws} draws of {sizes[ACTOR]} actors on {sizes[ISSUE]} issues are "
                    f"{cells / 1e6:.0f} million numbers.",
                    code="too-large",
                    hint=f"A study draws at most {MOST_CELLS / 1e6:.0f} million a case: ask for fewer draws.",
                )
            self._scaled = sample(inputs, self._settings.draws, self._settings.seed)[0]
        return self._scaled


def _part(inputs: _Inputs, identity: Identity) -> bytes:
    """Return the finished part: the forecast, or why the method cannot run on the case."""
    spec = find(identity.method)
    try:
        ran = run(spec, inputs.scaled(), options=identity.options, workers=1)
    except WestphaliaError as error:
        return reason_bytes(identity, inputs.case, f"{error.message} {error.hint}".strip())
    return part_bytes(identity, inputs.case, ran[str(spec.forecast)])
