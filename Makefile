# What the house does, by name. `make` alone tells.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
# UV=1 installs the same locks with uv.
INSTALL = $(if $(UV),uv pip install --quiet --python $(BIN)/python,$(BIN)/python -m pip install --quiet --disable-pip-version-check)
LOCK = uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header $(if $(UPGRADE),--upgrade)
# Tests run in this many processes.
JOBS ?= $(shell nproc)
MIGRATE := PORTAL_DATABASE_URL=sqlite:///var/migration.db $(BIN)/alembic
CATALOGUES := $(wildcard translations/*/LC_MESSAGES/messages.po)
LOCALES := $(patsubst translations/%/LC_MESSAGES/messages.po,%,$(CATALOGUES))

.PHONY: help setup demo test lint types translations screenshots weight sweep lock catalogues migration

help: ## this list
	@awk -F ':.*## ' '/^[a-z%-]+:.*## / { sub("%", "NAME", $$1); printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: .venv/development catalogues ## .venv from the hashed locks; UV=1 with uv

demo: .venv/runtime catalogues ## the portal with a made-up lender; FRESH=1 rebuilds its data, CHECK=1 walks the main job and stops
	@$(BIN)/portal demo $(if $(FRESH),--fresh) $(if $(CHECK),--check)

test: setup ## every test, on SQLite and PostgreSQL; DB=sqlite or DB=postgresql on one, ARGS='-k word' some of them
	DB=$(DB) $(BIN)/python -m pytest -n $(JOBS) $(ARGS)

lint: setup ## ruff, djlint
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint portal/templates --lint --quiet

types: setup ## mypy, strict where figures are made
	$(BIN)/mypy

translations: setup ## the catalogues: extracted, brought up to date, checked, compiled
	$(BIN)/pybabel -q extract -F babel.cfg -k _l -k lazy_gettext --no-location --sort-output --omit-header -o translations/messages.pot .
	for locale in $(LOCALES); do \
	  $(BIN)/pybabel -q update --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date -i translations/messages.pot -d translations -l $$locale || exit; done
	$(BIN)/python translations/fill_english.py
	$(BIN)/python translations/thin_regions.py
	$(BIN)/python -m pytest -q -p no:cacheprovider tests/guards/test_catalogues.py
	$(BIN)/pybabel -q compile -d translations

screenshots: setup ## var/screenshots/PAGE.LOCALE.WIDTH.png, and the README's pictures
	$(BIN)/python -m tests.screenshots

weight: setup ## what each borrower page weighs over the wire, in every language; JSON=1
	@$(BIN)/python -m tests.weight $(if $(JSON),--json)

sweep: setup ## every borrower page by language, theme, width, with and without script: the whole matrix
	@$(BIN)/python -m tests.sweep

bench-%: setup ## the figures of benchmarks/NAME.py beside their baseline; JSON=1
	@$(BIN)/python benchmarks/$*.py $(if $(JSON),--json)

migration: setup ## a new migration from what changed in portal/models: NAME='what changed'
	@mkdir -p var && rm -f var/migration.db
	$(MIGRATE) upgrade head
	$(MIGRATE) revision --autogenerate -m '$(NAME)' --rev-id $$(printf %04d $$(($$(ls migrations/versions | grep -c '^[0-9]') + 1)))

lock: ## the locks anew, with hashes, from pyproject.toml (needs uv); UPGRADE=1 takes newer releases
	$(LOCK) --extra build -o requirements.lock pyproject.toml
	$(LOCK) --extra build --extra dev -o requirements-dev.lock pyproject.toml

# The two stamps tell what .venv holds. Whoever has the development lock has the runtime's too.
.venv/runtime: requirements.lock
	@test -x $(BIN)/python || $(if $(UV),uv venv --quiet --python $(PYTHON) .venv,$(PYTHON) -m venv .venv)
	$(INSTALL) --require-hashes -r $(if $(wildcard .venv/development),requirements-dev.lock,requirements.lock)
	$(INSTALL) --no-build-isolation --no-deps -e .
	@touch $@

.venv/development: requirements-dev.lock .venv/runtime
	$(INSTALL) --require-hashes -r requirements-dev.lock
	@touch $@

catalogues: $(CATALOGUES:.po=.mo)

%.mo: %.po | .venv/runtime
	@$(BIN)/pybabel -q compile -i $< -o $@
