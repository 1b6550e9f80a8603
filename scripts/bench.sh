#!/usr/bin/env bash
# Kernels, then whole renders beside numpy doing the same sines (and sox, where it is installed), then the tracks in the
# arguments under the rules `default` and `intended`, then how time and memory grow with the input.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo bench --workspace --locked --quiet
.venv/bin/python benches/end_to_end.py "$@"
.venv/bin/python benches/growth.py
