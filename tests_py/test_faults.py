"""Every function and method of the native module turns a panic of the engine into an `EngineError`.

A panic that is not caught is a `BaseException` in Python, and `except Exception` does not catch it. No call is known to
panic, so these tests read the source code. The tests of the guard itself are in `rust/core/src/fault.rs`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
import realtime_backend as rb
import recordings
from realtime_backend import _core

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SOURCES = sorted((recordings.ROOT / "rust" / "python" / "src").rglob("*.rs"))
#: The start of a guarded body: a call of `guard`, or of a method of the player that has a guard.
GUARDED = re.compile(
    r"(?:let Self \{[^}]*\} = self;\s*|let py = object\.py\(\);\s*)?guard\(\|\| |self\s*\.(?:ask|with)\("
)


def exported(source: str) -> Iterator[tuple[str, str]]:
    """Yield name and body of every function and method that Python calls, and of the conversions of arguments."""
    lines = source.splitlines()
    methods = False
    for index, line in enumerate(lines):
        methods = (methods or line == "#[pymethods]") and line != "}"
        found = re.match(r"( *)(?:pub(?:\([a-z]+\))? )?fn (\w+)", line)
        if not found:
            continue
        above = index
        while above > 0 and re.match(r"\s*(?:#|///|\)|[a-z_]+[,=]|\w.*\\$)", lines[above - 1]):
            above -= 1
        python = "#[pyfunction]" in lines[above:index] or found[2] == "extract"
        if not (methods and found[1] == "    ") and not python:
            continue
        begin = next(at for at in range(index, len(lines)) if lines[at].endswith("{"))
        end = lines.index(found[1] + "}", begin)
        yield found[2], "\n".join(lines[begin + 1 : end]).strip()


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_every_exported_function_starts_with_a_guard(path: Path) -> None:
    bare = [name for name, body in exported(path.read_text()) if not GUARDED.match(body)]
    assert not bare, f"{path.name}: begin these with guard(|| ...): {bare}"


def test_the_search_finds_every_exported_function() -> None:
    seen = {name for path in SOURCES for name, _ in exported(path.read_text())}
    functions = {name for name in dir(_core) if type(getattr(_core, name)) is type(_core.load_track)}
    methods = {name for name in vars(_core.NativePlayer) if not name.startswith("_")}
    assert functions <= seen
    assert methods <= seen
    assert len(functions) > 30


def test_engine_error_is_a_runtime_error() -> None:
    assert issubclass(rb.EngineError, RuntimeError)
