# Every target says what it does: `make help`. The first call makes .venv from a bare Python (3.11 or newer), locked with hashes.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
unexport PYTHONDONTWRITEBYTECODE
ARGS ?=
T ?=
WORKERS ?= 3
SHORT := not faults and not containers and not long
LINT = $(MAKE) --no-print-directory lint
PYTEST := $(BIN)/python -m pytest -n $(WORKERS) --dist loadscope --no-loadscope-reorder

.PHONY: help up check test test-all lint bench test-faults test-containers lock revision clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{printf "  make %-16s %s\n", $$1, $$2}'

$(BIN)/.installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Dure needs Python 3.11 or newer (PYTHON=... make ...)"; exit 1; }
	$(PYTHON) -m venv $(VENV) || { echo "Python's venv is missing: apt-get install python3-venv"; exit 1; }
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(BIN)/.installed-dev: requirements-dev.lock $(BIN)/.installed
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements-dev.lock
	@touch $@

up: $(BIN)/.installed ## run everything on this machine (ARGS="--demo hanbyeol_press" fills an empty shop)
	@exec $(BIN)/dure up $(ARGS)

check: $(BIN)/.installed-dev ## in a minute: lint, unit, contract and the integration tests of what changed since the merge base
	@$(BIN)/python -m tests.beside $(LINT) -- $(PYTEST) -q -m "$(SHORT)" tests/unit tests/contract $$($(BIN)/python -m tests.changed) $(ARGS)

test: $(BIN)/.installed-dev ## lint and all tests that take less than ten minutes (T=path: only these, without lint)
ifdef T
	$(BIN)/python -m pytest -m "$(SHORT)" $(T) $(ARGS)
else
	infra/browser.sh
	@$(BIN)/python -m tests.beside $(LINT) -- $(PYTEST) -m "$(SHORT)" $(ARGS)
endif

test-all: $(BIN)/.installed-dev ## everything in parts, also under four other dates, with a table of figures (PART=faults goes on from there)
	infra/browser.sh
	$(BIN)/python -m tests.everything $(if $(PART),--part $(PART)) $(ARGS)

lint: $(BIN)/.installed-dev ## style and types of Python and of the web app, import contracts and the rules of the house
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tests.contract.rules
	infra/web/check.sh

bench: $(BIN)/.installed-dev ## measure against limits of the same run (NAME=... for one row, BASE=... beside another commit's build)
	$(BIN)/python -m tests.bench $(NAME) $(if $(BASE),--base $(BASE)) $(ARGS)

test-faults: $(BIN)/.installed-dev ## kill processes under load and compare the ledgers; whole shifts, factories and tables (SEED=...)
	$(BIN)/python -m pytest -m faults -s -p no:cacheprovider $(ARGS)

test-containers: $(BIN)/.installed-dev ## build the image and run the suite in containers, where an engine is present
	$(BIN)/python -m pytest -m containers -s tests/containers $(ARGS)

lock: $(BIN)/.installed-dev ## resolve the dependencies anew
	$(BIN)/uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links --extra local --group build pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links --extra local --group build --group dev -c requirements.lock pyproject.toml -o requirements-dev.lock

revision: $(BIN)/.installed-dev ## a new migration (SERVICE=orders MESSAGE="what it is for")
	$(BIN)/python -m infra.local.revision $(SERVICE) "$(MESSAGE)"

clean: ## remove what can be made again; the data in .dure stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
