# make run    everything on a fresh machine with Python 3.11 or later: environment, database,
#             sample threads, index, server. THREADS=path imports that instead; PORT=8080.
# make test   environment and the whole test suite.
# make env    only the environment, .venv      make lint    style, types, import contracts
# make screenshots   the README's pictures anew
# make bench  measurements as JSON             make lock    dependencies anew into the lock files

PYTHON ?= python3
PORT ?= 8000
THREADS ?=
BIN := .venv/bin
export CORPUS_DATA_DIR ?= $(CURDIR)/var
MANAGE := $(BIN)/python manage.py

.PHONY: run env test lint bench screenshots lock prepare

run: prepare
	@exec $(BIN)/gunicorn forumimport.site.wsgi --bind 127.0.0.1:$(PORT) --workers 1 --threads 4 --log-level warning \
	  --config forumimport/site/serving.py

prepare: .venv/runs
	@mkdir -p "$(CORPUS_DATA_DIR)"
	@test -s "$(CORPUS_DATA_DIR)/secret-key" || (umask 077 && $(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(50))' > "$(CORPUS_DATA_DIR)/secret-key")
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) collectstatic --noinput --verbosity 0
	@$(MANAGE) prepare_site --address http://127.0.0.1:$(PORT) \
	  $(if $(THREADS),$(THREADS),--collection "Sample threads" corpus/samples)

env: .venv/tests

.venv/made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed; name it: make PYTHON=python3.12 …")'
	$(PYTHON) -m venv .venv
	@touch $@

# The stamps remember what the lock file was when it was installed.
.venv/runs: requirements.txt | .venv/made
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.txt
	@touch $@

.venv/tests: requirements-dev.txt | .venv/made
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.txt
	@touch .venv/runs $@

test: .venv/tests
	$(BIN)/python -m pytest -n auto

lint: .venv/tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	DJANGO_SETTINGS_MODULE=tests.settings $(MANAGE) makemigrations --check --dry-run

screenshots: .venv/tests
	$(BIN)/python -m tests.browser.screenshots

bench: .venv/tests
	$(BIN)/python -m tests.bench

lock:
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --extra site pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --extra site --group dev -c requirements.txt pyproject.toml -o requirements-dev.txt
