"""Tables as CSV and XLSX: cells in, cells out, and what is refused, with row and column."""

from __future__ import annotations

import csv
import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeGuard, overload

from westphalia.case.text.reading import decode
from westphalia.errors import CaseError, FileError

MOST_UNPACKED = 200_000_000
_RISKY = ("=", "+", "-", "@", "\t", "\r", "'")
"""A spreadsheet takes a text that begins with one of these for a formula, or hides the first of it."""
_POINT = re.compile(r"[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?")
_COMMA = re.compile(r"[-+]?[0-9]*,[0-9]+")
_THOUSANDS = re.compile(r"[-+]?[1-9][0-9]{0,2}(,[0-9]{3})+")
_ALSO = {"power": "capability", "influence": "capability", "capabilities": "capability", "player": "actor"}
_NUMERIC = re.compile(r"(position|salience|capability)(_low|_high)?")

_BROKEN = (
    OSError,
    EOFError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    RuntimeError,
    SyntaxError,
    zipfile.BadZipFile,
    zlib.error,
)
"""What the readers of archives and workbooks raise on files that are broken, encrypted or none at all."""


@dataclass(frozen=True)
class Table(Sequence[dict[str, Any]]):
    """A sequence of rows with the columns' names as keys; an empty cell is None, a number a number.

    `lines` holds for each row where it stands in the file, the header being row 1.
    """

    name: str
    columns: tuple[str, ...]
    rows: tuple[dict[str, Any], ...]
    lines: tuple[int, ...]

    @overload
    def __getitem__(self, at: int) -> dict[str, Any]: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[dict[str, Any]]: ...

    def __getitem__(self, at: int | slice) -> dict[str, Any] | Sequence[dict[str, Any]]:
        return self.rows[at]

    def __len__(self) -> int:
        return len(self.rows)

    def wrong(self, line: int, column: str, message: str, hint: str = "") -> FileError:
        """Return the error for a cell."""
        where = f"{self.name}, row {line}, column '{column}'"
        return FileError(message, code="bad-cell", where=where, hint=hint)

    def check_values(self, line: int, row: dict[str, Any]) -> None:
        """Raise FileError unless the ends of ranges are numbers that stand in pairs."""
        for name in ("position", "salience", "capability"):
            low, high = row.get(f"{name}_low"), row.get(f"{name}_high")
            if (low is None) != (high is None):
                missing = f"{name}_low" if low is None else f"{name}_high"
                raise self.wrong(line, missing, "A range needs both of its ends.", "Fill both or none.")
            for column, value in ((f"{name}_low", low), (f"{name}_high", high)):
                if value is not None and not is_number(value):
                    raise self.wrong(line, column, f"'{value}' is not a number.")
            self._check_middle(line, name, row.get(name), has_ends=low is not None)

    def _check_middle(self, line: int, name: str, value: Any, *, has_ends: bool) -> None:
        if value is None and not has_ends and name != "capability":
            raise self.wrong(line, name, f"There is no {name}.", "Write a number, or a range in its columns.")
        is_form = isinstance(value, str) and (name == "position" or value.startswith(("{", "[")))
        if value is not None and not is_number(value) and (has_ends or not is_form):
            raise self.wrong(line, name, f"'{value}' is not a number.")


def is_number(value: object) -> TypeGuard[int | float]:
    """Return whether a cell holds a number."""
    return isinstance(value, int | float) and not isinstance(value, bool)


# --- CSV -----------------------------------------------------------------------------------------


