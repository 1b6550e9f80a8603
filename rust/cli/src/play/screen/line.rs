//! One line with the position, for terminals without a screen and for very small ones. It fits any width.

use ratatui::text::Span;
use realtime_backend_core::printable::printable;
use realtime_backend_player::State;

use super::view::{View, share};
use super::write::cut;
use crate::console::{columns, draw, time, wrapped};
use crate::play::keys::{KEYS, shortest};

/// Columns between two items.
const GAP: usize = 2;
/// Columns of the bar, at least and at most.
const BAR: (usize, usize) = (6, 30);
/// Number of the least important item.
const LEAST_IMPORTANT: usize = 8;
/// Least columns of the name of a step.
const NAME: usize = 6;

/// The line that is shown, until this is dropped.
#[derive(Default)]
pub(super) struct Shown {
    text: String,
}

impl Shown {
    /// Begin the line. `keys`: say which keys there are.
    pub(super) fn new(keys: bool) -> Self {
        if keys {
            let shown = shortest(room(), GAP, true);
            let items: Vec<_> = shown.iter().map(|(names, word)| format!("{names} {word}")).collect();
            draw(format_args!("{}\r\n", items.join("  ")));
        }
        Self::default()
    }

    /// Write the list of the keys above this line.
    pub(super) fn help(&mut self) {
        for row in KEYS {
            self.tell(&format!("{:<24}{}", row.names.join(", "), wrapped(row.does, 24, Some(room()))));
        }
    }

    /// Write text above this line.
    pub(super) fn tell(&mut self, text: &str) {
        for line in text.lines() {
            let spare = width(&self.text).saturating_sub(width(line));
            draw(format_args!("\r{}{:spare$}\r\n", printable(line), ""));
            self.text.clear();
        }
    }

    /// Replace the line if it is another one. No control sequences: every terminal can do this.
    pub(super) fn show(&mut self, view: &View) {
        let room = room();
        let text = text(view, room);
        if text != self.text {
            let used = width(&text);
            let spare = width(&self.text).min(room).saturating_sub(used);
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

/// Columns of a line that does not scroll the terminal.
fn room() -> usize {
    usize::from(columns()).saturating_sub(1)
}

fn width(text: &str) -> usize {
    Span::raw(text).width()
}

/// The line in at most `room` columns: position, bar, the name of the step and what else there is room for.
pub(super) fn text(view: &View, room: usize) -> String {
    let length = time(view.length);
    let position = format!("{:>wide$} / {length}", time(view.position), wide = length.len());
    let title = view.place.map(|(number, count)| format!("{} ({number}/{count})", view.title));
    let step = view.step.as_ref().map(|step| match step.name.as_str() {
        "" => format!("step {}/{}", step.number, view.steps),
        name => format!("{}/{} {name}", step.number, view.steps),
    });
    let volume = Some(format!("volume {:.0} %", view.volume * 100.0));
    // what is as usual has less to say
    let state = if view.state == State::Playing { 3 } else { 0 };
    let loudness = if view.volume < 1.0 { 4 } else { 8 };
    let looped = view.looped.map(|_| "loop".to_owned());
    let timer = view.timer.map(|left| format!("ends in {}", time(left)));
    let trouble = view.troubles.first().map(|trouble| printable(trouble).into_owned());
    // in the order of their places; the numbers are the order of their importance
    let items = [
        (7, title),
        (1, step),
        (state, Some(view.state.name().to_owned())),
        (loudness, volume),
        (6, looped),
        (5, timer),
        (2, trouble),
    ];
    let mut free = room.saturating_sub(width(&position) + GAP + BAR.0);
    let mut shown: [Option<String>; 7] = Default::default();
    for rank in 0..=LEAST_IMPORTANT {
        let Some((place, item)) = items.iter().enumerate().find_map(|(place, (importance, item))| {
            (*importance == rank).then_some(item.as_ref()).flatten().map(|item| (place, item))
        }) else {
            continue;
        };
        let most = free.saturating_sub(GAP);
        // names and texts can be cut, numbers cannot
        if width(item) <= most || (matches!(rank, 1 | 2) && most >= NAME) {
            let item = cut(item, most);
            free -= width(&item) + GAP;
            shown[place] = Some(item);
        }
    }
    let mut out = position;
    if let Some(title) = shown[0].take() {
        out = format!("{title}  {out}");
    }
    if width(&out) + GAP + BAR.0 <= room {
        out.push_str("  ");
        out.push_str(&bar(share(view.position, view.length), (BAR.0 + free).min(BAR.1)));
    }
    for item in shown.iter().flatten() {
        out.push_str("  ");
        out.push_str(item);
    }
    cut(&out, room)
}

fn bar(share: f64, width: usize) -> String {
    let played = ((share * width as f64) as usize).min(width.saturating_sub(1));
    format!("{}╸{}", "━".repeat(played), "─".repeat(width.saturating_sub(played + 1)))
}
