"""Web pages: the article without what stands around it, by trafilatura."""

from __future__ import annotations

import re
from typing import Any

import trafilatura

from westphalia.dossier.decoding import decoded
from westphalia.dossier.drafts import Draft, Proposed
from westphalia.dossier.readers import quietly
from westphalia.dossier.repairs import Repair
from westphalia.errors import FileError

_LARGEST_PAGE = 10_000_000
_XML_HEAD = re.compile(r"^\s{0,100}<\?xml[^>]{0,200}\?>")
_FIELDS = {"title": "title", "author": "author", "date": "date", "url": "url", "sitename": "publisher"}


def read_html(raw: bytes, where: str) -> Draft:
    """Return the draft of a page: its article, one paragraph a line of trafilatura's.

    Raises
    ------
    FileError: the page is too large, nested too deeply, no text, or cannot be understood.
    """
    if len(raw) > _LARGEST_PAGE:
        raise FileError(
            f"The page is larger than {_LARGEST_PAGE // 1_000_000} MB.",
            code="too-large",
            where=where,
            hint="Save its text alone.",
        )
    page, repairs = decoded(raw, where, is_page=True)
    page = _XML_HEAD.sub("", page.removeprefix("\ufeff"))
    _refuse_hostile(page, where)
    try:
        with quietly("trafilatura"):
            tree = trafilatura.load_html(page)
            found = trafilatura.bare_extraction(page, with_metadata=True, include_comments=False)
            text = getattr(found, "text", None) or ""
            if not text.strip():
                text = trafilatura.html2txt(page)
                repairs += (Repair("no article found: all text of the page taken", 1),)
    except Exception as error:  # whatever a parser throws at a hostile page, the analyst gets one answer
        raise FileError(
            "The page cannot be understood as HTML.",
            code="damaged-file",
            where=where,
            hint="Save the page anew from a browser, or save its text.",
        ) from error
    proposed = () if tree is None or found is None else _proposals(found, tree)
    return Draft("\n\n".join(line.rstrip() for line in text.splitlines()), proposed, repairs)


def _refuse_hostile(page: str, where: str) -> None:
    if re.search(r"<!ENTITY", page, re.IGNORECASE):
        raise FileError(
            "The page defines entities of its own, which no page needs.",
            code="entities",
            where=where,
            hint="Save the page anew from a browser.",
        )
    if "\0" in page:
        raise FileError("The page holds a NUL character.", code="nul-in-text", where=where)


def _proposals(found: Any, tree: Any) -> tuple[Proposed, ...]:
    places = _places(tree)
    proposed = []
    for name, field in _FIELDS.items():
        value = getattr(found, name, None)
        if value:
            proposed.append(Proposed(field, str(value), _where(field, str(value), places)))
    language = str(tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or "")
    if re.match(r"[a-zA-Z]{2,3}\b", language):
        proposed.append(Proposed("language", language.split("-")[0].lower(), "lang of the html element"))
    return tuple(proposed)


def _places(tree: Any) -> list[tuple[str, str]]:
    """Return (value, where it stands) of all that a page's head and headings may say of the page."""
    places = [
        (str(meta.get("content") or "").strip(), f"meta {meta.get('property') or meta.get('name')}")
        for meta in tree.iter("meta")
    ]
    places += [(str(link.get("href") or ""), "canonical link") for link in tree.iter("link")]
    places += [(str(time.get("datetime") or ""), "time element") for time in tree.iter("time")]
    places += [(str(one.text_content()).strip(), f"{one.tag} element") for one in tree.iter("h1", "title")]
    return places


def _where(field: str, value: str, places: list[tuple[str, str]]) -> str:
    """Return where a value stands; punctuation does not count, for trafilatura evens it out."""
    sought = _letters(value)
    held = [(_letters(content), where) for content, where in places]
    for content, where in held:
        if content == sought or (field == "date" and content.startswith(sought)):
            return where
    return next((where for content, where in held if sought in content), "text of the page")


def _letters(value: str) -> str:
    return re.sub(r"[\W_]+", "", value).casefold()
