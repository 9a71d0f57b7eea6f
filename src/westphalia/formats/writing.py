"""Writing files: a folder of them, all new, or a single one in one step."""

from __future__ import annotations

from pathlib import Path

from westphalia.files import write_whole
from westphalia.formats.reports import refusal


def write_files(folder: Path, files: dict[str, str]) -> None:
    """Write texts by file name into a new or empty folder.

    Raises
    ------
    FileError: the folder holds something already, or cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise refusal(
                "The folder is not empty.",
                str(folder),
                "Name a new folder; nothing is overwritten.",
                "not-empty",
            )
        for name, text in files.items():
            write_whole(folder / name, text.encode("utf-8"))
    except OSError as error:
        raise refusal(
            f"The folder cannot be written: {error.strerror}.", str(folder), code="unwritable-file"
        ) from None


def write_file(path: Path, content: str | bytes) -> None:
    """Write a text in UTF-8, or bytes, to a file in one step.

    Raises
    ------
    FileError: the file cannot be written.
    """
    try:
        write_whole(path, content.encode("utf-8") if isinstance(content, str) else content)
    except OSError as error:
        raise refusal(
            f"The file cannot be written: {error.strerror}.", str(path), code="unwritable-file"
        ) from None
