"""Writing a file in one step: it is the old file or the new one, never a part."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO


def write_whole(target: Path, raw: bytes) -> None:
    """Replace the content of a file in one step, or leave it as it was and raise OSError."""
    with replacing(target) as stream:
        stream.write(raw)


@contextmanager
def replacing(target: Path) -> Iterator[BinaryIO]:
    """Yield what the new content of a file is written to; it takes its place in one step at the end.

    Whatever breaks it off leaves the file as it was; OSError if the disk refuses.
    """
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".new")
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        beside.chmod(_mode(target))
        beside.replace(target)
    except BaseException:
        with suppress(OSError):
            beside.unlink()
        raise


def _mode(target: Path) -> int:
    """Return the mode of the file, or what a new file gets."""
    if target.exists():
        return target.stat().st_mode & 0o7777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
