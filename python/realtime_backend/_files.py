"""The file functions under the names that callers of the legacy backend use."""

from __future__ import annotations

from pathlib import Path

from . import _core

OUTPUT_DIR = Path("output")
"""Where relative names go, as in the legacy backend's default configuration."""
SAMPLE_SECONDS = 60.0
_gpu = False


def enable_gpu(enable: bool) -> None:
    """Whether `render_full_wav` and `render_sample_wav` let a graphics processor compute the tones, from now on.

    Where there is none they warn and render without. Streams never use it: they need little, but always in time.
    """
    global _gpu
    _gpu = bool(enable)


def render_full_wav(track_json: str, out_path: str) -> None:
    """Render a whole track to a 16-bit file with a peak of 0.25; `render_to_file` has more choices.

    Args:
        track_json: The track as JSON text (or its path).
        out_path: The file to write; a relative name is taken below ``output``. FLAC by its extension, else WAV.

    Raises:
        TrackError: The track cannot be rendered.
        OSError: The file cannot be written.
    """
    _write(track_json, out_path, None)


def render_sample_wav(track_json: str, out_path: str) -> None:
    """As `render_full_wav`, but only the first minute."""
    _write(track_json, out_path, SAMPLE_SECONDS)


def _write(track_json: str, out_path: str, duration: float | None) -> None:
    path = OUTPUT_DIR / out_path  # an absolute path stays as it is
    file_format = None if path.suffix.lower() == ".flac" else "wav"
    _core.render_to_file(track_json, path, duration=duration, format=file_format, gpu=_gpu)
