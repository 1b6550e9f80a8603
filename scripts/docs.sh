#!/usr/bin/env bash
# Build the documentation into out/site, with the studio; a broken link or reference is an error.
set -euo pipefail
cd "$(dirname "$0")/.."
requirements=scripts/requirements-docs.txt
stamp=$(cksum <$requirements)
[ "$(cat .venv/requirements-docs 2>/dev/null)" = "$stamp" ] || {
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --root-user-action=ignore -r $requirements
    echo "$stamp" >.venv/requirements-docs
}
scripts/web.sh
# its own --quiet would silence the warnings that fail the build
NO_MKDOCS_2_WARNING=1 .venv/bin/python -m mkdocs build --strict 2>&1 | sed "/^INFO/d"
echo "out/site/index.html"
