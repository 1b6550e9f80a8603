from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import rattler_build as conda

ROOT = Path(__file__).parents[1]
VERSION = json.loads((ROOT / "web" / "package.json").read_text())["version"]


@pytest.mark.parametrize(
    ("path", "pattern"),
    [
        ("Cargo.toml", r'^version = "(.+)"'),
        ("Cargo.toml", r'path = "rust/\w+", version = "(.+?)"'),
        ("CITATION.cff", r"^version: (.+)"),
        ("packaging/conda/recipe.yaml", r'^  version: "(.+)"'),
        ("packaging/homebrew/realtime-backend.rb", r"realtime_backend-(.+)\.tar\.gz"),
    ],
)
def test_all_packages_have_one_version(path: str, pattern: str) -> None:
    found = set(re.findall(pattern, (ROOT / path).read_text(), re.MULTILINE))
    assert found == {VERSION}


@pytest.mark.parametrize("platform", ["linux-64", "osx-arm64", "win-64"])
def test_the_conda_recipe_asks_for_what_the_wheel_needs(platform: str) -> None:
    recipe = conda.Stage0Recipe.from_yaml((ROOT / "packaging" / "conda" / "recipe.yaml").read_text())
    target = conda.PlatformConfig(target_platform=platform, build_platform=platform, host_platform=platform)
    variants = conda.VariantConfig({"c_stdlib": ["sysroot"], "python": ["3.12"]})
    (rendered,) = recipe.render(variants, conda.RenderConfig(target))
    project = (ROOT / "pyproject.toml").read_text()
    python = re.search(r'^requires-python = "(.+)"', project, re.MULTILINE)
    needed = re.search(r'^dependencies = \["(\w+)(.+)"\]', project, re.MULTILINE)
    assert python
    assert needed
    assert rendered.recipe.requirements.run == [f"python {python[1]}", f"{needed[1]} {needed[2]}"]
    assert rendered.recipe.package.version == VERSION


def test_release_page_finds_its_section_of_the_changelog() -> None:
    workflow = (ROOT / ".github" / "workflows" / "release.yml").read_text()
    assert r"/^## ${TAG#v}\b/" in workflow
    versions = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert versions[0] == "Unreleased"
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in versions[1:])


def test_archives_hold_files_that_exist() -> None:
    workflow = (ROOT / ".github" / "workflows" / "release.yml").read_text()
    line = re.search(r"cp (README\.md .+) \"\$name/\"", workflow)
    assert line is not None
    assert [name for name in line[1].split() if not (ROOT / name).exists()] == []
