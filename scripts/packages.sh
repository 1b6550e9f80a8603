# Sourced by the setup scripts: system packages, with the exact line to type where they cannot be installed from here.

fail() {
    printf 'setup: %s\n' "$*" >&2
    exit 1
}

install_packages() {
    local line="apt-get install -y $*"
    command -v apt-get >/dev/null || fail "please install what provides: $*"
    [ "$(id -u)" = 0 ] || command -v sudo >/dev/null || fail "packages are missing. As root, type:  $line"
    echo "installing $*"
    # a stale list of packages is refreshed only when the first try finds nothing
    as_root apt-get install -y -qq "$@" >/dev/null 2>&1 || install_newest_packages "$@" ||
        fail "could not install packages. Type:  sudo $line"
}

install_newest_packages() { as_root apt-get update -qq && as_root apt-get install -y -qq "$@" >/dev/null; }

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }
