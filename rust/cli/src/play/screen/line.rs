//! One line with the position, for terminals without a screen and for very small ones.

use ratatui::text::Span;
use realtime_backend_core::printable::printable;

use super::view::View;
use crate::console::{clock, draw};
use crate::play::keys::KEYS;

/// The line that is shown, until this is dropped.
#[derive(Default)]
pub(super) struct Shown {
    text: String,
}

impl Shown {
    /// Begin the line. `keys`: say which keys there are.
    pub(super) fn new(keys: bool) -> Self {
        if keys {
            // a line has no list of the keys
            let rows = KEYS.iter().filter(|row| row.names != ["?"]).filter_map(|row| row.short);
            let known: Vec<_> = rows.map(|(names, word)| format!("{names} {word}")).collect();
            draw(format_args!("{}\r\n", known.join("  ")));
        }
        Self::default()
    }

    /// Write a line above this one.
    pub(super) fn tell(&mut self, finding: &str) {
        let spare = Span::raw(&self.text).width().saturating_sub(Span::raw(finding).width());
        draw(format_args!("\r{}{:spare$}\r\n{}", printable(finding), "", self.text));
    }

    /// Replace the line if it is another one. No control sequences: every terminal can do this.
    pub(super) fn show(&mut self, view: &View) {
        let text = text(view);
        if text != self.text {
            let spare = Span::raw(&self.text).width().saturating_sub(Span::raw(&text).width());
            draw(format_args!("\r{text}{:spare$}", ""));
            self.text = text;
        }
    }
}

impl Drop for Shown {
    fn drop(&mut self) {
        draw("\r\n");
    }
}

/// The line.
pub(super) fn text(view: &View) -> String {
    let step = view.step.as_ref().map_or_else(String::new, |step| format!("   step {}/{}", step.number, view.steps));
    let place = view.place.map_or_else(String::new, |(number, count)| format!("{} ({number}/{count})   ", view.title));
    let looped = if view.looped.is_some() { "   loop" } else { "" };
    let timer = view.timer.map_or_else(String::new, |left| format!("   ends in {}", clock(left)));
    let trouble = view.troubles.first().map_or_else(String::new, |trouble| format!("   {}", printable(trouble)));
    format!(
        "{place}{:>8} / {}{step}   volume {:3.0} %   {}{looped}{timer}{trouble}",
        clock(view.position),
        clock(view.length),
        view.volume * 100.0,
        view.state.name(),
    )
}
