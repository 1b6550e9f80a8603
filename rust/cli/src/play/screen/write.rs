//! Text in one row.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Span;

/// Replaces the end of a text that is too long.
const CUT: &str = "…";

/// `text` in at most `columns`. What is too long ends in `…`.
pub(super) fn cut(text: &str, columns: usize) -> String {
    if Span::raw(text).width() <= columns {
        return text.to_owned();
    }
    let mut short = String::new();
    for c in text.chars() {
        short.push(c);
        if Span::raw(short.as_str()).width() >= columns {
            short.pop();
            break;
        }
    }
    if columns > 0 {
        short.push_str(CUT);
    }
    short
}

/// Write pieces of text from the left of the first row of `area` on. What is too long is cut. Returns the columns used.
pub(super) fn left(buffer: &mut Buffer, area: Rect, pieces: &[(String, Style)]) -> u16 {
    let mut used = 0;
    for (text, style) in pieces {
        let room = area.width - used;
        if room == 0 {
            break;
        }
        let width = Span::raw(text.as_str()).width();
        let style = Style::reset().patch(*style);
        let (end, _) = buffer.set_stringn(area.x + used, area.y, text, usize::from(room), style);
        if width > usize::from(room) {
            buffer.set_stringn(area.right() - 1, area.y, CUT, 1, style);
            return area.width;
        }
        used = end - area.x;
    }
    used
}

/// Write pieces of text to the right end of the first row of `area`. Returns the area that stays free at their left.
pub(super) fn right(buffer: &mut Buffer, area: Rect, pieces: &[(String, Style)]) -> Rect {
    let width: usize = pieces.iter().map(|(text, _)| Span::raw(text.as_str()).width()).sum();
    let width = u16::try_from(width).unwrap_or(u16::MAX).min(area.width);
    left(buffer, Rect { x: area.right() - width, width, ..area }, pieces);
    // one column between this and what is at its left
    Rect { width: (area.width - width).saturating_sub(1), ..area }
}

/// Write items from the left on, as many as fit whole, with a gap between them.
pub(super) fn items(buffer: &mut Buffer, area: Rect, items: &[Vec<(String, Style)>], gap: u16) {
    let mut free = area;
    for item in items {
        let width: usize = item.iter().map(|(text, _)| Span::raw(text.as_str()).width()).sum();
        if width > usize::from(free.width) {
            return;
        }
        let used = left(buffer, free, item) + gap;
        free = Rect { x: free.x + used.min(free.width), width: free.width.saturating_sub(used), ..free };
    }
}
