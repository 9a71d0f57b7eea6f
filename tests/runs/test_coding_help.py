"""Coding help bound to a case: what is suggested, what is accepted, and the way back."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.runs.coding_cases import CASE, ENGLISH, GERMAN, case_in, text_in

from westphalia.api import Case, read
from westphalia.case.document import parse
from westphalia.dossier.anchors import anchor, make_span
from westphalia.dossier.assistant import Assisted
from westphalia.dossier.journal import journal_file
from westphalia.dossier.proposals import Sheet
from westphalia.dossier.review import Entry
from westphalia.dossier.schema import Span, Statement
from westphalia.dossier.texts import SourceText, read_text
from westphalia.errors import CallError, FileError
from westphalia.runs.coding import Suggestion, Suggestions, known_actors, sheet_of, suggestions, with_assisted
from westphalia.runs.coding_decisions import Desk, chosen
from westphalia.runs.coding_files import with_kept, write_suggestions
from westphalia.runs.coding_source import body_of, new_source, source_of, with_metadata, with_source

FLAGSHIP = Path(__file__).parent.parent.parent / "cases" / "ukraine-2025-02"
SPEECH = ("quote", "indirect", "hearsay")
SPEAKERS = {"trump", "putin", "vance", "ukrainian-government"}
"""Who is named as a speaker in the report's own sentences, read by eye; all others are pronouns or nobody."""


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return read(case_in(tmp_path))


@pytest.fixture
def found(case: Case, tmp_path: Path) -> Suggestions:
    return case.code(text_in(tmp_path))


def desk_of(case: Case, found: Suggestions) -> Desk:
    desk = Desk(with_source(case.document, found.source, found.text))
    desk.keep()
    return desk


def accepted(desk: Desk, found: Suggestions, coder: str = "anna", *rules: str) -> list[str]:
    some = chosen(found, desk, rules or ("sure",), coder)
    names = [one.entry.id for one in some]
    desk.accept(names, coder, found=found)
    return names


def test_who_is_named_is_known_and_who_is_not_is_asked(found: Suggestions) -> None:
    text = found.text.text
    rows = {
        text[slice(*one.entry.place[1:3])]: (
            one.entry.fields.get("speaker"),
            [q.question for q in one.questions],
        )
        for one in found.statements
    }
    assert rows["that the harbour stays open"] == ("okar", [])
    assert rows["We will cut the cable if nobody listens"] == ("brandt", [])
    assert rows["that the ferry is late"] == (None, ["who is this?"])
    kinds = {text[slice(*one.entry.place[1:3])]: one.entry.fields["kind"] for one in found.statements}
    assert kinds["Okar threatened to close the strait."] == "threat"
    assert kinds["that the harbour stays open"] == "fact"


def test_every_span_stands_where_it_says_and_nothing_is_about_an_issue(found: Suggestions) -> None:
    assert found.statements
    for one in found.statements:
        assert anchor(Span.model_validate(one.entry.fields["span"]), found.text.text).state == "exact"
        assert one.entry.status == "suggested"
        assert not {"about", "coder", "gloss"} & set(one.entry.fields)
    assert [one.entry.place for one in found.statements] == sorted(
        one.entry.place for one in found.statements
    )
    assert sum(found.counts.values()) == len(found.sheet)


def test_german_and_english_give_the_same_kinds_of_proposals_and_twice_the_same(tmp_path: Path) -> None:
    case = read(case_in(tmp_path))
    german = case.code(text_in(tmp_path, GERMAN, "bericht.txt"))
    assert german.language == "de"
    assert german.sheet == case.code(tmp_path / "bericht.txt").sheet
    speakers = [one.entry.fields.get("speaker") for one in german.statements]
    assert speakers[:2] == ["okar", "brandt"]
    assert german.statements[0].entry.fields["mode"] == "indirect"


