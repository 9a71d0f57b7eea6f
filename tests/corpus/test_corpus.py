"""Every broken case gives the error that says what is wrong, where it is; never a traceback."""

import pytest
from broken import CORPUS, VALID

from westphalia.case.document import check, parse, read
from westphalia.errors import CaseError, FileError


def test_the_corpus_is_large_and_its_names_are_different():
    assert len(CORPUS) >= 70
    assert len({case.name for case in CORPUS}) == len(CORPUS)


def test_the_valid_case_is_valid():
    codes = {warning.code for warning in parse(VALID).warnings}
    assert codes == {"no-date", "required-without-stand", "actor-without-stand"}


@pytest.mark.parametrize("broken", CORPUS, ids=lambda broken: broken.name.replace(" ", "-"))
def test_a_broken_case_is_refused(broken, tmp_path):
    file = tmp_path / "case.yaml"
    file.write_bytes(broken.raw)
    findings = check(tmp_path)
    errors = [finding for finding in findings if finding.severity == "error"]
    fitting = [found for found in errors if found.code == broken.code and broken.words in str(found)]
    assert fitting, "\n".join(map(str, findings))
    assert broken.line in [found.place.line for found in fitting], fitting
    assert all(found.place.file == str(file) for found in findings)
    with pytest.raises(CaseError, match="error"):
        read(file)


READABLE = [broken for broken in CORPUS if b"\r" not in broken.raw and broken.code != "not-utf-8"]


@pytest.mark.parametrize("broken", READABLE, ids=lambda broken: broken.name.replace(" ", "-"))
def test_the_place_is_the_same_with_crlf_and_a_byte_order_mark(broken, tmp_path):
    file = tmp_path / "case.yaml"
    file.write_bytes(b"\xef\xbb\xbf" + broken.raw.replace(b"\n", b"\r\n"))
    found = [finding for finding in check(file) if finding.code == broken.code]
    assert broken.line in [finding.place.line for finding in found]


def test_fifty_megabytes_are_refused_with_their_size(tmp_path):
    file = tmp_path / "case.yaml"
    with file.open("wb") as stream:
        stream.write(VALID.encode())
        stream.truncate(50_000_000)
    (finding,) = check(file)
    assert finding.code == "too-large"
    assert "The file has 50.0 MB; at most 16 MB are read." in finding.message


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda folder: folder / "none.yaml", "There is no such file."),
        (lambda folder: folder, "The folder holds no case. A case's folder has a file 'case.yaml'."),
        (lambda folder: folder / "a\0b", "There is no such file."),
        (lambda folder: folder / ("x" * 5000), "The path cannot be used"),
    ],
)
def test_a_file_that_is_not_there_says_so(make, words, tmp_path):
    with pytest.raises(FileError) as caught:
        check(make(tmp_path))
    assert words in str(caught.value)


def test_all_faults_are_reported_at_once_in_the_order_of_the_file():
    broken = VALID.replace("kind: bloc", "kind: blok").replace("salience: 0.4", "salience: 40")
    broken = broken.replace("after: call", "after: cal").replace("id: valley\n", "id: valley\nid: hill\n")
    broken = broken.replace("mode: narration", "mood: narration")
    with pytest.raises(CaseError) as caught:
        parse(broken)
    codes = [finding.code for finding in caught.value.findings]
    assert codes == [
        "duplicate-key",
        "wrong-word",
        "out-of-range",
        "unknown-event",
        "missing-key",
        "unknown-key",
    ]
    lines = [finding.place.line for finding in caught.value.findings]
    assert lines == sorted(lines)


def test_a_broken_item_does_not_make_its_id_unknown():
    with pytest.raises(CaseError) as caught:
        parse(VALID.replace("name: North, kind: state", "name: North, kind: stat"))
    assert [finding.code for finding in caught.value.findings] == ["wrong-word"]
