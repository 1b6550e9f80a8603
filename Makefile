# make demo: hear it. make test: everything that must hold. Both install what is missing, first.
PY := .venv/bin/python

.PHONY: setup demo test lint cross generate bench docs dist fuzz web web-demo web-test fmt clean

setup:            ## tools, virtual environment in .venv, the built package in it
	@scripts/setup.sh

demo: setup       ## render examples/evening.json to out/, with a picture
	@$(PY) scripts/demo.py

test: setup lint  ## all tests
	cargo test --workspace --locked --quiet --features tests_rs/mp3,realtime-backend-cli/mpris
	$(PY) -m pytest

lint: setup       ## formatting, lints, types, documentation
	@scripts/setup_tests.sh
	@scripts/lint.sh

cross:            ## lints of what only Windows and macOS compile
	@scripts/cross.sh

generate: setup  ## schema, reference pages, Python classes and pictures of voices, from the tables of the engine
	@scripts/generate.sh

bench: setup      ## kernels, whole renders beside numpy, fundsp, sox and flac, the rules `intended` on TRACKS, growth
	@scripts/bench.sh $(TRACKS)

docs: setup       ## the documentation as a site, with the studio, in out/site
	@scripts/docs.sh

dist: setup       ## wheel and source distribution in dist/, each tried in a bare environment
	@scripts/dist.sh

web:              ## the npm package in web/, with the engine as WebAssembly
	@scripts/web.sh

web-demo: web     ## the studio, on http://localhost:8080/studio/
	@node web/serve.mjs

fuzz:             ## every fuzz target for a minute (FUZZ_SECONDS)
	@scripts/fuzz.sh

web-test: docs    ## the browser build in Node and in Chromium, the studio, the site
	@scripts/web.sh test

fmt: setup        ## format everything
	cargo fmt --all
	$(PY) -m ruff format
	$(PY) -m ruff check --fix

clean:            ## what was built and rendered; the virtual environment stays
	cargo clean
	rm -rf dist out
