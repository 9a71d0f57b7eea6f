"""A ledger: a file of JSON lines to which entries are added and in which none is ever changed.

Each entry holds its number and the hash of the entry before it, and is closed by the SHA-256 of its own
canonical JSON (keys sorted, no blanks). Whoever changes, drops, inserts or moves an entry breaks the
chain at that place. Only the end can be cut off unseen: whoever noted the hash of the last entry (the
head) elsewhere sees that as well.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import filelock

from westphalia.errors import CallError, FileError, suggest
from westphalia.files import write_whole

FIRST = "0" * 64
"""What stands for the hash before the first entry."""

MOST_BYTES = 256_000_000
PATIENCE = 60.0
"""Seconds to wait for another writer."""

_FRAME = ("number", "previous", "hash")


@dataclass(frozen=True)
class Entry:
    """One line of a ledger: its number from 1, its hash, and what it says."""

    number: int
    hash: str
    content: Mapping[str, Any]

    @property
    def kind(self) -> str:
        """What the entry is: a forecast or an outcome."""
        return str(self.content.get("kind", ""))


@dataclass(frozen=True)
class Ledger:
    """A ledger whose chain holds."""

    path: Path
    entries: tuple[Entry, ...]

    @property
    def head(self) -> str:
        """The hash of the last entry: note it elsewhere, and a cut end will show."""
        return self.entries[-1].hash if self.entries else FIRST

    def entry(self, name: str) -> Entry:
        """Return the entry of that number, or of the hash that begins so (4 signs or more).

        Raises
        ------
        CallError: there is none, or several begin so.
        """
        if name.isdigit() and 1 <= int(name) <= len(self.entries):
            return self.entries[int(name) - 1]
        found = [entry for entry in self.entries if len(name) >= 4 and entry.hash.startswith(name)]
        if len(found) == 1:
            return found[0]
        what = f"{len(found)} entries begin with" if found else "The ledger has no entry"
        known = [str(entry.number) for entry in self.entries]
        raise CallError(
            f"{what} '{name}'.", code="unknown-entry", where=str(self.path), hint=suggest(name, known)
        )


class LedgerError(FileError):
    """The chain of a ledger does not hold; `faults` says where and how, in the order of the file."""

    def __init__(self, path: Path, faults: tuple[str, ...]) -> None:
        self.faults = faults
        super().__init__(
            "The ledger does not hold: " + " ".join(faults),
            code="ledger-broken",
            where=str(path),
            hint="Compare it with a copy; nothing is added to a ledger that does not hold.",
        )

    def as_dict(self) -> dict[str, object]:
        """Return the error with all faults as plain data."""
        return {**super().as_dict(), "faults": list(self.faults)}


def canonical(content: Mapping[str, Any]) -> bytes:
    """Return content as canonical JSON: one way to write it, to the byte."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8")


def read_ledger(path: str | Path, *, head: str | None = None) -> Ledger:
    """Read a ledger and hold its chain; with `head` also that the entry of that hash is still there.

    Raises
    ------
    LedgerError: an entry was changed, dropped, inserted or moved, or the end is cut; says which.
    FileError: there is no such file, or it cannot be read.
    """
    file = Path(path)
    return _held(file, _bytes_of(file), head)


def add(path: str | Path, content: Mapping[str, Any]) -> Entry:
    """Add an entry to a ledger, which is begun if there is none, and return it.

    One writer at a time: others wait for its lock (``FILE.lock``). The file is replaced in one step
    and flushed to disk, so that a writer who is stopped leaves the old ledger whole. The whole chain
    is held first: cost is linear in the ledger, about 2 ms an entry of six issues.

    Raises
    ------
    LedgerError: the ledger does not hold; nothing is added.
    FileError: it cannot be written, or another writer keeps it.
    """
    file = Path(os.path.realpath(path))
    if not file.parent.is_dir():
        raise FileError("There is no such folder.", code="not-saved", where=str(file.parent))
    try:
        with filelock.FileLock(f"{file}.lock", timeout=PATIENCE):
            raw = _bytes_of(file) if file.exists() else b""
            ledger = _held(file, raw, None)
            entry, line = _closed(len(ledger.entries) + 1, ledger.head, content)
            write_whole(file, raw + line)
    except filelock.Timeout:
        message = "Another writer keeps the ledger."
        hint = f"Try again; if nobody writes, remove {file}.lock."
        raise FileError(message, code="ledger-busy", where=str(path), hint=hint) from None
    except OSError as error:
        reason = error.strerror or str(error)
        raise FileError(f"It cannot be written: {reason}.", code="not-saved", where=str(path)) from None
    return entry


