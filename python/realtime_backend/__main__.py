"""Run the command line: ``python -m realtime_backend``."""

from ._cli import main

if __name__ == "__main__":
    main()
