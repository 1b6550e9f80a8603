#!/usr/bin/env bash
# Kernels; whole renders beside numpy, fundsp, sox and flac (the last two where they are installed); the tracks in the
# arguments under the rules `default` and `intended`; then how time and memory grow with the input.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo bench --workspace --locked --quiet
cargo build --release --locked --quiet --manifest-path benches/rivals/Cargo.toml
.venv/bin/python benches/end_to_end.py "$@"
.venv/bin/python benches/growth.py
