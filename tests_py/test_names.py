"""Names of tests: short enough to be read in a list."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
#: Longest name of a test in words, the prefix ``test_`` not counted.
WORDS = 10
PATTERNS = [
    ("tests_py/**/*.py", r"def test_(\w+)\("),
    ("tests_rs/tests/**/*.rs", r"#\[test\]\s+(?:#.*\s+)*fn (\w+)\("),
    ("rust/*/tests/**/*.rs", r"#\[test\]\s+(?:#.*\s+)*fn (\w+)\("),
    ("rust/*/src/**/*.rs", r"#\[test\]\s+(?:#.*\s+)*fn (\w+)\("),
]


@pytest.mark.parametrize(("files", "pattern"), PATTERNS)
def test_names_of_tests_are_short(files: str, pattern: str) -> None:
    texts = [path.read_text(encoding="utf-8") for path in sorted(ROOT.glob(files))]
    names = [name for text in texts for name in re.findall(pattern, text)]
    assert len(names) > 50
    assert [name for name in names if name.count("_") >= WORDS] == []
