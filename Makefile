# The commands of the project; `make` alone lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip install --quiet --disable-pip-version-check

# Many tests wait more than they work: three processes fill two cores. What takes long begins first.
WORKERS := -n 3 --dist loadfile --no-loadscope-reorder

.DEFAULT_GOAL := list
.PHONY: list setup run test check soak format bench pictures lock audit clean

list: ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-9s %s\n", $$1, $$2}'

setup: $(VENV)/.run-ready ## install what Fusen needs; again after an update

run: $(VENV)/.run-ready ## set everything up and run Fusen (the playground without Slack tokens)
	@exec $(BIN)/fusen run

test: check ## set everything up and run every check and test (PYTEST_ARGS="-n 0 -k words" chooses)
	$(BIN)/python -m pytest $(WORKERS) $(PYTEST_ARGS)

check: $(VENV)/.dev-ready ## format, lint, types and import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

soak: $(VENV)/.dev-ready ## run it on its worst days and keep a ledger (SOAK="kills-sqlite --seed 7 --long")
	PYTHONPATH=tests $(BIN)/python -m soak $(SOAK)

format: $(VENV)/.dev-ready ## put the code into the one format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.run-ready ## measure publishing beside the site generators found here (BENCH_ARGS="--notes 1000")
	@$(BIN)/python -m bench.publish $(BENCH_ARGS)

pictures: $(VENV)/.dev-ready ## take the pictures of docs/ anew (wants Chromium, Japanese and emoji fonts)
	$(BIN)/python tests/pictures.py

lock: ## choose the newest allowed versions again and write the lock files
	$(PYTHON) -m venv $(VENV)-lock && $(VENV)-lock/bin/pip install --quiet 'uv>=0.13'
	$(VENV)-lock/bin/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --upgrade --python-version 3.11 pyproject.toml -o requirements.lock
	$(VENV)-lock/bin/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --upgrade --python-version 3.11 pyproject.toml --group dev -c requirements.lock -o requirements-dev.lock
	rm -rf $(VENV)-lock

audit: ## ask the internet for known weaknesses of the locked packages
	$(PYTHON) -m venv $(VENV)-audit && $(VENV)-audit/bin/pip install --quiet 'pip-audit>=2.10'
	$(VENV)-audit/bin/pip-audit --strict --require-hashes --disable-pip -r requirements.lock
	rm -rf $(VENV)-audit

clean: ## remove what the other commands made, except your data in var/
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Fusen needs Python 3.11 or newer: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "Python's venv module is missing: on Debian, apt-get install python3-venv"; rm -rf $(VENV); exit 1; }

# Hatchling builds only this project; its version is fixed in pyproject.toml.
$(VENV)/.run-ready: requirements.lock pyproject.toml | $(VENV)/bin/python
	@echo "Setting up in $(VENV): once, about half a minute."
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --no-deps --editable .
	@touch $@

$(VENV)/.dev-ready: requirements-dev.lock $(VENV)/.run-ready
	@$(PIP) --require-hashes -r requirements-dev.lock
	@touch $@
