# Two commands are enough: `make up` and `make test`. Needs Python 3.11 or newer, make and git.

PYTHON ?= python3
BIN := .venv/bin
SETUP := $(PYTHON) src/toli/config/bootstrap.py
SIZE ?= small
PORT ?=
TOLI_HOME ?=

ifneq ($(strip $(PORT)),)
export PORT
else
unexport PORT
endif
ifneq ($(strip $(TOLI_HOME)),)
export TOLI_HOME
else
unexport TOLI_HOME
endif

.DEFAULT_GOAL := help
.PHONY: help up setup check test e2e bench demo shots lighthouse

help:
	@echo "make up      start Toli with a demo campaign (PORT=8000, TOLI_HOME=var)"
	@echo "make test    everything: lint, types, walls, tests, browser journeys"
	@echo "make setup   only install"
	@echo "make check   the fast part of the tests: lint, types, walls, migrations"
	@echo "make e2e     only the browser journeys"
	@echo "make bench   measure Toli beside its peers"
	@echo "make demo    start with the demo of SIZE=small, SIZE=state or SIZE=full"
	@echo "make lighthouse  Lighthouse on the join page, my day and the board"
	@echo "make shots   draw the README's pictures"

setup:
	@$(SETUP)

up: setup
	@exec $(BIN)/toli up

demo: setup
	@exec $(BIN)/toli up --demo $(SIZE)

check:
	@$(SETUP) dev
	@$(BIN)/python tests/run_all.py check

test:
	@$(SETUP) dev browser
	@$(BIN)/python tests/run_all.py

e2e:
	@$(SETUP) dev browser
	@$(BIN)/python tests/run_all.py journeys

bench:
	@$(SETUP) dev
	@$(BIN)/toli bench all

shots:
	@$(SETUP) dev browser
	@$(BIN)/toli shots

lighthouse:
	@$(SETUP) dev browser
	@$(BIN)/toli bench lighthouse
