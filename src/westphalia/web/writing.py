"""Numbers, dates and texts as each language writes them: the filters of the templates."""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable
from typing import Any, Final

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal

from westphalia.fields import Text
from westphalia.language import speaking
from westphalia.report.values import value_text
from westphalia.uncertain import Value

Writer = Callable[..., str]


def _number(language: str) -> Writer:
    def write(value: float | None, places: int = 1) -> str:
        """Write a number with at most so many decimals; nothing for what is not known."""
        if value is None or not math.isfinite(value):
            return "–"
        pattern = f"#,##0.{'#' * places}" if places else "#,##0"
        return str(format_decimal(value, pattern, locale=language))

    return write


def _share(language: str) -> Writer:
    def write(value: float | None) -> str:
        """Write a share of 1 in per cent, without decimals; small ones do not become none."""
        if value is None or not math.isfinite(value):
            return "–"
        if 0 < value < 0.005:
            return "< 1 %"
        return f"{format_decimal(100 * value, '0', locale=language)} %"

    return write


def _signed(language: str) -> Writer:
    def write(value: float | None) -> str:
        """Write a gain or a loss with its sign and two decimals; what is nothing has none."""
        if value is None or not math.isfinite(value):
            return "–"
        shown = round(value, 2) + 0.0  # -0.0 becomes 0.0
        return str(format_decimal(shown, "+0.00;−0.00" if shown else "0.00", locale=language))

    return write


def _day(language: str) -> Writer:
    def write(value: datetime.date | str | None) -> str:
        """Write a date; a text such as 2025-02 stays as precise as it is."""
        if value is None:
            return "–"
        text = str(value)
        shapes = {4: "y", 7: "MMMM y", 10: "long"}
        shape = shapes.get(len(text))
        if shape is None:
            return text
        try:
            day = datetime.date.fromisoformat(text + "-01-01"[len(text) - 4 :])
        except ValueError:
            return text
        return str(format_date(day, shape, locale=language))

    return write


def _moment(language: str) -> Writer:
    def write(value: str | None) -> str:
        """Write a time in UTC, given as ISO 8601, in the time of this machine."""
        if not value:
            return "–"
        at = datetime.datetime.fromisoformat(value).astimezone()
        return str(format_datetime(at, "medium", tzinfo=at.tzinfo, locale=language))

    return write


def _into(language: str) -> Writer:
    def write(text: Text | str | None) -> str:
        """Write a text of a case in this language where the case has it."""
        return text.into(language) if isinstance(text, Text) else (text or "")

    return write


def _value(language: str) -> Writer:
    def write(value: Value | None) -> str:
        """Write a value with its doubt as an analyst would say it; nothing for what is not stated."""
        with speaking(language):
            return "–" if value is None else value_text(value)

    return write


WRITERS: Final[dict[str, Callable[[str], Any]]] = {
    "number": _number,
    "share": _share,
    "signed": _signed,
    "day": _day,
    "moment": _moment,
    "into": _into,
    "value": _value,
}
