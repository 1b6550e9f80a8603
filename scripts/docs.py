"""Write the documentation that is generated from the engine's own tables.

`docs/compat.md` comes from the table of the module, `docs/format.md` from the schema beside it. The pages of voices are
in `voice_pages.py`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from realtime_backend import _core
from voice_examples import families
from voice_pages import cell, index, page

DOCS = Path(__file__).parent.parent / "docs"


def compat() -> str:
    """`docs/compat.md`."""
    lines = [
        "# Compatibility switches",
        "",
        "Generated from the struct `Compat` (`python scripts/docs.py`). Each switch is a deliberate difference to the",
        "legacy implementation. Differences without a switch are in `parity/DEVIATIONS.md`.",
        "",
        "There are three presets: `legacy` sounds as the legacy did. `default` has the corrections that do not change",
        "how existing tracks are meant to sound; it holds for tracks that name nothing. `intended` has all",
        "corrections; everything new names it.",
        "",
        'A track names its preset (`"global": {"compat": "intended"}`, or an object with `"preset"` and switches);',
        "a call overrides it (`compat=`, `--compat`). `validate` notes which switches the sound of a track depends on,",
        "and `convert --compat intended old.json -o new.json` upgrades a track.",
        "",
        "| switch | legacy | default | intended | what it does when on | what a listener hears of it |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for row in _core.compat_table():
        values = " | ".join("on" if row[preset] else "off" for preset in ("legacy", "default", "intended"))
        lines.append(f"| `{row['name']}` | {values} | {cell(row['about'])} | {cell(row['heard'])} |")
    return "\n".join([*lines, *GLIDES.splitlines(), ""])


GLIDES = """
## Voices that meet

Under `glide_same_voice` one voice in two steps that meet is one sound: flangers, spatial stages and harmonic
suppression go on through the glide. These voices do not glide but are crossfaded with equal power:

- a voice whose flanger moves from `startFlangeX` to `endFlangeX`: its mix of two flangers has no counterpart in the
  next step
- a transition with a flanger: the level match of the flanger follows a moving tone late
- a voice with another stage that moves or has an envelope, if the crossfade is shorter than the 0.3 s in which stages
  settle
- `noise_swept_notch` and `noise_generator`: noise has no phase, so a crossfade is not heard as beats
- `spatial_angle_modulation`: its level is measured over the whole voice
- voices that read files, and voices without a transition
- a voice with a parameter that only its static form has"""

FORMAT_HEAD = """# Track format

Generated from [track.schema.json](track.schema.json) (`python scripts/docs.py`), which is generated from the reader
itself. Give the schema to an editor, and it completes and checks tracks while you type.

A track is a JSON object. This page has the names that are written; the reader also takes every older spelling
(`global_settings`, `steps`, `clips`, numbers as text, `null` for absent, ...) and says what it ignored.
Whole numbers have at most 64 bits, in unknown fields too: a longer one is refused, not rounded.

An unknown field is kept and gives a warning. Fields of your own begin with `x_` or are called `metadata`: at every
level, and in the parameters of voices, they are kept without a warning.

```json
{
    "global": {"sample_rate": 44100, "crossfade_duration": 2.0},
    "progression": [
        {"duration": 60.0, "voices": [
            {"synth_function_name": "binaural_beat", "voice_id": "a", "params": {"baseFreq": 180.0, "beatFreq": 8.0}}
        ]},
        {"duration": 60.0, "voices": [
            {"synth_function_name": "binaural_beat", "voice_id": "a", "is_transition": true,
             "params": {"startBaseFreq": 180.0, "endBaseFreq": 160.0, "startBeatFreq": 8.0, "endBeatFreq": 4.0}}
        ]}
    ]
}
```
"""
SECTIONS = {
    "Globals": "global",
    "Step": "progression[]",
    "VoiceSpec": "progression[].voices[]",
    "Envelope": "progression[].voices[].volume_envelope",
    "Background": "background_noise",
    "Clip": "overlay_clips[]",
}


def type_of(field: dict[str, Any], schema: dict[str, Any]) -> str:
    """The type of a field in words."""
    if "enum" in field:
        return "name of a voice" if len(field["enum"]) > 10 else ", ".join(f"`{word}`" for word in field["enum"])
    if "const" in field:
        return f"`{field['const']}`"
    if "$ref" in field:
        name = field["$ref"].rsplit("/", 1)[1]
        words = [one["const"] for one in schema["$defs"][name].get("oneOf", []) if "const" in one]
        if words:
            return ", ".join(f"`{word}`" for word in words)
        return f"[object](#{anchor(name)})" if name in SECTIONS else "text or object"
    if "anyOf" in field:
        return type_of(next(one for one in field["anyOf"] if one.get("type") != "null"), schema)
    names = {"string": "text", "boolean": "flag", "array": "list"}
    kinds = field.get("type", "anything")
    kind = next(one for one in kinds if one != "null") if isinstance(kinds, list) else kinds
    if kind == "array" and "$ref" in field.get("items", {}):
        name = field["items"]["$ref"].rsplit("/", 1)[1]
        return f"list of [objects](#{anchor(name)})"
    return names.get(kind, str(kind))


def anchor(name: str) -> str:
    """The anchor of a section."""
    return "".join(letter for letter in SECTIONS[name].lower() if letter.isalnum() or letter in "_-")


def field_table(fields: dict[str, Any], required: list[str], schema: dict[str, Any]) -> list[str]:
    """The fields of an object."""
    rows = ["| field | type | default | range | |", "| --- | --- | --- | --- | --- |"]
    for name, field in fields.items():
        given = field.get("default")
        default = json.dumps(given) if given is not None else "required" if name in required else ""
        low, high = field.get("minimum"), field.get("maximum")
        span = " to ".join(f"{limit:g}" for limit in (low, high) if limit is not None) if high is not None else ""
        span = span or ("" if low is None else f"from {low:g}")
        about = " ".join(field.get("description", "").split(" (see [`")[0].split())
        rows.append(f"| `{name}` | {type_of(field, schema)} | {default} | {span} | {cell(about)} |")
    return rows


def track_format() -> str:
    """`docs/format.md`."""
    schema = json.loads((DOCS / "track.schema.json").read_text())
    lines = [FORMAT_HEAD, *field_table(schema["properties"], schema["required"], schema), ""]
    for name, title in SECTIONS.items():
        part = schema["$defs"][name]
        lines += [f"## {title} {{#{anchor(name)}}}", "", part.get("description", "").split("\n")[0], ""]
        if "oneOf" in part:
            for one in part["oneOf"]:
                params = one["properties"]["params"]
                lines += [f"`{one['properties']['type']['const']}`: {one['description']}", ""]
                lines += [*field_table(params["properties"], params.get("required", []), schema), ""]
        else:
            lines += [*field_table(part["properties"], part.get("required", []), schema), ""]
    lines += ["The parameters of each voice are on [its page](voices.md).", ""]
    return "\n".join(lines)


GENERATED: dict[Path, Callable[[], str]] = {
    DOCS / "compat.md": compat,
    DOCS / "format.md": track_format,
    DOCS / "voices.md": index,
    **{DOCS / "voices" / f"{family}.md": partial(page, family) for family in families()},
}


def main() -> None:
    """Write the files."""
    for path, make in GENERATED.items():
        path.write_text(make())
        print(path)


if __name__ == "__main__":
    main()
