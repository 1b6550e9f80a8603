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
try_out() { # NAME PYTHON REQUIREMENT...: install into a bare environment, then make the first sounds
    echo "$1, $("$2" --version)"
    "$2" -m venv --clear "$bare/venv"
    "$bare/venv/bin/python" -m pip --quiet --disable-pip-version-check install --root-user-action=ignore "${@:3}"
    (cd "$bare" && venv/bin/python "$root/scripts/smoke.py")
    (cd "$bare" && REALTIME_BACKEND_LIBASOUND=libabsent.so.2 REALTIME_BACKEND_AUDIO_HOST=alsa venv/bin/python "$root/scripts/smoke.py")
}

wheel=$(realpath dist/*.whl)
# every Python that is here, with the newest numpy; the oldest numpy where it is built for that Python
for python in $(scripts/pythons.sh); do
    try_out wheel "$python" "$wheel"
    case $("$python" --version) in
    *" 3.10."* | *" 3.11."*) try_out "wheel, oldest numpy" "$python" "$wheel" "numpy==1.24.*" ;;
    esac
done
try_out "source distribution" python3 "$(realpath dist/*.tar.gz)"
