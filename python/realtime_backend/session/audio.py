"""An audio player for notebooks that keeps the level of the sound."""

from __future__ import annotations

import base64
import io
import warnings
import wave
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from .. import _core

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .._track import Track

    Sound: TypeAlias = "NDArray[np.floating] | Track | Audio"

#: Longest sound that is embedded as WAV unless it is asked for, in seconds.
SHORT = 10.0
#: Bit rate of compressed sound in kbit/s.
QUALITY = 96


class Audio:
    """A sound that a notebook shows as an audio player.

    Full scale is ±1. Unlike ``IPython.display.Audio``, the player does not normalise: a quiet sound stays quiet.

    The page holds the sound. A sound of up to 10 s is embedded as WAV, 16 bits; a longer one as Ogg Opus with 96
    kbit/s. Chrome, Firefox and Edge play it, and Safari from version 18.4 on; ``"wav"`` is for older ones.

    Args:
        sound: Samples of shape ``(frames, 2)`` or ``(frames,)``, full scale ±1; or a `Session`, or anything else that
            `realtime_backend.render` takes, which is rendered.
        sample_rate: Frames per second. An array needs it. ``None`` means the rate of the track.
        format: ``"wav"``, ``"opus"``, or ``"auto"`` as above.
        start: First second of a track to render.
        duration: Seconds of a track to render. ``None`` means to the end.

    Raises:
        TypeError: `sound` is an array and `sample_rate` is missing.
        ValueError: `sound` has another shape, or `format` is unknown.
        TrackError: The track cannot be used.

    Examples:
        >>> Audio(0.5 * np.ones((44100, 2)), 44100)
        <Audio 1.00 s, 44100 Hz, peak 0.500>
        >>> Audio(Session([Step(2.0)], sample_rate=8000))
        <Audio 2.00 s, 8000 Hz, peak 0.000>
    """

    sound: NDArray[np.floating]
    """Samples of shape ``(frames, 2)`` or ``(frames,)``, full scale ±1."""
    sample_rate: int
    """Frames per second."""
    format: Literal["auto", "wav", "opus"]
    """How a notebook embeds it."""

    def __init__(
        self,
        sound: Sound,
        sample_rate: float | None = None,
        *,
        format: Literal["auto", "wav", "opus"] = "auto",  # noqa: A002 - as in render_to_file
        start: float = 0.0,
        duration: float | None = None,
    ) -> None:
        if format not in ("auto", "wav", "opus"):
            raise ValueError(f'format: expected "auto", "wav" or "opus", got {format!r}')
        samples, rate = heard(sound, sample_rate, start, duration)
        if samples.ndim not in (1, 2) or (samples.ndim == 2 and samples.shape[1] not in (1, 2)):
            raise ValueError(f"sound: expected an array of shape (frames, 2) or (frames,), got {samples.shape}")
        self.sound, self.sample_rate, self.format = samples, int(rate), format

    def wav(self) -> bytes:
        """Return the content of a 16-bit WAV file. Samples beyond full scale are clipped."""
        whole = np.round(np.clip(self.sound, -1.0, 1.0) * 32767.0).astype("<i2")
        out = io.BytesIO()
        with wave.open(out, "wb") as file:
            file.setnchannels(1 if whole.ndim == 1 else whole.shape[1])
            file.setsampwidth(2)
            file.setframerate(self.sample_rate)
            file.writeframes(whole.tobytes())
        return out.getvalue()

    def opus(self, quality: int = QUALITY) -> bytes:
        """Return the content of a stereo Ogg Opus file. Samples beyond full scale are clipped.

        Args:
            quality: Bit rate in kbit/s, 32 to 510.

        Raises:
            TrackError: `quality` is outside this range.
        """
        clipped = np.clip(self.sound, -1.0, 1.0).astype(np.float32)
        stereo = np.broadcast_to(clipped.reshape(len(clipped), -1), (len(clipped), 2))
        return _core.encode_sound(np.require(stereo, np.float32, ["C", "A"]), self.sample_rate, "opus", quality)

    @property
    def duration(self) -> float:
        """Length in seconds."""
        return len(self.sound) / self.sample_rate

    @property
    def peak(self) -> float:
        """Largest absolute sample, 1 is full scale."""
        return float(np.abs(self.sound).max(initial=0.0))

    def __repr__(self) -> str:
        return f"<Audio {self.duration:.2f} s, {self.sample_rate} Hz, peak {self.peak:.3f}>"

    def _repr_html_(self) -> str:
        short = self.format == "wav" or (self.format == "auto" and self.duration <= SHORT)
        kind, content = ("audio/wav", self.wav()) if short else ("audio/ogg;codecs=opus", self.opus())
        data = base64.b64encode(content).decode("ascii")
        cut = ", cut at full scale" if self.peak > 1.0 else ""
        return (
            f'<audio controls src="data:{kind};base64,{data}"></audio>'
            f"<div>{self.duration:.1f} s, peak {self.peak:.3f}{cut}</div>"
        )


def heard(
    sound: Sound, sample_rate: float | None, start: float = 0.0, duration: float | None = None
) -> tuple[NDArray[np.floating], float]:
    """Return samples and their rate. A track is rendered; an array must come with a rate."""
    if isinstance(sound, Audio):
        return sound.sound, sound.sample_rate
    if isinstance(sound, np.ndarray | list):
        if sample_rate is None:
            raise TypeError("sample_rate: an array does not say how many frames per second it has, such as 44100")
        return np.asarray(sound), sample_rate
    rate = sample_rate or _rate(sound)
    return _core.render(sound, sample_rate=rate, start=start, duration=duration), rate


def _rate(track: Track) -> float:
    """Return the sample rate of a track."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", _core.TrackWarning)  # the render gives them, too
        return float(_core.load_track(track)["global"].get("sample_rate", 44_100))  # the default of tracks
