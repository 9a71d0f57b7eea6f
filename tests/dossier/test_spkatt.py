"""Sentences, reported speech and its sources on independent German news that are not ours to carry."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dossier.spkatt import Article, Scored, articles, scored, sentence_scores
from westphalia.dossier.sentences import sentences
from westphalia.dossier.speech import SURE

FOLDER = os.environ.get("WESTPHALIA_DATA")
pytestmark = pytest.mark.skipif(
    FOLDER is None, reason="the SpkAtt articles are others': name their folder in WESTPHALIA_DATA"
)


@pytest.fixture(scope="module")
def path() -> Path:
    found = Path(FOLDER or "") / "spkatt" / "train.jsonl.gz"
    if not found.is_file():
        pytest.skip("$WESTPHALIA_DATA holds no spkatt/train.jsonl.gz")
    return found


@pytest.fixture(scope="module")
def scores(path: Path) -> Scored:
    return scored(articles(path))


def read(path: Path, *, parts_headings: bool) -> list[Article]:
    return list(articles(path, parts_headings=parts_headings))


def test_sentences_end_where_people_end_them(path: Path) -> None:
    held = read(path, parts_headings=True)
    assert sentence_scores([sentences(one.text) for one in held], held)[2] >= 0.968


def test_headings_run_into_sentences_cost_little(path: Path) -> None:
    # A heading that ran into the next sentence cannot be told from it.
    held = read(path, parts_headings=False)
    assert sentence_scores([sentences(one.text) for one in held], held)[2] >= 0.960


def test_the_sure_tier_is_right_nine_times_in_ten(scores: Scored) -> None:
    precision, recall = scores.of(f"speech.{rule}" for rule in SURE)
    assert precision >= 0.90
    assert recall >= 0.53


def test_both_tiers_find_four_fifths(scores: Scored) -> None:
    precision, recall = scores.of({rule for hit in scores.hits for rule in hit.rules})
    assert precision >= 0.70
    assert recall >= 0.80


def test_sources_are_named_or_the_first_to_be_asked_three_times_in_four(scores: Scored) -> None:
    assert scores.right >= 0.61
    assert scores.right_or_asked >= 0.76
    assert scores.named_right / (scores.named_right + scores.named_wrong) >= 0.87
