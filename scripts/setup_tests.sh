#!/usr/bin/env bash
# What only the tests need: a sound server that plays into nothing, what Qt opens its offscreen windows with, a graphics
# driver in software, other readers of audio files, a terminal without a window, a session bus and what controls players over it.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/packages.sh

requirements=scripts/requirements-tests.txt
stamp=$(cksum <$requirements)
[ "$(cat .venv/requirements-tests 2>/dev/null)" = "$stamp" ] || {
    echo "installing what the tests need"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --root-user-action=ignore -r $requirements
    echo "$stamp" >.venv/requirements-tests
}

missing=()
command -v pulseaudio >/dev/null || missing+=(pulseaudio)
command -v parec >/dev/null || missing+=(pulseaudio-utils)
command -v ffmpeg >/dev/null || missing+=(ffmpeg)
command -v flac >/dev/null || missing+=(flac)
command -v tmux >/dev/null || missing+=(tmux)
command -v dbus-daemon >/dev/null || missing+=(dbus-daemon)
command -v playerctl >/dev/null || missing+=(playerctl)
.venv/bin/python -c 'import PySide6.QtWidgets' 2>/dev/null ||
    missing+=(libdbus-1-3 libegl1 libfontconfig1 libgl1 libglib2.0-0 libxkbcommon0)
compgen -G "/usr/share/vulkan/icd.d/lvp_icd*.json" >/dev/null || missing+=(mesa-vulkan-drivers)
[ ${#missing[@]} = 0 ] || install_packages "${missing[@]}"
