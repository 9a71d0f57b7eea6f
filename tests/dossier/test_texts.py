"""Every kind of file becomes one text that keeps; what is no text is refused with its reason."""

from __future__ import annotations

import io
import os
import unicodedata
import zipfile
import zlib
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import docx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from westphalia.dossier import texts
from westphalia.dossier.anchors import anchor, make_span
from westphalia.dossier.repairs import Repair
from westphalia.dossier.texts import SourceText, read_text
from westphalia.errors import FileError

PER_TEST = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def written(folder: Path, name: str, content: bytes | str) -> Path:
    path = folder / name
    path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    return path


def outcome(path: Path) -> SourceText | FileError:
    try:
        return read_text(path)
    except FileError as error:
        return error


def refusal(path: Path) -> FileError:
    with pytest.raises(FileError) as caught:
        read_text(path)
    assert caught.value.where.startswith(str(path))
    return caught.value


# --- plain text --------------------------------------------------------------------------------


@PER_TEST
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.just("\n"), min_size=1))
def test_a_plain_text_with_lf_in_nfc_comes_out_byte_for_byte(tmp_path: Path, text: str) -> None:
    text = " " + unicodedata.normalize("NFC", text) + "."
    path = written(tmp_path, "a.txt", text)
    source = read_text(path)
    assert source.text == text
    assert source.sha256 == source.raw_sha256 == sha256(path.read_bytes()).hexdigest()
    assert source.characters == len(text)
    assert source.repairs == ()


@PER_TEST
@given(st.binary(max_size=300))
def test_any_bytes_give_a_text_or_a_refusal(tmp_path: Path, raw: bytes) -> None:
    path = written(tmp_path, "a.txt", raw)
    source = outcome(path)
    if isinstance(source, FileError):
        assert source.code in {"empty-text", "not-text", "damaged-text", "nul-in-text"}
        return
    assert "\r" not in source.text
    assert unicodedata.is_normalized("NFC", source.text)
    assert source.sha256 == sha256(source.text.encode()).hexdigest()
    again = read_text(written(tmp_path, "b.txt", source.text))
    assert again.text == source.text.removeprefix("\ufeff")


@PER_TEST
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1), st.data())
def test_spans_of_a_read_text_are_exact_however_it_is_stored(
    tmp_path: Path, text: str, data: st.DataObject
) -> None:
    text = f'„Nie wieder", sagte er.\r\n{text}\r\nÄpfel 🍏 é e\u0301'
    plain = read_text(written(tmp_path, "a.txt", text))
    start = data.draw(st.integers(0, plain.characters - 1))
    span = make_span(plain.text, start, data.draw(st.integers(start + 1, plain.characters)))
    for name, encoding in (("b.txt", "utf-8-sig"), ("c.txt", "utf-16")):
        other = read_text(written(tmp_path, name, text.encode(encoding)))
        assert other.text == plain.text
        assert anchor(span, other.text).state == "exact"


def test_repairs_of_a_plain_text_are_logged_with_lines(tmp_path: Path) -> None:
    source = read_text(written(tmp_path, "a.txt", "\ufeffEins\r\nzwei\rA\u0308pfel\n¨u und So\u00adft"))
    assert source.text == "Eins\nzwei\nÄpfel\n¨u und So\u00adft"
    assert source.repairs == (
        Repair("byte-order mark of UTF-8 taken off", 1, (1,)),
        Repair("line ends CRLF or CR made LF", 2, (1, 2)),
        Repair("line brought into NFC", 1, (3,)),
    )


def test_windows_1252_is_read_and_said(tmp_path: Path) -> None:
    source = read_text(written(tmp_path, "a.txt", "„Grüße“ – 5 €\nÄh".encode("cp1252")))
    assert source.text == "„Grüße“ – 5 €\nÄh"
    assert source.repairs == (Repair("read as Windows-1252, for it is no UTF-8", 7, (1, 2)),)


def test_header_lines_are_proposed_and_stay_in_the_text(tmp_path: Path) -> None:
    source = read_text(written(tmp_path, "a.txt", "Title: Der Bericht\nauthor: A. B.\n\ntext: so"))
    assert {(one.field, one.value, one.where) for one in source.proposed} == {
        ("title", "Der Bericht", "line 1"),
        ("author", "A. B.", "line 2"),
    }
    assert source.text.startswith("Title:")
    glued = read_text(written(tmp_path, "b.txt", " date 2025-02 Die Lage bleibt ernst."))
    assert [(one.field, one.value) for one in glued.proposed] == [("date", "2025-02")]
    assert glued.text.startswith(" date 2025-02 Die")


