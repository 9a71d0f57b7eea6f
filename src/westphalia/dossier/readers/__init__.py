"""One reader for each kind of file; each hands on a draft of the text."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def quietly(library: str) -> Iterator[None]:
    """Keep a library from logging every flaw it passes over; the analyst needs the outcome alone."""
    logger = logging.getLogger(library)
    level = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        logger.setLevel(level)
