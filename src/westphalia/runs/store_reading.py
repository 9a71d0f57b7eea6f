"""Reading a study that was run: a case at a time, or as one table that is read as it is asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import pydantic
import xarray as xr

from westphalia.analyses.forecasts import QUANTILES, side_by_side, summary
from westphalia.errors import CallError, FileError, suggest
from westphalia.labels import DRAW, ISSUE, METHOD, QUANTILE
from westphalia.runs.store import MANIFEST, MARK_KEY
from westphalia.runs.store_parts import FORMAT, PART_NAME, needs_arrow, read_part
from westphalia.runs.studies_work import Failure

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa
    import pyarrow.dataset as pads

Model = TypeVar("Model", bound=pydantic.BaseModel)

_MOST_LINE = 10_000_000


class StoredPart(pydantic.BaseModel):
    """A part as the manifest tells it: its file and rows, or why there are no numbers."""

    model_config = pydantic.ConfigDict(extra="forbid", frozen=True)

    file: str = pydantic.Field("", pattern=rf"^({PART_NAME.pattern})?$")
    rows: int = pydantic.Field(0, ge=0)
    skipped: str = ""
    unfinished: str = ""


class StoredCase(pydantic.BaseModel):
    """A case as the manifest tells it: its parts by method, or why it failed."""

    model_config = pydantic.ConfigDict(extra="forbid", frozen=True)

    file: str
    case: str = ""
    case_digest: str = ""
    parts: dict[str, StoredPart] = {}
    failed: Failure | None = None

    @property
    def skipped(self) -> dict[str, str]:
        """Why a method has no numbers, by its id."""
        reasons = {method: part.skipped or part.unfinished for method, part in self.parts.items()}
        return {method: reason for method, reason in reasons.items() if reason}


class _Head(pydantic.BaseModel):
    """The settings of a study, the first line of its manifest."""

    model_config = pydantic.ConfigDict(extra="forbid", frozen=True)

    westphalia_study: int = pydantic.Field(ge=FORMAT, le=FORMAT)
    draws: int = pydantic.Field(ge=1)
    seed: int = pydantic.Field(ge=0)
    methods: dict[str, dict[str, Any]]
    version: str


@dataclass(frozen=True)
class StoredStudy:
    """A study on disk; nothing is in memory but what is being asked for."""

    path: Path
    draws: int
    seed: int
    methods: Mapping[str, Mapping[str, Any]]
    version: str

    def cases(self) -> Iterator[StoredCase]:
        """Yield the cases in the order of their files, the failed ones too.

        Raises
        ------
        FileError: the manifest is damaged.
        """
        lines = _lines(self.path / MANIFEST)
        next(lines)
        for number, line in enumerate(lines, start=2):
            yield _parsed(StoredCase, line, self.path / MANIFEST, number)

    def forecasts(self) -> Iterator[xr.Dataset]:
        """Yield `forecast` (method, draw, issue) of each case that has one; memory holds one case."""
        for case in self.cases():
            if any(part.rows for part in case.parts.values()):
                yield self._forecast(case)

    def forecast(self, case: str) -> xr.Dataset:
        """Return `forecast` (method, draw, issue) of a case, by its id or its file, as `Case.forecast` does.

        Raises
        ------
        CallError: there is no such case, several have that id, or it has no forecast.
        FileError: a part is damaged.
        """
        found = [one for one in self.cases() if case in (one.case, one.file)]
        if not found:
            names = [one.case or one.file for one in self.cases()]
            raise CallError(
                f"The study has no case '{case}'.", code="unknown-case", hint=suggest(case, names)
            )
        if len({one.case_digest for one in found}) > 1:
            files = ", ".join(one.file for one in found[:4])
            hint = f"Name it by its file: {files}."
            raise CallError(f"Several cases have the id '{case}'.", code="ambiguous-case", hint=hint)
        if not any(part.rows for part in found[0].parts.values()):
            why = str(found[0].failed or "; ".join(found[0].skipped.values()))
            raise CallError(f"The case '{case}' has no forecast: {why}", code="no-forecast", where=case)
        return self._forecast(found[0])

    def summary(self) -> pd.DataFrame:
        """Return the quantiles over draws as a table: a row a case, method and issue."""
        import pandas as pd

        rows = []
        for data in self.forecasts():
            table = summary(data["forecast"]).transpose(METHOD, ISSUE, QUANTILE)
            for method, issues in zip(data[METHOD].values.tolist(), table.values, strict=True):
                for issue, values in zip(data[ISSUE].values.tolist(), issues.tolist(), strict=True):
                    rows.append((data.attrs["case"], data.attrs["case_digest"], method, issue, *values))
        names = ["case", "case_digest", METHOD, ISSUE, *(f"q{share:.2f}" for share in QUANTILES)]
        return pd.DataFrame(rows, columns=names)

    def tables(self) -> Iterator[pd.DataFrame]:
        """Yield all draws of each part as a table: case, case_digest, method, issue, draw, forecast."""
        for case in self.cases():
            for part in case.parts.values():
                if part.rows:
                    yield read_part(self.path / part.file, part.rows).to_pandas()

    def dataset(self) -> pads.Dataset:
        """Return all parts as one table of Arrow that is read as it is asked, with filters and columns."""
        import pyarrow.dataset as pads

        files = [part.file for case in self.cases() for part in case.parts.values() if part.file]
        return pads.dataset([str(self.path / file) for file in dict.fromkeys(files)], format="parquet")

    def _forecast(self, case: StoredCase) -> xr.Dataset:
        tables = {
            method: read_part(self.path / part.file, part.rows)
            for method, part in case.parts.items()
            if part.rows
        }
        ordered: Sequence[str] = [method for method in self.methods if method in tables]
        stamp = {"case": case.case, "case_digest": case.case_digest, "draws": self.draws, "seed": self.seed}
        whole = side_by_side({method: _unrolled(tables[method]) for method in ordered})
        return whole.assign_attrs({**stamp, "version": self.version})


def open_study(path: str | Path) -> StoredStudy:
    """Open the folder of a study that ran to its end; nothing but the head of its manifest is read.

    Raises
    ------
    FileError: there is no study, it has not ended yet, or its manifest is damaged.
    CallError: the library that reads Parquet is not installed.
    """
    needs_arrow()
    folder = Path(path)
    file = folder / MANIFEST
    if not file.is_file():
        raise FileError(
            "There is no study that ran to its end.",
            code="no-study",
            where=str(folder),
            hint="Run the same `westphalia study` again: it goes on where it stopped.",
        )
    head = _parsed(_Head, next(_lines(file), ""), file, 1)
    return StoredStudy(folder, head.draws, head.seed, head.methods, head.version)


def _lines(file: Path) -> Iterator[str]:
    try:
        with file.open(encoding="utf-8") as stream:
            while line := stream.readline(_MOST_LINE):
                yield line
    except (OSError, UnicodeDecodeError) as error:
        raise _damaged(file, 0, type(error).__name__) from None


def _parsed(model: type[Model], line: str, file: Path, number: int) -> Model:
    try:
        return model.model_validate_json(line)
    except pydantic.ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise _damaged(file, number, f"{where}: {first['msg']}".removeprefix(": ")) from None


def _damaged(file: Path, number: int, what: str) -> FileError:
    return FileError(
        f"The manifest is damaged ({what}).",
        code="manifest-damaged",
        where=f"{file}:{number}" if number else str(file),
        hint=f"Run the study again: it writes a new one. '{MARK_KEY}' begins its first line.",
    )


def _unrolled(table: pa.Table) -> xr.DataArray:
    """Return the forecast (draw, issue) of a part's rows: issue after issue, each with all draws."""
    issues = table[ISSUE].combine_chunks().dictionary.to_pylist()
    values = table["forecast"].to_numpy().reshape(len(issues), -1)
    draws = table[DRAW].to_numpy()[: values.shape[1]].astype(np.int64)
    coords = {DRAW: draws, ISSUE: issues}
    return xr.DataArray(np.ascontiguousarray(values.T), dims=(DRAW, ISSUE), coords=coords)
