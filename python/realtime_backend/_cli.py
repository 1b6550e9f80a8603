"""The command line. It runs the code of the native binary, with the same commands, options and exit codes."""

from __future__ import annotations

import signal
import sys

from . import _core, _doctor


def main() -> None:
    """Run the command line with the arguments of this process, then exit.

    Raises:
        SystemExit: Always. Its code is the exit code of the command (spec streaming-and-bindings 3).
    """
    doubles = 0
    if sys.argv[1:] == ["doctor"]:
        doubles = _doctor.report()
        sys.stdout.flush()
    # The native code handles Ctrl-C. With its own handler, the interpreter would also raise KeyboardInterrupt.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    code = _core.command_line(["realtime_backend", *sys.argv[1:]])
    sys.exit(code or min(doubles, 1))