# --- HTML --------------------------------------------------------------------------------------

PAGE = """<?xml version="1.0" encoding="utf-8"?>
<!doctype html><html lang="de-AT"><head><title>Der Vorschlag</title>
<meta name="author" content="A. Beispiel"><meta property="og:site_name" content="Das Blatt">
<meta property="article:published_time" content="2025-02-12T10:00:00Z">
<link rel="canonical" href="https://example.org/vorschlag"></head>
<body><nav><a href="/">Startseite</a></nav><article><h1>Der Vorschlag</h1>
<p>Am Montag kam der Vor&shy;schlag auf den Tisch, und alle sprachen über ihn.</p>
<p>„Niemand widersprach“, sagte die Ministerin, und das blieb bis zum Abend so.</p>
<p>Erst am Dienstag meldeten sich die ersten Gegner mit eigenen Zahlen zu Wort.</p>
</article><footer>Impressum</footer></body></html>"""


def test_a_page_gives_its_article_and_proposes_its_fields(tmp_path: Path) -> None:
    source = read_text(written(tmp_path, "a.html", PAGE))
    assert source.kind == "html"
    assert "Am Montag kam der Vorschlag auf den Tisch" in source.text
    assert "\n\n„Niemand widersprach“, sagte die Ministerin" in source.text
    assert "Startseite" not in source.text
    assert "Impressum" not in source.text
    assert {one.field: (one.value, one.where) for one in source.proposed} == {
        "title": ("Der Vorschlag", "title element"),
        "author": ("A Beispiel", "meta author"),
        "date": ("2025-02-12", "meta article:published_time"),
        "url": ("https://example.org/vorschlag", "canonical link"),
        "publisher": ("Das Blatt", "meta og:site_name"),
        "language": ("de", "lang of the html element"),
    }
    assert source.raw_sha256 == sha256(PAGE.encode()).hexdigest()


def test_a_page_may_name_its_own_encoding(tmp_path: Path) -> None:
    page = '<html><head><meta charset="koi8-r"></head><body><p>Граница останется открытой.</p></body></html>'
    source = read_text(written(tmp_path, "a.html", page.encode("koi8-r")))
    assert "Граница останется открытой." in source.text
    assert source.repairs[0].what == "read as koi8-r, for it is no UTF-8"
    latin = '<html><head><meta charset="iso-8859-1"></head><body><p>Grüße für „alle“</p></body></html>'
    assert "Grüße für „alle“" in read_text(written(tmp_path, "b.html", latin.encode("cp1252"))).text


def test_pages_without_text_or_with_entities_are_refused(tmp_path: Path) -> None:
    assert refusal(written(tmp_path, "a.html", "<html><body></body></html>")).code == "empty-text"
    bomb = '<!DOCTYPE html [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><html><body>&b;</body></html>'
    assert refusal(written(tmp_path, "b.html", bomb)).code == "entities"
    assert refusal(written(tmp_path, "c.html", "<p>a\0b</p>")).code == "nul-in-text"


def test_a_page_nested_without_end_is_no_traceback(tmp_path: Path) -> None:
    path = written(tmp_path, "a.html", "<div>" * 50_000 + "Ende")
    assert refusal(path).code in {"empty-text", "damaged-file"}


# --- DOCX --------------------------------------------------------------------------------------


