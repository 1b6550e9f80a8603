"""Building blocks of the voices, as functions on numpy arrays.

A mono signal is a float64 array of shape ``(frames,)``. Stereo sound is a float32 array of shape ``(frames, 2)``, left
and right. Arguments may be anything that numpy converts to such an array. Times are in seconds, frequencies and rates
in Hz. An argument of type ``Numbers`` is one number, or an array with one number per frame. If the array is shorter
than the signal, its last value is repeated.

Every function raises a `TypeError` for an argument that is not numeric or has the wrong number of dimensions, and a
`ValueError` for one that numpy cannot convert.
"""

from .curves import adsr, linear_fade, linen, transition_alpha
from .filters import bandpass, bandreject, clean, flanger, lowpass
from .oscillators import sine, skewed_sine, skewed_triangle, trapezoid
from .panning import balance, pan, pan_envelope

__all__ = [
    "adsr",
    "balance",
    "bandpass",
    "bandreject",
    "clean",
    "flanger",
    "linear_fade",
    "linen",
    "lowpass",
    "pan",
    "pan_envelope",
    "sine",
    "skewed_sine",
    "skewed_triangle",
    "transition_alpha",
    "trapezoid",
]
