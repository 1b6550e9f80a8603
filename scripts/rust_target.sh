# Sourced: cargo for a target of which no standard library is installed. Needs packages.sh.
# RUST_TOOLCHAIN=debian takes the packaged compiler even where rustup has the target.

# cargo_for TARGET ARGUMENT...: cargo for TARGET, with rustup's standard library or, where it cannot be had, the packaged
# compiler and one built from its sources. Leaves the folder of its output in `target_folder`.
cargo_for() {
    local target=$1 needed linker packages
    shift
    target_folder=${CARGO_TARGET_DIR:-target}
    if [ "${RUST_TOOLCHAIN:-}" != debian ] && { has_target "$target" || { rustup target add "$target" >/dev/null 2>&1 && has_target "$target"; }; }; then
        cargo "$1" --target "$target" "${@:2}"
        return
    fi
    packages=(--no-install-recommends rustc-web cargo-web rust-web-src)
    needed=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
    { [ -x /usr/bin/rustc ] && [ -x /usr/bin/cargo ] && [ -e /usr/lib/rustlib/src ]; } || install_packages "${packages[@]}"
    new_enough "$needed" || install_newest_packages "${packages[@]}"
    new_enough "$needed" || fail "Rust $needed is needed, the packaged compiler is $(/usr/bin/rustc --version). Type:  rustup target add $target"
    linker=$(find "$(rustc --print sysroot)" /usr/lib -name rust-lld -type f -print -quit 2>/dev/null)
    [ -n "$linker" ] || fail "there is no rust-lld. Type:  rustup target add $target"
    target_folder=$target_folder/debian
    env -u RUSTUP_TOOLCHAIN PATH="/usr/bin:$PATH" RUSTC_BOOTSTRAP=1 RUSTC=/usr/bin/rustc CARGO_TARGET_DIR="$target_folder" \
        CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER="$linker" \
        /usr/bin/cargo "$1" --target "$target" -Zbuild-std=std,panic_abort "${@:2}"
}

new_enough() { printf '%s\n' "$1" "$(/usr/bin/rustc --version | cut -d' ' -f2)" | sort -VC; }
has_target() { [ -d "$(rustc --print sysroot)/lib/rustlib/$1/lib" ]; }
