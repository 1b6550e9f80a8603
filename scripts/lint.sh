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
run $py scripts/licences.py --check
run .venv/bin/reuse lint --quiet
schema() { run .venv/bin/check-jsonschema --quiet --builtin-schema "vendor.$1" "${@:2}"; }
schema github-workflows .github/workflows/*.yml
schema github-issue-forms .github/ISSUE_TEMPLATE/{fault,sound,wish}.yml
schema github-issue-config .github/ISSUE_TEMPLATE/config.yml
schema dependabot .github/dependabot.yml
schema citation-file-format CITATION.cff
run .venv/bin/zizmor --offline --quiet .github
run .venv/bin/validate-pyproject pyproject.toml
