# Two commands for a fresh machine with python3 and make:  make demo   make test
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin

.DELETE_ON_ERROR:
.PHONY: demo test lint redteam redteam-full lock clean

demo: $(VENV)/.for-use  ## install, count a drawn street whose truth is known, open its pages
	@$(BIN)/passerby demo

test: $(VENV)/.for-development lint  ## install, then check style, types and floors, and run every test
	@$(BIN)/pytest

lint: $(VENV)/.for-development
	@$(BIN)/ruff check src tests benchmarks redteam
	@$(BIN)/ruff format --check src tests benchmarks redteam
	@$(BIN)/mypy
	@$(BIN)/lint-imports >/dev/null || $(BIN)/lint-imports

redteam: $(VENV)/.for-development  ## attack the privacy promise on a small scale; exit 0 only if all of it held
	@$(BIN)/python -m redteam

redteam-full: $(VENV)/.for-development  ## as often as the figures in docs/privacy/results.md need
	@$(BIN)/python -m redteam --full

# Versions are locked with hashes; run `make lock` after a change of dependencies in pyproject.toml.
lock: $(VENV)/.for-development
	@$(BIN)/pip install --quiet uv
	@$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url pyproject.toml -o requirements.txt
	@$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --group dev -c requirements.txt pyproject.toml -o requirements-dev.txt

$(VENV)/.for-use: requirements.txt pyproject.toml | $(VENV)
	@echo "Installing passerby into $(VENV) ..." >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

$(VENV)/.for-development: requirements-dev.txt pyproject.toml | $(VENV)
	@echo "Installing passerby and what its tests need into $(VENV) ..." >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

$(VENV):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "passerby needs Python 3.11 or later; this is $$($(PYTHON) --version 2>&1): run make PYTHON=python3.12, say." >&2; \
	  exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  package=$$($(PYTHON) -c 'import sys; print(f"python{sys.version_info[0]}.{sys.version_info[1]}-venv")'); \
	  if [ "$$(id -u)" = 0 ]; then \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $$package >/dev/null; \
	  else \
	    echo "This Python cannot make virtual environments yet. Run: sudo apt-get install $$package" >&2; exit 1; \
	  fi; }
	@$(PYTHON) -m venv $(VENV)

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .bench
