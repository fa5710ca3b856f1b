# Two commands on a fresh machine with Python 3.11, git and make: `make demo` and `make test`.
.DEFAULT_GOAL := help
SHELL := bash
.SHELLFLAGS := -euo pipefail -c

PYTHON ?= python3
UV ?= uv
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
LOCK := $(UV) pip compile --python-version 3.11 --universal --generate-hashes \
	--no-emit-index-url --no-header --quiet pyproject.toml

.PHONY: help
help:
	@grep -E '^[a-z-]+:.*##' Makefile | sed 's/:.*##/\t/' | expand -t 14

# --- environment -------------------------------------------------------------------------

.PHONY: setup
setup: .venv/ready ## make .venv with the pinned, hashed packages (nothing to do when done)

.venv/ready: requirements-test.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Entas needs Python 3.11 or newer")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(PIP) install --require-hashes -r requirements-test.txt
	$(PIP) install --no-deps --no-build-isolation -e .
	touch .venv/ready

.venv/ready-bench: requirements-bench.txt .venv/ready
	$(PIP) install --require-hashes -r requirements-bench.txt
	touch .venv/ready-bench

.PHONY: lock
lock: ## write requirements*.txt again from pyproject.toml (needs uv)
	$(LOCK) -o requirements.txt
	$(LOCK) --extra test -o requirements-test.txt
	$(LOCK) --extra test --extra bench -o requirements-bench.txt

.PHONY: clean
clean: ## remove the environment and everything that was built
	rm -rf .venv demo demo-city build .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +
