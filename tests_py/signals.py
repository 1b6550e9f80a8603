"""Signals and arrays from their descriptions in the recordings (spec voice-pipeline 15)."""

from __future__ import annotations

from typing import Any

import numpy as np


def lcg(seed: int, count: int) -> np.ndarray:
    """Return `count` values from -1 to 1 of a linear congruential generator."""
    values, x = np.empty(count), seed
    for k in range(count):
        x = (1664525 * x + 1013904223) % 2**32
        values[k] = x / 2**31 - 1
    return values


def array(described: Any) -> Any:
    """Return the array of a description. Anything else is returned unchanged."""
    if not isinstance(described, dict) or "kind" not in described:
        return described
    d = described
    match d["kind"]:
        case "linspace":
            return np.linspace(d["start"], d["stop"], d["num"], endpoint=d.get("endpoint", True))
        case "list":
            return np.array(d["values"], float)
        case "const":
            return np.full(d["num"], float(d["value"]))
        case "sine":
            return d["amp"] * np.sin(2 * np.pi * d["freq"] * np.arange(d["num"]) / d["sample_rate"])
        case "lcg":
            return d["amp"] * lcg(d["seed"], d["num"])
    raise ValueError(d["kind"])


def stereo(described: dict[str, Any], duration: float, rate: float) -> np.ndarray:
    """Return the stereo input of a description, float32 of shape (frames, 2)."""
    frames = int(duration * rate)
    t = np.arange(frames) / rate
    amp = described.get("amp", 1.0)
    match described["kind"]:
        case "two_sines":
            frequencies = described["f_left"], described["f_right"]
            sound = np.stack([amp * np.sin(2 * np.pi * f * t) for f in frequencies], axis=1)
        case "lcg":
            sound = amp * lcg(described["seed"], 2 * frames).reshape(frames, 2)
        case "impulse":
            sound = np.zeros((frames, 2))
            sound[described["index"]] = described["amp_left"], described["amp_right"]
        case kind:
            raise ValueError(kind)
    if "gate" in described:
        begin, end = described["gate"]
        sound[(t < begin) | (t >= end)] = 0.0
    return sound.astype(np.float32)
