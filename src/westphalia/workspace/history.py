"""Every version of a case file that was saved or found, and who saved it when and why.

A folder holds ``versions.jsonl``, one version a line and only ever added to, and one file for each
content, named by its SHA-256. Of a content only what differs from the version before it is kept, with
a whole one at least every 40: a case of some megabytes may be saved thousands of times.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import re
import threading
import zlib
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from westphalia.case.text.reading import MOST_BYTES
from westphalia.errors import FileError
from westphalia.files import write_whole

LIST = "versions.jsonl"
LONGEST_CHAIN = 40
"""How many differences may stand between a version and a whole one."""

_DIGEST = re.compile("[0-9a-f]{64}")
_MARK = b"westphalia-version "


@dataclass(frozen=True)
class Version:
    """A version of a case file.

    `digest` is the SHA-256 of its bytes, `at` the time in UTC (ISO 8601), `by` who saved it, or ``disk``
    where another program did, `size` the number of bytes.
    """

    digest: str
    at: str
    by: str
    why: str
    size: int


@dataclass(frozen=True)
class _Kept:
    """What the head of a content's file says: how much is as in the `base`, and what lies between."""

    base: str = ""
    head: int = 0
    tail: int = 0
    depth: int = 0
    middle: bytes = b""


class History:
    """The versions of one case, in a folder of their own that is made with the first.

    Threads may share it. Processes that record must wait for each other; readers need not.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.RLock()
        self._read_at: tuple[int, int] | None = None
        self._versions: tuple[Version, ...] = ()
        self._damage: tuple[str, ...] = ()
        self._newest: tuple[str, bytes] = ("", b"")

    def versions(self) -> tuple[Version, ...]:
        """Return all versions, the newest last; lines that are damaged are passed over (see `damage`)."""
        with self._lock:
            self._refresh()
            return self._versions

    @property
    def last(self) -> Version | None:
        """The newest version, None before the first."""
        versions = self.versions()
        return versions[-1] if versions else None

    @property
    def damage(self) -> tuple[str, ...]:
        """What of the list cannot be read, in sentences."""
        with self._lock:
            self._refresh()
            return self._damage

    def record(self, raw: bytes, by: str, why: str) -> Version:
        """Keep a version and return it; if it is the last one again, nothing is written.

        Raises
        ------
        FileError: the disk refuses.
        """
        digest = hashlib.sha256(raw).hexdigest()
        with self._lock:
            last = self.last
            if last is not None and last.digest == digest:
                return last
            now = datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds")
            version = Version(digest, now, by, why, len(raw))
            try:
                self.folder.mkdir(parents=True, exist_ok=True)
                self._keep(digest, raw, last)
                self._append(json.dumps(asdict(version), ensure_ascii=False).encode("utf-8") + b"\n")
            except OSError as error:
                reason = error.strerror or str(error)
                message = f"The version cannot be kept: {reason}."
                raise FileError(message, code="not-saved", where=str(self.folder)) from None
            self._newest = (digest, raw)
            return version

    def has(self, digest: str) -> bool:
        """Return whether there is such a version."""
        return any(version.digest == digest for version in self.versions())

    def raw(self, digest: str) -> bytes:
        """Return the bytes of a version.

        Raises
        ------
        FileError: there is none (code ``unknown-version``), or it is damaged.
        """
        if not _DIGEST.fullmatch(digest) or not self._file(digest).is_file():
            message = "There is no such version of the case."
            raise FileError(message, code="unknown-version", where=digest[:12])
        newest, raw = self._newest
        if newest == digest:
            return raw
        try:
            raw = self._unfolded(digest)
        except (OSError, ValueError, KeyError, TypeError, RecursionError, zlib.error):
            raw = b""
        if hashlib.sha256(raw).hexdigest() != digest:
            message = "This version of the case is damaged."
            hint = "Other versions may be whole."
            raise FileError(message, code="damaged-version", where=digest[:12], hint=hint)
        return raw

    # --- the list ---

    def _refresh(self) -> None:
        """Read the list again if it was changed since, by this process or another."""
        try:
            state = (self.folder / LIST).stat()
            sign = (state.st_size, state.st_mtime_ns)
            if sign == self._read_at:
                return
            lines = (self.folder / LIST).read_bytes().split(b"\n")
        except FileNotFoundError:
            sign, lines = (0, 0), []
        read = [(number, line, _version(line)) for number, line in enumerate(lines, 1) if line.strip()]
        self._versions = tuple(version for _, _, version in read if version is not None)
        self._damage = tuple(
            f"Line {number} of the history cannot be read ({len(line)} bytes)."
            for number, line, version in read
            if version is None
        )
        self._read_at = sign

    def _append(self, line: bytes) -> None:
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0)
        handle = os.open(self.folder / LIST, flags, 0o666)
        try:
            size = os.fstat(handle).st_size
            # A line that a crash left unfinished keeps to itself.
            is_torn = size > 0 and os.pread(handle, 1, size - 1) != b"\n"
            whole = b"\n" + line if is_torn else line
            if os.write(handle, whole) < len(whole):
                os.ftruncate(handle, size)
                raise OSError("the disk took only a part of the line")
            os.fsync(handle)
        finally:
            os.close(handle)

    # --- the contents ---

    def _file(self, digest: str) -> Path:
        return self.folder / f"{digest}.version"

    def _keep(self, digest: str, raw: bytes, last: Version | None) -> None:
        """Write a content that is not kept yet, as what differs from the last version if that is shorter."""
        if self._file(digest).exists():
            return
        kept = _Kept(middle=raw)
        if last is not None:
            try:
                before, depth = self.raw(last.digest), self._read(last.digest).depth
            except (FileError, OSError, ValueError, KeyError, TypeError, zlib.error):
                depth = LONGEST_CHAIN
            if depth < LONGEST_CHAIN:
                kept = _difference(before, raw, last.digest, depth + 1)
        head = {key: value for key, value in asdict(kept).items() if key != "middle"}
        written = _MARK + json.dumps(head).encode("ascii") + b"\n" + zlib.compress(kept.middle)
        write_whole(self._file(digest), written)

    def _read(self, digest: str) -> _Kept:
        """Return a content's file; ValueError and others if it is none of ours."""
        head, _, packed = self._file(digest).read_bytes().partition(b"\n")
        if not head.startswith(_MARK):
            raise ValueError("no version")
        fields: dict[str, Any] = json.loads(head[len(_MARK) :])
        middle = zlib.decompressobj().decompress(packed, MOST_BYTES + 1)
        return replace(_Kept(**fields), middle=middle)

    def _unfolded(self, digest: str) -> bytes:
        chain = [self._read(digest)]
        while chain[-1].base and len(chain) <= LONGEST_CHAIN + 1 and _DIGEST.fullmatch(chain[-1].base):
            chain.append(self._read(chain[-1].base))
        raw = b""
        for kept in reversed(chain):
            raw = raw[: kept.head] + kept.middle + raw[len(raw) - kept.tail :]
        return raw


def _version(line: bytes) -> Version | None:
    try:
        version = Version(**json.loads(line))
    except (ValueError, TypeError, RecursionError):
        return None
    are_texts = all(isinstance(text, str) for text in (version.digest, version.at, version.by, version.why))
    is_sound = are_texts and isinstance(version.size, int) and _DIGEST.fullmatch(version.digest)
    return version if is_sound else None


def _difference(before: bytes, after: bytes, base: str, depth: int) -> _Kept:
    """Return a content as what lies between its beginning and end that are as in the version before."""
    most = min(len(before), len(after))
    head = _alike(before[:most], after[:most])
    rest = most - head
    tail = _alike(before[len(before) - rest :][::-1], after[len(after) - rest :][::-1]) if rest else 0
    middle = after[head : len(after) - tail]
    if len(middle) > len(after) // 2:
        return _Kept(middle=after)
    return _Kept(base, head, tail, depth, middle)


def _alike(one: bytes, other: bytes) -> int:
    """Return how many bytes two texts of one length have in common at their beginning."""
    low, high = 0, len(one)
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
