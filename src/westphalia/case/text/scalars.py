"""What a bare scalar means by the core schema of YAML 1.2, and which characters a case file may not hold."""

from __future__ import annotations

import math
import re
from typing import Any

MOST_DIGITS = 400

CONTROL = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that a case file may not hold: NUL, control characters, lone surrogates."""

_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_INFINITY = re.compile(r"[-+]?\.(inf|Inf|INF)")
_WORDS: dict[str, Any] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
}
_BEGIN_NUMBERS = frozenset("+-.0123456789")


def resolve(text: str) -> Any:
    """Return what a bare scalar means by the core schema of YAML 1.2; `no` and dates stay text."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _BEGIN_NUMBERS:
        return text
    if _INTEGER.fullmatch(text):
        return int(text, {"0x": 16, "0o": 8}.get(text[:2], 10))
    if _FLOAT.fullmatch(text):
        return float(text)
    if _INFINITY.fullmatch(text):
        return -math.inf if text.startswith("-") else math.inf
    return text


def is_too_long(text: str) -> bool:
    """Return whether a bare scalar is a whole number of more digits than are read."""
    return len(text) > MOST_DIGITS and _INTEGER.fullmatch(text) is not None
