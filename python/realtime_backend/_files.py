"""File functions with the names and arguments of the legacy backend (spec streaming-and-bindings 1.3)."""

from __future__ import annotations

from pathlib import Path

from . import _core

OUTPUT_DIR = Path("output")
"""Folder for relative output names, below the working directory. The legacy backend has the same default."""
SAMPLE_SECONDS = 60.0
"""Length of the file that `render_sample_wav` writes, in seconds."""
_gpu = False


def enable_gpu(enable: bool) -> None:
    """Let later calls of `render_full_wav` and `render_sample_wav` compute tones on a graphics processor.

    If there is no graphics processor, those calls warn and use the CPU. Streams always use the CPU.

    Args:
        enable: ``True`` for the graphics processor, ``False`` (the initial state) for the CPU.

    Examples:
        >>> rb.enable_gpu(False)

    Source: spec streaming-and-bindings 1.3
    """
    global _gpu
    _gpu = bool(enable)


def render_full_wav(track_json: str, out_path: str) -> None:
    """Render a whole track to a 16-bit stereo file with a peak of 0.25. `render_to_file` has more options.

    Args:
        track_json: The track as JSON text, or the path of a track file.
        out_path: The file to write. A relative name goes into the folder ``output``; missing folders are created. A
            name that ends in ``.flac`` gives FLAC, any other name WAV.

    Raises:
        TrackError: The track cannot be rendered.
        OSError: A file cannot be read or written.

    Warns:
        TrackWarning: Part of the track was ignored, replaced or left out, or there is no graphics processor.

    Examples:
        >>> rb.render_full_wav("evening.json", "evening.flac")  # writes output/evening.flac

    Source: spec streaming-and-bindings 1.3
    """
    _write(track_json, out_path, None)


def render_sample_wav(track_json: str, out_path: str) -> None:
    """Render the first 60 seconds of a track. The level is that of the whole track.

    Arguments, exceptions and warnings are those of `render_full_wav`.

    Examples:
        >>> rb.render_sample_wav("evening.json", "sample.wav")  # writes output/sample.wav

    Source: spec streaming-and-bindings 1.3
    """
    _write(track_json, out_path, SAMPLE_SECONDS)


def _write(track_json: str, out_path: str, duration: float | None) -> None:
    path = OUTPUT_DIR / out_path  # an absolute path stays as it is
    file_format = None if path.suffix.lower() == ".flac" else "wav"
    _core.render_to_file(track_json, path, duration=duration, format=file_format, gpu=_gpu)
