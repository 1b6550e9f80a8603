"""Output devices: `list_devices`."""

from __future__ import annotations

from typing import NamedTuple, TypedDict

from ._core import list_devices as _list_devices


class Device(NamedTuple):
    """An output device.

    Examples:
        >>> rb.list_devices()[0].is_default  # with REALTIME_BACKEND_AUDIO_HOST=null
        True
    """

    host: str
    """Audio system, such as ``PulseAudio`` or ``ALSA``."""
    name: str
    """Name of the device. `Player` accepts it, or a part of it, as `device`."""
    is_default: bool
    """Whether a `Player` without `device` uses this device."""
    channels: int | None = None
    """Number of channels; ``None`` if the audio system does not tell."""
    sample_rates: tuple[int, ...] = ()
    """The usual sample rates at which the device runs by itself, in Hz. A sound server converts others."""


class OpenDevice(TypedDict):
    """The device that plays, see `Player.device`."""

    host: str
    """Audio system, such as ``PulseAudio`` or ``ALSA``."""
    name: str
    """Name of the device."""
    sample_rate: int
    """Frames per second."""
    channels: int
    """Number of channels. Stereo goes to the first two of them."""
    block: int | None
    """Frames per callback; ``None`` if the device decides."""


def list_devices() -> list[Device]:
    """List the output devices of all audio systems of this machine.

    Raises:
        AudioDeviceError: There is no audio system.

    Examples:
        >>> [device.name for device in rb.list_devices()]  # with REALTIME_BACKEND_AUDIO_HOST=null
        ['null']
    """
    return [
        Device(host, name, default, channels, tuple(rates)) for host, name, default, channels, rates in _list_devices()
    ]
