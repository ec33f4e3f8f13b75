# What people do with the project; `make help` lists it.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PORT ?= 6543

.PHONY: help run test load lint check lock docs messages screenshots clean
.DEFAULT_GOAL := help

help: ## show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

# Written last: an installation that was interrupted is done again.
$(STAMP): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(None if (3, 11) <= v < (3, 14) else "coopcms needs Python 3.11, 3.12 or 3.13; this is %d.%d. Name another one: make PYTHON=python3.12" % v)'
	test -x $(BIN)/pip || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

run: $(STAMP) ## start the site with its demo content on http://127.0.0.1:6543 (PORT=7000 for another port)
	@$(BIN)/coopcms serve --demo --port $(PORT)

test: $(STAMP) ## run all checks and tests
	$(BIN)/python -m pytest -q -n 2 --dist loadfile

load: $(STAMP) ## run the counts that take over a minute, at full size
	$(BIN)/python -m pytest -q tests/load --full-size

lint: $(STAMP) ## style, types and layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

check: $(STAMP) ## check that the stored data agrees with itself
	$(BIN)/coopcms check

docs: $(STAMP) ## write the generated pages of docs/ anew
	$(BIN)/python -m coopcms.workflows.document

messages: $(STAMP) ## take new messages into the English catalog
	$(BIN)/python tests/messages.py

screenshots: $(STAMP) ## take pictures of every page at several sizes (var/screenshots)
	$(BIN)/python -m tests.screenshots

lock: ## resolve the dependencies anew (needs uv)
	uv lock --upgrade
	uv export --frozen --no-header --no-annotate --no-emit-project --extra dev -o requirements.lock

clean: ## remove the virtual environment and caches, not the data
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