def test_accepted_goes_into_the_case_and_undo_gives_the_very_bytes_back(
    case: Case, found: Suggestions
) -> None:
    desk = desk_of(case, found)
    before = Path(str(desk.document.path)).read_bytes()
    names = accepted(desk, found)
    after = Path(str(desk.document.path)).read_bytes()
    assert names
    assert after.startswith(before.rstrip(b"\n"))
    statements = read(str(desk.document.path)).file.statement
    assert {(statements[name].coder, statements[name].status) for name in names} == {("anna", "accepted")}
    assert all(not one.questions for one in found.statements if one.entry.id in names)
    assert b"harbour" not in after
    assert chosen(found, desk, ("sure",), "anna") == ()
    assert {edit.id for edit in desk.undo()} == set(names)
    assert Path(str(desk.document.path)).read_bytes() == before
    with pytest.raises(CallError, match="There is nothing to undo"):
        desk.undo()


def test_hand_made_changes_are_neither_overwritten_nor_taken_back(case: Case, found: Suggestions) -> None:
    desk = desk_of(case, found)
    first, *_ = accepted(desk, found)
    path = Path(str(desk.document.path))
    gloss = desk.document.case.statement[first].gloss
    path.write_text(path.read_text("utf-8").replace(str(gloss), "She keeps the port open."), "utf-8")
    desk = Desk(read(path).document)
    with pytest.raises(CallError, match="was changed in the case file since"):
        desk.undo()
    assert desk.journal.coding.entries
    desk.reject([found.statements[-1].entry.id], "anna", found=found)
    assert "She keeps the port open." in path.read_text("utf-8")


def test_a_case_that_changed_meanwhile_leaves_journal_and_case_as_they_were(
    case: Case, found: Suggestions
) -> None:
    desk = desk_of(case, found)
    path = Path(str(desk.document.path))
    path.write_text(path.read_text("utf-8") + "# a word from elsewhere\n", "utf-8")
    before = path.read_bytes()
    with pytest.raises(FileError, match="has changed since it was read"):
        accepted(desk, found)
    assert path.read_bytes() == before
    assert not Desk(read(path).document).journal.coding.entries


def test_what_the_case_has_already_is_left_but_another_coder_may_code_it(
    case: Case, found: Suggestions
) -> None:
    desk = desk_of(case, found)
    accepted(desk, found, "anna")
    path = Path(str(desk.document.path))
    journal_file(path).unlink()
    other = suggestions(read(path).file, found.source, found.text)
    desk = Desk(read(path).document)
    assert all(desk.is_decided(one) for one in other.statements if one.coded_as)
    assert chosen(other, desk, ("sure",), "anna") == ()


def test_an_unknown_rule_names_the_nearest(case: Case, found: Suggestions) -> None:
    desk = desk_of(case, found)
    with pytest.raises(CallError, match=r"No rule 'sur' suggested anything here\. .*sure"):
        chosen(found, desk, ("sur",), "anna")
    assert chosen(found, desk, ("clause",), "anna") == chosen(found, desk, ("speech.clause",), "anna") != ()


def test_a_text_belongs_to_its_source_by_hash_and_another_text_is_refused(
    case: Case, found: Suggestions, tmp_path: Path
) -> None:
    document = with_source(case.document, found.source, found.text)
    assert with_source(document, document.case.source["report"], found.text) is document
    assert source_of(document.case, found.text, "renamed.txt") == document.case.source["report"]
    changed = read_text(text_in(tmp_path, ENGLISH + "One more line."))
    with pytest.raises(CallError, match="not the one that was coded as 'report'"):
        source_of(document.case, changed, "report.txt")
    assert new_source(document.case, changed, "report.md").id == "report-2"
    assert new_source(case.file, changed, "North.txt").id == "north-2"


def test_a_source_without_hash_gets_it(tmp_path: Path) -> None:
    text = read_text(text_in(tmp_path))
    document = parse(CASE.replace("{id: memo, title: Memo}", "{id: memo, title: Memo, file: report.txt}"))
    source = source_of(document.case, text, "report.txt")
    assert source is not None
    held = with_source(document, source, text).case.source["memo"]
    assert (held.sha256, held.characters, str(held.title)) == (text.sha256, text.characters, "Memo")