def _closed(number: int, previous: str, content: Mapping[str, Any]) -> tuple[Entry, bytes]:
    """Return an entry with its place in the chain, and its line."""
    framed = {**content, "number": number, "previous": previous}
    closing = _closing(framed)
    return Entry(number, closing, content), canonical({**framed, "hash": closing}) + b"\n"


def _closing(framed: Mapping[str, Any]) -> str:
    """Return the hash that closes an entry, of all that stands in it but the hash itself."""
    return hashlib.sha256(canonical(framed)).hexdigest()


def _bytes_of(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            raw = stream.read(MOST_BYTES + 1)
    except FileNotFoundError:
        hint = "'westphalia seal CASE --ledger FILE' begins one."
        raise FileError("There is no such ledger.", code="file-missing", where=str(file), hint=hint) from None
    except (OSError, ValueError) as error:
        raise FileError(f"It cannot be read: {error}.", code="file-unreadable", where=str(file)) from None
    if len(raw) > MOST_BYTES:
        message = f"The ledger is larger than {MOST_BYTES // 1_000_000} MB."
        raise FileError(message, code="too-large", where=str(file), hint="Begin another one.")
    return raw


# --- the chain -----------------------------------------------------------------------------------


def _held(file: Path, raw: bytes, head: str | None) -> Ledger:
    lines = raw.split(b"\n")
    faults = (
        [] if lines.pop() == b"" else ["The last line is not whole: the file was cut, or a writer stopped."]
    )
    if faults:
        raise LedgerError(file, (*_faults([_read(line) for line in lines]), *faults))
    entries = [_read(line) for line in lines]
    faults = list(_faults(entries))
    if head is not None and head not in (FIRST, *(entry.hash for entry in entries if entry)):
        faults.append(f"No entry has the hash {head[:12]}… that was noted: the end was cut off or rewritten.")
    if faults:
        raise LedgerError(file, tuple(faults))
    return Ledger(file, tuple(entry for entry in entries if entry is not None))


def _read(line: bytes) -> Entry | None:
    """Return the entry of a line, with its frame, or None if the line is not as it was written."""
    try:
        held = json.loads(line.decode("utf-8"))
        intact = isinstance(held, dict) and canonical(held) == line and set(_FRAME) <= set(held)
    except (ValueError, RecursionError):
        return None
    if not intact or not isinstance(held["number"], int):
        return None
    framed = {key: part for key, part in held.items() if key != "hash"}
    if _closing(framed) != held["hash"]:
        return None
    return Entry(held["number"], held["hash"], framed)


def _faults(entries: list[Entry | None]) -> Iterator[str]:
    """Yield what is wrong with the chain, each fault once."""
    number, previous = 1, FIRST
    for line, entry in enumerate(entries, start=1):
        if entry is None:
            yield f"Line {line}: entry {number} was changed after it was written."
            number, previous = number + 1, ""
            continue
        if entry.number > number:
            yield f"Line {line}: {_range(number, entry.number - 1)} missing before entry {entry.number}."
        elif entry.number < number:
            yield f"Line {line}: entry {entry.number} stands where entry {number} belongs: moved or inserted."
        elif previous and entry.content["previous"] != previous:
            before = f"entry {number - 1}" if number > 1 else "the beginning"
            yield f"Line {line}: entry {number} does not follow from {before}: one of them was replaced."
        number, previous = entry.number + 1, entry.hash


def _range(first: int, last: int) -> str:
    return f"entry {first} is" if first == last else f"entries {first} to {last} are"
