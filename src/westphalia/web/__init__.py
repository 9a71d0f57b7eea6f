"""The workbench in the browser: parse, call, render. See docs/workbench.md."""