def test_a_header_is_split_off_into_a_file_of_its_own(tmp_path: Path) -> None:
    path = text_in(tmp_path, f"title: Talks\nauthor: Nobody\n\n{ENGLISH}")
    body, beside = body_of(read_text(path), path)
    assert (beside.name, beside.read_text("utf-8")) == ("report.body.txt", body.text)
    assert body.text.startswith("President Okar")
    assert read_text(beside).sha256 == body.sha256
    beside.write_text("Something else.", "utf-8")
    with pytest.raises(FileError, match="Another text stands"):
        body_of(read_text(path), path)
    with pytest.raises(CallError, match="no header to split off"):
        body_of(body, beside)


HEADED = f"title: Talks at sea\nauthor: Vera Moor\ndate: 2025-02-03\nauthor: Ole Moor\n\n{ENGLISH}"


def test_what_a_text_says_of_itself_fills_what_the_case_leaves_open(case: Case, tmp_path: Path) -> None:
    path = text_in(tmp_path, HEADED)
    found = with_metadata(case.code(path), is_new=True)
    document = with_source(case.document, found.source, found.text)
    source = document.case.source["report"]
    assert (str(source.title), source.date and source.date.at) == ("Talks at sea", "2025-02-03")
    assert source.author is None, "two are named, and which it is has to be asked"
    assert source.note == "Read from the text: title (line 1), date (line 3)."
    assert with_source(document, source, found.text) is document


def test_metadata_never_goes_over_what_the_case_says(tmp_path: Path) -> None:
    held = "{id: memo, title: Memo, file: report.txt, date: 2024, note: kept}"
    case = read(case_in(tmp_path, CASE.replace("{id: memo, title: Memo}", held)))
    found = case.code(text_in(tmp_path, HEADED.replace("author: Ole Moor\n", "")))
    told = with_metadata(found, is_new=False)
    source = with_source(case.document, told.source, told.text).case.source["memo"]
    assert (str(source.title), source.date and source.date.at, source.note) == ("Memo", "2024", "kept")
    assert source.author == "Vera Moor"
    assert source.sha256 == found.text.sha256


@pytest.mark.parametrize("value", ["2025-02-30", "next year", ""])
def test_metadata_that_cannot_stand_in_a_case_is_left(case: Case, tmp_path: Path, value: str) -> None:
    found = case.code(text_in(tmp_path, f"date: {value}\nurl: x\u200e\u202ey\n\n{ENGLISH}"))
    source = with_metadata(found, is_new=True).source
    assert (source.date, source.url) == (None, None)


def of_assistant(found: Suggestions) -> Suggestions:
    start = found.text.text.index("It rained")
    span = make_span(found.text.text, start, start + 9).model_dump(exclude_none=True)
    fields = {"source": "report", "span": span, "speaker": "okar", "mode": "narration", "kind": "fact"}
    entry = Entry(id="assistant-1", fields=fields, rule="assistant:toy", tier="possible")
    return with_assisted(found, Assisted(Sheet(()), (entry,), (), ()))


def test_what_an_assistant_proposed_is_kept_by_a_run_without_it(found: Suggestions, tmp_path: Path) -> None:
    asked, path = of_assistant(found), tmp_path / "kept.json"
    write_suggestions(asked, path)
    again = with_kept(found, path)
    assert [one.entry for one in again.statements] == [one.entry for one in asked.statements]
    assert with_kept(again, path).statements == again.statements
    assert with_kept(found, tmp_path / "missing.json").statements == found.statements


