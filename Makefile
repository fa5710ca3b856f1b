# Two commands on a fresh machine with Python 3.11, git and make: `make demo` and `make test`.
.DEFAULT_GOAL := help
SHELL := bash
.SHELLFLAGS := -euo pipefail -c

PYTHON ?= python3
UV ?= uv
# Two workers: the machine of a small office.
WORKERS ?= 2
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

# --- the main job -------------------------------------------------------------------------

PORT ?= 8000
.PHONY: demo
demo: setup ## lists become a registry of 40,000 invented people, then the web door with an account a role (PORT=8000)
	$(BIN)/kotacontoh tour --size kecamatan --seed 1571 --dir demo --serve --port $(PORT)

.PHONY: demo-city
demo-city: setup ## the same with all 615,676
	$(BIN)/kotacontoh tour --size city --seed 1571 --dir demo-city --serve --port $(PORT)

SIZE ?= city
SEEDS ?= 101 102 103
.PHONY: bench
bench: .venv/ready-bench ## Entas beside its peers (SIZE=city SEEDS="101 102 103"), an hour; writes docs/reference/benchmarks.md
	$(BIN)/python -m bench --size $(SIZE) --seeds $(SEEDS)

# --- proof --------------------------------------------------------------------------------

# What touches no database is tested once, and so is what a browser makes of a page.
BOTH := $(wildcard tests/stages tests/doors tests/journey)
LOOKS := tests/doors/web/browser

.PHONY: test
test: setup ## all tests, on SQLite and on PostgreSQL (the server comes with the packages)
	ENTAS_TEST_DB=sqlite $(BIN)/python -m pytest -n $(WORKERS) tests
	ENTAS_TEST_DB=postgres $(BIN)/python -m pytest -n $(WORKERS) $(BOTH) --ignore=$(LOOKS)

.PHONY: test-fast
test-fast: setup ## what starts no command and builds no city of its own, on SQLite only, under 90 seconds
	ENTAS_TEST_DB=sqlite $(BIN)/python -m pytest -n $(WORKERS) tests --ignore=tests/journey --ignore=tests/doors \
		--ignore=tests/kotacontoh --ignore=tests/stages/sources/test_killed.py

.PHONY: screenshots
screenshots: setup ## pictures of the main pages into docs/images/web (needs a browser)
	ENTAS_TEST_DB=sqlite ENTAS_SCREENSHOTS=1 $(BIN)/python -m pytest tests/doors/web/browser/test_pictures.py

.PHONY: check
check: setup ## format, lint, types, contracts, migrations, laws of the house
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	home=$$(mktemp -d); trap 'rm -rf "$$home"' EXIT; ENTAS_HOME="$$home" ENTAS_DATABASE_URL= \
		$(BIN)/python -m django makemigrations --check --dry-run --settings entas.settings
	$(BIN)/python -m pytest tests/architecture

.PHONY: messages
messages: setup ## catalogues of both languages: new sentences in, old ones out; prints what waits for English
	$(BIN)/python -m tools.catalogues

.PHONY: clean
clean: ## remove the environment and everything that was built
	rm -rf .venv demo demo-city build .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +
