#!/usr/bin/env bash
# The types and lints of what only Windows and macOS compile. Nothing is linked, so a compiler for their C is not needed.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/packages.sh
. scripts/rust_target.sh

tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
# stand for a C compiler and an archiver: they write empty files
cat >"$tools/cc" <<'SCRIPT'
#!/bin/sh
while [ $# -gt 0 ]; do
    [ "$1" = -o ] && : >"$2"
    shift
done
SCRIPT
cat >"$tools/ar" <<'SCRIPT'
#!/bin/sh
for name; do case $name in *.a) : >"$name" ;; esac done
SCRIPT
chmod +x "$tools"/*

for target in x86_64-pc-windows-gnu aarch64-apple-darwin; do
    echo "$target"
    export "CC_${target//-/_}=$tools/cc" "AR_${target//-/_}=$tools/ar"
    cargo_for $target clippy --workspace --all-targets --exclude realtime-backend-wasm --locked --quiet -- -D warnings
done
