"""Write `python/realtime_backend/session/voices.py`, the constructors of all voices, from the engine's own table."""

from __future__ import annotations

from pathlib import Path

from realtime_backend import _core, synth
from realtime_backend._voice_info import snake_case
from realtime_backend.session.voice import ends

VOICES = Path(__file__).parent.parent / "python" / "realtime_backend" / "session" / "voices.py"
WIDTH = 120
SUFFIX = "_transition"

HEAD = '''"""Constructors of all voices, with parameters that are completed and checked.

Generated from the table that parses the parameters: `python scripts/session_voices.py`.

A parameter that is left out has the engine's default. One of type `Number` takes a constant or a pair: the values at
the start and the end of the step (or of `ramp`), which makes the voice the moving form, in which everything else stays
where it is. The constructors named `...Transition` take the ends of every ramp by their own names instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

from .voice import Voice, build, flanger_params, spatial_params

if TYPE_CHECKING:
    from .envelopes import Envelope
    from .voice import Number, Ramp
'''

COMMON = {
    "flanger": ("Mapping[str, Any] | None", "None", "A flanger behind the voice, see `Flanger`."),
    "envelope": ("Envelope | None", "None", "Volume over the step; ``None``: 10 ms fades at both ends."),
    "description": ("str", '""', "Label; also who the voice is from step to step if it has no id."),
    "voice_id": ("str | None", "None", "Voices of the same id in neighbouring steps continue each other's phases."),
    "bus": ('Literal["binaural", "noise"]', '"binaural"', "Which volume of the step counts."),
}
RAMP = ("Ramp | None", "None", "When and how pairs move; by default evenly over the whole step.")


def class_case(name: str) -> str:
    """``binaural_beat`` as ``BinauralBeat``."""
    return "".join(part[0].upper() + part[1:] for part in name.split("_"))


def wrapped(text: str, first: str, rest: str) -> list[str]:
    """Text in lines of the width of the house."""
    lines, line = [], first
    for word in text.split():
        if len(line) + 1 + len(word) > WIDTH and line.strip():
            lines.append(line.rstrip())
            line = rest
        line += word + " "
    return [*lines, line.rstrip()]


def annotation(row: synth.Parameter, moves: bool) -> str:
    """The Python type of a parameter."""
    if row.name == "spatial":
        return "Mapping[str, Any] | None"
    kinds = {"number": "float", "integer": "int", "flag": "bool", "text": "str", "file": "str"}
    if row.kind == "choice":
        return f"Literal[{', '.join(repr(word) for word in row.choices)}] | None".replace("'", '"')
    if moves:
        return "Number | None"
    return f"{kinds[row.kind]} | None" if row.kind in kinds else "Any"


def about(row: synth.Parameter) -> str:
    """What a parameter is: explanation, unit, range, default."""
    facts = [row.unit] if row.unit else []
    facts += [f"at least {row.minimum:g}"] if row.minimum is not None and row.minimum != -1e6 else []
    facts += [f"at most {row.maximum:g}"] if row.maximum is not None and row.maximum != 1e6 else []
    if row.default not in (None, ""):
        facts.append(f"default {row.default}")
    return row.about.replace("`", "``") + (f" ({', '.join(facts)})" if facts else "")


def function(
    name: str, summary: list[str], arguments: list[tuple[str, str, str, str]], returns: str, body: str
) -> list[str]:
    """The source of one constructor; an argument is its name, type, default and explanation."""
    lines = ["", "", f"def {name}(", "    *,"]
    lines += [f"    {argument}: {kind} = {default}," for argument, kind, default, _ in arguments]
    lines += [f") -> {returns}:", *summary, "", "    Args:"]
    for argument, _, _, text in arguments:
        lines += wrapped(f"{argument}: {text}", "        ", "            ")
    return [*lines, '    """', f"    return {body}"]


def constructor(info: synth.VoiceInfo) -> list[str]:
    """The source of the constructor of one voice."""
    movable = {} if info.is_transition else ends(info.name)
    arguments = []
    for row in info.parameters:
        if row.name == "initial_offset" and not info.is_transition:
            continue  # a track has no such thing for a static voice
        arguments.append((snake_case(row.name), annotation(row, row.name in movable), "None", about(row)))
    common = {"ramp": RAMP, **COMMON} if movable else COMMON
    arguments += [(argument, *rest) for argument, rest in common.items()]
    names = [argument for argument, *_ in arguments]
    assert len(names) == len(set(names)), f"{info.name}: two parameters have one name"
    form = "A voice that moves" if info.is_transition else "A voice"
    summary = [f'    """{form}: ``{info.name}``.', "", *wrapped(info.summary, "    ", "    ")]
    return function(class_case(info.name), summary, arguments, "Voice", f'build("{info.name}", locals())')


def flanger() -> list[str]:
    """The source of `Flanger`."""
    arguments = []
    for described in _core.flanger_table():
        row = synth.Parameter(**{**described, "choices": tuple(described["choices"])})
        if row.name != "flangeEnable":
            kind = annotation(row, moves=False)
            arguments.append((snake_case(row.name.removeprefix("flange")), kind, "None", about(row)))
    summary = ['    """A flanger behind a voice, for its argument `flanger`.']
    return function("Flanger", summary, arguments, "dict[str, Any]", "flanger_params(locals())")


def spatial() -> list[str]:
    """The source of `Spatial`."""
    arguments = []
    for described in _core.spatial_table():
        row = synth.Parameter(**{**described, "choices": tuple(described["choices"])})
        kind = "Mapping[str, Any] | None" if row.kind == "structure" else annotation(row, moves=False)
        arguments.append((snake_case(row.name), kind, "None", about(row)))
    summary = ['    """A place or a path of a voice or a clip, for its argument `spatial`.']
    return function("Spatial", summary, arguments, "dict[str, Any]", "spatial_params(locals())")


def source() -> str:
    """The whole file."""
    infos = synth.voices()
    exported = sorted(["Flanger", "Spatial", *(class_case(name) for name in infos)])
    lines = [HEAD, "__all__ = [", *(f'    "{name}",' for name in exported), "]"]
    lines += flanger()
    lines += spatial()
    for info in infos.values():
        lines += constructor(info)
    return "\n".join([*lines, ""])


def main() -> None:
    """Write the file."""
    VOICES.write_text(source())
    print(VOICES)


if __name__ == "__main__":
    main()
