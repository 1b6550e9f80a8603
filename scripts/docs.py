"""Write the documentation that is generated from the engine's own tables: `docs/voices.md` and `docs/compat.md`."""

from __future__ import annotations

from pathlib import Path

from realtime_backend import _core, synth

DOCS = Path(__file__).parent.parent / "docs"


def cell(text: object) -> str:
    """Text for a cell of a table."""
    return str(text).replace("|", "\\|")


def number(value: float | bool | str | None) -> str:
    """A default or a limit as it is written in a track; empty if there is none."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return f"`{value}`" if isinstance(value, str) else f"{value:g}"


def limits(parameter: synth.Parameter) -> str:
    """The accepted range, or the words of a choice."""
    if parameter.choices:
        return ", ".join(f"`{word}`" for word in parameter.choices)
    match parameter.minimum, parameter.maximum:
        case None, None:
            return ""
        case low, None:
            return f"from {number(low)}"
        case None, high:
            return f"to {number(high)}"
        case low, high:
            return f"{number(low)} to {number(high)}"


def table(info: synth.VoiceInfo) -> list[str]:
    """The parameters of one voice."""
    rows = [
        f"| `{p.name}` | {p.kind} | {p.unit} | {number(p.default)} | {limits(p)} | {cell(p.about)} |"
        for p in info.parameters
    ]
    return ["| parameter | type | unit | default | range | |", "| --- | --- | --- | --- | --- | --- |", *rows]


def picture(name: str) -> list[str]:
    """The picture of a family (see `voice_pictures.py`), under its static voice."""
    path = DOCS / "voices" / f"{name}.png"
    return [f"![waveform and spectrogram of an example](voices/{path.name})", ""] if path.exists() else []


def voices() -> str:
    """`docs/voices.md`."""
    lines = [
        "# Voices",
        "",
        "Generated from the table that parses the parameters (`python scripts/docs.py`), which `synth.voices()` also",
        "returns.",
        "",
        "A transition voice moves from each `startX` to its `endX`; an absent `endX` stays at the start, and an absent",
        "`startX` is read from `X` where the static voice has that name.",
        "",
    ]
    for name, info in synth.voices().items():
        lines += [f"## {name}", "", f"{info.summary} Source: {info.source}.", "", *picture(name), *table(info), ""]
    return "\n".join(lines)


def compat() -> str:
    """`docs/compat.md`."""
    lines = [
        "# Compatibility switches",
        "",
        "Generated from the struct `Compat` (`python scripts/docs.py`). Every deliberate difference to the legacy",
        "implementation that can be switched is here; what cannot is in `parity/DEVIATIONS.md`.",
        "",
        'A track names its preset (`"global": {"compat": "legacy"}`, or an object with `"preset"` and switches);',
        "a call overrides it (`compat=`, `--compat`).",
        "",
        "| switch | legacy | default | intended | when on |",
        "| --- | --- | --- | --- | --- |",
    ]
    for row in _core.compat_table():
        values = " | ".join("on" if row[preset] else "off" for preset in ("legacy", "default", "intended"))
        lines.append(f"| `{row['name']}` | {values} | {cell(row['about'])} |")
    return "\n".join([*lines, ""])


GENERATED = {DOCS / "voices.md": voices, DOCS / "compat.md": compat}


def main() -> None:
    """Write the files."""
    for path, make in GENERATED.items():
        path.write_text(make())
        print(path)


if __name__ == "__main__":
    main()
