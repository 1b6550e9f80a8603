"""Write `web/studio/src/inspector/voices.json`, what the studio knows of voices, from the tables that parse them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from realtime_backend import _core, synth
from voice_examples import families
from voice_pages import SUFFIX, WIDEST, rows

TARGET = Path(__file__).parent.parent / "web/studio/src/inspector/voices.json"
GROUPS = (
    ("timing", r"initial_offset|transition_.*|post_offset|curve|position|age"),
    ("path", r"spatial.*|path.*|arc.*|direction.*|canonicalTrajectory|rotation.*|discontinuous.*|custom.*|distanceLaw"),
    ("path", r"(reference|minimum|maximum)DistanceM|doppler.*|hrtf.*|renderer.*|earPolarity|phaseOffset.*|peakPhase.*"),
    ("path", r"samSchemaVersion|startPhaseOffset[LR]"),
    ("flanger", r"flanger.*|flange.*"),
    ("burst", r"glitch.*"),
    ("vibrato", r"freqOsc.*|monoFm.*"),
    ("tremolo", r"(sam_|monaural_)?ampOsc.*|monoAm.*|am(Freq|Depth|Duty|Phase)|crossMod.*|qamAm2?(Depth|Phase|2).*"),
    ("tremolo", r"(stereo)?[mM]od(Depth|Phase|Shape).*|shapeMod(Depth).*|stereoModFreq.*"),
    ("pan", r"pan.*|spin.*|itd_us|ears|stereo_(correlation|phase_invert)|correlation|forceMono"),
    ("pulse", r"pulse.*|rampPercent.*|gapPercent.*|(attack|hold|release|onset|chirp|edge)_ms|shape|modulation_depth"),
    ("pulse", r"click_us|polarity|beatEnvelope|decay|attackTime|releaseTime|harmonicSuppression"),
    ("phase", r"phaseOsc.*|monoPhaseOsc.*|.*[pP]hase.*|oscillator_phases"),
    ("level", r"amp(_.*|[LR])?|rms[LR]|volume|equal_loudness_phon|fade_(in|out)|memory_efficient|n_jobs|channels"),
    ("colour", r"noise_.*|input_audio_path|audio_paths?|sweeps|static_notches|notch_q|casc.*|lfo_waveform|cutoff|seed"),
    ("colour", r"waveform|harmonic.*|subHarmonic.*|shapeAmount|sideband.*|beatingSidebands|flat_spectrum|frame_dur_ms"),
    ("colour", r"overlap_factor|mode"),
    ("tone", r".*"),
)
"""Which group of the inspector a parameter belongs to: the first pattern that its whole name matches."""
LEVEL = re.compile(r"amp([LR]|_(lower|upper)_[LR])?|rms[LR]|volume")
"""Parameters that set how loud a voice is."""


def group(name: str) -> str:
    """The group of a parameter."""
    return next(title for title, pattern in GROUPS if re.fullmatch(pattern, name))


def limit(value: float | None) -> float | None:
    """A limit that says something."""
    return None if value is None or abs(value) == WIDEST or 0.0 < abs(value) < 1e-300 else value


def parameter(static: synth.Parameter | None, moving: list[synth.Parameter]) -> dict[str, Any]:
    """A parameter of both forms: its name in the static one, and its names in the transition."""
    one = static or moving[0]
    row: dict[str, Any] = {"name": one.parameter if static is None else static.name, "group": group(one.name)}
    if static is None:
        row["still"] = False
    names = [other.name for other in moving]
    if names != [row["name"]]:
        row["moving"] = names
    # a ramp: the second name takes the value of the first where it is absent
    values: dict[str, Any] = {"kind": one.kind, "unit": one.unit, "default": one.default, "about": one.about}
    values |= {"choices": list(one.choices), "min": limit(one.minimum), "max": limit(one.maximum)}
    if static and moving and moving[0].default not in (static.default, None):
        values["movingDefault"] = moving[0].default
    return row | {key: value for key, value in values.items() if value not in (None, "", [])}


def family(name: str) -> dict[str, Any]:
    """A voice and its parameters."""
    info = synth.voices()[name]
    example = families()[name]
    found = rows(name)
    row: dict[str, Any] = {
        "name": name,
        "summary": info.summary,
        "about": example.listener,
        "moves": f"{name}{SUFFIX}" in synth.voices(),
        "carrier": info.carrier,
        "beat": info.beat,
        "level": [static.name for static, _ in found if static and LEVEL.fullmatch(static.name)],
        "parameters": [parameter(static, moving) for static, moving in found],
    }
    if example.voice:
        row["example"] = {"moves": example.voice != name, "params": example.params}
    return row


def flanger() -> list[dict[str, Any]]:
    """The parameters of the flanger, which every voice has."""
    listed = [synth.Parameter(**{**row, "choices": tuple(row["choices"])}) for row in _core.flanger_table()]
    numbers = {one.name: one.name[0].upper() + one.name[1:] for one in listed if one.kind == "number"}
    ends = {name: {"moving": [f"start{title}", f"end{title}"]} for name, title in numbers.items()}
    return [{**parameter(one, [one]), **ends.get(one.name, {}), "group": "flanger"} for one in listed]


def source() -> str:
    """The text of the file: a line for each voice and for each parameter of the flanger."""
    tables = [f"        {json.dumps(family(name), ensure_ascii=False)}" for name in families()]
    lines = [f"        {json.dumps(row, ensure_ascii=False)}" for row in flanger()]
    parts = [
        '{\n    "generated": "by scripts/studio_voices.py",\n    "families": [',
        ",\n".join(tables),
        '    ],\n    "flanger": [',
        ",\n".join(lines),
        "    ]\n}\n",
    ]
    return "\n".join(parts)


if __name__ == "__main__":
    TARGET.write_text(source(), encoding="utf-8")
