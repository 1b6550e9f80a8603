#!/usr/bin/env bash
# The engine as WebAssembly with its JavaScript face, in web/engine: engine.js, with what most tracks need, and full.js,
# with everything. Builds only what changed.
# WASM_TOOLCHAIN=debian takes the packaged compiler even where rustup has the target.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/packages.sh

target=wasm32-unknown-unknown
folder=${CARGO_TARGET_DIR:-target}
# without the default features, among them what browsers decode themselves
build=(build --quiet --locked --profile wasm -p realtime-backend-wasm --no-default-features --lib --target $target)
# Fixed vectors: kernels that are compiled once per instruction set have only this one here. What has to be inlined says
# so; the rest may be called.
export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS="-C target-feature=+simd128 -C llvm-args=-inline-threshold=60"

needed=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
new_enough() { printf '%s\n' "$needed" "$(/usr/bin/rustc --version | cut -d' ' -f2)" | sort -VC; }
has_target() { [ -d "$(rustc --print sysroot)/lib/rustlib/$target/lib" ]; }

if [ "${WASM_TOOLCHAIN:-}" != debian ] && { has_target || { rustup target add $target >/dev/null 2>&1 && has_target; }; }; then
    compile() { cargo "${build[@]}" "$@"; }
else
    # no standard library for the target: the packaged compiler builds it from its sources
    packages=(--no-install-recommends rustc-web cargo-web rust-web-src)
    { [ -x /usr/bin/rustc ] && [ -x /usr/bin/cargo ] && [ -e /usr/lib/rustlib/src ]; } || install_packages "${packages[@]}"
    new_enough || install_newest_packages "${packages[@]}"
    new_enough || fail "Rust $needed is needed, the packaged compiler is $(/usr/bin/rustc --version). Type:  rustup target add $target"
    linker=$(find "$(rustc --print sysroot)" /usr/lib -name rust-lld -type f -print -quit 2>/dev/null)
    [ -n "$linker" ] || fail "there is no rust-lld. Type:  rustup target add $target"
    folder=$folder/debian
    compile() {
        env -u RUSTUP_TOOLCHAIN PATH="/usr/bin:$PATH" RUSTC_BOOTSTRAP=1 RUSTC=/usr/bin/rustc CARGO_TARGET_DIR="$folder" \
            CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER="$linker" \
            /usr/bin/cargo "${build[@]}" -Zbuild-std=std,panic_abort "$@"
    }
fi
module=$folder/$target/wasm/realtime_backend_wasm.wasm
glue=${CARGO_TARGET_DIR:-target}/glue

# module NAME [CARGO ARGUMENTS...]: web/engine/NAME.js and NAME_bg.wasm
module() {
    local name=$1 stamp
    shift
    compile "$@"
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
