"""Every reference to a page of `docs/spec` leads to an existing section."""

from __future__ import annotations

import re

import recordings

ROOT = recordings.ROOT
SPEC = ROOT / "docs" / "spec"
#: A reference such as ``spec assembly 3`` or ``spec noise 2.1, 3 and 6``.
REFERENCE = re.compile(r"\bspec ([a-z]+(?:-[a-z]+)*) (\d+(?:\.\d+)*(?:(?:, | and )\d+(?:\.\d+)*)*)")
PLACES = ("rust", "python", "web/src", "docs", "tests_rs/tests", "tests_py", "scripts", "parity", "benches")


def references() -> set[tuple[str, str]]:
    """Return page and section of each reference."""
    found = set()
    for place in PLACES:
        for path in (ROOT / place).rglob("*"):
            if path.suffix in {".rs", ".py", ".pyi", ".md", ".ts"} and "node_modules" not in path.parts:
                text = re.sub(r"\s*\n\s*(?://[/!]?|#)?\s*", " ", path.read_text())
                for page, sections in REFERENCE.findall(text):
                    found |= {(page, section) for section in re.findall(r"\d+(?:\.\d+)*", sections)}
    return found


def test_every_reference_to_the_specification_leads_to_a_section() -> None:
    found = references()
    assert len(found) > 80, "too few references: is the pattern out of date?"
    headings = {
        path.stem: set(re.findall(r"^#+ (\d+(?:\.\d+)*)\.? ", path.read_text(), re.MULTILINE))
        for path in SPEC.glob("*.md")
    }
    missing = sorted(f"spec {page} {section}" for page, section in found if section not in headings.get(page, ()))
    assert missing == []
