"""A small invented report for the new case, and how it is put in."""

from __future__ import annotations

from visitors import NEW_NAME, Visitor

CASE = f"/cases/{NEW_NAME}"
NAME = "talks.txt"
SCRIPT = '<script>alert("paper")</script>'
TEXT = f"""Talks on the valley 🕊

The talks ended late. "We keep every soldier in the valley", North said on Monday. South said that it would \
open the crossing at Mürzsteg 🚃🚃. The alliance promised that observers would come.

North met South. He said that it would sign nothing at all. He was tired, it was said. {SCRIPT} stood on a \
wall, and South replied: "We shall see." South said that it would open the crossing again.
"""


def put_in(visitor: Visitor, text: str = TEXT, name: str = NAME) -> str:
    """Put the report into the new case and return the id of its source."""
    answer = visitor.submit(f"{CASE}/sources", files={"file": (name, text.encode("utf-8"), "text/plain")})
    assert answer.status_code == 200, answer.text
    return str(answer.url).split("/sources/")[1].split("/")[0]
