"""The chapter on deals: its parts with words, tables and pictures, or why there is none."""

from __future__ import annotations

from westphalia.charts.words import times
from westphalia.errors import CallError
from westphalia.report.deals import deal_parts
from westphalia.report.deals_pictures import deal_charts
from westphalia.report.grid import Chapter, absent
from westphalia.runs.deals import Deals

TITLE = "Deals"


def deals_chapter(deals: Deals | CallError, language: str) -> Chapter:
    """Return the chapter of a case's deals; of the error that kept them away, what it says."""
    if isinstance(deals, CallError):
        return absent(TITLE, "Packages could not be judged", deals)
    charts = deal_charts(deals, language)
    return Chapter(TITLE, "", deal_parts(deals, language), charts, deal_terms(deals))


def deal_terms(deals: Deals) -> str:
    """Return on what terms packages were judged, in one paragraph."""
    chosen = deals.options
    counted = {"ratifiers": "those who ratify at home", "commitments": "commitments", "linkages": "linkages"}
    left_out = [words for name, words in counted.items() if not chosen[name]]
    left = f" Left out: {', '.join(left_out)}." if left_out else ""
    falls = "with" if chosen["loss"] == "linear" else "with the square of"
    return (
        f"A package settles every issue at one of its options: the stated points and {chosen['points']} even "
        f"points of each scale. Utility falls {falls} the distance from a party's position, weighed by "
        "salience. A party accepts what is worth at least as much to it as no deal. The zone is judged over "
        f"{times(deals.draws, 'draw')} (seed {deals.seed}), everything else at the central values of the "
        f"inputs.{left}"
    )
