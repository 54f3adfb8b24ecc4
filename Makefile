# Everything needs only Python 3.11 or later, git and make; the first target used prepares .venv.
SHELL := /bin/bash
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest -q -n 2
# Exit 5 means that no test carries the marker (yet).
ALLOW_NONE := || [ $$? -eq 5 ]

.PHONY: help demo test check lint types bench soak clean

help: ## list the targets
	@grep -hE '^[a-z]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 10

.venv/.uv:
	@[ -n "$(PYTHON)" ] || { echo "scslab needs Python 3.11 or later; name one with: make PYTHON=/path/to/python" >&2; exit 2; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "uv>=0.8"
	@touch $@

# The pinned versions of uv.lock through uv; where uv cannot reach the index but pip can, the same pins through pip.
define install
	@UV_PROJECT_ENVIRONMENT=.venv $(BIN)/uv sync --quiet --locked --inexact $(1) || { \
		echo "uv could not install; trying the same pinned versions with pip" >&2; \
		$(BIN)/uv export --quiet --frozen --no-emit-project $(1) --output-file .venv/pinned.txt && \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement .venv/pinned.txt && \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .; }
endef

.venv/.run: .venv/.uv pyproject.toml uv.lock
	$(call install,--no-dev)
	@touch $@

.venv/.dev: .venv/.uv pyproject.toml uv.lock
	$(call install,--group dev)
	@touch $@ .venv/.run

demo: .venv/.run ## the first result: a county with and without a social credit system, in demo-run/
	$(BIN)/scslab demo --out demo-run --replace

test: .venv/.dev ## style, layers, tests; then the small worlds again without the compiler, and with bounds checks
	$(BIN)/ruff check
	$(BIN)/lint-imports --no-cache
	$(PYTEST) -m "not soak"
	NUMBA_DISABLE_JIT=1 $(PYTEST) -m "small_world and not soak" $(ALLOW_NONE)
	NUMBA_BOUNDSCHECK=1 $(PYTEST) -m "small_world and not soak" $(ALLOW_NONE)

lint: .venv/.dev
	$(BIN)/ruff check
	$(BIN)/lint-imports --no-cache

types: .venv/.dev
	$(BIN)/pyright

check: lint types test ## what a change must pass: style, layers, types, tests

bench: .venv/.run ## speed, with the share of each mechanism
	$(BIN)/scslab bench --profile

soak: .venv/.dev ## the long tests, in parts of an hour at most; goes on where it stopped (PART=digest one part, FRESH=1 all again)
	$(BIN)/python scripts/soak.py $(if $(FRESH),--fresh) $(PART)

clean: ## remove the environment and the demo's results
	rm -rf .venv demo-run
