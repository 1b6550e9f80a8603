#!/usr/bin/env bash
# Wheel and source distribution into dist/, checked, each installed into a bare environment and tried there, also where
# there is no sound library.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
py=.venv/bin/python

scripts/setup_tests.sh
rm -rf dist
export VIRTUAL_ENV=$root/.venv
.venv/bin/maturin build --release --locked --quiet --out dist
.venv/bin/maturin sdist --out dist >/dev/null
$py -m twine check --strict dist/*

bare=$(mktemp -d)
trap 'rm -rf "$bare"' EXIT
# the installation from source finds the crates of others built
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$root/target}
for package in dist/*.whl dist/*.tar.gz; do
    echo "$package"
    python3 -m venv --clear "$bare/venv"
    "$bare/venv/bin/python" -m pip --quiet --disable-pip-version-check install --root-user-action=ignore "$package"
    (cd "$bare" && venv/bin/python "$root/scripts/smoke.py")
    (cd "$bare" && REALTIME_BACKEND_LIBASOUND=libabsent.so.2 REALTIME_BACKEND_AUDIO_HOST=alsa venv/bin/python "$root/scripts/smoke.py")
done
