"""What axe says of a page."""

from __future__ import annotations

from typing import Any


def violations(page: Any) -> list[str]:
    """Return what axe finds, of any weight, with the elements."""
    from axe_playwright_python.sync_playwright import Axe

    return [
        f"{one['id']} ({one['impact']}): {one['help']}: "
        + "; ".join(f"{node['target']} {node['html'][:200]}" for node in one["nodes"][:4])
        for one in Axe().run(page).response["violations"]
    ]
