"""The one-file HTML report."""

from westphalia.report.drawing import Helper
from westphalia.report.page import build, write, write_pictures

__all__ = ["Helper", "build", "write", "write_pictures"]
