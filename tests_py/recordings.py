"""The recordings of the legacy implementation in `parity/golden` (see `parity/README.md`)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).parent.parent
GOLDEN = ROOT / "parity" / "golden"
TOLERANCES = json.loads((ROOT / "parity" / "tolerances.json").read_text())


@dataclass(frozen=True)
class Windowed:
    """Parts of a recorded array and their positions: `windows` has the first frame and the length of each."""

    name: str
    windows: list[list[int]]
    data: np.ndarray

    @property
    def frames(self) -> int:
        return sum(self.windows[-1]) if self.windows else 0

    def prefix(self, frames: int) -> Windowed:
        """Return the part of the recording within the first `frames` frames."""
        windows, parts, at = [], [], 0
        for start, count in self.windows:
            kept = max(0, min(count, frames - start))
            if kept:
                windows.append([start, kept])
                parts.append(self.data[at : at + kept])
            at += count
        return Windowed(self.name, windows, np.concatenate(parts))

    def worst(self, full: np.ndarray) -> float:
        """Return the largest absolute difference to the whole array `full`, which must have the recorded length."""
        assert len(full) == self.frames, f"{self.name}: {len(full)} frames, recorded {self.frames}"
        cut = [full[start : start + count] for start, count in self.windows]
        ours = np.concatenate(cut) if cut else full
        if ours.size == 0:
            return 0.0
        assert np.all(np.isfinite(ours)), f"{self.name}: values that are not finite"
        return float(np.max(np.abs(ours.astype(np.float64) - self.data.astype(np.float64))))


@dataclass(frozen=True)
class Case:
    """One recorded call."""

    file: str
    name: str
    function: str
    kwargs: dict[str, Any]
    meta: dict[str, Any]
    array: Windowed
    raw: Windowed | None

    @property
    def key(self) -> str:
        return f"{self.file}/{self.name}"

    @property
    def tolerance(self) -> float:
        return TOLERANCES["cases"].get(self.key, {}).get("tolerance", TOLERANCES["default"])

    @property
    def comparable(self) -> bool:
        """Whether the call is deterministic and not a listed deviation."""
        return self.meta["deterministic"] and self.key not in TOLERANCES["deviations"]

    def __str__(self) -> str:
        return self.key


@cache
def cases(file: str) -> tuple[Case, ...]:
    """Return the recorded calls of one file, without those that were refused."""
    arrays = np.load(GOLDEN / f"{file}.npz")
    made = []
    for meta in json.loads((GOLDEN / f"{file}.json").read_text()):
        if "raises" in meta:
            continue
        name = meta["case"]
        raw = Windowed(meta["raw"], meta["raw_windows"], arrays[meta["raw"]]) if meta.get("raw") else None
        array = Windowed(name, meta["windows"], arrays[name])
        # whole tracks have no arguments
        made.append(Case(file, name, meta["function"], meta.get("kwargs", {}), meta, array, raw))
    return tuple(made)


@cache
def all_cases() -> tuple[Case, ...]:
    """Return the recorded calls of all files."""
    return tuple(case for path in sorted(GOLDEN.glob("*.json")) for case in cases(path.stem))


@dataclass(frozen=True)
class TrackCase:
    """One recorded track."""

    name: str
    path: Path
    meta: dict[str, Any]
    arrays: dict[str, Windowed]

    def __str__(self) -> str:
        return self.name


@cache
def tracks() -> tuple[TrackCase, ...]:
    """Return all recorded tracks."""
    folder = GOLDEN / "tracks"
    made = []
    for meta in json.loads((folder / "index.json").read_text()):
        npz = np.load(folder / meta["arrays"])
        arrays = {key: Windowed(key, windows, npz[key]) for key, windows in meta["windows"].items()}
        made.append(TrackCase(meta["name"], folder / meta["track"], meta, arrays))
    return tuple(made)
