"""Generated documentation is current, and what the README and the documentation show runs."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import recordings

if TYPE_CHECKING:
    from collections.abc import Callable

sys.path.insert(0, str(recordings.ROOT / "scripts"))
import docs

DOCUMENTS = [recordings.ROOT / "README.md", *sorted((recordings.ROOT / "docs").glob("*.md"))]


def blocks(document: Path, language: str) -> list[tuple[int, str]]:
    """Line number and text of every fenced block of a language."""
    text = document.read_text()
    found = re.finditer(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    return [(text.count("\n", 0, match.start(1)), match.group(1)) for match in found]


@pytest.mark.parametrize(("path", "make"), docs.GENERATED.items(), ids=lambda value: getattr(value, "name", ""))
def test_generated_documentation_is_current(path: Path, make: Callable[[], str]) -> None:
    assert path.read_text() == make(), "run: python scripts/docs.py"


@pytest.mark.parametrize("document", [path for path in DOCUMENTS if blocks(path, "python")], ids=lambda path: path.stem)
def test_the_snippets_of_the_documentation_run(document: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In order and in one namespace, in a folder with a track; then the shell. What plays, plays to nobody."""
    monkeypatch.setenv("REALTIME_BACKEND_AUDIO_HOST", "null")
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.chdir(tmp_path)
    track = json.loads((recordings.ROOT / "examples" / "evening.json").read_text())
    track["progression"] = track["progression"][:1]
    Path("track.json").write_text(json.dumps(track))
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    names: dict[str, object] = {"__name__": "documentation", "help": lambda _: None}
    for line, block in blocks(document, "python"):
        # lines are counted as in the document, so that a traceback names the right one
        exec(compile("\n" * line + block, str(document), "exec"), names)
    for _, block in blocks(document, "sh"):
        subprocess.run(["bash", "-e", "-c", block], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def test_the_files_that_the_documentation_names_exist() -> None:
    for document in DOCUMENTS:
        for target in re.findall(r"\]\(([^)#:]+)\)", document.read_text()):
            assert (document.parent / target).exists(), f"{document.name} names {target}"
