"""Say of a conflict whether there is a settlement, which one, who can block it, on what evidence.

>>> import westphalia as wp
>>> case = wp.read("cases/ukraine-2025-02")          # doctest: +SKIP
>>> result = case.forecast(draws=2000, seed=1)       # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from westphalia.analyses.sampling import Ties
    from westphalia.api import Case, check_case, list_methods, read

__all__ = ["Case", "Ties", "check_case", "list_methods", "read"]


def __getattr__(name: str) -> Any:
    """Load the Python face on first use, so that importing the package costs nothing."""
    if name in __all__:
        from westphalia import api

        return getattr(api, name)
    if name == "__version__":
        from importlib import metadata

        return metadata.version("westphalia")
    raise AttributeError(f"module 'westphalia' has no attribute '{name}'")
