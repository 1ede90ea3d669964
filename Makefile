# Bailiwick: `make` lists what there is to do. Every target sets itself up; nothing has to be installed first
# but Python 3.11 or newer (with its venv module) and make.

.DEFAULT_GOAL := help
.PHONY: help run test check soak bench mutants rules lock messages clean
.NOTPARALLEL:

PYTHON := .venv/bin/python

# Packages come uncompiled; what Python compiles is kept in one place, or each of a dozen processes would compile Django.
unexport PYTHONDONTWRITEBYTECODE
export PYTHONPYCACHEPREFIX := $(CURDIR)/.venv/pycache

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

run: ## start IDM, SPOT, the bureau and their workers with a small fictitious world (FRESH=1 starts over)
	@make/setup.sh run
	@exec $(PYTHON) -m bailiwick.command run --demo

test: ## run every test on SQLite and PostgreSQL, kill programs under it, then walk in a real browser
	@make/setup.sh dev
	@exec $(PYTHON) -m tests.run

check: ## format, lint, types, arrows and the tests of the main way, in under a minute
	@make/setup.sh dev
	@exec $(PYTHON) -m tests.run --check

soak: ## repeat the journeys and the kills for SOAK_MINUTES (default 30)
	@make/setup.sh dev
	@exec $(PYTHON) -m tests.run --soak

bench: ## measure the hot paths, each beside its limit
	@make/setup.sh dev
	@exec $(PYTHON) -m bench

mutants: ## change the rules of IDM in one place after another, and write which test notices (some minutes)
	@make/setup.sh dev
	@exec $(PYTHON) make/mutants.py

rules: ## write what docs/rules.md, docs/states/, docs/policy-profiles.md, docs/notices.md and docs/authorization.md take from the code and the tests
	@make/setup.sh dev
	@$(PYTHON) make/rules_table.py
	@$(PYTHON) make/state_drawings.py
	@$(PYTHON) make/policy_table.py
	@$(PYTHON) make/notices_table.py
	@$(PYTHON) make/authorization_table.py

lock: ## write requirements.txt and requirements-dev.txt anew from the .in files (needs uv)
	@make/lock.sh

messages: ## collect what programs say into their Spanish catalogs and compile them (needs gettext)
	@make/setup.sh run
	@make/messages.sh

clean: ## remove the environment and the fictitious world
	rm -rf .venv var
