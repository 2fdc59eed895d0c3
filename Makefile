# Samled. `make run` and `make test` set up what they need, once; `make help` lists the rest.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules --no-print-directory

PORT ?= 8000
DATA ?= data
DEMO ?= 1
PY := .venv/bin/python
PYTEST := $(PY) -m pytest
# e.g. make test ARGS="-k waiting -x"; ARGS="-n 0 --pdb" in one process
ARGS ?=

client_sources := $(shell find pwa locales -type f \
	\( -name '*.ts' -o -name '*.tsx' -o -name '*.mjs' -o -name '*.css' -o -name '*.html' -o -name '*.po' -o -path 'pwa/static/*' \) \
	-not -path '*/node_modules/*' -not -path 'pwa/dist*' -not -path 'pwa/src/generated/*' 2>/dev/null)

.PHONY: help run demo test check format promises soak bench teeth build lock clean

help: ## This list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: .stamps/client ## Start on http://localhost:8000 with demonstration data (PORT=, DATA=; DEMO=0 for none)
	@SAMLED_PORT=$(PORT) SAMLED_DATA=$(DATA) SAMLED_DEMO=$(DEMO) exec $(PY) -m server run

demo: .stamps/client ## The same, with fresh data that is thrown away afterwards
	@folder=$$(mktemp -d); trap 'rm -rf "$$folder"' EXIT; \
	SAMLED_PORT=$(PORT) SAMLED_DATA=$$folder SAMLED_DEMO=1 $(PY) -m server run

test: .stamps/dev .stamps/client .stamps/system ## Everything: checks, then all tests (ARGS= for pytest)
	@checked=0; $(MAKE) check || checked=1; \
	tools/tests $(ARGS) || exit 1; \
	[ $$checked = 0 ] || { echo "The tests passed, but 'make check' above did not."; exit 1; }

check: .stamps/dev .stamps/client ## Style, types, layers and texts, without running anything
	@failed=""; \
	try() { echo "- $$1"; shift; "$$@" || failed=1; }; \
	try "ruff" $(PY) -m ruff check --output-format concise --quiet .; \
	try "ruff format" $(PY) -m ruff format --check --output-format concise --quiet .; \
	try "mypy --strict" $(PY) -m mypy --no-error-summary; \
	try "layers" bash -c '.venv/bin/lint-imports --no-cache >.stamps/layers.log 2>&1 || { cat .stamps/layers.log; exit 1; }'; \
	try "texts" bash -c '$(PY) -m server.web.catalogs check >.stamps/texts.log 2>&1 || { cat .stamps/texts.log; exit 1; }'; \
	try "tsc --strict" tools/npm run --silent check; \
	[ -z "$$failed" ]

format: .stamps/dev ## Lay out the Python code
	@$(PY) -m ruff check --quiet --fix . ; $(PY) -m ruff format --quiet .

promises: .stamps/dev .stamps/client .stamps/lighthouse .stamps/system ## The promises at their full figures (about 25 minutes)
	@PROCESSES=4 tools/tests -m promise --timeout=1500 $(ARGS)

soak: .stamps/dev .stamps/client .stamps/system ## Random walks for as long as one likes; prints its seed (SOAK= seconds, SEED=)
	@export PATH="$$(tools/npm --bin):$$PATH"; SOAK_SECONDS=$(or $(SOAK),600) SOAK_SEED=$(SEED) $(PYTEST) -m soak -s --timeout=0 $(ARGS)

bench: .stamps/dev .stamps/client .stamps/system ## Measure speed and memory
	@export PATH="$$(tools/npm --bin):$$PATH"; $(PYTEST) -m bench -s --timeout=1500 $(ARGS)

teeth: .stamps/dev .stamps/client .stamps/system ## Plant each known bug and see that its test notices
	@export PATH="$$(tools/npm --bin):$$PATH"; $(PY) -m tools.teeth $(ARGS)

build: ## Build the client anew
	@rm -f .stamps/client; $(MAKE) .stamps/client

lock: .stamps/dev ## Renew the locked requirements
	@for name in requirements requirements-dev requirements-node; do \
	  $(PY) -m piptools compile --quiet --upgrade --generate-hashes --allow-unsafe --strip-extras --no-header \
	    --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --output-file $$name.txt $$name.in; done

clean: ## Remove what was built and installed here; data stays
	rm -rf .venv .node .stamps pwa/node_modules pwa/lighthouse/node_modules pwa/dist pwa/dist-node build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# Set-up, each step once. A stamp is newer than what it was made from.

.stamps/python: requirements.txt tools/python
	@mkdir -p .stamps; echo "Setting up Python"; tools/python requirements.txt; touch $@

.stamps/dev: .stamps/python requirements-dev.txt
	@echo "Setting up the tools for checks and tests"; tools/python requirements.txt requirements-dev.txt; touch $@

.stamps/npm: .stamps/python pwa/package.json pwa/package-lock.json tools/npm
	@echo "Setting up the client"; tools/npm ci --no-audit --no-fund --loglevel=error >&2; touch $@

# Thrice as large as all else the client is built with, and only one test wants it.
.stamps/lighthouse: .stamps/npm pwa/lighthouse/package.json pwa/lighthouse/package-lock.json
	@echo "Setting up Lighthouse"; tools/npm --prefix lighthouse ci --no-audit --no-fund --loglevel=error >&2; touch $@

.stamps/client: .stamps/npm $(client_sources)
	@echo "Building the client"; $(PY) -m server.web.catalogs compile; tools/npm run --silent build; touch $@

.stamps/system: tools/system
	@mkdir -p .stamps; if tools/system --for-tests; then touch $@; fi
