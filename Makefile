# A fresh machine needs Python 3.11 or newer and make; everything else is fetched once, from PyPI and npm.

UV_VERSION := 0.13.9
VENV := .venv
BIN := $(VENV)/bin
UV := UV_PYTHON_DOWNLOADS=never $(BIN)/uv
NPM := $(BIN)/python tools/npm.py
LOG := $(VENV)/install.log
STATIC := src/chengdan/static
PYTEST_ARGS ?= -n auto --dist worksteal

SUITABLE_PYTHON := $(shell for python in $(or $(PYTHON),python3 python3.13 python3.12 python3.11 python); do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
UI_SOURCES := $(shell find ui -type f -not -path '*/node_modules/*' 2>/dev/null)
BENCHMARKS := $(sort $(notdir $(basename $(wildcard benchmarks/[a-z]*.py))))

# $(call fetch,command,what): run quietly; on failure say one line.
fetch = $(1) >>$(LOG) 2>&1 || { echo "Couldn't fetch $(2). Is this machine online? The details are in $(LOG)." >&2; exit 1; }

.PHONY: help run serve test check bench screens ui clean
.DELETE_ON_ERROR:

help: ## What can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-7s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(VENV)/.run-ready ui ## Start Chengdan with the demo company at http://127.0.0.1:8000
	@$(BIN)/chengdan serve --demo

test: $(VENV)/.dev-ready ui browser ## Every test: units, store, data, page, browser
	@if [ -d ui ]; then $(NPM) run --silent test && $(NPM) run --silent size; fi
	@$(BIN)/python -m pytest $(PYTEST_ARGS)

check: $(VENV)/.dev-ready ## Style, types and architecture of the code
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@if [ -d ui ]; then $(MAKE) --no-print-directory check-ui; fi

bench: $(VENV)/.dev-ready ## Answer the questions in benchmarks/ (minutes)
	@set -e; for name in $(BENCHMARKS); do $(BIN)/python -m benchmarks.$$name; done

screens: $(VENV)/.dev-ready ui browser ## Take the pictures of docs/screens
	@$(BIN)/python -m tools.screens

clean: ## Remove what make made; the data folder stays
	@rm -rf $(VENV) ui/node_modules $(STATIC) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# --- Python ---------------------------------------------------------------------------------------------------------

$(BIN)/uv:
	@if [ -z "$(SUITABLE_PYTHON)" ]; then \
		echo "Chengdan needs Python 3.11 or newer; name it with make PYTHON=…" >&2; exit 1; fi
	@$(SUITABLE_PYTHON) -m venv $(VENV) >/dev/null || { \
		echo "This Python can't make a virtual environment; on Debian: apt install python3-venv." >&2; exit 1; }
	@$(call fetch,$(BIN)/pip install --quiet uv==$(UV_VERSION),uv)

$(VENV)/.run-ready: pyproject.toml uv.lock | $(BIN)/uv
	@echo "Fetching the Python packages (once)…"
	@$(call fetch,$(UV) sync --frozen --inexact --no-default-groups --group build,the Python packages)
	@touch $@

$(VENV)/.dev-ready: pyproject.toml uv.lock | $(BIN)/uv
	@echo "Fetching the Python packages (once)…"
	@$(call fetch,$(UV) sync --frozen,the Python packages)
	@touch $@ $(VENV)/.run-ready

# --- Page -----------------------------------------------------------------------------------------------------------

.PHONY: browser check-ui

ui: $(if $(wildcard ui/package.json),$(STATIC)/.built) ## Build the page, if its sources changed

ui/node_modules/.fetched: ui/package.json ui/package-lock.json | $(VENV)/.run-ready
	@echo "Fetching the page's packages (once)…"
	@$(call fetch,$(NPM) ci --ignore-scripts --no-audit --no-fund,the page's packages)
	@touch $@

$(STATIC)/.built: $(UI_SOURCES) | ui/node_modules/.fetched
	@echo "Building the page…"
	@$(NPM) run --silent build -- --logLevel warn
	@touch $@

check-ui: ui/node_modules/.fetched
	@$(NPM) run --silent typecheck
	@$(NPM) run --silent lint

browser:
	@if [ -x /usr/bin/chromium-headless-shell ]; then exit 0; fi; \
	if [ "$$(id -u)" != 0 ] || [ ! -x /usr/bin/apt-get ]; then \
		[ -x /usr/bin/chromium ] || echo "No Chromium: the browser tests are skipped."; exit 0; fi; \
	echo "Fetching Chromium (once)…"; \
	$(call fetch,{ apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends \
		chromium-headless-shell fonts-noto-cjk || [ -x /usr/bin/chromium ]; },Chromium)
