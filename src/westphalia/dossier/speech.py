"""Reported speech: who says what to whom, by which words one sees it, and through whom it was told.

What a rule of the *sure* tier finds is reported speech nearly always; what a *possible* one finds may
be. Each proposal names its rule; docs/dossier.md says what each is worth.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from westphalia.dossier.lexicon import language_of
from westphalia.dossier.mentions import mentions
from westphalia.dossier.outline import outlined
from westphalia.dossier.proposals import (
    MODES,
    Form,
    KnownActor,
    Party,
    Proposal,
    Quotation,
    Speech,
    Stretch,
    Tier,
)
from westphalia.dossier.quotations import propose_quotations
from westphalia.dossier.sentences import paragraphs
from westphalia.dossier.speech_contents import contents_of, trimmed
from westphalia.dossier.speech_cues import Cue, cues_of
from westphalia.dossier.speech_phrases import Phrase
from westphalia.dossier.speech_told import told
from westphalia.dossier.speech_words import Sentence, dissected
from westphalia.dossier.tellers import (
    Known,
    above_of,
    addressee_of,
    cited_by,
    is_aside,
    is_medium,
    lead_of,
    source_of,
)

SURE = frozenset(
    {
        "quoted",
        "marks",
        "introduced",
        "according",
        "so",
        "as",
        "says-it",
        "clause",
        "infinitive",
        "subjunctive",
    }
)
"""The rules of the sure tier; all others are possible."""

_IN_NOUNS = ("declared", "reports")
_IN_MARKS = ("quoted", "introduced", "marks", "marks-within", "fragment", "quoted-words")


@dataclass
class _Frame:
    """Reported speech in the making: its sentence, its cues, and the quotations that belong to it."""

    sentence: Sentence
    cues: list[Cue]
    rule: str
    quotations: list[Proposal] = field(default_factory=list)
    source: Phrase | None = None
    tellers: tuple[Party, ...] = ()


def propose_speech(
    text: str,
    actors: Sequence[KnownActor] = (),
    *,
    quotations: list[Proposal] | None = None,
    mentioned: Sequence[Proposal] | None = None,
    language: str | None = None,
) -> list[Proposal]:
    """Return the reported speech of a text, in order.

    `quotations` are those of `propose_quotations` and `mentioned` those of `mentions`, if they are there
    already; `language` is de or en, else that of the text's small words (German if neither leads).
    Cost: linear in the text.
    """
    quotations = propose_quotations(text, actors) if quotations is None else quotations
    language = language or language_of(text) or "de"
    known = Known(mentions(text, actors) if mentioned is None else mentioned, actors)
    found: list[Proposal] = []
    for paragraph in _by_paragraph(text, dissected(text, outlined(text).sentences, quotations, language)):
        found += _of_paragraph(text, paragraph, known)
    return found


def _is_kept(frame: _Frame, known: Known) -> bool:
    """Tell whether a frame is worth proposing: a bare weak cue is, if a known actor is its source."""
    if frame.rule == "dropped":
        return False
    if (
        _rule(frame) not in ("judging", "noun")
        or frame.quotations
        or frame.cues[0].shape not in ("bare", "as")
    ):
        return True
    if frame.cues[0].shape == "as":
        return False
    return frame.source is not None and known.actor(frame.sentence, frame.source) is not None


def _by_paragraph(text: str, dissection: Iterable[Sentence]) -> Iterator[list[Sentence]]:
    ends = [end for _, end in paragraphs(text)]
    held: list[Sentence] = []
    number = 0
    for sentence in dissection:
        at = bisect_right(ends, sentence.start)
        if held and at != number:
            yield held
            held = []
        number = at
        held.append(sentence)
    if held:
        yield held


def _of_paragraph(text: str, paragraph: list[Sentence], known: Known) -> Iterator[Proposal]:
    frames = [_frames(sentence) for sentence in paragraph]
    _attach(paragraph, frames)
    is_before = False
    for sentence, row in zip(paragraph, frames, strict=True):
        kept = [frame for frame in row if frame.rule != "goes-on" or is_before]
        _hang(kept, known)
        kept = [frame for frame in kept if _is_kept(frame, known)]
        is_before = any(_rule(frame) in SURE or frame.rule == "goes-on" for frame in kept)
        for frame in kept:
            yield _proposal(text, frame, known)
        known.saw(sentence)


# --- frames ------------------------------------------------------------------------------------


def _frames(sentence: Sentence) -> list[_Frame]:
    """Return the frames of a sentence: one for each cue that can have what is said hang on it."""
    cues = cues_of(sentence)
    moods = [cue for cue in cues if cue.kind == "subjunctive"]
    firsts = [cue for cue in moods if cue.shape == "first"]
    frames = [
        _Frame(sentence, [cue], _rule_of(sentence, cue, is_reported=bool(firsts)))
        for cue in cues
        if cue.kind not in ("subjunctive", "hearsay", "claim")
    ]
    frames = _without_weak([frame for frame in frames if frame.rule != "dropped"])
    if not frames and firsts:
        frames = [_Frame(sentence, firsts, "subjunctive")]
    hearsay = [cue for cue in cues if cue.kind in ("hearsay", "claim")]
    if not frames and hearsay:
        frames = [_Frame(sentence, hearsay[:1], "is-to" if hearsay[0].kind == "hearsay" else "claims")]
    if not frames and moods:
        frames = [_Frame(sentence, moods, "goes-on")]
    nouns = (_Frame(sentence, [cue], rule, source=source) for rule, cue, source in told(sentence))
    return [*frames, *nouns]


def _rule_of(sentence: Sentence, cue: Cue, *, is_reported: bool) -> str:
    if cue.kind in ("according", "so"):
        return cue.kind
    if cue.kind == "verb" and cue.shape in ("clause", "infinitive", "as", "colon", "says-it"):
        return cue.shape
    if cue.kind == "verb" and not is_reported and is_aside(sentence, cue.verb):
        return "aside"
    if is_reported and cue.kind in ("verb", "act", "noun"):
        return "clause" if cue.kind == "verb" else "subjunctive"
    if cue.kind == "noun" and cue.shape == "clause":
        return "noun-clause"
    return (
        {"verb": "verb", "act": "judging", "noun": "noun"}[cue.kind] if cue.shape != "passive" else "dropped"
    )


def _without_weak(frames: list[_Frame]) -> list[_Frame]:
    """Return the frames without those of weak cues beside strong ones: one reporting verb is enough."""
    strong = [frame for frame in frames if frame.rule in SURE]
    if strong:
        return strong
    order = ("aside", "colon", "verb", "noun-clause", "noun", "judging")
    return sorted(frames, key=lambda frame: order.index(frame.rule))[:1]


def _attach(paragraph: list[Sentence], frames: list[list[_Frame]]) -> None:
    """Give each quotation to the cue that introduces or follows it, else make it a frame of its own."""
    places: dict[Stretch, list[int]] = {}
    quotations: dict[Stretch, Proposal] = {}
    for at, sentence in enumerate(paragraph):
        for one in sentence.quotations:
            places.setdefault(one.spans[0], []).append(at)
            quotations[one.spans[0]] = one
    starts = [[_place(frame) for frame in row] for row in frames]
    for span, touched in places.items():
        first, last = touched[0], touched[-1]
        rows = {first, last}
        if first and _ends_in_colon(paragraph[first - 1]) and span[0] == paragraph[first].start:
            rows.add(first - 1)
        near = [one for row in sorted(rows) for one in _beside(frames[row], starts[row], span)]
        if near:
            min(near, key=lambda one: _distance(one, span)).quotations.append(quotations[span])
        elif _is_full(quotations[span]) or not frames[first]:
            frames[first].append(_alone(paragraph, touched, quotations[span]))


def _place(frame: _Frame) -> int:
    return frame.sentence.words[frame.cues[0].verb].start


def _beside(row: list[_Frame], starts: list[int], span: Stretch) -> list[_Frame]:
    """Return the few frames of a sentence whose cues are next to a quotation, or that hold others."""
    first, last = bisect_right(starts, span[0]), bisect_right(starts, span[1])
    near = [*row[max(0, first - 2) : first], *row[max(first, last - 2) : last + 2], *row[len(starts) :][-1:]]
    return [one for one in near if one.rule not in ("is-to", "claims", "goes-on", *_IN_NOUNS)]


def _alone(paragraph: list[Sentence], touched: list[int], quotation: Proposal) -> _Frame:
    """Return the frame of a quotation that no cue is near to."""
    if not _is_full(quotation):
        return _Frame(paragraph[touched[0]], [], "fragment", [quotation])
    introducing = _introduction(paragraph, touched[0], quotation.spans[0])
    if introducing is not None:
        return _Frame(introducing, [], "introduced", [quotation])
    rule = "marks" if _is_utterance(paragraph, touched) else "marks-within"
    return _Frame(paragraph[touched[0]], [], rule, [quotation])


def _is_utterance(paragraph: list[Sentence], touched: list[int]) -> bool:
    """Tell whether a quotation holds whole sentences: nothing but marks stands beside it in them."""
    beside = (word for at in (touched[0], touched[-1]) for word in paragraph[at].words if not word.is_quoted)
    return all(word.is_mark for word in beside)


def _introduction(paragraph: list[Sentence], number: int, span: Stretch) -> Sentence | None:
    """Return the sentence whose colon stands right before a quotation."""
    sentence = paragraph[number]
    before = bisect_right(sentence.words, span[0], key=lambda word: word.end)
    if before:
        return sentence if sentence.words[before - 1].text == ":" else None
    return paragraph[number - 1] if number and _ends_in_colon(paragraph[number - 1]) else None


def _ends_in_colon(sentence: Sentence) -> bool:
    return sentence.words[-1].text == ":"


def _distance(frame: _Frame, span: Stretch) -> tuple[bool, int]:
    if not frame.cues:
        return True, 0
    place = _place(frame)
    return frame.cues[0].kind == "noun", min(abs(place - span[0]), abs(place - span[1]))


def _is_full(quotation: Proposal) -> bool:
    return isinstance(quotation.details, Quotation) and quotation.details.role == "speech"


def _rule(frame: _Frame) -> str:
    """Return the rule of a frame, now that its quotations are known."""
    if not frame.quotations or not frame.cues or frame.rule in ("according", "so"):
        return frame.rule
    # What stands in marks before "…, sagte X" is said in full, however short it is.
    is_full = frame.rule == "aside" or any(_is_full(one) for one in frame.quotations)
    if is_full:
        return "quoted"
    return "quoted-words" if frame.rule == "verb" else frame.rule


# --- parties and the chain of tellers ----------------------------------------------------------


def _hang(frames: list[_Frame], known: Known) -> None:
    """Find the sources, and make a medium that another speaks through his teller."""
    for frame in frames:
        if frame.source is not None:
            continue
        if frame.cues and frame.rule != "is-to" and frame.cues[0].kind != "subjunctive":
            found = source_of(frame.sentence, frame.cues[0])
            frame.source = None if found is None else known.cut(frame.sentence, found)
            _turn_to_cited(frame, known)
        elif frame.rule == "introduced":
            frame.source = lead_of(frame.sentence)
        elif frame.rule == "subjunctive":
            frame.source = above_of(frame.sentence, frame.cues[0].verb)
    media = [
        one
        for one in frames
        if one.cues and one.cues[0].kind in ("according", "so") and _is_medial(one, known)
    ]
    others = [
        one for one in frames if one.source is not None and one not in media and not _is_medial(one, known)
    ]
    if media and others:
        for one in others:
            one.tellers = (known.party(media[0].sentence, media[0].source),)
        for one in media:
            one.rule = "dropped"


def _turn_to_cited(frame: _Frame, known: Known) -> None:
    """Make who cites another the teller of what the other said."""
    cited = cited_by(frame.sentence, frame.cues[0], frame.source) if frame.source is not None else None
    if cited is not None:
        frame.tellers = (known.party(frame.sentence, frame.source),)
        frame.source = cited


def _is_medial(frame: _Frame, known: Known) -> bool:
    if frame.source is None:
        return False
    return is_medium(frame.sentence, frame.source) or known.is_medium(
        known.actor(frame.sentence, frame.source)
    )


def _proposal(text: str, frame: _Frame, known: Known) -> Proposal:
    sentence, rule = frame.sentence, _rule(frame)
    is_noun = frame.cues and frame.cues[0].kind == "noun"
    source = known.party(sentence, frame.source, lead_of(sentence) if is_noun else None)
    if rule not in _IN_NOUNS:
        known.met(source)
    addressee, tellers = None, frame.tellers
    if frame.cues and frame.cues[0].kind in ("verb", "act"):
        whom = addressee_of(sentence, frame.cues[0], frame.source, known)
        if whom is not None:
            addressee = known.party(sentence, whom)
            if is_medium(sentence, whom) or known.is_medium(addressee.actor):
                tellers = (addressee, *tellers)
    cue = tuple(sentence.stretch(p, p + 1) for one in frame.cues for p in sorted(one.places))
    contents = _contents(text, frame, rule)
    form = _form(frame, rule, contents)
    spans = _spans(frame, cue, contents)
    tier: Tier = "sure" if rule in SURE else "possible"
    details = Speech(form, MODES[form], cue, source, contents, addressee, tellers)
    return Proposal("speech", spans, tier, f"speech.{rule}", details)


def _contents(text: str, frame: _Frame, rule: str) -> tuple[Stretch, ...]:
    quoted = tuple(
        trimmed(text, *one.details.content) for one in frame.quotations if isinstance(one.details, Quotation)
    )
    if rule in _IN_MARKS:
        return tuple(sorted(stretch for stretch in quoted if stretch[0] < stretch[1]))
    if not frame.cues:
        return quoted
    cue = frame.cues[0]
    if cue.shape == "aside" and not is_aside(frame.sentence, cue.verb):
        if rule not in SURE:
            return quoted
        cue = replace(cue, shape="clause")
    return contents_of(text, frame.sentence, cue, frame.source)


def _form(frame: _Frame, rule: str, contents: tuple[Stretch, ...]) -> Form:
    if rule in _IN_MARKS:
        return "direct"
    if rule in ("is-to", "claims"):
        return "hearsay"
    if rule in ("subjunctive", "goes-on") and frame.source is None:
        return "free-indirect"
    return "indirect" if contents else "reported"


def _spans(frame: _Frame, cue: tuple[Stretch, ...], contents: tuple[Stretch, ...]) -> tuple[Stretch, ...]:
    """Return what the frame covers: its sentence, or its clause; and quotations that reach beyond it."""
    whole = frame.sentence.start, frame.sentence.end
    if frame.rule in _IN_NOUNS:
        whole = frame.sentence.stretch(*frame.sentence.clause(frame.cues[0].verb))
    stretches = [whole, *(one.spans[0] for one in frame.quotations)]
    stretches += [*cue, *contents]
    merged: list[Stretch] = []
    for start, end in sorted(stretches):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)
