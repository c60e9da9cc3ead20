# The verbs. What a verb needs is set up by setup/, what it does is in the folder of its name or in lab/.
.DEFAULT_GOAL := help
.SILENT:
MAKEFLAGS += --no-print-directory
.NOTPARALLEL:
.PHONY: help up down status map attach shell logs threads tables capture fault heal demo chaos bench reliability test test-unit lint render lock clean

# Some systems have a NAME of their own in the environment. Ours is given to make.
ifneq ($(origin NAME),command line)
override NAME :=
endif

# Values go through the environment, as they are: neither make nor the shell reads anything into NODE="it's $HOME".
VARIABLES := TOPOLOGY FORWARDERS SUBNET_BASE NAME NODE NETWORK FILE SCENARIO ONLY KEEP YES KIND PEER AMOUNT WAY MINUTES SEED
$(foreach v,$(VARIABLES),$(eval override $v := $$(value $v)))
export $(VARIABLES)

SETUP := sh setup/run.sh
# They take the place of make's shell, which would hear a SIGTERM in their stead, and end without a word to them.
LAB := exec sh setup/lab.sh
RUN := .venv/bin/python -S setup/start.py
PYTHON := .venv/bin/python
name := $${NAME:+"--name=$$NAME"}
topology := $${TOPOLOGY:+"--topology=$$TOPOLOGY"} $${FORWARDERS:+"--forwarders=$$FORWARDERS"} $${SUBNET_BASE:+"--base=$$SUBNET_BASE"}
how := $${PEER:+"--peer=$$PEER"} $${AMOUNT:+"--amount=$$AMOUNT"} $${WAY:+"--way=$$WAY"} $${NETWORK:+"--network=$$NETWORK"}

help:
	awk -F ' *## *' '/^[a-z-]+: ##/ { sub(":", "", $$1); printf "make %-11s %-28s %s\n", $$1, $$2, $$3 }' Makefile
	printf '%s\n' '' \
	    'TOPOLOGY=lab               which lab: a name in topology/, or the path of a file' \
	    'FORWARDERS=3               how long its chain of forwarders is' \
	    'SUBNET_BASE=10.83.0.0/16   where its networks are, should they collide with yours' \
	    'NAME=socklab               what it is called: labs of several names can be up' \
	    'PEER=alice                 of a fault: between NODE and whom' \
	    'AMOUNT=20%                 of a fault: how much' \
	    'WAY=in                     of a fault: what comes in, goes out, or both' \
	    'MINUTES=30                 of chaos: for how long' \
	    'SEED=7                     of chaos: which faults' \
	    'YES=1                      install what is missing without asking'

up: ## [TOPOLOGY= FORWARDERS= ...] ## start a lab, setting up what is missing
	$(SETUP) venv
	exec $(RUN) lab up $(topology) $(name)

down: ## [NAME=] ## stop a lab and remove all of it
	$(LAB) down $(name)

status: ## [NAME=] ## show the nodes and their state
	$(LAB) status $(name)

map: ## [NAME=] ## draw the lab: names, roles, addresses, state
	$(LAB) map $(name)

attach: ## NODE=alice [NAME=] ## talk to a node's program on your terminal
	$(LAB) attach $(name) -- "$$NODE"

shell: ## NODE=alice [NAME=] ## open a shell on a node
	$(LAB) shell $(name) -- "$$NODE"

logs: ## [NODE=] [NAME=] ## show what the nodes, or one, printed
	$(LAB) logs $(name) $${NODE:+-- "$$NODE"}

threads: ## NODE=server [NAME=] ## show the threads of a node's program, live
	$(LAB) threads $(name) -- "$$NODE"

tables: ## [NODE=a] [NAME=] ## show the tables and counters of packet switches
	$(LAB) tables $(name) $${NODE:+-- "$$NODE"}

capture: ## [NETWORK=] [FILE=] [NAME=] ## record packets to a file, or with FILE=- for Wireshark
	$(LAB) capture $(name) $${NETWORK:+"--network=$$NETWORK"} $${FILE:+"--file=$$FILE"}

fault: ## KIND=loss NODE=bob [...] ## break something on purpose, as docs/faults.md says
	$(LAB) fault $(name) $(how) -- "$$KIND" "$$NODE"

heal: ## [NAME=] ## undo all faults
	$(LAB) heal $(name)

demo: ## [SCENARIO=q2] ## play a scenario, explained; without SCENARIO: list them
	$(SETUP) engine compose images venv
	if [ -n "$$SCENARIO" ]; then exec $(RUN) scenarios demo -- "$$SCENARIO"; else $(RUN) scenarios list; fi

chaos: ## [MINUTES=1 SEED=7] ## break everything for a while, heal it, and judge
	$(SETUP) engine compose images venv
	exec $(RUN) scenarios chaos $${MINUTES:+"--minutes=$$MINUTES"} $${SEED:+"--seed=$$SEED"}

bench: ## [ONLY=forwarder] ## measure speed beside other tools, into docs/speed.md
	$(SETUP) engine compose images peers venv dev
	exec $(RUN) benchmarks $${ONLY:+-- "$$ONLY"}

reliability: ## [ONLY=hostile] ## try to break it, into docs/reliability.md
	$(SETUP) engine compose images peers venv dev fuzz
	$(RUN) reliability $${ONLY:+-- "$$ONLY"}

# Tests mostly wait, so there are more of them at a time than processors.
test: ## [KEEP=1] ## run all tests; KEEP=1 leaves the labs of failed scenarios up
	$(SETUP) engine compose images peers venv dev fuzz
	$(RUN) pytest -n 3 tests/unit tests/repo tests/fuzz
	$(RUN) pytest -n 4 tests/scenarios

test-unit: ## ## run the tests that need no engine
	$(SETUP) venv dev
	$(RUN) pytest -n 3 tests/unit

lint: ## ## check style and types
	$(SETUP) venv dev
	$(PYTHON) -m ruff check
	$(PYTHON) -m ruff format --check
	$(PYTHON) -m mypy

render: ## ## write compose.yaml, drawing and schema from topology/
	$(SETUP) venv
	$(PYTHON) -m topology generate

lock: ## ## choose new versions of the Python packages
	sh setup/lock.sh

clean: ## ## remove all labs, our images, .venv and runs/
	sh setup/clean.sh
