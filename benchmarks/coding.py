"""Coding help: seconds for a book, growth with its length, and what each rule finds on marked news."""

from __future__ import annotations

import importlib.util
import json
import os
import resource
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path

from timing import seconds, show

from westphalia.case.document import parse
from westphalia.dossier.proposals import KnownActor
from westphalia.dossier.quotations import propose_quotations
from westphalia.dossier.schema import Source
from westphalia.dossier.sentences import Stretch, paragraphs, sentences
from westphalia.dossier.speech import SURE, propose_speech
from westphalia.dossier.texts import SourceText
from westphalia.runs.coding import suggestions
from westphalia.runs.coding_files import as_plain

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
from dossier.spkatt import Article, articles, scored, sentence_scores

ACTORS = (
    KnownActor("nordland", ("Nordland",), "state", ("nordländisch",)),
    KnownActor("weber", ("Anna Weber",), "person", ("Weber",), ("Außenministerin",), "nordland"),
    KnownActor("bote", ("Nordischer Bote",), "medium", ("Bote",)),
)
PAGE = (
    "Die Lage im Norden\n\n"
    "Anna Weber sagte am Montag dem Nordischen Boten, dass der Hafen offen bleibe. „Wir gehen nicht“, "
    "fügte die Ministerin hinzu, „solange niemand fragt.“ Das sei seit dem 3. Mai bekannt. Der Hafen ist "
    "40 Jahre alt, und nach Angaben der Verwaltung legen dort täglich 12 Schiffe an, z. B. aus dem Süden.\n\n"
    "Das Nachbarland soll zugestimmt haben. Es kündigte an, die Fähre wieder fahren zu lassen. Laut Bote "
    "hat Weber gedroht, den Vertrag zu kündigen, wenn die Zölle stiegen. Am Abend regnete es; kaum jemand "
    "war auf der Straße, und die „Nordstern“ lag still.\n\n"
)
CASE = """\
westphalia: 1
id: north
title: The north
question: Who may land?
date: 2025-02
actors:
  - {{id: nordland, name: {nordland}, kind: state}}
  - {{id: weber, name: {weber}, aliases: [Weber], kind: person, speaks_for: nordland}}
  - {{id: bote, name: {bote}, aliases: [Bote], kind: medium}}
issues:
  - {{id: tax, question: How high?, scale: {{0: none, 100: all}}}}
stands:
  nordland: {{tax: {{position: 20, salience: 1, assumption: so}}}}
capability:
  nordland: {{value: 1, assumption: so}}
"""
MILLION = 1_000_000


def book(length: int) -> str:
    """Return a made-up text of about `length` characters."""
    return PAGE * (length // len(PAGE) + 1)


def growth() -> None:
    """Time segmenting and suggesting, and the memory it takes, as a text grows."""
    rows = []
    for length in (MILLION // 4, MILLION // 2, MILLION):
        text = book(length)
        parts = seconds(lambda t=text: sentences(t), 1)
        marks = seconds(lambda t=text: propose_quotations(t, ACTORS), 1)
        tracemalloc.start()
        propose_speech(text[: length // 4], ACTORS)
        peak = tracemalloc.get_traced_memory()[1] / 1e6
        tracemalloc.stop()
        rows.append((length, parts, marks, seconds(lambda t=text: propose_speech(t, ACTORS), 1), 4 * peak))
    show(("characters", "sentences, s", "quotations, s", "speech (with both), s", "memory, about MB"), rows)


def whole() -> None:
    """Time everything that `westphalia code` proposes for a book, with the memory the process then has."""
    names = {one.id: one for one in ACTORS}
    case = parse(CASE.format(**{key: json.dumps(one.names[0]) for key, one in names.items()})).case
    rows = []
    for length in (MILLION // 4, MILLION // 2, MILLION):
        text = book(length)
        held = SourceText(text, "0" * 64, len(text), "text", (), (), "0" * 64)
        source = Source.model_validate({"id": "book", "title": "A book"})
        taken = seconds(lambda h=held, s=source: suggestions(case, s, h, "de"), 1)
        found = suggestions(case, source, held, "de")
        written = seconds(lambda f=found: as_plain(f), 1)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        rows.append((length, len(found.sheet), len(found.statements), taken, written, peak))
    show(("characters", "proposals", "statements", "all, s", "file of them, s", "peak memory, MB"), rows)


def splitters(read: list[Article]) -> None:
    """Time and score sentence splitting, against SoMaJo if it is installed."""
    methods: dict[str, Callable[[str], list[Stretch]]] = {"westphalia": sentences}
    if importlib.util.find_spec("somajo"):
        methods["SoMaJo"] = somajo_splitter()
    rows = []
    for name, split in methods.items():
        taken = seconds(lambda split=split: [split(one.text) for one in read], 1)
        rows.append((name, *sentence_scores([split(one.text) for one in read], read), taken))
    show(("splitter", "precision", "recall", "F1", "seconds"), rows)


def somajo_splitter() -> Callable[[str], list[Stretch]]:
    """Return SoMaJo's sentences, fed paragraph by paragraph."""
    from somajo import SoMaJo

    tool = SoMaJo("de_CMC", split_camel_case=False, character_offsets=True)

    def split(text: str) -> list[Stretch]:
        return [
            (start + row[0].character_offset[0], start + row[-1].character_offset[1])
            for start, end in paragraphs(text)
            for row in tool.tokenize_text([text[start:end]])
        ]

    return split


def rules(read: list[Article]) -> None:
    """Show what each rule finds alone, and all rules down to it together."""
    scores = scored(read)
    ids = {rule for hit in scores.hits for rule in hit.rules}
    order = sorted(ids, key=lambda rule: (rule.removeprefix("speech.") not in SURE, -scores.of({rule})[0]))
    rows = []
    for place, rule in enumerate(order):
        tier = "sure" if rule.removeprefix("speech.") in SURE else "possible"
        rows.append((rule, tier, *scores.of({rule}), *scores.of(order[: place + 1])))
    show(("rule", "tier", "precision", "recall", "precision so far", "recall so far"), rows)
    named = scores.named_right + scores.named_wrong
    show(
        ("found", "named right", "of those named", "pronoun, asked", "first asked right", "all of these"),
        [
            (
                scores.found,
                scores.right,
                scores.named_right / named,
                scores.pronoun_right / scores.found,
                scores.first_right / scores.found,
                scores.right_or_asked,
            )
        ],
    )


if __name__ == "__main__":
    growth()
    whole()
    if "WESTPHALIA_DATA" in os.environ:
        path = Path(os.environ["WESTPHALIA_DATA"]) / "spkatt" / "train.jsonl.gz"
        for parts_headings in (True, False):
            splitters(list(articles(path, parts_headings=parts_headings))[:300])
        rules(list(articles(path)))
