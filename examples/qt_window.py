"""A window that plays a track: play and pause, a timeline, a slider for the first beat that is heard at once.

pip install PySide6 "realtime_backend[qt]"
python examples/qt_window.py [TRACK]
"""

from __future__ import annotations

import argparse
from pathlib import Path

from qtpy.QtCore import Qt
from qtpy.QtWidgets import QApplication, QLabel, QPushButton, QSlider, QVBoxLayout, QWidget
from realtime_backend.qt import StreamPlayer
from realtime_backend.session import Session, Step, voices


class Window(QWidget):
    """The player and what controls it."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.player = StreamPlayer(session.to_track())

        self.button = QPushButton("Play")
        self.button.clicked.connect(self.toggle)
        self.time = QSlider(Qt.Orientation.Horizontal)
        self.time.sliderMoved.connect(lambda value: self.player.seek(value / 1000 * self.player.duration))
        self.beat = QSlider(Qt.Orientation.Horizontal)
        self.beat.setRange(10, 400)
        self.beat.setValue(100)
        self.beat.valueChanged.connect(self.edit)
        self.state = QLabel("stopped")

        self.player.position_changed.connect(self.show_position)
        self.player.state_changed.connect(self.state.setText)
        self.player.update_rejected.connect(self.state.setText)
        layout = QVBoxLayout(self)
        for widget in (self.button, self.time, QLabel("beat frequency"), self.beat, self.state):
            layout.addWidget(widget)
        self.time.setMaximum(1000)

    def toggle(self) -> None:
        playing = self.player.status()["state"] == "playing"
        if playing:
            self.player.pause()
        else:
            self.player.start()
        self.button.setText("Play" if playing else "Pause")

    def show_position(self, seconds: float) -> None:
        if not self.time.isSliderDown():
            self.time.setValue(round(1000 * seconds / self.player.duration))

    def edit(self, tenths: int) -> None:
        self.session.steps[0].voices[0].params["beatFreq"] = tenths / 10
        # returns at once; of several edits in quick succession the last one counts
        self.player.update_track(self.session.to_track())

    def closeEvent(self, event: object) -> None:  # noqa: ARG002, N802 (as Qt calls it)
        self.player.stop()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("track", type=Path, nargs="?")
    path = parser.parse_args().track
    tone = Session([Step(600.0, [voices.BinauralBeat(base_freq=180.0, beat_freq=10.0, voice_id="tone")])])

    application = QApplication.instance() or QApplication([])
    window = Window(Session.load(path) if path else tone)
    window.show()
    application.exec()


if __name__ == "__main__":
    main()
