# Sourced by the setup scripts: system packages, with the exact line to type where they cannot be installed from here.

fail() {
    printf 'setup: %s\n' "$*" >&2
    exit 1
}

install_packages() {
    local line="apt-get install -y $*" as_root=()
    command -v apt-get >/dev/null || fail "please install what provides: $*"
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null || fail "packages are missing. As root, type:  $line"
        as_root=(sudo)
    fi
    echo "installing $*"
    # a stale list of packages is refreshed only when the first try finds nothing
    "${as_root[@]}" apt-get install -y -qq "$@" >/dev/null 2>&1 ||
        { "${as_root[@]}" apt-get update -qq && "${as_root[@]}" apt-get install -y -qq "$@" >/dev/null; } ||
        fail "could not install packages. Type:  sudo $line"
}
