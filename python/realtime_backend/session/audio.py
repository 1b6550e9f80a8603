"""Sound as a notebook shows it: a player, at exactly the level that the array has."""

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
    """An array as an audio player in a notebook.

    Other players bring what they play to full level, so that a quiet sound and a loud one cannot be compared. This one
    does not: ±1 is full scale.
    """

    sound: NDArray[np.floating]
    """Shape ``(frames, 2)`` or ``(frames,)``."""
    sample_rate: int = 44_100
    """Hz."""

    def wav(self) -> bytes:
        """A 16-bit WAV file; what is beyond full scale is cut."""
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
        """Largest sample, 1 is full scale."""
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
