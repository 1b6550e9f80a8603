"""What `python -m realtime_backend doctor` says of the Python that runs it; the native code says the rest."""

from __future__ import annotations

import sys
from importlib.machinery import PathFinder
from pathlib import Path

import numpy as np

NAME = "realtime_backend"
FOLDER = Path(__file__).parent


def others() -> list[Path]:
    """Return every other `realtime_backend` on the path of imports, such as the module of the legacy backend."""
    found: list[Path] = []
    for folder in sys.path:
        spec = PathFinder.find_spec(NAME, [folder or "."])
        if spec is None or spec.origin is None:
            continue
        origin = Path(spec.origin).resolve()
        if origin.parent != FOLDER.resolve() and origin not in found:
            found.append(origin)
    return found


def report() -> int:
    """Print the versions and places of this Python; return the number of other modules of the same name."""
    version = ".".join(map(str, sys.version_info[:3]))
    print(f"python     {version}, numpy {np.__version__} ({sys.executable})")
    print(f"package    {FOLDER}")
    doubles = others()
    for other in doubles:
        print(f"           warning: {other} has the same name; uninstall it, or import from another folder")
    return len(doubles)
