"""Levels as ffmpeg measures them, and float audio files, for tests. ``scripts/setup_tests.sh`` installs ffmpeg."""

from __future__ import annotations

import re
import struct
import subprocess
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path


def write_float(path: Path, sound: np.ndarray, rate: int) -> Path:
    """Write a float WAV file of shape ``(frames, 2)``."""
    data = np.ascontiguousarray(sound, dtype="<f4").tobytes()
    head = struct.pack("<4sI4s4sIHHIIHH", b"RIFF", 36 + len(data), b"WAVE", b"fmt ", 16, 3, 2, rate, 8 * rate, 8, 32)
    path.write_bytes(head + struct.pack("<4sI", b"data", len(data)) + data)
    return path


def played(path: Path, rate: int) -> dict[str, Any]:
    """Return a track that is this file, sample by sample."""
    return {"global": {"sample_rate": rate}, "overlay_clips": [{"file_path": str(path), "start": 0.0, "amp": 1.0}]}


def ffmpeg(path: Path) -> dict[str, float]:
    """Return integrated loudness, loudness range and true peak of a file by ffmpeg's filter ebur128."""
    chain = "ebur128=peak=true:metadata=1,ametadata=mode=print:file=-"
    command = ["ffmpeg", "-nostdin", "-v", "error", "-i", str(path), "-af", chain, "-f", "null", "-"]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = dict(re.findall(r"lavfi\.r128\.(\w+)=(\S+)", lines))  # the last value of each
    peaks = re.findall(r"lavfi\.r128\.true_peaks_ch\d=(\S+)", lines)[-2:]
    peak = 20.0 * np.log10(max(map(float, peaks)))
    return {"integrated": float(found["I"]), "range": float(found["LRA"]), "true_peak": float(peak)}
