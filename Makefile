# On a fresh machine with Python 3.10 or newer:
#   make solve                                     installs, and solves a problem with the bundled model
#   make solve PROBLEM="..." ARGS="--search mcts --budget 64x"
#   make test                                      installs, and runs the tests
#   make tables                                    runs the benches of the README again (about an hour and a half)
PYTHON ?= python3
VENV ?= .venv
TORCH ?= torch==2.13.0
PROBLEM ?= Tom has 3 boxes with 12 pencils in each box. He gives away 7 pencils. How many pencils are left?
ARGS ?=
RUNS ?= runs/tables
BIN = $(VENV)/bin

.PHONY: solve test check tables clean

solve: $(VENV)/.installed
	@$(BIN)/qstar solve "$(PROBLEM)" $(ARGS)

test: $(VENV)/.installed-dev
	$(BIN)/python -m pytest

check: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# Each run goes on where a kill left it. SVAMP comes from the hub (qstar[datasets]), or from the folder in $$QSTAR_DATA.
BENCH = $(BIN)/qstar bench
SAMPLES = --set 'best-of-n.sampling={"temperature": $(1)}'
MCTS = --set mcts.width=3 --set mcts.leaves=1 --set mcts.c_init=0.15 --set 'mcts.sampling={"temperature": $(1)}'
ALL = --search greedy,best-of-n,astar,mcts
CHOICES = --select majority,q-vote,q-mass
tables: $(VENV)/.installed-report
	$(BENCH) game24 $(ALL) $(call SAMPLES,0.6) $(call MCTS,0.5) --seeds 3 --budget 1x,2x,4x,8x,16x,64x,1000x --out $(RUNS)/game24
	$(BENCH) words --search greedy,best-of-n $(call SAMPLES,0.7) $(CHOICES) --budget 1x,4x,16x,64x --limit 500 --out $(RUNS)/words
	$(BENCH) words --search astar,mcts $(call MCTS,0.7) $(CHOICES) --budget 1x,4x,16x --limit 500 --out $(RUNS)/words-tree
	$(BENCH) functions $(ALL) $(call SAMPLES,0.7) $(call MCTS,0.7) --budget 1x,4x,16x,64x --limit 100 --out $(RUNS)/functions
	$(BENCH) countdown-6 $(ALL) $(call SAMPLES,0.7) $(call MCTS,0.7) --budget 1x,4x,16x,64x --limit 60 --out $(RUNS)/countdown6
	$(BENCH) svamp $(ALL) $(call SAMPLES,0.7) $(call MCTS,0.7) $(CHOICES) --budget 1x,4x,16x --limit 100 --out $(RUNS)/svamp
	$(BIN)/qstar report $(RUNS)/* --only accuracy,tokens,elsewhere --into README.md --html $(RUNS)/report.html

# torch goes first, so that what depends on it takes this build and no other
$(VENV)/.installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check "$(TORCH)"
	$(BIN)/pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	$(BIN)/pip install --quiet --disable-pip-version-check --editable ".[dev]"
	@touch $@

$(VENV)/.installed-report: $(VENV)/.installed
	$(BIN)/pip install --quiet --disable-pip-version-check --editable ".[report,datasets]"
	@touch $@

clean:
	rm -rf $(VENV) build *.egg-info
