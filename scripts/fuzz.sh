#!/usr/bin/env bash
# Every fuzz target for FUZZ_SECONDS (60) seconds. A panic, an answer after more than a second, more than 256 MB, or a
# sample that is not finite ends it, and leaves the input in fuzz/artifacts.
set -euo pipefail
cd "$(dirname "$0")/.."

cargo fuzz --version >/dev/null 2>&1 || {
    echo "installing cargo-fuzz"
    cargo install --quiet --locked cargo-fuzz
}

# No sanitizer: the core is safe Rust, and without one the stable compiler is enough.
run() {
    local target=$1
    shift
    mkdir -p "fuzz/corpus/$target"
    echo "$target"
    cargo fuzz run --sanitizer none "$target" "fuzz/corpus/$target" "$@" -- \
        -max_total_time="${FUZZ_SECONDS:-60}" -timeout=1 -rss_limit_mb=256 -malloc_limit_mb=256 \
        -max_len=65536 -dict=fuzz/words.dict -print_final_stats=1 2>&1 | grep -E '^(stat::number_of_executed|stat::peak_rss|SUMMARY|==|thread|Base64)' || true
    ! compgen -G "fuzz/artifacts/$target/*" >/dev/null || {
        echo "fuzz: $target failed; the input is in fuzz/artifacts/$target" >&2
        return 1
    }
}

run track_text tests_rs/tracks examples
run track_structure
run presets fuzz/seeds/presets
run imports parity/golden/import tests_rs/imports
run media tests_rs/media
run hrirs parity/golden/sofa
