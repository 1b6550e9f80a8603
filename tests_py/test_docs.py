"""Generated documentation is current, and what the README shows runs."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

import pytest
import recordings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

sys.path.insert(0, str(recordings.ROOT / "scripts"))
import docs

README = (recordings.ROOT / "README.md").read_text()


@pytest.mark.parametrize(("path", "make"), docs.GENERATED.items(), ids=lambda value: getattr(value, "name", ""))
def test_generated_documentation_is_current(path: Path, make: Callable[[], str]) -> None:
    assert path.read_text() == make(), "run: python scripts/docs.py"


def test_the_python_in_the_readme_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {"help": lambda _: None}
    for block in re.findall(r"```python\n(.*?)```", README, re.DOTALL):
        exec(compile(block, "README.md", "exec"), names)
    assert (tmp_path / "session.flac").exists()


def test_the_files_that_the_documentation_names_exist() -> None:
    for document in (recordings.ROOT / "README.md", *sorted((recordings.ROOT / "docs").glob("*.md"))):
        for target in re.findall(r"\]\(([^)#:]+)\)", document.read_text()):
            assert (document.parent / target).exists(), f"{document.name} names {target}"
