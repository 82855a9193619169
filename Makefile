# Two commands for a newcomer: `make demo` and `make test`. Both need git, make and Python >= 3.11.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: demo demo-web test lint types generated check clean

demo: $(VENV)/.demo
	$(BIN)/python examples/demo/demo.py

demo-web: $(VENV)/.demo
	$(BIN)/interlock sandbox --demo

test: $(VENV)/.dev
	$(BIN)/pytest -q -n auto

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev
	$(BIN)/mypy src hooks

generated: $(VENV)/.dev
	$(BIN)/python tools/generate.py --check
	$(BIN)/python tools/gen_schema.py --check
	$(BIN)/python tools/gen_secrets.py --check

check: test lint types generated

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.demo: $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --upgrade pip
	PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet --editable ".[sandbox]"
	touch $@

$(VENV)/.dev: $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --upgrade pip
	PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet --editable ".[dev]"
	touch $@ $(VENV)/.demo

clean:
	rm -rf $(VENV) build dist *.egg-info
