//! Level meters: a bar for each channel from -60 dBFS to full scale, with a mark at the peak of the last moments.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::look::Look;
use super::view::{Level, View};
use super::write::{left, right};

/// Level at the left end, dBFS. The right end is full scale.
pub(super) const FLOOR: f64 = -60.0;
/// From these levels on, dBFS, a bar is in the colours of high levels and of levels that may clip.
const HIGH: [f64; 2] = [-6.0, -1.0];
/// Levels with a mark, dBFS.
const TICKS: [f64; 5] = [-48.0, -36.0, -24.0, -12.0, -6.0];
/// Eighths of a column.
const EIGHTHS: [&str; 8] = [" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/// Columns, with their fraction, from the left end to `level` in a bar of `width` columns.
pub(super) fn columns(level: f64, width: u16) -> f64 {
    ((level - FLOOR) / -FLOOR).clamp(0.0, 1.0) * f64::from(width)
}

/// Both channels.
pub(super) fn draw(buffer: &mut Buffer, area: Rect, view: &View, look: Look) {
    for (y, (name, level)) in (0..area.height).zip([("L ", view.levels[0]), ("R ", view.levels[1])]) {
        meter(buffer, Rect { y: area.y + y, height: 1, ..area }, name, level, look);
    }
}

fn meter(buffer: &mut Buffer, area: Rect, name: &str, level: Level, look: Look) {
    let number = if level.held > FLOOR { format!("{:.1} dBFS", level.held) } else { "silent".to_owned() };
    let free = right(buffer, area, &[(format!("{number:>10}"), look.quiet())]);
    let used = left(buffer, free, &[(name.to_owned(), look.quiet())]);
    let width = free.width.saturating_sub(used);
    let eighths = (columns(level.now, width) * 8.0).round() as usize;
    let place = |level: f64| (columns(level, width) as u16).min(width.saturating_sub(1));
    for column in 0..width {
        let cell = &mut buffer[(free.x + used + column, area.y)];
        let filled = eighths.saturating_sub(usize::from(column) * 8);
        if filled > 0 {
            let at = FLOOR - FLOOR * f64::from(column) / f64::from(width);
            cell.set_symbol(EIGHTHS.get(filled).unwrap_or(&"█")).set_style(colour(at, look));
        } else if TICKS.iter().any(|tick| place(*tick) == column) {
            cell.set_symbol("·").set_style(look.quiet());
        }
    }
    let held = place(level.held);
    if width > 0 && level.held > FLOOR && usize::from(held) * 8 >= eighths {
        buffer[(free.x + used + held, area.y)].set_symbol("│").set_style(colour(level.held, look));
    }
}

fn colour(level: f64, look: Look) -> Style {
    match level {
        level if level >= HIGH[1] => look.bad(),
        level if level >= HIGH[0] => look.high(),
        _ => look.good(),
    }
}
