"""The command line: the same code as the native binary, so the same commands, options and exit codes."""

from __future__ import annotations

import sys

from . import _core


def main() -> None:
    """Run the command line with the arguments of the process, and exit."""
    sys.exit(_core.command_line(["realtime_backend", *sys.argv[1:]]))
