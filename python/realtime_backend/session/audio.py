"""An audio player for notebooks that keeps the level of the sound."""

from __future__ import annotations

import base64
import io
import wave
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Audio:
    """A sound that a notebook shows as an audio player.

    Full scale is ±1. Unlike ``IPython.display.Audio``, the player does not normalise: a quiet sound stays quiet.

    Examples:
        >>> Audio(0.5 * np.ones((44100, 2)))
        <Audio 1.00 s, 44100 Hz, peak 0.500>
    """

    sound: NDArray[np.floating]
    """Samples of shape ``(frames, 2)`` or ``(frames,)``, full scale ±1."""
    sample_rate: int = 44_100
    """Frames per second."""

    def wav(self) -> bytes:
        """Return the content of a 16-bit WAV file. Samples beyond full scale are clipped.

        Raises:
            ValueError: `sound` has another shape.
        """
        sound = np.asarray(self.sound)
        if sound.ndim not in (1, 2) or (sound.ndim == 2 and sound.shape[1] not in (1, 2)):
            raise ValueError(f"sound: expected an array of shape (frames, 2) or (frames,), got {sound.shape}")
        whole = np.round(np.clip(sound, -1.0, 1.0) * 32767.0).astype("<i2")
        out = io.BytesIO()
        with wave.open(out, "wb") as file:
            file.setnchannels(1 if sound.ndim == 1 else sound.shape[1])
            file.setsampwidth(2)
            file.setframerate(int(self.sample_rate))
            file.writeframes(whole.tobytes())
        return out.getvalue()

    @property
    def peak(self) -> float:
        """Largest absolute sample, 1 is full scale."""
        return float(np.abs(self.sound).max(initial=0.0))

    def __repr__(self) -> str:
        return f"<Audio {len(self.sound) / self.sample_rate:.2f} s, {self.sample_rate} Hz, peak {self.peak:.3f}>"

    def _repr_html_(self) -> str:
        data = base64.b64encode(self.wav()).decode("ascii")
        cut = ", cut at full scale" if self.peak > 1.0 else ""
        return (
            f'<audio controls src="data:audio/wav;base64,{data}"></audio>'
            f"<div>{len(self.sound) / self.sample_rate:.1f} s, peak {self.peak:.3f}{cut}</div>"
        )
