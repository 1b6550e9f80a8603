"""Volume envelopes of a voice (spec track-format 5). A voice without one has fades of 10 ms at both ends."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar, TypeAlias

from ._document import ordered


@dataclass(frozen=True, kw_only=True)
class _Typed:
    order: tuple[tuple[str, ...], ...] = field(default=(), repr=False, compare=False)
    """Keys of the envelope and keys of its parameters, each in the order of the file."""


@dataclass(frozen=True)
class LinearFade(_Typed):
    """A straight fade at the start of the step, then a constant level.

    Examples:
        >>> fade_in = LinearFade(2.0)  # from silence to full level in 2 s

    Source: spec voice-pipeline 5.1
    """

    fade_duration: float = 0.1
    """Length of the fade in seconds, from 0."""
    start_amp: float = 0.0
    """Level at the start of the fade, 1 is full."""
    end_amp: float = 1.0
    """Level at the end of the fade and after it."""
    kind: ClassVar[str] = "linear_fade"


@dataclass(frozen=True)
class Adsr(_Typed):
    """Attack from silence to full level, decay, hold, and release to silence at the end of the step.

    If the three times do not fit into the step, they are shortened in proportion.

    Examples:
        >>> pluck = Adsr(attack=0.01, decay=2.0, sustain_level=0.2, release=1.0)

    Source: spec voice-pipeline 5.3
    """

    attack: float = 0.01
    """Length of the attack in seconds, from 0."""
    decay: float = 0.1
    """Length of the decay in seconds, from 0."""
    sustain_level: float = 0.8
    """Level between decay and release, 0 to 1."""
    release: float = 0.1
    """Length of the release in seconds, from 0."""
    kind: ClassVar[str] = "adsr"


@dataclass(frozen=True)
class Linen(_Typed):
    """Attack from silence to full level, hold, and release to silence at the end of the step.

    If the two times do not fit into the step, they are shortened in proportion.

    Examples:
        >>> gentle = Linen(attack=5.0, release=10.0)

    Source: spec voice-pipeline 5.4
    """

    attack: float = 0.1
    """Length of the attack in seconds, from 0."""
    release: float = 0.1
    """Length of the release in seconds, from 0."""
    kind: ClassVar[str] = "linen"


Envelope: TypeAlias = LinearFade | Adsr | Linen | dict[str, Any]
"""An envelope. An object of a file that is none of the three stays a dictionary."""

_KINDS: dict[object, type[LinearFade | Adsr | Linen]] = {cls.kind: cls for cls in (LinearFade, Adsr, Linen)}


def _names(cls: type[LinearFade | Adsr | Linen]) -> list[str]:
    """Return the parameter names of an envelope."""
    return [one.name for one in fields(cls) if one.name != "order"]


def read(found: dict[str, Any]) -> Envelope:
    """Make an envelope from its dictionary in a voice. It stays a dictionary if a typed one would lose something."""
    if set(found) != {"type", "params"}:
        return copy.deepcopy(found)
    kind, params = found["type"], found["params"]
    cls = _KINDS.get(kind) if isinstance(kind, str) else None
    if cls is not None and isinstance(params, dict) and set(params) == set(_names(cls)):
        return cls(**params, order=(tuple(found), tuple(params)))
    return copy.deepcopy(found)


def write(envelope: Envelope) -> dict[str, Any]:
    """Return the envelope as a dictionary for a voice."""
    if isinstance(envelope, dict):
        return copy.deepcopy(envelope)
    outer, inner = envelope.order or ((), ())
    params = {name: copy.deepcopy(getattr(envelope, name)) for name in _names(type(envelope))}
    return ordered({"type": envelope.kind, "params": ordered(params, inner)}, outer)
