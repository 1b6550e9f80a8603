"""New tracks as dictionaries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def new_track(steps: Iterable[Mapping[str, Any]] = (), **settings: Any) -> dict[str, Any]:
    """Return a track dictionary with the rules ``"intended"``, to be filled and rendered.

    A track that names no rules is rendered like those of older versions (``"default"``). New tracks should name
    ``"intended"``, which has all corrections (docs/compat.md). There voices sound at the amplitudes that they state
    (docs/levels.md).

    Args:
        steps: Steps of the track, in playing order.
        **settings: Further keys of ``global``, such as ``sample_rate`` and ``crossfade_duration``. ``compat`` replaces
            the rules.

    Returns:
        A new dictionary with the keys ``global`` and ``progression``.

    Examples:
        >>> voice = {"synth_function_name": "binaural_beat", "params": {"ampL": 0.2, "ampR": 0.2}}
        >>> track = rb.new_track([{"duration": 1.0, "voices": [voice]}], sample_rate=48000)
        >>> track["global"]
        {'sample_rate': 48000, 'compat': 'intended'}

    Source: spec track-format 2
    """
    return {
        "global": {"sample_rate": 44_100, "compat": "intended", **settings},
        "progression": [dict(step) for step in steps],
    }
