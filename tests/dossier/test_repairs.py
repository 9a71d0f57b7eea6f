"""Repairs of texts taken from PDFs and pages."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from westphalia.dossier.repairs import Repair, repaired


def extracted(text: str) -> str:
    return repaired(text, is_extracted=True, has_markup=False)[0]


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("f¨ur ¨Uber Mi¨ader", "für Über Miäder"),
        ("na¨ıv, ¨ allein, ¨x", "naïv, ¨ allein, ¨x"),
        ("fu¨r Mu¨ller, vowel ¨ alone", "für Müller, vowel ¨ alone"),
        ("ˆetre, se˜nor, ¸ca, geht´s, d´accord", "être, señor, ça, geht´s, d´accord"),
        ("Verhand-\nlung", "Verhandlung"),
        ("Verhand- \n  lung", "Verhandlung"),
        ("Verhand\u00ad\nlung", "Verhandlung"),
        ("Verhand\ufffelung", "Verhandlung"),
        ("US-\nRegierung", "US-Regierung"),
        ("US\ufffeRegierung", "US-Regierung"),
        ("E-\nMail", "E-Mail"),
        ("Covid-\n19", "Covid-19"),
        ("Ein- und Aus-\nfuhr", "Ein- und Ausfuhr"),
        ("Vor-\nund Nachteile", "Vor- und Nachteile"),
        ("er kam -\nspät", "er kam -\nspät"),
        ("- Punkt\n- Punkt", "- Punkt\n- Punkt"),
        ("oﬃziell, Konﬂikt", "offiziell, Konflikt"),
        ("Wai\u00adse", "Waise"),
    ],
)
def test_texts_from_pdfs_are_mended(text: str, mended: str) -> None:
    assert extracted(text) == mended


def test_the_log_counts_and_names_the_lines() -> None:
    _, log = repaired("Ab-\nsatz\nf¨ur ¨uber\nVerhand-\nlung", is_extracted=True, has_markup=False)
    assert log == (
        Repair("spacing diaeresis joined to its vowel", 2, (3,)),
        Repair("word broken at a line's end joined", 2, (1, 4)),
    )


@given(st.text(st.sampled_from("aÄ¨u-\n\r \u00ad\ufffeﬁ\u0308éund")))
def test_repairs_leave_nfc_and_lf_and_log_every_change(text: str) -> None:
    for is_extracted in (False, True):
        mended, log = repaired(text, is_extracted=is_extracted, has_markup=False)
        assert "\r" not in mended
        assert unicodedata.is_normalized("NFC", mended)
        assert (mended != text) <= bool(log)
        assert all(repair.count > 0 and repair.lines for repair in log)


@pytest.mark.parametrize("unit", ["a", "-", "-\n", "- ", "\u00ad ", "a-", "¨", "\ufffe"])
def test_time_grows_no_faster_than_the_text(unit: str) -> None:
    begin = time.process_time()
    extracted(unit * 100_000)
    assert time.process_time() - begin < 5
