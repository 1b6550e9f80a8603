#!/usr/bin/env bash
# From Rust and Python on a bare Debian or Ubuntu to a built package in .venv. Quiet about what is already there.
set -euo pipefail
cd "$(dirname "$0")/.."

. scripts/packages.sh

command -v cargo >/dev/null || fail "Rust is missing. Install it with rustup (https://rustup.rs) and run this again."
python=${PYTHON:-python3}
command -v "$python" >/dev/null || fail "Python 3.10 or newer is missing. Type:  sudo apt-get install -y python3 python3-venv"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 10))' ||
    fail "Python 3.10 or newer is needed, this is $("$python" --version). Name another one:  make PYTHON=python3.12 ..."

missing=()
command -v cc >/dev/null || missing+=(build-essential)
"$python" -c 'import ensurepip, venv' 2>/dev/null || missing+=(python3-venv)
[ ${#missing[@]} = 0 ] || install_packages "${missing[@]}"

pip() { .venv/bin/python -m pip --quiet --disable-pip-version-check "$@" --root-user-action=ignore; }

.venv/bin/python -c '' 2>/dev/null || {
    echo "making .venv"
    "$python" -m venv --clear .venv
}
.venv/bin/maturin --version >/dev/null 2>&1 || pip install 'maturin>=1.9,<2'

# Requirements are read again when pyproject.toml changes; the native module is rebuilt when its sources do.
stamp=$(cksum <pyproject.toml)
install=(--skip-install)
if [ "$(cat .venv/requirements 2>/dev/null)" != "$stamp" ]; then
    echo "building the engine and installing what it needs (a few minutes the first time)"
    install=(--extras dev,plot)
fi
# its own --quiet does not reach pip
PIP_QUIET=1 PIP_DISABLE_PIP_VERSION_CHECK=1 VIRTUAL_ENV=$PWD/.venv .venv/bin/maturin develop --release --locked --quiet "${install[@]}"
echo "$stamp" >.venv/requirements
