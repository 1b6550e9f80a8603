//! The lower panels: volume and what else is set, trouble, keys.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use super::look::Look;
use super::view::View;
use super::write::{items, left, right};
use crate::console::time;
use crate::play::keys::shortest;

/// Columns of the volume.
const VOLUME: usize = 10;
/// Columns between two items.
const GAP: u16 = 3;

/// Volume, sleep timer, loop; at the right the device.
pub(super) fn status(buffer: &mut Buffer, area: Rect, view: &View, look: Look) {
    let halves = (view.volume * 2.0 * VOLUME as f32).round() as usize;
    let (filled, half) = ("━".repeat(halves / 2), "╸".repeat(halves % 2));
    let item = |label: &str, value: String| vec![(format!("{label} "), look.quiet()), (value, Style::new())];
    let mut shown = vec![vec![
        ("volume ".to_owned(), look.quiet()),
        (filled + &half, look.good()),
        ("─".repeat(VOLUME.saturating_sub(halves.div_ceil(2))), look.quiet()),
        (format!(" {:.0} %", view.volume * 100.0), Style::new()),
    ]];
    if let Some(left) = view.timer {
        shown.push(item("timer", time(left)));
    }
    if let Some((from, to)) = view.looped {
        shown.push(item("loop", format!("{} to {}", time(from), time(to))));
    }
    let used: usize =
        shown.iter().flatten().map(|(text, _)| text.chars().count()).sum::<usize>() + shown.len() * usize::from(GAP);
    let room = area.width.saturating_sub(u16::try_from(used).unwrap_or(u16::MAX));
    let device = Rect { x: area.right() - room, width: room, ..area };
    if usize::from(room) >= view.device.chars().count() {
        right(buffer, device, &[(view.device.clone(), look.quiet())]);
    } else {
        left(buffer, device, &[(view.device.clone(), look.quiet())]);
    }
    items(buffer, area, &shown, GAP);
}

/// What went wrong.
pub(super) fn troubles(buffer: &mut Buffer, area: Rect, view: &View, look: Look) {
    if !view.troubles.is_empty() {
        left(buffer, area, &[(" ".repeat(usize::from(area.width)), Style::new())]);
        left(buffer, area, &[(view.troubles.join(", "), look.bad())]);
    }
}

/// The most important keys, as many as there is room for.
pub(super) fn keys(buffer: &mut Buffer, area: Rect, view: &View, look: Look) {
    let shown = shortest(usize::from(area.width), 2, view.place.is_some()).into_iter().map(|(names, word)| {
        vec![(names.to_owned(), Style::new().add_modifier(Modifier::BOLD)), (format!(" {word}"), look.quiet())]
    });
    items(buffer, area, &shown.collect::<Vec<_>>(), 2);
}
