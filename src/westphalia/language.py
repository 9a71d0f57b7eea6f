"""The languages in which faces speak: English as it is written, others from catalogues of gettext.

Catalogues are kept as the text files that translators edit, ``locale/<language>/*.po``, one file an area,
and are made ready when they are first asked for. Who writes sentences marks them: `said` where they are
spoken at once, `marked` where they are kept and spoken later. In which language is said once, around the
whole of a page or report: ``with speaking("de"): …``.
"""

from __future__ import annotations

import gettext
import io
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from importlib import resources
from typing import Final

SOURCE: Final = "en"
LANGUAGES: Final = ("en", "de")
NAMES: Final = {"en": "English", "de": "Deutsch"}

_SPOKEN: ContextVar[str] = ContextVar("spoken", default=SOURCE)
_SEPARATORS: Final = {"de": str.maketrans(",.", ".,")}


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak one of `LANGUAGES` inside the block; another that a case may be written in is English here."""
    before = _SPOKEN.set(language if language in LANGUAGES else SOURCE)
    try:
        yield
    finally:
        _SPOKEN.reset(before)


def spoken() -> str:
    """Return the language that is spoken here."""
    return _SPOKEN.get()


def marked(text: str) -> str:
    """Return the text as it is; the name tells the collector of texts that it is shown to people."""
    return text


def said(text: str, /, **values: object) -> str:
    """Return the text in the language spoken here, with the values in the places of their names."""
    translated = catalogue(spoken()).gettext(text) if text else ""
    return translated.format(**values) if values else translated


def said_n(one: str, many: str, n: int, /, **values: object) -> str:
    """Return the text for one or for many in the language spoken here; `{n}` is the number."""
    return catalogue(spoken()).ngettext(one, many, n).format(n=n, **values)


def decimal(figure: str) -> str:
    """Return a figure written as in English (1,234.5) with the separators of the language spoken here."""
    return figure.translate(_SEPARATORS.get(spoken(), {}))


@lru_cache(maxsize=len(LANGUAGES))
def catalogue(language: str) -> gettext.NullTranslations:
    """Return the translations into one of `LANGUAGES`; a text without one stays English."""
    whole = gettext.NullTranslations()
    if language == SOURCE:
        return whole
    folder = resources.files("westphalia").joinpath("locale", language)
    for path in sorted(folder.iterdir(), key=lambda one: one.name):
        if path.name.endswith(".po"):
            part = _read(path.read_bytes(), language)
            part.add_fallback(whole)
            whole = part
    return whole


def _read(content: bytes, language: str) -> gettext.NullTranslations:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    ready = io.BytesIO()
    write_mo(ready, read_po(io.BytesIO(content), locale=language))
    ready.seek(0)
    return gettext.GNUTranslations(ready)


def preferred(accepted: str) -> str:
    """Return the first language of an ``Accept-Language`` header that we have, English if there is none."""
    for offer in accepted[:500].split(","):
        language = offer.split(";")[0].strip().lower().split("-")[0]
        if language in LANGUAGES:
            return language
    return SOURCE
