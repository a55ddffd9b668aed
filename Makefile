# The few verbs of the book. `make` lists them.
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
SLOW := none
export OMP_NUM_THREADS := 1
export TF_CPP_MIN_LOG_LEVEL := 1
export TF_ENABLE_ONEDNN_OPTS := 0

.DEFAULT_GOAL := help
.PHONY: help book test test-all chapter serve notebooks lint clean

help: ## list these verbs
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/ready: requirements.txt pyproject.toml tools/environment.sh tools/install_torch.sh
	sh tools/environment.sh $(PYTHON) $(VENV)
	@touch $@

book: $(VENV)/ready ## execute what changed, then write the site and the PDF
	@$(RUN) tools/build.py book

chapter: $(VENV)/ready ## execute and render one page: make chapter CHAPTER=linear_regression
	@$(RUN) tools/build.py chapter "$(CHAPTER)"

test: $(VENV)/ready ## run the tests (builds the book first where it is out of date)
	@$(RUN) tools/build.py book --go-on
	@$(RUN) -m pytest -q -n 2 --slow $(SLOW)
	@$(RUN) tools/build.py missing

test-all: ## run all tests, those too that take minutes each
	@$(MAKE) test SLOW=all

lint: $(VENV)/ready ## check style and types
	@$(RUN) -m ruff check . && $(RUN) -m ruff format --check . && $(RUN) -m mypy

serve: $(VENV)/ready ## serve the site, with a local kernel for its live code
	@$(RUN) tools/serve.py

notebooks: $(VENV)/ready ## export the chapters to notebooks/
	@$(RUN) tools/build.py notebooks

clean: ## remove what was built (the cache of executed pages too); .venv stays
	rm -rf _build build notebooks .pytest_cache .mypy_cache .ruff_cache .hypothesis
