# The commands of the course; `make` alone lists them. Each first sees to the environment, which
# takes a moment once it is made.
#
#     make lab PYTHON=python3.12     make the environment with this Python
#     make lab PORT=9000             another port
#     make test ARGS="-k sizes"      further words for pytest, ruff, uv or the notebook tool

PYTHON =
VENV = .venv
PORT = 8888
ARGS =
UV = 0.13.8

IN = "$(VENV)/bin/python"

# Modules from elsewhere would stand before the locked ones.
unexport PYTHONPATH PYTHONHOME

.PHONY: help setup lab test test-browser lint format refresh lock clean

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' Makefile

setup: ## make or update the environment in .venv, and nothing else
	@python=$$(sh tools/find_python.sh "$(VENV)" "$(PYTHON)") && \
		"$$python" -I tools/setup_env.py "$(VENV)"

lab: setup ## open JupyterLab at the first notebook
	@$(IN) tools/start_lab.py "$(PORT)"

test: setup ## run the unit tests, the docstring examples and every notebook
	@$(IN) -m pytest $(ARGS)

test-browser: setup ## run the tests that drive JupyterLab in Chromium
	@sh tools/get_chromium.sh $(IN)
	@$(IN) -m pytest tests/browser $(ARGS)

lint: setup ## check code and notebooks with ruff
	@$(IN) -m ruff check . && $(IN) -m ruff format --check .

format: setup ## let ruff order the imports and lay out code and notebooks
	@$(IN) -m ruff check --fix . ; $(IN) -m ruff format .

refresh: setup ## execute every notebook and store its outputs
	@$(IN) tools/refresh_notebooks.py $(ARGS)

lock: setup ## write requirements.txt anew from pyproject.toml (ARGS=--upgrade: newest versions)
	@$(IN) -I -m pip install --quiet --upgrade --target "$(VENV)/uv" uv==$(UV)
	@"$(VENV)/uv/bin/uv" pip compile pyproject.toml --group test --group lint --group build \
		--universal --python-version 3.11 --fork-strategy fewest --generate-hashes \
		--custom-compile-command "make lock" --output-file requirements.txt --quiet $(ARGS)

clean: ## remove the environment and all that these commands wrote
	rm -rf .venv .pytest_cache .ruff_cache .hypothesis build dist
	find . -name __pycache__ -prune -exec rm -rf {} + -o \
		-name .ipynb_checkpoints -prune -exec rm -rf {} +
