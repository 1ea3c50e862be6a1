# Every target brings its own environment: Python 3.11+, git and make are enough.
TRY := import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do $$p -c "$(TRY)" 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
export UV_PROJECT_ENVIRONMENT := $(VENV)
export PATH := $(CURDIR)/$(BIN):$(PATH)

.PHONY: help setup demo up test check proto bench bench-engine sector year clean
.DEFAULT_GOAL := help

help: ## Show the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

$(VENV)/.ready: pyproject.toml uv.lock
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer with venv is needed (Debian: apt install python3 python3-venv)" >&2; exit 2; }
	@test -d $(VENV) || $(PYTHON) -m venv $(VENV)
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv sync --quiet --frozen --inexact --compile-bytecode
	@# A process that may not write bytecode compiled all it imports at every start: four seconds of six.
	@$(BIN)/python -m compileall -q services deploy proto
	@# Kernels are compiled, so that no service waits for it.
	@$(BIN)/python -c "import services.benchmark.app" & $(BIN)/python -c "import services.validate.app, services.ingest.app"; wait
	@touch $@

setup: $(VENV)/.ready ## Create the environment from uv.lock

demo: setup ## Send a real sector through a real Kafka and four services; prints what came of it
	$(BIN)/noegletal demo

up: setup ## Start everything and stay
	$(BIN)/noegletal up

test: setup ## All tests
	$(BIN)/python -m pytest -n 2 --dist loadfile

check: setup ## Formatting, types, import rules, contracts, generated code, what a submission costs beside the bare loop
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/buf lint proto
	$(BIN)/python -m deploy.proto_gate
	$(BIN)/python -m pytest -q tests/contract
	$(BIN)/python -m tests.performance.ratio

proto: setup ## Generate proto/gen from proto/noegletal
	$(BIN)/python -m deploy.proto_gate --write

bench: setup ## Measure ours beside the bare loop and the peers; QUICK=1, PARTS="raw ours-two", RUNS=3, WRITE=1
	QUICK="$(QUICK)" PARTS="$(PARTS)" RUNS="$(RUNS)" WRITE="$(WRITE)" $(BIN)/python -m tests.performance.bench

bench-engine: setup ## Measure what an event costs the engine beside its full recompute, as ratios
	$(BIN)/python -m tests.performance.bench_engine

sector: setup ## An invented sector of 1,000 departments x 3 years through everything, against the oracle
	$(BIN)/python -m tests.performance.sector

year: setup ## A year of an invented sector: how many messages a month each preset gives, and that none is lost; UNITS=80
	UNITS="$(UNITS)" $(BIN)/python -m tests.performance.year

clean: ## Remove the environment and caches
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
