#!/usr/bin/env bash
# Formatting, lints, types and documentation of both languages; stops at the first that fails.
set -euo pipefail
cd "$(dirname "$0")/.."
py=.venv/bin/python

run() {
    echo "$*"
    "$@"
}

run cargo fmt --all --check
# the features that packages leave out, as in the tests
run cargo clippy --workspace --all-targets --locked --quiet --features tests_rs/mp3,realtime-backend-cli/mpris -- -D warnings
# links to private items help those who read the source
export RUSTDOCFLAGS="-D warnings -A rustdoc::private_intra_doc_links"
run cargo doc --workspace --no-deps --locked --quiet
run $py -m ruff format --check --quiet
run $py -m ruff check --quiet
run $py -m mypy --no-error-summary
run $py -m mypy.stubtest realtime_backend --mypy-config-file pyproject.toml --allowlist scripts/stubtest.allow --concise
