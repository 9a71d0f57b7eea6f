"""The one-file HTML report."""

from westphalia.report.page import build, write, write_pictures

__all__ = ["build", "write", "write_pictures"]
