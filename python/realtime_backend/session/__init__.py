"""Sessions as Python objects: build, edit, play, plot and save them.

::

    from realtime_backend.session import Session, Step, voices

    session = Session([
        Step(60.0, [voices.BinauralBeat(base_freq=180.0, beat_freq=10.0)]),
        Step(60.0, [voices.BinauralBeat(base_freq=180.0, beat_freq=(10.0, 4.0))]),  # moves from 10 to 4 Hz
    ])
    session.export("evening.flac")

All objects are plain dataclasses without hidden state. `Session.load` and `Session.save` keep all keys of a track file,
unknown ones included.
"""

from . import voices
from .audio import Audio
from .envelopes import Adsr, Envelope, LinearFade, Linen
from .layers import Bed, Clip, Layer
from .model import Session
from .pictures import spectrogram
from .presets import Catalogue, Noise, SessionFile, SessionFileStep, load_voices, save_voices
from .report import Report
from .step import Step
from .voice import Number, Ramp, Voice, between

__all__ = [
    "Adsr",
    "Audio",
    "Bed",
    "Catalogue",
    "Clip",
    "Envelope",
    "Layer",
    "LinearFade",
    "Linen",
    "Noise",
    "Number",
    "Ramp",
    "Report",
    "Session",
    "SessionFile",
    "SessionFileStep",
    "Step",
    "Voice",
    "between",
    "load_voices",
    "save_voices",
    "spectrogram",
    "voices",
]
