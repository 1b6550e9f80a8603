"""The generated documentation is up to date. The examples in the documentation run."""

from __future__ import annotations

import contextlib
import doctest
import importlib
import inspect
import io
import json
import os
import pkgutil
import re
import shlex
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import realtime_backend as rb
import recordings
from realtime_backend import session
from realtime_backend.session import SessionFile, SessionFileStep

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

sys.path.insert(0, str(recordings.ROOT / "scripts"))
import docs

ROOT = recordings.ROOT
MODULES = ["realtime_backend"] + [
    module.name
    for module in pkgutil.walk_packages(rb.__path__, "realtime_backend.")
    if not module.name.endswith(("._core", ".__main__"))
]
PAGES = [path for folder in (".", "api", "voices") for path in sorted((ROOT / "docs" / folder).glob("*.md"))]
DOCUMENTS = [ROOT / "README.md", *PAGES]
#: Languages of the code blocks that are executed here.
EXECUTED = {"python", "sh", "json", "toml"}
#: Other languages: `js` is executed by the tests in `web/`, `rust` is quoted from the sources; the others are output,
#: diagrams and HTTP headers.
OTHERS = {"js", "rust", "text", "http"}


def fences(document: Path) -> Iterator[tuple[str, int, str]]:
    """Yield language, line number and text of every fenced code block."""
    text = document.read_text()
    for match in re.finditer(r"^```(.*)\n((?:.*\n)*?)^```$", text, re.MULTILINE):
        yield match.group(1), text.count("\n", 0, match.start(2)), match.group(2)


def blocks(document: Path, language: str) -> list[tuple[int, str]]:
    return [(line, block) for found, line, block in fences(document) if found == language]


def documents_with(*languages: str) -> list[Path]:
    return [path for path in DOCUMENTS if any(blocks(path, language) for language in languages)]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with the files and commands of the documentation. Players use the null device."""
    monkeypatch.setenv("REALTIME_BACKEND_AUDIO_HOST", "null")
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    for name in ("HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.delenv("REALTIME_BACKEND_CONFIG", raising=False)
    commands = tmp_path / "bin"
    commands.mkdir()
    for name, words in {"python": [], "realtime_backend": ["-m", "realtime_backend"]}.items():
        (commands / name).write_text(f'#!/bin/sh\nexec {shlex.join([sys.executable, *words])} "$@"\n')
        (commands / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{commands}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.chdir(tmp_path)
    track = json.loads((ROOT / "examples" / "evening.json").read_text())
    track["progression"] = track["progression"][:1]
    track["progression"][0]["duration"] = 65.0
    for name in ("track", "evening", "session", "old", "a", "b", "c"):
        Path(f"{name}.json").write_text(json.dumps(track))
    Path("tracks").mkdir()
    Path("tracks/evening.json").write_text(json.dumps(track))
    stored = SessionFile([SessionFileStep(1.0, "json:a", "noise_preset:Rolling Pink")])
    stored.save("evening.session")
    shutil.copy(ROOT / "parity" / "golden" / "sofa" / "synth_ring187_44k.sofa", "ears.sofa")
    Path("night.sbg").write_text("-SE -F 2000\nrelax: 200+10/20\noff: -\n0:00 == relax ->\n0:01:05 off\n")
    return tmp_path


def claims(block: str) -> list[str]:
    """Return the comments after calls of `print`. Each is the expected output."""
    return re.findall(r"^\s*print\(.*\)  # (.+)$", block, re.MULTILINE)


def executed(document: Path | str, block: str, line: int, names: dict[str, object]) -> None:
    """Run a code block. Tracebacks have the line numbers of the document."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile("\n" * line + block, str(document), "exec"), names)
    for claim in claims(block):
        assert claim in printed.getvalue(), f"{document}: it printed {printed.getvalue()!r}"


def rehearsed(command: str) -> str:
    """Return the command. A command that builds, installs or takes long is replaced by a quick check."""
    words = shlex.split(command, comments=True)
    match words:
        case ["make", *targets]:
            return shlex.join(["make", "--dry-run", "-C", str(ROOT), *targets])
        case ["pip", "install", package]:
            extras = set(re.findall(r"\w+", package.partition("[")[2]))
            known = (ROOT / "pyproject.toml").read_text().partition("[project.optional-dependencies]")[2]
            assert re.fullmatch(r"(\.|realtime_backend)(\[.*\])?", package), package
            assert all(re.search(rf"^{extra} = ", known, re.MULTILINE) for extra in extras), package
            return ""
        case ["realtime_backend", "play", _]:
            return f"{command} --start 64"  # plays the last second
        case ["realtime_backend", "play", *_]:
            # plays for a second until Ctrl-C
            return f"timeout --preserve-status -s INT 1 {shlex.join(words)} || [ $? = 130 ]"
        case ["source", ".venv/bin/activate"]:
            assert "venv --clear .venv" in (ROOT / "scripts" / "setup.sh").read_text()
            return ""
        case ["cargo", "install", "--path", crate]:
            assert 'name = "realtime_backend"' in (ROOT / crate / "Cargo.toml").read_text()
            return ""
    return command


