"""Sphinx: the pages of this folder, in MyST Markdown."""

project = "Westphalia"
author = "The Westphalia developers"
copyright = "The Westphalia developers"
extensions = ["myst_parser", "sphinx.ext.mathjax"]
myst_enable_extensions = ["dollarmath", "deflist"]
myst_heading_anchors = 3
html_theme = "furo"
exclude_patterns = ["_build"]
suppress_warnings = ["myst.xref_missing"]
