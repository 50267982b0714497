# qa-pipeline: `make demo` shows the product, `make test` proves it. `make help` lists the rest.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
PYTEST := $(BIN)/python -m pytest

# Nothing that we install or run may phone home.
export DO_NOT_TRACK := 1
export PYANNOTE_METRICS_ENABLED := 0
export PREFECT_SERVER_ANALYTICS_ENABLED := false
export HF_HUB_OFFLINE := 1

.DEFAULT_GOAL := help
.PHONY: help demo install install-all lint test test-fast test-slow bench format clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 14

demo: install ## make an environment, then run a made-up call centre end to end
	$(BIN)/qa demo

install: $(VENV)/core.stamp ## the product without torch
install-all: $(VENV)/all.stamp ## the product with diarisation (torch) and the development tools

$(VENV)/pip.stamp:
	@$(PYTHON) -c 'import sys; sys.exit(not ((3, 11) <= sys.version_info[:2] < (3, 13)))' || \
	  { echo "Python 3.11 or 3.12 is needed (got $$($(PYTHON) --version)). fix: make PYTHON=python3.11 ..." >&2; exit 2; }
	@$(PYTHON) -m venv $(VENV) || \
	  { echo "no virtual environment could be made. fix: apt-get install python3-venv" >&2; exit 2; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	@touch $@

$(VENV)/core.stamp: $(VENV)/pip.stamp pyproject.toml
	@echo "installing qa-pipeline into $(VENV) (one to three minutes the first time)" >&2
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/all.stamp: $(VENV)/pip.stamp pyproject.toml
	@echo "installing everything into $(VENV), torch too (about four minutes the first time)" >&2
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[diarisation,dev]'
	@touch $@ $(VENV)/core.stamp

lint: install-all ## style, types and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: lint test-fast test-slow ## everything that CI runs

test-fast: install-all ## the fast suite (under two minutes)
	$(PYTEST) -m "not slow" -n 2

test-slow: install-all ## real engines, whole nights, servers
	$(PYTEST) -m slow

bench: install-all ## measure; prints ratios, see benchmarks/RESULTS.md
	$(BIN)/python -m benchmarks.night
	$(BIN)/python -m benchmarks.truth
	$(BIN)/python -m benchmarks.judge

format: install-all ## let ruff write the style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean: ## remove the environment and what the demo wrote
	rm -rf $(VENV) build *.egg-info .pytest_cache .mypy_cache .ruff_cache demo-store
