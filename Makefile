# Two commands do all: `make demo` runs the flagship case to a report, `make test` runs the tests.
# `make demo SOURCES=DIR` shows the words of the evidence too, if the text lies in DIR.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test browser check docs bench clean

demo: $(VENV)/.installed
	$(BIN)/westphalia report cases/ukraine-2025-02 --out build/ukraine-2025-02.html $(if $(SOURCES),--sources $(SOURCES))
	@echo "Open build/ukraine-2025-02.html in a browser."

test: $(VENV)/.installed-dev
	$(BIN)/python -m pytest -q -n auto --dist loadfile

browser: $(VENV)/.installed-dev
	$(BIN)/python -m pytest -q tests/browser

check: $(VENV)/.installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

docs: $(VENV)/.installed-dev
	$(BIN)/python -m pip install --quiet --editable ".[docs]"
	$(BIN)/sphinx-build -W -b html docs build/docs

bench: $(VENV)/.installed
	$(BIN)/python benchmarks/challenge.py
	$(BIN)/python benchmarks/nash.py
	$(BIN)/python benchmarks/deals.py
	$(BIN)/python benchmarks/power.py

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  (echo "Westphalia needs Python 3.11 or newer: make PYTHON=python3.12 …" >&2; exit 1)
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --editable ".[dev]"
	@touch $@ $(VENV)/.installed

clean:
	rm -rf build $(VENV)