def write_csv(table: Table, path: Path) -> None:
    """Write a table as CSV (UTF-8 with byte-order mark, as spreadsheets want it)."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(table.columns)
    for row in table.rows:
        writer.writerow([_safe(row.get(name)) for name in table.columns])
    try:
        path.write_bytes(out.getvalue().encode("utf-8-sig"))
    except OSError as error:
        raise _unwritable(path, error) from None


def _safe(value: Any) -> str:
    """Return a cell that no spreadsheet takes for a formula: such a text gets an apostrophe before it."""
    if value is None:
        return ""
    if is_number(value):
        return repr(value)
    text = str(value)
    return f"'{text}" if text.startswith(_RISKY) else text


def _unsafe(text: str) -> str:
    return text[1:] if text.startswith("'") and text[1:].startswith(_RISKY) else text


def read_csv(path: Path) -> Table:
    """Read a CSV file; the header decides between comma, semicolon and tab."""
    try:
        text = decode(path.read_bytes(), str(path))
    except OSError as error:
        reason = error.strerror or str(error)
        raise FileError(
            f"The file cannot be read: {reason}.", code="file-unreadable", where=str(path)
        ) from None
    except CaseError as error:
        finding = error.findings[0]
        raise FileError(
            finding.message, code=finding.code, where=str(finding.place), hint=finding.hint
        ) from None
    header = text.split("\n", 1)[0]
    mark = max(",;\t", key=header.count)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True))
    except csv.Error as error:
        raise FileError(f"The table cannot be read: {error}.", code="bad-csv", where=str(path)) from None
    return _table(str(path), lines, is_comma_list=mark == ",")


def _table(name: str, lines: list[list[Any]], *, is_comma_list: bool) -> Table:
    if not lines:
        raise FileError("The table is empty.", code="empty", where=name)
    columns = tuple(_column(cell) for cell in lines[0])
    twice = next((column for column in columns if column and columns.count(column) > 1), None)
    if twice is not None:
        raise FileError(f"Two columns are named '{twice}'.", code="bad-header", where=f"{name}, row 1")
    rows, at = [], []
    empty = Table(name, columns, (), ())
    for line, cells in enumerate(lines[1:], start=2):
        if all(cell is None or cell == "" for cell in cells):
            continue
        if len(cells) > len(columns):
            where = f"{name}, row {line}"
            message = f"The row has {len(cells)} cells, the header {len(columns)}."
            raise FileError(message, code="bad-row", where=where, hint="Quote texts that hold the separator.")
        padded = [*cells, *[None] * (len(columns) - len(cells))]
        pairs = zip(columns, padded, strict=True)
        rows.append({key: _cell(empty, line, key, cell, is_comma_list) for key, cell in pairs if key})
        at.append(line)
    return Table(name, tuple(column for column in columns if column), tuple(rows), tuple(at))


def _column(cell: Any) -> str:
    name = re.sub(r"[\s-]+", "_", str(cell if cell is not None else "").strip().lower())
    return _ALSO.get(name, name)


def _cell(table: Table, line: int, column: str, cell: Any, is_comma_list: bool) -> Any:
    is_measure = _NUMERIC.fullmatch(column) is not None
    if cell is None or (is_measure and is_number(cell)):
        return cell
    is_whole = isinstance(cell, float) and cell.is_integer()
    text = _unsafe(cell) if isinstance(cell, str) else str(int(cell) if is_whole else cell)
    if not text.strip():
        return None
    return _number(table, line, column, text, is_comma_list) if is_measure else text


def _number(table: Table, line: int, column: str, text: str, is_comma_list: bool) -> Any:
    bare = text.strip()
    if is_comma_list and _THOUSANDS.fullmatch(bare):
        hint = "Write it without a comma, or with a decimal point."
        raise table.wrong(line, column, f"'{bare}' can be read as thousands or as a fraction.", hint)
    if _COMMA.fullmatch(bare):
        bare = bare.replace(",", ".")
    if not _POINT.fullmatch(bare):
        return text.strip()
    is_whole = re.fullmatch(r"[-+]?[0-9]{1,300}", bare) is not None
    return int(bare) if is_whole else float(bare)


def _unwritable(path: Path, error: OSError) -> FileError:
    reason = error.strerror or str(error)
    return FileError(f"The table cannot be written: {reason}.", code="not-saved", where=str(path))


# --- XLSX ----------------------------------------------------------------------------------------


def write_xlsx(table: Table, path: Path) -> None:
    """Write a table as the one sheet of an XLSX file; texts stay texts."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    sheet = book.create_sheet("stands")
    for at, row in enumerate([dict(zip(table.columns, table.columns, strict=True)), *table.rows], start=1):
        for column, name in enumerate(table.columns, start=1):
            cell = sheet.cell(at, column)
            cell.value = row.get(name)
            if isinstance(row.get(name), str):
                cell.data_type = "s"
    sheet.freeze_panes = "C2"
    try:
        book.save(path)
    except OSError as error:
        raise _unwritable(path, error) from None


def read_xlsx(path: Path) -> Table:
    """Read the first sheet of an XLSX file; cells with formulas are refused."""
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        _refuse_bomb(path)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(path)
        sheet = book.worksheets[0]
    except (*_BROKEN, InvalidFileException) as error:
        raise _no_workbook(path, error) from None
    lines = []
    for at, row in enumerate(sheet.iter_rows(), start=1):
        for cell in row:
            if cell.data_type in ("f", "e"):
                what = "a formula" if cell.data_type == "f" else f"the error {cell.value}"
                where = f"{path}, row {at}, column {cell.coordinate.rstrip('0123456789')}"
                hint = "Put the value in its place (copy, then paste values)."
                raise FileError(f"The cell holds {what}.", code="bad-cell", where=where, hint=hint)
        lines.append([cell.value for cell in row])
    return _table(str(path), lines, is_comma_list=True)


def _refuse_bomb(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        size = sum(entry.file_size for entry in archive.infolist())
    if size > MOST_UNPACKED:
        message = (
            f"The workbook unpacks to {size / 1e6:.0f} MB; a table has at most {MOST_UNPACKED / 1e6:.0f} MB."
        )
        raise FileError(message, code="too-large", where=str(path))


def _no_workbook(path: Path, error: Exception) -> FileError:
    if isinstance(error, OSError) and error.strerror:
        message = f"The file cannot be read: {error.strerror}."
        return FileError(message, code="file-unreadable", where=str(path))
    hint = "Save it as XLSX or CSV from the spreadsheet."
    return FileError("The file is no XLSX workbook.", code="not-a-table", where=str(path), hint=hint)
