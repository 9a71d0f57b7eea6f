"""Plain values as YAML text: scalars, flow style, and block style at an indentation."""

from __future__ import annotations

import json
import math
import re
from functools import lru_cache
from typing import Any

from westphalia.case.text.scalars import MOST_DIGITS, resolve

_SAFE = re.compile(r"[^\W\d_][\w .()/€$£§°²–—’…+-]*|[0-9][\w.:+-]*")
_OTHER_READERS = frozenset({"yes", "no", "on", "off", "y", "n"})
_ESCAPED = re.compile("[\x7f-\x9f\u2028\u2029\ufeff]")
WIDTH = 100
"""Flow style is used up to this many characters."""


def scalar(value: Any, style: str = "") -> str:
    """Return a scalar as YAML; `style` is the quotation mark that a text should have, if any."""
    if value is None or isinstance(value, bool):
        return "null" if value is None else str(value).lower()
    if isinstance(value, int | float):
        return _number(value)
    return _text(str(value), style)


@lru_cache(maxsize=4096)
def _text(text: str, style: str) -> str:
    """Return a text as YAML; texts come again, as names do, and at each level at which a line is tried."""
    if style == "'" and text.isprintable():
        return "'" + text.replace("'", "''") + "'"
    if style == '"' or not _is_plain(text):
        return _ESCAPED.sub(
            lambda found: f"\\u{ord(found.group()):04x}", json.dumps(text, ensure_ascii=False)
        )
    return text


def _number(value: float) -> str:
    if isinstance(value, float) and not math.isfinite(value):
        return ".nan" if math.isnan(value) else ".inf" if value > 0 else "-.inf"
    return repr(value)


def _is_plain(text: str) -> bool:
    """Return whether a text can stand without quotation marks, here and for readers of YAML 1.1."""
    return (
        _SAFE.fullmatch(text) is not None
        and not text.endswith((" ", ":"))
        and text.lower() not in _OTHER_READERS
        and (len(text) <= MOST_DIGITS or not text[0].isdigit())
        and isinstance(resolve(text), str)
    )


def flow(value: Any) -> str:
    """Return a value on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{scalar(key)}: {flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(flow, value)) + "]"
    return scalar(value)


def block(value: Any, indent: int, newline: str) -> str:
    """Return a value in block style: its first line without, the others with the indentation."""
    joint = newline + " " * indent
    if isinstance(value, dict) and value:
        return joint.join(entry(key, item, indent, newline) for key, item in value.items())
    if isinstance(value, list | tuple) and value:
        return joint.join("- " + _item(item, indent + 2, newline) for item in value)
    return flow(value)


def entry(key: Any, value: Any, indent: int, newline: str) -> str:
    """Return a key with its value: on one line where that is short, in lines below it otherwise."""
    name = scalar(key)
    line = f"{name}: {flow(value)}"
    is_short = len(line) + indent <= WIDTH
    if is_short or not isinstance(value, dict | list | tuple) or not value:
        return line
    inner = indent + 2
    return f"{name}:{newline}{' ' * inner}{block(value, inner, newline)}"


def _item(value: Any, indent: int, newline: str) -> str:
    line = flow(value)
    return line if len(line) + indent <= WIDTH else block(value, indent, newline)
