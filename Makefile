# Polpo's commands. `make` alone explains them.
.DEFAULT_GOAL := help
.PHONY: help setup portal portal-check clients run demo screenshots test test-e2e test-postgres chaos fuzz bench kubernetes lint fmt check lock dist clean
SHELL := bash
# Some machines forbid Python to keep what it has compiled; then each of the many processes here compiles all anew.
unexport PYTHONDONTWRITEBYTECODE
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
CLIENTS := tests/compat/ts/node_modules/.node-path
PORTAL := src/polpo/portal/dist/index.html
KUBERNETES := 1.32.4
KUBE_APISERVER := $(HOME)/.cache/polpo/kube-apiserver-$(KUBERNETES)/kube-apiserver
PORTAL_SOURCES := $(shell find portal \( -name node_modules -o -name .node \) -prune -o -type f ! -name openapi.json ! -name schema.ts -print)

help: ## Show this help
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(STAMP) ## Make the virtual environment with pinned, hashed versions

$(STAMP): requirements/dev.txt pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m uv --version >/dev/null 2>&1 || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/python -m uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/dev.txt
	$(BIN)/python -m uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $(STAMP)

portal: $(PORTAL) ## Build the web portal

$(PORTAL): $(PORTAL_SOURCES) | $(STAMP)
	$(BIN)/python portal/build.py
	@touch $@

portal-check: | $(STAMP) ## Check the portal's style, types and logic
	$(BIN)/python portal/build.py --check

clients: $(CLIENTS) ## Install the official TypeScript client, for the tests

$(CLIENTS): tests/compat/ts/package-lock.json tests/compat/install.py | $(STAMP)
	$(BIN)/python tests/compat/install.py
	@touch $@

run: $(STAMP) $(PORTAL) ## Start the server; its data is in ./polpo-data
	$(BIN)/polpo server

demo: $(STAMP) $(PORTAL) ## Start a server, three agents and a project that is deployed for real
	@$(BIN)/python demo/run.py

screenshots: $(STAMP) $(PORTAL) ## Take the pictures in the README and the tutorial anew (a minute; needs Chromium)
	@$(BIN)/python demo/screenshots.py

test: $(STAMP) $(CLIENTS) $(PORTAL) ## Run the tests of rules, API and official clients (under eight minutes)
	$(BIN)/python -m pytest -q -n 2 --dist loadfile --durations=10 tests/unit
	$(BIN)/python -m pytest -q -n 2 --dist loadfile --durations=10 tests/api
	$(BIN)/python -m pytest -q -n 2 --dist loadfile --durations=10 tests/compat

test-e2e: $(STAMP) $(PORTAL) ## Run the tests of real servers, agents, nodes and the browser (six minutes)
	$(BIN)/python -m pytest -q -n 2 --dist loadfile --durations=10 tests/e2e tests/browser
	$(BIN)/python -m pytest -q --durations=5 tests/cluster

test-postgres: $(STAMP) $(PORTAL) ## Run the tests of API and engine on PostgreSQL (its programs must be installed)
	POLPO_TEST_DATABASE=postgresql $(BIN)/python -m pytest -q -n 2 --dist loadfile tests/api
	POLPO_TEST_DATABASE=postgresql $(BIN)/python -m pytest -q -n 2 --dist loadfile tests/unit/store/test_session.py tests/unit/engine

kubernetes: $(KUBE_APISERVER) ## Build the API server that tests/e2e/kubernetes run against (Go; some minutes, once)

$(KUBE_APISERVER):
	mkdir -p $(@D)
	cd tests/e2e/kubernetes/apiserver && go build -mod=readonly -trimpath -o $@ -ldflags "-s -w \
	  -X k8s.io/component-base/version.gitVersion=v$(KUBERNETES) \
	  -X k8s.io/component-base/version.gitMajor=1 -X k8s.io/component-base/version.gitMinor=32" .

chaos: $(STAMP) $(PORTAL) ## Kill servers, agents and nodes in mid-deployment, freeze nodes, cut the network (half an hour)
	$(BIN)/python tests/chaos/kills.py --rounds 20 --agents 10
	$(BIN)/python tests/chaos/cuts.py
	$(BIN)/python tests/cluster/rounds.py --rounds 5

fuzz: $(STAMP) ## Send two minutes of made-up requests to every route, and half a minute of made-up bytes to the agent protocol
	$(BIN)/python tests/fuzz/run.py --seconds 120
	$(BIN)/python tests/fuzz/wire.py --seconds 30

bench: $(STAMP) $(PORTAL) ## Measure deployments, targets, logs, the queue, lists, rights, a large installation, its portal and the languages (about an hour)
	@$(BIN)/python bench/measure.py
	@$(BIN)/python bench/deploying.py
	@$(BIN)/python bench/polling.py
	@$(BIN)/python bench/targets.py
	@$(BIN)/python bench/logs.py
	@$(BIN)/python bench/tasks.py
	@$(BIN)/python bench/scale.py
	@$(BIN)/python bench/rights.py
	@$(BIN)/python bench/portal.py
	@$(BIN)/python bench/portal_grid.py
	@$(BIN)/python bench/portal_log.py
	@$(BIN)/python bench/languages.py

lint: $(STAMP) ## Check style, types, the layers, and for known vulnerabilities
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/bandit --quiet --recursive --configfile pyproject.toml src
	$(BIN)/python requirements/audit.py

fmt: $(STAMP) ## Format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

check: lint test test-e2e fuzz portal-check ## All that CI does

lock: $(STAMP) ## Pin the dependencies anew, with hashes
	$(BIN)/python -m uv pip compile --quiet --no-header --no-annotate --generate-hashes --no-emit-index-url --group dev pyproject.toml -o requirements/dev.txt

dist: $(STAMP) $(PORTAL) ## Build the Python package, with the portal inside
	$(BIN)/python -m hatchling build -t wheel

clean: ## Remove what was built
	rm -rf $(VENV) dist build tests/compat/ts/node_modules portal/node_modules portal/.node src/polpo/portal/dist .mypy_cache .ruff_cache .pytest_cache
