"""The chapter on deals: its parts with words, tables and pictures, or why there is none."""

from __future__ import annotations

from westphalia.errors import CallError
from westphalia.language import marked, said, said_n
from westphalia.report.deals import deal_parts
from westphalia.report.deals_pictures import deal_charts
from westphalia.report.grid import Chapter, absent
from westphalia.runs.deals import Deals

TITLE = marked("Deals")

COUNTED = {
    "ratifiers": marked("those who ratify at home"),
    "commitments": marked("commitments"),
    "linkages": marked("linkages"),
}
"""What counts unless it is left out."""


def deals_chapter(deals: Deals | CallError, language: str) -> Chapter:
    """Return the chapter of a case's deals; of the error that kept them away, what it says."""
    if isinstance(deals, CallError):
        return absent(said(TITLE), said("Packages could not be judged"), deals)
    charts = deal_charts(deals, language)
    return Chapter(said(TITLE), "", deal_parts(deals, language), charts, deal_terms(deals))


def deal_terms(deals: Deals) -> str:
    """Return on what terms packages were judged, in one paragraph."""
    chosen = deals.options
    left_out = [said(words) for name, words in COUNTED.items() if not chosen[name]]
    left = f" {said('Left out: {parts}.', parts=', '.join(left_out))}" if left_out else ""
    told = (
        said(
            "A package settles every issue at one of its options: the stated points and {points} even points "
            "of each scale.",
            points=chosen["points"],
        ),
        _utility(is_linear=chosen["loss"] == "linear"),
        said("A party accepts what is worth at least as much to it as no deal."),
        said_n(
            "The zone is judged over {n} draw (seed {seed}), everything else at the central values of the "
            "inputs.",
            "The zone is judged over {n} draws (seed {seed}), everything else at the central values of the "
            "inputs.",
            deals.draws,
            seed=deals.seed,
        ),
    )
    return f"{' '.join(told)}{left}"


def _utility(*, is_linear: bool) -> str:
    if is_linear:
        return said("Utility falls with the distance from a party's position, weighed by salience.")
    return said("Utility falls with the square of the distance from a party's position, weighed by salience.")
