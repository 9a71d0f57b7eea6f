"""A zip archive of a stranger: looked over before anything is unpacked, and nothing ever put on disk."""

from __future__ import annotations

import re
import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from westphalia.errors import suggest
from westphalia.formats.reports import refusal

MAGIC = b"PK\x03\x04"
LARGEST_FILE = 1_000_000_000
MOST_ENTRIES = 20_000
LARGEST_ENTRY = 50_000_000
LARGEST_TOTAL = 300_000_000
MOST_TIMES = 200
_SMALL = 1_000_000
_DRIVE = re.compile("[A-Za-z]:")


class Archive:
    """The entries of a zip file that may be read, by name; `spent` counts the bytes that were."""

    def __init__(self, path: Path) -> None:
        """Look over the archive.

        Raises
        ------
        FileError: it is missing, no zip, too large, holds too many entries, one name twice, a name that
            leads out of it, a link, or something encrypted.
        """
        self.where = str(path)
        self.spent = 0
        try:
            if not path.is_file():
                beside = [one.name for one in path.parent.iterdir()] if path.parent.is_dir() else []
                raise refusal(
                    "There is no such file.", self.where, suggest(path.name, beside), "missing-file"
                )
            if path.stat().st_size > LARGEST_FILE:
                raise refusal("The file is too large.", self.where, "At most 1 GB.", "too-large")
            self.zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as error:
            raise self._damaged(error) from None
        except OSError as error:
            raise refusal(
                f"The file cannot be opened: {error.strerror}.", self.where, code="unreadable-file"
            ) from None
        try:
            self.entries = self._looked_over()
        except BaseException:
            self.zip.close()
            raise

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *_raised: object) -> None:
        self.zip.close()

    def _looked_over(self) -> dict[str, zipfile.ZipInfo]:
        listed = self.zip.infolist()
        if len(listed) > MOST_ENTRIES:
            raise refusal(f"The archive holds {len(listed):,} entries.", self.where, code="too-large")
        entries: dict[str, zipfile.ZipInfo] = {}
        for entry in listed:
            name = entry.filename
            fault = _fault(entry)
            if name in entries:
                fault = "stands twice in the archive"
            if fault:
                message = f"'{name:.100}' {fault}."
                raise refusal(message, self.where, "Save the project anew.", "unsafe-archive")
            entries[name] = entry
        return entries

    def read(self, name: str) -> bytes:
        """Return the content of an entry.

        Raises
        ------
        FileError: it is damaged, larger than it says, blown up, or more than may be read in all.
        """
        entry = self.entries[name]
        if entry.file_size > LARGEST_ENTRY:
            message = f"'{name}' unpacks to {entry.file_size:,} bytes."
            raise refusal(message, self.where, f"At most {LARGEST_ENTRY:,} are read.", "too-large")
        if entry.file_size > _SMALL and entry.file_size > MOST_TIMES * max(entry.compress_size, 1):
            message = f"'{name}' unpacks to more than {MOST_TIMES} times its size, as traps do."
            raise refusal(message, self.where, "Save the project anew.", "zip-bomb")
        try:
            with self.zip.open(entry) as stream:
                raw = stream.read(LARGEST_ENTRY + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError) as error:
            raise self._damaged(error) from None
        self.spent += len(raw)
        if len(raw) > LARGEST_ENTRY or self.spent > LARGEST_TOTAL:
            raise refusal("The archive unpacks to too much.", self.where, code="too-large")
        return raw

    def _damaged(self, error: Exception) -> Exception:
        return refusal(
            f"The archive is damaged: {error}.", self.where, "Save the project anew.", "damaged-file"
        )


def _fault(entry: zipfile.ZipInfo) -> str:
    """Return what is wrong with an entry of an archive, nothing if it is harmless."""
    name = entry.filename.replace("\\", "/")
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or _DRIVE.match(name) or "\0" in name:
        return "leads out of the archive"
    if stat.S_ISLNK(entry.external_attr >> 16):
        return "is a link"
    return "is encrypted" if entry.flag_bits & 1 else ""
