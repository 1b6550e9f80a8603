"""The player behind a Qt object."""

from __future__ import annotations

from typing import Any

from .player import Player
from .playlist import Playlist


class QuietPlayer(Player):
    """A player without Python warnings. `StreamPlayer.status` has them, and warning filters are not thread-safe."""

    _warns = False


class QuietPlaylist(Playlist):
    """A playlist without Python warnings."""

    _warns = False


class PlayerHolder:
    """Holds the player of a stream. It outlives the Qt object and then stops the player."""

    def __init__(self) -> None:
        self.player: Player | None = None

    def close(self) -> None:
        player, self.player = self.player, None
        if player is not None:
            player.stop()


def inspect(track: Any, options: dict[str, Any]) -> tuple[float, list[tuple[float, float]], list[str]]:
    """Return length, step times and findings of a track, without a device."""
    player = QuietPlayer(track, **{**options, "backend": "null", "device": None})
    try:
        return player.duration, player.step_times, [str(problem) for problem in player.warnings]
    finally:
        player.stop()