@pytest.mark.parametrize(
    ("old", "new", "is_kept"),
    [
        ('"rule": "assistant:toy"', '"rule": "assistant:other"', True),
        ('"start": ', '"start": 1', False),
        ('"source": "report",\n    "span"', '"source": "memo",\n    "span"', False),
        ('"sha256": "', '"sha256": "0', False),
    ],
)
def test_only_what_stands_in_this_text_is_kept(
    found: Suggestions, tmp_path: Path, old: str, new: str, is_kept: bool
) -> None:
    path = tmp_path / "kept.json"
    write_suggestions(of_assistant(found), path)
    raw = path.read_text("utf-8")
    at = raw.index('"id": "assistant-1"') if '"sha256"' not in old else 0
    assert old in raw[at:]
    path.write_text(raw[:at] + raw[at:].replace(old, new, 1), "utf-8")
    kept = [one for one in with_kept(found, path).statements if one.entry.id == "assistant-1"]
    assert bool(kept) == is_kept


@pytest.mark.parametrize(
    ("old", "new"), [('"possible"', '"likely"'), ("}", ""), ('"fields": {', '"fields": [{')]
)
def test_a_damaged_file_of_suggestions_is_refused(
    found: Suggestions, tmp_path: Path, old: str, new: str
) -> None:
    path = tmp_path / "kept.json"
    write_suggestions(of_assistant(found), path)
    raw = path.read_text("utf-8")
    at = raw.index('"id": "assistant-1"')
    path.write_text(raw[:at] + raw[at:].replace(old, new, 1), "utf-8")
    with pytest.raises(FileError, match="The suggestions cannot be read"):
        with_kept(found, path)


@pytest.mark.parametrize(
    ("language", "words", "message"),
    [
        ("fr", ENGLISH, "There are no rules for 'fr'"),
        ("auto", "Zzyzx qwrt plmk.", "neither German nor English"),
    ],
)
def test_other_languages_are_refused(
    case: Case, tmp_path: Path, language: str, words: str, message: str
) -> None:
    with pytest.raises(CallError, match=message):
        case.code(text_in(tmp_path, words), language=language)


def test_a_header_without_a_real_date_counts_nothing_from_it(case: Case, tmp_path: Path) -> None:
    found = case.code(text_in(tmp_path, f"date: 2025-13\n\n{ENGLISH}"))
    assert found.statements


# --- the report behind the flagship ----------------------------------------------------------------


@pytest.fixture(scope="module")
def report() -> SourceText:
    folder = os.environ.get("WESTPHALIA_SOURCES")
    if not folder or not (Path(folder) / "report.txt").is_file():
        pytest.skip("the report's text is not part of the project; WESTPHALIA_SOURCES names its folder")
    return read_text(Path(folder) / "report.txt")


def test_on_the_report_every_named_speaker_is_found_and_none_invented(report: SourceText) -> None:
    case = read(FLAGSHIP).file
    source = source_of(case, report, "report.txt")
    assert source is not None
    assert source.id == "commentary"
    found = suggestions(case, source, report)
    speakers = {str(one.entry.fields["speaker"]) for one in found.statements if "speaker" in one.entry.fields}
    assert speakers == SPEAKERS
    by_hand = [one for one in case.statements if one.mode in SPEECH and one.speaker != "author" and one.span]
    pairs = [(one, hit) for one in by_hand for hit in found.statements if _meet(one, hit)]
    named = [(one.speaker, hit.entry.fields["speaker"]) for one, hit in pairs if not hit.questions]
    asked = [(one.speaker, hit.questions[0].candidates[0]) for one, hit in pairs if hit.questions]
    assert (len(by_hand), len({one.id for one, _ in pairs})) == (28, 26)
    assert all(coded == proposed for coded, proposed in named)
    # "Both" report one sentence; it is coded for each of the two.
    assert [pair for pair in asked if pair[0] != pair[1]] == [("putin", "trump")]
    assert (len(named), len(asked)) == (13, 13)


def _meet(statement: Statement, suggestion: Suggestion) -> bool:
    _, start, end, _ = suggestion.entry.place
    return statement.span is not None and start < statement.span.end and statement.span.start < end


def test_the_report_is_the_same_sheet_whether_by_case_or_by_hand(report: SourceText) -> None:
    case = read(FLAGSHIP).file
    by_hand = sheet_of(report.text, known_actors(case), "de", "2025-02")
    assert suggestions(case, case.source["commentary"], report).sheet == by_hand
