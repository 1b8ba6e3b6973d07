# Needs Python 3.11, 3.12 or 3.13 and nothing else; everything is installed into .venv.
# Another interpreter: make PYTHON=/path/to/python3.12 test

PYTHON ?= $(shell for candidate in python3.11 python3 python3.12 python3.13; do \
	if $$candidate -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' \
	2>/dev/null; then echo $$candidate; break; fi; done)
BIN := .venv/bin
INSTALLED := .venv/.installed
QUICK := .venv/.installed-for-quick
DOCS := .venv/.installed-for-docs

.PHONY: help demo test test-quick coverage soak lint types format tables docs notebooks wheel clean
.DEFAULT_GOAL := help

help:
	@echo 'make demo        transfer preset autoencoders to digits and to faces, into runs/demo and runs/demo_faces'
	@echo 'make test-quick  the tests that train nothing and start no process: under two minutes'
	@echo 'make test        the whole test suite'
	@echo 'make coverage    the whole test suite, and which lines and branches of the package it runs'
	@echo 'make soak        longer tests of what must survive: kills, lost workers, changed files (20 minutes at most)'
	@echo 'make lint        ruff check, ruff format --check, lint-imports, and make types'
	@echo 'make types       pyright on the hints of the public names, and on examples/'
	@echo 'make format      ruff fixes and formats in place'
	@echo 'make tables      the tables of the documents, from the results that are kept'
	@echo 'make docs        the site of the documents, into site/: open site/index.html'
	@echo 'make notebooks   run each notebook from top to bottom, with few epochs'
	@echo 'make wheel       build dist/*.whl'
	@echo 'make clean       remove .venv, runs, build, dist and caches'

# The extra [test] serves all but the whole suite. Stamps are written last, so an installation that
# failed is tried again.
$(QUICK): EXTRA := test
$(INSTALLED): EXTRA := dev
$(DOCS): EXTRA := docs
$(QUICK) $(INSTALLED) $(DOCS): setup.cfg setup.py pyproject.toml
	@test -n '$(PYTHON)' || { echo 'No Python 3.11, 3.12 or 3.13 found: install one, or give make PYTHON=/path/to/python3.11' >&2; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[$(EXTRA)]'
	touch $@

demo: $(QUICK)
	$(BIN)/m2m demo --out runs/demo --overwrite
	$(BIN)/m2m demo faces --out runs/demo_faces --overwrite
	@echo 'Digits: runs/demo/samples.png, what they are in figures: runs/demo/report.html'
	@echo 'Faces:  runs/demo_faces/samples.png, runs/demo_faces/report.html'

test-quick: $(QUICK)
	$(BIN)/python -m pytest -q -n 2 -m 'not slow and not browser' --durations=5

# Each file to one worker, for what its tests share; slow files first, as tests/conftest.py has them.
# Three workers for two cores: some always wait for a process, a server or a disk.
FILES := -n 3 --dist loadfile --no-loadscope-reorder

test: $(INSTALLED)
	$(BIN)/python -m pytest -q $(FILES) --durations=10

coverage: $(INSTALLED)
	$(BIN)/python -m pytest -q $(FILES) --cov --cov-report=term

soak: $(INSTALLED)
	$(BIN)/python -m pytest -q -n 2 --dist worksteal --durations=0 soak

lint: $(QUICK) types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: $(QUICK)
	$(BIN)/pyright --pythonpath $(BIN)/python
	$(BIN)/python tools/public_types.py

format: $(QUICK)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

tables: $(INSTALLED)
	$(BIN)/python benchmarks/tables/write.py

docs: $(DOCS)
	NO_MKDOCS_2_WARNING=yes $(BIN)/mkdocs build --quiet --strict
	@echo 'site/index.html; its search wants a server: python -m http.server --directory site'

notebooks: $(INSTALLED)
	$(BIN)/python -m pytest -q -n 2 --durations=0 notebooks

# build/ goes first: files that were deleted from the tree would be taken from it into the wheel.
wheel: $(QUICK)
	rm -rf build
	$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir dist .
	@ls dist/*.whl

clean:
	rm -rf .venv runs site build dist *.egg-info .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