def document(folder: Path) -> Path:
    built = docx.Document()
    built.core_properties.title = "Das Protokoll"
    built.core_properties.author = "A. Beispiel"
    built.core_properties.language = "de-DE"
    built.add_heading("Protokoll", level=1)
    built.add_paragraph("Erster Absatz mit So\u00adft.")
    table = built.add_table(rows=2, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Land", "Haltung"
    table.cell(1, 0).merge(table.cell(1, 1)).text = "beide dafür"
    built.add_paragraph("Letzter Absatz.")
    path = folder / "a.docx"
    built.save(str(path))
    return path


def test_a_document_gives_paragraphs_and_tables_in_order(tmp_path: Path) -> None:
    source = read_text(document(tmp_path))
    assert source.text == (
        "Protokoll\n\nErster Absatz mit Soft.\n\nLand\tHaltung\n\nbeide dafür\n\nLetzter Absatz."
    )
    assert source.kind == "docx"
    assert source.repairs == (Repair("soft hyphen taken out", 1, (3,)),)
    proposed = {one.field: one.value for one in source.proposed}
    assert (proposed["title"], proposed["author"], proposed["language"]) == (
        "Das Protokoll",
        "A. Beispiel",
        "de",
    )


def repacked(path: Path, change: Callable[[str, bytes], bytes]) -> Path:
    """Return a copy of a document with its parts changed."""
    new = path.with_name("changed.docx")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(new, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in old.namelist():
            archive.writestr(name, change(name, old.read(name)))
    return new


def test_what_a_document_holds_outside_its_paragraphs_is_said(tmp_path: Path) -> None:
    inserted = b'<w:p><w:ins w:id="1" w:author="x"><w:r><w:t>neu</w:t></w:r></w:ins></w:p><w:sectPr'
    path = repacked(document(tmp_path), lambda _, part: part.replace(b"<w:sectPr", inserted, 1))
    assert Repair("left out: tracked insertion", 1) in read_text(path).repairs


def test_a_document_that_unpacks_to_far_too_much_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    path = repacked(document(tmp_path), lambda _, part: part)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/media/x.xml", b"0" * 30_000_000)
    error = refusal(path)
    assert error.code == "zip-bomb"
    assert "unpacks to 31 MB" in error.message


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_that_defines_entities_is_refused(tmp_path: Path, encoding: str) -> None:
    head = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE d [<!ENTITY a "aaaa">]>'

    def poison(name: str, part: bytes) -> bytes:
        if name != "word/document.xml":
            return part
        return (head + part.decode().split("?>", 1)[1]).encode(encoding)

    error = refusal(repacked(document(tmp_path), poison))
    assert error.code == "entities"
    assert "word/document.xml" in error.message


def test_documents_that_are_none_are_refused(tmp_path: Path) -> None:
    whole = document(tmp_path).read_bytes()
    cases = {
        b"Just words": "not-what-it-says",
        b"\xd0\xcf\x11\xe0" + b"\0" * 100: "encrypted",
        whole[: len(whole) // 2]: "damaged-file",
    }
    for raw, code in cases.items():
        assert refusal(written(tmp_path, "b.docx", raw)).code == code
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.txt", "words")
    assert refusal(written(tmp_path, "c.docx", packed.getvalue())).code == "not-what-it-says"
    locked = bytearray(whole)
    place = locked.rindex(b"PK\x01\x02")
    locked[place + 8] |= 1
    assert refusal(written(tmp_path, "d.docx", bytes(locked))).code == "encrypted"
    broken = repacked(tmp_path / "a.docx", lambda name, part: part[:-40] if "document.xml" in name else part)
    assert refusal(broken).code == "damaged-file"


# --- PDF ---------------------------------------------------------------------------------------


def pdf(lines: list[str], *, extra: str = "") -> bytes:
    """Return a PDF of one page with the lines set in Helvetica, built by hand."""
    shown = "".join(f"({line}) Tj T*\n" for line in lines)
    stream = f"BT /F1 12 Tf 14 TL 50 700 Td\n{shown}ET".encode("cp1252")
    font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        font.encode(),
        b"<< /Title (Das Papier) /Author (A. Beispiel) /CreationDate (D:20250212100000Z) >>",
    ]
    body, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    trailer = f"trailer << /Size 7 /Root 1 0 R /Info 6 0 R {extra}>>\nstartxref\n{len(body)}\n%%EOF\n"
    return body + f"xref\n0 7\n0000000000 65535 f \n{table}".encode() + trailer.encode()


def test_a_pdf_gives_its_text_with_broken_words_and_umlauts_mended(tmp_path: Path) -> None:
    lines = [
        "Die Verhand-",
        "lungen der US-",
        "Regierung f\xa8uhrten zu Vor-",
        "und Nachteilen; ein long-",
        "term plan, a long-term one.",
    ]
    source = read_text(written(tmp_path, "a.pdf", pdf(lines)))
    assert source.text.strip() == (
        "Die Verhandlungen der US-Regierung führten zu Vor- und Nachteilen; "
        "ein long-term plan, a long-term one."
    )
    assert [(repair.what, repair.count) for repair in source.repairs] == [
        ("spacing diaeresis joined to its vowel", 1),
        ("word broken at a line's end joined", 1),
        ("compound broken at its hyphen joined", 2),
        ("line's end after a hanging hyphen made a blank", 1),
    ]
    assert {one.field: one.value for one in source.proposed} == {
        "title": "Das Papier",
        "author": "A. Beispiel",
        "date": "2025-02-12",
    }


def test_pdfs_without_text_encrypted_or_damaged_are_refused(tmp_path: Path) -> None:
    assert refusal(written(tmp_path, "a.pdf", pdf([]))).code == "no-text-layer"
    locked = "/ID [<00> <00>] /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <" + "41" * 32
    locked += "> /U <" + "42" * 32 + "> >> "
    assert refusal(written(tmp_path, "b.pdf", pdf(["Geheim"], extra=locked))).code == "encrypted"
    assert refusal(written(tmp_path, "c.pdf", "words")).code == "not-what-it-says"
    assert refusal(written(tmp_path, "d.pdf", b"%PDF-1.4\n" + os.urandom(50))).code == "damaged-file"


def test_a_pdf_whose_page_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    whole = pdf(["Ein Satz."])
    start, end = whole.index(b"<< /Length"), whole.index(b"\nendstream")
    packed = zlib.compress(b"(a) Tj " * 2_000_000)
    head = b"<< /Length %d /Filter /FlateDecode >>\nstream\n" % len(packed)
    error = refusal(written(tmp_path, "a.pdf", whole[:start] + head + packed + whole[end:]))
    assert (error.code, error.message) == (
        "too-large",
        "Page 1 of the PDF unpacks to more than any text needs.",
    )


@settings(PER_TEST, max_examples=40)
@given(st.data())
def test_a_mangled_pdf_or_document_gives_a_text_or_a_refusal(tmp_path: Path, data: st.DataObject) -> None:
    whole = data.draw(st.sampled_from([pdf(["Ein Satz."]), document(tmp_path).read_bytes()]))
    mangled = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 8))):
        mangled[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    name = "m.pdf" if whole.startswith(b"%PDF") else "m.docx"
    found = outcome(written(tmp_path, name, bytes(mangled)))
    assert found.text.strip() if isinstance(found, SourceText) else found.message


# --- refusals of all kinds ---------------------------------------------------------------------


def test_files_that_are_not_there_say_the_nearest_name(tmp_path: Path) -> None:
    written(tmp_path, "report.txt", "words")
    error = refusal(tmp_path / "raport.txt")
    assert error.code == "missing-file"
    assert error.hint == "Did you mean 'report.txt'?"
    assert refusal(tmp_path / "none" / "a.txt").code == "missing-file"


def test_folders_pipes_and_unknown_kinds_are_refused(tmp_path: Path) -> None:
    (tmp_path / "folder.txt").mkdir()
    assert refusal(tmp_path / "folder.txt").code == "is-folder"
    os.mkfifo(tmp_path / "pipe.txt")
    assert refusal(tmp_path / "pipe.txt").code == "not-a-file"
    error = refusal(written(tmp_path, "a.odt", "x"))
    assert (error.code, error.hint) == ("unknown-kind", "Save it as DOCX in your word processor.")
    assert refusal(written(tmp_path, "a.docs", "x")).hint == "Did you mean '.docx'?"


@pytest.mark.parametrize(
    ("raw", "code", "words"),
    [
        (b"", "empty-text", "The file is empty."),
        (b" \n\t\n", "empty-text", "The file holds no text."),
        (b"a\0b", "nul-in-text", "NUL"),
        ("Grüße\0".encode("cp1252"), "not-text", "no text has"),
        (b"%PDF-1.7 ...", "not-text", "This is a PDF, not a text."),
        (b"PK\x03\x04...", "not-text", "a zip archive"),
        (b"\x89PNG\r\n\x1a\n", "not-text", "a PNG picture"),
        (bytes(range(1, 32)) * 4, "not-text", "no text has"),
        (b"\x81\x8d\x8f", "not-text", "no text has"),
        (("Ä" * 20).encode() + b"\xff\n", "damaged-text", "first at byte 40"),
        (b"\xef\xbb\xbfa\xff", "damaged-text", "begins as UTF-8, but byte 4"),
        (b"\xff\xfea\0b", "damaged-text", "begins as UTF-16"),
        (b"\xff\xfe\0\xd8a\0", "damaged-text", "begins as UTF-16"),
    ],
)
def test_what_is_no_text_is_refused_with_its_reason(
    tmp_path: Path, raw: bytes, code: str, words: str
) -> None:
    error = refusal(written(tmp_path, "a.txt", raw))
    assert error.code == code
    assert words in error.message
    assert error.exit_code == 1


def test_a_file_too_large_and_a_text_too_long_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.txt"
    with path.open("wb") as file:
        file.truncate(texts.LARGEST_FILE + 1)
    error = refusal(path)
    assert (error.code, error.message) == ("too-large", "The file is larger than 50 MB.")
    monkeypatch.setattr(texts, "LONGEST_TEXT", 3)
    assert refusal(written(tmp_path, "b.txt", "abcd")).code == "too-large"