@pytest.mark.parametrize(("path", "make"), docs.GENERATED.items(), ids=lambda value: getattr(value, "name", ""))
def test_generated_documentation_is_up_to_date(path: Path, make: Callable[[], str]) -> None:
    assert path.read_text() == make(), "run: python scripts/docs.py"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.stem)
def test_every_code_block_has_a_known_language(document: Path) -> None:
    """No test would run a block without a language."""
    assert document.read_text().count("\n```") + document.read_text().startswith("```") == 2 * len(
        list(fences(document))
    ), "a block is not closed, or indented"
    for language, line, _ in fences(document):
        assert language in EXECUTED | OTHERS, f"{document.name}:{line}: a block of {language!r}"


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("document", documents_with("python", "sh"), ids=lambda path: path.stem)
def test_code_blocks_in_the_documentation_run(document: Path) -> None:
    """Python blocks run in order and share a namespace. Shell blocks run after them."""
    names: dict[str, object] = {"__name__": "documentation", "help": lambda _: None}
    for line, block in blocks(document, "python"):
        executed(document, block, line, names)
    for line, block in blocks(document, "sh"):
        script = "\n".join(rehearsed(command) for command in block.splitlines())
        done = subprocess.run(["bash", "-euc", script], check=False, capture_output=True, text=True)
        assert done.returncode == 0, f"{document.name}:{line}: {done.stderr}"


@pytest.mark.parametrize("document", documents_with("rust"), ids=lambda path: path.stem)
def test_rust_in_the_documentation_is_quoted_from_sources(document: Path) -> None:
    sources = [path.read_text() for path in (ROOT / "rust").rglob("*.rs")]
    for line, block in blocks(document, "rust"):
        assert any(block in source for source in sources), f"{document.name}:{line}"


@pytest.mark.parametrize("document", documents_with("json"), ids=lambda path: path.stem)
def test_tracks_in_the_documentation_have_no_findings(document: Path) -> None:
    for _, block in blocks(document, "json"):
        assert rb.validate(json.loads(block)) == []


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("document", documents_with("toml"), ids=lambda path: path.stem)
def test_settings_in_the_documentation_take_effect(document: Path) -> None:
    for _, block in blocks(document, "toml"):
        Path("realtime_backend.toml").write_text(block)
        settings = dict(re.findall(r'^(\w+) = "(.*?)"', block, re.MULTILINE))
        done = subprocess.run(["realtime_backend", "render", "a.json"], check=False, capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, "")
        assert (Path(settings["output_dir"]) / f"a.{settings['format']}").exists()


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("name", ["realtime_backend.session", "realtime_backend.player.Player"])
def test_indented_examples_in_docstrings_run(name: str) -> None:
    """An example is the indented block after a line that ends in two colons."""
    module, _, member = name.partition(".player.")
    found = importlib.import_module(module if not member else f"{module}.player")
    text = inspect.getdoc(getattr(found, member) if member else found)
    assert text
    example = re.search(r"::\n\n((?:    .*\n|\n)+)", text)
    assert example, f"{name} has no example"
    # the example plays this track to its end, so it has to be short
    track = json.loads(Path("evening.json").read_text())
    track["progression"][0]["duration"] = 0.5
    Path("evening.json").write_text(json.dumps(track))
    executed(name, textwrap.dedent(example.group(1)), 0, {"Player": rb.Player})


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("module", MODULES)
def test_doctests_in_docstrings_pass(module: str) -> None:
    names = {"np": np, "rb": rb, "dsp": rb.dsp, "synth": rb.synth}
    names |= {name: getattr(session, name) for name in session.__all__}
    result = doctest.testmod(importlib.import_module(module), extraglobs=names)
    assert result.failed == 0


def anchors(document: Path) -> set[str]:
    """Return the anchors of the headings, as both the site and code forges make them."""
    found = set()
    for heading in re.findall(r"^#+ (.+)$", document.read_text(), re.MULTILINE):
        given = re.search(r"\{#(.+)\}$", heading)
        words = re.sub(r"[^\w\s-]", "", re.sub(r"\]\(.*?\)", "", heading).lower()).strip()
        found.add(given.group(1) if given else re.sub(r"[-\s]+", "-", words))
    return found


@pytest.mark.parametrize("document", [*DOCUMENTS, ROOT / "CONTRIBUTING.md"], ids=lambda path: path.stem)
def test_links_in_the_documentation_lead_to_files_and_sections(document: Path) -> None:
    for name, _, anchor in re.findall(r"\]\(([^)#:]*)(#([^)]+))?\)", document.read_text()):
        target = (document.parent / name) if name else document
        assert target.exists(), f"{document.name} names {name}"
        if anchor and target.suffix == ".md" and not anchor.startswith("realtime_backend."):
            assert anchor in anchors(target), f"{document.name} names {name}#{anchor}"
