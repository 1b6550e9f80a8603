#!/usr/bin/env bash
# The engine as WebAssembly with its JavaScript face, in web/engine. WASM_TOOLCHAIN=debian forces the packaged compiler.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/packages.sh

target=wasm32-unknown-unknown
build="${CARGO_TARGET_DIR:-target}"
args=(build --quiet --locked --profile wasm -p realtime-backend-wasm --lib --target $target)
export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS="-C target-feature=+simd128"

has_target() { [ -d "$(rustc --print sysroot)/lib/rustlib/$target/lib" ]; }

if [ "${WASM_TOOLCHAIN:-}" != debian ] && { has_target || { rustup target add $target >/dev/null 2>&1 && has_target; }; }; then
    cargo "${args[@]}"
else
    # no prebuilt standard library: the packaged compiler builds it from its sources
    [ -x /usr/bin/rustc ] && [ -d /usr/lib/rustlib/src ] || [ -d /usr/src/rustc-"$(/usr/bin/rustc -V 2>/dev/null | cut -d' ' -f2)" ] ||
        install_packages rustc-web rust-web-src
    linker=$(find /usr/lib/rust* /usr/lib/rustlib "$(rustc --print sysroot)" -name rust-lld -type f 2>/dev/null | head -1)
    [ -n "$linker" ] || fail "no rust-lld found. Type:  rustup target add $target"
    RUSTC_BOOTSTRAP=1 RUSTC=/usr/bin/rustc CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=$linker \
        /usr/bin/cargo "${args[@]}" -Zbuild-std=std,panic_abort
fi

cargo build --quiet --locked --manifest-path rust/wasm/bindgen/Cargo.toml --target-dir "$build/glue"
mkdir -p web/engine
"$build/glue/debug/wasm-glue" "$build/$target/wasm/realtime_backend_wasm.wasm" web/engine engine
