"""Passwords: what one must be like, and what is kept of it (argon2, never the password)."""

from __future__ import annotations

import threading
import unicodedata
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from westphalia.errors import CallError

SHORTEST: Final = 10
LONGEST: Final = 200
_FEWEST_LETTERS: Final = 5
_SHORTEST_NAME: Final = 4

_HASHER: Final = PasswordHasher()
_NOBODYS: Final = (
    f"$argon2id$v=19$m={_HASHER.memory_cost},t={_HASHER.time_cost},p={_HASHER.parallelism}"
    f"${'A' * 22}${'A' * 43}"
)
"""What is checked when there is nobody of a name, so that it takes as long as for a name that there is."""

# A hash takes 64 MiB on purpose; one at a time, many sign-ins at once cannot fill the memory.
_ONE = threading.Lock()


def accepted(password: str, name: str) -> None:
    """Raise CallError (``weak-password``) unless a person of that name may have the password.

    Length is what counts (10 to 200 characters); it may not hold the name, if that has four characters or
    more, nor be few characters repeated.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise _weak("The password is too short." if len(password) < SHORTEST else "The password is too long.")
    if len(name) >= _SHORTEST_NAME and name.casefold() in password.casefold():
        raise _weak("The password holds the name of the person.")
    if len(set(password)) < _FEWEST_LETTERS:
        raise _weak("The password is a few characters repeated.")


def _weak(message: str) -> CallError:
    hint = f"Take {SHORTEST} to {LONGEST} characters, such as four words that nobody would put together."
    return CallError(message, code="weak-password", where="password", hint=hint)


def hashed(password: str) -> str:
    """Return what to keep of a password: its argon2id hash with salt and costs (about 0.1 s, 64 MiB)."""
    with _ONE:
        return _HASHER.hash(_normal(password))


def is_right(kept: str | None, password: str) -> bool:
    """Say whether a password is the one that was kept; as slow, and never true, if none was."""
    if len(password) > LONGEST:
        return False
    try:
        with _ONE:
            _HASHER.verify(kept or _NOBODYS, _normal(password))
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


def is_outdated(kept: str) -> bool:
    """Say whether a hash was made with costs that are no longer ours."""
    return _HASHER.check_needs_rehash(kept)


def _normal(password: str) -> bytes:
    """Return the password as bytes that do not depend on how a keyboard puts an accent on a letter."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "replace")
