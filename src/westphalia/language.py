"""The languages in which faces speak: English as it is written, others from catalogues of gettext.

A catalogue is kept as the text file that translators edit, ``locale/<language>/LC_MESSAGES/westphalia.po``,
and is made ready when it is first asked for.
"""

from __future__ import annotations

import gettext
import io
from functools import lru_cache
from importlib import resources
from typing import Final

SOURCE: Final = "en"
LANGUAGES: Final = ("en", "de")
NAMES: Final = {"en": "English", "de": "Deutsch"}


def marked(text: str) -> str:
    """Return the text as it is; the name tells the collector of texts that it is shown to people."""
    return text


@lru_cache(maxsize=len(LANGUAGES))
def catalogue(language: str) -> gettext.NullTranslations:
    """Return the translations into one of `LANGUAGES`; a text without one stays English."""
    if language == SOURCE:
        return gettext.NullTranslations()
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    path = resources.files("westphalia").joinpath("locale", language, "LC_MESSAGES", "westphalia.po")
    ready = io.BytesIO()
    write_mo(ready, read_po(io.BytesIO(path.read_bytes()), locale=language))
    ready.seek(0)
    return gettext.GNUTranslations(ready)


def preferred(accepted: str) -> str:
    """Return the first language of an ``Accept-Language`` header that we have, English if there is none."""
    for offer in accepted[:500].split(","):
        language = offer.split(";")[0].strip().lower().split("-")[0]
        if language in LANGUAGES:
            return language
    return SOURCE
