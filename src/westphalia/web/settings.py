"""What `westphalia serve` was told, and what it holds open while it serves."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from pathlib import Path

from westphalia.workspace.cases import Cases
from westphalia.workspace.people import Audit, People
from westphalia.workspace.queue import Queue

LOOPBACK = "127.0.0.1"


def new_token() -> str:
    """Return a token that nobody guesses, for the address that opens the workbench."""
    return secrets.token_urlsafe(24)


@dataclass(frozen=True, slots=True)
class Settings:
    """How to serve a folder of cases.

    `hosts` are names by which a browser may call, beside those of the loopback. With `is_team` people
    have names and passwords; without, whoever has the `token` is the one user.
    """

    folder: Path
    sources: Path | None = None
    host: str = LOOPBACK
    port: int = 8400
    hosts: tuple[str, ...] = ()
    is_team: bool = False
    token: str = field(default_factory=new_token, repr=False)


@dataclass(frozen=True, slots=True)
class Bench:
    """What the pages work with."""

    settings: Settings
    cases: Cases
    queue: Queue
    people: People
    audit: Audit
