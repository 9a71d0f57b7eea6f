"""Faults of the YAML text in the words of the analyst."""

from __future__ import annotations

import re

_WORDS: tuple[tuple[str, str, str], ...] = (
    (r"character '\\t' that cannot start", "a tab stands where only spaces may.", "Indent with spaces."),
    (
        r"character '%|character '[@`]",
        "a text cannot begin with '@', '`' or '%' unless it is quoted.",
        "Put it in quotation marks.",
    ),
    (
        r"cannot start any token",
        "a character that no value can begin with.",
        "Put the text in quotation marks.",
    ),
    (
        r"mapping values are not allowed",
        "a second ':' in a value, or a key that is indented more than its neighbours.",
        "Put a text that holds ': ' in quotation marks, and align keys of one level.",
    ),
    (
        r"unexpected end of stream|found unexpected document separator",
        "a quotation mark is opened and never closed.",
        "Close it.",
    ),
    (r"expected ',' or '\]'", "a list in [ ] is not closed or lacks a comma.", "Close it with ']'."),
    (r"expected ',' or '\}'", "a mapping in { } is not closed or lacks a comma.", "Close it with '}'."),
    (
        r"expected <block end>|expected '<document start>'",
        "this line does not fit the lines above it.",
        "Look at its indentation, and whether '-' items and 'key:' lines are mixed.",
    ),
    (
        r"could not find expected ':'",
        "a ':' is missing after a key.",
        "Write 'key: value', with a space after the colon.",
    ),
    (
        r"unknown escape character",
        "an unknown escape after '\\'.",
        "Use single quotation marks, or write '\\\\'.",
    ),
    (r"hexdecimal", "an escape that needs hexadecimal digits has none.", "Write it like '\\u00e4'."),
    (
        r"sequence entries are not allowed",
        "a '-' item stands where none can.",
        "Put it on a line of its own.",
    ),
    (r"indentation indicators|indentation", "a text block is indented wrongly.", "Indent all of it alike."),
    (r"node content", "a value is missing before this sign.", "Put the text in quotation marks."),
)


def explain(problem: str) -> tuple[str, str]:
    """Return what is wrong and what would be right, for the words of the YAML parser."""
    for pattern, message, hint in _WORDS:
        if re.search(pattern, problem):
            return f"The YAML cannot be read: {message}", hint
    return f"The YAML cannot be read: {problem}.", ""
