"""The journal of a coding: a file of JSON lines, one action a line, only ever added to.

The journal is the coding: read again from its first line it gives the same entries, and the same way
back. A line is written whole or not at all. What a crash left unfinished at the end is set aside with
a word about it; anything wrong before the end is refused, because everything after it rests on it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pydantic

from westphalia.dossier.review import Action, Coding, Edit, History
from westphalia.errors import CallError, FileError

MOST_BYTES = 200_000_000
_HEAD = b'{"westphalia-journal": 1}\n'


def journal_file(case: str | Path, coder: str = "") -> Path:
    """Return the path of a journal beside a case file: ``peace.yaml`` has ``peace.journal.jsonl``.

    With the id of a coder, each coder has a file of one's own: ``peace.anna.journal.jsonl``.

    Raises
    ------
    CallError: the coder's name cannot be part of a file's name.
    """
    if coder and not all(letter.isalnum() or letter in "-_" for letter in coder):
        hint = "Use letters, digits, '-' and '_'."
        raise CallError(f"'{coder}' cannot be part of a file's name.", code="bad-coder", hint=hint)
    return Path(case).with_suffix(f".{coder}.journal.jsonl" if coder else ".journal.jsonl")


class Journal:
    """A coding with its file. Reading it never writes; the first action afterwards does.

    `lost` says what a crash left unfinished, None if nothing. A file that is missing is an empty
    journal.

    Raises
    ------
    FileError: the file cannot be read, is none of ours, too large, or damaged before its end.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self.history = History()
        self.lost: str | None = None
        self._size = 0
        self._torn = 0
        self._read(_bytes_of(self.path))

    @property
    def coding(self) -> Coding:
        """The coding as it stands."""
        return self.history.coding

    def do(self, action: Action) -> tuple[Edit, ...]:
        """Do an action, write it down, and return its edits; if it cannot be written it is not done.

        Raises
        ------
        CallError: the action cannot be done; see `History.do`.
        FileError: it cannot be written, or another program has written to the file meanwhile.
        """
        line = f"{action.model_dump_json(exclude_defaults=True)}\n".encode()
        after = self.history.copy()
        edits = after.do(action)
        try:
            self._append(line)
        except OSError as error:
            reason = error.strerror or str(error)
            raise FileError(
                f"The action cannot be written down: {reason}.",
                code="unwritable-file",
                where=str(self.path),
                hint="It was not done.",
            ) from None
        self.history = after
        return edits

    def _read(self, raw: bytes) -> None:
        whole = raw.rfind(b"\n") + 1
        self._size, self._torn = whole, len(raw) - whole
        if self._torn:
            self.lost = (
                f"The last line of '{self.path.name}' was not finished: {self._torn} bytes of an action "
                "are lost, everything before is there."
            )
        if whole and not raw.startswith(_HEAD):
            raise self._damaged(1, "This is no journal of a coding.")
        for number, action in self._actions(raw[:whole]):
            try:
                self.history.do(action)
            except CallError as error:
                raise self._damaged(number, f"The action cannot be done: {error.message}") from None

    def _actions(self, raw: bytes) -> Iterator[tuple[int, Action]]:
        for number, line in enumerate(raw.split(b"\n")[1:-1], start=2):
            try:
                # Python's own reader refuses what is nested too deeply; that of pydantic does not say so.
                yield number, Action.model_validate(json.loads(line))
            except (ValueError, RecursionError) as error:
                raise self._damaged(number, f"It holds no action: {_first(error)}") from None

    def _append(self, line: bytes) -> None:
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0)
        handle = os.open(self.path, flags, 0o666)
        try:
            if os.fstat(handle).st_size != self._size + self._torn:
                raise OSError("another program has written to it meanwhile; open the journal anew")
            if self._torn:
                os.ftruncate(handle, self._size)
                self._torn = 0
            whole = line if self._size else _HEAD + line
            self._write(handle, whole)
            self._size += len(whole)
        finally:
            os.close(handle)

    def _write(self, handle: int, line: bytes) -> None:
        """Write a line to the end, or leave the file as long as it was and raise OSError."""
        try:
            if os.write(handle, line) < len(line):
                raise OSError("the disk took only a part of the line")
            os.fsync(handle)
        except OSError:
            os.ftruncate(handle, self._size)
            raise

    def _damaged(self, number: int, why: str) -> FileError:
        hint = "Restore the journal from a copy; the lines before this one are whole."
        return FileError(why, code="damaged-journal", where=f"{self.path}:{number}", hint=hint)


def _first(error: Exception) -> str:
    """Return the first thing that is wrong, in words."""
    if isinstance(error, pydantic.ValidationError):
        fault = error.errors(include_url=False)[0]
        return f"{'.'.join(map(str, fault['loc'])) or 'the line'}: {fault['msg']}"
    return "it is no JSON."


def _bytes_of(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            raw = stream.read(MOST_BYTES + 1)
    except FileNotFoundError:
        return b""
    except (OSError, ValueError) as error:
        message = f"The journal cannot be read: {getattr(error, 'strerror', None) or error}."
        raise FileError(message, code="unreadable-file", where=str(path)) from None
    if len(raw) > MOST_BYTES:
        message = f"The journal is larger than {MOST_BYTES // 1_000_000} MB."
        raise FileError(message, code="too-large", where=str(path))
    return raw
