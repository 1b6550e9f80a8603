"""Malformed tracks from `tests_rs/hostile/tracks.json` give findings and never crash."""

from __future__ import annotations

import json
import warnings
from typing import TYPE_CHECKING, Any

import pytest
import realtime_backend as rb
import recordings

if TYPE_CHECKING:
    from pathlib import Path

CORPUS = json.loads((recordings.ROOT / "tests_rs" / "hostile" / "tracks.json").read_text())["cases"]


def content(case: dict[str, Any]) -> bytes:
    if "track" in case:
        return json.dumps(case["track"]).encode()
    if "hex" in case:
        return bytes.fromhex(case["hex"])
    if "parts" in case:
        return "".join(text * count for text, count in case["parts"]).encode()
    return case["text"].encode()


def findings(track: Any) -> list[rb.Problem]:
    """Return the findings of loading a track. Findings of `validate` about missing files and silence are left out."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", rb.TrackWarning)
        try:
            rb.load_track(track)
        except rb.TrackError as error:
            return error.problems
    beside = ("left out", "nothing in the track sounds", "never heard by itself")
    return [problem for problem in rb.validate(track) if not any(words in problem.message for words in beside)]


def assert_findings(found: list[rb.Problem], case: dict[str, Any]) -> None:
    expected = case.get("errors") or case.get("warnings") or []
    severity = "error" if "errors" in case else "warning"
    assert len(found) == len(expected), f"found {found}"
    for path, message in expected:
        at = [p for p in found if p.path == path or ("parts" in case and p.path.startswith(path))]
        assert any(message in p.message and p.severity == severity for p in at), f"expected [{path}] {message}: {found}"
    assert all(len(str(problem)) <= 500 for problem in found)


@pytest.mark.parametrize("case", CORPUS, ids=lambda case: case["name"])
def test_a_malformed_file_gives_the_expected_findings(case: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "track.json"
    path.write_bytes(content(case))
    assert_findings(findings(path), case)


@pytest.mark.parametrize("case", [c for c in CORPUS if isinstance(c.get("track"), dict)], ids=lambda case: case["name"])
def test_a_malformed_dictionary_gives_the_expected_findings(case: dict[str, Any]) -> None:
    assert_findings(findings(case["track"]), case)


@pytest.mark.parametrize("case", CORPUS, ids=lambda case: case["name"])
def test_a_malformed_file_is_not_rendered(case: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "track.json"
    path.write_bytes(content(case))
    severities = {problem.severity for problem in rb.validate(path)}
    assert ("error" in severities) == ("errors" in case)
    if "errors" in case:
        with pytest.raises(rb.TrackError):
            rb.render_to_file(path, tmp_path / "out.wav")
    assert [entry.name for entry in tmp_path.iterdir()] == ["track.json"]
