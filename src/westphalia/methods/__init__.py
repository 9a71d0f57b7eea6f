"""The published models. Importing this package loads, and so registers, every method file in it."""

from importlib import import_module
from pkgutil import walk_packages


def load_all() -> None:
    """Import every method file below this folder; each registers its SPEC."""
    for module in walk_packages(__path__, prefix=f"{__name__}."):
        import_module(module.name)
