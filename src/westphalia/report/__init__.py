"""The one-file HTML report."""

from westphalia.report.page import build, write

__all__ = ["build", "write"]
