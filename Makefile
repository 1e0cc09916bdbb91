# Everything a newcomer or a machine runs. `make help` lists it.

VENV := .venv
LOWEST := .venv-lowest
BIN := $(VENV)/bin
# Extra words for the program that is started: make app ARGS="--port 9000"
ARGS ?=

# The first of these that runs and is new enough; or say which: make app PYTHON=/path/to/python3.12
NEW_ENOUGH = import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c '$(NEW_ENOUGH)' 2>/dev/null && echo $$python && break; done)
# The oldest Python is a lower bound as well.
OLDEST_PYTHON ?= python3.11

# One process more than there are cores, up to four: journeys wait for browsers and servers. Each has a run of neighbouring
# tests, so that it starts a server once; one that is done takes half of what another has left, so that all end together.
IN_PARALLEL := -n $(shell $(PYTHON) -c 'import os; print(min(4, 1 + os.cpu_count()))') --dist worksteal

# Each process of the tests would compile all of them again where a shell keeps Python from writing bytecode.
KEEP_BYTECODE := PYTHONDONTWRITEBYTECODE=

# NumPy and PyTorch would share each core out among threads of their own.
ONE_THREAD := OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1

.DEFAULT_GOAL := help
.PHONY: help app lab site test lint tests browser test-site bench load pictures course test-lowest clean

help:  ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

app: $(VENV)/.app-installed  ## open the lessons in the browser
	@$(BIN)/convviz $(ARGS)

lab: $(VENV)/.app-installed  ## open the notebooks in JupyterLab
	@$(BIN)/convviz lab $(ARGS)

# Where the site's Python for browsers comes from, a folder or an address: make site PYODIDE=~/pyodide
PYODIDE ?=

site: $(VENV)/.app-installed  ## write the lessons into build/site, a folder for any web server
	@$(BIN)/convviz build build/site $(if $(PYODIDE),--pyodide "$(PYODIDE)") $(ARGS)

# Where test-site puts the site that it visits.
COURSE := test-results/course

test:  ## check everything: style, types, imports, tests, notebooks, browser journeys
	@$(MAKE) --no-print-directory --jobs=2 lint tests

tests: browser  ## the part of test that runs something
	$(KEEP_BYTECODE) $(ONE_THREAD) $(BIN)/python -m pytest $(IN_PARALLEL) $(ARGS)

lint: $(VENV)/.test-installed  ## the part of test that runs nothing: style, types, imports, workflows
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/zizmor --offline --quiet --strict-collection .github

browser: $(VENV)/.test-installed  ## the part of test that gets a browser where there is none
	@$(BIN)/python -m tests.browser.get_browser

test-site: browser  ## the journeys of the lessons and of the first page once more, on the static site
	pyodide="$$($(BIN)/python -m tests.browser.pyodide)" && $(BIN)/convviz build $(COURSE) --pyodide "$$pyodide"
	$(KEEP_BYTECODE) $(ONE_THREAD) $(BIN)/python -m pytest $(IN_PARALLEL) --on-site=$(COURSE) $(ARGS)

bench: browser  ## measure what is fast, side by side with what others use
	$(BIN)/python -m benchmarks $(ARGS)

load: $(VENV)/.test-installed  ## let a class of 30 come to one server, for 90 seconds: how long it waits, what it takes
	$(BIN)/python -m benchmarks.load $(ARGS)

pictures: $(VENV)/.test-installed  ## remake the pictures of the README, of the cards, and of every operation
	$(BIN)/python docs/make_pictures.py

course: $(VENV)/.test-installed  ## rewrite what follows from the course: cards, ways from lesson to lesson, what the pages know
	$(BIN)/python docs/make_course.py

test-lowest: $(LOWEST)/.installed  ## run the tests on the oldest versions that pyproject.toml promises
	@$(LOWEST)/bin/python -m tests.browser.get_browser
	$(LOWEST)/bin/python -m pytest $(IN_PARALLEL) $(ARGS)

clean:  ## remove the environments and what tools left behind
	rm -rf $(VENV) $(LOWEST) build dist test-results
	rm -rf .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find convviz tests benchmarks notebooks docs \( -name __pycache__ -o -name .ipynb_checkpoints \) \
		-type d -prune -exec rm -rf {} + 2>/dev/null || true

$(VENV)/.made:
	@python="$(PYTHON)"; $${python:-false} -c '$(NEW_ENOUGH)' || { \
		echo "convviz needs Python 3.11 or newer; $${python:-python3} -V says: $$($${python:-python3} -V 2>&1)." \
			"Install a newer one, or say where it is: make $(MAKECMDGOALS) PYTHON=/path/to/python3.12" >&2; \
		exit 1; }
	$(PYTHON) -m venv --clear $(VENV)
	@touch $@

# An editable install finds the package's files where they are, but copies these.
COPIED := pyproject.toml $(shell find convviz/app/share -type f)

$(VENV)/.app-installed: $(VENV)/.made $(COPIED)
	@echo "Installing convviz and what the app needs into $(VENV): a minute or two, this once."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[app]'
	@touch $@

$(VENV)/.test-installed: $(VENV)/.made $(COPIED)
	@echo "Installing convviz and what the tests need into $(VENV): two minutes or so, this once."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	@touch $(VENV)/.app-installed $@

# ">=1.2" is tested as "==1.2".
define LOWER_BOUNDS
import re, tomllib
project = tomllib.load(open("pyproject.toml", "rb"))["project"]
extras = project["optional-dependencies"].values()
for requirement in sum(extras, project["dependencies"]):
    if ">=" in requirement:
        print(re.sub(">=([^,]+).*", r"==\1", requirement))
endef
export LOWER_BOUNDS

$(LOWEST)/.installed: $(COPIED)
	@$(OLDEST_PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || { \
		echo "make test-lowest needs Python 3.11 itself: make test-lowest OLDEST_PYTHON=/path/to/python3.11" >&2; \
		exit 1; }
	$(OLDEST_PYTHON) -m venv --clear $(LOWEST)
	@$(LOWEST)/bin/python -c "$$LOWER_BOUNDS" > $(LOWEST)/constraints.txt
	@echo "Installing into $(LOWEST), exactly:" && cat $(LOWEST)/constraints.txt
	@$(LOWEST)/bin/python -m pip install --quiet --disable-pip-version-check \
		--constraint $(LOWEST)/constraints.txt --editable '.[test]'
	@touch $@
