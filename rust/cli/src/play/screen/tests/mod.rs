//! The screen as a test backend shows it.

mod panels;
mod picture;
mod shrinking;

use std::sync::Arc;

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use realtime_backend_player::State;

use super::layout;
use super::look::Look;
use super::view::{Curve, Level, Score, StepView, View};

/// A track of 200 s with two steps that are crossfaded from 90 s to 100 s; one voice falls from 10 Hz to 4 Hz.
fn view() -> View {
    let step = |number: usize, name: &str, start, end| StepView { number, name: name.to_owned(), start, end };
    View {
        title: "Evening".to_owned(),
        place: Some((2, 3)),
        state: State::Playing,
        position: 50.0,
        length: 200.0,
        step: Some(step(1, "arrive", 0.0, 100.0)),
        next: Some(step(2, "rest", 90.0, 200.0)),
        steps: 2,
        score: Arc::new(Score {
            quantity: "beat",
            curves: vec![
                Curve { voice: 0, points: vec![(0.0, 10.0), (100.0, 4.0)] },
                Curve { voice: 1, points: vec![(90.0, 4.0), (200.0, 4.0)] },
            ],
            starts: vec![0.0, 90.0],
            fades: vec![(90.0, 100.0)],
        }),
        levels: [Level { now: -30.0, held: -15.0 }, Level { now: -6.0, held: -6.0 }],
        volume: 0.8,
        timer: Some(2650.0),
        looped: None,
        device: "null, 44100 Hz".to_owned(),
        troubles: Vec::new(),
    }
}

fn shown(view: &View, width: u16, height: u16) -> Buffer {
    drawn(view, width, height, Look { colour: true }, false)
}

fn drawn(view: &View, width: u16, height: u16, look: Look, help: bool) -> Buffer {
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    terminal.draw(|frame| layout::draw(frame, view, look, help)).unwrap();
    terminal.backend().buffer().clone()
}

fn row(buffer: &Buffer, y: u16) -> String {
    (0..buffer.area.width).map(|x| buffer[(x, y)].symbol()).collect()
}

/// The first row with `text`.
fn find(buffer: &Buffer, text: &str) -> String {
    let rows = (0..buffer.area.height).map(|y| row(buffer, y));
    rows.into_iter().find(|row| row.contains(text)).unwrap_or_else(|| panic!("no row with {text:?}"))
}
