#!/usr/bin/env bash
# Write everything that is generated from the tables of the engine: the schema of tracks, the reference pages, the Python
# classes of voices, the voices and the rules of the studio, the picture of the screen, the pictures of voices.
set -euo pipefail
cd "$(dirname "$0")/.."
py=.venv/bin/python
scripts/setup_tests.sh

echo "docs/track.schema.json"
UPDATE_DOCS=1 cargo test --quiet --locked -p tests_rs --test track_schema >/dev/null
echo "python/realtime_backend/session/voices.py, python/realtime_backend/synth.pyi"
$py scripts/session_voices.py
$py scripts/synth_stub.py
$py -m ruff format --quiet python/realtime_backend/session/voices.py python/realtime_backend/synth.pyi
echo "web/studio/src/inspector/voices.json"
$py scripts/studio_voices.py
echo "web/studio/src/timeline/rules.json"
$py scripts/studio_rules.py
echo "docs/pictures/play.svg"
UPDATE_DOCS=1 cargo test --quiet --locked -p realtime-backend-cli --lib the_picture >/dev/null
echo "docs/pictures/*.png"
$py scripts/pictures.py >/dev/null
echo "docs/voices/*.png"
$py scripts/voice_pictures.py
# the pages show the pictures
echo "docs/voices.md, docs/compat.md, docs/format.md"
$py scripts/docs.py
echo "THIRD-PARTY.md"
$py scripts/licences.py
