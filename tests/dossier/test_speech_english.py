"""Reported speech on an English report of our own: nothing in it happened, every frame was marked by hand."""

from __future__ import annotations

import pytest
from tests.dossier.english import ACTORS

from westphalia.dossier.proposals import Proposal, Speech
from westphalia.dossier.speech import propose_speech

REPORT = """\
Talks on the strait falter again

The ferry left Halm before dawn. President Elin Okar said on Tuesday that Norland would keep the
northern channel closed. "We have waited for eleven years," she told reporters at the harbour. The
fog lifted at noon.

According to the Coastal Union, forty trawlers are waiting at the buoys. The union's spokesman added
that none of them carries arms. Fuel is short, and bread has become dear.

Foreign Minister Tor Brandt accused Norland of breaking the accord of 2022. "Nobody will starve us
out," Brandt said. He announced that Sudmark would send two ships on Friday. The ships are old.

The Halm Gazette reported that Okar had rejected a new draft. As Brandt put it, the draft is already
dead. Three villages have been without power since the storm, according to the coast guard.

"The channel belongs to us," the Halm Gazette quoted Okar as saying. Her adviser denied that any
order had been given. Fishermen in Halm mended their nets.

Brandt warned that there would be consequences. Sudmark's parliament, he said, would vote within a
week. Okar insisted the channel was safe. The lighthouse was built in 1911.

Mediators of the Coastal Union believe that a pause is possible. They urged both sides to keep the
radio open. A bell rang, and the crowd went home.

Brandt promised to return to Halm in spring. "And if the ice holds?" asked a fisherman. The
so-called ice road is marked with poles. The novel "Under the Ice" is popular here.
"""

# Where the sentence begins, who says it in the words of the text, what is said (empty if only summed up).
MARKED = (
    ("President Elin Okar said", "President Elin Okar", "Norland would keep the northern channel closed"),
    ('"We have waited', "she", "We have waited for eleven years"),
    ("According to the Coastal", "the Coastal Union", "forty trawlers are waiting at the buoys"),
    ("The union's spokesman", "The union's spokesman", "none of them carries arms"),
    ("Foreign Minister Tor", "Foreign Minister Tor Brandt", ""),
    ('"Nobody will starve', "Brandt", "Nobody will starve us out"),
    ("He announced", "He", "Sudmark would send two ships on Friday"),
    ("The Halm Gazette reported", "The Halm Gazette", "Okar had rejected a new draft"),
    ("As Brandt put it", "Brandt", "the draft is already dead"),
    ("Three villages", "the coast guard", "Three villages have been without power since the storm"),
    ('"The channel belongs', "Okar", "The channel belongs to us"),
    ("Her adviser denied", "Her adviser", "any order had been given"),
    ("Brandt warned", "Brandt", "there would be consequences"),
    ("Sudmark's parliament", "he", "would vote within a week"),
    ("Okar insisted", "Okar", "the channel was safe"),
    ("Mediators of", "Mediators of the Coastal Union", "a pause is possible"),
    ("They urged", "They", "to keep the radio open"),
    ("Brandt promised", "Brandt", "to return to Halm in spring"),
    ('"And if the ice', "a fisherman", "And if the ice holds"),
)


@pytest.fixture(scope="module")
def found() -> list[tuple[Proposal, Speech]]:
    proposed = propose_speech(REPORT, ACTORS, language="en")
    return [(one, one.details) for one in proposed if isinstance(one.details, Speech)]


def marked_at(place: int) -> tuple[str, str, str] | None:
    """Return what is marked in the sentence that begins at a place."""
    begin = words(place, place + 80)
    return next((row for row in MARKED if begin.startswith(row[0])), None)


def words(start: int, end: int) -> str:
    """Return a stretch of the report on one line."""
    return " ".join(REPORT[start:end].split())


def test_every_marked_sentence_stands_in_the_report_once() -> None:
    assert [words(0, len(REPORT)).count(begin) for begin, _, _ in MARKED] == [1] * len(MARKED)


def test_what_is_sure_is_marked_with_its_speaker_and_what_is_said(
    found: list[tuple[Proposal, Speech]],
) -> None:
    sure = [(one, speech) for one, speech in found if one.tier == "sure"]
    for proposal, speech in sure:
        row = marked_at(proposal.start)
        assert row is not None, words(proposal.start, proposal.end)
        assert speech.source.words is not None
        assert words(*speech.source.words) == row[1]
        [(start, end)] = speech.contents
        assert words(start, end).removeprefix("that ") == row[2]
    assert len(sure) == 14


def test_both_tiers_find_all_but_two_and_nothing_that_is_not_marked(
    found: list[tuple[Proposal, Speech]],
) -> None:
    rows = [marked_at(proposal.start) for proposal, _ in found]
    assert None not in rows
    missed = [row[0] for row in MARKED if row not in rows]
    assert missed == ["As Brandt put it", "They urged"]


def test_speakers_that_the_case_has_are_known_and_pronouns_asked(
    found: list[tuple[Proposal, Speech]],
) -> None:
    named = {words(*speech.source.words): speech.source.actor for _, speech in found if speech.source.words}
    assert named["President Elin Okar"] == named["Okar"] == "okar"
    assert named["the Coastal Union"] == "union"
    assert named["Her adviser"] is named["a fisherman"] is None
    asked = [speech.source.asked for _, speech in found if speech.source.asked is not None]
    assert [one.candidates[0].actor for one in asked] == ["okar", "brandt", "brandt"]
    [cited] = [speech for _, speech in found if speech.tellers]
    assert (cited.source.actor, [one.actor for one in cited.tellers]) == ("okar", ["gazette"])
