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
STUDENTS = 30
CHAPTER = 03
GROUP =
UV = 0.13.8
FRAMEWORKS = .venv-frameworks

IN = "$(VENV)/bin/python"

# Modules from elsewhere would stand before the locked ones.
unexport PYTHONPATH PYTHONHOME

.PHONY: help setup lab test test-browser test-frameworks lint format refresh guide addresses setup-site site slides test-site figures bench setup-classroom classroom-test assignment test-classroom lock clean

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

# With Python 3.11, where there is one: it has builds of every pinned library.
test-frameworks: ## compare with the live PyTorch, Keras, JAX and ONNX Runtime (installs them: 2 GB)
	@named="$(or $(PYTHON),$(shell python3.11 -c 'import sys; print(sys.executable)' 2>/dev/null))" && \
		python=$$(sh tools/find_python.sh "$(FRAMEWORKS)" "$$named") && \
		"$$python" -I tools/setup_env.py "$(FRAMEWORKS)"
	@"$(FRAMEWORKS)/bin/python" -I -m pip install --quiet --disable-pip-version-check \
		--no-build-isolation --constraint tests/frameworks/constraints.txt \
		--editable ".[frameworks]"
	@"$(FRAMEWORKS)/bin/python" -m pytest tests/frameworks \
		notebooks/08-match-your-framework.ipynb $(ARGS)

lint: setup ## check code and notebooks with ruff
	@$(IN) -m ruff check . && $(IN) -m ruff format --check .

format: setup ## let ruff order the imports and lay out code and notebooks
	@$(IN) -m ruff check --fix . ; $(IN) -m ruff format .

refresh: setup ## execute every notebook and store its outputs
	@$(IN) tools/refresh_notebooks.py $(ARGS)

guide: setup ## write the chapters' pages of the teaching guide anew
	@$(IN) tools/make_teaching_guide.py $(ARGS)

addresses: setup ## write the public addresses of pyproject.toml into README.md and CITATION.cff
	@$(IN) tools/set_addresses.py

setup-site: setup
	@$(IN) -I tools/setup_site.py "$(VENV)" "$(VENV)-site"

site: setup-site ## build the course as a web book, slides included: build/site/index.html
	@"$(VENV)-site/bin/python" docs/site/publish/build.py site $(ARGS)

slides: setup-site ## build the lectures and the handouts: build/slides/index.html
	@"$(VENV)-site/bin/python" docs/site/publish/build.py slides $(ARGS)

test-site: setup-site ## build the site and test every page and every slide in Chromium
	@sh tools/get_chromium.sh $(IN)
	@"$(VENV)-site/bin/python" docs/site/publish/build.py site
	@"$(VENV)-site/bin/python" -m pytest tests/site $(ARGS)

figures: setup ## draw the figures of convolution arithmetic, as SVG, PNG, GIF and films to stop
	@$(IN) tools/make_figures.py $(ARGS)

bench: setup ## race this package against its peers, ten minutes (ARGS=--quick: one minute)
	@$(IN) -m pip install --quiet --requirement benchmarks/requirements.txt || \
		echo "Without threadpoolctl the table cannot name the BLAS kernel."
	@$(IN) benchmarks/run.py $(ARGS)

setup-classroom:
	@python=$$(sh tools/find_python.sh "$(VENV)" "$(PYTHON)") && \
		"$$python" -I tools/setup_env.py "$(VENV)-classroom" docs/hosting/requirements.txt

classroom-test: setup-classroom ## hold a class on a real JupyterHub (STUDENTS=30)
	@"$(VENV)-classroom/bin/python" tools/classroom_test.py $(STUDENTS) $(ARGS)

assignment: setup-classroom ## give out a chapter's exercises with nbgrader (CHAPTER=03 GROUP=A)
	@"$(VENV)-classroom/bin/python" tools/make_assignment.py $(CHAPTER) \
		$(if $(GROUP),--group "$(GROUP)") $(ARGS)

test-classroom: setup-classroom ## test the class and the assignments
	@"$(VENV)-classroom/bin/python" -m pytest tests/hosting $(ARGS)

lock: setup ## write requirements.txt anew from pyproject.toml (ARGS=--upgrade: newest versions)
	@$(IN) -I -m pip install --quiet --upgrade --target "$(VENV)/uv" uv==$(UV)
	@"$(VENV)/uv/bin/uv" pip compile pyproject.toml --group test --group lint --group build \
		--universal --python-version 3.11 --fork-strategy fewest --generate-hashes \
		--custom-compile-command "make lock" --output-file requirements.txt --quiet $(ARGS)
	@"$(VENV)/uv/bin/uv" pip compile pyproject.toml docs/hosting/requirements.in \
		--group test --group build --constraint requirements.txt \
		--universal --python-version 3.11 --fork-strategy fewest --generate-hashes \
		--custom-compile-command "make lock" --output-file docs/hosting/requirements.txt \
		--quiet $(ARGS)
	@"$(VENV)/uv/bin/uv" pip compile docs/site/requirements.in --constraint requirements.txt \
		--universal --python-version 3.11 --fork-strategy fewest --generate-hashes \
		--custom-compile-command "make lock" --output-file docs/site/requirements.txt \
		--quiet $(ARGS)

clean: ## remove the environment and all that these commands wrote
	rm -rf .venv .venv-* docs/hosting/node_modules "$(FRAMEWORKS)" .pytest_cache .ruff_cache .hypothesis build dist
	find . -name __pycache__ -prune -exec rm -rf {} + -o \
		-name .ipynb_checkpoints -prune -exec rm -rf {} +
