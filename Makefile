# Everything the project does with itself. `make` alone says what there is.
#
# pip is used with the settings of the machine (PIP_EXTRA_INDEX_URL, find-links, pip.conf).

PYTHON ?= python3
PORT ?= 8000
BROWSER ?= 1
VENV := .venv
BIN := $(VENV)/bin
DATA := $(or $(LOOPWISE_DATA),var)
STATIC_SOURCES := $(shell find course trainer -path '*/static/*' -type f)
# A server of its own, started from a wheel and thrown away; its library warns of directories.
ON_POSTGRESQL := $(BIN)/python -W ignore -m tests.postgres
POSTGRESQL_TESTS := -m django_db
# A process for each core; a file stays in one of them, because what it prepares is its own.
ON_ALL_CORES := --numprocesses=logical --dist=loadfile
TEMPLATES := $(shell find templates -name '*.html')

.PHONY: help run test lint content browser soak coverage bench fmt
.DEFAULT_GOAL := help

help:
	@echo "make run       start the site on 127.0.0.1 (PORT=$(PORT))"
	@echo "make test      everything the project checks itself with (BROWSER=0: without the browser)"
	@echo "make soak      the same at full size"
	@echo "make coverage  the tests, and the lines that none of them reaches"
	@echo "make bench     the ratios of docs/performance.md"
	@echo "make fmt       put Python and templates into shape"

run: $(VENV)/.runtime $(DATA)/.static
	@$(BIN)/python manage.py migrate --verbosity 0
	@$(BIN)/python manage.py loadcourse
	@$(BIN)/python manage.py ensureinstructor
	@PORT=$(PORT) LOOPWISE_LOGS=text $(BIN)/gunicorn --config python:course.serving

# The browser's tests are a process of their own: Playwright's event loop would sit in the others.
test: lint content browser
	$(BIN)/python -m pytest $(ON_ALL_CORES) --ignore=tests/browser
	$(ON_POSTGRESQL) pytest $(ON_ALL_CORES) --ignore=tests/browser $(POSTGRESQL_TESTS)
ifeq ($(BROWSER),0)
	@echo "BROWSER=0: the tests in a real browser were left out."
else
	$(BIN)/python -m pytest $(ON_ALL_CORES) tests/browser
endif

lint: export DJANGO_SETTINGS_MODULE = tests.settings
lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/djade --check $(TEMPLATES)
	$(BIN)/bandit --quiet --recursive --configfile pyproject.toml course trainer
	$(BIN)/python manage.py check --fail-level WARNING
	$(BIN)/python manage.py makemigrations --check --dry-run

content: export DJANGO_SETTINGS_MODULE = tests.settings
content: $(VENV)/.dev
	$(BIN)/python manage.py loadcourse --check

# Fails here, in one sentence, rather than once in every test.
browser: $(VENV)/.dev
ifneq ($(BROWSER),0)
	$(BIN)/python -m tests.browser.find_browser
endif

soak: export SOAK = 1
soak: POSTGRESQL_TESTS := --ignore=tests/trainer/engine --ignore=tests/bench
soak: test

coverage: $(VENV)/.dev
	$(BIN)/coverage run -m pytest --ignore=tests/browser
	$(BIN)/coverage report

bench: $(VENV)/.dev
	$(BIN)/python -m bench

fmt: $(VENV)/.dev
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format --quiet .
	$(BIN)/djade $(TEMPLATES)

# What follows is done again only when what it is made from has changed.

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed.")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements.txt | $(BIN)/python
	@echo "Installing what the site runs on (PyTorch is large: the first time takes a while)."
	$(BIN)/python -m pip install --quiet --requirement requirements.txt
	touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.runtime
	$(BIN)/python -m pip install --quiet --requirement requirements-dev.txt
	touch $@

$(DATA)/.static: $(VENV)/.runtime $(STATIC_SOURCES)
	mkdir -p $(DATA)
	$(BIN)/python manage.py collectstatic --clear --no-input --verbosity 0
	touch $@
