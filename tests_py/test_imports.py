"""The modules that an import of the package loads."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    ("module", "unwanted"),
    [
        ("realtime_backend", ("matplotlib", "qtpy", "scipy", "asyncio", "inspect", "realtime_backend.session")),
        ("realtime_backend.session", ("matplotlib", "qtpy", "scipy", "IPython", "realtime_backend.qt")),
    ],
)
def test_importing_loads_no_heavy_modules(module: str, unwanted: tuple[str, ...]) -> None:
    """Modules that numpy loads do not count."""
    code = f"import numpy, sys; before = set(sys.modules); import {module}; print(*sorted(set(sys.modules) - before))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert module in loaded
    assert not set(unwanted) & set(loaded)
