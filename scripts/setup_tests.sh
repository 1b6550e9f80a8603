#!/usr/bin/env bash
# What only the tests need: a sound server that plays into nothing.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/packages.sh

missing=()
command -v pulseaudio >/dev/null || missing+=(pulseaudio)
command -v parec >/dev/null || missing+=(pulseaudio-utils)
[ ${#missing[@]} = 0 ] || install_packages "${missing[@]}"
