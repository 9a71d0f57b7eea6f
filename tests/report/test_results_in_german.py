"""Deals, doubt and networks in German: nothing English is left, and nothing is left out."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator
from functools import lru_cache

import pytest
from tests.report import cases
from tests.report.deals_cases import agreeable, at_war, blocked
from tests.report.test_doubt import found

from westphalia.errors import CallError
from westphalia.language import speaking
from westphalia.report.deals import deal_parts
from westphalia.report.deals_chapter import deal_terms, deals_chapter
from westphalia.report.doubt import Asked, doubt_parts
from westphalia.report.doubt_change import changing
from westphalia.report.doubt_chapter import doubt_chapter
from westphalia.report.exchanges import TERMS, Exchanges, exchange_parts
from westphalia.report.grid import Part
from westphalia.report.moments import moments_of
from westphalia.report.networks import network_parts
from westphalia.runs.networks import networks
from westphalia.runs.rivals import realised

ENGLISH = re.compile(r"\b(of|and|or|would|than|which|with|by|each|to|packages?|draws?|parties)\b")
"""Words of ours that no text of the small cases has."""

POINT = re.compile(r"(?<![+−\d.])\d+\.\d")
"""A figure with a decimal point; those with a sign are written as pictures write them."""

Told = Callable[[str], tuple[Part, ...]]


@lru_cache
def small_networks():
    study = cases.study()
    return networks(study.document.case, study.draws)


def doubt_told(language: str) -> tuple[Part, ...]:
    asked = Asked(found(), language)
    return (*doubt_parts(asked), *changing(asked))


def networks_told(language: str) -> tuple[Part, ...]:
    return network_parts(small_networks(), cases.study().document.case, language)


def exchanges_told(language: str) -> tuple[Part, ...]:
    study = cases.study()
    return exchange_parts(Exchanges(realised(study.inputs, {}), study.document.case, language))


TOLD: dict[str, Told] = {
    "agreeable": lambda language: deal_parts(agreeable(), language),
    "blocked": lambda language: deal_parts(blocked(), language),
    "at war": lambda language: deal_parts(at_war(), language),
    "doubt": doubt_told,
    "networks": networks_told,
    "exchanges": exchanges_told,
}


def texts(parts: tuple[Part, ...]) -> Iterator[str]:
    for part in parts:
        yield part.title
        yield from part.sentences
        for grid in part.grids:
            yield from (grid.title, *grid.head)
            for row in grid.rows:
                yield from row


@pytest.mark.parametrize("name", TOLD)
def test_no_english_of_ours_is_left(name: str) -> None:
    with speaking("de"):
        told = list(texts(TOLD[name]("de")))
    left = [text for text in told if ENGLISH.search(text.replace("was heard to waver", ""))]
    assert not left
    assert not [text for text in told if POINT.search(text)]


@pytest.mark.parametrize("name", TOLD)
def test_what_is_told_is_the_same_in_both_languages(name: str) -> None:
    english = TOLD[name]("en")
    with speaking("de"):
        german = TOLD[name]("de")
    shapes = [
        [
            (part.id, len(part.sentences), part.chart, [(len(g.rows), g.numbers) for g in part.grids])
            for part in one
        ]
        for one in (english, german)
    ]
    assert shapes[0] == shapes[1]


def test_a_war_is_told_in_german() -> None:
    with speaking("de"):
        part = next(one for one in deal_parts(at_war(), "de") if one.id.startswith("war-"))
    assert part.title == "Welchen Spielraum der Krieg zum Verhandeln lässt"
    assert part.sentences[0].endswith("Ann 0,40 (90 %: 0,40 bis 0,40) und Bob 0,30 (90 %: 0,30 bis 0,30).")


def test_terms_and_reasons_are_german_around_what_an_error_says() -> None:
    error = CallError("Bad.", code="bad", hint="Do.")
    with speaking("de"):
        assert deals_chapter(error, "de").reason == "Pakete konnten nicht beurteilt werden: Bad. Do."
        assert doubt_chapter(error, "de").title == "Woran die Antwort hängt"
        assert "(Startwert 1)" in deal_terms(agreeable())
        squared = dataclasses.replace(agreeable(), options={**agreeable().options, "loss": "quadratic"})
        assert "Quadrat des Abstands" in deal_terms(squared)
    assert TERMS.startswith("Position exchange")


def test_moments_are_dated_and_told_in_german() -> None:
    with speaking("de"):
        moments = list(moments_of(cases.study().document.case, "de"))
    assert [(one.day, one.what) for one in moments] == [("12. Feb 2025", "unterrichtet: The call")]
