#!/usr/bin/env bash
# The package in web/: its tools, the engine as WebAssembly, the TypeScript around it, the studio.
# With "test": all tests of the browser build, in Node, Chromium and Firefox.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/packages.sh

missing=()
command -v node >/dev/null || missing+=(nodejs)
command -v npm >/dev/null || missing+=(npm)
[ ${#missing[@]} = 0 ] || install_packages "${missing[@]}"
[ "$(node -p 'const [a, b] = process.versions.node.split("."); a > 20 || (a == 20 && b >= 19)')" = true ] || fail "Node 20.19 or newer is needed, this is $(node --version)."

lock=$(cksum <web/package-lock.json)
if [ "$(cat web/node_modules/.lock 2>/dev/null)" != "$lock" ]; then
    npm --prefix web ci --no-audit --no-fund --silent
    echo "$lock" >web/node_modules/.lock
fi
scripts/wasm.sh
npm --prefix web run --silent build

[ "${1:-}" = test ] || exit 0
# the package as others install it: its entries, its types
npm --prefix web run --silent check
[ -n "${CHROMIUM:-}" ] || command -v chromium >/dev/null || install_packages --no-install-recommends chromium
[ -n "${FIREFOX:-}" ] || command -v firefox-esr >/dev/null || install_packages --no-install-recommends firefox-esr
# without a sound server, Firefox plays nothing
command -v pulseaudio >/dev/null || install_packages --no-install-recommends pulseaudio
cargo build --quiet --locked -p realtime-backend-wasm --example reference
REFERENCE=${CARGO_TARGET_DIR:-target}/debug/examples/reference
REFERENCE=$(realpath "$REFERENCE") npm --prefix web run --silent test
