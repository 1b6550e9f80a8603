"""Volume envelopes of a voice (spec track-format 5). Without one a voice has 10 ms fades at both ends."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar, TypeAlias

from ._document import ordered


@dataclass(frozen=True, kw_only=True)
class _Typed:
    order: tuple[tuple[str, ...], ...] = field(default=(), repr=False, compare=False)
    """The keys of the file in their order: of the envelope, of its parameters."""


@dataclass(frozen=True)
class LinearFade(_Typed):
    """From one level to another over the first seconds, flat afterwards."""

    fade_duration: float = 0.1
    """Seconds."""
    start_amp: float = 0.0
    """Level at the start, 1 is full."""
    end_amp: float = 1.0
    """Level from the end of the fade on."""
    kind: ClassVar[str] = "linear_fade"


@dataclass(frozen=True)
class Adsr(_Typed):
    """Attack to full, decay to a level that is held, release to silence at the end of the step."""

    attack: float = 0.01
    """Seconds."""
    decay: float = 0.1
    """Seconds."""
    sustain_level: float = 0.8
    """Level between decay and release, 0 to 1."""
    release: float = 0.1
    """Seconds; times that do not fit the step are shortened in proportion."""
    kind: ClassVar[str] = "adsr"


@dataclass(frozen=True)
class Linen(_Typed):
    """Attack to full, release to silence at the end of the step."""

    attack: float = 0.1
    """Seconds."""
    release: float = 0.1
    """Seconds."""
    kind: ClassVar[str] = "linen"


Envelope: TypeAlias = LinearFade | Adsr | Linen | dict[str, Any]
"""One of the three, or (read from a file that says something else) the object of the file."""

_KINDS: dict[object, type[LinearFade | Adsr | Linen]] = {cls.kind: cls for cls in (LinearFade, Adsr, Linen)}


def _names(cls: type[LinearFade | Adsr | Linen]) -> list[str]:
    """The parameters of an envelope."""
    return [one.name for one in fields(cls) if one.name != "order"]


def read(found: dict[str, Any]) -> Envelope:
    """The envelope in a voice: typed if nothing would be lost."""
    if set(found) != {"type", "params"}:
        return copy.deepcopy(found)
    kind, params = found["type"], found["params"]
    cls = _KINDS.get(kind) if isinstance(kind, str) else None
    if cls is not None and isinstance(params, dict) and set(params) == set(_names(cls)):
        return cls(**params, order=(tuple(found), tuple(params)))
    return copy.deepcopy(found)


def write(envelope: Envelope) -> dict[str, Any]:
    """The envelope as it stands in a voice."""
    if isinstance(envelope, dict):
        return copy.deepcopy(envelope)
    outer, inner = envelope.order or ((), ())
    params = {name: copy.deepcopy(getattr(envelope, name)) for name in _names(type(envelope))}
    return ordered({"type": envelope.kind, "params": ordered(params, inner)}, outer)
