# Everything that people type here. Each target prepares what it needs, once: `make help`.
# Two roads lead into the tests: DATABASE_URL and REDIS_URL from outside, or scripts/services.py.

# The first Python on this machine that is new enough; `make PYTHON=… …` chooses another.
PYTHON := $(or $(PYTHON),$(shell for python in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done),python3)
BIN := .venv/bin
PORT ?= 8000
HOST ?= 127.0.0.1
ARGS ?=
export PYTHONUNBUFFERED = 1

.PHONY: help demo serve setup setup-demo dev test check bench faults lock schema screenshots clean

help:
	@echo "make demo    set up, fill a demo project, serve it on http://$(HOST):$(PORT) (PORT=… HOST=…)"
	@echo "make serve   set up, migrate, serve the site with its worker; no demo data"
	@echo "make test    the whole suite, on PostgreSQL, Redis and a real Chromium (ARGS='-k claim')"
	@echo "make check   lint, format, types, import contracts, schema, migrations, front end"
	@echo "make bench   the benchmarks, one line each: name value unit (ARGS='--only heatmaps')"
	@echo "             ARGS=--short: a minute, ratios to ceilings compared with bench/ratios.json"
	@echo "make faults  does harm to a site at work: what became of every answer (ARGS='--only web')"
	@echo "make lock    pin pyproject.toml again        make schema   openapi.yaml and schema.d.ts"
	@echo "make setup   only set up                     make clean    forget all that set-up made"
	@echo "make screenshots   docs/screenshots anew, by the browser test"

setup:
	@$(PYTHON) scripts/setup.py site

setup-demo:
	@$(PYTHON) scripts/setup.py demo

dev:
	@$(PYTHON) scripts/setup.py dev

demo: setup-demo
	@$(BIN)/python manage.py migrate --verbosity 0
	@$(BIN)/python manage.py demo
	@exec $(BIN)/python manage.py serve --host $(HOST) --port $(PORT)

serve: setup
	@$(BIN)/python manage.py migrate --verbosity 0
	@exec $(BIN)/python manage.py serve --host $(HOST) --port $(PORT)

test: dev
	@$(BIN)/python scripts/services.py -- $(BIN)/python -m tests.suite $(ARGS)

check: dev
	@$(BIN)/python scripts/check.py $(ARGS)

screenshots: dev
	@TRIPTYCH_SCREENSHOTS=$(CURDIR)/docs/screenshots $(BIN)/python scripts/services.py -- \
		$(BIN)/python -m pytest tests/browser $(ARGS)

bench: dev
	@$(BIN)/python scripts/services.py -- $(BIN)/python bench/run.py $(ARGS)

faults: dev
	@PYTHONPATH=.:scripts $(BIN)/python -m tests.faults $(ARGS)

lock: dev
	@scripts/lock.sh

schema: dev
	@$(BIN)/python scripts/check.py --write-schema

clean:
	rm -rf .venv frontend/node_modules frontend/dist .mypy_cache .ruff_cache .pytest_cache
