"""Make the compact golden copy in `parity/golden` from a folder of full recordings.

    python parity/compact.py RECORDINGS

A recording is `<function>.npz` (one array per case) with `<function>.json` (the list of cases). Of each long array the
copy keeps a few windows, concatenated along the frames; `"windows": [[start, count], ...]` in the case's metadata says
where in the full array they lie. Short arrays are kept whole (one window). See `README.md` beside this file.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

Windows = list[list[int]]

WINDOW = 640
"""Frames per window."""
WHOLE = 2600
"""Arrays up to this many frames are kept whole: three windows would save little."""
TRACK_WINDOW = 1000
"""Frames per window of a track, and around each boundary."""
TRACK_SPREAD = 6
"""Windows spread evenly over a track, besides those at its boundaries."""
KEPT_WHOLE = {"background_source"}
"""Arrays that tests use as an input."""
WHOLE_FILES = {"workbench_scene"}
"""Recordings whose arrays are kept whole: stages begin and end anywhere in them."""


def merged(spans: list[tuple[int, int]], length: int) -> Windows:
    """Sort half-open spans, cut them to the array and join those that touch."""
    joined: list[tuple[int, int]] = []
    for begin, end in sorted((max(0, begin), min(length, end)) for begin, end in spans):
        if begin >= end:
            continue
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((begin, end))
    return [[begin, end - begin] for begin, end in joined]


def voice_windows(length: int) -> Windows:
    """Start, middle and end. The middle window sits off the centre, where symmetric signals could hide a mistake."""
    if length <= WHOLE:
        return [[0, length]]
    middle = int(length * 0.55)
    return merged([(0, WINDOW), (middle, middle + WINDOW), (length - WINDOW, length)], length)


def track_windows(length: int, entry: dict[str, Any], track: dict[str, Any]) -> Windows:
    """Start, end, an even spread, and both sides of every step start, step end, crossfade end and clip start."""
    half = TRACK_WINDOW // 2
    spans = [(0, TRACK_WINDOW), (length - TRACK_WINDOW, length)]
    spread = [round(length * (k + 1) / (TRACK_SPREAD + 1)) for k in range(TRACK_SPREAD)]
    boundaries: list[int] = []
    for step in entry["steps"]:
        start = step["start_sample"]
        boundaries += [start, start + step["samples"], start + step.get("crossfade_samples", 0)]
    for clip in track.get("clips") or track.get("overlay_clips") or []:
        begin = float(clip.get("start_time", clip.get("start", 0.0)) or 0.0)
        boundaries.append(int(begin * entry["call_args"]["sample_rate"]))
    spans += [(at - half, at + half) for at in spread + boundaries]
    return merged(spans, length)


def cut(array: NDArray[Any], windows: Windows) -> NDArray[Any]:
    """The windows of `array`, one after the other."""
    if array.ndim == 0:
        return array
    return np.concatenate([array[start : start + count] for start, count in windows]) if windows else array[:0]


def write_json(path: Path, value: Any) -> None:
    """One case a line: small, and readable in a diff."""
    lines = ",\n".join(json.dumps(item) for item in value)
    path.write_text(f"[\n{lines}\n]\n")


def compact_function(recordings: Path, out: Path, name: str) -> None:
    """One `<function>.npz` and `.json`."""
    cases = json.loads((recordings / f"{name}.json").read_text())
    arrays = np.load(recordings / f"{name}.npz")
    kept: dict[str, NDArray[Any]] = {}
    own = {key for case in cases for key in (case["case"], case.get("raw"))}
    # what is not the sound of a case is the input of a test
    kept.update({key: arrays[key] for key in arrays.files if key not in own})
    for case in cases:
        if "raises" in case:
            continue
        for label, key in (("windows", case["case"]), ("raw_windows", case.get("raw"))):
            if key is None:
                continue
            length = len(arrays[key])
            windows = [[0, length]] if name in WHOLE_FILES else voice_windows(length)
            kept[key] = cut(arrays[key], windows)
            case[label] = windows
    np.savez_compressed(out / f"{name}.npz", **kept)  # type: ignore[arg-type]
    write_json(out / f"{name}.json", cases)


def compact_tracks(recordings: Path, out: Path) -> None:
    """The track files, their arrays, the media they use, and the index."""
    out.mkdir()
    shutil.copytree(recordings / "media", out / "media")
    index = json.loads((recordings / "index.json").read_text())
    for entry in index:
        shutil.copy(recordings / entry["track"], out / entry["track"])
        track = json.loads((recordings / entry["track"]).read_text())
        arrays = np.load(recordings / entry["arrays"])
        kept = {}
        entry["windows"] = {}
        for key in arrays.files:
            array = arrays[key]
            if array.ndim == 0:
                continue
            length = len(array)
            windows = [[0, length]] if key in KEPT_WHOLE else track_windows(length, entry, track)
            kept[key] = cut(array, windows)
            entry["windows"][key] = windows
        np.savez_compressed(out / entry["arrays"], **kept)  # type: ignore[arg-type]
    write_json(out / "index.json", index)


def main() -> None:
    """Rebuild `parity/golden` from the folder of recordings given as the only argument."""
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    recordings = Path(sys.argv[1])
    out = Path(__file__).parent / "golden"
    if out.exists():
        shutil.rmtree(out)
    out.mkdir()
    shutil.copytree(recordings / "audio", out / "audio")
    shutil.copytree(recordings / "sofa", out / "sofa")
    shutil.copy(recordings / "kemar_hrir.npz", out)
    for path in sorted(recordings.glob("*.json")):
        compact_function(recordings, out, path.stem)
    compact_tracks(recordings / "tracks", out / "tracks")
    for path in out.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    size = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
    print(f"{out}: {size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
