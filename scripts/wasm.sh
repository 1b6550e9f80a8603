#!/usr/bin/env bash
# The engine as WebAssembly with its JavaScript face, in web/engine. Builds only what changed.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/packages.sh
. scripts/rust_target.sh

target=wasm32-unknown-unknown
# without what browsers decode themselves
build=(build --quiet --locked --profile wasm -p realtime-backend-wasm --no-default-features --lib)
# Fixed vectors: kernels that are compiled once per instruction set have only this one here. What has to be inlined says
# so; the rest may be called.
export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS="-C target-feature=+simd128 -C llvm-args=-inline-threshold=60"
cargo_for $target "${build[@]}"
module=$target_folder/$target/wasm/realtime_backend_wasm.wasm

stamp=$(cksum <"$module")
if [ "$(cat web/engine/stamp 2>/dev/null)" != "$stamp" ]; then
    glue=${CARGO_TARGET_DIR:-target}/glue
    cargo build --quiet --locked --manifest-path rust/wasm/bindgen/Cargo.toml --target-dir "$glue"
    mkdir -p web/engine
    "$glue/debug/wasm-glue" "$module" web/engine engine
    features=(simd bulk-memory nontrapping-float-to-int sign-ext mutable-globals multivalue reference-types)
    web/node_modules/.bin/wasm-opt -Oz "${features[@]/#/--enable-}" web/engine/engine_bg.wasm -o web/engine/engine_bg.wasm
    echo "$stamp" >web/engine/stamp
fi
