"""A SBaGen sequence as a track: what it holds, a file of its first minutes, and the track to go on with.

python examples/imported_sbg.py [FILE.sbg] [--output FOLDER]
"""

from __future__ import annotations

import argparse
from pathlib import Path

import realtime_backend as rb
from realtime_backend.session import Session

SEQUENCE = """
alpha: pink/20 200+10/15
theta: pink/20 180+6/15
off: -

NOW alpha
+00:01 alpha ->
+00:02 theta
+00:03 off
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sequence", type=Path, nargs="?")
    parser.add_argument("--output", type=Path, default=Path("imported"))
    arguments = parser.parse_args()

    # every function takes a path, the text itself, a dictionary or a session
    text = arguments.sequence.read_text() if arguments.sequence else SEQUENCE
    for finding in rb.validate(text):
        print(f"{finding['severity']}: {finding['path']}: {finding['message']}")
    session = Session.load(text)
    for step in session.steps:
        print(f"{step.duration:g} s, {len(step.voices)} voices")

    arguments.output.mkdir(parents=True, exist_ok=True)
    session.save(arguments.output / "sequence.json")
    rb.render_to_file(session, arguments.output / "sequence.flac", duration=min(120.0, session.duration))


if __name__ == "__main__":
    main()
