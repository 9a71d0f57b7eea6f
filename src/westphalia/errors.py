"""What can go wrong, in one form: what, where, what would be right, the nearest valid name."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]

EXIT_CASE = 1
EXIT_CALL = 2


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a file; line and column count from 1, 0 means the file as a whole."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        if self.line == 0:
            return self.file
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault or warning that the check of a case reports.

    `code` is stable and lower-case with dashes (``unknown-actor``); `path` is the place in the
    tree of the case (``stands.usa.territory.position``); `message` says what is wrong with the
    names of the case; `hint` says what would be right.
    """

    severity: Severity
    code: str
    message: str
    place: Place
    path: str = ""
    hint: str = ""

    def __str__(self) -> str:
        text = f"{self.place}: {self.severity}: {self.message}"
        return f"{text} {self.hint}" if self.hint else text

    def as_dict(self) -> dict[str, object]:
        """Return the finding as plain data, the one shape all faces give out."""
        return {
            "severity": self.severity,
            "code": self.code,
            "message": self.message,
            "hint": self.hint,
            "path": self.path,
            "file": self.place.file,
            "line": self.place.line,
            "column": self.place.column,
        }


class WestphaliaError(Exception):
    """The family of every error this package raises on purpose.

    Parameters
    ----------
    message: what is wrong, in a sentence an analyst understands.
    code: a stable name of the error.
    where: the file, the place in the case, or the input concerned.
    hint: what would be right.
    """

    exit_code = EXIT_CALL

    def __init__(self, message: str, *, code: str = "error", where: str = "", hint: str = "") -> None:
        self.message = message
        self.code = code
        self.where = where
        self.hint = hint
        super().__init__(str(self))

    def __str__(self) -> str:
        head = f"{self.where}: " if self.where else ""
        tail = f" {self.hint}" if self.hint else ""
        return f"{head}{self.message}{tail}"

    def as_dict(self) -> dict[str, object]:
        """Return the error as plain data, the one shape all faces give out."""
        return {"code": self.code, "message": self.message, "where": self.where, "hint": self.hint}


class CallError(WestphaliaError):
    """The call is wrong: an unknown method, an option out of bounds, labels that do not fit."""


class FileError(WestphaliaError):
    """A file cannot be read or written: missing, too large, not text, not what it says it is."""

    exit_code = EXIT_CASE


class CaseError(WestphaliaError):
    """The case is wrong; `findings` holds every fault that was found, in the order of the file."""

    exit_code = EXIT_CASE

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        errors = [finding for finding in self.findings if finding.severity == "error"]
        head = f"{len(errors)} error{'s' if len(errors) != 1 else ''} in the case"
        super().__init__("\n".join([head, *map(str, errors)]), code="case-wrong")

    def as_dict(self) -> dict[str, object]:
        """Return the error with all its findings as plain data."""
        return {**super().as_dict(), "findings": [finding.as_dict() for finding in self.findings]}


def nearest(name: str, names: Iterable[str]) -> str | None:
    """Return the valid name that `name` is most likely a slip of, or None if none is near."""
    known = {valid.lower(): valid for valid in names}
    close = difflib.get_close_matches(name.lower(), list(known), n=1, cutoff=0.6)
    return known[close[0]] if close else None


def suggest(name: str, names: Iterable[str], *, most: int = 8) -> str:
    """Return the hint for a wrong name: the nearest valid one, or the names there are."""
    valid = sorted(set(names))
    close = nearest(name, valid)
    if close is not None:
        return f"Did you mean '{close}'?"
    if not valid:
        return "There are none yet."
    more = f" and {len(valid) - most} more" if len(valid) > most else ""
    return f"Known: {', '.join(valid[:most])}{more}."
