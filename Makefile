# What people do with the project; `make help` lists it.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# What the site runs on, and beside that what tests and checks need.
STAMP := $(VENV)/.installed
DEV_STAMP := $(VENV)/.installed-dev
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps
# What comes as source is built with the setuptools of the lock, which is there first: nothing is fetched that no lock names.
BUILT_HERE := --no-build-isolation --use-pep517
PYTEST := $(BIN)/python -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder
PORT ?= 6543

.PHONY: help run install test quick load lint check lock docs messages screenshots clean
.DEFAULT_GOAL := help

help: ## show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

# The stamps are written last: an installation that was interrupted is done again.
$(STAMP): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(None if (3, 11) <= v < (3, 14) else "coopcms needs Python 3.11, 3.12 or 3.13; this is %d.%d. Name another one: make PYTHON=python3.12" % v)'
	$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	sed -n '/^setuptools==/,/[0-9a-f]$$/p' requirements.lock > $(VENV)/setuptools.txt
	$(PIP) --require-hashes -r $(VENV)/setuptools.txt
	$(PIP) $(BUILT_HERE) --require-hashes -r requirements.lock
	$(PIP) $(BUILT_HERE) -e .
	touch $@

$(DEV_STAMP): $(STAMP) requirements-dev.lock
	$(PIP) $(BUILT_HERE) --require-hashes -r requirements-dev.lock
	touch $@

install: $(STAMP) ## install what the site runs on into .venv

run: $(STAMP) ## start the site with its demo content on http://127.0.0.1:6543 (PORT=7000 for another port)
	@$(BIN)/coopcms serve --demo --port $(PORT)

test: $(DEV_STAMP) ## run all checks and tests (COOPCMS_FULL=1: in every variant)
	$(PYTEST)

quick: $(DEV_STAMP) ## run what takes under a minute: style, types, layers, the tests without a server and the quick conventions
	$(PYTEST) -m "not slow" tests/unit tests/conventions

load: $(DEV_STAMP) ## run the counts that take over a minute, at full size
	$(BIN)/python -m pytest -q tests/load --full-size

lint: $(DEV_STAMP) ## style, types and layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

check: $(STAMP) ## check that the stored data agrees with itself
	$(BIN)/coopcms check

docs: $(DEV_STAMP) ## write the generated pages of docs/ anew
	$(BIN)/python -m coopcms.workflows.document

messages: $(DEV_STAMP) ## take new messages into the English catalog
	$(BIN)/python tests/messages.py

screenshots: $(DEV_STAMP) ## take pictures of every page at several sizes (var/screenshots)
	$(BIN)/python -m tests.screenshots

# Pins stay where pyproject.toml still allows them; UPGRADE=--upgrade renews them all. The same versions stand in both files.
RESOLVE := uv pip compile pyproject.toml --universal --python-version 3.11.0 --generate-hashes --no-header --no-annotate --quiet
lock: ## take what pyproject.toml names into both lock files (needs uv; UPGRADE=--upgrade for new versions)
	$(RESOLVE) $(UPGRADE) --extra dev --output-file requirements-dev.lock
	$(RESOLVE) --constraint requirements-dev.lock --output-file requirements.lock

clean: ## remove the virtual environment and caches, not the data
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
