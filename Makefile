# `make up` on a fresh clone brings up the site `local`; `make help` lists the rest.

SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -c

SITE ?= local
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEVKIT := $(BIN)/python -m devkit
# Sites on real nodes, and everything that belongs to them, apart from the embedded ones.
REAL := EFD_SITE_DIR=tests/e2e/sites EFD_DEVKIT_DIR=.devkit-real
# The demo, apart from both; its site file is copied, for a visitor to edit.
DEMO := EFD_SITE_DIR=tests/e2e/sites EFD_DEVKIT_DIR=.devkit-demo $(BIN)/python -m devkit.demo
# down, status and clean take every site unless one is named.
NAMED_SITE := $(if $(filter command line environment,$(origin SITE)),--site $(SITE))

.DEFAULT_GOAL := help
.PHONY: help venv up preview docs drift verify restore archive report down status clean env test check lint types scan tools images \
  go unit engine e2e e2e-down bench demo demo-query demo-consume demo-preview demo-status demo-down

help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo "  A site is chosen with SITE=name, one of Pulumi.<name>.yaml; without it SITE=local."

venv: $(VENV)/.stamp ## the Python environment in .venv

$(VENV)/.stamp: requirements.txt requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "error: $(PYTHON) is not Python 3.11 or newer; set PYTHON=/path/to/python3.11" >&2; exit 1; }
	@echo "installing Python packages into $(VENV)"
	@$(PYTHON) -m venv $(VENV) \
	  || { echo "error: no Python environment could be made; Debian: apt install python3-venv" >&2; exit 1; }
	@$(BIN)/pip install --disable-pip-version-check -r requirements.txt -r requirements-dev.txt \
	  | sed -un 's/^Collecting \([^ ]*\).*/  \1/p; s/^Installing .*/  unpacking/p'
	@touch $@

demo: venv ## a small Summit on a real node, and a live table of its records; needs Linux and root
	@$(DEMO) show $(if $(FOR),--seconds $(FOR))

demo-query: venv ## ask the demo's InfluxDB: Q='SELECT …'
	@$(DEMO) query "$$Q"

demo-consume: venv ## read records of the demo from outside its cluster: N=20
	@$(DEMO) consume $(if $(N),--records $(N))

demo-preview: venv ## what an edit of the demo's site file would change
	@$(DEMO) preview

demo-status: venv ## what runs of the demo
	@$(DEMO) status

demo-down: venv ## end the demo and remove all of it
	@$(DEMO) down

up: venv ## bring a site up on an embedded cluster, or bring it up to date
	@$(DEVKIT) up --site $(SITE)

preview: venv ## show what `make up` would change
	@$(DEVKIT) preview --site $(SITE)

down: venv ## stop the embedded clusters; `make up` goes on from there
	@$(DEVKIT) down $(NAMED_SITE)

docs: venv ## write the documents that are made from the site files
	@$(BIN)/python -m pages

verify: venv ## ask a deployed site from outside if it is as planned: CA=file USER=name
	@$(BIN)/python -m verify --site $(SITE) $(if $(CA),--ca "$(CA)") $(if $(JSON),--json) \
	  $(if $(OUTPUTS),--outputs "$(OUTPUTS)") $(if $(filter command line,$(origin USER)),--user "$(USER)")

drift: venv ## name what differs in a cluster from what was deployed, and who did it: JSON=1 CONFIG=file
	@$(BIN)/python -m drift check --site $(SITE) $(if $(CONFIG),--config-file "$(CONFIG)") $(if $(JSON),--json)

restore: venv ## put a backup back into a deployed site: FROM=copy WHAT=influxdb SINCE= UNTIL= MERGE=1
	@$(BIN)/python -m restore --site $(SITE) $(if $(FROM),--from $(FROM)) $(if $(WHAT),--what $(WHAT)) \
	  $(if $(DATABASE),--database $(DATABASE)) \
	  $(if $(POLICY),--policy $(POLICY)) $(if $(SINCE),--since $(SINCE)) $(if $(UNTIL),--until $(UNTIL)) \
	  $(if $(MERGE),--merge)

archive: venv ## check the bucket of a site's archive, or make it with DO=create: CA=file
	@$(BIN)/python -m archive $(or $(DO),check) --site $(SITE) $(if $(CA),--ca "$(CA)") $(if $(JSON),--json)

report: venv ## what this checkout changes at each site, against BASE=main: FULL=file JSON=1
	@$(BIN)/python -m report render --base $(or $(BASE),main) $(if $(FULL),--full "$(FULL)") $(if $(JSON),--json)

status: venv ## show the embedded clusters' processes
	@$(DEVKIT) status $(NAMED_SITE)

clean: venv ## stop the embedded clusters and forget them and their state
	@$(DEVKIT) clean $(NAMED_SITE)

env: venv ## shell commands that point pulumi and kubectl at a site: eval "$(make -s env)"
	@$(DEVKIT) env --site $(SITE)

test: check unit engine ## everything that must pass

check: lint types go scan ## format, lint, types, Go checks, policy

lint: venv ## ruff: format and rules
	$(BIN)/ruff format --check
	$(BIN)/ruff check

types: venv ## mypy and pyright
	$(BIN)/mypy
	$(BIN)/pyright

scan: venv ## judge the objects of every site by the rules of the policy and by kube-score
	@$(BIN)/python -m policy

tools: venv ## build the tools, which `make up` does too
	@$(DEVKIT) tools

images: venv ## build the container images of a test site
	@$(DEVKIT) images

go: tools ## vet and test the Go sources of devkit
	$(DEVKIT) go vet ./...
	$(DEVKIT) go test ./...
	$(DEVKIT) go vet -C ../images/schema_registry ./...
	$(DEVKIT) go test -C ../images/schema_registry ./...

unit: venv ## tests that need Python only
	$(BIN)/pytest -n auto --dist worksteal

engine: tools ## tests with the real Pulumi engine and embedded clusters, and with a real Kafka
	$(BIN)/pytest -m engine -n 2 --dist loadfile --durations=10

e2e: tools ## the sites on real nodes, with real data; needs Linux and root
	@$(REAL) $(DEVKIT) release
	@$(REAL) $(DEVKIT) enclosed --anyway $(BIN)/pytest -m e2e -ra --durations=15 tests/e2e

e2e-down: venv ## end the real nodes and remove everything they left
	@$(REAL) $(DEVKIT) release

bench: tools ## what Pulumi and the program cost beside kubectl
	@$(BIN)/python -m tests.bench
