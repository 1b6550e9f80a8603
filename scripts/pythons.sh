#!/usr/bin/env bash
# The Pythons on this machine that the package is for, one of each version, a path a line: those on the PATH, and pyenv's.
set -euo pipefail
declare -A found
for python in $(compgen -c python3 | grep -xE 'python3(\.[0-9]+)?' | sort -u) "${PYENV_ROOT:-$HOME/.pyenv}"/versions/*/bin/python3; do
    path=$(command -v "$python") || continue
    version=$("$path" -c 'import sys; print("%d.%d" % sys.version_info[:2] if sys.version_info >= (3, 10) else "")' 2>/dev/null) || continue
    [ -z "$version" ] || [ -n "${found[$version]:-}" ] || found[$version]=$path
done
for version in $(printf '%s\n' "${!found[@]}" | sort -V); do echo "${found[$version]}"; done
