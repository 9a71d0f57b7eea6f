"""The words in which a case is asked, without what answers: faces name these before anything heavy loads."""

from __future__ import annotations

ZONE, ACCEPTANCE = "zone", "acceptance"
"""What can be asked for beside the issues."""

REST = "rest:"
"""Before a state, or a statement over moves: is it at rest, or some state in which it holds?"""

CONCEPTS = ("nash", "gmr", "smr", "seq", "sseq", "sim", "tableau")
"""The solution concepts by which a state can be judged, as the methods order them."""

CONCEPT = "seq"
"""Sequential stability: others answer a move only where that improves their own lot."""
