#!/usr/bin/env bash
# The engine as WebAssembly with its JavaScript face, in web/engine: engine.js, with what tracks need that use no files
# and place no sound round the head, and full.js, with everything. Builds only what changed.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/packages.sh
. scripts/rust_target.sh

target=wasm32-unknown-unknown
# without the default features, among them what browsers decode themselves
build=(build --quiet --locked --profile wasm -p realtime-backend-wasm --no-default-features --lib)
# Fixed vectors: kernels that are compiled once per instruction set have only this one here. What has to be inlined says
# so; the rest may be called. Loops with conditions that do not change are split, as at level 3.
flags=(target-feature=+simd128 llvm-args=-inlinedefault-threshold=60 llvm-args=-enable-nontrivial-unswitch)
export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS="${flags[*]/#/-C }"

glue=${CARGO_TARGET_DIR:-target}/glue

# module NAME [CARGO ARGUMENTS...]: web/engine/NAME.js and NAME_bg.wasm
module() {
    local name=$1 module stamp
    shift
    cargo_for $target "${build[@]}" "$@"
    module=$target_folder/$target/wasm/realtime_backend_wasm.wasm
    stamp=$(cksum <"$module")
    [ "$(cat "web/engine/$name.stamp" 2>/dev/null)" != "$stamp" ] || return 0
    cargo build --quiet --locked --manifest-path rust/wasm/bindgen/Cargo.toml --target-dir "$glue"
    mkdir -p web/engine
    "$glue/debug/wasm-glue" "$module" web/engine "$name"
    features=(simd bulk-memory nontrapping-float-to-int sign-ext mutable-globals multivalue reference-types)
    web/node_modules/.bin/wasm-opt -Oz "${features[@]/#/--enable-}" "web/engine/${name}_bg.wasm" -o "web/engine/${name}_bg.wasm"
    echo "$stamp" >"web/engine/$name.stamp"
}

module engine
module full --features full
