"""What the entries of a ledger say: a sealed forecast, or an outcome with its scores."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import pydantic
from pydantic import Field

from westphalia.errors import CallError, FileError
from westphalia.runs.ledger import Entry, Ledger

FORECAST, OUTCOME = "forecast", "outcome"

Finite = Annotated[float, Field(allow_inf_nan=False)]


class _Kept(pydantic.BaseModel):
    """A part of an entry: frozen; what later versions add is passed over."""

    model_config = pydantic.ConfigDict(frozen=True, extra="ignore")


class SealedIssue(_Kept):
    """The forecast of one issue: ends of its scale, mean, and quantiles at the middles of equal slices."""

    question: str
    low: Finite
    high: Finite
    mean: Finite
    quantiles: tuple[Finite, ...] = Field(min_length=1, max_length=10_000)

    @pydantic.model_validator(mode="after")
    def _is_ordered(self) -> SealedIssue:
        rises = all(one <= other for one, other in zip(self.quantiles, self.quantiles[1:], strict=False))
        if not (self.low < self.high and rises):
            raise ValueError("scale or quantiles do not rise")
        return self

    @property
    def length(self) -> float:
        """The length of the scale."""
        return self.high - self.low


class Sealed(_Kept):
    """A sealed forecast: what it was computed from, and what it says of each issue."""

    kind: Literal["forecast"]
    time: str
    case: str
    title: str
    case_digest: str
    version: str
    method: str
    options: dict[str, dict[str, Any]]
    draws: int = Field(ge=1)
    seed: int = Field(ge=0)
    result: str
    issues: dict[str, SealedIssue]
    note: str | None = None


class ScoredIssue(_Kept):
    """What came of one issue, and the scores of its forecast in points of the scale."""

    outcome: Finite
    error_median: Finite
    error_mean: Finite
    crps: Finite
    inside: dict[str, bool]
    share_below: Finite


class Entered(_Kept):
    """Outcomes of a sealed forecast, named by the hash of its entry."""

    kind: Literal["outcome"]
    time: str
    of: str
    issues: dict[str, ScoredIssue]
    note: str | None = None


_SAID: pydantic.TypeAdapter[Sealed | Entered] = pydantic.TypeAdapter(
    Annotated[Sealed | Entered, Field(discriminator="kind")]
)


def said(ledger: Ledger, entry: Entry) -> Sealed | Entered:
    """Return what an entry says.

    Raises
    ------
    FileError: its chain holds, but it is no forecast and no outcome.
    """
    try:
        return _SAID.validate_python(dict(entry.content))
    except pydantic.ValidationError as error:
        wrong = ".".join(map(str, error.errors(include_url=False)[0]["loc"])) or "kind"
        message = (
            f"Entry {entry.number} is neither a forecast nor an outcome as this version writes them: {wrong}."
        )
        raise FileError(message, code="ledger-unread", where=str(ledger.path)) from None


def sealed(ledger: Ledger, name: str) -> tuple[Entry, Sealed]:
    """Return a sealed forecast by the number or hash of its entry.

    Raises
    ------
    CallError: there is no such entry, or it is no forecast.
    """
    entry = ledger.entry(name)
    content = said(ledger, entry)
    if isinstance(content, Sealed):
        return entry, content
    known = [str(one.number) for one in ledger.entries if one.kind == FORECAST]
    message = f"Entry {entry.number} is no forecast."
    raise CallError(message, code="no-forecast", where=name, hint=f"Forecasts: {', '.join(known)}.")
