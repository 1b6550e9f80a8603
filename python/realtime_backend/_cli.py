"""The command line: the same code as the native binary, so the same commands, options and exit codes."""

from __future__ import annotations

import signal
import sys

from . import _core


def main() -> None:
    """Run the command line with the arguments of the process, and exit."""
    # Ctrl-C is the command line's own from here on; the interpreter would raise once more at the end.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.exit(_core.command_line(["realtime_backend", *sys.argv[1:]]))
