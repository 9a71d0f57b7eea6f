"""Print texts without German as entries of a catalogue: ``python -m tests.language.missing [PART…]``.

A part of a place, such as ``report/deals``, keeps to the texts that stand there.
"""

from __future__ import annotations

import json
import sys

from tests.language.collected import every
from tests.language.test_catalogues import messages


def main(parts: list[str]) -> None:
    """Print what is missing, by place."""
    held = {one.id if isinstance(one.id, tuple) else (one.id,) for _, one in messages()}
    for text, place in sorted(every().items(), key=lambda item: item[1]):
        if text in held or (parts and not any(place.startswith(part) for part in parts)):
            continue
        said = [f"#: {place}", f"msgid {_quoted(text[0])}"]
        said += (
            [f"msgid_plural {_quoted(text[1])}", 'msgstr[0] ""', 'msgstr[1] ""']
            if len(text) > 1
            else ['msgstr ""']
        )
        sys.stdout.write("\n".join(said) + "\n\n")


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


if __name__ == "__main__":
    main(sys.argv[1:])
