# On a fresh machine with Python 3.10 or newer:
#   make solve                                     installs, and solves a problem with the bundled model
#   make solve PROBLEM="..." ARGS="--search mcts --budget 64x"
#   make test                                      installs, and runs the tests
PYTHON ?= python3
VENV ?= .venv
TORCH ?= torch==2.13.0
PROBLEM ?= Make 24 from 4 6 7 9
ARGS ?=
BIN = $(VENV)/bin

.PHONY: solve test check clean

solve: $(VENV)/.installed
	@$(BIN)/qstar solve "$(PROBLEM)" $(ARGS)

test: $(VENV)/.installed-dev
	$(BIN)/python -m pytest

check: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# torch goes first, so that what depends on it takes this build and no other
$(VENV)/.installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check "$(TORCH)"
	$(BIN)/pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	$(BIN)/pip install --quiet --disable-pip-version-check --editable ".[dev]"
	@touch $@

clean:
	rm -rf $(VENV) build *.egg-info
