"""A part of a study as a Parquet file: one method on one case, every draw; or why there is none.

The file's schema carries what the part is known by, so that a part is taken for finished only if it is
whole and is what its name says.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from westphalia.errors import CallError, FileError
from westphalia.labels import DRAW, ISSUE, METHOD

if TYPE_CHECKING:
    import pyarrow as pa

FORMAT = 1
COLUMNS = ("case", "case_digest", METHOD, ISSUE, DRAW, "forecast")
PART_NAME = re.compile(r"parts/[0-9a-f]{2}/[a-z0-9_-]{1,64}\.[0-9a-f]{32}\.parquet")

_IDENTITY = b"westphalia"
_REASON = b"westphalia_skipped"


@dataclass(frozen=True, slots=True)
class Identity:
    """What a part is known by: all that its numbers depend on."""

    case_digest: str
    method: str
    options: Mapping[str, Any]
    draws: int
    seed: int
    version: str

    def text(self) -> str:
        """Return the identity as canonical JSON."""
        return json.dumps({"format": FORMAT, **asdict(self)}, sort_keys=True, separators=(",", ":"))

    def name(self) -> str:
        """Return the part's file, relative to the study: the same identity, the same name."""
        key = hashlib.sha256(self.text().encode()).hexdigest()[:32]
        return f"parts/{self.case_digest[:2]}/{self.method}.{key}.parquet"


@dataclass(frozen=True, slots=True)
class PartState:
    """A finished part: how many numbers it holds, or why the method could not run."""

    rows: int
    skipped: str | None


def needs_arrow() -> None:
    """Raise CallError if the library that reads and writes Parquet is not installed."""
    try:
        import pyarrow.parquet  # noqa: F401
    except ImportError:
        raise CallError(
            "A study is kept as Parquet files, and pyarrow, which writes them, is not installed.",
            code="pyarrow-missing",
            hint='Install it: pip install "westphalia[study]".',
        ) from None


def part_bytes(identity: Identity, case: str, forecast: xr.DataArray) -> bytes:
    """Return the Parquet file of a forecast (draw, issue): a row a draw, issue after issue."""
    values = forecast.transpose(ISSUE, DRAW)
    issues, draws = values[ISSUE].values.tolist(), values[DRAW].values
    rows = values.size
    columns = {
        "case": _constant(case, rows),
        "case_digest": _constant(identity.case_digest, rows),
        METHOD: _constant(identity.method, rows),
        ISSUE: _labels(issues, np.repeat(np.arange(len(issues)), len(draws))),
        DRAW: np.tile(draws.astype(np.int32), len(issues)),
        "forecast": np.ascontiguousarray(values.values, dtype=np.float64).ravel(),
    }
    return _file(columns, {_IDENTITY: identity.text()})


def reason_bytes(identity: Identity, case: str, reason: str) -> bytes:
    """Return the Parquet file of a part without numbers; its schema says why there are none."""
    none = np.empty(0)
    columns: dict[str, Any] = {name: _constant("", 0) for name in COLUMNS[:3]}
    columns |= {ISSUE: _constant("", 0), DRAW: none.astype(np.int32), "forecast": none}
    return _file(columns, {_IDENTITY: identity.text(), _REASON: reason, b"case": case})


def part_state(file: Path, identity: Identity) -> PartState | None:
    """Return the state of a finished part, or None if the file is not there, not whole, or another part."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        metadata = pq.read_metadata(file)
    except (OSError, pa.ArrowException):
        return None
    notes = metadata.metadata or {}
    if notes.get(_IDENTITY) != identity.text().encode():
        return None
    reason = notes.get(_REASON)
    return PartState(metadata.num_rows, None if reason is None else reason.decode())


def read_part(file: Path, rows: int) -> pa.Table:
    """Return the table of a part that should have that many rows; its pages are held against checksums.

    Raises
    ------
    FileError: the file is not there, not whole, damaged, or no part of a study.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(file, page_checksum_verification=True) as opened:
            if opened.schema_arrow.names != list(COLUMNS) or opened.metadata.num_rows != rows:
                raise _damaged(file, "It is no part of this study")
            return opened.read(use_threads=False)
    except (OSError, pa.ArrowException) as error:
        raise _damaged(file, f"It cannot be read ({str(error).splitlines()[0][:200]})") from None


def _damaged(file: Path, what: str) -> FileError:
    hint = "Delete it and run the study again: only this part is computed anew."
    return FileError(f"{what}.", code="part-damaged", where=str(file), hint=hint)


def _constant(text: str, rows: int) -> pa.DictionaryArray:
    return _labels([text], np.zeros(rows, dtype=np.int32))


def _labels(labels: list[str], at: np.ndarray[tuple[int, ...], np.dtype[Any]]) -> pa.DictionaryArray:
    import pyarrow as pa

    return pa.DictionaryArray.from_arrays(pa.array(at.astype(np.int32)), pa.array(labels, pa.string()))


def _file(columns: Mapping[str, Any], notes: Mapping[bytes, str | bytes]) -> bytes:
    """Return the table as one Parquet file: the same table, the same bytes."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.table(dict(columns)).replace_schema_metadata(dict(notes))
    stream = io.BytesIO()
    pq.write_table(
        table,
        stream,
        compression="zstd",
        use_dictionary=list(COLUMNS[:4]),
        column_encoding={DRAW: "DELTA_BINARY_PACKED", "forecast": "BYTE_STREAM_SPLIT"},
        write_page_checksum=True,
    )
    return stream.getvalue()
